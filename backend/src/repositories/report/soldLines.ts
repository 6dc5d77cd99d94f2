/**
 * Sold lines for all sales reports: lines of a period, without voided lines and cancelled orders.
 */
import { type ReadDays, SUMS_VERSION } from '../../domain/report/daySums.js';
import type { SalesGroup, SummedGroup } from '../../domain/report/report.js';
import { nameOfPerson } from '../personNames.js';

/** Condition on an order `o` whose lines are sold. */
export const IS_SOLD = `o.deleted_at is null and o.status <> 'cancelled'`;

const LINES = 'join order_lines l on l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is null';

/** `$1` is the restaurant. `$2` and `$3` are the first and last business date, both included. */
export const SOLD = `from orders o
  ${LINES}
  where o.restaurant_id = $1 and o.business_date between $2 and $3 and ${IS_SOLD}`;

/**
 * Ranges of orders that are read, in the order of their dates and ids: `$2` and `$3` are their
 * first and last dates, `$4` and `$5` the ids that they are above on the first and up to on the
 * last.
 */
export const READ_RANGES = 'unnest($2::date[], $3::date[], $4::uuid[], $5::uuid[]) as p(first, last, above, until)';

/** Values of `$1` to `$7`, as the constants below name them. */
export function rangesOf(restaurantId: string, { ranges, from, to }: ReadDays) {
  return [restaurantId, ranges.firsts, ranges.lasts, ranges.aboves, ranges.untils, from, to];
}

/**
 * Condition on rows of the range `p`. Rows are compared, so that only the index of dates fits:
 * alone, the ids lead the planner to that of ids, and to all orders there are.
 */
export const inRange = (
  alias: string,
  id: string,
) => `${alias}.restaurant_id = $1 and ${alias}.business_date between p.first and p.last
    and (${alias}.business_date, ${alias}.${id}) > (p.first, p.above) and (${alias}.business_date, ${alias}.${id}) <= (p.last, p.until)`;
/** An order `o` of the range. */
export const IN_RANGE = inRange('o', 'id');

/** As `SOLD`, of the orders that are read. */
export const SOLD_IN_RANGES = `from ${READ_RANGES}
  join orders o on ${IN_RANGE} and ${IS_SOLD}
  ${LINES}`;

/** Days `d` with sums, of the period `$6` to `$7`; none when these are null. */
export const SUMMED_DAYS = `d.restaurant_id = $1 and d.version = ${SUMS_VERSION} and d.business_date between $6 and $7`;

/** Parts `q` with sums, of days of the period. */
export const SUMMED_PARTS = `day_sums d
  join day_parts q on q.restaurant_id = d.restaurant_id and q.business_date = d.business_date and q.version = ${SUMS_VERSION}`;
export const OF_PARTED_DAYS = `d.restaurant_id = $1 and d.version = 0 and d.parts_until is not null and d.business_date between $6 and $7`;

/** A multi-purpose voucher that is sold is owed, and no sale yet. */
const ofSales = (column: string) => `coalesce(sum(l.${column}) filter (where l.kind <> 'voucher'), 0)`;

/** Amounts of sold lines `l`. */
export const AMOUNTS = `coalesce(sum(l.quantity) filter (where l.kind not in ('modifier', 'voucher', 'taxed_voucher')), 0) as units,
  ${ofSales('gross_amount')} as gross_sales, ${ofSales('discount_amount')} as discount_total, ${ofSales('amount')} as revenue,
  coalesce(sum(l.tax_amount), 0) as tax_total, coalesce(sum(l.amount) filter (where l.kind = 'voucher'), 0) as vouchers_sold,
  coalesce(-sum(l.amount) filter (where l.kind = 'redeemed'), 0) as vouchers_redeemed`;
/** Columns of the amounts, as the sums of a day have them. */
export const AMOUNT_COLUMNS = [
  'units',
  'gross_sales',
  'discount_total',
  'revenue',
  'tax_total',
  'vouchers_sold',
  'vouchers_redeemed',
];

/**
 * Single-purpose vouchers that paid, as lines `l` of orders `o`: the item that sold them has lost
 * their sale, because the meals are sales. `coalesce` makes the plan look for the days.
 */
const redeemed = (paidAt: string) => `cross join lateral (
    select m.order_id, m.business_date, m.created_at, -m.sign * (m.prepaid ->> 'amount')::bigint as amount, m.prepaid -> 'sold' as sold
    from (
      select t.order_id, t.business_date, t.created_at, 1 as sign, t.prepaid
      from payments t
      where ${paidAt} and coalesce(t.prepaid ->> 'kind', '') = 'voucher'
      union all
      select t.order_id, t.business_date, t.created_at, -1, t.prepaid
      from refunds t
      where ${paidAt} and coalesce(t.prepaid ->> 'kind', '') = 'voucher'
    ) m
  ) m
  cross join lateral (
    select m.order_id as id, m.business_date, m.created_at, null::timestamptz as completed_at, null::timestamptz as scheduled_for,
      (select type from orders where restaurant_id = $1 and id = m.order_id) as type,
      (select table_name from orders where restaurant_id = $1 and id = m.order_id) as table_name,
      (select created_by from orders where restaurant_id = $1 and id = m.order_id) as created_by
  ) o
  cross join lateral (
    select 'redeemed' as kind, 0 as quantity, m.amount as gross_amount, 0 as discount_amount, m.amount, 0 as tax_amount,
      (m.sold ->> 'menuItemId')::uuid as menu_item_id, m.sold ->> 'name' as name, (m.sold ->> 'categoryId')::uuid as category_id,
      m.sold ->> 'categoryName' as category_name
  ) l`;

/** As `SOLD`. */
export const REDEEMED = `from (select) d
  ${redeemed('t.restaurant_id = $1 and t.business_date between $2 and $3')}`;

/** As `SOLD_IN_RANGES`. */
export const REDEEMED_IN_RANGES = `from ${READ_RANGES}
  ${redeemed(inRange('t', 'order_id'))}`;

/**
 * Time of an order within its day: its scheduled time, else its creation; or its completion if
 * earlier.
 */
const COUNTED_AT = 'least(o.completed_at, greatest(o.created_at, o.scheduled_for))';
/** Quarters of an hour since 1970, of which the hours of every time zone consist. */
const QUARTER = `floor(extract(epoch from ${COUNTED_AT}) / 900)::bigint::text`;
/** `$8` is the restaurant's time zone. */
const hourOf = (time: string) => `to_char(${time} at time zone $8::text, 'HH24')`;

interface Grouping {
  /** Key of a line's group. */
  key: string;
  /** Name of a line's group. Absent: the key names it. */
  name?: string;
  /** Label of a group that is named by its key. */
  label?: string;
  order: string;
  /** Key of a line's group in the sums of a day, where it is another one. */
  summedKey?: string;
  /** The key in reports, made of a key of the sums `s`. */
  keyOfSums?: string;
}

export const GROUPS: Record<SummedGroup, Grouping> = {
  day: { key: 'o.business_date::text', label: 'key', order: 'key' },
  hour: {
    key: hourOf(COUNTED_AT),
    label: `key || ':00'`,
    order: 'key',
    summedKey: QUARTER,
    keyOfSums: hourOf('to_timestamp(s.key::bigint * 900)'),
  },
  // A modifier with a line of its own counts for its dish, which gives the group its name.
  item: {
    key: 'l.menu_item_id::text',
    name: `case l.kind when 'modifier' then '' else l.name end`,
    order: 'revenue desc, label, key',
  },
  category: { key: 'l.category_id::text', name: 'l.category_name', order: 'revenue desc, label, key' },
  type: { key: 'o.type', label: 'key', order: 'revenue desc, key' },
};

const MONTH = (date: string) => `to_char(${date}, 'YYYY-MM')`;
/** ISO: 1 is Monday. */
const WEEKDAY = (date: string) => `extract(isodow from ${date})::int::text`;
const WEEKDAY_NAME = (number: string) => `('{mon,tue,wed,thu,fri,sat,sun}'::text[])[${number}::int]`;

/** A grouping of reports. @param kind of the sums from which it is made; absent: there are none. */
type ReportGrouping = Grouping & { kind?: SummedGroup };

/** Groupings of reports: those of the sums, some that are made of them, and some of orders. */
export const REPORT_GROUPS: Record<SalesGroup, ReportGrouping> = {
  day: { ...GROUPS.day, kind: 'day' },
  hour: { ...GROUPS.hour, kind: 'hour' },
  item: { ...GROUPS.item, kind: 'item' },
  category: { ...GROUPS.category, kind: 'category' },
  type: { ...GROUPS.type, kind: 'type' },
  month: {
    kind: 'day',
    key: MONTH('o.business_date'),
    keyOfSums: MONTH('s.business_date'),
    label: 'key',
    order: 'key',
  },
  weekday: {
    kind: 'day',
    key: WEEKDAY('o.business_date'),
    keyOfSums: WEEKDAY('s.business_date'),
    label: WEEKDAY_NAME('key'),
    order: 'key',
  },
  // The weekday is that of the business date: one at night is that of the evening before.
  weekday_hour: {
    kind: 'hour',
    key: `${WEEKDAY('o.business_date')} || '-' || ${hourOf(COUNTED_AT)}`,
    keyOfSums: `${WEEKDAY('s.business_date')} || '-' || ${hourOf('to_timestamp(s.key::bigint * 900)')}`,
    label: `${WEEKDAY_NAME(`split_part(key, '-', 1)`)} || ' ' || split_part(key, '-', 2) || ':00'`,
    order: 'key',
  },
  table: { key: `coalesce(o.table_name, '')`, label: 'key', order: 'revenue desc, key' },
  server: { key: 'o.created_by', label: `coalesce(${nameOfPerson('parts.key')}, key)`, order: 'revenue desc, key' },
};

/**
 * Names a group after the newest order with a line of it: the greatest text of its lines begins
 * with the greatest id. Much faster than to sort them, and such texts of several days have a
 * greatest one too.
 */
export const newestOf = (orderId: string, name: string | undefined) =>
  name === undefined ? `''` : `max((${orderId}::text || ${name}) collate "C")`;
/** The name in such a text: it follows the id. It is sorted like any other name. */
export const nameIn = (newest: string) => `substr(${newest}, 37) collate "default"`;

/** The groups of sums: their keys and names. */
const KINDS = Object.entries(GROUPS).map(([kind, { key, summedKey = key, name }]) => ({ kind, key: summedKey, name }));
const SOLD_COLUMNS = `o.id, l.kind, l.quantity, l.gross_amount, l.discount_amount, l.amount, l.tax_amount,
       ${KINDS.map(({ kind, key, name = `''` }) => `${key} as ${kind}_key, ${name} as ${kind}_name`).join(', ')}`;
/** Sales by everything, as `made`: the sums as rows make them. */
export const soldByAll = (sold: string, redeemedOf: string) => `with sold as materialized (
     select o.id as counted, ${SOLD_COLUMNS}
     ${sold}
     union all
     select null, ${SOLD_COLUMNS}
     ${redeemedOf}
   ), made as (
     ${KINDS.map(
       ({ kind, name }) =>
         `select '${kind}' as kind, ${kind}_key as key, ${newestOf('l.id', name && `${kind}_name`)} as newest, count(distinct l.counted) as orders, ${AMOUNTS}
     from sold l
     group by ${kind}_key`,
     ).join('\n     union all\n     ')}
   )`;
export const SALES_COLUMNS = ['kind', 'key', 'newest', 'orders', ...AMOUNT_COLUMNS].join(', ');
export const OF_ALL_KINDS = `kind = any ('{${Object.keys(GROUPS).join()}}')`;
