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
  /** Amount that pays the bill. */
  amount: MinorUnits;
  /** Tip on top of the bill. */
  tip: MinorUnits;
  /** Amount handed over: `amount + tip + change`. */
  tendered: MinorUnits;
  /** Cash handed back. */
  change: MinorUnits;
  refunded: MinorUnits;
  reference: string | null;
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

export interface Refund {
  id: string;
  paymentId: string;
  orderId: string;
  amount: MinorUnits;
  parts: RefundParts;
  /**
   * Taxes that make up `parts.tax`, by tax and rate, with their bases. Empty on refunds that are
   * older than this field.
   */
  taxes: TaxTotal[];
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
 * Splits the amount that a guest hands over into bill and change. Only cash gives change.
 * @throws AppError amount_exceeds_due for other methods, or when nothing is due.
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
      : `Only ${formatMinor(due, order.currency)} ${order.currency} is due. Put the rest into "tip".`;
  throw new AppError('amount_exceeds_due', hint);
}

/** Totals of an order after a payment of `amount` and `tip`. */
export function moneyAfterPayment(order: Order, amount: MinorUnits, tip: MinorUnits): OrderMoney {
  return { tipTotal: order.tipTotal + tip, total: order.total + tip, paidTotal: order.paidTotal + amount + tip };
}

interface RefundRequest {
  payment: Payment;
  amount: MinorUnits;
  /** Earlier refunds of the order, oldest first. */
  earlier: readonly Pick<Refund, 'parts' | 'taxes'>[];
  /**
   * The caller confirms a further refund although the goods of an earlier refund have left the
   * bill.
   */
  acceptFurther: boolean;
}

/**
 * Parts of a refund, and the totals of its order after it. While the order is open, a refund
 * reverses the payment and the order is due again. After completion, an overpayment is returned
 * first, then the sale in proportion to its parts.
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

/** Refunds of the sale, less their settled part. */
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

/**
 * @param refunded earlier refunds of the sale.
 * @throws AppError refund_exceeds_payment.
 */
function partsOfRefund(order: Order, refunded: SaleParts, amount: MinorUnits): RefundParts {
  if (order.status !== 'completed') return { ...NO_PARTS, unsettled: amount };
  const unsettled = Math.min(amount, Math.max(0, -dueTotal(order)));
  return { ...refundParts(saleParts(order), refunded, amount - unsettled), unsettled };
}

/**
 * Refuses a refund that is no larger than an earlier one whose goods have since left the bill: it
 * is most likely the same refund again.
 */
function assertNotRefunded(order: Order, sale: MinorUnits): void {
  const settled = settledTotal(order);
  if (sale === 0 || sale > settled) return;
  const said = `${formatMinor(settled, order.currency)} ${order.currency}`;
  throw new AppError(
    'already_refunded',
    `${said} of this order was already refunded and is no longer on its bill. To give back more, send "acceptFurther": true.`,
  );
}

/**
 * Taxes of a refund. `parts.tax` is split in proportion to the rest of each tax, and each base is
 * reduced in proportion to goods and service charge. Refunds that together return everything return
 * every tax and its base exactly.
 */
function taxesOfRefund(
  order: Order,
  earlier: readonly Pick<Refund, 'parts' | 'taxes'>[],
  parts: RefundParts,
): TaxTotal[] {
  const known: Pick<Refund, 'parts' | 'taxes'>[] = [];
  for (const one of earlier) {
    // A refund stored before refunds had taxes: it took its tax all the same.
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
  // Nothing is left of any tax: refunds stored before refunds had taxes were assigned too much tax.
  const source = parts.tax === 0 || left.some((tax) => tax.amount > 0) ? left : order.taxes;
  return shareOfTaxes(source, parts.tax, { net: net(parts), of: net(saleParts(order)) - net(refunded.parts) });
}

/**
 * The payments, reduced to the part that still pays the order. Reversed and settled amounts are
 * subtracted from each payment, its bill first and its tip last. A refund of the sale leaves
 * payments unchanged.
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
 * The tip that a refund subtracts from an open order. Reversing a payment takes back its bill first
 * and its tip last; nobody owes a tip that was given back. The part that a refund of the sale
 * returned is already subtracted. A completed order keeps its total; there, the refund's parts
 * contain the tip.
 */
function reversedTip(order: Order, payment: Payment, amount: MinorUnits): MinorUnits {
  if (order.status === 'completed') return 0;
  const tipReturnedBy = (refunded: MinorUnits) => Math.max(0, refunded - payment.amount);
  const returned = tipReturnedBy(payment.refunded + amount) - tipReturnedBy(payment.refunded);
  return Math.min(returned, Math.max(0, order.tipTotal - refundedOf(order).parts.tip));
}
