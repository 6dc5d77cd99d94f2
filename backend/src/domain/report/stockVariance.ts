/**
 * Actual and theoretical use of an inventory item over a period.
 *
 * Theoretical use is the use by the recipes of the sales. Actual use is opening + receipts +
 * preparations + transfers + corrections - closing. Their difference, the variance, was not sold:
 * recorded waste and shortages found by counts (negative: surpluses found by counts).
 *
 * Source of the terms: food cost control as taught in the trade, e.g. Dopson and Hayes, Food and
 * Beverage Cost Control.
 */
import type { Total } from '../number/money.js';
import { percentOf, roundToTotal, sumOf, toTotal } from '../number/exactMoney.js';
import { formatQuantity, fromMicros, type Micros, toMicros } from '../number/quantity.js';
import { compare, type Ratio, ratioOfSum, subtract, ZERO } from '../number/ratio.js';
import type { MovementKind } from '../stock/stock.js';
import { compareText } from '../order/taxes.js';

/**
 * Ledger totals of an item, as decimal text. Quantities are positive when they add to stock; values
 * are positive when stock leaves, in minor units.
 */
export interface LedgerPeriod {
  inventoryItemId: string;
  name: string;
  unit: string;
  closingQuantity: string;
  moved: Record<MovementKind, string>;
  /** Value of sales less voids, each movement at its own cost. */
  theoreticalUseValue: string;
  /** Value of waste and count differences. */
  varianceValue: string;
}

/**
 * Quantities are decimal text in the stock unit. Stock changes are positive when they add to stock.
 */
export interface StockVariance {
  inventoryItemId: string;
  name: string;
  unit: string;
  openingQuantity: string;
  receipts: string;
  preparations: string;
  transfers: string;
  corrections: string;
  /** Sales less voids; positive when stock was used. */
  theoreticalUse: string;
  /** Positive when stock was thrown away. */
  waste: string;
  /** Sum of count corrections; negative when counts found less than the books. */
  countDifference: string;
  closingQuantity: string;
  /** `openingQuantity + receipts + preparations + transfers + corrections - closingQuantity`. */
  actualUse: string;
  /** `actualUse - theoreticalUse`, which is `waste - countDifference`. */
  variance: string;
  /** In percent of theoretical use; null when there was none. */
  variancePercent: string | null;
  theoreticalUseValue: Total;
  varianceValue: Total;
}

export interface VarianceTotals {
  theoreticalUseValue: Total;
  varianceValue: Total;
  variancePercent: string | null;
}

interface ValuedItem {
  item: LedgerPeriod;
  theoretical: Ratio;
  variance: Ratio;
}

/**
 * Variances of all items, the largest absolute value first, and their totals. Each total is rounded
 * once; the items' values are rounded so that they add up to it.
 */
export function stockVariances(periods: readonly LedgerPeriod[]): { rows: StockVariance[]; totals: VarianceTotals } {
  const valued = periods
    .map((item): ValuedItem => {
      return { item, theoretical: ratioOfSum(item.theoreticalUseValue), variance: ratioOfSum(item.varianceValue) };
    })
    .sort((a, b) => compare(magnitude(b.variance), magnitude(a.variance)) || compareText(a.item.name, b.item.name));
  const theoretical = sumOf(valued.map((one) => one.theoretical));
  const variance = sumOf(valued.map((one) => one.variance));
  const totals = {
    theoreticalUseValue: toTotal(theoretical),
    varianceValue: toTotal(variance),
    variancePercent: percentOf(variance, theoretical),
  };
  const theoreticalValues = roundToTotal(
    valued.map((one) => one.theoretical),
    totals.theoreticalUseValue,
  );
  const varianceValues = roundToTotal(
    valued.map((one) => one.variance),
    totals.varianceValue,
  );
  const rows = valued.map(({ item }, index) => ({
    ...varianceOf(item),
    theoreticalUseValue: theoreticalValues[index] ?? 0,
    varianceValue: varianceValues[index] ?? 0,
  }));
  return { rows, totals };
}

function varianceOf({ inventoryItemId, name, unit, moved, ...rest }: LedgerPeriod) {
  const closing = micros(rest.closingQuantity);
  const all = Object.values(moved).reduce((sum, text) => sum + micros(text), 0n);
  const opening = closing - all;
  const added = micros(moved.receipt) + micros(moved.prep) + micros(moved.transfer) + micros(moved.correction);
  const theoreticalUse = -(micros(moved.sale) + micros(moved.void));
  const actualUse = opening + added - closing;
  const variance = actualUse - theoreticalUse;
  return {
    inventoryItemId,
    name,
    unit,
    openingQuantity: formatQuantity(opening),
    receipts: moved.receipt,
    preparations: moved.prep,
    transfers: moved.transfer,
    corrections: moved.correction,
    theoreticalUse: formatQuantity(theoreticalUse),
    waste: formatQuantity(-micros(moved.waste)),
    countDifference: moved.count,
    closingQuantity: formatQuantity(closing),
    actualUse: formatQuantity(actualUse),
    variance: formatQuantity(variance),
    variancePercent: percentOf(fromMicros(variance), fromMicros(theoreticalUse)),
  };
}

function magnitude(value: Ratio): Ratio {
  return value.numerator < 0n ? subtract(ZERO, value) : value;
}

/** A sum of movements may exceed the limit of a single quantity. */
function micros(text: string): Micros {
  return toMicros(ratioOfSum(text));
}
