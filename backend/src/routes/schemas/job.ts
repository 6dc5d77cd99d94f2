import { z } from 'zod';
import { JOB_KINDS, JOB_STATES, type JobKind } from '../../domain/job/jobKinds.js';
import { id, pageQuery, timestamp } from './common.js';

/** Kinds that belong to a restaurant. The others are work of the installation. */
const KINDS = Object.entries<JobKind>(JOB_KINDS).flatMap(([name, { keys }]) =>
  keys.includes('restaurantId') ? [name] : [],
);

export const jobQuery = pageQuery.extend({
  kind: z.enum(KINDS, `Give one of: ${KINDS.join(', ')}.`).optional(),
  state: z
    .enum(JOB_STATES, `Give one of: ${JOB_STATES.join(', ')}.`)
    .optional()
    .meta({ description: '`failed`: failed for good, and waits for a retry or a cancellation.' }),
});

export const job = z
  .object({
    id,
    kind: z.string().meta({ examples: ['import.run'] }),
    state: z.enum(JOB_STATES),
    progress: z.number().min(0).max(1).nullable().meta({ description: 'Share that is done; null: not known.' }),
    attempts: z.int().meta({ description: 'Attempts begun.' }),
    error: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'Why the last attempt failed.' }),
    result: z.record(z.string(), z.unknown()).nullable().meta({ description: 'What a finished job made.' }),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Job' });
