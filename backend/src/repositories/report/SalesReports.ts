/**
 * Sales of a period: sums of the days that have them, and the rows of the other days. The database
 * adds up integers, so the sums are exact.
 */
import { type Query, query, type Tx } from '../../config/database.js';
import type { Total } from '../../domain/number/money.js';
import { type ReadDays, SUMS_VERSION } from '../../domain/report/daySums.js';
import type { SalesFigures, SalesGroup } from '../../domain/report/report.js';
import {
  AMOUNT_COLUMNS,
  AMOUNTS,
  GROUPS,
  IS_SOLD,
  nameIn,
  newestOf,
  READ_DAYS,
  REDEEMED_ON_READ_DAYS,
  SOLD_ON_READ_DAYS,
} from './soldLines.js';

export interface SalesRow extends SalesFigures {
  key: string;
  label: string;
}

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
const SUMMED_AMOUNTS = AMOUNT_COLUMNS.map((column) => `s.${column}`).join(', ');

/** Days with sums, of the period `first` to `last`; none when these are null. */
const summed = (first: string, last: string) =>
  `d.restaurant_id = $1 and d.version = ${SUMS_VERSION} and d.business_date between ${first} and ${last}`;

const salesBy = Object.fromEntries(
  Object.entries(GROUPS).map(([group, grouping]) => [
    group,
    query<SalesRow>(
      `report.sumSalesBy.${group}`,
      `with parts as (
         select ${grouping.key} as key, ${newestOf('o.id', grouping.name)} as newest, count(distinct o.id) as orders, ${AMOUNTS}
         ${SOLD_ON_READ_DAYS}
         group by 1
         union all
         select ${grouping.key}, ${newestOf('o.id', grouping.name)}, 0, ${AMOUNTS}
         ${REDEEMED_ON_READ_DAYS}
         group by 1
         union all
         select ${grouping.keyOfSums ?? 's.key'}, s.newest, s.orders, ${SUMMED_AMOUNTS}
         from day_sums d
         join day_sales s on s.restaurant_id = d.restaurant_id and s.kind = '${group}' and s.business_date = d.business_date
         where ${summed('$5', '$6')} and $4::text is not null
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
) as Record<SalesGroup, Query<SalesRow>>; // Object.fromEntries loses the keys, which are those of GROUPS.

// One scan of an index for all orders is much cheaper than one for each order.
const lineSums = query<LineSums>(
  'report.sumSales',
  `with parts as (
     select ${AMOUNTS}
     from order_lines l
     where l.restaurant_id = $1 and l.voided_at is null and l.order_id = any (array(
       select o.id
       from ${READ_DAYS}
       join orders o on o.restaurant_id = $1 and o.business_date between p.first and p.last and ${IS_SOLD}))
     union all
     select ${AMOUNTS}
     ${REDEEMED_ON_READ_DAYS}
     union all
     select ${SUMMED_AMOUNTS}
     from day_sums d
     join day_sales s on s.restaurant_id = d.restaurant_id and s.kind = 'day' and s.business_date = d.business_date
     where ${summed('$4', '$5')}
   )
   select ${LINE_SUMS} from parts`,
);

/** Columns of `OrderSums`. The sums of a day have them by these names. */
const ORDER_SUMS = ['orders', 'serviceChargeTotal', 'tipTotal', 'taxTotal', 'total', 'refundTotal', 'roundingTotal'];

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
     from ${READ_DAYS}
     join orders o on o.restaurant_id = $1 and o.business_date between p.first and p.last and ${IS_SOLD}
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
     where ${summed('$4', '$5')}
   )
   select ${ORDER_SUMS.map((name) => `coalesce(sum("${name}"), 0) as "${name}"`).join(', ')} from parts`,
);

export class SalesReports {
  by(restaurantId: string, tx: Tx, group: SalesGroup, days: ReadDays, timezone: string): Promise<SalesRow[]> {
    const { firsts, lasts, from, to } = days;
    return tx.many(salesBy[group], [restaurantId, firsts, lasts, timezone, from, to]);
  }

  lineSums(restaurantId: string, tx: Tx, days: ReadDays): Promise<LineSums> {
    return tx.one(lineSums, periodOf(restaurantId, days));
  }

  orderSums(restaurantId: string, tx: Tx, days: ReadDays): Promise<OrderSums> {
    return tx.one(orderSums, periodOf(restaurantId, days));
  }
}

function periodOf(restaurantId: string, { firsts, lasts, from, to }: ReadDays) {
  return [restaurantId, firsts, lasts, from, to];
}
