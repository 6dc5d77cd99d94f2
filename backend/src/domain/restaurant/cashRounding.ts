/**
 * Rounding of cash where small coins are missing. Bills stay exact; the difference is stored beside
 * them (decision 0045). Amounts are minor units.
 */
import type { MinorUnits } from '../number/money.js';
import type { RestaurantSettings } from './restaurant.js';

/** Rounding of cash in a restaurant. */
export interface CashRounding {
  /** Smallest amount that exists in cash; 0: every amount does. */
  increment: MinorUnits;
  /** Half of the increment is rounded down. */
  isHalfDown: boolean;
  /** Amounts below the increment: `coin` takes one coin, `exact` takes them as they are. */
  small?: 'coin' | 'exact' | undefined;
  /** Only a bill that is paid in cash alone is rounded. */
  isWholeOnly?: boolean | undefined;
}

export const MAX_INCREMENT: MinorUnits = 1_000_000;

/** The smallest coin, or the unit that the law names, where it is above one minor unit. */
const BY_CURRENCY: Readonly<Record<string, MinorUnits>> = {
  AUD: 5,
  CAD: 5,
  CHF: 5,
  CZK: 100,
  DKK: 50,
  HUF: 500,
  ILS: 10,
  MYR: 5,
  NOK: 100,
  NZD: 10,
  SEK: 100,
  SGD: 5,
};
/**
 * Countries whose law demands the rounding of cash to five cents of a euro, and their own terms.
 * Decision 0064 names the laws.
 */
const FIVE_CENTS_BY_LAW: ReadonlyMap<string, Pick<CashRounding, 'small' | 'isWholeOnly'>> = new Map([
  ['BE', { small: 'exact' }],
  ['EE', {}],
  ['FI', {}],
  ['IT', { isWholeOnly: true }],
  ['LT', {}],
  ['SK', { small: 'coin' }],
]);

/** The setting of the restaurant, else the rule of its currency and country. */
export function cashIncrementOf({
  cashRounding,
  currency,
  country,
}: Pick<RestaurantSettings, 'cashRounding' | 'currency' | 'country'>): MinorUnits {
  const byLaw = currency === 'EUR' && country !== null && FIVE_CENTS_BY_LAW.has(country) ? 5 : 0;
  return cashRounding ?? BY_CURRENCY[currency] ?? byLaw;
}

/** Most tills of New Zealand round five cents down; elsewhere halves are rounded up. */
export function cashRoundingOf({
  cashIncrement,
  currency,
  country,
}: Pick<RestaurantSettings, 'cashIncrement' | 'currency' | 'country'>): CashRounding {
  const terms = currency === 'EUR' && cashIncrement === 5 ? FIVE_CENTS_BY_LAW.get(country ?? '') : {};
  return { increment: cashIncrement, isHalfDown: currency === 'NZD', ...terms };
}

/** The rounding of the cash that pays the rest of a bill. @param held for the bill by now. */
export function roundingOfRest(cash: CashRounding, held: MinorUnits): CashRounding {
  return cash.isWholeOnly && held > 0 ? { ...cash, increment: 0 } : cash;
}

/** The amount as it is paid in cash: the nearest multiple of the increment. */
export function inCash(amount: MinorUnits, { increment, isHalfDown, small }: CashRounding): MinorUnits {
  const size = Math.abs(amount);
  if (increment <= 1 || size === 0 || (small === 'exact' && size < increment)) return amount;
  if (small === 'coin' && size < increment) return amount < 0 ? 0 - increment : increment;
  const beyond = size % increment;
  const isUp = isHalfDown ? beyond * 2 > increment : beyond * 2 >= increment;
  const rounded = size - beyond + (isUp ? increment : 0);
  return amount < 0 ? 0 - rounded : rounded;
}
