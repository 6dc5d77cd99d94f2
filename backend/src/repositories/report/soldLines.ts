/**
 * Sold lines for all sales reports: lines of a period, without voided lines and cancelled orders.
 */
import type { SalesGroup } from '../../domain/report/report.js';

/** Condition on an order `o` whose lines are sold. */
export const IS_SOLD = `o.deleted_at is null and o.status <> 'cancelled'`;

const LINES = 'join order_lines l on l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is null';

/** `$1` is the restaurant. `$2` and `$3` are the first and last business date, both included. */
export const SOLD = `from orders o
  ${LINES}
  where o.restaurant_id = $1 and o.business_date between $2 and $3 and ${IS_SOLD}`;

/** Ranges of days whose rows are read: `$2` are their first dates, `$3` their last ones. */
export const READ_DAYS = 'unnest($2::date[], $3::date[]) as p(first, last)';

/** As `SOLD`, of the days that are read. */
export const SOLD_ON_READ_DAYS = `from ${READ_DAYS}
  join orders o on o.restaurant_id = $1 and o.business_date between p.first and p.last and ${IS_SOLD}
  ${LINES}`;

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
 * Single-purpose vouchers that paid on a day from `first` to `last`, as lines `l` of orders `o`: the
 * item that sold them has lost their sale, because the meals are sales. `coalesce` makes the plan
 * look for the days.
 */
const redeemedBetween = (first: string, last: string) => `cross join lateral (
    select m.order_id, m.business_date, m.created_at, -m.sign * (m.prepaid ->> 'amount')::bigint as amount, m.prepaid -> 'sold' as sold
    from (
      select order_id, business_date, created_at, 1 as sign, prepaid
      from payments
      where restaurant_id = $1 and business_date between ${first} and ${last} and coalesce(prepaid ->> 'kind', '') = 'voucher'
      union all
      select order_id, business_date, created_at, -1, prepaid
      from refunds
      where restaurant_id = $1 and business_date between ${first} and ${last} and coalesce(prepaid ->> 'kind', '') = 'voucher'
    ) m
  ) m
  cross join lateral (
    select m.order_id as id, m.business_date, m.created_at, null::timestamptz as completed_at, null::timestamptz as scheduled_for,
      (select type from orders where restaurant_id = $1 and id = m.order_id) as type
  ) o
  cross join lateral (
    select 'redeemed' as kind, 0 as quantity, m.amount as gross_amount, 0 as discount_amount, m.amount, 0 as tax_amount,
      (m.sold ->> 'menuItemId')::uuid as menu_item_id, m.sold ->> 'name' as name, (m.sold ->> 'categoryId')::uuid as category_id,
      m.sold ->> 'categoryName' as category_name
  ) l`;

/** As `SOLD`. */
export const REDEEMED = `from (select) d
  ${redeemedBetween('$2', '$3')}`;

/** As `SOLD_ON_READ_DAYS`. */
export const REDEEMED_ON_READ_DAYS = `from ${READ_DAYS}
  ${redeemedBetween('p.first', 'p.last')}`;

/**
 * Time of an order within its day: its scheduled time, else its creation; or its completion if
 * earlier.
 */
const COUNTED_AT = 'least(o.completed_at, greatest(o.created_at, o.scheduled_for))';
/** Quarters of an hour since 1970, of which the hours of every time zone consist. */
const QUARTER = `floor(extract(epoch from ${COUNTED_AT}) / 900)::bigint::text`;
/** `$4` is the restaurant's time zone. */
const hourOf = (time: string) => `to_char(${time} at time zone $4::text, 'HH24')`;

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

export const GROUPS: Record<SalesGroup, Grouping> = {
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

/**
 * Names a group after the newest order with a line of it: the greatest text of its lines begins
 * with the greatest id. Much faster than to sort them, and such texts of several days have a
 * greatest one too.
 */
export const newestOf = (orderId: string, name: string | undefined) =>
  name === undefined ? `''` : `max((${orderId}::text || ${name}) collate "C")`;
/** The name in such a text: it follows the id. It is sorted like any other name. */
export const nameIn = (newest: string) => `substr(${newest}, 37) collate "default"`;
