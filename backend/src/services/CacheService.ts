/**
 * Values that are read far more often than written, in two tiers: L1 in the memory of this instance, L2 in Redis for all.
 *
 *   const menu = await cache.getOrSet(CacheKeys.menu(restaurantId), CacheTTL.menu, () => load(restaurantId), {
 *     tags: [CacheTags.menu(restaurantId)],
 *   });
 *   await unitOfWork.run(call, work);                               // commits
 *   await cache.invalidateTags([CacheTags.menu(restaurantId)]);     // then, and before the answer
 *
 * What may be relied on:
 * - After `invalidateTags`, `del` or `set` has resolved, this instance never answers what was loaded before, not even from a
 *   load that was under way. Other instances hear of it within milliseconds, and where they cannot hear (Redis hangs, the
 *   connection breaks) nothing in memory counts for longer than 1 s (cache/bus.ts).
 * - Redis is never waited for longer than 150 ms, and that once; then it is skipped until it answers (cache/redisLink.ts).
 *   Invalidations that cannot be sent are kept and delivered before Redis is read again.
 * - N callers who miss the same key run one loader, and share its failure.
 *
 * What may not: without REDIS_URL the tiers of several instances do not know of each other; then memory is right to `l1Ms`.
 * An instance that alone is cut off from Redis cannot tell the others, who read from Redis for up to `l2Ms`.
 *
 * Values are JSON, and what comes back is always what JSON makes of them, from the first answer on: no Date (a string comes
 * back), no Map, no class. Whatever is shared is frozen to the leaves; what was just read from Redis for one caller alone is
 * his own copy, frozen at the top. So nobody can change what others get, and nobody may count on being able to. "There is
 * none" may be undefined or null. Large answers that are sent as they are can be cached as an object `{ json, etag }`.
 *
 * Measured on two shared cores (bench/cache.ts): node-cache clones by default, 274 us for each read of a 4 kB menu instead of
 * 0.2 us. A hit in memory makes 58 times the operations of bentocache. A hit in Redis makes 0.86 to 0.91 of those of a bare
 * GET and JSON.parse, 0.7 to 0.9 while neighbours use both cores: freezing at once would cost a fifth, a second key a tenth.
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
import type { CacheMetrics, CacheStats, Loader } from './cache/cacheTypes.js';
import { runFew } from './cache/warmUp.js';

/** Some 20 MB of menus of 4 kB. */
const MAX_ENTRIES = 5_000;
const SWEEP_SECONDS = 60;
const CHANNEL = 'servio:cache';

interface CacheOptions {
  /** Absent: no L2, and no word from other instances. */
  redisUrl: string | undefined;
  log: Logger;
  metrics?: CacheMetrics;
  /** Most entries in memory; of the kind that is furthest above its share the one not used for longest goes. Default 5,000. */
  maxEntries?: number;
  /** Wall clock in milliseconds. */
  now?: () => number;
  /** 0 to 1, for the jitter. */
  random?: () => number;
}

interface Tagged {
  /** Names of everything that makes the value old. Of the key's own restaurant. */
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
    // Only nodes of MemoryTier are put into this store.
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
   * The value of a key: from memory, from Redis, or from `loader`, which runs once for all who ask at the same time.
   * A key always comes with the same policy and tags. After its time the value may be answered old while it is loaded anew
   * (`staleMs`), or because it cannot be (`graceMs`); never after an invalidation.
   * @param loader reads what is committed; its signal ends after 10 s. @returns frozen JSON.
   * @throws what the loader throws; AppError overloaded when it takes too long; TypeError when its value has no JSON.
   */
  getOrSet<T>(key: CacheKey, policy: TtlPolicy, loader: Loader<T>, { tags = [] }: Tagged = {}): Promise<T> {
    const entry = this.#reads.fromMemory(key);
    // What stands under a key is what the loaders of that key return.
    if (entry) return Promise.resolve(valueOf(entry) as T);
    assertSameRestaurant([key], tags);
    return this.#reads.read(key, { policy, tags, loader }) as Promise<T>;
  }

  /** The value if memory has it fresh: what costs neither Redis nor a load, and leaves nothing behind. */
  peek<T>(key: CacheKey): T | undefined {
    // As in getOrSet.
    return this.#valueInMemory(key) as T | undefined;
  }

  /** The value if one of the tiers has it fresh. */
  async get<T>(key: CacheKey): Promise<T | undefined> {
    return (await this.mget<T>([key]))[0];
  }

  /** Values in the order of the keys; all that memory lacks come in two exchanges with Redis. */
  async mget<T>(keys: readonly CacheKey[]): Promise<(T | undefined)[]> {
    const values = keys.map((key) => this.#valueInMemory(key));
    const missing = keys.filter((_key, index) => values[index] === undefined);
    if (missing.length > 0) {
      const found = await this.#reads.findInRedis(missing);
      keys.forEach((key, index) => (values[index] ??= found.get(key)));
    }
    // As in getOrSet.
    return values as (T | undefined)[];
  }

  /**
   * Replaces a value everywhere. The caller vouches that it is newer than any other: a value that was read from the database
   * may be old by now, so prefer getOrSet, whose value is dropped when something was invalidated meanwhile.
   */
  async set(key: CacheKey, value: unknown, policy: TtlPolicy, tagged: Tagged = {}): Promise<void> {
    await this.mset([{ key, value }], policy, tagged);
  }

  /** As `set`, for several keys of one restaurant. */
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

  /** Makes old whatever was stored with one of the tags, in one exchange, however much it is. Call it after the commit. */
  async invalidateTags(tags: readonly CacheTag[]): Promise<void> {
    if (tags.length > 0) await this.#invalidator.run({ tags });
  }

  async del(...keys: readonly CacheKey[]): Promise<void> {
    if (keys.length > 0) await this.#invalidator.run({ keys });
  }

  /**
   * Deletes what matches, e.g. `<restaurantId>:report:*`. Redis has to walk all its keys for that, in pages: prefer a tag.
   * @param pattern a restaurant, a colon, and text with `*` and `?`. @throws Error for any other.
   */
  async invalidatePattern(pattern: string): Promise<void> {
    await this.#invalidator.run({ patterns: [assertPattern(pattern)] });
  }

  /** Somebody with a connection of his own has waited for Redis in vain: nobody shall wait for it here as well. */
  suspectRedis(): void {
    this.#link?.suspect();
  }

  /** Resolves when Redis is in use, or after the time; at once without Redis. For the start of a process. */
  async ready(timeoutMs: number): Promise<void> {
    await this.#link?.untilUp(timeoutMs);
  }

  /**
   * Fills the cache at the start: runs reads, two at a time so that requests come first. Stops after the time.
   * @returns how many succeeded; a failed one is left to the request that will need it.
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

  /** Drops both connections at once. Reads still work afterwards, from memory and the loaders. */
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
