/** Converts exact sums of costs to whole minor units for display: rounded once, at the end. */
import { type MinorUnits, multiplyDivide, type Total, totalOf } from './money.js';
import { formatQuantity } from './quantity.js';
import { add, compare, divide, multiply, type Ratio, ratio, rounded, ZERO } from './ratio.js';

const HUNDRED_PERCENT = ratio(100n);
/** Percentages are shown with two decimals. */
const HUNDREDTHS = ratio(100n);
const MICROS_IN_HUNDREDTH = 10_000n;

/**
 * Rounds half away from zero.
 * @throws AppError invalid_request when the result is not a safe integer.
 */
export function toMinor(exact: Ratio): MinorUnits {
  return multiplyDivide(1, exact.numerator, exact.denominator);
}

/** Half away from zero, however large. */
export function toTotal(exact: Ratio): Total {
  return totalOf(rounded(exact));
}

export function sumOf(exact: Iterable<Ratio>): Ratio {
  let total = ZERO;
  for (const each of exact) total = add(total, each);
  return total;
}

/**
 * Rounds amounts so that they add up to a separately rounded total. Each gets its floor, and the
 * remaining units go to the largest remainders, the earlier one on a tie (Hamilton's method, like
 * `allocate` in `money.ts`). No amount is more than one unit off, as long as the total is the
 * rounded sum.
 */
export function roundToTotal(exact: readonly Ratio[], total: Total): Total[] {
  const parts = exact.map(({ numerator, denominator }, index) => {
    const remainder = ((numerator % denominator) + denominator) % denominator;
    return { index, floor: (numerator - remainder) / denominator, remainder: ratio(remainder, denominator) };
  });
  const left = Number(BigInt(total) - parts.reduce((sum, part) => sum + part.floor, 0n));
  const amounts = parts.map((part) => part.floor);
  const byRemainder = parts.toSorted((a, b) => compare(b.remainder, a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, Math.max(left, 0))) amounts[index] = (amounts[index] ?? 0n) + 1n;
  return amounts.map(totalOf);
}

/**
 * `part` in percent of `whole`, as decimal text with at most two decimals; null when `whole` is
 * zero or negative.
 */
export function percentOf(part: Ratio, whole: Ratio): string | null {
  if (whole.numerator <= 0n) return null;
  const hundredths = rounded(multiply(multiply(divide(part, whole), HUNDRED_PERCENT), HUNDREDTHS));
  return formatQuantity(hundredths * MICROS_IN_HUNDREDTH);
}
