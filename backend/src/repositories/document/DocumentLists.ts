import { type Query, query, type Tx } from '../../config/database.js';
import type { Document, DocumentStatus, DocumentType } from '../../domain/document/document.js';
import { fitting, fittingSlice, inOrderOf, type Slice } from '../pageSize.js';
import { DOCUMENT_COLUMNS } from './documentColumns.js';

/** A document must match all given fields. */
export interface DocumentFilter {
  type?: DocumentType | undefined;
  status?: DocumentStatus | undefined;
  number?: string | undefined;
  /** Business date of the issue, not of the source. */
  businessDate?: string | undefined;
  orderId?: string | undefined;
  /** Document that a credit note corrects. */
  originalId?: string | undefined;
}

/** A list or an audit of a series continues after this number. */
export interface SeriesPosition {
  period: string;
  counter: number;
}

/** Above every id: start of a descending list. */
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const LIST = `select d.id from documents d where d.restaurant_id = $1 and d.id < $2 and d.deleted_at is null`;
const PAGE = 'order by d.id desc limit $3';
/** Filters by those of `$4` to `$9` that are not null. */
const FILTERED = `${LIST}
     and ($4::text is null or d.type = $4)
     and ($5::text is null or d.status = $5)
     and ($6::text is null or d.number = $6)
     and ($7::date is null or d.business_date = $7)
     and ($8::uuid is null or d.order_id = $8)
     and ($9::uuid is null or d.original_id = $9)`;
// One statement per index: a statement with only optional filters gets a plan that uses no index
// for them.
const listAll = query<{ id: string }>('document.list', `${LIST} ${PAGE}`);
// The status is expressed by exclusion. For `status = 'issued'`, the planner would expect few rows,
// read them all and then sort them.
const listIssued = query<{ id: string }>(
  'document.listIssued',
  `${LIST} and d.status <> 'draft' and d.status <> 'voided' ${PAGE}`,
);
// With all six filters, the planner would read documents of every type.
const listOfType = query<{ id: string }>(
  'document.listOfType',
  `${LIST} and d.type = $4 and ($5::text is null or d.status = $5) ${PAGE}`,
);
const listByNumber = query<{ id: string }>('document.listByNumber', `${FILTERED} and d.number = $6 ${PAGE}`);
const listOfOrder = query<{ id: string }>('document.listOfOrder', `${FILTERED} and d.order_id = $8 ${PAGE}`);
const listOfOriginal = query<{ id: string }>('document.listOfOriginal', `${FILTERED} and d.original_id = $9 ${PAGE}`);
const listOfDate = query<{ id: string }>('document.listOfDate', `${FILTERED} and d.business_date = $7 ${PAGE}`);
// The second condition tells the planner that few documents match. It cannot know this from `$5`.
const listUnissued = query<{ id: string }>(
  'document.listUnissued',
  `${FILTERED} and d.status = $5 and d.status <> 'issued' ${PAGE}`,
);
const listOfSeries = query<{ id: string }>(
  'document.listOfSeries',
  `select d.id from documents d
   where d.restaurant_id = $1 and d.series_id = $2 and d.counter is not null and (d.period, d.counter) < ($4::text, $5::integer)
     and ($6::text is null or d.status = $6)
   order by d.period desc, d.counter desc
   limit $3`,
);
const fittingDocuments = fitting('document.findFitting', { documents: 'id' });
const documentsOfPage = query<Document>(
  'document.findOfPage',
  `select ${DOCUMENT_COLUMNS} from documents d where d.restaurant_id = $1 and d.id = any ($2::uuid[])`,
);

export class DocumentLists {
  /** Newest first, up to `limit + 1`. @param after id of the last document of the previous page. */
  async newest(
    restaurantId: string,
    tx: Tx,
    filter: DocumentFilter,
    limit: number,
    after: string | undefined,
  ): Promise<Slice<Document>> {
    const page = [restaurantId, after ?? NEWEST, limit + 1];
    const { type, status, number, businessDate, orderId, originalId } = filter;
    const rare = rarest(filter);
    const values = [type, status, ...(rare ? [number, businessDate, orderId, originalId] : [])];
    const rows =
      !rare && type === undefined
        ? await tx.many(status === undefined ? listAll : listIssued, page)
        : await tx.many(rare ?? listOfType, [...page, ...values.map((value) => value ?? null)]);
    return this.#fetch(restaurantId, tx, rows, limit);
  }

  /**
   * Highest number first, up to `limit + 1`. Numbers are compared as numbers and not as text, so
   * that 10000 comes before 9999.
   */
  async ofSeries(
    restaurantId: string,
    tx: Tx,
    { seriesId, status }: { seriesId: string; status?: DocumentStatus | undefined },
    limit: number,
    after: SeriesPosition = { period: '9999', counter: 0 },
  ): Promise<Slice<Document>> {
    const values = [restaurantId, seriesId, limit + 1, after.period, after.counter, status ?? null];
    return this.#fetch(restaurantId, tx, await tx.many(listOfSeries, values), limit);
  }

  async #fetch(restaurantId: string, tx: Tx, rows: { id: string }[], limit: number): Promise<Slice<Document>> {
    const slice = await fittingSlice(restaurantId, tx, { rows, limit, statement: fittingDocuments });
    const ids = slice.rows.map(({ id }) => id);
    return { ...slice, rows: await inOrderOf(restaurantId, tx, ids, documentsOfPage) };
  }
}

/**
 * The statement for the filter that leaves the fewest documents to read; undefined when only type
 * or the status "issued" is given.
 */
function rarest({
  status,
  number,
  businessDate,
  orderId,
  originalId,
}: DocumentFilter): Query<{ id: string }> | undefined {
  if (number !== undefined) return listByNumber;
  if (orderId !== undefined) return listOfOrder;
  if (originalId !== undefined) return listOfOriginal;
  if (status !== undefined && status !== 'issued') return listUnissued;
  return businessDate === undefined ? undefined : listOfDate;
}
