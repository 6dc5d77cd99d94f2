/**
 * Sales of a period: sums of the days that have them, and the rows of the other days. The database
 * adds up integers, so the sums are exact.
 */
import { type Query, query, type Tx } from '../../config/database.js';
import type { Total } from '../../domain/number/money.js';
import type { ReadDays } from '../../domain/report/daySums.js';
import type { SalesFigures, SalesGroup, SummedGroup } from '../../domain/report/report.js';
import type { SalesRow } from '../../domain/report/salesRows.js';
import {
  AMOUNT_COLUMNS,
  AMOUNTS,
  IN_RANGE,
  IS_SOLD,
  nameIn,
  newestOf,
  OF_PARTED_DAYS,
  READ_RANGES,
  REDEEMED_IN_RANGES,
  REPORT_GROUPS,
  rangesOf,
  SOLD_IN_RANGES,
  SUMMED_DAYS,
  SUMMED_PARTS,
} from './soldLines.js';

/** Sums of whole orders that cannot be split by item. */
export interface OrderSums {
  orders: number;
  serviceChargeTotal: Total;
  tipTotal: Total;
  taxTotal: Total;
  total: Total;
  refundTotal: Total;
  /** Cash taken beyond the payments, less cash given back beyond the refunds. */
  roundingTotal: Total;
}

/** What the lines of a period add up to. */
export type LineSums = Omit<SalesFigures, 'orders'>;

const LINE_SUMS = `coalesce(sum(units), 0)::bigint as units, coalesce(sum(gross_sales), 0) as "grossSales",
  coalesce(sum(discount_total), 0) as "discountTotal", coalesce(sum(revenue), 0) as revenue, coalesce(sum(tax_total), 0) as "taxTotal",
  coalesce(sum(vouchers_sold), 0) as "vouchersSold", coalesce(sum(vouchers_redeemed), 0) as "vouchersRedeemed"`;

/** The stored sales of days and parts by one thing. */
const summedSales = (kind: SummedGroup | 'none', columns: string) => `select ${columns}
     from day_sums d
     join day_sales s on s.restaurant_id = d.restaurant_id and s.kind = '${kind}' and s.business_date = d.business_date
     where ${SUMMED_DAYS}
     union all
     select ${columns}
     from ${SUMMED_PARTS}
     join part_sales s on s.restaurant_id = q.restaurant_id and s.kind = '${kind}' and s.business_date = q.business_date
       and s.above_id = q.above_id
     where ${OF_PARTED_DAYS}`;
const SUMMED_AMOUNTS = AMOUNT_COLUMNS.map((column) => `s.${column}`).join(', ');

const salesBy = Object.fromEntries(
  Object.entries(REPORT_GROUPS).map(([group, grouping]) => [
    group,
    query<SalesRow>(
      `report.sumSalesBy.${group}`,
      `with parts as (
         select ${grouping.key} as key, ${newestOf('o.id', grouping.name)} as newest, count(distinct o.id) as orders, ${AMOUNTS}
         ${SOLD_IN_RANGES}
         where $8::text is not null
         group by 1
         union all
         select ${grouping.key}, ${newestOf('o.id', grouping.name)}, 0, ${AMOUNTS}
         ${REDEEMED_IN_RANGES}
         group by 1
         union all
         ${summedSales(grouping.kind ?? 'none', `${grouping.keyOfSums ?? 's.key'}, s.newest, s.orders, ${SUMMED_AMOUNTS}`)}
       ), groups as (
         select key, ${grouping.label ?? nameIn('max(newest)')} as label, sum(orders)::bigint as orders, ${LINE_SUMS}
         from parts
         group by key
       )
       select key, label, orders, units, "grossSales", "discountTotal", revenue, "taxTotal", "vouchersSold", "vouchersRedeemed"
       from groups
       order by ${grouping.order}`,
    ),
  ]),
) as Record<SalesGroup, Query<SalesRow>>; // Object.fromEntries loses the keys, which are those of REPORT_GROUPS.

// One scan of an index for all orders is much cheaper than one for each order.
const lineSums = query<LineSums>(
  'report.sumSales',
  `with parts as (
     select ${AMOUNTS}
     from order_lines l
     where l.restaurant_id = $1 and l.voided_at is null and l.order_id = any (array(
       select o.id
       from ${READ_RANGES}
       join orders o on ${IN_RANGE} and ${IS_SOLD}))
     union all
     select ${AMOUNTS}
     ${REDEEMED_IN_RANGES}
     union all
     ${summedSales('day', SUMMED_AMOUNTS)}
   )
   select ${LINE_SUMS} from parts`,
);

/** Days whose own rows are read, also where the orders of their parts are not: `$8` to `$9`. */
const READ_DAYS = 'unnest($8::date[], $9::date[]) as p(first, last)';

/** Columns of `OrderSums`. The sums of a day and the orders of a part have them by these names. */
const PART_SUMS = ['orders', 'serviceChargeTotal', 'tipTotal', 'taxTotal', 'total'];
const ORDER_SUMS = [...PART_SUMS, 'refundTotal', 'roundingTotal'];

// Lateral for the same reason as the last part below.
const roundedBy = (
  table: 'payments' | 'refunds',
  sign: 1 | -1,
) => `select 0, 0, 0, 0, 0, 0, sum(${sign} * rounded.amount)
     from ${READ_DAYS}
     cross join lateral (
       select sum(m.rounding) as amount
       from ${table} m
       where m.restaurant_id = $1 and m.business_date between p.first and p.last and m.rounding <> 0
     ) rounded`;

// The last part: refunded amounts that orders of the period, including cancelled ones, lost later
// by themselves. Without it they would be subtracted twice. Credit notes and write-offs lower the
// sales as refunds do, without money. Lateral, so that the plan
// looks for the days even where there are few such orders.
const orderSums = query<OrderSums>(
  'report.orderSums',
  `with parts as (
     select count(*) as "orders", sum(o.service_charge_total) as "serviceChargeTotal", sum(o.tip_total) as "tipTotal",
       sum(o.tax_total) as "taxTotal", sum(o.total) as "total", 0::numeric as "refundTotal", 0::numeric as "roundingTotal"
     from ${READ_RANGES}
     join orders o on ${IN_RANGE} and ${IS_SOLD}
     union all
     select 0, 0, 0, 0, 0, sum(r.amount - (r.parts ->> 'unsettled')::bigint), 0
     from ${READ_DAYS}
     join refunds r on r.restaurant_id = $1 and r.business_date between p.first and p.last
     union all
     select 0, 0, 0, 0, 0, sum(c.amount), 0
     from ${READ_DAYS}
     join sale_corrections c on c.restaurant_id = $1 and c.business_date between p.first and p.last
     union all
     ${roundedBy('payments', 1)}
     union all
     ${roundedBy('refunds', -1)}
     union all
     select 0, 0, 0, 0, 0, -sum(settled.amount), 0
     from ${READ_DAYS}
     cross join lateral (
       select sum(part.value::bigint) as amount
       from orders o
       cross join lateral jsonb_each_text(o.settled_refund -> 'parts') part
       where o.restaurant_id = $1 and o.business_date between p.first and p.last and o.deleted_at is null
         and o.settled_refund is not null
     ) settled
     union all
     select ${ORDER_SUMS.map((name) => `f."${name}"`).join(', ')}
     from day_sums d
     cross join lateral jsonb_to_record(d.figures) as f(${ORDER_SUMS.map((name) => `"${name}" numeric`).join(', ')})
     where ${SUMMED_DAYS}
     union all
     select ${PART_SUMS.map((name) => `f."${name}"`).join(', ')}, 0, 0
     from ${SUMMED_PARTS}
     cross join lateral jsonb_to_recordset(q.figures -> 'orders') as f(${PART_SUMS.map((name) => `"${name}" numeric`).join(', ')})
     where ${OF_PARTED_DAYS}
   )
   select ${ORDER_SUMS.map((name) => `coalesce(sum("${name}"), 0) as "${name}"`).join(', ')} from parts`,
);

const guests = query<{ guests: number }>(
  'report.sumGuests',
  `select coalesce(sum(o.guests), 0)::bigint as guests
   from orders o
   where o.restaurant_id = $1 and o.business_date between $2 and $3 and ${IS_SOLD}`,
);

export class SalesReports {
  /** Guests of the orders that tell how many there were. */
  async guests(restaurantId: string, tx: Tx, from: string, to: string): Promise<number> {
    return (await tx.one(guests, [restaurantId, from, to])).guests;
  }

  by(restaurantId: string, tx: Tx, group: SalesGroup, days: ReadDays, timezone: string): Promise<SalesRow[]> {
    return tx.many(salesBy[group], [...rangesOf(restaurantId, days), timezone]);
  }

  lineSums(restaurantId: string, tx: Tx, days: ReadDays): Promise<LineSums> {
    return tx.one(lineSums, rangesOf(restaurantId, days));
  }

  orderSums(restaurantId: string, tx: Tx, days: ReadDays): Promise<OrderSums> {
    return tx.one(orderSums, [...rangesOf(restaurantId, days), days.firsts, days.lasts]);
  }
}
