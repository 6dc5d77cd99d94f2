/**
 * Figures of a business day beyond its sales: taxes, payments, refunds, voids and unfinished
 * orders.
 */
import { query, type Tx } from '../../config/database.js';
import type {
  DayCorrection,
  DayDeposits,
  DayFigures,
  DayRefundParts,
  DayTax,
  MethodPayments,
  MethodRefunds,
  UnfinishedOrder,
} from '../../domain/report/businessDay.js';
import type { Total } from '../../domain/number/money.js';
import { nameIn, newestOf } from './soldLines.js';

/** Maximum number of unfinished orders that are listed. */
const MAX_NAMED = 100;

const OF_DAY = `o.restaurant_id = $1 and o.business_date = $2 and o.deleted_at is null`;

const taxesOfDay = query<DayTax>(
  'report.dayTaxes',
  `select t."taxId", ${nameIn(newestOf('o.id', 't.name'))} as name, t.rate, t.inclusive, sum(t.base) as base,
     sum(t.amount) as amount
   from orders o
   cross join lateral jsonb_to_recordset(o.taxes) as t("taxId" text, name text, rate text, inclusive boolean, base bigint, amount bigint)
   where ${OF_DAY} and o.status <> 'cancelled'
   group by t."taxId", t.rate, t.inclusive
   order by t.rate::numeric desc, name, t."taxId", t.inclusive`,
);
// One pass over the orders of the day. `filter` instead of a condition: with the status in `where`,
// the plan would read all cancelled orders of all days.
const ordersOfDay = query<{ taxIncludedTotal: Total; cancelled: number; cancelledTotal: Total }>(
  'report.dayOrders',
  `select coalesce(sum(o.tax_included_total) filter (where o.status <> 'cancelled'), 0) as "taxIncludedTotal",
     count(*) filter (where o.status = 'cancelled') as cancelled,
     coalesce(sum(o.total) filter (where o.status = 'cancelled'), 0) as "cancelledTotal"
   from orders o
   where ${OF_DAY}`,
);
const paymentsOfDay = query<MethodPayments>(
  'report.dayPayments',
  `select method, count(*) as count, sum(amount) as amount, sum(tip) as tip, sum(change) as change
   from payments
   where restaurant_id = $1 and business_date = $2
   group by method
   order by method`,
);
const refundsOfDay = query<MethodRefunds>(
  'report.dayRefunds',
  `select coalesce(r.method, p.method) as method, count(*) as count, sum(r.amount) as amount
   from refunds r
   join payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
   where r.restaurant_id = $1 and r.business_date = $2
   group by 1
   order by 1`,
);
// Minus refunded taxes that orders of the day lost later by themselves. They would be subtracted
// twice.
const refundTaxesOfDay = query<DayTax>(
  'report.dayRefundTaxes',
  `select t."taxId", ${nameIn(newestOf('f.id', 't.name'))} as name, t.rate, t.inclusive, sum(f.sign * t.base) as base,
     sum(f.sign * t.amount) as amount
   from (
     select r.id, 1 as sign, r.parts -> 'taxes' as taxes
     from refunds r
     where r.restaurant_id = $1 and r.business_date = $2
     union all
     select c.id, 1, c.parts -> 'taxes'
     from sale_corrections c
     where c.restaurant_id = $1 and c.business_date = $2
     union all
     select o.id, -1, o.settled_refund -> 'taxes'
     from orders o
     where ${OF_DAY} and o.settled_refund is not null
   ) f
   cross join lateral jsonb_to_recordset(f.taxes) as t("taxId" text, name text, rate text, inclusive boolean, base bigint, amount bigint)
   group by t."taxId", t.rate, t.inclusive
   having sum(f.sign * t.base) <> 0 or sum(f.sign * t.amount) <> 0
   order by t.rate::numeric desc, name, t."taxId", t.inclusive`,
);
// An order that sells vouchers sells nothing else. Single-purpose ones are goods.
const OF_VOUCHERS = `exists (
       select from order_lines l where l.restaurant_id = $1 and l.order_id = f.order_id and l.kind = 'voucher')`;
const sumOfPart = (part: string) => `sum(f.sign * (f.parts ->> '${part}')::bigint)`;
const refundPartsOfDay = query<DayRefundParts>(
  'report.dayRefundParts',
  `select coalesce(${sumOfPart('goods')} filter (where not f.vouchers), 0) as goods,
     coalesce(${sumOfPart('goods')} filter (where f.vouchers), 0) as vouchers,
     ${['serviceCharge', 'tax', 'tip'].map((part) => `coalesce(${sumOfPart(part)}, 0) as "${part}"`).join(', ')}
   from (
     select f.sign, f.parts, ${OF_VOUCHERS} as vouchers
     from (
       select 1 as sign, r.order_id, r.parts
       from refunds r
       where r.restaurant_id = $1 and r.business_date = $2
       union all
       select 1, c.order_id, c.parts
       from sale_corrections c
       where c.restaurant_id = $1 and c.business_date = $2
       union all
       select -1, o.id, o.settled_refund -> 'parts'
       from orders o
       where ${OF_DAY} and o.settled_refund is not null
     ) f
   ) f`,
);
const correctionsOfDay = query<DayCorrection>(
  'report.dayCorrections',
  `select case c.kind when 'reinstated' then 'credit_note' else c.kind end as kind, count(*) as count, sum(c.amount) as amount,
     coalesce(sum((c.parts ->> 'tax')::bigint), 0) as "taxAmount"
   from sale_corrections c
   where c.restaurant_id = $1 and c.business_date = $2
   group by 1
   order by 1`,
);
// A single-purpose voucher is deducted when it pays. A deposit is deducted on the day of its order, less what went back before the meal. That of a
// cancelled order, too: its refunds may be of the sale that it was before. The forms of the
// conditions keep the planner from reading all deposits of the restaurant: `coalesce` for those of
// the day, `offset 0` for those of its orders.
const DEPOSITS = `(
     select p.id, 'taken' as moved, 1 as sign, 1 as counted, p.prepaid
     from payments p
     where p.restaurant_id = $1 and p.business_date = $2 and coalesce(p.prepaid ->> 'kind', '') = 'deposit'
     union all
     select r.id, 'released', -1, 1, r.prepaid
     from refunds r
     where r.restaurant_id = $1 and r.business_date = $2 and coalesce(r.prepaid ->> 'kind', '') = 'deposit'
     union all
     select p.id, 'vouchers', -1, 1, p.prepaid
     from payments p
     where p.restaurant_id = $1 and p.business_date = $2 and coalesce(p.prepaid ->> 'kind', '') = 'voucher'
     union all
     select r.id, 'vouchers', 1, 0, r.prepaid
     from refunds r
     where r.restaurant_id = $1 and r.business_date = $2 and coalesce(r.prepaid ->> 'kind', '') = 'voucher'
     union all
     select c.id, 'released', -1, 1, c.prepaid
     from sale_corrections c
     where c.restaurant_id = $1 and c.business_date = $2 and c.prepaid is not null
     union all
     select m.id, 'deducted', m.sign, case when m.sign < 0 and o.status <> 'cancelled' then 1 else 0 end, m.prepaid
     from orders o
     cross join lateral (
       select p.id, -1 as sign, p.prepaid
       from payments p
       where p.restaurant_id = $1 and p.order_id = o.id and p.prepaid ->> 'kind' = 'deposit' and p.prepaid is not null
       union all
       select r.id, 1, r.prepaid
       from refunds r
       where r.restaurant_id = $1 and r.order_id = o.id and r.prepaid ->> 'kind' = 'deposit' and r.prepaid is not null
       union all
       select c.id, 1, c.prepaid
       from sale_corrections c
       where c.restaurant_id = $1 and c.order_id = o.id and c.prepaid is not null
       offset 0) m
     where ${OF_DAY}
   ) f`;
const depositsOfDay = query<{ moved: 'taken' | 'released' | 'deducted' | 'vouchers'; count: number; amount: Total }>(
  'report.dayDeposits',
  `select f.moved, sum(f.counted) as count,
     sum(f.sign * (f.prepaid ->> 'amount')::bigint) * case f.moved when 'taken' then 1 else -1 end as amount
   from ${DEPOSITS}
   group by f.moved
   having sum(f.sign * (f.prepaid ->> 'amount')::bigint) <> 0`,
);
const depositTaxesOfDay = query<DayTax>(
  'report.dayDepositTaxes',
  `select t."taxId", ${nameIn(newestOf('f.id', 't.name'))} as name, t.rate, t.inclusive, sum(f.sign * t.base) as base,
     sum(f.sign * t.amount) as amount
   from ${DEPOSITS}
   cross join lateral jsonb_array_elements(f.prepaid -> 'charges') charge
   cross join lateral jsonb_to_recordset(charge -> 'taxes') as t("taxId" text, name text, rate text, inclusive boolean, base bigint, amount bigint)
   group by t."taxId", t.rate, t.inclusive
   having sum(f.sign * t.base) <> 0 or sum(f.sign * t.amount) <> 0
   order by t.rate::numeric desc, name, t."taxId", t.inclusive`,
);
// Money of the day's orders that moved on other days, less money of other orders that moved on the
// day. Cancelled orders have kept no money, but may have lost refunded sales.
const otherDays = query<{ otherDays: Total }>(
  'report.dayOtherDays',
  `select coalesce((
       select sum(o.paid_total - o.refunded_total + o.refunded_sale_total + case when o.settled_refund is null then 0 else (
         select coalesce(sum(p.value::bigint), 0) from jsonb_each_text(o.settled_refund -> 'parts') p) end)
       from orders o
       where ${OF_DAY}), 0)
     - coalesce((select sum(amount + tip) from payments where restaurant_id = $1 and business_date = $2), 0)
     + coalesce((select sum((parts ->> 'unsettled')::bigint) from refunds where restaurant_id = $1 and business_date = $2), 0)
     - coalesce((select sum(amount) from sale_corrections where restaurant_id = $1 and business_date = $2), 0) as "otherDays"`,
);
const voidedLines = query<DayFigures['voidedLines']>(
  'report.sumDayVoided',
  `select count(*) as count, coalesce(sum(l.quantity), 0)::bigint as units,
     coalesce(sum(l.quantity * (l.unit_price + coalesce((
       select sum((m.quantity - m."freeQuantity") * m.price)
       from jsonb_to_recordset(l.modifiers) as m(price bigint, quantity bigint, "freeQuantity" bigint)), 0))), 0) as amount
   from order_lines l
   where l.restaurant_id = $1 and l.voided_at is not null and l.order_id = any (array(select o.id from orders o where ${OF_DAY}))`,
);
// The due amount is calculated as by dueTotal in domain/order.
const unfinishedOrders = query<UnfinishedOrder & { count: number; open: number; unsettled: number; dueSum: Total }>(
  'report.listDayUnfinished',
  `select o.id, o.number, o.status, o.total, due as "dueTotal", count(*) over () as count,
     count(*) filter (where o.status <> 'completed') over () as open,
     count(*) filter (where o.status = 'completed' and due < 0) over () as unsettled, sum(due) over () as "dueSum"
   from orders o
   cross join lateral (select greatest(0, o.total - o.refunded_sale_total) - (o.paid_total - o.refunded_total) as due) d
   where ${OF_DAY} and o.status <> 'cancelled' and (o.status <> 'completed' or due <> 0)
   order by o.status = 'completed', due >= 0, o.id
   limit ${MAX_NAMED}`,
);

type BeyondSales = Pick<
  DayFigures,
  | 'taxIncludedTotal'
  | 'taxes'
  | 'payments'
  | 'refunds'
  | 'refundParts'
  | 'refundTaxes'
  | 'corrections'
  | 'deposits'
  | 'cancelledOrders'
  | 'voidedLines'
  | 'unfinishedOrders'
>;

export class DayReports {
  async figures(restaurantId: string, tx: Tx, date: string): Promise<BeyondSales> {
    const day = [restaurantId, date];
    const [orders, taxes, payments, refunds, refundParts, refundTaxes, corrections, deposits, voided, unfinished] =
      await Promise.all([
        tx.one(ordersOfDay, day),
        tx.many(taxesOfDay, day),
        tx.many(paymentsOfDay, day),
        tx.many(refundsOfDay, day),
        tx.one(refundPartsOfDay, day),
        tx.many(refundTaxesOfDay, day),
        tx.many(correctionsOfDay, day),
        this.#deposits(tx, day),
        tx.one(voidedLines, day),
        this.#unfinished(tx, day),
      ]);
    return {
      taxIncludedTotal: orders.taxIncludedTotal,
      taxes,
      payments,
      refunds,
      refundParts,
      refundTaxes,
      corrections,
      deposits,
      cancelledOrders: { count: orders.cancelled, total: orders.cancelledTotal },
      voidedLines: voided,
      unfinishedOrders: unfinished,
    };
  }

  /** Money of the day's orders that moved on other days, less money of other orders on the day. */
  async otherDays(restaurantId: string, tx: Tx, date: string): Promise<Total> {
    return (await tx.one(otherDays, [restaurantId, date])).otherDays;
  }

  async #deposits(tx: Tx, day: readonly string[]): Promise<DayDeposits> {
    const [sums, taxes] = await Promise.all([tx.many(depositsOfDay, day), tx.many(depositTaxesOfDay, day)]);
    const sumOf = (wanted: (typeof sums)[number]['moved']) => {
      const { count, amount } = sums.find(({ moved }) => moved === wanted) ?? { count: 0, amount: 0 };
      return { count, amount };
    };
    return {
      taken: sumOf('taken'),
      released: sumOf('released'),
      deducted: sumOf('deducted'),
      vouchers: sumOf('vouchers'),
      taxes,
    };
  }

  async #unfinished(tx: Tx, day: readonly string[]): Promise<DayFigures['unfinishedOrders']> {
    const rows = await tx.many(unfinishedOrders, day);
    const { count, open, unsettled, dueSum } = rows[0] ?? { count: 0, open: 0, unsettled: 0, dueSum: 0 };
    const orders = rows.map(({ id, number, status, total, dueTotal }) => ({ id, number, status, total, dueTotal }));
    return { count, open, unsettled, dueTotal: dueSum, orders };
  }
}
