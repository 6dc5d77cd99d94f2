/** Rate limits of calls. The most specific tier of a route replaces the wider one. */

export interface RateTier {
  /** Calls in one window. */
  limit: number;
  windowMs: number;
}

const MINUTE = 60_000;
const QUARTER_OF_AN_HOUR = 15 * MINUTE;

export const RATE_TIERS = {
  /** Calls without a valid credential, by address. An invalid credential counts once. */
  global: { limit: 100, windowMs: QUARTER_OF_AN_HOUR },
  /**
   * Failed logins and similar attempts, by address; also refresh tokens that this server did not
   * issue.
   */
  entry: { limit: 100, windowMs: QUARTER_OF_AN_HOUR },
  /** Failed logins and similar attempts, by address and account; also new accounts and demos. */
  auth: { limit: 5, windowMs: QUARTER_OF_AN_HOUR },
  /** The same failing attempt again: the same request for the same account. */
  attempt: { limit: 5, windowMs: QUARTER_OF_AN_HOUR },
  /** Logins by address and account, successful ones included: each costs a hash and a session. */
  logins: { limit: 60, windowMs: QUARTER_OF_AN_HOUR },
  /** The same invalid credential. */
  token: { limit: 100, windowMs: QUARTER_OF_AN_HOUR },
  /** Refreshes of one session. An access token lasts as long as the window. */
  refresh: { limit: 30, windowMs: QUARTER_OF_AN_HOUR },
  /** All other calls, by user or API key. */
  api: { limit: 60, windowMs: MINUTE },
  /**
   * The same for pages in a browser, by user: a kitchen screen polls three lists each three
   * seconds.
   */
  console: { limit: 300, windowMs: MINUTE },
  /** Expensive calls, such as stock and series audits and depletions. */
  heavy: { limit: 20, windowMs: MINUTE },
  uploads: { limit: 10, windowMs: MINUTE },
  /** Pictures of dishes, by address: guests of one restaurant share theirs. */
  pictures: { limit: 1_200, windowMs: MINUTE },
  /** Codes for pairing that devices ask for, by address. */
  pairing_codes: { limit: 30, windowMs: QUARTER_OF_AN_HOUR },
  /** Questions of one device whether its code was entered. */
  pairing_polls: { limit: 20, windowMs: MINUTE },
  /** Codes of devices entered, right or wrong, by all of a restaurant together. */
  pairings: { limit: 30, windowMs: QUARTER_OF_AN_HOUR },
  /** Streams opened, by user or API key, instead of `api`; and by all of a restaurant together. */
  streams: { limit: 60, windowMs: MINUTE },
  restaurant_streams: { limit: 600, windowMs: MINUTE },
  /** All users and keys of a restaurant together: fifty calls a second on average. */
  restaurant: { limit: 3_000, windowMs: MINUTE },
} as const satisfies Record<string, RateTier>;

export type RateTierName = keyof typeof RATE_TIERS;
/** Tiers that count each call individually. `restaurant` takes permits in batches. */
export type CountedTier = Exclude<RateTierName, 'restaurant'>;
// Keys of the object above, without `restaurant`.
export const COUNTED_TIERS = Object.keys(RATE_TIERS).filter((tier) => tier !== 'restaurant') as CountedTier[];

export const API_KEY_KINDS = ['integration', 'till', 'kitchen_screen'] as const;
export type ApiKeyKind = (typeof API_KEY_KINDS)[number];

/** Maximum of a restaurant's valid keys at the same time. */
export const MAX_LIVE_API_KEYS = 50;

/**
 * A till at rush hour and a screen that refreshes all day call far more often than a person at a
 * dashboard.
 */
const FACTOR_BY_KIND: Record<ApiKeyKind, number> = { integration: 1, till: 10, kitchen_screen: 10 };

/** @param planFactor factor of the restaurant's plan for its limits, 1 or more. */
export function limitFactor(kind: ApiKeyKind | undefined, planFactor: number): number {
  return (kind ? FACTOR_BY_KIND[kind] : 1) * planFactor;
}
