import { query, type Tx } from '../config/database.js';
import { type ListPage, OLDEST } from './editableTable.js';
import { nameOfPerson } from './personNames.js';
import { WalkedList, type WalkedPage, type WalkedSlice } from './walkedList.js';
import { fitting, fittingSlice, inOrderOf, type Slice } from './pageSize.js';

export interface AuditEntry {
  id: string;
  /** The name is that of today; null: nobody's. */
  actor: { kind: string; id: string; name: string | null };
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
  subject?: string | undefined;
  action?: string | undefined;
  actorId?: string | undefined;
  /** RFC 3339: the first instant, and the first one that is too late. */
  since?: string | undefined;
  before?: string | undefined;
}

const WALKS = {
  newest: {},
  ofSubject: { where: 't.subject_id = $8::uuid' },
  byTime: {
    where: 't.created_at >= $6::timestamptz',
    by: { column: 'created_at', type: 'timestamptz', field: 'createdAt', from: 4 },
  },
} as const;

/** Fields of an entry `t`. */
const ENTRY = `t.id, json_build_object('kind', t.actor_kind, 'id', t.actor_id,
       'name', ${nameOfPerson(`(t.actor_kind || ':' || t.actor_id)`)}) as actor,
     t.action, t.subject, t.subject_id as "subjectId", t.changes, t.request_id as "requestId", t.created_at as "createdAt"`;

const fittingEntries = fitting('auditLog.findFitting', { audit_log: 'id' });
const entries = new WalkedList<AuditEntry, keyof typeof WALKS>({
  name: 'auditList',
  table: 'audit_log',
  columns: ['actor_kind', 'actor_id', 'action', 'subject', 'subject_id', 'changes', 'request_id', 'created_at'],
  selection: ENTRY,
  matches: `($3::text is null or t.action = $3)
     and ($4::text is null or t.subject = $4)
     and ($5::text is null or t.actor_id = $5)
     and t.created_at >= $6::timestamptz and t.created_at < $7::timestamptz
     and ($8::uuid is null or t.subject_id = $8)`,
  parameters: 6,
  walks: WALKS,
  fit: fittingEntries,
});

const storyOfSubject = query<{ id: string }>(
  'auditLog.listStoryOfSubject',
  `select id from audit_log
   where restaurant_id = $1 and subject_id = $2 and id > $3
   order by id
   limit $4`,
);

const entriesOfPage = query<AuditEntry>(
  'auditLog.findOfPage',
  `select ${ENTRY}
   from audit_log t
   where t.restaurant_id = $1 and t.id = any ($2::uuid[])`,
);

/** Only reads. EventRepository writes each row together with its fact; no row is ever changed. */
export class AuditLogRepository {
  /** Newest first. */
  list(restaurantId: string, tx: Tx, filter: AuditFilter, page: WalkedPage): Promise<WalkedSlice<AuditEntry>> {
    const { action, subject, actorId, since, before, subjectId } = filter;
    const isTimed = since !== undefined || before !== undefined;
    const walk = subjectId === undefined ? (isTimed ? 'byTime' : 'newest') : 'ofSubject';
    const times = [since ?? '-infinity', before ?? 'infinity'];
    const values = [action ?? null, subject ?? null, actorId ?? null, ...times, subjectId ?? null];
    return entries.read(restaurantId, tx, walk, values, page);
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
