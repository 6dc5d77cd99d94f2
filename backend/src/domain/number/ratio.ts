/**
 * Exact fractions. Recipe needs pass through units, yields and waste percentages, and a third of a
 * crate has no exact decimal. So the value is rounded once, at the end, where it is stored
 * (`toMicros`). Fractions are always in lowest terms with a positive denominator: equal values have
 * equal parts.
 */
import { AppError } from '../shared/errors.js';

export interface Ratio {
  readonly numerator: bigint;
  /** Positive. */
  readonly denominator: bigint;
}

/** The fraction in lowest terms. @throws RangeError when the denominator is zero. */
export function ratio(numerator: bigint, denominator = 1n): Ratio {
  if (denominator === 0n) throw new RangeError('a fraction needs a denominator other than zero');
  const shared = greatestCommonDivisor(numerator, denominator);
  const divisor = denominator < 0n ? -shared : shared;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

const KEPT_DIGITS = 256;
const UNWIELDY = 2n ** 512n;

export const ZERO = ratio(0n);
export const ONE = ratio(1n);

/**
 * Reads a plain decimal exactly: `-1.25` is -5/4. At most 18 digits before the point and 18 after
 * it.
 * @throws AppError invalid_request for other text (exponents, spaces and `+` are not accepted).
 */
export function ratioOf(decimalText: string): Ratio {
  const match = /^(-?\d{1,18})(?:\.(\d{1,18}))?$/.exec(decimalText);
  if (!match) throw new AppError('invalid_request', `"${decimalText}" is not a decimal number. Write it like "1.25".`);
  const [, whole = '', fraction = ''] = match;
  return ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}

/**
 * As `ratioOf`, of what the database has added up: with any number of digits. @throws Error when it
 * is none.
 */
export function ratioOfSum(decimalText: string): Ratio {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(decimalText);
  if (!match) throw new Error(`the database answered ${decimalText} for a sum`);
  const [, whole = '', fraction = ''] = match;
  return ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}

export function add(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function subtract(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
}

export function multiply(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** @throws RangeError when `b` is zero. */
export function divide(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator, a.denominator * b.numerator);
}

/**
 * Negative, zero or positive when `a` is below, equal to or above `b`: the order that `sort`
 * expects.
 */
export function compare(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** The nearest whole number, half away from zero, so that giving back mirrors taking. */
export function rounded({ numerator, denominator }: Ratio): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const whole = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -whole : whole;
}

/**
 * The same value while the denominator is below 2^512, else an approximation with 256 binary
 * digits, which is off by less than 1 in 10^76. A hundred waste percentages in one recipe have a
 * common denominator of six hundred digits, and nested recipes multiply theirs: exact arithmetic
 * would take too long.
 */
export function bounded(value: Ratio): Ratio {
  const { numerator, denominator } = value;
  if (denominator < UNWIELDY) return value;
  const excess = Math.min(binaryDigits(numerator), binaryDigits(denominator)) - KEPT_DIGITS;
  return excess <= 0 ? value : ratio(numerator >> BigInt(excess), denominator >> BigInt(excess));
}

function binaryDigits(whole: bigint): number {
  return (whole < 0n ? -whole : whole).toString(16).length * 4;
}

/** Euclid's algorithm; positive unless both are zero. */
function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let larger = a < 0n ? -a : a;
  let smaller = b < 0n ? -b : b;
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
