/**
 * Stock quantities. Outside (API, JSON, SQL numeric(18, 6)), they are decimal text with at most six
 * decimals, with an absolute value below 10^12. Inside, they are whole millionths, which add up
 * without loss. A millionth of a kilogram is a milligram.
 */
import { multiply, type Ratio, ratio, rounded } from './ratio.js';

/** Whole count of millionths of a unit: `1.25` is 1250000n. */
export type Micros = bigint;

const DECIMALS = 6;
export const ONE_IN_MICROS = 1_000_000n;
const LIMIT: Micros = 10n ** 18n;

/**
 * Reads a quantity such as `-0.5`.
 * @returns undefined when it is not a plain decimal (exponent, space, `+`, `.5`, `5.`), has more
 * than six decimals, or has an absolute value of 10^12 or more.
 */
export function parseQuantity(text: string): Micros | undefined {
  const micros = parseSum(text);
  return micros !== undefined && micros > -LIMIT && micros < LIMIT ? micros : undefined;
}

/**
 * Like `parseQuantity`, for sums of quantities, which may exceed the limit of a single one: up to
 * 18 digits before the point.
 */
export function parseSum(text: string): Micros | undefined {
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const micros = BigInt(whole + fraction.padEnd(DECIMALS, '0'));
  return sign === '-' ? -micros : micros;
}

/** The shortest text of a quantity: `1.25`, `-0.5`, `3`. */
export function formatQuantity(micros: Micros): string {
  const sign = micros < 0n ? '-' : '';
  const digits = String(micros < 0n ? -micros : micros).padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  const whole = sign + digits.slice(0, -DECIMALS);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Rounds an exact quantity to millionths, half away from zero. */
export function toMicros(quantity: Ratio): Micros {
  return rounded(multiply(quantity, ratio(ONE_IN_MICROS)));
}

/** Whether it is, rounded to millionths, a quantity: below 10^12 either way. */
export function fitsQuantity(quantity: Ratio): boolean {
  return parseQuantity(formatQuantity(toMicros(quantity))) !== undefined;
}

export function fromMicros(micros: Micros): Ratio {
  return ratio(micros, ONE_IN_MICROS);
}
