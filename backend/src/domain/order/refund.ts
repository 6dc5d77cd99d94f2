/**
 * Money given back for an order: which part of the sale, and which taxes, a refund takes
 * (decisions 0006 and 0038).
 */
import { AppError, invalid } from '../shared/errors.js';
import { formatMinor, type MinorUnits, multiplyDivide, percentToMillionths, shareOf, sum } from '../number/money.js';
import { type LineCharge, plusCharge, refundOfCharges } from './lineCharges.js';
import { type NamedLines, namedLines, type RefundLineRequest } from './lineRefunds.js';
import { dueTotal, type Order } from './order.js';
import type { OrderMoney, Payment, RefundLine, RefundParts } from './payment.js';
import { withoutReturns } from './returnedDeposits.js';
import { billOf, refundedOf, refundKindsOf, settledTotal, taxesOfPart } from './refundedBill.js';
import {
  minusRefunded,
  NO_PARTS,
  plusRefunded,
  type Refunded,
  refundParts,
  saleParts,
  type SaleParts,
  totalOfParts,
} from './saleParts.js';
import { isSameRate, type TaxTotal } from './taxes.js';

/** Parts and taxes of an earlier reduction of the sale. */
export type Earlier = Refunded;

export interface RefundRequest {
  payment: Payment;
  /** For the order as a whole, or for the lines; minor units, without `tip`. */
  amount?: MinorUnits | undefined;
  /** The lines that the refund is for. */
  lines?: readonly RefundLineRequest[] | undefined;
  /** The amount is for no goods: it is not settled when goods leave the order. */
  goodwill?: boolean | undefined;
  /** Tip to give back in addition. */
  tip?: MinorUnits | undefined;
  /** Earlier reductions of the order's sale, oldest first. */
  earlier: readonly Earlier[];
  /**
   * The caller confirms a further refund although the goods of an earlier refund have left the
   * bill.
   */
  acceptFurther: boolean;
}

export interface GivenBack extends Refunded {
  amount: MinorUnits;
  parts: RefundParts;
  lines: RefundLine[];
  /** Tip in the amount, also of a reversed payment. */
  tip: MinorUnits;
  money: OrderMoney;
}

/**
 * Parts of a refund, and the totals of its order after it. A refund of lines takes exactly these
 * lines and their taxes. An amount takes the sale in proportion to its parts, and the tip only when
 * nothing else is left. Without the word goodwill, it first returns an overpayment; and while the
 * order is open, it reverses the payment and the order is due again.
 * @throws AppError refund_exceeds_payment; already_refunded; not_found and invalid_request for
 *   lines.
 */
export function giveBack(order: Order, request: RefundRequest): GivenBack {
  const { payment, earlier } = request;
  if (request.amount === undefined && !request.lines && !request.tip)
    throw invalid('', 'Say what to refund: lines, an amount or a tip.');
  const refunded = refundedSoFar(order, earlier);
  const kinds = refundKindsOf(order);
  const named = request.lines && namedLines(order, { ...request, lines: request.lines }, refunded, kinds.named);
  const tip = request.tip ?? 0;
  const forGoods = named ? named.amount : (request.amount ?? 0);
  assertHeld(order, payment, forGoods + tip);
  assertTip(order, refunded, tip);
  const { parts, taxes } = partsOf(order, request, { earlier, refunded, forGoods, named, tip });
  const sale = ofSale(parts);
  assertInSale(order, refunded, totalOfParts(sale));
  const isGoodwill = request.goodwill === true && !named;
  if (!named && !isGoodwill && !request.acceptFurther) assertNotRefunded(order, totalOfParts(sale) - tip);
  const tipBack = reversedTip(order, payment, parts.unsettled);
  assertCovered(order, tipBack, order.refundedSaleTotal + totalOfParts(sale));
  const after = {
    refunded: plusRefunded(refunded, { parts: sale, taxes }),
    named: plusNamed(kinds.named, named?.charges ?? {}),
    goodwill: kinds.goodwill + (isGoodwill ? totalOfParts(sale) - tip : 0),
    namedTip: kinds.namedTip + tip,
  };
  const money = {
    tipTotal: order.tipTotal - tipBack,
    total: order.total - tipBack,
    refundedTotal: order.refundedTotal + forGoods + tip,
    refundedSaleTotal: order.refundedSaleTotal + totalOfParts(sale),
    refundedBill: totalOfParts(sale) > 0 ? billOf(order, after) : withoutTips(order, tipBack),
  };
  return { amount: forGoods + tip, parts, taxes, lines: named?.lines ?? [], tip: parts.tip + tipBack, money };
}

/** A tip given after a refund is not refunded, even when an earlier tip went back in between. */
function withoutTips({ refundedBill: bill, tipTotal, orderTip }: Order, tipBack: MinorUnits): Order['refundedBill'] {
  const tips = tipTotal - orderTip;
  return bill && tipBack > 0 ? { ...bill, paymentTips: Math.min(bill.paymentTips ?? tips, tips - tipBack) } : bill;
}

/** Reductions of the sale, less their settled part. */
export function refundedSoFar(order: Order, refunds: readonly Earlier[]): Refunded {
  const all = refunds.reduce<Refunded>(
    (total, { parts, taxes }) => plusRefunded(total, { parts: ofSale(parts), taxes }),
    { parts: NO_PARTS, taxes: [] },
  );
  return order.settledRefund ? minusRefunded(all, order.settledRefund) : all;
}

function ofSale({ goods, serviceCharge, tax, tip }: SaleParts): SaleParts {
  return { goods, serviceCharge, tax, tip };
}

/** @throws AppError refund_exceeds_payment. */
function assertHeld(order: Order, payment: Payment, amount: MinorUnits): void {
  const left = payment.amount + payment.tip - payment.refunded;
  if (amount <= left) return;
  const said = `${formatMinor(left, order.currency)} ${order.currency}`;
  throw new AppError('refund_exceeds_payment', `Only ${said} of this payment is left to refund.`);
}

/**
 * Returned deposits have lowered the sale without being refunded.
 * @throws AppError refund_exceeds_payment.
 */
function assertInSale(order: Order, { parts }: Refunded, sale: MinorUnits): void {
  const left = Math.max(0, order.total - totalOfParts(parts));
  if (sale <= left || withoutReturns(order) === order) return;
  const said = `${formatMinor(left, order.currency)} ${order.currency}`;
  throw new AppError(
    'refund_exceeds_payment',
    `Only ${said} of this sale is left to refund: returned deposits have lowered it already.`,
  );
}

/**
 * Returned deposits have lowered the bill below its goods, so a tip may be all that covers what was
 * refunded of them before.
 * @throws AppError refund_exceeds_payment.
 */
function assertCovered(order: Order, tipBack: MinorUnits, refundedSale: MinorUnits): void {
  if (tipBack === 0 || order.total - tipBack >= refundedSale) return;
  const said = (amount: MinorUnits) => `${formatMinor(amount, order.currency)} ${order.currency}`;
  throw new AppError(
    'refund_exceeds_payment',
    `Only ${said(Math.max(0, order.total - refundedSale))} of this tip is left to give back: with its returned deposits, the order has had ${said(refundedSale)} refunded. Give back less.`,
  );
}

/** @throws AppError refund_exceeds_payment. */
function assertTip(order: Order, { parts }: Refunded, tip: MinorUnits): void {
  const left = Math.max(0, order.tipTotal - parts.tip);
  if (tip <= left) return;
  const said = `${formatMinor(left, order.currency)} ${order.currency}`;
  throw new AppError('refund_exceeds_payment', `Only ${said} of the tip is left to refund.`);
}

/**
 * @param context.refunded of the sale before.
 * @throws AppError refund_exceeds_payment.
 */
function partsOf(
  given: Order,
  request: RefundRequest,
  context: {
    earlier: readonly Earlier[];
    refunded: Refunded;
    forGoods: MinorUnits;
    named: NamedLines | undefined;
    tip: MinorUnits;
  },
): { parts: RefundParts; taxes: Refunded['taxes'] } {
  const { earlier, refunded, forGoods, named, tip } = context;
  const order = withoutReturns(given);
  const isAll = forGoods + tip === order.total - totalOfParts(refunded.parts);
  if (named && !isAll) {
    const exact = refundOfCharges(Object.values(named.charges), tip);
    const taxes = exact.taxes.map((tax) => withinTax(order, refunded, tax, named.lines.length));
    const tax = sum(taxes.map(({ amount }) => amount));
    const goods = exact.parts.goods + exact.parts.tax - tax;
    return { parts: { ...withinGoods(order, refunded, { ...exact.parts, goods, tax }), unsettled: 0 }, taxes };
  }
  const unsettled = named || request.goodwill ? 0 : unsettledPart(given, forGoods);
  const before = { ...refunded.parts, tip: refunded.parts.tip + tip };
  const taken = refundParts(saleParts(order), before, forGoods - unsettled);
  const parts = { ...taken, tip: taken.tip + tip, unsettled };
  return { parts, taxes: taxesOfRefund(order, earlier, parts) };
}

/**
 * Keeps a tax and its base within the rest of the sale. Refunds of amounts round their bases, and a
 * discount that is spread again with every line may have moved a unit of tax from a line that was
 * refunded to this one: the goods take it instead. Refunds of a bill whose lines have changed since
 * can have taken more of a tax than of its base, or less: then the tax leads.
 * @param rounding that as many lines explain, in minor units.
 */
function withinTax(order: Order, refunded: Refunded, tax: TaxTotal, rounding: number): TaxTotal {
  const sold = order.taxes.find((one) => isSameRate(one, tax));
  const before = refunded.taxes.find((one) => isSameRate(one, tax));
  const left = {
    base: Math.max(0, (sold?.base ?? 0) - (before?.base ?? 0)),
    amount: Math.max(0, (sold?.amount ?? 0) - (before?.amount ?? 0)),
  };
  const base = Math.min(tax.base, left.base);
  const amount = Math.min(tax.amount, left.amount);
  const isOff = left.amount > 0 && Math.abs(shareOf(base, percentToMillionths(tax.rate)) - amount) > 1 + rounding;
  return { ...tax, amount, base: isOff ? multiplyDivide(left.base, amount, left.amount) : base };
}

/**
 * Keeps the goods within the rest of the sale: a discount that is spread again with every line may
 * have moved a unit from a line that was refunded to the line that is refunded now.
 */
function withinGoods(order: Order, refunded: Refunded, parts: SaleParts): SaleParts {
  const left = minusRefunded({ parts: saleParts(order), taxes: [] }, { ...refunded, taxes: [] }).parts;
  const beyond = Math.max(0, parts.goods - Math.max(0, left.goods));
  const ofCharge = Math.min(beyond, Math.max(0, left.serviceCharge));
  const ofTip = Math.min(beyond - ofCharge, Math.max(0, left.tip - parts.tip));
  return {
    goods: parts.goods - ofCharge - ofTip,
    serviceCharge: parts.serviceCharge + ofCharge,
    tax: parts.tax,
    tip: parts.tip + ofTip,
  };
}

/** The part of an amount that reverses a payment, or returns an overpayment. */
function unsettledPart(order: Order, amount: MinorUnits): MinorUnits {
  if (order.status !== 'completed') return amount;
  return Math.min(amount, Math.max(0, -dueTotal(order)));
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

/** Taxes of a refund of an amount. */
function taxesOfRefund(order: Order, earlier: readonly Earlier[], parts: SaleParts): Refunded['taxes'] {
  const known: Earlier[] = [];
  for (const one of earlier) {
    // A refund stored before refunds had taxes: it took its tax all the same.
    const isOlder = one.taxes.length === 0 && one.parts.tax > 0;
    known.push(isOlder ? { ...one, taxes: taxesOfPart(order, refundedSoFar(order, known), one.parts) } : one);
  }
  return taxesOfPart(order, refundedSoFar(order, known), parts);
}

function plusNamed(
  before: Readonly<Record<string, LineCharge>>,
  more: Readonly<Record<string, LineCharge>>,
): Record<string, LineCharge> {
  const all: Record<string, LineCharge> = { ...before };
  for (const [id, charge] of Object.entries(more)) all[id] = all[id] ? plusCharge(all[id], charge) : charge;
  return all;
}

/**
 * The tip that a refund subtracts from an open order. Reversing a payment takes back its bill first
 * and its tip last; nobody owes a tip that was given back. The part that a refund of the sale
 * returned is already subtracted. A completed order keeps its total; there, the refund's parts
 * contain the tip.
 * @param amount that reverses the payment.
 */
function reversedTip(order: Order, payment: Payment, amount: MinorUnits): MinorUnits {
  if (order.status === 'completed') return 0;
  const tipReturnedBy = (refunded: MinorUnits) => Math.max(0, refunded - payment.amount);
  const returned = tipReturnedBy(payment.refunded + amount) - tipReturnedBy(payment.refunded);
  return Math.min(returned, Math.max(0, order.tipTotal - refundedOf(order).parts.tip));
}
