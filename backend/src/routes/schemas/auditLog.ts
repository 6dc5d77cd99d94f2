import { z } from 'zod';
import { EVENT_TYPES } from '../../domain/shared/events.js';
import { businessDate, id, pageQuery, text, timestamp } from './common.js';

export const auditLogQuery = pageQuery
  .extend({
    subjectId: id.optional(),
    subject: text(50)
      .optional()
      .meta({ description: 'Only entries about things of this kind.', examples: ['order'] }),
    action: z.enum(EVENT_TYPES, 'This action does not exist.').optional(),
    actorId: text(100).optional().meta({ description: 'Only entries of this person or API key.' }),
    from: businessDate.optional().meta({ description: 'First business date.' }),
    to: businessDate.optional().meta({ description: 'Last business date.' }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'This is before from.',
  });

export const auditActor = z.object({
  kind: z.string(),
  id: z.string(),
  name: z
    .string()
    .nullable()
    .meta({ description: 'Name as it is today, also of a person who has left. Null: no person or API key.' }),
});

export const auditEntry = z
  .object({
    id,
    actor: auditActor,
    action: z.string(),
    subject: z.string(),
    subjectId: id,
    changes: z
      .record(z.string(), z.object({ from: z.unknown().optional(), to: z.unknown().optional() }))
      .meta({ description: 'Changed fields with the values before and after.' }),
    requestId: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'AuditEntry' });
