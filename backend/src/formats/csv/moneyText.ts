/**
 * Reads money and quantities as people and spreadsheets write them: `$16.98 `, `1.234,56 €`, `1
 * 234,56`, `CHF 1'234.50`, `(3.50)`. Values are exact. A text that can be read in two ways is
 * refused, never guessed.
 */
import { formatQuantity, ONE_IN_MICROS, parseQuantity } from '../../domain/number/quantity.js';
import { currencyDecimals, isCurrency, MAX_AMOUNT, type MinorUnits, parseDecimal } from '../../domain/number/money.js';

export type DecimalSeparator = '.' | ',';
export type Reading<T> = { value: T } | { fault: string };

/**
 * Currency marks of letters that are not ISO codes. They are accepted for any currency, like signs,
 * because dollar or crown signs belong to many.
 */
const CURRENCY_WORDS = new Set('FR FT KČ KR LEI R R$ RM RS S/ SFR US$ ZŁ 円 元 원 บาท'.split(' '));
const ISO_CODE = /^[A-Z]{3}$/;
const AFFIX = '[\\p{L}\\p{Sc}./]{0,6}?';
const NUMBER = new RegExp(
  `^(${AFFIX})\\s*([-+]?)\\s*(${AFFIX})\\s*((?:\\d[\\d.,'’\\s]*)?\\d[.,]?|[.,]\\d+)\\s*(-?)\\s*(${AFFIX})$`,
  'u',
);
const PARENTHESES = /^\((.*)\)$/u;
/** Spaces and apostrophes between thousands. */
const PARTED_THOUSANDS = /^\d{1,3}(?:['’\s]\d{3})+(?=[.,]|$)/u;
const MAX_QUANTITY = 100_000;
const SHOWN_CHARS = 40;

/**
 * Reads a price.
 * @param currency ISO 4217: sets the number of decimals and the accepted code in the text.
 * @param separator decimal separator; without it, detected in the text where that is certain.
 * @returns minor units, zero or more.
 */
export function readMoney(text: string, currency: string, separator?: DecimalSeparator): Reading<MinorUnits> {
  const number = undress(text, currency);
  if ('fault' in number) return number;
  const decimals = currencyDecimals(currency);
  // In a currency without decimals, three digits after a separator can only be thousands.
  const decimal = toPlainDecimal(number.value.digits, separator, decimals === 0);
  if ('fault' in decimal) return { fault: `${quoted(text)} ${decimal.fault}` };
  const amount = parseDecimal(decimal.value, decimals);
  if (amount === undefined)
    return { fault: `${quoted(text)} has too many digits, or more decimals than ${currency} allows` };
  if (amount > MAX_AMOUNT) return { fault: `${quoted(text)} is too large for a price` };
  if (number.value.negative && amount !== 0) return { fault: `${quoted(text)} is negative: refunds are not imported` };
  return { value: amount };
}

/** Reads a whole number of units, at least 1: `2`, `2.0`, `1 000`. */
export function readQuantity(text: string, separator?: DecimalSeparator): Reading<number> {
  const trimmed = text.trim();
  if (trimmed === '') return { fault: 'is empty' };
  const negative = /^[-−]/u.test(trimmed);
  const decimal = toPlainDecimal(trimmed.replace(/^[-−+]/u, ''), separator, false);
  if ('fault' in decimal) return { fault: `${quoted(text)} ${decimal.fault}` };
  const quantity = parseDecimal(decimal.value, 0);
  if (quantity === undefined) return { fault: `${quoted(text)} is not a whole number` };
  if (negative || quantity === 0)
    return { fault: `${quoted(text)} is not above zero: returns and voids are not imported` };
  if (quantity > MAX_QUANTITY) return { fault: `${quoted(text)} is too large for an order line` };
  return { value: quantity };
}

/** Reads a weight or the like, above zero and with at most six decimals: `0,350`. */
export function readMeasured(text: string, separator?: DecimalSeparator): Reading<string> {
  const decimal = readDecimal(text, separator);
  if ('fault' in decimal) return decimal;
  const micros = parseQuantity(decimal.value);
  if (micros === undefined) return { fault: `${quoted(text)} has too many digits` };
  if (micros <= 0n) return { fault: `${quoted(text)} is not above zero: returns and voids are not imported` };
  if (micros > BigInt(MAX_QUANTITY) * ONE_IN_MICROS) return { fault: `${quoted(text)} is too large for an order line` };
  return { value: formatQuantity(micros) };
}

/**
 * Reads a decimal number of any sign and any number of decimals: `-0,25`, `1 000.5`.
 * @returns digits with a point.
 */
export function readDecimal(text: string, separator?: DecimalSeparator): Reading<string> {
  const trimmed = text.trim();
  if (trimmed === '') return { fault: 'is empty' };
  const decimal = toPlainDecimal(trimmed.replace(/^[-−+]/u, ''), separator, false);
  if ('fault' in decimal) return { fault: `${quoted(text)} ${decimal.fault}` };
  return { value: /^[-−]/u.test(trimmed) ? `-${decimal.value}` : decimal.value };
}

/**
 * Reads an amount of any sign and any number of decimals, with marks of its currency: `-1.234,50
 * €`.
 * @returns units as digits with a point.
 */
export function readAmount(text: string, currency: string, separator?: DecimalSeparator): Reading<string> {
  const number = undress(text, currency);
  if ('fault' in number) return number;
  const decimal = toPlainDecimal(number.value.digits, separator, false);
  if ('fault' in decimal) return { fault: `${quoted(text)} ${decimal.fault}` };
  return { value: `${number.value.negative ? '-' : ''}${decimal.value}` };
}

/**
 * The decimal separator that the numbers of one file share.
 * @returns undefined when none of them tells; `mixed` when they contradict each other.
 */
export function commonSeparator(texts: Iterable<string>): DecimalSeparator | 'mixed' | undefined {
  let common: DecimalSeparator | undefined;
  for (const text of texts) {
    const digits = text.replaceAll(/[^\d.,]/g, '').replaceAll(/^[.,]+(?=\d*[.,])|[.,]+$/g, '');
    const certain = separatorOf(digits, false);
    // Marks that can only be thousands leave the other one for the decimals.
    const mark = certain !== 'none' ? certain : digits.includes('.') ? ',' : digits.includes(',') ? '.' : undefined;
    if (mark === undefined) continue;
    if (common !== undefined && common !== mark) return 'mixed';
    common = mark;
  }
  return common;
}

/**
 * Reads the cost of one unit, which may be less than the smallest coin: `€ 0.0035` per gram.
 * @returns minor units as digits with a point.
 */
export function readCost(text: string, currency: string, separator?: DecimalSeparator): Reading<string> {
  const amount = readAmount(text, currency, separator);
  if ('fault' in amount) return amount;
  if (amount.value.startsWith('-')) return { fault: `${quoted(text)} is negative` };
  const [whole = '', fraction = ''] = amount.value.split('.');
  const decimals = currencyDecimals(currency);
  const padded = fraction.padEnd(decimals, '0');
  return { value: `${whole}${padded.slice(0, decimals)}.${padded.slice(decimals) || '0'}` };
}

/** A cell's text for a message, shortened. */
export function quoted(text: string): string {
  const shown = text.trim();
  return `"${shown.length > SHOWN_CHARS ? `${shown.slice(0, SHOWN_CHARS)}…` : shown}"`;
}

/** Removes signs and currency marks. */
function undress(text: string, currency: string): Reading<{ digits: string; negative: boolean }> {
  // In Switzerland, a round amount is written as "12.-".
  const plain = text
    .trim()
    .replaceAll(/[−–—]/gu, '-')
    .replace(/(?<=\d)[.,]-+$/u, '');
  if (plain === '') return { fault: 'is empty' };
  const inParentheses = PARENTHESES.exec(plain)?.[1];
  const match = NUMBER.exec((inParentheses ?? plain).trim());
  if (!match) return { fault: `${quoted(text)} is not an amount of money` };
  const [, before = '', signBefore = '', between = '', digits = '', minusAfter = '', after = ''] = match;
  for (const mark of [before, between, after]) {
    const fault = markFault(mark, currency);
    if (fault !== undefined) return { fault: `${quoted(text)} ${fault}` };
  }
  return { value: { digits, negative: inParentheses !== undefined || signBefore === '-' || minusAfter !== '' } };
}

function markFault(mark: string, currency: string): string | undefined {
  const word = mark.toUpperCase().replace(/^\.+|\.+$/gu, '');
  if (word === '' || word === currency || /^\p{Sc}$/u.test(word) || CURRENCY_WORDS.has(word)) return undefined;
  if (ISO_CODE.test(word) && isCurrency(word)) return `is in ${word}, not in ${currency}`;
  return 'is not an amount of money';
}

/** @returns digits with a decimal point only. */
function toPlainDecimal(
  text: string,
  separator: DecimalSeparator | undefined,
  pointIsNeverDecimal: boolean,
): Reading<string> {
  const digits = PARTED_THOUSANDS.test(text) ? text.replaceAll(/['’\s]/gu, '') : text;
  if (!/^(?:\d+[\d.,]*|[.,]\d+)$/.test(digits)) return { fault: 'is not a number' };
  const decimal = separator ?? separatorOf(digits, pointIsNeverDecimal);
  if (decimal === undefined) {
    return { fault: 'can be read in two ways: set decimalSeparator in the mapping' };
  }
  const [whole = '', fraction = '', ...rest] = decimal === 'none' ? [digits] : digits.split(decimal);
  if (rest.length > 0 || !/^\d*$/.test(fraction) || !/^(?:\d*|\d{1,3}(?:[.,]\d{3})+)$/.test(whole)) {
    return { fault: 'is not a number' };
  }
  return { value: `${whole.replaceAll(/[.,]/g, '') || '0'}.${fraction}` };
}

/**
 * The decimal separator, when the text alone makes it certain. `none`: the separators are thousands
 * separators.
 */
function separatorOf(digits: string, pointIsNeverDecimal: boolean): DecimalSeparator | 'none' | undefined {
  const marks = digits.replaceAll(/\d/g, '');
  if (marks === '') return 'none';
  const last = marks.at(-1) === ',' ? ',' : '.';
  const onlyOneKind = marks === last.repeat(marks.length);
  if (!onlyOneKind) return last;
  if (marks.length > 1) return 'none';
  const [whole = '', fraction = ''] = digits.split(last);
  if (fraction.length !== 3) return last;
  if (pointIsNeverDecimal) return 'none';
  const cannotBeThousands = whole.length > 3 || whole === '' || whole.startsWith('0');
  return cannotBeThousands ? last : undefined;
}
