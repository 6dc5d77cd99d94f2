/** Money taken for an order and given back. Amounts are minor units of the order's currency. */
import { AppError } from '../shared/errors.js';
import { formatMinor, type MinorUnits } from '../number/money.js';
import { dueTotal, type Order } from './order.js';
import { billOf, minusRefunded, plusRefunded, refundedOf, settledTotal } from './refundedBill.js';
import { NO_PARTS, type Refunded, refundParts, type SaleParts, saleParts, totalOfParts } from './saleParts.js';
import { isSameRate, shareOfTaxes, type TaxTotal } from './taxes.js';

export const PAYMENT_METHODS = ['cash', 'card', 'voucher', 'other'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export interface Payment {
  id: string;
  orderId: string;
  method: PaymentMethod;
  /** What counts towards the bill. */
  amount: MinorUnits;
  /** On top of the bill. */
  tip: MinorUnits;
  /** What was handed over: `amount + tip + change`. */
  tendered: MinorUnits;
  /** Cash handed back. */
  change: MinorUnits;
  refunded: MinorUnits;
  reference: string | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/** What a refund returns. `unsettled` reverses a payment or returns too much paid; the rest takes the sale back. */
export interface RefundParts extends SaleParts {
  unsettled: MinorUnits;
}

export interface Refund {
  id: string;
  paymentId: string;
  orderId: string;
  amount: MinorUnits;
  parts: RefundParts;
  /** What `parts.tax` consists of, by tax and rate, with what it was computed on. Empty on refunds older than this. */
  taxes: TaxTotal[];
  reason: string;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/** The sums of an order that payments and refunds move. */
export type OrderMoney = Partial<
  Pick<Order, 'tipTotal' | 'total' | 'paidTotal' | 'refundedTotal' | 'refundedSaleTotal' | 'refundedBill'>
>;

/**
 * Keeps countable what was paid for an order in all, also what was given back since. A payment is at most `MAX_AMOUNT`, so that only
 * somebody who pays and refunds 90,000 times gets there.
 * @throws AppError invalid_request.
 */
export function assertCountable({ paidTotal }: Pick<Order, 'paidTotal'>, paying: MinorUnits): void {
  if (Number.isSafeInteger(paidTotal + paying)) return;
  const message =
    'More was paid and given back on this order than can be counted. Place another order for what is to be paid.';
  throw new AppError('invalid_request', message);
}

/**
 * Splits what a guest hands over into bill and change. Only cash gives change.
 * @throws AppError amount_exceeds_due for anything but cash, or when nothing is due.
 */
export function tender(
  order: Order,
  method: PaymentMethod,
  handed: MinorUnits,
): { amount: MinorUnits; change: MinorUnits } {
  const due = Math.max(0, dueTotal(order));
  if (handed <= due) return { amount: handed, change: 0 };
  if (method === 'cash' && due > 0) return { amount: due, change: handed - due };
  const hint =
    due === 0
      ? 'Nothing is due on this order.'
      : `Only ${formatMinor(due, order.currency)} ${order.currency} is due; put what goes beyond it into "tip".`;
  throw new AppError('amount_exceeds_due', hint);
}

/** The sums of an order after a payment of this much and its tip. */
export function moneyAfterPayment(order: Order, amount: MinorUnits, tip: MinorUnits): OrderMoney {
  return { tipTotal: order.tipTotal + tip, total: order.total + tip, paidTotal: order.paidTotal + amount + tip };
}

interface RefundRequest {
  payment: Payment;
  amount: MinorUnits;
  /** Refunds of the order before this one, the oldest first. */
  earlier: readonly Pick<Refund, 'parts' | 'taxes'>[];
  /** More is meant to be given back, although what was refunded before has left the bill. */
  acceptFurther: boolean;
}

/**
 * The parts that a refund takes back, and the sums of its order after it. While the order is open
 * it reverses the payment and the order is due again. Once completed, what was paid beyond the
 * total goes first, then the sale in proportion to its parts.
 * @throws AppError refund_exceeds_payment; already_refunded.
 */
export function giveBack(order: Order, request: RefundRequest): Refunded & { parts: RefundParts; money: OrderMoney } {
  const { payment, amount, earlier } = request;
  const left = payment.amount + payment.tip - payment.refunded;
  if (amount > left) {
    const said = `${formatMinor(left, order.currency)} ${order.currency}`;
    throw new AppError('refund_exceeds_payment', `Only ${said} of this payment is left to refund.`);
  }
  const refunded = refundedSoFar(order, earlier);
  const parts = partsOfRefund(order, refunded.parts, amount);
  const sale = amount - parts.unsettled;
  if (!request.acceptFurther) assertNotRefunded(order, sale);
  const taxes = taxesOfRefund(order, earlier, parts);
  const tipBack = reversedTip(order, payment, amount);
  const money = {
    tipTotal: order.tipTotal - tipBack,
    total: order.total - tipBack,
    refundedTotal: order.refundedTotal + amount,
    refundedSaleTotal: order.refundedSaleTotal + sale,
    ...(sale > 0 ? { refundedBill: billOf(order, plusRefunded(refunded, { parts: ofSale(parts), taxes })) } : {}),
  };
  return { parts, taxes, money };
}

/** Refunds of the sale, less what of them is settled. */
function refundedSoFar(order: Order, refunds: readonly Pick<Refund, 'parts' | 'taxes'>[]): Refunded {
  const all = refunds.reduce<Refunded>(
    (total, { parts, taxes }) => plusRefunded(total, { parts: ofSale(parts), taxes }),
    { parts: NO_PARTS, taxes: [] },
  );
  return order.settledRefund ? minusRefunded(all, order.settledRefund) : all;
}

function ofSale({ goods, serviceCharge, tax, tip }: SaleParts): SaleParts {
  return { goods, serviceCharge, tax, tip };
}

/** @param refunded of the sale before. @throws AppError refund_exceeds_payment. */
function partsOfRefund(order: Order, refunded: SaleParts, amount: MinorUnits): RefundParts {
  if (order.status !== 'completed') return { ...NO_PARTS, unsettled: amount };
  const unsettled = Math.min(amount, Math.max(0, -dueTotal(order)));
  return { ...refundParts(saleParts(order), refunded, amount - unsettled), unsettled };
}

/**
 * Whoever gives back no more than was refunded already, and is off the bill since, most likely
 * gives it back again.
 */
function assertNotRefunded(order: Order, sale: MinorUnits): void {
  const settled = settledTotal(order);
  if (sale === 0 || sale > settled) return;
  const said = `${formatMinor(settled, order.currency)} ${order.currency}`;
  throw new AppError(
    'already_refunded',
    `${said} of this order was refunded already and is off its bill. Send "acceptFurther": true if more is to be given back.`,
  );
}

/**
 * The taxes of what a refund takes back. `parts.tax` is split in proportion to what is left of each, and the base of each goes back as
 * goods and service charge do: refunds that together return everything return every tax and its base exactly.
 */
function taxesOfRefund(
  order: Order,
  earlier: readonly Pick<Refund, 'parts' | 'taxes'>[],
  parts: RefundParts,
): TaxTotal[] {
  const known: Pick<Refund, 'parts' | 'taxes'>[] = [];
  for (const one of earlier) {
    // Older than the taxes of refunds: it took its tax all the same.
    const isOlder = one.taxes.length === 0 && one.parts.tax > 0;
    known.push(isOlder ? { ...one, taxes: taxesAfter(order, refundedSoFar(order, known), one.parts) } : one);
  }
  return taxesAfter(order, refundedSoFar(order, known), parts);
}

function taxesAfter(order: Order, refunded: Refunded, parts: SaleParts): TaxTotal[] {
  const net = ({ goods, serviceCharge }: SaleParts) => goods + serviceCharge;
  const left = order.taxes.map((tax) => {
    const same = refunded.taxes.find((one) => isSameRate(one, tax));
    return {
      ...tax,
      amount: Math.max(0, tax.amount - Math.max(0, same?.amount ?? 0)),
      base: Math.max(0, tax.base - Math.max(0, same?.base ?? 0)),
    };
  });
  // Nothing left of any: of refunds older than their taxes too much was thought to be tax.
  const source = parts.tax === 0 || left.some((tax) => tax.amount > 0) ? left : order.taxes;
  return shareOfTaxes(source, parts.tax, { net: net(parts), of: net(saleParts(order)) - net(refunded.parts) });
}

/**
 * The payments as far as they still pay the order: less what of each was reversed or settled, its
 * bill first and its tip last. A refund of the sale leaves them as they were.
 */
export function settlingPayments<T extends Pick<Payment, 'id' | 'amount' | 'tip' | 'change'>>(
  order: Pick<Order, 'settledRefund'>,
  payments: readonly T[],
  refunds: readonly Pick<Refund, 'paymentId' | 'parts'>[],
): (T & Pick<Payment, 'tendered'>)[] {
  let settled = settledTotal(order);
  const reversed = new Map<string, MinorUnits>();
  for (const { paymentId, parts } of refunds) {
    const ofThis = Math.min(settled, totalOfParts(parts));
    settled -= ofThis;
    reversed.set(paymentId, (reversed.get(paymentId) ?? 0) + parts.unsettled + ofThis);
  }
  return payments
    .map((payment) => {
      const back = reversed.get(payment.id) ?? 0;
      const amount = Math.max(0, payment.amount - back);
      const tip = payment.tip - Math.max(0, back - payment.amount);
      return { ...payment, amount, tip, tendered: amount + tip + payment.change };
    })
    .filter(({ amount, tip }) => amount + tip > 0);
}

/**
 * The tip that a refund takes off an open order: reversing a payment takes back its bill first and
 * its tip last, and a tip that was given back is owed by nobody. What a refund of the sale returned
 * of it is off already. A completed order keeps its total; there the refund's parts name the tip.
 */
function reversedTip(order: Order, payment: Payment, amount: MinorUnits): MinorUnits {
  if (order.status === 'completed') return 0;
  const tipReturnedBy = (refunded: MinorUnits) => Math.max(0, refunded - payment.amount);
  const returned = tipReturnedBy(payment.refunded + amount) - tipReturnedBy(payment.refunded);
  return Math.min(returned, Math.max(0, order.tipTotal - refundedOf(order).parts.tip));
}
