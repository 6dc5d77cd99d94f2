/**
 * Refunds of a sale whose order changes afterwards (decision 0006). When goods of the refunded bill
 * leave the order, the refund has already taken them back: they are not subtracted from the sale a
 * second time.
 */
import { type MinorUnits, multiplyDivide } from '../number/money.js';
import { chargeOf, type LineCharge, partOfCharge, refundOfCharges, totalOfCharge } from './lineCharges.js';
import { unitsIn, withUnits } from './measure.js';
import { activeLines, type NamedRefund, type Order, type OrderLine, type RefundedBill, repriced } from './order.js';
import { ownAmounts } from './pricing.js';
import { withoutReturns } from './returnedDeposits.js';
import { fits, noMoreThan, within } from './refundLimits.js';
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
import { isSameRate, shareOfTaxes, type TaxTotal } from './taxes.js';

const NOTHING: Readonly<Refunded> = { parts: NO_PARTS, taxes: [] };

/**
 * Refunded from an order's sale as it is now. Nothing for orders that were refunded before bills
 * were stored.
 */
export function refundedOf({ refundedBill: bill, settledRefund }: Order): Refunded {
  return bill ? minusRefunded(plusRefunded(bill.refunded, bill.settled), settledRefund ?? NOTHING) : NOTHING;
}

/** Settled part of the refunds, in minor units: their goods have since left the order itself. */
export function settledTotal({ settledRefund }: Pick<Order, 'settledRefund'>): MinorUnits {
  return settledRefund ? totalOfParts(settledRefund.parts) : 0;
}

/** The refunds of a sale, by what they are for. */
export interface RefundsByKind {
  /** All of them. */
  refunded: Refunded;
  /** Refunds that name a line, by its id. */
  named: Record<string, LineCharge>;
  goodwill: MinorUnits;
  namedTip: MinorUnits;
}

/** The refunds that an order has now, by kind; without the sum of all. */
export function refundKindsOf(order: Order): Omit<RefundsByKind, 'refunded'> {
  const { refundedBill: bill } = order;
  if (!bill) return { named: {}, goodwill: 0, namedTip: 0 };
  const { named, goodwill, namedTip } = refundsLeft(order, bill);
  return { named, goodwill, namedTip };
}

/**
 * The bill on which a refund is based.
 * @param sold the order at the refund.
 * @param refunds from its sale, this refund included.
 */
export function billOf(sold: Order, refunds: RefundsByKind): RefundedBill {
  const order = withoutReturns(sold);
  const { named, goodwill, namedTip } = refunds;
  const lines = activeLines(order.lines);
  const ownAmount = ownAmountsOf(lines);
  const ofLines = lines.flatMap((line): [string, NamedRefund][] => {
    const charge = named[line.id];
    if (!charge) return [];
    const own = chargeOf(line);
    // A discount of the order is spread again with every line: it may have taken a unit of this
    // one.
    const refunded = holds(own, charge)
      ? charge
      : partOfCharge(own, Math.min(totalOfCharge(charge), totalOfCharge(own)));
    return [[line.id, { refunded, total: totalOfCharge(own), ownAmount: ownAmount.get(line.id)! }]];
  });
  return {
    total: withoutPaymentTips(withoutLines(order, named)),
    quantities: Object.fromEntries(lines.map((line) => [line.id, unitsIn(line)])),
    refunded: refunds.refunded,
    settled: order.settledRefund ?? NOTHING,
    named: Object.fromEntries(ofLines),
    goodwill,
    namedTip,
    paymentTips: order.tipTotal - order.orderTip,
  };
}

/**
 * Compares an order with its refunded bill and renews the settled part of its refunds. The result
 * depends on these two alone: a quantity lowered and raised again, or a discount given and removed,
 * leaves no trace.
 */
export function settleRefunds(order: Order): Order {
  const { refundedBill: bill } = order;
  if (!bill) return order;
  const left = refundsLeft(order, bill).refunded;
  const settled = plusRefunded(bill.settled, minusRefunded(bill.refunded, left));
  const isNothing = settled.taxes.length === 0 && Object.values(settled.parts).every((part) => part === 0);
  return { ...order, refundedSaleTotal: totalOfParts(left.parts), settledRefund: isNothing ? null : settled };
}

/** Prices an order whose bill has changed, and settles its refunds. */
export function rebilled(order: Order): Order {
  return settleRefunds(repriced(order));
}

/**
 * The part of the sale that the refunds still take out. A refund that names a line loses what this
 * line loses. A refund that names nothing loses what the other lines lose, and is spread over the
 * rest of the bill. Goodwill stays, as long as the bill has room for it.
 */
function refundsLeft(sold: Order, bill: RefundedBill): RefundsByKind {
  const order = withoutReturns(sold);
  if (order.status === 'cancelled') return { refunded: NOTHING, named: {}, goodwill: 0, namedTip: 0 };
  const rest = restOfBill(order, bill);
  const before = recordedNames(bill);
  const ownAmount = ownAmountsOf(rest.lines);
  const named = Object.fromEntries(
    Object.entries(bill.named ?? {}).map(([id, one]) => [
      id,
      namedLeft(
        one,
        rest.lines.find((line) => line.id === id),
        ownAmount.get(id) ?? 0,
      ),
    ]),
  );
  const namedTip = Math.min(bill.namedTip ?? 0, rest.tipTotal);
  const exact = refundOfCharges(Object.values(named), namedTip);
  const lost = Math.max(0, bill.total - withoutPaymentTips(withoutLines(rest, named)));
  const room = Math.max(0, rest.total - totalOfParts(exact.parts));
  const others = totalOfParts(bill.refunded.parts) - totalOfParts(before.parts);
  const isUnchanged = lost === 0 && others <= room && totalOfParts(exact.parts) === totalOfParts(before.parts);
  if (isUnchanged && fits(order, bill.refunded))
    return { refunded: bill.refunded, named, goodwill: bill.goodwill ?? 0, namedTip };

  const goodwill = Math.min(bill.goodwill ?? 0, others, room);
  const amount = Math.min(room, goodwill + Math.max(0, others - (bill.goodwill ?? 0) - lost));
  const parts = refundParts(saleParts(rest), exact.parts, amount);
  const all = plusRefunded(exact, { parts, taxes: taxesOfPart(rest, exact, parts) });
  const refunded = within(order, { ...all, taxes: noMoreThan(bill.refunded, all.taxes) });
  return { refunded, named, goodwill, namedTip };
}

function ownAmountsOf(lines: readonly OrderLine[]): Map<string, MinorUnits> {
  const amounts = ownAmounts(lines);
  return new Map(lines.map(({ id }, index) => [id, amounts[index]!]));
}

function recordedNames({ named = {}, namedTip = 0 }: RefundedBill): Refunded {
  return refundOfCharges(
    Object.values(named).map(({ refunded }) => refunded),
    namedTip,
  );
}

/**
 * The rest of a refund of a line: the refunded amount less what the line has lost by its quantity
 * or its own discounts. A discount of the order only limits it.
 * @param line as far as it is on the refunded bill; undefined when it was voided.
 * @param own the line before discounts of the order.
 */
function namedLeft(
  { refunded, total, ownAmount: before }: NamedRefund,
  line: OrderLine | undefined,
  own: MinorUnits,
): LineCharge {
  if (!line || line.voidedAt !== null) return NO_CHARGE;
  const charge = chargeOf(line);
  const cheaper = Math.max(0, before - own);
  const lost = before > 0 ? multiplyDivide(total, cheaper, before) : 0;
  const amount = Math.min(totalOfCharge(charge), Math.max(0, totalOfCharge(refunded) - lost));
  const isSame = amount === totalOfCharge(refunded) && totalOfCharge(charge) === total && holds(charge, refunded);
  return isSame ? refunded : partOfCharge(charge, amount);
}

/** Whether a charge contains a part: its taxes may have changed with the order's type. */
function holds(charge: LineCharge, part: LineCharge): boolean {
  return (
    part.net <= charge.net &&
    part.taxes.every((tax) => charge.taxes.some((own) => isSameRate(own, tax) && tax.amount <= own.amount))
  );
}

const NO_CHARGE: Readonly<LineCharge> = { net: 0, taxes: [] };

/**
 * The taxes of a part of an order's sale. `parts.tax` is split in proportion to the rest of each
 * tax, and each base is reduced in proportion to goods and service charge. Parts that together are
 * everything take every tax and its base exactly.
 * @param refunded from the sale before.
 */
export function taxesOfPart(
  order: Parameters<typeof saleParts>[0] & { taxes: readonly TaxTotal[] },
  refunded: Refunded,
  parts: SaleParts,
): TaxTotal[] {
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

/** The order without anything ordered, and any tip given, since the refund. */
function restOfBill(order: Order, { quantities, paymentTips }: RefundedBill): Order {
  const lines = activeLines(order.lines).flatMap((line) => {
    const units = Math.min(unitsIn(line), quantities[line.id] ?? 0);
    return units > 0 ? [units === unitsIn(line) ? line : withUnits(line, units)] : [];
  });
  const tips = order.tipTotal - order.orderTip;
  return repriced({ ...order, lines, tipTotal: order.orderTip + Math.min(tips, paymentTips ?? tips) });
}

function withoutLines(order: Order, named: Readonly<Record<string, unknown>>): Order {
  if (Object.keys(named).length === 0) return order;
  return repriced({ ...order, lines: order.lines.filter(({ id }) => !(id in named)) });
}

function withoutPaymentTips({ total, tipTotal, orderTip }: Order): MinorUnits {
  return total - (tipTotal - orderTip);
}
