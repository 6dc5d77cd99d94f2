/**
 * Formats numbers, money and dates in a document's language. Uses its own small table instead of
 * `Intl`, whose spelling changes with its data version: an issued document must print the same
 * years later. Digits are 0 to 9 everywhere, as on receipts in all of these languages. Source:
 * Unicode CLDR 44, `numbers` and `dates`, short forms.
 */
import { isRightToLeft } from '../labels/documentLabels.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import { currencyDecimals, formatMinor, type Total } from '../../domain/number/money.js';

interface Spelling {
  group: string;
  decimal: string;
  /** Whether the currency is after the number. */
  currencyLast: boolean;
  percent: string;
  /** Formats year, month and day, the latter two with two digits. */
  date: (year: string, month: string, day: string) => string;
}

const NO_BREAK_SPACE = '\u00a0';
/** The Thai calendar counts years from the death of the Buddha. */
const BUDDHIST_ERA = 543;
const withoutZero = (digits: string) => digits.replace(/^0/, '');
const plain = { group: ',', decimal: '.', currencyLast: false, percent: '%' };
const european = { group: '.', decimal: ',', currencyLast: true, percent: `${NO_BREAK_SPACE}%` };
const slashes = (year: string, month: string, day: string) => `${day}/${month}/${year}`;
const ideographic = (year: string, month: string, day: string) =>
  `${year}年${withoutZero(month)}月${withoutZero(day)}日`;
const ENGLISH_MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const SPELLINGS: Record<PrintLanguage, Spelling> = {
  // The month is a word: 04/05 is a different day in Boston and in Bristol.
  en: { ...plain, date: (year, month, day) => `${withoutZero(day)} ${ENGLISH_MONTHS[Number(month) - 1]} ${year}` },
  de: { ...european, date: (year, month, day) => `${day}.${month}.${year}` },
  fr: { ...european, group: NO_BREAK_SPACE, date: slashes },
  es: { ...european, date: slashes },
  it: { ...european, percent: '%', date: slashes },
  th: { ...plain, date: (year, month, day) => slashes(String(Number(year) + BUDDHIST_ERA), month, day) },
  ar: { ...plain, currencyLast: true, date: slashes },
  ja: { ...plain, date: ideographic },
  zh: { ...plain, date: ideographic },
  ko: { ...plain, date: (year, month, day) => `${year}. ${withoutZero(month)}. ${withoutZero(day)}.` },
};

/**
 * Signs of one currency only. `$` and `kr` are signs of many, so those currencies print their code.
 */
const SIGNS: Record<string, string> = {
  EUR: '€',
  GBP: '£',
  JPY: '¥',
  KRW: '₩',
  THB: '฿',
  VND: '₫',
  INR: '₹',
  PLN: 'zł',
};

/** `1234567, 'EUR', 'de'` becomes `12.345,67`. */
export function printedAmount(amount: Total, currency: string, language: PrintLanguage): string {
  return printedDecimal(formatMinor(amount, currency), language);
}

/**
 * @param cost minor units as decimal text: `'9.95', 'EUR', 'de'` becomes `0,0995`, and `'150'`
 * becomes `1,50`.
 */
export function printedCost(cost: string, currency: string, language: PrintLanguage): string {
  const decimals = currencyDecimals(currency);
  const [whole = '', fraction = ''] = cost.split('.');
  const digits = whole.padStart(decimals + 1, '0');
  const [units, parts] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals) + fraction];
  return printedDecimal(parts === '' ? units : `${units}.${parts}`, language);
}

/** With the currency: `€12,345.67`, `12.345,67 €`, `CHF 12,345.67`. */
export function printedMoney(amount: Total, currency: string, language: PrintLanguage): string {
  const sign = SIGNS[currency];
  const text = String(amount);
  const digits = printedAmount(text.replace('-', ''), currency, language);
  const minus = text.startsWith('-') ? minusOf(language) : '';
  if (SPELLINGS[language].currencyLast) return `${minus}${digits}${NO_BREAK_SPACE}${sign ?? currency}`;
  return `${minus}${sign ?? currency + NO_BREAK_SPACE}${digits}`;
}

/**
 * A decimal text such as `1250.500` in the language's spelling, without trailing zeros: `1.250,5`.
 */
export function printedQuantity(quantity: string, language: PrintLanguage): string {
  return printedDecimal(quantity.includes('.') ? quantity.replace(/\.?0+$/, '') : quantity, language);
}

/** `8.875` becomes `8,875 %`. */
export function printedPercent(rate: string, language: PrintLanguage): string {
  return printedQuantity(rate, language) + SPELLINGS[language].percent;
}

/** @param date `YYYY-MM-DD`; any text after it is kept: `2026-11-22 18:30`. */
export function printedDate(date: string, language: PrintLanguage): string {
  const [, year = '', month = '', day = '', rest = ''] = /^(\d{4})-(\d{2})-(\d{2})(.*)$/.exec(date) ?? [];
  return SPELLINGS[language].date(year, month, day) + rest;
}

function printedDecimal(text: string, language: PrintLanguage): string {
  const { group, decimal } = SPELLINGS[language];
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, group).replace('-', minusOf(language));
  return fraction === undefined ? grouped : grouped + decimal + fraction;
}

/** In a right-to-left line, only a direction mark keeps the minus in front of its number. */
function minusOf(language: PrintLanguage): string {
  return isRightToLeft(language) ? '\u200e-' : '-';
}
