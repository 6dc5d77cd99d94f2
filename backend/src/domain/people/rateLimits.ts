/** How often somebody may call. The most specific tier of a route replaces the wider one. */

export interface RateTier {
  /** Calls in one window. */
  limit: number;
  windowMs: number;
}

const MINUTE = 60_000;
const QUARTER_OF_AN_HOUR = 15 * MINUTE;

export const RATE_TIERS = {
  /** Callers who prove nothing, by address. A credential that is not valid counts once. */
  global: { limit: 100, windowMs: QUARTER_OF_AN_HOUR },
  /** Attempts to come in that fail, by address; and refresh tokens that this server did not make. */
  entry: { limit: 100, windowMs: QUARTER_OF_AN_HOUR },
  /** Attempts to come in that fail, by address and account; new accounts and demos likewise. */
  auth: { limit: 5, windowMs: QUARTER_OF_AN_HOUR },
  /** One and the same failing attempt again: the same words for the same account. */
  attempt: { limit: 5, windowMs: QUARTER_OF_AN_HOUR },
  /** Logins by address and account, right ones included: each costs a hash and a session. */
  logins: { limit: 60, windowMs: QUARTER_OF_AN_HOUR },
  /** One and the same credential that is not valid. */
  token: { limit: 100, windowMs: QUARTER_OF_AN_HOUR },
  /** Refreshes of one session. An access token lasts as long as the window. */
  refresh: { limit: 30, windowMs: QUARTER_OF_AN_HOUR },
  /** Everybody else, by user or API key. */
  api: { limit: 60, windowMs: MINUTE },
  /** Assistant and voice. */
  heavy: { limit: 20, windowMs: MINUTE },
  uploads: { limit: 10, windowMs: MINUTE },
  /** All people and keys of a restaurant together: fifty a second. */
  restaurant: { limit: 3_000, windowMs: MINUTE },
} as const satisfies Record<string, RateTier>;

export type RateTierName = keyof typeof RATE_TIERS;
/** Those that count each call by itself. */
export type CountedTier = Exclude<RateTierName, 'restaurant'>;
// Keys of the object above, without the one named.
export const COUNTED_TIERS = Object.keys(RATE_TIERS).filter((tier) => tier !== 'restaurant') as CountedTier[];

export const API_KEY_KINDS = ['integration', 'till', 'kitchen_screen'] as const;
export type ApiKeyKind = (typeof API_KEY_KINDS)[number];

/** Keys of a restaurant that may be good at the same time. */
export const MAX_LIVE_API_KEYS = 50;

/** A till at rush hour and a screen that refreshes all day call far more often than a person at a dashboard. */
const FACTOR_BY_KIND: Record<ApiKeyKind, number> = { integration: 1, till: 10, kitchen_screen: 10 };

/** @param planFactor what the restaurant's plan multiplies its limits by, 1 or more. */
export function limitFactor(kind: ApiKeyKind | undefined, planFactor: number): number {
  return (kind ? FACTOR_BY_KIND[kind] : 1) * planFactor;
}
