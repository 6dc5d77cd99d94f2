/**
 * Caches values that are read far more often than written, in two tiers: L1 in the memory of this
 * instance, L2 in Redis for all instances.
 *
 *   const tags = [CacheTags.menu(restaurantId)];
 *   const load = () => loadMenu(restaurantId);
 *   const menu = await cache.getOrSet(CacheKeys.menu(restaurantId), CacheTTL.menu, load, { tags });
 *   await unitOfWork.run(call, work); // commits
 *   await cache.invalidateTags(tags); // after the commit, before the answer
 *
 * Guarantees:
 * - After `invalidateTags`, `del` or `set` has resolved, this instance never returns a value that
 *   was loaded before, not even from a load that was already running. Other instances learn of it
 *   within milliseconds. If they cannot (Redis hangs, the connection breaks), they use a value in
 *   memory for at most 1 s (cache/bus.ts).
 * - A caller waits for Redis at most 150 ms, and only once; then Redis is skipped until it answers
 *   (cache/redisLink.ts). Invalidations that cannot be sent are kept and delivered before Redis is
 *   read again.
 * - N callers that miss the same key share one run of the loader, and its failure.
 *
 * Limits: without REDIS_URL, several instances do not know of each other; then a value in memory
 * may be old for up to `l1Ms`. An instance that alone loses its connection to Redis cannot tell the
 * others, which may read old values from Redis for up to `l2Ms`.
 *
 * Values are JSON. From the first answer on, a caller gets what JSON makes of the value: no Date (a
 * string comes back), no Map, no class. A shared value is frozen completely. A value just read from
 * Redis for one caller is that caller's own copy, frozen only at the top. So no caller can change
 * what others get, and no caller may rely on being able to change a value. "There is none" may be
 * undefined or null. Large answers that are sent unchanged can be cached as an object
 * `{ json, etag }`.
 *
 * Measured on two shared cores (bench/cache.ts): node-cache clones by default, which takes 274 us
 * for each read of a 4 kB menu instead of 0.2 us. A hit in memory makes 58 times the operations of
 * bentocache. A hit in Redis makes 0.86 to 0.91 of the operations of a bare GET and JSON.parse, and
 * 0.7 to 0.9 while other processes use both cores. Freezing every value at once would cost a fifth,
 * a second key a tenth.
 */
import { randomUUID } from 'node:crypto';
import NodeCache from 'node-cache';
import type { Logger } from '../config/logger.js';
import { createRedis, createSubscriber } from '../config/redis.js';
import { Bus } from './cache/bus.js';
import { toJson } from './cache/envelope.js';
import { Invalidator, toMessage } from './cache/invalidator.js';
import {
  assertPattern,
  assertSameRestaurant,
  CACHE_SHARES,
  type CacheKey,
  type CacheTag,
  type TtlPolicy,
} from './cache/keys.js';
import { Marks } from './cache/marks.js';
import { MemoryTier, valueOf } from './cache/memoryTier.js';
import { ReadThrough } from './cache/readThrough.js';
import { RedisLink } from './cache/redisLink.js';
import { RedisTier } from './cache/redisTier.js';
import type { CacheMetrics, CacheStats, Held, Loader } from './cache/cacheTypes.js';
import { runFew } from './cache/warmUp.js';

/** About 20 MB of menus of 4 kB. */
const MAX_ENTRIES = 5_000;
const SWEEP_SECONDS = 60;
const CHANNEL = 'servio:cache';

interface CacheOptions {
  /** If absent, there is no L2 and no message from other instances. */
  redisUrl: string | undefined;
  log: Logger;
  metrics?: CacheMetrics;
  /**
   * Maximum number of entries in memory. When it is exceeded, the kind that is furthest above its
   * share loses its least recently used entry. Default 5,000.
   */
  maxEntries?: number;
  /** Wall clock in milliseconds. */
  now?: () => number;
  /** Returns 0 to 1, for the jitter. */
  random?: () => number;
}

interface Tagged {
  /** Tags whose invalidation makes the value old. They belong to the key's restaurant. */
  tags?: readonly CacheTag[];
}

export class CacheService {
  readonly #marks = new Marks();
  readonly #store = new NodeCache({ useClones: false, checkperiod: SWEEP_SECONDS });
  readonly #memory: MemoryTier;
  readonly #redis: RedisTier;
  readonly #reads: ReadThrough;
  readonly #invalidator: Invalidator;
  #link: RedisLink | undefined;
  #bus: Bus | undefined;

  constructor(options: CacheOptions) {
    const { log, now = Date.now, random = Math.random } = options;
    const marks = this.#marks;
    const origin = randomUUID();
    // Only MemoryTier writes to this store, and it writes only its own nodes.
    this.#memory = new MemoryTier(this.#store, options.maxEntries ?? MAX_ENTRIES, CACHE_SHARES);
    this.#redis = new RedisTier({
      marks,
      channel: CHANNEL,
      toMessage: (message) => toMessage(origin, message),
      isHearing: () => this.#bus?.isHearing ?? false,
    });
    this.#invalidator = new Invalidator({ origin, marks, memory: this.#memory, redis: this.#redis, log });
    this.#reads = new ReadThrough({
      memory: this.#memory,
      redis: this.#redis,
      marks,
      metrics: options.metrics ?? { hit: () => undefined, miss: () => undefined },
      covers: (knownAt) => this.#bus?.covers(knownAt) ?? true,
      now,
      random,
    });
    if (options.redisUrl !== undefined) this.#connect(options.redisUrl, log);
  }

  /**
   * The value of a key, from memory, from Redis, or from `loader`. The loader runs once for all
   * callers that ask at the same time. Use the same policy and tags for a key every time. An
   * expired value may still be returned while it is reloaded (`staleMs`), or when reloading fails
   * (`graceMs`), but never after an invalidation.
   * @param loader reads committed data; its signal aborts after 10 s.
   * @returns frozen JSON.
   * @throws the loader's error; AppError overloaded when the loader takes too long; TypeError when
   *   its value has no JSON.
   */
  getOrSet<T>(key: CacheKey, policy: TtlPolicy, loader: Loader<T>, { tags = [] }: Tagged = {}): Promise<T> {
    const entry = this.#reads.fromMemory(key);
    // The value of a key has the type that the loaders of that key return.
    if (entry) return Promise.resolve(valueOf(entry) as T);
    assertSameRestaurant([key], tags);
    return this.#reads.read(key, { policy, tags, loader }) as Promise<T>;
  }

  /** The value if memory has a fresh one. Needs neither Redis nor a load, and stores nothing. */
  peek<T>(key: CacheKey): T | undefined {
    // Same reason as in `getOrSet`.
    return this.#valueInMemory(key) as T | undefined;
  }

  /**
   * A hold on the value of a key, for reading it again and again without a look-up (1.5 µs less for
   * each). It obeys expiry and invalidations exactly as `peek` does.
   * @returns undefined if memory lacks the key. A hold that reads undefined is dropped and made
   *   anew.
   */
  hold<T>(key: CacheKey): Held<T> | undefined {
    const node = this.#memory.nodeOf(key);
    if (!node) return undefined;
    return {
      read: () => {
        const entry = this.#reads.fromNode(node);
        // Same reason as in `getOrSet`.
        return entry && (valueOf(entry) as T);
      },
    };
  }

  /** The value if one of the tiers has a fresh one. */
  async get<T>(key: CacheKey): Promise<T | undefined> {
    return (await this.mget<T>([key]))[0];
  }

  /**
   * Values in the order of the keys. All keys that memory lacks are read in two exchanges with
   * Redis.
   */
  async mget<T>(keys: readonly CacheKey[]): Promise<(T | undefined)[]> {
    const values = keys.map((key) => this.#valueInMemory(key));
    const missing = keys.filter((_key, index) => values[index] === undefined);
    if (missing.length > 0) {
      const found = await this.#reads.findInRedis(missing);
      keys.forEach((key, index) => (values[index] ??= found.get(key)));
    }
    // Same reason as in `getOrSet`.
    return values as (T | undefined)[];
  }

  /**
   * Replaces a value in all tiers. The caller guarantees that it is newer than any other. A value
   * read from the database may already be old, so prefer `getOrSet`: it drops a value that was
   * invalidated during the load.
   */
  async set(key: CacheKey, value: unknown, policy: TtlPolicy, tagged: Tagged = {}): Promise<void> {
    await this.mset([{ key, value }], policy, tagged);
  }

  /** Same as `set`, for several keys of one restaurant. */
  async mset(
    entries: readonly { key: CacheKey; value: unknown }[],
    policy: TtlPolicy,
    { tags = [] }: Tagged = {},
  ): Promise<void> {
    const [first] = entries;
    if (!first) return;
    const restaurantId = assertSameRestaurant(
      entries.map(({ key }) => key),
      tags,
    );
    const texts = entries.map(({ key, value }) => ({ key, json: toJson(value) }));
    await this.#invalidator.run({ keys: entries.map(({ key }) => key) });
    const knownAt = performance.now();
    const guard = this.#marks.guard(restaurantId, tags);
    const opened = policy.l2Ms > 0 ? await this.#redis.open(restaurantId, tags) : undefined;
    await Promise.all(
      texts.map(({ key, json }) => this.#reads.store(key, json, { policy, tags }, { guard, opened, knownAt })),
    );
  }

  /**
   * Invalidates all values stored with one of the tags, in one exchange however many there are.
   * Call it after the commit.
   */
  async invalidateTags(tags: readonly CacheTag[]): Promise<void> {
    if (tags.length > 0) await this.#invalidator.run({ tags });
  }

  async del(...keys: readonly CacheKey[]): Promise<void> {
    if (keys.length > 0) await this.#invalidator.run({ keys });
  }

  /**
   * Deletes matching keys, e.g. `<restaurantId>:report:*`. Redis has to scan all its keys in pages
   * for this, so prefer a tag.
   * @param pattern a restaurant id, a colon, and text with `*` and `?`.
   * @throws Error for any other pattern.
   */
  async invalidatePattern(pattern: string): Promise<void> {
    await this.#invalidator.run({ patterns: [assertPattern(pattern)] });
  }

  /**
   * Call this when another connection waited for Redis in vain, so that no caller waits for it here
   * too.
   */
  suspectRedis(): void {
    this.#link?.suspect();
  }

  /**
   * Resolves when Redis is in use or the time is over; at once without Redis. For the start of a
   * process.
   */
  async ready(timeoutMs: number): Promise<void> {
    await this.#link?.untilUp(timeoutMs);
  }

  /**
   * Fills the cache at the start of a process. Two reads run at a time, so that requests come
   * first. Stops after the time.
   * @returns how many succeeded. A failed read is left to the request that needs it.
   */
  warmUp(reads: Iterable<() => Promise<unknown>>, timeoutMs: number): Promise<number> {
    return runFew(reads, timeoutMs);
  }

  stats(): CacheStats {
    const { l1Hits, l2Hits, ...counts } = this.#reads.counts;
    const link = this.#link;
    return {
      l1: { hits: l1Hits, entries: this.#memory.size, evictions: this.#memory.evictions },
      l2: {
        hits: l2Hits,
        state: link?.state ?? 'absent',
        failures: link?.failures ?? 0,
        pendingInvalidations: this.#redis.pending.size,
        isHearingOthers: this.#bus?.isHearing ?? false,
      },
      ...counts,
      loading: this.#reads.flights.size,
    };
  }

  /** Closes both connections at once. Reads still work afterwards, from memory and the loaders. */
  close(): void {
    this.#bus?.close();
    this.#link?.close();
    this.#store.close();
  }

  #valueInMemory(key: CacheKey): unknown {
    const entry = this.#reads.fromMemory(key);
    return entry && valueOf(entry);
  }

  #connect(url: string, log: Logger): void {
    const redis = this.#redis;
    this.#link = new RedisLink({
      client: createRedis(url, { log }),
      log,
      beforeUse: (client) => redis.flushPending(client),
    });
    redis.connect(this.#link);
    this.#bus = new Bus({
      subscriber: createSubscriber(url, { log }),
      channel: CHANNEL,
      log,
      onMessage: (message) => this.#invalidator.hear(message),
      onListening: () => this.#marks.killAll(),
    });
  }
}
