/** The charge of one line of an order, and the parts of it that refunds take. */
import { allocate, type MinorUnits, multiplyDivide, spreadWithin, sum } from '../number/money.js';
import { type Measured, unitsIn } from './measure.js';
import type { PricedLine } from './pricing.js';
import { NO_PARTS, type Refunded } from './saleParts.js';
import { isSameRate, type TaxRate, type TaxTotal } from './taxes.js';

export interface LineCharge {
  /** After discounts, without included taxes. */
  net: MinorUnits;
  /** The base of each is the net. */
  taxes: TaxTotal[];
}

/** The item that sold a voucher, as its line named it. */
export interface SoldAs {
  menuItemId: string;
  name: string;
  categoryId: string;
  categoryName: string;
}

/**
 * The part of a payment that is taxed elsewhere than on its order: a deposit, before the meal; a
 * single-purpose voucher, when it was sold.
 */
export interface Prepaid {
  kind: 'deposit' | 'voucher';
  amount: MinorUnits;
  /** One for each set of taxes; together `amount`. */
  charges: LineCharge[];
  /** Of a voucher. */
  sold?: SoldAs;
}

/** The whole charge of a line: its amount after discounts, and its added taxes. */
export function chargeOf({ amount, taxes }: Pick<PricedLine, 'amount' | 'taxes'>): LineCharge {
  const included = sum(taxes.filter((tax) => tax.inclusive).map((tax) => tax.amount));
  // In a line of one or two cents, the included taxes can exceed the price.
  const net = Math.max(0, amount - included);
  return { net, taxes: taxes.map(({ exemptRate: _rate, exemptVat: _vat, ...tax }) => ({ ...tax, base: net })) };
}

export function totalOfCharge({ net, taxes }: LineCharge): MinorUnits {
  return sum([net, ...taxes.map((tax) => tax.amount)]);
}

/**
 * Takes `amount` out of a charge, in proportion.
 * @param left of the charge. Taking all of it takes each part exactly.
 */
export function partOfCharge({ net, taxes }: LineCharge, amount: MinorUnits, left?: LineCharge): LineCharge {
  const parts = allocate(amount, [net, ...taxes.map((tax) => tax.amount)]);
  const limits = left && [left.net, ...left.taxes.map((tax) => tax.amount)];
  const [ofNet = 0, ...ofTaxes] = limits ? spreadWithin(amount, parts, limits) : parts;
  return { net: ofNet, taxes: taxes.map((tax, place) => ({ ...tax, base: ofNet, amount: ofTaxes[place]! })) };
}

export function plusCharge(a: LineCharge, b: LineCharge): LineCharge {
  const taxes = b.taxes.map((tax) => {
    const same = a.taxes.find((one) => isSameRate(one, tax));
    return { ...tax, base: tax.base + (same?.base ?? 0), amount: tax.amount + (same?.amount ?? 0) };
  });
  return { net: a.net + b.net, taxes };
}

/** A refund of lines as a refund of the sale. */
export function refundOfCharges(charges: readonly LineCharge[], tip: MinorUnits): Refunded {
  const taxes: TaxTotal[] = [];
  for (const tax of charges.flatMap((charge) => charge.taxes)) {
    const same = taxes.find((one) => isSameRate(one, tax));
    if (same) {
      same.base += tax.base;
      same.amount += tax.amount;
    } else taxes.push({ ...tax });
  }
  const goods = sum(charges.map(({ net }) => net));
  const tax = sum(taxes.map(({ amount }) => amount));
  return { parts: { ...NO_PARTS, goods, tax, tip }, taxes: taxes.filter((one) => one.base > 0 || one.amount > 0) };
}

/** An order as far as the rest of its lines depends on it. */
interface Sale {
  lines: readonly (Pick<PricedLine, 'amount' | 'taxes'> & {
    id: string;
    quantity: number;
    measured?: Measured | null;
    voidedAt: string | null;
  })[];
  taxes: readonly TaxTotal[];
}

/** The refunds of an order, as far as the rest of its lines depends on them. */
interface Taken {
  /** From the sale, named refunds included. */
  refunded: Refunded;
  /** Refunded parts by line id. */
  named: Readonly<Record<string, LineCharge>>;
  /** Units by line id on the bill of the last refund; without it, all of them. */
  quantities?: Readonly<Record<string, number>> | undefined;
}

/**
 * The rest of each line that counts, by its id. Refunds that name no line are assumed to have taken
 * from all lines of their bill in proportion. So refunds of lines never exceed the sale, nor one of
 * its taxes.
 */
export function chargesLeft(order: Sale, { refunded, named, quantities }: Taken): Map<string, LineCharge> {
  const own = order.lines
    .filter(({ voidedAt }) => voidedAt === null)
    .map((line) => {
      const units = unitsIn(line);
      const billed = quantities ? Math.min(units, quantities[line.id] ?? 0) : units;
      const whole = chargeOf(line);
      const left = minusCharge(whole, named[line.id]);
      const taken = left.taxes.map((tax) => ({ ...tax, amount: 0 }));
      return { id: line.id, whole, left, taken, share: { billed, of: units } };
    });
  const exact = refundOfCharges(Object.values(named), 0);
  for (const total of order.taxes) {
    // The service charge is the last of them.
    const ofCharge = Math.max(0, total.amount - sum(own.map(({ whole }) => taxIn(whole.taxes, total))));
    const billed = own.map(({ whole, share: { billed: units, of } }) =>
      multiplyDivide(taxIn(whole.taxes, total), units, of),
    );
    const limits = own.map(({ left }) => taxIn(left.taxes, total));
    const taken = taxIn(refunded.taxes, total) - taxIn(exact.taxes, total);
    const amounts = shareWithin(taken, [...billed, ofCharge], [...limits, ofCharge]);
    for (const [index, line] of own.entries())
      for (const tax of line.taken) if (isSameRate(tax, total)) tax.amount = amounts[index]!;
  }
  const nets = netsTaken(
    refunded.parts.goods - exact.parts.goods,
    own.map(({ whole, left, taken, share: { billed, of } }) => ({
      net: whole.net,
      left: left.net,
      billed: multiplyDivide(whole.net, billed, of),
      taxes: { whole: taxSum(whole.taxes), taken: taxSum(taken) },
    })),
  );
  return new Map(
    own.map(({ id, left, taken }, index) => [id, minusCharge(left, { net: nets[index]!, taxes: taken })] as const),
  );
}

interface LineNet {
  net: MinorUnits;
  /** Not refunded by name. */
  left: MinorUnits;
  /** On the bill of the last refund. */
  billed: MinorUnits;
  taxes: { whole: MinorUnits; taken: MinorUnits };
}

/**
 * Goods that refunds have taken from each line: in proportion, or as its taxes where these disagree
 * by more than their rounding.
 */
function netsTaken(goods: MinorUnits, lines: readonly LineNet[]): MinorUnits[] {
  const even = share(
    goods,
    lines.map(({ billed }) => billed),
  );
  const wanted = lines.map(({ net, taxes: { whole, taken } }, index) => {
    const expected = net > 0 ? multiplyDivide(whole, even[index]!, net) : 0;
    return whole > 0 && Math.abs(expected - taken) > 2 ? multiplyDivide(net, taken, whole) : even[index]!;
  });
  const limits = lines.map(({ left }) => left);
  return spreadWithin(Math.max(0, Math.min(goods, sum(limits))), wanted, limits);
}

function taxSum(taxes: readonly TaxTotal[]): MinorUnits {
  return sum(taxes.map((tax) => tax.amount));
}

/** Price of `quantity` units of a charge of `all` units, when `taken` was refunded of it before. */
export function chargeOfUnits(
  total: MinorUnits,
  { quantity, all, taken }: { quantity: number; all: number; taken: MinorUnits },
): MinorUnits {
  const before = total > 0 ? multiplyDivide(taken, all, total) : 0;
  // Units refunded one after the other return the line exactly.
  if (multiplyDivide(total, before, all) !== taken) return multiplyDivide(total, quantity, all);
  return multiplyDivide(total, before + quantity, all) - taken;
}

function taxIn(taxes: readonly TaxTotal[], wanted: TaxRate): MinorUnits {
  return taxes.find((tax) => isSameRate(tax, wanted))?.amount ?? 0;
}

function minusCharge(charge: LineCharge, taken: LineCharge | undefined): LineCharge {
  if (!taken) return charge;
  const net = Math.max(0, charge.net - taken.net);
  const taxes = charge.taxes.map((tax) => ({
    ...tax,
    base: net,
    amount: Math.max(0, tax.amount - taxIn(taken.taxes, tax)),
  }));
  return { net, taxes };
}

/** Spreads by the weights, and beyond them by the limits. */
function shareWithin(amount: MinorUnits, weights: readonly MinorUnits[], limits: readonly MinorUnits[]): MinorUnits[] {
  return spreadWithin(Math.max(0, Math.min(amount, sum(limits))), share(amount, weights), limits);
}

/** Spreads at most the sum of the weights. */
function share(amount: MinorUnits, weights: readonly MinorUnits[]): MinorUnits[] {
  return allocate(Math.max(0, Math.min(amount, sum(weights))), weights);
}
