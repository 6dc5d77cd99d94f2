import { query, type Tx } from '../../config/database.js';
import type { Document } from '../../domain/document/document.js';
import type { AuditedDocument, CounterState, NumberedDocument } from '../../domain/document/documentAudit.js';
import type { DocumentSeries } from '../../domain/document/documentSeries.js';
import { DOCUMENT_COLUMNS } from './documentColumns.js';
import type { SeriesPosition } from './DocumentLists.js';

/** The counter of a series in a period, after it was raised. */
export interface Counter {
  lastNumber: number;
  /** Hash of the last document before these numbers; empty when there is no such document. */
  lastHash: string;
}

/** A draft to issue, with the token of the call that issued it if it is issued already. */
export type LockedDocument = Document & { issueToken: string | null };

const boundWaits = query('document.boundWaits', `select set_config('lock_timeout', $1, true)`);

// In id order, so that two batches with the same documents do not deadlock.
const lockAll = query<{ id: string; version: number }>(
  'document.lockAll',
  `select d.id, d.version from documents d
   where d.restaurant_id = $1 and d.id = any ($2::uuid[]) and d.deleted_at is null
   order by d.id
   for update`,
);
// Behind the locks, it sees what was committed before them.
const readAll = query<LockedDocument>(
  'document.readAll',
  `select ${DOCUMENT_COLUMNS}, d.issue_token as "issueToken" from documents d
   where d.restaurant_id = $1 and d.id = any ($2::uuid[]) and d.deleted_at is null`,
);

const listLastDates = query<{ seriesId: string; date: string }>(
  'document.listLastDates',
  `select s.id as "seriesId", l.business_date as date
   from document_series s
   cross join lateral (
     select d.business_date from documents d
     where d.restaurant_id = $1 and d.series_id = s.id and d.counter is not null
     order by d.period desc, d.counter desc
     limit 1) l
   where s.restaurant_id = $1 and s.deleted_at is null`,
);

// Only the counter makes numbers. Its row stays locked until the transaction ends, so this is the
// last lock. The first number of a period follows the last number of the previous period; only then
// is the hash of that number looked up.
const raiseCounter = query<Counter>(
  'document.raiseCounter',
  `with raised as (
     insert into document_counters as c (restaurant_id, series_id, period, first_number, last_number)
     select $1, $2, $3, f.first, f.first + $4 - 1
     from (
       select case when $5 > 1 and not exists (select from document_counters where restaurant_id = $1 and series_id = $2)
         then $5 else 1 end as first
     ) f
     on conflict (restaurant_id, series_id, period) do update set last_number = c.last_number + $4
     returning last_number, last_hash
   )
   select r.last_number as "lastNumber",
     case when r.last_hash <> '' then r.last_hash
       else coalesce((
         select p.last_hash from document_counters p
         where p.restaurant_id = $1 and p.series_id = $2 and p.period <> $3
         order by p.period desc
         limit 1), '')
     end as "lastHash"
   from raised r`,
);

// One statement stores the documents and the end of their chain. The commit is sent right behind
// it, so the statement itself checks that it stored all documents: otherwise it divides by zero,
// and nothing is stored.
const issueAll = query(
  'document.issue',
  `with head as (
     update document_counters set last_hash = $5
     where restaurant_id = $1 and series_id = $3 and period = $4 and $5 <> ''
   ), stored as (
     update documents d
     set status = 'issued', series_id = $3, period = $4, counter = i.counter, number = i.number, business_date = i."businessDate",
         issued_at = i."issuedAt", issued_by = i."issuedBy", seller = i.seller, details = i.details, previous_hash = i."previousHash", hash = i.hash,
         issue_token = i."issueToken", version = d.version + 1, updated_at = i."issuedAt"
     from jsonb_to_recordset($2::jsonb) as i(id uuid, counter int, number text, "businessDate" date, "issuedAt" timestamptz, "issuedBy" text,
       seller jsonb, details jsonb, "previousHash" text, hash text, "issueToken" uuid)
     where d.restaurant_id = $1 and d.id = i.id and d.status = 'draft'
     returning 1
   )
   select 1 / (count(*) = jsonb_array_length($2::jsonb))::int from stored`,
);

const listCounters = query<CounterState>(
  'document.listCounters',
  `select period, first_number as "firstNumber", last_number as "lastNumber", last_hash as "lastHash" from document_counters
   where restaurant_id = $1 and series_id = $2 and period >= $3 and period <= $4
   order by period`,
);
const listNumbered = query<AuditedDocument>(
  'document.listNumbered',
  `select ${DOCUMENT_COLUMNS}, exists (
     select 1 from audit_log a where a.restaurant_id = $1 and a.subject_id = d.id and a.action = 'document.voided') as "wasVoided"
   from documents d
   where d.restaurant_id = $1 and d.series_id = $2 and d.counter is not null and (d.period, d.counter) > ($4::text, $5::integer)
     and d.period <= $6
   order by d.period, d.counter
   limit $3`,
);
const listBefore = query<NumberedDocument>(
  'document.listBefore',
  `select d.id, d.number, d.period, d.counter, d.hash from documents d
   where d.restaurant_id = $1 and d.series_id = $2 and d.counter is not null and (d.period, d.counter) <= ($4::text, $5::integer)
   order by d.period desc, d.counter desc
   limit $3`,
);
/** After every period. */
const LAST_PERIOD = '9999-99';

export class DocumentNumbers {
  /**
   * From here on, the transaction fails with `overloaded` when it waits longer than this for a
   * lock.
   * @param waitMs milliseconds.
   */
  async boundWaits(tx: Tx, waitMs: number): Promise<void> {
    // PostgreSQL rounds the value; 0 would mean no limit.
    await tx.run(boundWaits, [String(Math.max(1, waitMs))]);
  }

  /** Counter of each period of a series. @param from first period. @param to last period. */
  counters(restaurantId: string, tx: Tx, seriesId: string, from: string, to = LAST_PERIOD): Promise<CounterState[]> {
    return tx.many(listCounters, [restaurantId, seriesId, from, to]);
  }

  /** Up to `limit` documents of a series after a number, in number order. @param to last period. */
  numbered(
    restaurantId: string,
    tx: Tx,
    seriesId: string,
    limit: number,
    { period, counter }: SeriesPosition,
    to = LAST_PERIOD,
  ): Promise<AuditedDocument[]> {
    return tx.many(listNumbered, [restaurantId, seriesId, limit, period, counter, to]);
  }

  /** The last `limit` documents of a series up to and including a number, in number order. */
  async before(
    restaurantId: string,
    tx: Tx,
    seriesId: string,
    limit: number,
    { period, counter }: SeriesPosition,
  ): Promise<NumberedDocument[]> {
    const rows = await tx.many(listBefore, [restaurantId, seriesId, limit, period, counter]);
    return rows.reverse();
  }

  /**
   * Documents with these ids, locked until the transaction ends.
   * @param fresh drafts among them as the caller has stored them: those are read only if somebody
   *   has changed them since.
   */
  async lockAll(
    restaurantId: string,
    tx: Tx,
    ids: readonly string[],
    fresh: readonly Document[] = [],
  ): Promise<LockedDocument[]> {
    const known = new Map(fresh.map((draft) => [draft.id, draft]));
    const unknown = ids.filter((id) => !known.has(id));
    const [locked, read] = await Promise.all([
      tx.many(lockAll, [restaurantId, ids]),
      unknown.length > 0 ? tx.many(readAll, [restaurantId, unknown]) : [],
    ]);
    const [current, changed]: [LockedDocument[], string[]] = [[], []];
    for (const { id, version } of locked) {
      const draft = known.get(id);
      // Every change raises the version.
      if (draft?.version === version) current.push({ ...draft, issueToken: null });
      else if (draft) changed.push(id);
    }
    const reread = changed.length > 0 ? await tx.many(readAll, [restaurantId, changed]) : [];
    return [...current, ...read, ...reread];
  }

  /** Business date of the last document of each live series that has documents, by series. */
  async lastDates(restaurantId: string, tx: Tx): Promise<Map<string, string>> {
    const rows = await tx.many(listLastDates, [restaurantId]);
    return new Map(rows.map(({ seriesId, date }) => [seriesId, date]));
  }

  /** Reserves `count` numbers. This is the last lock of the transaction. */
  raise(
    restaurantId: string,
    tx: Tx,
    { id, startNumber }: Pick<DocumentSeries, 'id' | 'startNumber'>,
    period: string,
    count: number,
  ): Promise<Counter> {
    return tx.one(raiseCounter, [restaurantId, id, period, count, startNumber]);
  }

  /**
   * Stores locked drafts of one series and period as issued: all of them or none.
   * @param counter `lastHash` is the new end of the chain; empty for a series without a chain.
   */
  async issue(
    restaurantId: string,
    tx: Tx,
    counter: { seriesId: string; period: string; lastHash: string },
    documents: readonly LockedDocument[],
  ): Promise<void> {
    const rows = documents.map(({ id, number, businessDate, issuedAt, issuedBy, seller, details, ...rest }) => {
      const { counter: place, previousHash, hash, issueToken } = rest;
      return {
        id,
        counter: place,
        number,
        businessDate,
        issuedAt,
        issuedBy,
        seller,
        details,
        previousHash,
        hash,
        issueToken,
      };
    });
    const { seriesId, period, lastHash } = counter;
    await tx.run(issueAll, [restaurantId, JSON.stringify(rows), seriesId, period, lastHash]);
  }
}
