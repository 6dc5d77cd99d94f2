/**
 * Money as integers in minor units (cents, yen, fils). No float ever enters: percentages are integers in millionths,
 * products and quotients run on BigInt and come back only as safe integers.
 */
import { AppError } from '../shared/errors.js';

/** Integer count of the currency's smallest unit. */
export type MinorUnits = number;

/**
 * The most that one amount may be: a price, a payment, or what an order, a document or a delivery comes to. A year of 246 orders a day,
 * each as high as that, adds up to less than 2^53.
 */
export const MAX_AMOUNT: MinorUnits = 100_000_000_000;

/** A share in millionths: `8.875 %` is 88750. */
export type Millionths = number;

/** What was added up over many things: a number while it is below 2^53, else its digits as text. */
export type Total = MinorUnits | string;

const ONE = 1_000_000n;

// ISO 4217 list one: currencies whose minor unit is not two digits.
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Digits after the decimal point of a currency by ISO 4217: 0, 2 or 3. */
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
 * @returns undefined when it is no plain decimal or has more non-zero decimals than the currency.
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

/** Reads a percentage such as `8.875` into millionths. The text was validated to at most four decimals. */
export function percentToMillionths(percent: string): Millionths {
  const value = parseDecimal(percent, 4);
  if (value === undefined) throw new AppError('invalid_request', `"${percent}" is no percentage: write it as "8.875".`);
  return value;
}

/** Adds integers; refuses a fraction, and a sum that is not exact at every step: one that comes back into range may be wrong. */
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

/** `amount x numerator / denominator`, half away from zero. @throws AppError when it does not fit a safe integer. */
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

/** A share of an amount, half away from zero. */
export function shareOf(amount: MinorUnits, share: Millionths): MinorUnits {
  return multiplyDivide(amount, share, ONE);
}

/**
 * Splits `amount` in proportion to `weights` so that the parts add up to it exactly: everyone gets the floor of his
 * share, the units left over go to the largest remainders, the earlier one on a tie (Hamilton's method). No part
 * exceeds its weight while `amount` is at most the weights' sum. Neither may be negative.
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

/** What is written down as one: before and after discounts and added taxes. */
export interface Bounded {
  subtotal: MinorUnits;
  total: MinorUnits;
}

/**
 * Keeps sums of many such things countable. What is beyond the bound already may be lowered.
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
    `${what} comes to at most ${MAX_AMOUNT} minor units, before discounts as after. Write it as several.`,
  );
}

function assertSafe(value: number): MinorUnits {
  if (Number.isSafeInteger(value)) return value;
  throw new AppError(
    'invalid_request',
    'An amount grows beyond what can be counted exactly. Lower the quantity or the price.',
  );
}
