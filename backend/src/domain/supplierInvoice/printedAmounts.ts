/** Amounts, dates and numbers as papers print them, in several languages. */
import { moneyOf } from './decimals.js';
import { dateOf } from './xmlNode.js';

const CURRENCY_MARKS = /^(?:[$€£]|EUR|USD|GBP|CHF|US\$)/i;
/** A digit that a recogniser has taken for a letter: `S0.75`, `$O.00`. */
const MISREAD_MARK = /^S(?=[\dO]+[.,][\dO]{2}$)/;
const AMOUNT = /^([+-]?)((?:\d{1,3}(?:[.,'\u2019]\d{3})+|\d{1,9}))[.,](\d{2})(-?)$/;

/**
 * Reads a printed amount: `$1,234.50`, `1.234,50`, `12.00-`. Two decimals are demanded, so no
 * quantity or phone number is taken for money.
 * @returns money text; undefined when it is none.
 */
export function amountIn(word: string): string | undefined {
  const plain = word
    .replace(/^\+(?=[$€£])/, '')
    .replace(CURRENCY_MARKS, '')
    .replace(MISREAD_MARK, '');
  const digits =
    /[\d]/.test(plain) || /^O[.,]/.test(plain) ? plain.replaceAll(/O(?=[.,\dO])|(?<=[.,\d])O/g, '0') : plain;
  const match = AMOUNT.exec(digits.replace(CURRENCY_MARKS, ''));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', behind] = match;
  const isNegative = sign === '-' || behind === '-';
  return moneyOf(`${isNegative ? '-' : ''}${whole.replaceAll(/\D/g, '')}.${fraction}`);
}

const CURRENCIES: [RegExp, string][] = [
  [/€|\bEUR\b/, 'EUR'],
  [/£|\bGBP\b/, 'GBP'],
  [/\bCHF\b/, 'CHF'],
  [/\$|\bUSD\b|US Dollars/i, 'USD'],
];

export function currencyIn(text: string): string | null {
  return CURRENCIES.find(([mark]) => mark.test(text))?.[1] ?? null;
}

const MONTHS = [
  'jan',
  'feb',
  'm(?:ar|är|aa|rz)',
  'a(?:pr|vr)',
  'ma[iyg]|mei',
  'j(?:un|uin)',
  'j(?:ul|uil)|lug',
  'a(?:ug|oû|go)',
  'se[pt]',
  'o[ck]t|ott',
  'nov',
  'de[czm]|dic',
].map((month) => new RegExp(`^(?:${month})`, 'i'));
const ISO = /\b(20\d{2})-(\d{2})-(\d{2})\b/;
const NUMERIC = /(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(20\d{2}|\d{2})(?!\d{0,1}[.:])/;
const DAY_FIRST = /(?<!\d)(\d{1,2})[.\s-]{0,2}([A-Za-zäûé]{3,9})[.,\s-]{0,2}(20\d{2})/;
const MONTH_FIRST = /\b([A-Za-zäûé]{3,9})[.\s]{0,2}(\d{1,2})\s?[.,]\s?(20\d{2}|\d{2})(?!\d*:)/;

/**
 * The first date in a text, as `YYYY-MM-DD`.
 * @param isMonthFirst whether 5/6/2016 is in May: on papers in dollars.
 */
export function dateIn(text: string, isMonthFirst: boolean): string | null {
  const iso = ISO.exec(text);
  if (iso) return dated(iso[1], Number(iso[2]), Number(iso[3]));
  const first = DAY_FIRST.exec(text);
  const dayFirst = first && dated(first[3], monthOf(first[2]), Number(first[1]));
  if (dayFirst) return dayFirst;
  const second = MONTH_FIRST.exec(text);
  const monthFirst = second && dated(second[3], monthOf(second[1]), Number(second[2]));
  if (monthFirst) return monthFirst;
  const match = NUMERIC.exec(text);
  if (!match) return null;
  const [one, other] = [Number(match[1]), Number(match[3])];
  const month = match[2] === '/' && isMonthFirst && one <= 12;
  return dated(match[4], month ? one : other, month ? other : one);
}

function monthOf(word: string | undefined): number {
  return MONTHS.findIndex((month) => month.test(word ?? '')) + 1;
}

function dated(year: string | undefined, month: number, day: number): string | null {
  const full = (year ?? '').padStart(4, '20');
  return dateOf(`${full}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
}
