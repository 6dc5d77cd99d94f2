/** Amounts as people type them. */
import { decimalOf } from '../i18n/format.js';

/** Digits of other scripts, which keyboards there write. */
const DIGITS = ['٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹'];

/**
 * Minor units of what somebody typed: "12.5", "12,50" and "1 250" with two digits are 1250, 1250
 * and
 * 125000. @returns undefined if it is no amount, or has more digits than the currency.
 */
export function amountFrom(text: string, digits: number): number | undefined {
  const plain = westernDigits(text)
    .replaceAll(/[\s\u00a0\u202f'’]/g, '')
    .replaceAll('٫', '.');
  const match = /^(-?)(\d{1,12})(?:[.,](\d*))?$/.exec(plain);
  if (!match) return undefined;
  const [, sign = '', whole = '', part = ''] = match;
  if (part.length > digits) return undefined;
  // Thirteen and three digits are far below 2^53.
  return Number(`${sign}${whole}${part.padEnd(digits, '0')}`);
}

/**
 * The amount as a field shows it: 1250 with two digits is "12.50".
 * @param sign that of the language; the API has the point.
 */
export function amountText(amount: number | string, digits: number, sign = '.'): string {
  return decimalOf(amount, digits).replace('.', sign);
}

function westernDigits(text: string): string {
  return text.replaceAll(/[٠-٩۰-۹]/g, (digit) =>
    String(DIGITS.find((row) => row.includes(digit))?.indexOf(digit) ?? ''),
  );
}
