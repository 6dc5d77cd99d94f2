/** Lists of payments and of refunds, of all orders of a restaurant. */
import type { Tx } from '../../config/database.js';
import type {
  ListedPayment,
  ListedRefund,
  MoneyFilter,
  PaymentFilter,
  RefundFilter,
} from '../../domain/order/paymentFilter.js';
import { fitting } from '../pageSize.js';
import { nameOfPerson } from '../personNames.js';
import { WalkedList, type WalkedPage, type WalkedSlice } from '../walkedList.js';

const HIGHEST_AMOUNT = '9223372036854775807';

/** `$3` to `$8`, as `moneyValues` gives them. */
const MATCHES_MONEY = `t.business_date between $3::date and $4::date
     and t.amount between $5::bigint and $6::bigint
     and ($7::text is null or $7 in (t.created_by, split_part(t.created_by, ':', 2)))
     and ($8::uuid is null or t.order_id = $8)`;
const WALKS = {
  newest: {},
  byDate: {
    where: 't.business_date >= $3::date',
    by: { column: 'business_date', type: 'date', field: 'businessDate', from: 1 },
  },
  ofOrder: { where: 't.order_id = $8::uuid' },
} as const;
const OF_ORDER = `(select o.number from orders o where o.restaurant_id = $1 and o.id = t.order_id) as "orderNumber",
     (select o.currency from orders o where o.restaurant_id = $1 and o.id = t.order_id) as currency,
     ${nameOfPerson('t.created_by')} as "createdByName"`;

const payments = new WalkedList<ListedPayment, keyof typeof WALKS>({
  name: 'paymentList',
  table: 'payments',
  columns: [
    'order_id',
    'method',
    'amount',
    'tip',
    'rounding',
    'tendered',
    'change',
    'refunded',
    'reference',
    'shift_id',
    'prepaid',
    'business_date',
    'created_by',
    'created_at',
  ],
  selection: `t.id, t.order_id as "orderId", t.method, t.amount, t.tip, t.rounding, t.tendered, t.change, t.refunded, t.reference,
     t.shift_id as "shiftId", t.prepaid, t.business_date as "businessDate", t.created_by as "createdBy",
     t.created_at as "createdAt", ${OF_ORDER}`,
  matches: `${MATCHES_MONEY}
     and ($9::text[] is null or t.method = any ($9))
     and ($10::text is null or strpos(lower(t.reference), lower($10)) > 0)
     and ($11::text[] is null or case
       when t.refunded = 0 then 'paid'
       when t.refunded < t.amount + t.tip then 'partially_refunded'
       else 'refunded' end = any ($11))`,
  parameters: 9,
  walks: WALKS,
  fit: fitting('paymentList.findFitting', { payments: 'id' }),
});

// Refunds older than their own method have that of the payment.
const METHOD =
  'coalesce(t.method, (select p.method from payments p where p.restaurant_id = $1 and p.id = t.payment_id))';
const refunds = new WalkedList<ListedRefund, keyof typeof WALKS>({
  name: 'refundList',
  table: 'refunds',
  columns: [
    'payment_id',
    'order_id',
    'method',
    'amount',
    'rounding',
    'tip',
    'shift_id',
    'lines',
    'goodwill',
    'parts',
    'prepaid',
    'reason',
    'business_date',
    'created_by',
    'created_at',
  ],
  selection: `t.id, t.payment_id as "paymentId", t.order_id as "orderId", ${METHOD} as method, t.amount, t.rounding,
     coalesce(t.tip, (t.parts ->> 'tip')::bigint, 0) as tip, t.shift_id as "shiftId", t.lines, t.goodwill,
     t.parts - 'taxes' as parts, coalesce(t.parts -> 'taxes', '[]') as taxes, t.prepaid, t.reason,
     t.business_date as "businessDate", t.created_by as "createdBy", t.created_at as "createdAt", ${OF_ORDER}`,
  matches: `${MATCHES_MONEY}
     and ($9::text[] is null or ${METHOD} = any ($9))
     and ($10::text is null or strpos(lower(t.reason), lower($10)) > 0)
     and ($11::uuid is null or t.payment_id = $11)
     and ($12::boolean is null or t.goodwill = $12)`,
  parameters: 10,
  walks: WALKS,
  fit: fitting('refundList.findFitting', { refunds: 'id' }),
});

export class MoneyLists {
  payments(restaurantId: string, tx: Tx, filter: PaymentFilter, page: WalkedPage): Promise<WalkedSlice<ListedPayment>> {
    const { method, reference, status } = filter;
    const values = [...moneyValues(filter), method ?? null, reference ?? null, status ?? null];
    return payments.read(restaurantId, tx, walkFor(filter), values, page);
  }

  refunds(restaurantId: string, tx: Tx, filter: RefundFilter, page: WalkedPage): Promise<WalkedSlice<ListedRefund>> {
    const { method, reason, paymentId, goodwill } = filter;
    const values = [...moneyValues(filter), method ?? null, reason ?? null, paymentId ?? null, goodwill ?? null];
    return refunds.read(restaurantId, tx, walkFor(filter), values, page);
  }
}

function moneyValues({ from, to, minAmount, maxAmount, createdBy, orderId }: MoneyFilter): unknown[] {
  const days = [from ?? '-infinity', to ?? 'infinity'];
  return [...days, minAmount ?? 0, maxAmount ?? HIGHEST_AMOUNT, createdBy ?? null, orderId ?? null];
}

function walkFor({ orderId, from, to }: MoneyFilter): keyof typeof WALKS {
  if (orderId !== undefined) return 'ofOrder';
  return from === undefined && to === undefined ? 'newest' : 'byDate';
}
