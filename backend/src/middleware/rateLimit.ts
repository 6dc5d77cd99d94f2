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
/** A connection that stays silent this often is replaced: its server may be gone without a word. */
const SILENT_TRIES_PER_CONNECTION = 3;

/** The part of a Redis connection that counting needs. It must fail fast. */
export interface RateLimitRedis {
  /** `ready` when commands can be sent. */
  readonly status: string;
  call(command: string, ...args: string[]): Promise<unknown>;
  on(event: 'ready', listener: () => void): unknown;
  disconnect(reconnect: boolean): void;
}

export interface RateLimitOptions {
  redis?: RateLimitRedis | undefined;
  /** Raises every tier, for load tests. */
  multiplier: number;
  /** Told about each refused call. */
  onLimited?: (tier: RateTierName) => void;
  /** Told when Redis was waited for in vain. */
  onSilent?: () => void;
}

interface Subject {
  key: string;
  factor: number;
}

export class RateLimits {
  readonly #limiters: Record<RateTierName, RequestHandler>;
  readonly #subjects = new WeakMap<Request, Subject>();

  constructor(options: RateLimitOptions) {
    const gate = options.redis && new RedisGate(options.redis, options.onSilent);
    const limiter = (tier: RateTierName) => this.#limiter(tier, options, gate);
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

  #limiter(tier: RateTierName, options: RateLimitOptions, gate: RedisGate | undefined): RequestHandler {
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
      store: new FallbackStore(gate, `servio:limit:${tier}:`),
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

/** The way to Redis, shared by all tiers: where one has waited in vain, none of the others waits. */
class RedisGate {
  readonly redis: RateLimitRedis;
  readonly #onSilent: (() => void) | undefined;
  readonly #onOpen: (() => void)[] = [];
  #generation = 0;
  #silentTries = 0;
  #closedUntilMs = 0;

  constructor(redis: RateLimitRedis, onSilent?: () => void) {
    this.redis = redis;
    this.#onSilent = onSilent;
    redis.on('ready', () => {
      this.#closedUntilMs = 0;
      for (const open of this.#onOpen) open();
    });
  }

  /** Calls at every new connection. */
  onOpen(listener: () => void): void {
    this.#onOpen.push(listener);
  }

  /** Changes with every failure; a store made before that is no longer used. */
  get generation(): number {
    return this.#generation;
  }

  get mayTry(): boolean {
    return this.redis.status === 'ready' && performance.now() >= this.#closedUntilMs;
  }

  close(): void {
    this.#onSilent?.();
    this.#generation += 1;
    this.#closedUntilMs = performance.now() + REDIS_PAUSE_MS;
  }

  /** Says how a try in the background ended. */
  tried(isAnswered: boolean): void {
    this.#silentTries = isAnswered ? 0 : this.#silentTries + 1;
    if (isAnswered) return;
    this.close();
    if (this.#silentTries < SILENT_TRIES_PER_CONNECTION || this.redis.status !== 'ready') return;
    this.#silentTries = 0;
    this.redis.disconnect(true);
  }
}

/**
 * Redis while it answers, the process's own memory while it does not. Never fails, never stops limiting. Only the callers
 * who are under way when Redis falls silent wait for it; whether it is back is tried in the background.
 */
class FallbackStore implements Store {
  readonly #gate: RedisGate | undefined;
  readonly #prefix: string;
  readonly #local = new MemoryStore();
  #options: Options | undefined;
  #remote: { store: RedisStore; generation: number } | undefined;
  #isLoading = false;

  constructor(gate: RedisGate | undefined, prefix: string) {
    this.#gate = gate;
    this.#prefix = prefix;
  }

  init(options: Options): void {
    this.#options = options;
    this.#local.init(options);
    this.#gate?.onOpen(() => this.#reach());
  }

  async increment(key: string) {
    const remote = this.#reach();
    if (remote) {
      try {
        return await remote.increment(key);
      } catch {
        this.#gate?.close();
      }
    }
    return this.#incrementLocally(key);
  }

  async decrement(key: string): Promise<void> {
    const remote = this.#reach();
    if (remote) await remote.decrement(key).catch(() => this.#gate?.close());
    else await this.#local.decrement(key);
  }

  async resetKey(key: string): Promise<void> {
    await this.#reach()
      ?.resetKey(key)
      .catch(() => this.#gate?.close());
    await this.#local.resetKey(key);
  }

  async #incrementLocally(key: string) {
    const counted = this.#local.increment(key);
    // MemoryStore has counted when it returns, and answers an object that later calls go on changing: of ten calls at once,
    // each would take itself for the tenth.
    const { totalHits, resetTime } = this.#local.current.get(key) ?? (await counted);
    if (this.#local.current.size + this.#local.previous.size > MAX_LOCAL_KEYS) await this.#local.resetAll();
    return { totalHits, resetTime };
  }

  #reach(): RedisStore | undefined {
    const gate = this.#gate;
    if (!gate) return undefined;
    if (this.#remote?.generation === gate.generation) return this.#remote.store;
    if (!this.#isLoading && gate.mayTry) void this.#load(gate);
    return undefined;
  }

  /** A store that failed is made anew, because RedisStore keeps a failed script for ever. */
  async #load(gate: RedisGate): Promise<void> {
    if (!this.#options) return;
    this.#isLoading = true;
    const { generation, redis } = gate;
    // rate-limit-redis types its answers more narrowly than a raw connection can.
    const sendCommand = (command: string, ...args: string[]) => redis.call(command, ...args) as Promise<string>;
    const store = new RedisStore({ prefix: this.#prefix, sendCommand });
    try {
      await store.init(this.#options);
      this.#remote = { store, generation };
      gate.tried(true);
    } catch {
      gate.tried(false);
    } finally {
      this.#isLoading = false;
    }
  }
}
