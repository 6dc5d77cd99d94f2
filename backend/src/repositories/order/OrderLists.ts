/**
 * Lists of orders. Each walks along an index in the order of the list and stops at the end of the
 * page, so a page costs the same however old the restaurant is.
 */
import { type Query, query, type Tx } from '../../config/database.js';
import type { Order } from '../../domain/order/order.js';
import { ORDER_SORT_FIELDS, type OrderFilter, type OrderSortField, sortOf } from '../../domain/order/orderFilter.js';
import { isOpen } from '../../domain/order/orderStatus.js';
import { ORDER_COLUMNS } from '../orderColumns.js';
import { type Fitting, fitting, fittingSlice } from '../pageSize.js';

/**
 * Orders that a page looks at. A filter that matches few of them ends its page there, and the next
 * page continues. Over HTTP, 10,000 orders take 30 to 50 ms.
 */
const LOOKED_AT = 10_000;

export type OrderRow = Omit<Order, 'lines'>;
type FoundRow = OrderRow & { ordinal: number; isMatch: boolean };

export interface OrderPage {
  limit: number;
  /** `end` of the previous page. */
  after: string | undefined;
  /** Whether their lines are read, too. */
  lines: boolean;
}

export interface OrderSlice<T> {
  rows: T[];
  /** The position after which the next page begins; undefined: there is none. */
  end: string | undefined;
}

/** Column of a sort, besides the id. The values are below and above all others. */
interface SortKey {
  column?: string;
  type?: string;
  field: 'id' | 'businessDate' | 'updatedAt' | 'total';
  lowest: string;
  highest: string;
}

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const ENDLESS = { lowest: '-infinity', highest: 'infinity' };
const AMOUNTS = { lowest: '-9223372036854775808', highest: '9223372036854775807' };
// Ids begin with the time at which they were made.
const KEYS: Record<OrderSortField, SortKey> = {
  placedAt: { field: 'id', lowest: LOWEST_ID, highest: HIGHEST_ID },
  businessDate: { field: 'businessDate', column: 'business_date', type: 'date', ...ENDLESS },
  updatedAt: { field: 'updatedAt', column: 'updated_at', type: 'timestamptz', ...ENDLESS },
  total: { field: 'total', column: 'total', type: 'bigint', ...AMOUNTS },
};

const DUE = `case when o.status = 'cancelled' then 0 - least(0, o.refunded_sale_total) else greatest(0, o.total - o.refunded_sale_total) end
       - (o.paid_total - o.refunded_total)`;
/** As `paymentStatus` in `domain/order/order`. */
const PAYMENT_STATUS = `case
       when ${DUE} < 0 then 'overpaid'
       when o.status = 'cancelled' and o.refunded_sale_total < 0 then 'paid'
       when o.status = 'cancelled' and o.refunded_total > 0 then 'refunded'
       when o.status = 'cancelled' then 'unpaid'
       when o.refunded_sale_total > 0 and o.refunded_total > 0 and o.refunded_sale_total >= o.total then 'refunded'
       when o.refunded_sale_total > 0 and o.refunded_total > 0 then 'partially_refunded'
       when ${DUE} = 0 then 'paid'
       when o.paid_total > o.refunded_total then 'partially_paid'
       else 'unpaid'
     end`;

const MATCHES = `o.business_date between $3::date and $4::date
     and o.updated_at >= $5::timestamptz
     and o.total between $6::bigint and $7::bigint
     and ($8::text[] is null or o.status = any ($8))
     and ($9::text[] is null or o.type = any ($9))
     and ($10::text is null or strpos(lower(o.number), lower($10)) > 0)
     and ($11::text is null or lower(o.table_name) = lower($11))
     and ($12::text is null or strpos(
       lower(concat_ws(chr(10), o.customer ->> 'name', o.customer ->> 'phone', o.customer ->> 'email')), lower($12)) > 0)
     and ($13::text[] is null or ${PAYMENT_STATUS} = any ($13))`;

const LIVE = 'from orders o where o.restaurant_id = $1 and o.deleted_at is null';
const COLUMNS = ORDER_COLUMNS.names(ORDER_COLUMNS.fields);

/**
 * Conditions that a list begins with. Each has an index, or reads the orders of a few days.
 * A walk begins at its position, which is the bound of the filter on the first page. As a condition
 * beside the position, the bound would be where the index begins on every page: a page deep in a
 * year took 300 ms.
 * The list of open statuses tells the planner that few orders match: it cannot know this from `$8`.
 * `offset 0` makes it find them first and sort them then.
 */
const SOURCES = {
  placedAt: () => '',
  businessDate: (isDescending: boolean) =>
    isDescending ? 'and o.business_date >= $3::date' : 'and o.business_date <= $4::date',
  updatedAt: (isDescending: boolean) => (isDescending ? 'and o.updated_at >= $5::timestamptz' : ''),
  total: () => 'and o.business_date between $3::date and $4::date',
  open: () => `and o.status = any ($8::text[]) and o.status in ('placed', 'accepted', 'preparing', 'ready') offset 0`,
  type: () => 'and o.type = ($9::text[])[1]',
  number: () => 'and o.number = $10::text',
};

type Source = keyof typeof SOURCES;

const STATEMENTS = new Map<string, Query<FoundRow>>();
for (const sort of ORDER_SORT_FIELDS) {
  for (const isDescending of [true, false]) {
    declare(sort, sort, isDescending);
    declare('open', sort, isDescending);
  }
}
declare('type', 'placedAt', true);
declare('type', 'placedAt', false);
declare('number', 'placedAt', true);

function nameOf(source: Source, sort: OrderSortField, isDescending: boolean): string {
  return `orderList.${source}By${sort[0]?.toUpperCase()}${sort.slice(1)}${isDescending ? 'Down' : 'Up'}`;
}

/** The last order that is looked at is always among the rows: there the next page begins. */
function declare(source: Source, sort: OrderSortField, isDescending: boolean): void {
  const name = nameOf(source, sort, isDescending);
  const { column, type } = KEYS[sort];
  const direction = isDescending ? 'desc' : 'asc';
  const order = column === undefined ? `o.id ${direction}` : `o.${column} ${direction}, o.id ${direction}`;
  const [place, position] =
    column === undefined ? ['o.id', '$14::uuid'] : [`(o.${column}, o.id)`, `($15::${type}, $14::uuid)`];
  const found = `${LIVE} ${SOURCES[source](isDescending)}`;
  const behind = `${place} ${isDescending ? '<' : '>'} ${position}`;
  const isByTotal = source === 'total';
  const text = `select ${ORDER_COLUMNS.selection('o')}, o.ordinal, (${MATCHES}) as "isMatch"
     from (${(isByTotal ? sorted : walked)({ found, behind, order })}) o
     where (${MATCHES}) or o.ordinal = ${LOOKED_AT}
     order by ${isByTotal ? `o.key ${direction}, o.key_id ${direction}` : order}
     limit $2`;
  STATEMENTS.set(name, query<FoundRow>(name, text));
}

interface Steps {
  found: string;
  behind: string;
  order: string;
}

/**
 * The planner guesses the orders of a restaurant, and takes them to be fewer than `LOOKED_AT`. It
 * does not look into a `(select ...)`, and so expects a small part of them.
 */
function walked({ found, behind, order }: Steps): string {
  return `select ${COLUMNS}, row_number() over (order by ${order}) as ordinal
       from (
         select ${COLUMNS}
         from (select ${COLUMNS} ${found}) o
         where ${behind}
         order by ${order}
         limit (select ${LOOKED_AT})) o`;
}

/**
 * All orders of the days are sorted by what the index says of them: a month of 170,000 orders. The
 * orders themselves are read one by one, until the page is full.
 */
function sorted({ found, behind, order }: Steps): string {
  return `select ${COLUMNS}, k.ordinal, k.key, k.key_id
       from (
         select o.total as key, o.id as key_id, row_number() over (order by ${order}) as ordinal
         from (
           select o.total, o.id
           from (select o.total, o.id ${found}) o
           where ${behind}
           order by ${order}
           limit (select ${LOOKED_AT})) o) k
       cross join lateral (select ${COLUMNS} ${LIVE} and o.id = k.key_id offset 0) o`;
}

const listNewest = query<OrderRow>(
  'order.list',
  `select ${ORDER_COLUMNS.selection('o')} ${LIVE} and o.id < $3 order by o.id desc limit $2`,
);
// The condition is that of the partial index. Other filters would make the planner take theirs.
const listUnsettled = query<OrderRow>(
  'order.listUnsettled',
  `select ${ORDER_COLUMNS.selection('o')} ${LIVE} and o.id < $3
     and o.status = 'completed' and greatest(0, o.total - o.refunded_sale_total) < o.paid_total - o.refunded_total
   order by o.id desc limit $2`,
);
const findNumber = query<{ number: string }>(
  'order.findNumber',
  `select o.number ${LIVE} and o.number in ($2, upper($2)) order by o.number <> $2 limit 1`,
);
const fittingOrders = fitting('order.findFitting', { orders: 'id', order_lines: 'order_id' });
const fittingWithoutLines = fitting('order.findFittingWithoutLines', { orders: 'id' });

export class OrderLists {
  /**
   * @returns up to `page.limit` orders; fewer, even none, where a page ends by its size or work.
   */
  async read(restaurantId: string, tx: Tx, filter: OrderFilter, page: OrderPage): Promise<OrderSlice<OrderRow>> {
    const { unsettled, ...others } = filter;
    const fit = page.lines ? fittingOrders : fittingWithoutLines;
    if (unsettled || Object.values(others).every((value) => value === undefined)) {
      const values = [restaurantId, page.limit + 1, page.after ?? HIGHEST_ID];
      const rows = await tx.many(unsettled ? listUnsettled : listNewest, values);
      return fitted(restaurantId, tx, { rows, limit: page.limit, fit, key: KEYS.placedAt, end: undefined });
    }
    return this.#search(restaurantId, tx, filter, page, fit);
  }

  async #search(restaurantId: string, tx: Tx, filter: OrderFilter, page: OrderPage, fit: Fitting) {
    const full = filter.number === undefined ? undefined : await tx.maybeOne(findNumber, [restaurantId, filter.number]);
    const { source, sort, isDescending } = walkFor(filter, full !== undefined);
    const key = KEYS[sort];
    const { limit } = page;
    const found = await tx.many(statementNamed(nameOf(source, sort, isDescending)), [
      restaurantId,
      limit + 1,
      ...valuesOf({ ...filter, number: full?.number ?? filter.number }),
      ...positionOf(key, isDescending, filter, page.after),
    ]);
    const last = found.at(-1);
    // Up to the last order that was looked at, all fit on the page. Older ones may match.
    const end = last?.ordinal === LOOKED_AT && found.length <= limit ? placeOf(key, last) : undefined;
    const onPage = found.length > limit ? found : found.filter(({ isMatch }) => isMatch);
    const rows = onPage.map(orderOf);
    return fitted(restaurantId, tx, { rows, limit, fit, key, end });
  }
}

/** The list that looks at the fewest orders. */
function walkFor(
  filter: OrderFilter,
  isFullNumber: boolean,
): { source: Source; sort: OrderSortField; isDescending: boolean } {
  if (isFullNumber) return { source: 'number', sort: 'placedAt', isDescending: true };
  const { field, isDescending } = sortOf(filter);
  const isOfType = filter.type?.length === 1 && field === 'placedAt';
  return { source: filter.status?.every(isOpen) ? 'open' : isOfType ? 'type' : field, sort: field, isDescending };
}

function orderOf(found: FoundRow): OrderRow {
  const { ordinal: _, isMatch: __, ...order } = found;
  return order;
}

/** `$3` to `$13`. */
function valuesOf(filter: OrderFilter): unknown[] {
  const { from, to, updatedSince, minTotal, maxTotal, status, type, number, table, customer, paymentStatus } = filter;
  return [
    from ?? ENDLESS.lowest,
    to ?? ENDLESS.highest,
    updatedSince ?? ENDLESS.lowest,
    minTotal ?? AMOUNTS.lowest,
    maxTotal ?? AMOUNTS.highest,
    ...[status, type, number, table, customer, paymentStatus].map((value) => value ?? null),
  ];
}

/** `$14` and, for sorts by another column, `$15`. */
function positionOf(key: SortKey, isDescending: boolean, filter: OrderFilter, after: string | undefined): string[] {
  const [lowest, highest] = boundsOf(key, filter);
  const start = isDescending ? [HIGHEST_ID, highest] : [LOWEST_ID, lowest];
  return (after?.split(' ') ?? start).slice(0, key.column === undefined ? 1 : 2);
}

/** The values of the key between which the filter finds orders. */
function boundsOf({ field, lowest, highest }: SortKey, filter: OrderFilter): [lowest: string, highest: string] {
  if (field === 'businessDate') return [filter.from ?? lowest, filter.to ?? highest];
  return [field === 'updatedAt' ? (filter.updatedSince ?? lowest) : lowest, highest];
}

/** The position of an order, as `positionOf` reads it. */
function placeOf({ column, field }: SortKey, row: OrderRow): string {
  return column === undefined ? row.id : `${row.id} ${row[field]}`;
}

/**
 * Cuts rows off that have no room on the page. @param end where the page ends with all its rows.
 */
async function fitted(
  restaurantId: string,
  tx: Tx,
  {
    rows,
    limit,
    fit,
    key,
    end,
  }: { rows: OrderRow[]; limit: number; fit: Fitting; key: SortKey; end: string | undefined },
): Promise<OrderSlice<OrderRow>> {
  const slice = await fittingSlice(restaurantId, tx, { rows, limit, statement: fit });
  const last = slice.rows.at(-1);
  return { rows: slice.rows, end: slice.hasMore && last ? placeOf(key, last) : end };
}

function statementNamed(name: string): Query<FoundRow> {
  const statement = STATEMENTS.get(name);
  if (!statement) throw new Error(`There is no statement ${name}.`);
  return statement;
}
