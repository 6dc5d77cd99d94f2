/**
 * Tiers of limits, counted in Redis and, while Redis is away, in this process. The counting is express-rate-limit's;
 * what stands here is who is counted under which tier, and the way to the local counters and back.
 */
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { AppError } from '../domain/shared/errors.js';
import { COUNTED_TIERS, type CountedTier, RATE_TIERS, type RateTierName } from '../domain/people/rateLimits.js';
import { FallbackStore, RedisGate, type RateLimitRedis } from './rateLimit/counters.js';
import { RestaurantQuota } from './rateLimit/restaurantQuota.js';

/** A site's IPv6 network: whoever owns it owns every address in it. */
const IPV6_PREFIX = 56;

export interface RateLimitOptions {
  redis?: RateLimitRedis | undefined;
  /** Raises every tier, for load tests. */
  multiplier: number;
  /** Told about each refused call. */
  onLimited?: (tier: RateTierName) => void;
  /** Told when Redis was waited for in vain. */
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
   * @param key who is counted: made from a checked credential or an address, never from what a caller merely claims.
   * @param factor raises the tier's limit for this caller.
   * @throws AppError rate_limited with the seconds until it may be tried again.
   */
  async count(tier: CountedTier, request: Request, response: Response, key: string, factor = 1): Promise<void> {
    this.#subjects.set(request, { key, factor });
    await new Promise<void>((resolve, reject) => {
      // Settles through `next`; a store never rejects, see FallbackStore.
      void this.#limiters.get(tier)?.limit(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
  }

  /** Takes back what `count` has counted once. Never rejects. */
  async giveBack(tier: CountedTier, key: string): Promise<void> {
    await this.#limiters.get(tier)?.store.decrement(key);
  }

  /**
   * Counts one call of a restaurant, whoever makes it. Waits for Redis once for some hundred calls.
   * @param planFactor raises the limit. @throws AppError rate_limited.
   */
  async countRestaurant(response: Response, restaurantId: string, planFactor = 1): Promise<void> {
    const limit = RESTAURANT_LIMIT.limit * this.#options.multiplier * planFactor;
    const taken = this.#quota.take(restaurantId, limit);
    const waitSeconds = typeof taken === 'number' ? taken : await taken;
    if (waitSeconds === 0) return;
    this.#options.onLimited?.('restaurant');
    response.append('ratelimit-policy', `"restaurant"; q=${limit}; w=${RESTAURANT_LIMIT.windowMs / 1_000}`);
    response.append('ratelimit', `"restaurant"; r=0; t=${waitSeconds}`);
    throw rateLimited(waitSeconds, 'All people and keys of this restaurant together have made too many requests.');
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
      // Proxies are the operator's matter: see trustProxyHops.
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

/** The caller's address as a key; for IPv6 the network of its site. */
export function addressKey(request: Request): string {
  return ipKeyGenerator(request.ip ?? 'unknown', IPV6_PREFIX);
}
