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
  MethodRefunds,
  UnfinishedOrder,
} from '../../domain/report/businessDay.js';
import { addTotals, subtractTotal, type Total } from '../../domain/number/money.js';
import { type DayMoney, paymentsOf, type ReadDays, type SummedFigures } from '../../domain/report/daySums.js';
import { MAX_NAMED, pieceOf, UNFINISHED_ORDER } from './dayPieces.js';
import { nameIn, newestOf, rangesOf } from './soldLines.js';

const OF_DAY = `o.restaurant_id = $1 and o.business_date = $2 and o.deleted_at is null`;

const taxesOfDay = query<DayTax>(
  'report.dayTaxes',
  `select "taxId", ${nameIn('max(newest collate "C")')} as name, rate, inclusive, sum(base) as base, sum(amount) as amount
   from ${pieceOf('taxes')}
   group by "taxId", rate, inclusive
   order by rate::numeric desc, name, "taxId", inclusive`,
);
interface OrdersOfDay {
  taxIncludedTotal: Total;
  cancelled: number;
  cancelledTotal: Total;
  paid: Total;
  unfinished: number;
  open: number;
  unsettled: number;
  due: Total;
}
const SUMMED_ORDERS = [
  'taxIncludedTotal',
  'cancelled',
  'cancelledTotal',
  'paid',
  'unfinished',
  'open',
  'unsettled',
  'due',
];
const ordersOfDay = query<OrdersOfDay>(
  'report.dayOrders',
  `select ${SUMMED_ORDERS.map((name) => `sum("${name}") as "${name}"`).join(', ')}
   from ${pieceOf('orders')}`,
);
const moneyOfDay = query<DayMoney>(
  'report.dayMoney',
  `select shift_id as "shiftId", person, method, sum(payments)::bigint as payments, sum(amount) as amount, sum(tip) as tip,
     sum(change) as change, sum(rounding) as rounding
   from ${pieceOf('money')}
   group by shift_id, person, method
   order by method, person, shift_id`,
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
const depositsOfDay = query<{ moved: 'taken' | 'released' | 'deducted' | 'vouchers'; count: number; amount: Total }>(
  'report.dayDeposits',
  `select moved, sum(count)::bigint as count, sum(amount) * case moved when 'taken' then 1 else -1 end as amount
   from ${pieceOf('deposits')}
   group by moved
   having sum(amount) <> 0`,
);
const depositTaxesOfDay = query<DayTax>(
  'report.dayDepositTaxes',
  `select "taxId", ${nameIn('max(newest collate "C")')} as name, rate, inclusive, sum(base) as base, sum(amount) as amount
   from ${pieceOf('depositTaxes')}
   group by "taxId", rate, inclusive
   having sum(base) <> 0 or sum(amount) <> 0
   order by rate::numeric desc, name, "taxId", inclusive`,
);
/** Taken off the sales of any day on the day without its orders' payments: moves no money. */
const unpaidOfDay = query<{ unpaid: Total }>(
  'report.dayUnpaid',
  `select coalesce((select sum((parts ->> 'unsettled')::bigint) from refunds where restaurant_id = $1 and business_date = $2), 0)
     - coalesce((select sum(amount) from sale_corrections where restaurant_id = $1 and business_date = $2), 0) as unpaid`,
);
const voidedLines = query<DayFigures['voidedLines']>(
  'report.sumDayVoided',
  `select sum(count)::bigint as count, sum(units)::bigint as units, sum(amount) as amount
   from ${pieceOf('voided')}`,
);
const unfinishedOrders = query<UnfinishedOrder>(
  'report.listDayUnfinished',
  `select id, number, status, total, "dueTotal"
   from ${pieceOf('unfinished')}
   order by ${UNFINISHED_ORDER}
   limit ${MAX_NAMED}`,
);

type BeyondSales = Pick<
  SummedFigures,
  | 'money'
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
  /** @param read of the day alone. */
  async figures(
    restaurantId: string,
    tx: Tx,
    date: string,
    read: ReadDays,
  ): Promise<BeyondSales & { otherDays: Total }> {
    const day = [restaurantId, date];
    const ranges = rangesOf(restaurantId, read);
    const [
      orders,
      taxes,
      money,
      refunds,
      refundParts,
      refundTaxes,
      corrections,
      deposits,
      voided,
      unfinished,
      { unpaid },
    ] = await Promise.all([
      tx.one(ordersOfDay, ranges),
      tx.many(taxesOfDay, ranges),
      tx.many(moneyOfDay, ranges),
      tx.many(refundsOfDay, day),
      tx.one(refundPartsOfDay, day),
      tx.many(refundTaxesOfDay, day),
      tx.many(correctionsOfDay, day),
      this.#deposits(tx, ranges),
      tx.one(voidedLines, ranges),
      tx.many(unfinishedOrders, ranges),
      tx.one(unpaidOfDay, day),
    ]);
    const payments = paymentsOf(money);
    const { unfinished: count, open, unsettled, due: dueTotal } = orders;
    return {
      taxIncludedTotal: orders.taxIncludedTotal,
      taxes,
      payments,
      money,
      refunds,
      refundParts,
      refundTaxes,
      corrections,
      deposits,
      cancelledOrders: { count: orders.cancelled, total: orders.cancelledTotal },
      voidedLines: voided,
      unfinishedOrders: { count, open, unsettled, dueTotal, orders: unfinished },
      // Cancelled orders have kept no money, but may have lost refunded sales.
      otherDays: subtractTotal(
        addTotals(orders.paid, unpaid),
        addTotals(...payments.flatMap(({ amount, tip }) => [amount, tip])),
      ),
    };
  }

  async #deposits(tx: Tx, ranges: ReturnType<typeof rangesOf>): Promise<DayDeposits> {
    const [sums, taxes] = await Promise.all([tx.many(depositsOfDay, ranges), tx.many(depositTaxesOfDay, ranges)]);
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
}
