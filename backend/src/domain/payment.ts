/** Money taken for an order and given back. Amounts are minor units of the order's currency. */
import { AppError } from './errors.js';
import { allocate, formatMinor, type MinorUnits, multiplyDivide, sum } from './money.js';
import { dueTotal, type Order } from './order.js';
import { refundParts, type SaleParts, saleParts } from './saleParts.js';
import { isSameRate, type TaxTotal } from './taxes.js';

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

/**
 * What a refund of `amount` takes back. While the order is open it reverses the payment and the order is due again.
 * Once completed, what was paid beyond the total goes first, then the sale in proportion to its parts, so that refunds
 * of everything mirror the sale exactly.
 * @throws AppError refund_exceeds_payment.
 */
export function partsOfRefund(order: Order, earlier: readonly RefundParts[], amount: MinorUnits): RefundParts {
  const nothing = { goods: 0, serviceCharge: 0, tax: 0, tip: 0 };
  if (order.status !== 'completed') return { ...nothing, unsettled: amount };
  const unsettled = Math.min(amount, Math.max(0, -dueTotal(order)));
  const refunded = earlier.reduce<SaleParts>(
    (total, parts) => ({
      goods: total.goods + parts.goods,
      serviceCharge: total.serviceCharge + parts.serviceCharge,
      tax: total.tax + parts.tax,
      tip: total.tip + parts.tip,
    }),
    nothing,
  );
  return { ...refundParts(saleParts(order), refunded, amount - unsettled), unsettled };
}

/**
 * The taxes of what a refund takes back. `parts.tax` is split in proportion to what is left of each, and the base of each goes back as
 * goods and service charge do: refunds that together return everything return every tax and its base exactly.
 * @param earlier refunds, the oldest first.
 * @param parts as `partsOfRefund` made them, after the same earlier refunds.
 */
export function taxesOfRefund(
  order: Order,
  earlier: readonly Pick<Refund, 'parts' | 'taxes'>[],
  parts: RefundParts,
): TaxTotal[] {
  const known: Pick<Refund, 'parts' | 'taxes'>[] = [];
  // Those that are older than their taxes took theirs all the same.
  for (const one of earlier)
    known.push(one.taxes.length > 0 ? one : { ...one, taxes: taxesAfter(order, known, one.parts) });
  return taxesAfter(order, known, parts);
}

function taxesAfter(order: Order, earlier: readonly Pick<Refund, 'parts' | 'taxes'>[], parts: RefundParts): TaxTotal[] {
  const net = ({ goods, serviceCharge }: SaleParts) => goods + serviceCharge;
  const netLeft = net(saleParts(order)) - sum(earlier.map((refund) => net(refund.parts)));
  const returned = earlier.flatMap(({ taxes }) => taxes);
  const left = order.taxes.map((tax) => {
    const same = returned.filter((one) => isSameRate(one, tax));
    return {
      amount: Math.max(0, tax.amount - sum(same.map((one) => one.amount))),
      base: Math.max(0, tax.base - sum(same.map((one) => one.base))),
    };
  });
  const amounts = allocate(
    parts.tax,
    left.map(({ amount }) => amount),
  );
  return order.taxes
    .map((tax, index) => {
      const base = netLeft > 0 ? multiplyDivide(left[index]!.base, Math.min(net(parts), netLeft), netLeft) : 0;
      return { ...tax, base, amount: amounts[index]! };
    })
    .filter(({ base, amount }) => base > 0 || amount > 0);
}

/**
 * What payments still pay of an order: less what of each was reversed, its bill first and its tip last. A refund of the sale leaves
 * them as they were.
 */
export function settlingPayments<T extends Pick<Payment, 'id' | 'amount' | 'tip' | 'change'>>(
  payments: readonly T[],
  refunds: readonly Pick<Refund, 'paymentId' | 'parts'>[],
): (T & Pick<Payment, 'tendered'>)[] {
  return payments
    .map((payment) => {
      const own = refunds.filter(({ paymentId }) => paymentId === payment.id);
      const reversed = sum(own.map(({ parts }) => parts.unsettled));
      const amount = Math.max(0, payment.amount - reversed);
      const tip = payment.tip - Math.max(0, reversed - payment.amount);
      return { ...payment, amount, tip, tendered: amount + tip + payment.change };
    })
    .filter(({ amount, tip }) => amount + tip > 0);
}

/**
 * The tip that a refund takes off an open order: reversing a payment takes back its bill first and its tip last, and a tip
 * that was given back is owed by nobody. A completed order keeps its total; there the refund's parts name the tip.
 */
export function reversedTip(order: Pick<Order, 'status'>, payment: Payment, amount: MinorUnits): MinorUnits {
  if (order.status === 'completed') return 0;
  const tipReturnedBy = (refunded: MinorUnits) => Math.max(0, refunded - payment.amount);
  return tipReturnedBy(payment.refunded + amount) - tipReturnedBy(payment.refunded);
}
