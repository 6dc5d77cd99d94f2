/** Numbers and dates in cells, as suppliers in many countries write them. */
import { decimalOf, moneyOf } from '../../../domain/supplierInvoice/decimals.js';
import { dateIn } from '../../../domain/supplierInvoice/printedAmounts.js';
import { type DecimalSeparator, readAmount } from '../../csv/moneyText.js';

/** First digits of the scripts whose digits NFKC leaves as they are: Arabic, Persian, Thai. */
const ZEROS = [0x0660, 0x06f0, 0x0e50];
const BUDDHIST_YEARS = 543;
/** `2026年11月1日`, `2026. 11. 1.`, `2026/11/01`, `20261101`, and years of the Thai calendar. */
const YEAR_FIRST = /^(2[05]\d{2})(?:[^\d]{1,3}(\d{1,2})[^\d]{1,3}(\d{1,2})[^\d]{0,3}|(\d{2})(\d{2}))$/;
const THAI_YEAR_LAST = /^(\d{1,2})[/.-](\d{1,2})[/.-](25\d{2})$/;

/** Digits, separators and blanks of one kind. */
export function plainDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9\u0e50-\u0e59]/g, (digit) => {
      const code = digit.codePointAt(0) ?? 0;
      const zero = ZEROS.find((one) => code >= one && code < one + 10) ?? code;
      return String(code - zero);
    })
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', '’')
    .replaceAll(/[\u200e\u200f\u061c]/g, '')
    .trim();
}

/** @returns the shortest decimal text, or undefined for what is no number, or can be read twice. */
export function numberIn(cell: string, separator: DecimalSeparator | undefined): string | undefined {
  const read = readAmount(plainDigits(cell).replace(/\s*%$/, ''), currencyOfCell(cell), separator);
  return 'value' in read ? decimalOf(read.value.replace(/\.$/, '')) : undefined;
}

export function moneyIn(cell: string, separator: DecimalSeparator | undefined): string | undefined {
  const number = numberIn(cell, separator);
  return number === undefined ? undefined : moneyOf(number);
}

/** `2,5 kg` in one cell. */
export function quantityIn(
  cell: string,
  separator: DecimalSeparator | undefined,
): { quantity: string; unit: string | null } | undefined {
  const plain = plainDigits(cell);
  const [, digits = plain, unit] = /^([-−+]?[\d.,'’\s]*\d)\s*(\p{L}[\p{L}\p{M}.]{0,19})$/u.exec(plain) ?? [];
  const quantity = numberIn(digits, separator);
  return quantity === undefined ? undefined : { quantity, unit: unit ?? null };
}

/** The currency that a cell names: it is no fault of its amount. */
function currencyOfCell(cell: string): string {
  return /(?<![A-Z])[A-Z]{3}(?![A-Z])/.exec(cell)?.[0] ?? 'EUR';
}

export function dateOfCell(cell: string, isMonthFirst: boolean): string | null {
  const plain = plainDigits(cell).replace(/[T ]\d{1,2}:\d{2}.*$/, '');
  const [, year, month, day, shortMonth, shortDay] = YEAR_FIRST.exec(plain) ?? [];
  if (year !== undefined) return dated(year, month ?? shortMonth ?? '', day ?? shortDay ?? '', isMonthFirst);
  const [, thaiDay, thaiMonth, thaiYear] = THAI_YEAR_LAST.exec(plain) ?? [];
  if (thaiYear !== undefined) return dated(thaiYear, thaiMonth ?? '', thaiDay ?? '', isMonthFirst);
  return dateIn(plain, isMonthFirst);
}

function dated(year: string, month: string, day: string, isMonthFirst: boolean): string | null {
  const western = Number(year) > 2400 ? Number(year) - BUDDHIST_YEARS : Number(year);
  return dateIn(`${western}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, isMonthFirst);
}
