import type { AuditLogService } from '../services/AuditLogService.js';
import { auditEntry, auditLogQuery } from './schemas/auditLog.js';
import { pageOf } from './schemas/common.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function auditLogEndpoints({ auditLog }: { auditLog: AuditLogService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/audit-log',
      tag: 'Audit log',
      summary: 'List who changed what, newest first',
      access: 'audit:read',
      query: auditLogQuery,
      response: pageOf(auditEntry),
      description:
        'Filters combine. A page looks at 10,000 entries at most: it may have fewer than `limit`, even none, while `nextCursor` leads on.',
      handle: ({ call, query: { limit, cursor, ...filter } }) => auditLog.list(call, filter, { limit, cursor }),
    }),
  ];
}
