/**
 * The one pricing engine: previews, orders, changes to orders and refunds all pass through here.
 *
 * Order of steps (decision 0002):
 *  1. line gross = (unit price + charged modifiers) x quantity
 *  2. the line's own discounts, in the order given, each on what the one before left; never below zero
 *  3. the order's discounts likewise on the sum of the lines, spread over the lines in proportion
 *  4. service charge = its rate on what the lines come to now
 *  5. taxes, on lines and service charge; an included tax is taken out of the price, an added tax comes on top
 *  6. tip, untaxed
 *
 * Rounding: half away from zero, once per tax over all charges that carry the same set of taxes, then spread over those
 * charges by largest remainder. Lines therefore add up to the totals exactly, and a tax is never a cent off because it
 * was rounded line by line. Nothing depends on the order of the lines, except which of them shows a cent that is left.
 */
import { AppError } from './errors.js';
import {
  allocate,
  type Millionths,
  type MinorUnits,
  multiplyDivide,
  percentToMillionths,
  shareOf,
  sum,
} from './money.js';

export interface TaxRate {
  taxId: string;
  name: string;
  /** Percent as decimal text, at most four decimals: `8.875`. */
  rate: string;
  /** True: contained in the price. False: added to it. */
  inclusive: boolean;
}

export interface TaxAmount extends TaxRate {
  amount: MinorUnits;
}

/** Exactly one of `percent` and `amount`. */
export interface Discount {
  name?: string | undefined;
  percent?: string | undefined;
  amount?: MinorUnits | undefined;
}

export interface PricingModifier {
  /** Per unit of the modifier. */
  price: MinorUnits;
  quantity: number;
  /** How many of them the group gives away. */
  freeQuantity: number;
}

export interface PricingLine {
  quantity: number;
  unitPrice: MinorUnits;
  modifiers: readonly PricingModifier[];
  discounts: readonly Discount[];
  taxes: readonly TaxRate[];
}

export interface ServiceCharge {
  rate: string;
  taxes: TaxRate[];
}

export interface PricingInput {
  lines: readonly PricingLine[];
  discounts: readonly Discount[];
  serviceCharge?: ServiceCharge | undefined;
  tip: MinorUnits;
}

export interface PricedLine {
  grossAmount: MinorUnits;
  /** Own discounts plus the line's part of the order's discounts. */
  discountAmount: MinorUnits;
  /** `grossAmount - discountAmount`; included taxes are inside. */
  amount: MinorUnits;
  taxes: TaxAmount[];
  taxAmount: MinorUnits;
}

export interface TaxTotal extends TaxAmount {
  /** What the tax is computed on, without any included tax. */
  base: MinorUnits;
}

/** `total = subtotal - discountTotal + serviceChargeTotal + (taxTotal - taxIncludedTotal) + tipTotal`, always. */
export interface PricedOrder {
  lines: PricedLine[];
  subtotal: MinorUnits;
  discountTotal: MinorUnits;
  serviceChargeTotal: MinorUnits;
  taxTotal: MinorUnits;
  taxIncludedTotal: MinorUnits;
  tipTotal: MinorUnits;
  total: MinorUnits;
  taxes: TaxTotal[];
}

export function priceOrder(input: PricingInput): PricedOrder {
  const gross = input.lines.map(lineGross);
  const afterOwn = input.lines.map((line, index) => gross[index]! - discountsOn(gross[index]!, line.discounts));
  const orderDiscount = discountsOn(sum(afterOwn), input.discounts);
  const orderDiscountParts = spreadDiscount(orderDiscount, afterOwn, input.lines);
  const amounts = afterOwn.map((amount, index) => amount - orderDiscountParts[index]!);
  const goods = sum(amounts);
  const serviceChargeTotal = input.serviceCharge ? shareOf(goods, percentToMillionths(input.serviceCharge.rate)) : 0;

  const charges: Charge[] = input.lines.map((line, index) => ({ amount: amounts[index]!, rates: line.taxes }));
  if (input.serviceCharge) charges.push({ amount: serviceChargeTotal, rates: input.serviceCharge.taxes });
  const taxed = taxCharges(charges);

  const lines = input.lines.map((_, index): PricedLine => {
    const taxes = taxed.byCharge[index]!;
    return {
      grossAmount: gross[index]!,
      discountAmount: gross[index]! - amounts[index]!,
      amount: amounts[index]!,
      taxes,
      taxAmount: sum(taxes.map((tax) => tax.amount)),
    };
  });
  const subtotal = sum(gross);
  const taxTotal = sum(taxed.totals.map((tax) => tax.amount));
  const taxIncludedTotal = sum(taxed.totals.filter((tax) => tax.inclusive).map((tax) => tax.amount));
  return {
    lines,
    subtotal,
    discountTotal: subtotal - goods,
    serviceChargeTotal,
    taxTotal,
    taxIncludedTotal,
    tipTotal: input.tip,
    total: sum([goods, serviceChargeTotal, taxTotal - taxIncludedTotal, input.tip]),
    taxes: taxed.totals,
  };
}

/**
 * Says which of the chosen modifiers a group gives away: the cheapest units, so that the order in which they were
 * tapped changes nothing.
 * @returns free quantity per choice, in the order given.
 */
export function freeQuantities(
  choices: readonly { price: MinorUnits; quantity: number }[],
  freeSelections: number,
): number[] {
  const free = choices.map(() => 0);
  let left = freeSelections;
  const cheapestFirst = choices
    .map((choice, index) => ({ ...choice, index }))
    .sort((a, b) => a.price - b.price || a.index - b.index);
  for (const choice of cheapestFirst) {
    const given = Math.min(left, choice.quantity);
    free[choice.index] = given;
    left -= given;
  }
  return free;
}

function lineGross(line: PricingLine): MinorUnits {
  const modifiers = line.modifiers.map((modifier) =>
    multiplyDivide(modifier.price, modifier.quantity - modifier.freeQuantity, 1),
  );
  return multiplyDivide(sum([line.unitPrice, ...modifiers]), line.quantity, 1);
}

function discountsOn(amount: MinorUnits, discounts: readonly Discount[]): MinorUnits {
  let left = amount;
  for (const discount of discounts) {
    const wanted =
      discount.percent === undefined ? (discount.amount ?? 0) : shareOf(left, percentToMillionths(discount.percent));
    left -= Math.min(wanted, left);
  }
  return amount - left;
}

/**
 * The lines' parts of the order's discount. Lines of equal remainder are told apart by their taxes before their place: a cent between two tax rates must not move the total because a line moved.
 */
function spreadDiscount(
  discount: MinorUnits,
  amounts: readonly MinorUnits[],
  lines: readonly PricingLine[],
): MinorUnits[] {
  const parts = amounts.map(() => 0);
  if (discount === 0) return parts;
  const inFixedOrder = lines
    .map((line, index) => ({ index, key: ratesKey(line.taxes) }))
    .sort((a, b) => compareText(a.key, b.key) || a.index - b.index);
  const allocated = allocate(
    discount,
    inFixedOrder.map((line) => amounts[line.index]!),
  );
  inFixedOrder.forEach((line, position) => {
    parts[line.index] = allocated[position]!;
  });
  return parts;
}

/** Something that is taxed: a line or the service charge. */
interface Charge {
  amount: MinorUnits;
  rates: readonly TaxRate[];
}

function taxCharges(charges: readonly Charge[]): { byCharge: TaxAmount[][]; totals: TaxTotal[] } {
  const byCharge: TaxAmount[][] = charges.map(() => []);
  const totals = new Map<string, TaxTotal>();
  for (const members of groupByRates(charges)) {
    const weights = members.map((index) => charges[index]!.amount);
    const rates = charges[members[0]!]!.rates;
    for (const tax of taxesOn(sum(weights), rates)) {
      const parts = allocate(tax.amount, weights);
      members.forEach((index, position) => byCharge[index]!.push({ ...withoutBase(tax), amount: parts[position]! }));
      // By rate too: a tax that was changed while the order was open stands on it once as it was and once as it is.
      const total = totals.get(rateKey(tax));
      if (total) {
        total.amount = sum([total.amount, tax.amount]);
        total.base = sum([total.base, tax.base]);
      } else totals.set(rateKey(tax), tax);
    }
  }
  return { byCharge, totals: [...totals.values()] };
}

function groupByRates(charges: readonly Charge[]): number[][] {
  const groups = new Map<string, number[]>();
  charges.forEach((charge, index) => {
    const key = ratesKey(charge.rates);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return [...groups.values()];
}

function ratesKey(rates: readonly TaxRate[]): string {
  return rates.map(rateKey).sort().join('|');
}

function rateKey({ taxId, rate, inclusive }: TaxRate): string {
  return `${taxId} ${rate} ${inclusive}`;
}

/** By code units, as `sort()` does: the same on every machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Each tax is its rate of `amount / (1 + R)`, R the summed rate of the included ones. Each is rounded by itself, so that
 * two equal rates (India's CGST and SGST) come to equal taxes; what the included ones leave is the base.
 */
function taxesOn(amount: MinorUnits, rates: readonly TaxRate[]): TaxTotal[] {
  const included = rates.filter((rate) => rate.inclusive);
  const includedRate: Millionths = sum(included.map((rate) => percentToMillionths(rate.rate)));
  const amounts = new Map(
    rates.map((rate) => [
      rateKey(rate),
      multiplyDivide(amount, percentToMillionths(rate.rate), 1_000_000 + includedRate),
    ]),
  );
  let base = amount;
  for (const key of included.map(rateKey).sort()) {
    // Included taxes of together more than 100 % can round to more than a price of a few cents holds.
    const part = Math.min(amounts.get(key)!, base);
    amounts.set(key, part);
    base -= part;
  }
  return rates.map((rate) => ({
    taxId: rate.taxId,
    name: rate.name,
    rate: rate.rate,
    inclusive: rate.inclusive,
    base,
    amount: amounts.get(rateKey(rate))!,
  }));
}

function withoutBase(tax: TaxTotal): TaxAmount {
  return { taxId: tax.taxId, name: tax.name, rate: tax.rate, inclusive: tax.inclusive, amount: tax.amount };
}

/** What an order's total consists of, or a refund of it. Each part is without the taxes included in it. */
export interface SaleParts {
  /** After discounts. */
  goods: MinorUnits;
  serviceCharge: MinorUnits;
  tax: MinorUnits;
  tip: MinorUnits;
}

/** Splits a total into its parts. Taxes included in lines come out of the goods, those in the service charge out of it. */
export function saleParts(
  order: Pick<PricedOrder, 'total' | 'taxTotal' | 'tipTotal'> & {
    lines: readonly Pick<PricedLine, 'amount' | 'taxes'>[];
  },
): SaleParts {
  const withoutTax = order.total - order.tipTotal - order.taxTotal;
  const ofLines = order.lines.flatMap((line) => [
    line.amount,
    ...line.taxes.map((tax) => (tax.inclusive ? -tax.amount : 0)),
  ]);
  // Spread by largest remainder, several included taxes can lay more cents on a charge of a cent or two than it holds.
  const goods = Math.max(0, Math.min(sum(ofLines), withoutTax));
  return { goods, serviceCharge: withoutTax - goods, tax: order.taxTotal, tip: order.tipTotal };
}

/**
 * Takes a refund out of what is left of a sale, in proportion. Refunds that together return everything return each part
 * exactly, in however many steps. A part of which more was refunded than the sale now holds (it was reopened and goods
 * were voided) has nothing left; the others bear the rest.
 * @throws AppError refund_exceeds_payment when more is asked than is left.
 */
export function refundParts(sale: SaleParts, refunded: SaleParts, amount: MinorUnits): SaleParts {
  const left = [
    sale.goods - refunded.goods,
    sale.serviceCharge - refunded.serviceCharge,
    sale.tax - refunded.tax,
    sale.tip - refunded.tip,
  ];
  const most = Math.max(0, sum(left));
  if (amount > most) throw new AppError('refund_exceeds_payment', `Only ${most} of this sale is left to refund.`);
  const [goods = 0, serviceCharge = 0, tax = 0, tip = 0] = allocate(
    amount,
    left.map((part) => Math.max(0, part)),
  );
  return { goods, serviceCharge, tax, tip };
}
