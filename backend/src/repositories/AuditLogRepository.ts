import { query, type Tx } from '../config/database.js';
import { type ListPage, OLDEST } from './editableTable.js';
import { fitting, fittingSlice, inOrderOf, type Slice } from './pageSize.js';

export interface AuditEntry {
  id: string;
  actor: { kind: string; id: string };
  action: string;
  subject: string;
  subjectId: string;
  /** Changed fields, each with its value before and after. */
  changes: Record<string, { from?: unknown; to?: unknown }>;
  requestId: string;
  createdAt: string;
}

export interface AuditFilter {
  subjectId?: string | undefined;
  action?: string | undefined;
}

const listEntries = query<{ id: string }>(
  'auditLog.list',
  `select id from audit_log
   where restaurant_id = $1 and id < $2 and ($4::text is null or action = $4)
   order by id desc
   limit $3`,
);

// A separate statement: with an optional subject, the planner would not use the subject's index.
const listEntriesOfSubject = query<{ id: string }>(
  'auditLog.listOfSubject',
  `select id from audit_log
   where restaurant_id = $1 and id < $2 and ($4::text is null or action = $4) and subject_id = $5
   order by id desc
   limit $3`,
);

const storyOfSubject = query<{ id: string }>(
  'auditLog.listStoryOfSubject',
  `select id from audit_log
   where restaurant_id = $1 and subject_id = $2 and id > $3
   order by id
   limit $4`,
);

const fittingEntries = fitting('auditLog.findFitting', { audit_log: 'id' });
const entriesOfPage = query<AuditEntry>(
  'auditLog.findOfPage',
  `select id, json_build_object('kind', actor_kind, 'id', actor_id) as actor, action, subject, subject_id as "subjectId",
     changes, request_id as "requestId", created_at as "createdAt"
   from audit_log
   where restaurant_id = $1 and id = any ($2::uuid[])`,
);

/** Only reads. EventRepository writes each row together with its fact; no row is ever changed. */
export class AuditLogRepository {
  /** Entries older than the given id, newest first. */
  async list(
    restaurantId: string,
    tx: Tx,
    filter: AuditFilter,
    { beforeId, limit }: { beforeId: string; limit: number },
  ): Promise<Slice<AuditEntry>> {
    const values = [restaurantId, beforeId, limit + 1, filter.action ?? null];
    const rows = await (filter.subjectId === undefined
      ? tx.many(listEntries, values)
      : tx.many(listEntriesOfSubject, [...values, filter.subjectId]));
    return this.#fetch(restaurantId, tx, rows, limit);
  }

  /** The story of one thing, the oldest entry first. */
  async storyOfSubject(
    restaurantId: string,
    tx: Tx,
    subjectId: string,
    { after, limit }: ListPage,
  ): Promise<Slice<AuditEntry>> {
    const rows = await tx.many(storyOfSubject, [restaurantId, subjectId, after ?? OLDEST, limit + 1]);
    return this.#fetch(restaurantId, tx, rows, limit);
  }

  async #fetch(restaurantId: string, tx: Tx, rows: { id: string }[], limit: number): Promise<Slice<AuditEntry>> {
    const slice = await fittingSlice(restaurantId, tx, { rows, limit, statement: fittingEntries });
    const ids = slice.rows.map(({ id }) => id);
    return { ...slice, rows: await inOrderOf(restaurantId, tx, ids, entriesOfPage) };
  }
}
