/**
 * Five tiers of limits, counted in Redis and, while Redis is away, in this process. The counting is express-rate-limit's;
 * what stands here is who is counted under which tier, and the way to the local counters and back.
 */
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, MemoryStore, type Options, rateLimit, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { AppError } from '../domain/errors.js';
import { RATE_TIERS, type RateTierName } from '../domain/rateLimits.js';

/** A site's IPv6 network: whoever owns it owns every address in it. */
const IPV6_PREFIX = 56;
/** Keys counted locally while Redis is away. Beyond it all are forgotten: bounded memory before exactness. */
const MAX_LOCAL_KEYS = 50_000;
/** How long the local counters serve before Redis is tried again. */
const REDIS_PAUSE_MS = 1_000;

/** The part of a Redis connection that counting needs. It must fail fast. */
export interface RateLimitRedis {
  call(command: string, ...args: string[]): Promise<unknown>;
}

export interface RateLimitOptions {
  redis?: RateLimitRedis | undefined;
  /** Raises every tier, for load tests. */
  multiplier: number;
  /** Told about each refused call. */
  onLimited?: (tier: RateTierName) => void;
}

interface Subject {
  key: string;
  factor: number;
}

export class RateLimits {
  readonly #limiters: Record<RateTierName, RequestHandler>;
  readonly #subjects = new WeakMap<Request, Subject>();

  constructor(options: RateLimitOptions) {
    const limiter = (tier: RateTierName) => this.#limiter(tier, options);
    this.#limiters = {
      global: limiter('global'),
      auth: limiter('auth'),
      api: limiter('api'),
      heavy: limiter('heavy'),
      uploads: limiter('uploads'),
    };
  }

  /**
   * Counts one call and sets the RateLimit headers.
   * @param key who is counted: made from a checked credential or an address, never from what a caller merely claims.
   * @param factor raises the tier's limit for this caller.
   * @throws AppError rate_limited with the seconds until it may be tried again.
   */
  async count(tier: RateTierName, request: Request, response: Response, key: string, factor = 1): Promise<void> {
    this.#subjects.set(request, { key, factor });
    await new Promise<void>((resolve, reject) => {
      // Settles through `next`; a store never rejects, see FallbackStore.
      void this.#limiters[tier](request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
  }

  #limiter(tier: RateTierName, options: RateLimitOptions): RequestHandler {
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
      store: new FallbackStore(options.redis, `servio:limit:${tier}:`),
      handler: (_request, response, next) => {
        options.onLimited?.(tier);
        const seconds = Number(response.get('retry-after') ?? 1);
        next(
          new AppError('rate_limited', `Too many requests. Try again in ${seconds} seconds.`, {
            retryAfterSeconds: seconds,
          }),
        );
      },
    });
  }
}

/** The caller's address as a key; for IPv6 the network of its site. */
export function addressKey(request: Request): string {
  return ipKeyGenerator(request.ip ?? 'unknown', IPV6_PREFIX);
}

/** Redis while it answers, the process's own memory while it does not. Never fails, never stops limiting. */
class FallbackStore implements Store {
  readonly #redis: RateLimitRedis | undefined;
  readonly #prefix: string;
  readonly #local = new MemoryStore();
  #localKeys = 0;
  #options: Options | undefined;
  #remote: RedisStore | undefined;
  #pausedUntilMs = 0;

  constructor(redis: RateLimitRedis | undefined, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  init(options: Options): void {
    this.#options = options;
    this.#local.init(options);
  }

  async increment(key: string) {
    const remote = await this.#reach();
    if (remote) {
      try {
        return await remote.increment(key);
      } catch {
        // Counted locally instead; a store that failed is made anew, because RedisStore keeps a failed script for ever.
        this.#pause();
      }
    }
    return this.#incrementLocally(key);
  }

  async decrement(key: string): Promise<void> {
    if (this.#remote) await this.#remote.decrement(key).catch(() => this.#pause());
    else await this.#local.decrement(key);
  }

  async resetKey(key: string): Promise<void> {
    if (this.#remote) await this.#remote.resetKey(key).catch(() => this.#pause());
    await this.#local.resetKey(key);
  }

  async #incrementLocally(key: string) {
    const info = await this.#local.increment(key);
    if (info.totalHits === 1) {
      this.#localKeys += 1;
      if (this.#localKeys > MAX_LOCAL_KEYS) {
        this.#localKeys = 0;
        await this.#local.resetAll();
      }
    }
    return info;
  }

  async #reach(): Promise<RedisStore | undefined> {
    if (!this.#redis || !this.#options || performance.now() < this.#pausedUntilMs) return undefined;
    if (this.#remote) return this.#remote;
    const redis = this.#redis;
    // rate-limit-redis types its answers more narrowly than a raw connection can.
    const sendCommand = (command: string, ...args: string[]) => redis.call(command, ...args) as Promise<string>;
    const store = new RedisStore({ prefix: this.#prefix, sendCommand });
    // Its constructor starts nothing; `init` loads the scripts. One caller loads, the others count locally meanwhile.
    this.#pausedUntilMs = performance.now() + REDIS_PAUSE_MS;
    try {
      await store.init(this.#options);
    } catch {
      return undefined;
    }
    this.#pausedUntilMs = 0;
    this.#remote = store;
    return store;
  }

  #pause(): void {
    this.#remote = undefined;
    this.#pausedUntilMs = performance.now() + REDIS_PAUSE_MS;
  }
}
