/** Money, times and numbers as the language and the restaurant write them. */
import { createContext, useContext, useMemo } from 'react';
import { useLocale } from 'use-intl';

/** Settings of the restaurant that decide how things are written. */
export interface Place {
  currency: string;
  timezone: string;
  businessDayCutoffHour: number;
}

export const PlaceContext = createContext<Place>({ currency: 'EUR', timezone: 'UTC', businessDayCutoffHour: 0 });

export interface Format {
  /** @param amount in minor units of the restaurant's currency; large ones are decimal text. */
  money: (amount: number | string, currency?: string) => string;
  /** Minor units in one of the currency: 100 for the euro, 1 for the yen. */
  minor: (currency?: string) => number;
  /** Between whole units and their parts, as the language writes it. */
  decimalSign: string;
  number: (value: number, options?: Intl.NumberFormatOptions) => string;
  /** @param share 1 is 100 %. */
  percent: (share: number) => string;
  /** Hours and minutes in the restaurant's zone, never in the browser's. */
  time: (instant: string | number | Date) => string;
  date: (instant: string | number | Date) => string;
  /** As `date`, without the year: 29 Nov, 21:15. */
  moment: (instant: string | number | Date) => string;
  /** @param date a business date, YYYY-MM-DD: it has no zone. */
  day: (date: string, options?: Intl.DateTimeFormatOptions) => string;
  /** The restaurant's business date now. */
  today: () => string;
}

export function useFormat(): Format {
  const locale = useLocale();
  const place = useContext(PlaceContext);
  return useMemo(() => formatOf(locale, place), [locale, place]);
}

export function formatOf(locale: string, { currency, timezone, businessDayCutoffHour }: Place): Format {
  const numbers = remember((options: string) => new Intl.NumberFormat(locale, JSON.parse(options) as object));
  const dates = remember((options: string) => new Intl.DateTimeFormat(locale, JSON.parse(options) as object));
  const inZone = (instant: string | number | Date, options: object): string =>
    dates(JSON.stringify({ ...options, timeZone: timezone })).format(new Date(instant));
  return {
    money: (amount, code = currency) => moneyOf(numbers(JSON.stringify({ style: 'currency', currency: code })), amount),
    minor: (code = currency) => 10 ** digitsOf(numbers(JSON.stringify({ style: 'currency', currency: code }))),
    decimalSign:
      numbers('{}')
        .formatToParts(0.5)
        .find(({ type }) => type === 'decimal')?.value ?? '.',
    number: (value, options = {}) => numbers(JSON.stringify(options)).format(value),
    percent: (share) => numbers(JSON.stringify({ style: 'percent', maximumFractionDigits: 0 })).format(share),
    time: (instant) => inZone(instant, { hour: '2-digit', minute: '2-digit' }),
    date: (instant) => inZone(instant, { dateStyle: 'medium', timeStyle: 'short' }),
    moment: (instant) => inZone(instant, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }),
    day: (date, options = { weekday: 'long', day: 'numeric', month: 'long' }) =>
      dates(JSON.stringify({ ...options, timeZone: 'UTC' })).format(new Date(`${date}T12:00:00Z`)),
    today: () => businessDateOf(Date.now(), timezone, businessDayCutoffHour),
  };
}

/** The number of digits comes from Intl: 0 for the yen, 3 for the dinar. No float in between. */
function moneyOf(format: Intl.NumberFormat, amount: number | string): string {
  return format.format(decimalOf(amount, digitsOf(format)));
}

function digitsOf(format: Intl.NumberFormat): number {
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** 1234 with 2 digits is 12.34, as text. */
export function decimalOf(amount: number | string, digits: number): `${number}` {
  const [, sign = '', text = ''] = /^(-?)(\d+)$/.exec(String(amount)) ?? [];
  const whole = text.padStart(digits + 1, '0');
  const at = whole.length - digits;
  // It consists of digits and one point.
  return `${sign}${whole.slice(0, at)}${digits > 0 ? `.${whole.slice(at)}` : ''}` as `${number}`;
}

/** Hours before the cut-off belong to the day before. */
export function businessDateOf(instantMs: number, timezone: string, cutoffHour: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  }).formatToParts(instantMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  return Number(part('hour')) < cutoffHour ? shiftDays(date, -1) : date;
}

/** @param date YYYY-MM-DD. */
export function shiftDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function remember<Made>(make: (options: string) => Made): (options: string) => Made {
  const made = new Map<string, Made>();
  return (options) => {
    const known = made.get(options) ?? make(options);
    made.set(options, known);
    return known;
  };
}
