/**
 * Tiers of limits. They are counted in Redis, or in this process while Redis is unavailable.
 * The stores of express-rate-limit and rate-limit-redis count; this file maps callers to tiers and
 * writes the headers. The library's own handler digests the key for each answer and checks its
 * settings each time: 17 µs, this 3.
 */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { ipKeyGenerator, type Options } from 'express-rate-limit';
import { AppError } from '../domain/shared/errors.js';
import { COUNTED_TIERS, type CountedTier, RATE_TIERS, type RateTierName } from '../domain/people/rateLimits.js';
import { type Counted, FallbackStore, RedisGate, type RateLimitRedis } from './rateLimit/counters.js';
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

/** One call, counted. */
export interface Tally {
  /** For the answer: names and values in turn. */
  headers: readonly string[];
  refusal?: AppError;
}

const ALLOWED: Tally = { headers: [] };
const RESTAURANT_LIMIT = RATE_TIERS.restaurant;

/** Most callers whose partition keys are remembered. */
const MAX_PARTITIONS = 10_000;

export class RateLimits {
  readonly #stores = new Map<CountedTier, FallbackStore>();
  readonly #partitions = new Map<string, string>();
  readonly #quota: RestaurantQuota;
  readonly #options: RateLimitOptions;

  constructor(options: RateLimitOptions) {
    this.#options = options;
    const gate = options.redis && new RedisGate(options.redis, options.onSilent);
    this.#quota = new RestaurantQuota(gate);
    for (const tier of COUNTED_TIERS) {
      const store = new FallbackStore(gate, `servio:limit:${tier}:`);
      // The stores read the window only.
      store.init({ windowMs: RATE_TIERS[tier].windowMs } as Options);
      this.#stores.set(tier, store);
    }
  }

  /**
   * Counts one call and sets the RateLimit headers.
   * @param key of the counted caller: from a checked credential or an address, never from a bare
   *   claim.
   * @param factor raises the tier's limit for this caller.
   * @throws AppError rate_limited with the seconds until the next try.
   */
  async count(tier: CountedTier, response: Response, key: string, factor = 1): Promise<void> {
    write(response, await this.tally(tier, key, factor));
  }

  /** Same as `count`, without the answer; at once where no Redis is asked. Never throws. */
  tally(tier: CountedTier, key: string, factor = 1): Tally | Promise<Tally> {
    const counted = this.#stores.get(tier)!.increment(key);
    return counted instanceof Promise
      ? counted.then((one) => this.#tallyOf(tier, key, factor, one))
      : this.#tallyOf(tier, key, factor, counted);
  }

  #tallyOf(tier: CountedTier, key: string, factor: number, { totalHits, resetTime }: Counted): Tally {
    const { limit: base, windowMs } = RATE_TIERS[tier];
    const limit = base * this.#options.multiplier * factor;
    const leftMs = resetTime === undefined ? windowMs : resetTime.getTime() - Date.now();
    const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
    const headers = [
      'RateLimit',
      `"${tier}"; r=${Math.max(0, limit - totalHits)}; t=${seconds}`,
      'RateLimit-Policy',
      `"${tier}"; q=${limit}; w=${Math.ceil(windowMs / 1_000)}; pk=:${this.#partitionOf(key)}:`,
    ];
    if (totalHits <= limit) return { headers };
    this.#options.onLimited?.(tier);
    return { headers, refusal: rateLimited(seconds, 'Too many requests.') };
  }

  /** Takes back one count. Never rejects. */
  async giveBack(tier: CountedTier, key: string): Promise<void> {
    await this.#stores.get(tier)?.decrement(key);
  }

  /**
   * Counts one call of a restaurant, for all its callers. Only one of some hundred calls waits for
   * Redis.
   * @param planFactor raises the limit.
   * @throws AppError rate_limited.
   */
  async countRestaurant(response: Response, restaurantId: string, planFactor = 1): Promise<void> {
    write(response, await this.tallyRestaurant(restaurantId, planFactor));
  }

  /** Same as `countRestaurant`, without the answer; mostly at once. Never throws. */
  tallyRestaurant(restaurantId: string, planFactor = 1): Tally | Promise<Tally> {
    const limit = RESTAURANT_LIMIT.limit * this.#options.multiplier * planFactor;
    const taken = this.#quota.take(restaurantId, limit);
    if (taken === 0) return ALLOWED;
    return typeof taken === 'number'
      ? this.#refuseRestaurant(limit, taken)
      : taken.then((seconds) => (seconds === 0 ? ALLOWED : this.#refuseRestaurant(limit, seconds)));
  }

  #refuseRestaurant(limit: number, seconds: number): Tally {
    this.#options.onLimited?.('restaurant');
    const headers = [
      'ratelimit-policy',
      `"restaurant"; q=${limit}; w=${RESTAURANT_LIMIT.windowMs / 1_000}`,
      'ratelimit',
      `"restaurant"; r=0; t=${seconds}`,
    ];
    const reason = 'The people and keys of this restaurant together have made too many requests.';
    return { headers, refusal: rateLimited(seconds, reason) };
  }

  /** Draft 8: tells a client which of its windows this is, and nothing about the key. */
  #partitionOf(key: string): string {
    const known = this.#partitions.get(key);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(key).digest('hex').slice(0, 12);
    const partition = Buffer.from(digest).toString('base64');
    if (this.#partitions.size >= MAX_PARTITIONS) this.#partitions.clear();
    this.#partitions.set(key, partition);
    return partition;
  }
}

/** @throws AppError rate_limited when the call is refused. */
export function write(response: Response, { headers, refusal }: Tally): void {
  for (let at = 0; at < headers.length; at += 2) response.append(headers[at] ?? '', headers[at + 1]);
  if (refusal) throw refusal;
}

/** Two counts of one call. */
export function joined(own: Tally, all: Tally): Tally {
  if (all.headers.length === 0) return own;
  return { headers: [...own.headers, ...all.headers], ...(all.refusal && { refusal: all.refusal }) };
}

function rateLimited(seconds: number, reason: string): AppError {
  return new AppError('rate_limited', `${reason} Try again in ${seconds} seconds.`, { retryAfterSeconds: seconds });
}

/** The caller's address as a key; for IPv6, the network of the caller's site. */
export function addressKey(request: Request): string {
  return ipKeyGenerator(request.ip ?? 'unknown', IPV6_PREFIX);
}
