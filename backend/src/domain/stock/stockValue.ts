/** Value of stock, exact until it is shown. */
import { toTotal } from '../number/exactMoney.js';
import type { Total } from '../number/money.js';
import { fromMicros, type Micros } from '../number/quantity.js';
import { multiply, type Ratio, ratioOf } from '../number/ratio.js';

/**
 * @param unitCost minor units per stock unit as decimal text.
 * @returns exact minor units.
 */
export function valueOf(quantity: Micros, unitCost: string): Ratio {
  return multiply(fromMicros(quantity), ratioOf(unitCost));
}

/** The value as answers show it: rounded once, however large. */
export function shownValueOf(quantity: Micros, unitCost: string): Total {
  return toTotal(valueOf(quantity, unitCost));
}
