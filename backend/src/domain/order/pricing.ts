/**
 * The only pricing engine. Previews, orders, changes to orders, refunds and business documents use
 * it.
 *
 * Order of steps (decision 0002):
 *  1. line gross = (unit price + charged modifiers) x quantity; a fraction of a unit rounds half
 *     away from zero
 *  2. the line's own discounts, in the given order, each on the amount that the one before left;
 *     never below zero. Discounts of a set menu, or of a line with taxed modifiers, are on all that
 *     belongs to it, spread in proportion
 *  3. the order's discounts, in the same way on the sum of the lines, spread over the lines in
 *     proportion
 *  4. service charge = its rate on the sum of the discounted lines
 *     (deposits of bottles and glasses, and vouchers, take no part in steps 2 to 4)
 *  5. taxes, on lines and service charge; an included tax is taken out of the price, an added tax
 *     is added to it
 *  6. tip, untaxed
 *
 * For a tax-exempt customer, step 5 takes included taxes out of lines and service charge, and the
 * service charge is computed on what is left of the lines.
 *
 * Rounding: half away from zero, once per tax over all charges with the same set of taxes, then
 * spread over those charges by largest remainder. Lines therefore add up to the totals exactly, and
 * no tax is a cent off because of rounding line by line. The order of the lines changes nothing,
 * except which line gets a remaining cent.
 */
import { allocate, type MinorUnits, multiplyDivide, percentToMillionths, shareOf, sum } from '../number/money.js';
import { type Micros, ONE_IN_MICROS } from '../number/quantity.js';
import { isAtFaceValue, type LineKind } from './lineKind.js';
import {
  type Charge,
  compareText,
  exemptCharges,
  fullRates,
  ratesKey,
  type TaxAmount,
  taxCharges,
  type TaxRate,
  type TaxTotal,
} from './taxes.js';
import type { VatTreatment } from './vatCategory.js';

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
  /** Units of `quantity` that are free in the group. */
  freeQuantity: number;
}

export interface PricingLine {
  /** Absent: an item. */
  kind?: LineKind;
  id?: string;
  /** The line that it belongs to: the discounts of that line are for both. */
  parentLineId?: string | null;
  /**
   * Whole units, or millionths of a unit as a bigint for quantities such as half a kilogram or 12.5
   * hours. Below zero: goods taken back, such as a returned bottle.
   */
  quantity: number | Micros;
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
  /**
   * Why the customer pays no tax: included taxes are taken out of the prices, like a discount.
   * Absent: taxes apply.
   */
  exemption?: VatTreatment | undefined;
}

export interface PricedLine {
  grossAmount: MinorUnits;
  /** Own discounts plus the line's share of the order's discounts. */
  discountAmount: MinorUnits;
  /** `grossAmount - discountAmount`; contains included taxes. */
  amount: MinorUnits;
  taxes: TaxAmount[];
  taxAmount: MinorUnits;
}

/**
 * `total = subtotal - discountTotal + serviceChargeTotal + (taxTotal - taxIncludedTotal) +
 * tipTotal`, always.
 */
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
  const afterOwn = ownAmounts(input.lines);
  const served = servedIn(afterOwn, input.lines);
  const orderDiscount = discountsOn(sum(served), input.discounts);
  const orderDiscountParts = spreadDiscount(orderDiscount, served, input.lines);
  const amounts = afterOwn.map((amount, index) => amount - orderDiscountParts[index]!);
  const goods = sum(amounts);
  const charged = sum(servedIn(amounts, input.lines));
  const serviceChargeTotal = input.serviceCharge ? shareOf(charged, percentToMillionths(input.serviceCharge.rate)) : 0;

  const charges: Charge[] = input.lines.map((line, index) => ({
    amount: amounts[index]!,
    rates: fullRates(line.taxes),
  }));
  if (input.exemption) return exemptOrder(input, input.exemption, gross, charges);
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

function exemptOrder(
  { lines: given, serviceCharge, tip }: PricingInput,
  exemption: VatTreatment,
  gross: readonly MinorUnits[],
  charges: readonly Charge[],
): PricedOrder {
  const withTax = serviceCharge
    ? shareOf(sum(servedIn(exemptCharges(charges, exemption).nets, given)), percentToMillionths(serviceCharge.rate))
    : 0;
  const ofCharge = serviceCharge ? [{ amount: withTax, rates: fullRates(serviceCharge.taxes) }] : [];
  const { nets, byCharge, totals } = exemptCharges([...charges, ...ofCharge], exemption);
  const lines = given.map((_, index): PricedLine => {
    const [grossAmount, amount] = [gross[index]!, nets[index]!];
    return { grossAmount, discountAmount: grossAmount - amount, amount, taxes: byCharge[index]!, taxAmount: 0 };
  });
  const subtotal = sum(gross);
  const goods = sum(lines.map(({ amount }) => amount));
  const serviceChargeTotal = serviceCharge ? nets.at(-1)! : 0;
  return {
    lines,
    subtotal,
    discountTotal: subtotal - goods,
    serviceChargeTotal,
    taxTotal: 0,
    taxIncludedTotal: 0,
    tipTotal: tip,
    total: sum([goods, serviceChargeTotal, tip]),
    taxes: totals,
  };
}

/**
 * Chooses the free units of a modifier group: the cheapest ones, so that the order of selection
 * changes nothing.
 * @returns free quantity per choice, in the given order.
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

/** Lines before the order's discounts: gross less their own discounts. */
export function ownAmounts(lines: readonly PricingLine[]): MinorUnits[] {
  const places = new Map(lines.flatMap(({ id }, index) => (id === undefined ? [] : [[id, index] as const])));
  const groups = new Map<number, number[]>();
  for (const [index, { kind, parentLineId }] of lines.entries()) {
    const parent = places.get(parentLineId ?? '');
    if (parent !== undefined && kind !== 'deposit') groups.set(parent, [...(groups.get(parent) ?? [parent]), index]);
  }
  const amounts = lines.map((line, index) => {
    const gross = lineGross(line);
    return isAtFaceValue(line.kind) || groups.has(index) ? gross : gross - discountsOn(gross, line.discounts);
  });
  for (const [parent, group] of groups) {
    const before = group.map((index) => amounts[index]!);
    const members = group.map((index) => lines[index]!);
    const taken = spreadDiscount(discountsOn(sum(before), lines[parent]!.discounts), before, members);
    for (const [place, index] of group.entries()) amounts[index] = before[place]! - taken[place]!;
  }
  return amounts;
}

/** The amounts of food, drinks and services; zero for lines without discount and service charge. */
function servedIn(amounts: readonly MinorUnits[], lines: readonly PricingLine[]): MinorUnits[] {
  return amounts.map((amount, index) => (isAtFaceValue(lines[index]!.kind) ? 0 : amount));
}

function lineGross(line: PricingLine): MinorUnits {
  const modifiers = line.modifiers.map((modifier) =>
    multiplyDivide(modifier.price, modifier.quantity - modifier.freeQuantity, 1),
  );
  const unitPrice = sum([line.unitPrice, ...modifiers]);
  if (typeof line.quantity === 'bigint') return multiplyDivide(unitPrice, line.quantity, ONE_IN_MICROS);
  return multiplyDivide(unitPrice, line.quantity, 1);
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
 * Shares of lines in a discount. Among equal remainders, taxes decide before
 * position: otherwise moving a line could move a cent to another tax rate and change the total.
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
