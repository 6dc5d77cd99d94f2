/** Decimal text of suppliers: read exactly, kept exactly, added exactly. */
import { add, multiply, type Ratio, ratio, ratioOf, rounded, ZERO } from '../number/ratio.js';

/** xs:decimal with at most 15 digits before the point and 12 after it. */
const DECIMAL = /^([+-]?)0*(\d{0,15})(?:\.(\d{0,12})0*)?$/;

/**
 * The shortest text of a decimal number: `+012.50` is `12.5`.
 * @returns undefined when it is no plain decimal, or too long to be a quantity or money.
 */
export function decimalOf(text: string): string | undefined {
  const match = DECIMAL.exec(text.trim());
  if (!match || !/\d/.test(text)) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const shortest = `${whole || '0'}.${fraction}`.replace(/0+$/, '').replace(/\.$/, '');
  return sign === '-' && /[1-9]/.test(shortest) ? `-${shortest}` : shortest;
}

/** As `decimalOf`, with at least two decimals: money. */
export function moneyOf(text: string): string | undefined {
  const shortest = decimalOf(text);
  if (shortest === undefined) return undefined;
  const [whole = '', fraction = ''] = shortest.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

/** The exact sum; absent ones count as nothing. */
export function sumOf(decimals: readonly (string | null)[]): Ratio {
  let total = ZERO;
  for (const one of decimals) if (one !== null) total = add(total, ratioOf(one));
  return total;
}

/** Money text of an exact value, rounded to `decimals` (half away from zero). */
function moneyText(value: Ratio, decimals = 2): string {
  const scale = 10n ** BigInt(decimals);
  const units = rounded(multiply(value, ratio(scale)));
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const sign = units < 0n ? '-' : '';
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The exact value as money text when it has at most 12 decimals, else rounded to them. */
export function exactMoneyText(value: Ratio): string {
  return moneyOf(moneyText(value, 12)) ?? moneyText(value);
}
