/** How often somebody may call. The most specific tier of a route replaces the wider one. */

export interface RateTier {
  /** Calls in one window. */
  limit: number;
  windowMs: number;
}

const MINUTE = 60_000;

export const RATE_TIERS = {
  /** Callers without a valid credential, by address. */
  global: { limit: 100, windowMs: 15 * MINUTE },
  /** Attempts to come in, by address and account. */
  auth: { limit: 5, windowMs: 15 * MINUTE },
  /** Everybody else, by user or API key. */
  api: { limit: 60, windowMs: MINUTE },
  /** Assistant and voice. */
  heavy: { limit: 20, windowMs: MINUTE },
  uploads: { limit: 10, windowMs: MINUTE },
} as const satisfies Record<string, RateTier>;

export type RateTierName = keyof typeof RATE_TIERS;

export const API_KEY_KINDS = ['integration', 'till', 'kitchen_screen'] as const;
export type ApiKeyKind = (typeof API_KEY_KINDS)[number];

/** A till at rush hour and a screen that refreshes all day call far more often than a person at a dashboard. */
const FACTOR_BY_KIND: Record<ApiKeyKind, number> = { integration: 1, till: 10, kitchen_screen: 10 };

/** @param planFactor what the restaurant's plan multiplies its limits by, 1 or more. */
export function limitFactor(kind: ApiKeyKind | undefined, planFactor: number): number {
  return (kind ? FACTOR_BY_KIND[kind] : 1) * planFactor;
}
