import { query, type Tx } from '../config/database.js';

export interface AuditEntry {
  id: string;
  actor: { kind: string; id: string };
  action: string;
  subject: string;
  subjectId: string;
  /** Fields before and after. */
  changes: Record<string, { from?: unknown; to?: unknown }>;
  requestId: string;
  createdAt: string;
}

export interface AuditFilter {
  subjectId?: string | undefined;
  action?: string | undefined;
}

interface AuditRow {
  id: string;
  actor_kind: string;
  actor_id: string;
  action: string;
  subject: string;
  subject_id: string;
  changes: AuditEntry['changes'];
  request_id: string;
  created_at: string;
}

const ENTRY =
  'select id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at from audit_log';

const listEntries = query<AuditRow>(
  'audit_log.list',
  `${ENTRY}
   where restaurant_id = $1 and id < $2 and ($4::text is null or action = $4)
   order by id desc
   limit $3`,
);

// A statement of its own: one that may or may not have a subject would be planned without the subject's index.
const listEntriesOfSubject = query<AuditRow>(
  'audit_log.list_of_subject',
  `${ENTRY}
   where restaurant_id = $1 and id < $2 and ($4::text is null or action = $4) and subject_id = $5
   order by id desc
   limit $3`,
);

const allEntriesOfSubject = query<AuditRow>(
  'audit_log.all_of_subject',
  `${ENTRY}
   where restaurant_id = $1 and subject_id = $2
   order by id`,
);

/** Reads only: rows are written by EventRepository with the facts they tell of, and changed by nobody. */
export class AuditLogRepository {
  /** Entries made before the given id, the newest first. */
  async list(
    restaurantId: string,
    tx: Tx,
    filter: AuditFilter,
    page: { beforeId: string; limit: number },
  ): Promise<AuditEntry[]> {
    const values = [restaurantId, page.beforeId, page.limit, filter.action ?? null];
    const rows = await (filter.subjectId === undefined
      ? tx.many(listEntries, values)
      : tx.many(listEntriesOfSubject, [...values, filter.subjectId]));
    return rows.map(toEntry);
  }

  /** The whole story of one thing, the oldest entry first. */
  async allOfSubject(restaurantId: string, tx: Tx, subjectId: string): Promise<AuditEntry[]> {
    const rows = await tx.many(allEntriesOfSubject, [restaurantId, subjectId]);
    return rows.map(toEntry);
  }
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    actor: { kind: row.actor_kind, id: row.actor_id },
    action: row.action,
    subject: row.subject,
    subjectId: row.subject_id,
    changes: row.changes,
    requestId: row.request_id,
    createdAt: row.created_at,
  };
}
