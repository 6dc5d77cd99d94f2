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
/** Countries whose law demands the rounding of cash to five cents of a euro. */
const FIVE_CENTS_BY_LAW = new Set(['BE', 'EE', 'FI', 'LT', 'SK']);

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
}: Pick<RestaurantSettings, 'cashIncrement' | 'currency'>): CashRounding {
  return { increment: cashIncrement, isHalfDown: currency === 'NZD' };
}

/** The amount as it is paid in cash: the nearest multiple of the increment. */
export function inCash(amount: MinorUnits, { increment, isHalfDown }: CashRounding): MinorUnits {
  if (increment <= 1) return amount;
  const size = Math.abs(amount);
  const beyond = size % increment;
  const isUp = isHalfDown ? beyond * 2 > increment : beyond * 2 >= increment;
  const rounded = size - beyond + (isUp ? increment : 0);
  return amount < 0 ? 0 - rounded : rounded;
}
