/**
 * Deposits: payments before the meal (decision 0047). Their taxes are due on the day on which they
 * come, and are deducted from those of the meal.
 */
import { AppError } from '../shared/errors.js';
import { allocate, formatMinor, type MinorUnits, multiplyDivide, percentToMillionths, sum } from '../number/money.js';
import {
  chargeOf,
  type LineCharge,
  partOfCharge,
  plusCharge,
  type Prepaid,
  refundOfCharges,
  totalOfCharge,
} from './lineCharges.js';
import { activeLines, type Order } from './order.js';
import type { OrderMoney, Payment, Refund, RefundParts } from './payment.js';
import { type Earlier, refundedSoFar } from './refund.js';
import { withoutReturns } from './returnedDeposits.js';
import { minusRefunded, NO_PARTS, type Refunded, refundParts, saleParts, totalOfParts } from './saleParts.js';
import { isSameRate, ratesKey, shareOfTaxes, type TaxTotal } from './taxes.js';

type Held = Pick<Payment, 'id' | 'amount' | 'tip' | 'refunded' | 'prepaid'>;
type Returned = Pick<Refund, 'paymentId' | 'prepaid'>;

/**
 * Splits a deposit over the goods and the service charge that no earlier deposit has paid, in
 * proportion to what each set of taxes still comes to.
 * @param earlier deposits of the order, less what was given back of them.
 * @throws AppError amount_exceeds_due above the bill without its tip.
 */
export function depositOf(order: Order, amount: MinorUnits, earlier: readonly LineCharge[]): Prepaid {
  const left = unpaidCharges(order, earlier);
  const most = sum(left.map(totalOfCharge));
  if (amount > most) {
    const said = `${formatMinor(most, order.currency)} ${order.currency}`;
    throw new AppError(
      'amount_exceeds_due',
      `Deposits can prepay ${said} more of this order: its bill without the tip.`,
    );
  }
  const amounts = allocate(amount, left.map(totalOfCharge));
  const charges = left.map((charge, index) => taxedPart(charge, amounts[index]!));
  return { kind: 'deposit', amount, charges: charges.filter((charge) => totalOfCharge(charge) > 0) };
}

/** The bill without its tip, less what earlier deposits have paid of it. */
export function mostOfDeposit(order: Order, earlier: readonly LineCharge[]): MinorUnits {
  return sum(unpaidCharges(order, earlier).map(totalOfCharge));
}

function unpaidCharges(order: Order, earlier: readonly LineCharge[]): LineCharge[] {
  return chargesOf(order).map((charge) => less(charge, earlier));
}

/** The rest of a payment's deposit, less what refunds before the meal gave back. */
export function depositLeft({ id, prepaid }: Held, refunds: readonly Returned[]): LineCharge[] {
  const returned = refunds.filter(({ paymentId }) => paymentId === id).flatMap((one) => one.prepaid?.charges ?? []);
  return (prepaid?.charges ?? []).map((charge) => less(charge, returned)).filter((one) => totalOfCharge(one) > 0);
}

/** The part of a deposit that goes back with a refund before the meal. */
export function depositReturned(left: readonly LineCharge[], amount: MinorUnits): Prepaid | null {
  const returned = Math.min(amount, sum(left.map(totalOfCharge)));
  return returned === 0 ? null : { kind: 'deposit', amount: returned, charges: partOfCharges(left, returned) };
}

/**
 * All deposits that an order holds, to be kept when it is cancelled.
 * @throws AppError invalid_state without a deposit; order_has_payments when it holds other money.
 */
export function depositKept(order: Order, payments: readonly Held[], refunds: readonly Returned[]): Prepaid {
  const charges = payments.filter(isDeposit).flatMap((payment) => {
    // Of a deposit that was refunded after the meal, less money is here than its taxes say.
    const held = payment.amount + payment.tip - payment.refunded;
    return depositReturned(depositLeft(payment, refunds), held)?.charges ?? [];
  });
  const amount = sum(charges.map(totalOfCharge));
  if (amount === 0) throw new AppError('invalid_state', 'This order has no deposit. Cancel it instead.');
  if (amount !== order.paidTotal - order.refundedTotal)
    throw new AppError(
      'order_has_payments',
      'This order holds money that is no deposit. Refund those payments and tips first, then keep the deposit.',
    );
  return { kind: 'deposit', amount, charges };
}

/**
 * A kept deposit as a sale: of a cancelled order, or as damages outside the scope of VAT.
 * @returns a reduction of the sale, below zero.
 */
export function keptSale({ charges, amount }: Prepaid, isTaxed: boolean): Refunded & { amount: MinorUnits } {
  const { parts, taxes } = isTaxed ? refundOfCharges(charges, 0) : { parts: { ...NO_PARTS, goods: amount }, taxes: [] };
  return { amount: -amount, ...minusRefunded({ parts: NO_PARTS, taxes: [] }, { parts, taxes }) };
}

/**
 * A refund of a deposit that was kept of a cancelled order: it takes that sale back.
 * @param kept the sale, above zero.
 * @param refunds of the order.
 * @throws AppError refund_exceeds_payment.
 */
export function giveBackKept(
  order: Order,
  kept: Refunded,
  { payment, amount, refunds }: { payment: Held; amount: MinorUnits; refunds: readonly Earlier[] },
): Refunded & { amount: MinorUnits; parts: RefundParts; lines: []; tip: 0; money: OrderMoney } {
  const held = payment.amount + payment.tip - payment.refunded;
  if (amount > held) {
    const said = `${formatMinor(held, order.currency)} ${order.currency}`;
    throw new AppError('refund_exceeds_payment', `Only ${said} of this payment is left to refund.`);
  }
  const before = refundedSoFar(order, refunds);
  const left = minusRefunded(kept, before);
  const parts = refundParts(kept.parts, before.parts, amount);
  const taxes = shareOfTaxes(left.taxes, parts.tax, { net: parts.goods, of: left.parts.goods });
  const money = {
    refundedTotal: order.refundedTotal + amount,
    refundedSaleTotal: order.refundedSaleTotal + totalOfParts(parts),
  };
  return { amount, parts: { ...parts, unsettled: 0 }, taxes, lines: [], tip: 0, money };
}

/**
 * Goods and service charge of an order, one charge for each set of taxes. Returned bottles are
 * settled with the meal.
 */
function chargesOf(billed: Order): LineCharge[] {
  const order = withoutReturns(billed);
  const lines = activeLines(order.lines).map(chargeOf);
  const ofLines = refundOfCharges(lines, 0).taxes;
  const net = saleParts(order).serviceCharge;
  const taxes = order.taxes
    .filter((tax) => order.serviceCharge?.taxes.some((own) => isSameRate(own, tax)))
    .map(({ exemptRate: _rate, exemptVat: _vat, ...tax }) => ({
      ...tax,
      base: net,
      amount: tax.amount - taxIn(ofLines, tax),
    }));
  const all = net > 0 ? [...lines, { net, taxes }] : lines;
  const groups = new Map<string, LineCharge>();
  for (const charge of all) {
    const key = ratesKey(charge.taxes);
    const group = groups.get(key);
    groups.set(key, group ? plusCharge(group, charge) : charge);
  }
  return [...groups.values()];
}

export function isDeposit({ prepaid }: Pick<Payment, 'prepaid'>): boolean {
  return prepaid?.kind === 'deposit';
}

/** Takes an amount out of charges, in proportion; taking all of it takes each part exactly. */
export function partOfCharges(left: readonly LineCharge[], amount: MinorUnits): LineCharge[] {
  const amounts = allocate(amount, left.map(totalOfCharge));
  return left
    .map((charge, index) => partOfCharge(charge, amounts[index]!, charge))
    .filter((charge) => totalOfCharge(charge) > 0);
}

/**
 * A part of a charge with the taxes that its rates give, as an invoice states them; the whole
 * charge as it is.
 */
function taxedPart(left: LineCharge, amount: MinorUnits): LineCharge {
  if (amount === totalOfCharge(left)) return left;
  const rates = left.taxes.map(({ rate }) => percentToMillionths(rate));
  const amounts = left.taxes.map((tax, index) =>
    Math.min(tax.amount, multiplyDivide(amount, rates[index]!, 1_000_000 + sum(rates))),
  );
  const net = amount - sum(amounts);
  if (net > left.net) return partOfCharge(left, amount, left);
  return { net, taxes: left.taxes.map((tax, index) => ({ ...tax, base: net, amount: amounts[index]! })) };
}

/** A charge less those of the same set of taxes. */
export function less(charge: LineCharge, taken: readonly LineCharge[]): LineCharge {
  const key = ratesKey(charge.taxes);
  const same = taken.filter(({ taxes }) => ratesKey(taxes) === key);
  const net = Math.max(0, charge.net - sum(same.map((one) => one.net)));
  const back = same.flatMap(({ taxes }) => taxes);
  const taxes = charge.taxes.map((tax) => ({ ...tax, base: net, amount: Math.max(0, tax.amount - taxIn(back, tax)) }));
  return { net, taxes };
}

function taxIn(taxes: readonly TaxTotal[], wanted: TaxTotal): MinorUnits {
  return sum(taxes.filter((tax) => isSameRate(tax, wanted)).map(({ amount }) => amount));
}
