/**
 * Actual against theoretical use of an inventory item over a period.
 *
 * Theoretical is what recipes say that the sales took. Actual is what is gone: opening + receipts + preparations +
 * transfers + corrections - closing. The difference, the variance, is what nobody sold: waste that was written down, and
 * what counts found missing (or, below zero, found beyond the books).
 *
 * Source of the terms: food cost control as taught for the trade, e.g. Dopson and Hayes, Food and Beverage Cost Control.
 */
import type { Total } from '../number/money.js';
import { percentOf, roundToTotal, sumOf, toTotal } from '../number/exactMoney.js';
import { formatQuantity, fromMicros, type Micros, toMicros } from '../number/quantity.js';
import { compare, type Ratio, ratioOfSum, subtract, ZERO } from '../number/ratio.js';
import type { MovementKind } from '../stock/stock.js';
import { compareText } from '../order/taxes.js';

/** What the ledger holds of an item. Decimal text: quantities into stock when positive, values what left, in minor units. */
export interface LedgerPeriod {
  inventoryItemId: string;
  name: string;
  unit: string;
  closingQuantity: string;
  moved: Record<MovementKind, string>;
  /** Of sales less voids, each movement at its own cost. */
  theoreticalUseValue: string;
  /** Of waste and counts. */
  varianceValue: string;
}

/** Quantities are decimal text in the stock unit; those that change stock are above zero when they add to it. */
export interface StockVariance {
  inventoryItemId: string;
  name: string;
  unit: string;
  openingQuantity: string;
  receipts: string;
  preparations: string;
  transfers: string;
  corrections: string;
  /** Sales less what came back from voids, above zero when used. */
  theoreticalUse: string;
  /** Thrown away, above zero. */
  waste: string;
  /** What counts added to the books; below zero: what they found missing. */
  countDifference: string;
  closingQuantity: string;
  /** `openingQuantity + receipts + preparations + transfers + corrections - closingQuantity`. */
  actualUse: string;
  /** `actualUse - theoreticalUse`, which is `waste - countDifference`. */
  variance: string;
  /** Of theoretical use; null when there was none. */
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
 * The variances of all items, the largest value first whichever way it goes, and what they come to: each total is rounded
 * once, and the items' values are rounded so that they add up to it.
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

/** A sum of movements may pass what one quantity may be. */
function micros(text: string): Micros {
  return toMicros(ratioOfSum(text));
}
