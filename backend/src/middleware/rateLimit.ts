/**
 * Tiers of limits. They are counted in Redis, or in this process while Redis is unavailable.
 * express-rate-limit does the counting; this file maps callers to tiers.
 */
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { AppError } from '../domain/shared/errors.js';
import { COUNTED_TIERS, type CountedTier, RATE_TIERS, type RateTierName } from '../domain/people/rateLimits.js';
import { FallbackStore, RedisGate, type RateLimitRedis } from './rateLimit/counters.js';
import { RestaurantQuota } from './rateLimit/restaurantQuota.js';

/** Size of a site's IPv6 network. One owner has all its addresses. */
const IPV6_PREFIX = 56;

export interface RateLimitOptions {
  redis?: RateLimitRedis | undefined;
  /** Raises every tier, for load tests. */
  multiplier: number;
  /** Called for each refused call. */
  onLimited?: (tier: RateTierName) => void;
  /** Called when Redis did not answer. */
  onSilent?: () => void;
}

const RESTAURANT_LIMIT = RATE_TIERS.restaurant;

interface Subject {
  key: string;
  factor: number;
}

export class RateLimits {
  readonly #limiters = new Map<CountedTier, { limit: RequestHandler; store: FallbackStore }>();
  readonly #subjects = new WeakMap<Request, Subject>();
  readonly #quota: RestaurantQuota;
  readonly #options: RateLimitOptions;

  constructor(options: RateLimitOptions) {
    this.#options = options;
    const gate = options.redis && new RedisGate(options.redis, options.onSilent);
    this.#quota = new RestaurantQuota(gate);
    for (const tier of COUNTED_TIERS) {
      const store = new FallbackStore(gate, `servio:limit:${tier}:`);
      this.#limiters.set(tier, { limit: this.#limiter(tier, store), store });
    }
  }

  /**
   * Counts one call and sets the RateLimit headers.
   * @param key of the counted caller: from a checked credential or an address, never from a bare
   *   claim.
   * @param factor raises the tier's limit for this caller.
   * @throws AppError rate_limited with the seconds until the next try.
   */
  async count(tier: CountedTier, request: Request, response: Response, key: string, factor = 1): Promise<void> {
    this.#subjects.set(request, { key, factor });
    await new Promise<void>((resolve, reject) => {
      // Settles through `next`, because a store never rejects: see FallbackStore.
      void this.#limiters.get(tier)?.limit(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
  }

  /** Takes back one count. Never rejects. */
  async giveBack(tier: CountedTier, key: string): Promise<void> {
    await this.#limiters.get(tier)?.store.decrement(key);
  }

  /**
   * Counts one call of a restaurant, for all its callers. Only one of some hundred calls waits for
   * Redis.
   * @param planFactor raises the limit.
   * @throws AppError rate_limited.
   */
  async countRestaurant(response: Response, restaurantId: string, planFactor = 1): Promise<void> {
    const limit = RESTAURANT_LIMIT.limit * this.#options.multiplier * planFactor;
    const taken = this.#quota.take(restaurantId, limit);
    const waitSeconds = typeof taken === 'number' ? taken : await taken;
    if (waitSeconds === 0) return;
    this.#options.onLimited?.('restaurant');
    response.append('ratelimit-policy', `"restaurant"; q=${limit}; w=${RESTAURANT_LIMIT.windowMs / 1_000}`);
    response.append('ratelimit', `"restaurant"; r=0; t=${waitSeconds}`);
    throw rateLimited(waitSeconds, 'The people and keys of this restaurant together have made too many requests.');
  }

  #limiter(tier: CountedTier, store: FallbackStore): RequestHandler {
    const options = this.#options;
    const { limit, windowMs } = RATE_TIERS[tier];
    const subjectOf = (request: Request): Subject =>
      this.#subjects.get(request) ?? { key: addressKey(request), factor: 1 };
    return rateLimit({
      windowMs,
      limit: (request) => limit * options.multiplier * subjectOf(request).factor,
      identifier: tier,
      standardHeaders: 'draft-8',
      // The operator configures proxies: see trustProxyHops.
      validate: { xForwardedForHeader: false },
      legacyHeaders: false,
      keyGenerator: (request) => subjectOf(request).key,
      store,
      handler: (_request, response, next) => {
        options.onLimited?.(tier);
        next(rateLimited(Number(response.get('retry-after') ?? 1), 'Too many requests.'));
      },
    });
  }
}

function rateLimited(seconds: number, reason: string): AppError {
  return new AppError('rate_limited', `${reason} Try again in ${seconds} seconds.`, { retryAfterSeconds: seconds });
}

/** The caller's address as a key; for IPv6, the network of the caller's site. */
export function addressKey(request: Request): string {
  return ipKeyGenerator(request.ip ?? 'unknown', IPV6_PREFIX);
}
