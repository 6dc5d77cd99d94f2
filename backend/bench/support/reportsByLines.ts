/**
 * Reports as they were before days had sums: every report reads all lines of its period. The
 * baseline of the benchmark, and the reference of its short version.
 */
import type { SetupClient } from '../../src/config/database.js';

import type { SalesGroup } from '../../src/domain/report/report.js';

export type LineGroup = SalesGroup;

const FIGURES = `count(distinct o.id) as orders, coalesce(sum(l.quantity), 0)::bigint as units,
  coalesce(sum(l.gross_amount), 0) as "grossSales", coalesce(sum(l.discount_amount), 0) as "discountTotal",
  coalesce(sum(l.amount), 0) as revenue, coalesce(sum(l.tax_amount), 0) as "taxTotal",
  coalesce(sum(l.amount) filter (where l.kind = 'voucher'), 0) as "vouchersSold",
  0::numeric as "vouchersRedeemed"`;
const SOLD = `from orders o
  join order_lines l on l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is null
  where o.restaurant_id = $1 and o.business_date between $2 and $3 and o.deleted_at is null and o.status <> 'cancelled'`;
const COUNTED_AT = `least(o.completed_at, greatest(o.created_at, o.scheduled_for)) at time zone 'Europe/Berlin'`;
const KEYS: Record<LineGroup, [key: string, label: string, order: string]> = {
  day: ['o.business_date::text', 'o.business_date::text', 'key'],
  hour: [`to_char(${COUNTED_AT}, 'HH24')`, `to_char(${COUNTED_AT}, 'HH24":00"')`, 'key'],
  item: ['l.menu_item_id::text', 'l.name', 'revenue desc, label, key'],
  category: ['l.category_id::text', 'l.category_name', 'revenue desc, label, key'],
  type: ['o.type', 'o.type', 'revenue desc, key'],
  month: [`to_char(o.business_date, 'YYYY-MM')`, `to_char(o.business_date, 'YYYY-MM')`, 'key'],
  weekday: [`to_char(o.business_date, 'ID')`, `lower(to_char(o.business_date, 'Dy'))`, 'key'],
  weekday_hour: [
    `to_char(o.business_date, 'ID-') || to_char(${COUNTED_AT}, 'HH24')`,
    `lower(to_char(o.business_date, 'Dy ')) || to_char(${COUNTED_AT}, 'HH24":00"')`,
    'key',
  ],
  table: [`coalesce(o.table_name, '')`, `coalesce(o.table_name, '')`, 'revenue desc, key'],
  server: ['o.created_by', 'o.created_by', 'revenue desc, key'],
};
const ORDER_SUMS = `select count(*) as orders, coalesce(sum(o.service_charge_total), 0) as "serviceChargeTotal",
    coalesce(sum(o.tip_total), 0) as "tipTotal", coalesce(sum(o.tax_total), 0) as "taxTotal", coalesce(sum(o.total), 0) as total,
    coalesce((
      select sum(r.amount - (r.parts ->> 'unsettled')::bigint)
      from refunds r
      where r.restaurant_id = $1 and r.business_date between $2 and $3), 0) as "refundTotal",
    coalesce((select sum(p.rounding) from payments p where p.restaurant_id = $1 and p.business_date between $2 and $3), 0)
      - coalesce((select sum(r.rounding) from refunds r where r.restaurant_id = $1 and r.business_date between $2 and $3), 0)
      as "roundingTotal"
  from orders o
  where o.restaurant_id = $1 and o.business_date between $2 and $3 and o.deleted_at is null and o.status <> 'cancelled'`;
const OF_DAY = 'o.restaurant_id = $1 and o.business_date between $2 and $3 and o.deleted_at is null';
/** What the report of a day asks for beyond the sales, but for what takes no time. */
const DAY = [
  `select t."taxId", (array_agg(t.name order by o.id desc))[1] as name, t.rate, t.inclusive, sum(t.base) as base, sum(t.amount) as amount
   from orders o
   cross join lateral jsonb_to_recordset(o.taxes) as t("taxId" text, name text, rate text, inclusive boolean, base bigint, amount bigint)
   where ${OF_DAY} and o.status <> 'cancelled'
   group by t."taxId", t.rate, t.inclusive`,
  `select coalesce(sum(o.tax_included_total), 0) from orders o where ${OF_DAY} and o.status <> 'cancelled'`,
  `select method, count(*), sum(amount), sum(tip), sum(change)
   from payments where restaurant_id = $1 and business_date between $2 and $3 group by method`,
  `select count(*) filter (where o.status = 'cancelled'), sum(o.total) filter (where o.status = 'cancelled') from orders o where ${OF_DAY}`,
  `select count(*), sum(l.quantity)
   from orders o
   join order_lines l on l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is not null
   where ${OF_DAY}`,
  `select sum(o.paid_total - o.refunded_total + o.refunded_sale_total + coalesce((
     select sum(p.value::bigint) from jsonb_each_text(o.settled_refund -> 'parts') p), 0))
   from orders o where ${OF_DAY}`,
  `select o.id, count(*) over ()
   from orders o
   cross join lateral (select greatest(0, o.total - o.refunded_sale_total) - (o.paid_total - o.refunded_total) as due) d
   where ${OF_DAY} and o.status <> 'cancelled' and (o.status <> 'completed' or due <> 0)
   order by o.status = 'completed', due >= 0, o.id
   limit 100`,
];

/** @param client of the application's role, in its restaurant. */
export async function salesByLines(
  client: SetupClient,
  restaurantId: string,
  period: readonly string[],
  group: LineGroup,
) {
  const [key, label, order] = KEYS[group];
  const values = [restaurantId, ...period];
  const lines = await client.query(`select ${FIGURES} ${SOLD}`, values);
  const orders = await client.query(ORDER_SUMS, values);
  const data = await client.query(
    `select ${key} as key, (array_agg(${label} order by o.id desc))[1] as label, ${FIGURES} ${SOLD} group by 1 order by ${order}`,
    values,
  );
  return { ...lines.rows[0], ...orders.rows[0], data: data.rows };
}

export async function dayByLines(client: SetupClient, restaurantId: string, date: string): Promise<void> {
  const values = [restaurantId, date, date];
  await client.query(`select ${FIGURES} ${SOLD}`, values);
  await client.query(ORDER_SUMS, values);
  for (const text of DAY) await client.query(text, values);
}
