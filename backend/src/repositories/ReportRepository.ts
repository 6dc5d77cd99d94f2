import { type Query, query, type Tx } from '../config/database.js';
import type { Total } from '../domain/number/money.js';
import type { SalesFigures, SalesGroup } from '../domain/report/report.js';
import { CostReports } from './report/CostReports.js';
import { DayReports } from './report/DayReports.js';
import { DrawerReports } from './report/DrawerReports.js';
import { GROUPS, SOLD } from './report/soldLines.js';
import { StockReports } from './report/StockReports.js';

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
  roundingTotal: Total;
}

// A voucher that is sold is owed, and no sale yet.
const OF_SALES = "filter (where l.kind <> 'voucher')";
const FIGURES = `count(distinct o.id) as orders, coalesce(sum(l.quantity) filter (where l.kind not in ('modifier', 'voucher')), 0)::bigint as units,
  coalesce(sum(l.gross_amount) ${OF_SALES}, 0) as "grossSales", coalesce(sum(l.discount_amount) ${OF_SALES}, 0) as "discountTotal",
  coalesce(sum(l.amount) ${OF_SALES}, 0) as revenue, coalesce(sum(l.tax_amount), 0) as "taxTotal",
  coalesce(sum(l.amount) filter (where l.kind = 'voucher'), 0) as "vouchersSold"`;

const salesBy = Object.fromEntries(
  Object.entries(GROUPS).map(([group, { key, label, order }]) => [
    group,
    query<SalesRow>(
      `report.sumSalesBy.${group}`,
      `select ${key} as key, (array_agg(${label} order by o.id desc))[1] as label, ${FIGURES}
       ${SOLD} and $4::text is not null
       group by 1
       order by ${order}`,
    ),
  ]),
) as Record<SalesGroup, Query<SalesRow>>; // Object.fromEntries loses the keys, which are those of GROUPS.

const salesTotal = query<SalesFigures>('report.sumSales', `select ${FIGURES} ${SOLD}`);

// Refunded amounts that orders of the period, including cancelled ones, lost later by themselves.
// Without this sum they would be subtracted twice.
const SETTLED = `coalesce((
       select sum(p.value::bigint)
       from orders s
       cross join lateral jsonb_each_text(s.settled_refund -> 'parts') p
       where s.restaurant_id = $1 and s.business_date between $2 and $3 and s.deleted_at is null and s.settled_refund is not null), 0)`;

// Credit notes and write-offs: they lower the sales as refunds do, without money.
const CORRECTED = `coalesce((
       select sum(c.amount)
       from sale_corrections c
       where c.restaurant_id = $1 and c.business_date between $2 and $3), 0)`;

const roundedBy = (table: 'payments' | 'refunds') => `coalesce((
       select sum(m.rounding)
       from ${table} m
       where m.restaurant_id = $1 and m.business_date between $2 and $3 and m.rounding <> 0), 0)`;

const orderSums = query<OrderSums>(
  'report.orderSums',
  `select count(*) as orders, coalesce(sum(o.service_charge_total), 0) as "serviceChargeTotal",
     coalesce(sum(o.tip_total), 0) as "tipTotal", coalesce(sum(o.tax_total), 0) as "taxTotal",
     coalesce(sum(o.total), 0) as total,
     coalesce((
       select sum(r.amount - (r.parts ->> 'unsettled')::bigint)
       from refunds r
       where r.restaurant_id = $1 and r.business_date between $2 and $3), 0) + ${CORRECTED} - ${SETTLED} as "refundTotal", ${roundedBy('payments')} - ${roundedBy('refunds')} as "roundingTotal"
   from orders o
   where o.restaurant_id = $1 and o.business_date between $2 and $3 and o.deleted_at is null and o.status <> 'cancelled'`,
);

/** Exact sums of integers. The database adds them up. */
export class ReportRepository {
  readonly costs = new CostReports();
  readonly days = new DayReports();
  readonly drawers = new DrawerReports();
  readonly stock = new StockReports();

  salesBy(
    restaurantId: string,
    tx: Tx,
    group: SalesGroup,
    from: string,
    to: string,
    timezone: string,
  ): Promise<SalesRow[]> {
    return tx.many(salesBy[group], [restaurantId, from, to, timezone]);
  }

  salesTotal(restaurantId: string, tx: Tx, from: string, to: string): Promise<SalesFigures> {
    return tx.one(salesTotal, [restaurantId, from, to]);
  }

  orderSums(restaurantId: string, tx: Tx, from: string, to: string): Promise<OrderSums> {
    return tx.one(orderSums, [restaurantId, from, to]);
  }
}
