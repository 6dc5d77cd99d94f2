import { z } from 'zod';
import { EVENT_TYPES } from '../../domain/shared/events.js';
import { id, pageQuery, timestamp } from './common.js';

export const auditLogQuery = pageQuery.extend({
  subjectId: id.optional(),
  action: z.enum(EVENT_TYPES, 'This action does not exist.').optional(),
});

export const auditEntry = z
  .object({
    id,
    actor: z.object({ kind: z.string(), id: z.string() }),
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
