import { z } from 'zod';
import { EVENT_TYPES } from '../../domain/shared/events.js';
import { id, inQuery, timestamp } from './common.js';

const POSITION_HINT = 'Give a position: the `nextAfter` of the page before, or 0.';

/** Event types in a query, separated by commas. */
const eventTypes = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(EVENT_TYPES, 'There is no such event type. See the list in /docs.')).max(EVENT_TYPES.length))
  .optional()
  .meta({ description: 'Event types, separated by commas. Default: all.', examples: ['order.placed,order.changed'] });

const position = inQuery(z.int(POSITION_HINT).min(0, POSITION_HINT));

export const eventQuery = z.strictObject({
  after: position.optional().meta({ description: 'Default: from the oldest event that is kept.' }),
  types: eventTypes,
  subjectId: id.optional(),
  limit: inQuery(z.int('Give a whole number from 1 to 100.').min(1).max(100)).default(25),
  wait: inQuery(z.int('Give seconds from 0 to 20.').min(0).max(20)).default(0),
});

export const event = z
  .object({
    position: z.int().meta({ description: 'Dense within the restaurant, and in order for each subject.' }),
    id,
    type: z.enum(EVENT_TYPES),
    subject: z.string().meta({ description: 'Kind of the affected resource.', examples: ['order'] }),
    subjectId: id,
    data: z.record(z.string(), z.unknown()),
    createdAt: timestamp,
  })
  .meta({ id: 'Event' });

export const eventPage = z
  .object({
    data: z.array(event),
    nextAfter: z.int().meta({ description: 'Position to continue after.' }),
    latest: z.int().meta({ description: 'Position of the newest event.' }),
  })
  .meta({ id: 'EventPage' });

export const streamQuery = z.strictObject({
  after: position.optional().meta({
    description: 'The position after which the stream continues. `Last-Event-ID` goes before it. Default: now.',
  }),
  types: eventTypes,
  ticket: z.string().max(200).optional().meta({ description: 'Instead of the Authorization header.' }),
});

export const streamTicket = z
  .object({
    ticket: z.string().meta({ description: 'Opens one stream.' }),
    expiresAt: timestamp,
  })
  .meta({ id: 'StreamTicket' });
