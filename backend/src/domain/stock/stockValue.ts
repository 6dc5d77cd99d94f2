/** What stock is worth: exact until it is shown. */
import { toMinor } from '../number/exactMoney.js';
import type { MinorUnits } from '../number/money.js';
import { fromMicros, type Micros } from '../number/quantity.js';
import { multiply, type Ratio, ratioOf, rounded } from '../number/ratio.js';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** @param unitCost minor units per stock unit as decimal text. @returns exact minor units. */
export function valueOf(quantity: Micros, unitCost: string): Ratio {
  return multiply(fromMicros(quantity), ratioOf(unitCost));
}

/** For a list, where one absurd value must not cost the answer for the others. @returns null when it cannot be counted exactly. */
export function shownValueOf(quantity: Micros, unitCost: string): MinorUnits | null {
  const value = valueOf(quantity, unitCost);
  const whole = rounded(value);
  return whole > MAX_SAFE || whole < -MAX_SAFE ? null : toMinor(value);
}
