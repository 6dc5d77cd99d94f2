/** Money taken for an order and given back. Amounts are minor units of the order's currency. */
import { AppError } from '../shared/errors.js';
import type { Prepaid } from './lineCharges.js';
import { formatMinor, type MinorUnits, multiplyDivide } from '../number/money.js';
import { type CashRounding, inCash } from '../restaurant/cashRounding.js';
import { dueTotal, type Order } from './order.js';
import { settledTotal } from './refundedBill.js';
import { type SaleParts, totalOfParts } from './saleParts.js';
import { shareOfTaxes, type TaxTotal } from './taxes.js';

export const PAYMENT_METHODS = ['cash', 'card', 'voucher', 'other'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export interface Payment {
  id: string;
  orderId: string;
  method: PaymentMethod;
  /** Amount that pays the bill. */
  amount: MinorUnits;
  /** Tip on top of the bill. */
  tip: MinorUnits;
  /** Cash taken beyond `amount` and `tip`, because small coins are missing; negative: waived. */
  rounding: MinorUnits;
  /** Amount handed over: `amount + tip + rounding + change`. */
  tendered: MinorUnits;
  /** Cash handed back. */
  change: MinorUnits;
  refunded: MinorUnits;
  reference: string | null;
  /** The shift of the drawer that the money went into. */
  shiftId: string | null;
  /** Null: the payment is no deposit. */
  prepaid: Prepaid | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/**
 * Parts of a refund. `unsettled` reverses a payment or returns an overpayment; the rest reduces the
 * sale.
 */
export interface RefundParts extends SaleParts {
  unsettled: MinorUnits;
}

/** The refunded part of one line. */
export interface RefundLine {
  lineId: string;
  name: string;
  /** Units that the refund is for; null when it named an amount, or the rest of the line. */
  /** Decimal text of a line sold by weight or the like. */
  quantity: number | string | null;
  /** With all taxes of the line. */
  amount: MinorUnits;
}

export interface Refund {
  id: string;
  paymentId: string;
  orderId: string;
  /** How the money was given back; it may differ from the method of the payment. */
  method: PaymentMethod;
  amount: MinorUnits;
  /** Cash handed out beyond `amount`; negative: less. */
  rounding: MinorUnits;
  /** Tip in `amount`, also of a reversed payment. */
  tip: MinorUnits;
  /** The shift of the drawer that the money came from. */
  shiftId: string | null;
  /** Lines that the refund names. Empty: it names none. */
  lines: RefundLine[];
  /** Given for the whole order: no line that leaves the order later is paid by it. */
  goodwill: boolean;
  parts: RefundParts;
  /**
   * Taxes that make up `parts.tax`, by tax and rate, with their bases. Empty on refunds that are
   * older than this field.
   */
  taxes: TaxTotal[];
  /** The part of a deposit that it gives back before the meal. */
  prepaid: Prepaid | null;
  reason: string;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/** Totals of an order that payments and refunds change. */
export type OrderMoney = Partial<
  Pick<Order, 'tipTotal' | 'total' | 'paidTotal' | 'refundedTotal' | 'refundedSaleTotal' | 'refundedBill'>
>;

/**
 * Keeps the sum of all payments of an order countable, later refunds included. A payment is at most
 * `MAX_AMOUNT`, so only 90,000 payments and refunds reach the limit.
 * @throws AppError invalid_request.
 */
export function assertCountable({ paidTotal }: Pick<Order, 'paidTotal'>, paying: MinorUnits): void {
  if (Number.isSafeInteger(paidTotal + paying)) return;
  const message = 'More was paid and given back on this order than can be counted. Place another order for the rest.';
  throw new AppError('invalid_request', message);
}

/**
 * Splits the amount that a guest hands over into bill and change. Only cash gives change. The cash
 * that pays the rest of a bill is rounded, with its tip; any other amount stays as it is.
 * @throws AppError amount_exceeds_due for other methods, or when nothing is due.
 */
export function tender(
  order: Order,
  { method, amount: handed, tip = 0 }: { method: PaymentMethod; amount: MinorUnits; tip?: MinorUnits | undefined },
  cash: CashRounding,
): Pick<Payment, 'amount' | 'rounding' | 'change'> {
  const due = Math.max(0, dueTotal(order));
  const exact = due + tip;
  const payable = inCash(exact, cash);
  if (method === 'cash' && due > 0 && handed + tip >= Math.min(exact, payable)) {
    // The exact amount does not exist in coins: whoever sends it means the rounded one.
    const change = handed + tip > exact ? Math.max(0, handed + tip - payable) : 0;
    return { amount: due, rounding: payable - exact, change };
  }
  if (handed <= due) return { amount: handed, rounding: 0, change: 0 };
  const hint =
    due === 0
      ? 'Nothing is due on this order.'
      : `Only ${formatMinor(due, order.currency)} ${order.currency} is due. Put the rest into "tip".`;
  throw new AppError('amount_exceeds_due', hint);
}

/** Totals of an order after a payment of `amount` and `tip`. */
export function moneyAfterPayment(order: Order, amount: MinorUnits, tip: MinorUnits): OrderMoney {
  return { tipTotal: order.tipTotal + tip, total: order.total + tip, paidTotal: order.paidTotal + amount + tip };
}

/**
 * The payments, reduced to the part that still pays the order. Reversed and settled amounts are
 * subtracted from each payment, its bill first and its tip last. A refund of the sale leaves
 * payments unchanged.
 */
export function settlingPayments<T extends Pick<Payment, 'id' | 'amount' | 'tip' | 'rounding' | 'change'>>(
  order: Pick<Order, 'settledRefund'>,
  payments: readonly T[],
  refunds: readonly Pick<Refund, 'paymentId' | 'parts' | 'rounding'>[],
): (T & Pick<Payment, 'tendered'>)[] {
  let settled = settledTotal(order);
  const reversed = new Map<string, MinorUnits>();
  const coins = new Map<string, MinorUnits>();
  for (const { paymentId, parts, rounding } of refunds) {
    const ofThis = Math.min(settled, totalOfParts(parts));
    settled -= ofThis;
    reversed.set(paymentId, (reversed.get(paymentId) ?? 0) + parts.unsettled + ofThis);
    if (totalOfParts(parts) === ofThis) coins.set(paymentId, (coins.get(paymentId) ?? 0) + rounding);
  }
  return payments
    .map((payment) => {
      const back = reversed.get(payment.id) ?? 0;
      const amount = Math.max(0, payment.amount - back);
      const tip = payment.tip - Math.max(0, back - payment.amount);
      const rounding = payment.rounding - (coins.get(payment.id) ?? 0);
      return { ...payment, amount, tip, rounding, tendered: amount + tip + rounding + payment.change };
    })
    .filter(({ amount, tip }) => amount + tip > 0);
}

/**
 * The refunds of a sale, each less its settled part. With `settlingPayments` they add up to the
 * money kept.
 */
export function saleRefunds(
  order: Pick<Order, 'settledRefund'>,
  refunds: readonly Pick<Refund, 'method' | 'reason' | 'parts' | 'taxes' | 'rounding'>[],
): Pick<Refund, 'method' | 'amount' | 'rounding' | 'reason' | 'taxes'>[] {
  let settled = settledTotal(order);
  return refunds.flatMap(({ method, reason, parts, taxes, rounding }) => {
    const sale = totalOfParts(parts);
    const ofThis = Math.min(settled, sale);
    settled -= ofThis;
    if (sale === ofThis) return [];
    const tax = multiplyDivide(parts.tax, sale - ofThis, sale);
    const net = parts.goods + parts.serviceCharge;
    const share = { net: multiplyDivide(net, sale - ofThis, sale), of: net };
    const isKnown = taxes.some(({ amount }) => amount > 0);
    const shown = isKnown ? shareOfTaxes(taxes, tax, share) : taxes;
    return [{ method, amount: sale - ofThis, rounding, reason, taxes: shown }];
  });
}
