/**
 * Money as integers in minor units (cents, yen, fils). No floats are used: percentages are integers
 * in millionths; products and quotients use BigInt and are returned only as safe integers.
 */
import { AppError } from '../shared/errors.js';

/** Integer count of the currency's smallest unit. */
export type MinorUnits = number;

/**
 * Maximum of one amount: a price, a payment, or the total of an order, a document or a delivery.
 * The sum over a year of 246 orders a day at this maximum is below 2^53.
 */
export const MAX_AMOUNT: MinorUnits = 100_000_000_000;

/** A share in millionths: `8.875 %` is 88750. */
export type Millionths = number;

/** A sum over many amounts: a number below 2^53, else its digits as text. */
export type Total = MinorUnits | string;

const ONE = 1_000_000n;

// ISO 4217 list one: currencies whose minor unit is not two digits.
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Decimals of a currency by ISO 4217: 0, 2 or 3. */
export function currencyDecimals(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** `1234, 'EUR'` becomes `12.34`. */
export function formatMinor(amount: Total, currency: string): string {
  const decimals = currencyDecimals(currency);
  const text = String(amount);
  const sign = text.startsWith('-') ? '-' : '';
  const digits = text.replace('-', '').padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Reads a decimal text exactly: `12.34` with two decimals is 1234.
 * @returns undefined when the text is not a plain decimal, has more non-zero decimals than
 * `decimals`, or exceeds the safe integers.
 */
export function parseDecimal(text: string, decimals: number): MinorUnits | undefined {
  const match = /^([+-]?)(\d{1,16})(?:\.(\d{0,12}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(decimals))) return undefined;
  const value = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const amount = Number(value);
  return sign === '-' && amount !== 0 ? -amount : amount;
}

/**
 * Reads a percentage such as `8.875` into millionths. Validation allows at most four decimals.
 * @throws AppError invalid_request when it is not a percentage.
 */
export function percentToMillionths(percent: string): Millionths {
  const value = parseDecimal(percent, 4);
  if (value === undefined)
    throw new AppError('invalid_request', `"${percent}" is not a percentage. Write it like "8.875".`);
  return value;
}

/**
 * Adds integers. Refuses fractions, and sums that leave the safe integers at any step: a sum that
 * returns into range may be wrong.
 */
export function sum(amounts: Iterable<MinorUnits>): MinorUnits {
  let total = 0;
  for (const amount of amounts) total = assertSafe(total + assertSafe(amount));
  return total;
}

/** Adds totals exactly, however large. */
export function addTotals(...totals: Total[]): Total {
  return totalOf(totals.reduce((sum, each) => sum + BigInt(each), 0n));
}

/** `total - less`, exactly. */
export function subtractTotal(total: Total, less: Total): Total {
  return totalOf(BigInt(total) - BigInt(less));
}

/** A sum as it is told. */
export function totalOf(exact: bigint): Total {
  const value = Number(exact);
  return Number.isSafeInteger(value) ? value : String(exact);
}

/**
 * `amount x numerator / denominator`, rounded half away from zero.
 * @throws AppError when the result is not a safe integer.
 */
export function multiplyDivide(
  amount: MinorUnits,
  numerator: number | bigint,
  denominator: number | bigint,
): MinorUnits {
  const product = BigInt(amount) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const half = divisor / 2n;
  const rounded = product >= 0n ? (product + half) / divisor : -((-product + half) / divisor);
  return assertSafe(Number(rounded));
}

/** A share of an amount, rounded half away from zero. */
export function shareOf(amount: MinorUnits, share: Millionths): MinorUnits {
  return multiplyDivide(amount, share, ONE);
}

/**
 * Splits `amount` in proportion to `weights` so that the parts add up to it exactly. Each part gets
 * the floor of its share, and the remaining units go to the largest remainders, the earlier one on
 * a tie (Hamilton's method). No part exceeds its weight while `amount` is at most the sum of the
 * weights. No argument may be negative.
 */
export function allocate(amount: MinorUnits, weights: readonly MinorUnits[]): MinorUnits[] {
  if (amount < 0 || weights.some((weight) => weight < 0)) throw new Error('cannot split by or into negative parts');
  const total = BigInt(sum(weights));
  if (total === 0n) {
    if (amount !== 0) throw new Error('cannot split an amount over nothing');
    return weights.map(() => 0);
  }
  const shares = weights.map((weight, index) => {
    const product = BigInt(amount) * BigInt(weight);
    return { index, floor: product / total, remainder: product % total };
  });
  let left = BigInt(amount) - shares.reduce((acc, share) => acc + share.floor, 0n);
  const parts = shares.map((share) => share.floor);
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const share of byRemainder) {
    if (left === 0n) break;
    parts[share.index] = (parts[share.index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map(Number);
}

/** Parts that add up to `amount`, as close to the wanted parts as their limits allow. */
export function spreadWithin(
  amount: MinorUnits,
  wanted: readonly MinorUnits[],
  limits: readonly MinorUnits[],
): MinorUnits[] {
  const parts = wanted.map((part, index) => Math.min(part, limits[index]!));
  const missing = amount - sum(parts);
  if (missing < 0) return allocate(amount, parts);
  const more = allocate(
    missing,
    parts.map((part, index) => limits[index]! - part),
  );
  return parts.map((part, index) => part + more[index]!);
}

/** Totals of one order, document or delivery: before and after discounts and added taxes. */
export interface Bounded {
  subtotal: MinorUnits;
  total: MinorUnits;
}

/**
 * Limits totals, so that sums of many of them can be counted exactly. A total that is already above
 * the limit may be lowered.
 * @param what for the message, e.g. `An order`.
 * @throws AppError invalid_request.
 */
export function assertBounded(what: string, after: Bounded, before: Bounded = { subtotal: 0, total: 0 }): void {
  const isGrowing = (['subtotal', 'total'] as const).some(
    (field) => after[field] > MAX_AMOUNT && after[field] > before[field],
  );
  if (!isGrowing) return;
  throw new AppError(
    'invalid_request',
    `${what} can total at most ${MAX_AMOUNT} minor units, before and after discounts. Split it into several.`,
  );
}

function assertSafe(value: number): MinorUnits {
  if (Number.isSafeInteger(value)) return value;
  throw new AppError(
    'invalid_request',
    'An amount is too large to be counted exactly. Lower the quantity or the price.',
  );
}
