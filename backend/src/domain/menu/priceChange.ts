/** Changes of many prices at once, computed exactly. */
import { MAX_AMOUNT, type MinorUnits } from '../number/money.js';
import { compare, ratio, ratioOf, type Ratio, ZERO } from '../number/ratio.js';

export const ROUNDING_DIRECTIONS = ['nearest', 'up', 'down'] as const;

/**
 * Prices of the form `step` × n + `ending`, in minor units: 10 and 0 is x.x0, 100 and 90 is x.90.
 */
export interface PriceRounding {
  step: MinorUnits;
  ending: MinorUnits;
  direction: (typeof ROUNDING_DIRECTIONS)[number];
}

/** One of `set`, `by` and `byPercent`. */
export interface PriceChange {
  set?: MinorUnits | undefined;
  by?: MinorUnits | undefined;
  /** Decimal text: `-2.5` takes a fortieth away. */
  byPercent?: string | undefined;
  rounding?: PriceRounding | undefined;
}

const WHOLE: PriceRounding = { step: 1, ending: 0, direction: 'nearest' };

/**
 * The new price. Free things stay free when a percentage is added, and no price above zero is
 * rounded to zero.
 * @returns a fault when it would be below zero or above the highest price.
 */
export function changedPrice(price: MinorUnits, change: PriceChange): MinorUnits | { fault: string } {
  if (change.set !== undefined) return change.set;
  if (change.byPercent !== undefined && price === 0) return 0;
  const exact = exactPrice(price, change);
  if (compare(exact, ZERO) < 0) return { fault: `costs ${price} and would fall below zero` };
  const changed = roundedTo(exact, change.rounding ?? WHOLE);
  if (changed > BigInt(MAX_AMOUNT)) return { fault: `costs ${price} and would exceed ${MAX_AMOUNT}` };
  return Number(changed);
}

function exactPrice(price: MinorUnits, { by, byPercent }: PriceChange): Ratio {
  if (byPercent === undefined) return ratio(BigInt(price) + BigInt(by ?? 0));
  const { numerator, denominator } = ratioOf(byPercent);
  return ratio(BigInt(price) * (100n * denominator + numerator), 100n * denominator);
}

function roundedTo(exact: Ratio, { step, ending, direction }: PriceRounding): bigint {
  const [unit, rest] = [BigInt(step), BigInt(ending)];
  const numerator = exact.numerator - rest * exact.denominator;
  const denominator = unit * exact.denominator;
  const below = floorOf(numerator, denominator);
  const left = numerator - below * denominator;
  const isUp = direction === 'up' ? left > 0n : direction === 'nearest' && 2n * left >= denominator;
  const steps = below + (isUp ? 1n : 0n);
  const fewest = rest === 0n && exact.numerator > 0n ? 1n : 0n;
  return unit * (steps > fewest ? steps : fewest) + rest;
}

/** @param denominator above zero. */
function floorOf(numerator: bigint, denominator: bigint): bigint {
  const cut = numerator / denominator;
  return numerator % denominator < 0n ? cut - 1n : cut;
}
