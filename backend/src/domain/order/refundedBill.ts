/**
 * Refunds of a sale whose order changes afterwards (decision 0006). When goods of the refunded bill
 * leave the order, the refund has already taken them back: they are not subtracted from the sale a
 * second time.
 */
import { allocate, type MinorUnits, sum } from '../number/money.js';
import { activeLines, type Order, type RefundedBill, repriced } from './order.js';
import {
  NO_PARTS,
  plusParts,
  type Refunded,
  refundParts,
  saleParts,
  type SaleParts,
  totalOfParts,
} from './saleParts.js';
import { isSameRate, shareOfTaxes, type TaxTotal } from './taxes.js';

const NOTHING: Readonly<Refunded> = { parts: NO_PARTS, taxes: [] };

/** Sums two refunds; rates with nothing left are left out. */
export function plusRefunded(a: Refunded, b: Refunded): Refunded {
  const taxes = a.taxes.map((tax) => ({ ...tax }));
  for (const tax of b.taxes) {
    const same = taxes.find((one) => isSameRate(one, tax));
    if (same) {
      same.base += tax.base;
      same.amount += tax.amount;
    } else taxes.push({ ...tax });
  }
  return { parts: plusParts(a.parts, b.parts), taxes: taxes.filter(({ base, amount }) => base !== 0 || amount !== 0) };
}

export function minusRefunded(a: Refunded, b: Refunded): Refunded {
  const { goods, serviceCharge, tax, tip } = b.parts;
  // Avoids -0, which JSON and equality distinguish from 0.
  const parts = { goods: 0 - goods, serviceCharge: 0 - serviceCharge, tax: 0 - tax, tip: 0 - tip };
  return plusRefunded(a, {
    parts,
    taxes: b.taxes.map((one) => ({ ...one, base: 0 - one.base, amount: 0 - one.amount })),
  });
}

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

/**
 * The bill on which a refund is based.
 * @param order at the refund.
 * @param refunded from its sale, this refund included.
 */
export function billOf(order: Order, refunded: Refunded): RefundedBill {
  return {
    total: withoutPaymentTips(order),
    quantities: Object.fromEntries(activeLines(order.lines).map(({ id, quantity }) => [id, quantity])),
    refunded,
    settled: order.settledRefund ?? NOTHING,
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
  const left = refundLeft(order, bill);
  const settled = plusRefunded(bill.settled, minusRefunded(bill.refunded, left));
  const isNothing = settled.taxes.length === 0 && Object.values(settled.parts).every((part) => part === 0);
  return { ...order, refundedSaleTotal: totalOfParts(left.parts), settledRefund: isNothing ? null : settled };
}

/** Prices an order whose bill has changed, and settles its refunds. */
export function rebilled(order: Order): Order {
  return settleRefunds(repriced(order));
}

/**
 * The part of the sale that the refunds still take out: the refunded total minus the loss of the
 * bill, spread over the rest of the bill.
 */
function refundLeft(order: Order, bill: RefundedBill): Refunded {
  if (order.status === 'cancelled') return NOTHING;
  const rest = restOfBill(order, bill);
  const lost = Math.max(0, bill.total - withoutPaymentTips(rest));
  if (lost === 0 && fits(order, bill.refunded)) return bill.refunded;
  const amount = Math.min(rest.total, Math.max(0, totalOfParts(bill.refunded.parts) - lost));
  const parts = refundParts(saleParts(rest), NO_PARTS, amount);
  const net = (of: SaleParts) => of.goods + of.serviceCharge;
  const taxes = shareOfTaxes(rest.taxes, parts.tax, { net: net(parts), of: net(saleParts(rest)) });
  return within(order, { parts, taxes: noMoreThan(bill.refunded, taxes) });
}

/**
 * Whether the sale still contains all that was refunded. It may not when one part became dearer and
 * another cheaper.
 */
function fits(order: Order, { parts, taxes }: Refunded): boolean {
  const { goods, serviceCharge, tax, tip } = saleParts(order);
  if (parts.goods > goods || parts.serviceCharge > serviceCharge || parts.tax > tax || parts.tip > tip) return false;
  return taxes.every((one) => {
    const own = order.taxes.find((total) => isSameRate(total, one));
    return own !== undefined && one.base <= own.base && one.amount <= own.amount;
  });
}

/** The order without anything ordered since the refund. */
function restOfBill(order: Order, { quantities }: RefundedBill): Order {
  const lines = activeLines(order.lines).flatMap((line) => {
    const quantity = Math.min(line.quantity, quantities[line.id] ?? 0);
    return quantity > 0 ? [{ ...line, quantity }] : [];
  });
  return repriced({ ...order, lines });
}

function withoutPaymentTips({ total, tipTotal, orderTip }: Order): MinorUnits {
  return total - (tipTotal - orderTip);
}

/**
 * Limits taxes to the recorded ones. Refunds stored before refunds had taxes are not in the tax
 * figures, and nothing is subtracted from those figures for them.
 */
function noMoreThan({ parts, taxes: recorded }: Refunded, taxes: TaxTotal[]): TaxTotal[] {
  const known = sum(recorded.map(({ amount }) => amount));
  if (known === parts.tax) return taxes;
  return taxes.map((tax) => {
    const own = recorded.find((one) => isSameRate(one, tax));
    return { ...tax, base: Math.min(tax.base, own?.base ?? 0), amount: Math.min(tax.amount, own?.amount ?? 0) };
  });
}

/**
 * Limits each part and each tax to the sale's own: rounding may move a unit from one to another.
 */
function within(order: Order, { parts, taxes }: Refunded): Refunded {
  const sale = saleParts(order);
  const isKnown = sum(taxes.map(({ amount }) => amount)) === parts.tax;
  const amount = Math.min(totalOfParts(parts), order.total);
  const [goods = 0, serviceCharge = 0, tax = 0, tip = 0] = spreadWithin(
    amount,
    [parts.goods, parts.serviceCharge, parts.tax, parts.tip],
    [sale.goods, sale.serviceCharge, sale.tax, sale.tip],
  );
  const own = order.taxes.map((total) => taxes.find((one) => isSameRate(one, total)));
  const known = isKnown ? tax : Math.min(tax, sum(own.map((one) => one?.amount ?? 0)));
  const amounts = spreadWithin(
    known,
    own.map((one) => one?.amount ?? 0),
    order.taxes.map((total) => total.amount),
  );
  const kept = order.taxes.map((total, index) => {
    const isAll = amount === order.total && isKnown;
    return {
      ...total,
      base: isAll ? total.base : Math.min(own[index]?.base ?? 0, total.base),
      amount: amounts[index]!,
    };
  });
  return {
    parts: { goods, serviceCharge, tax, tip },
    taxes: kept.filter((one) => one.base > 0 || one.amount > 0),
  };
}

/** Parts that add up to `amount`, as close to the wanted parts as their limits allow. */
function spreadWithin(amount: MinorUnits, wanted: readonly MinorUnits[], limits: readonly MinorUnits[]): MinorUnits[] {
  const parts = wanted.map((part, index) => Math.min(part, limits[index]!));
  const missing = amount - sum(parts);
  if (missing < 0) return allocate(amount, parts);
  const more = allocate(
    missing,
    parts.map((part, index) => limits[index]! - part),
  );
  return parts.map((part, index) => part + more[index]!);
}
