/**
 * The steps of a read: memory, a running load, Redis, an old value while a new one is loaded, and
 * the loader.
 */
import { copyFromJson, fromJson, toJson } from './envelope.js';
import { type CacheKey, kindOf, policyOf, restaurantOf, type TtlPolicy } from './keys.js';
import { isOutage, withDeadline } from './loading.js';
import { areAlive, type Guard, isCurrent, type Marks } from './marks.js';
import { type Entry, type MemoryTier, type Node, valueOf } from './memoryTier.js';
import type { Found, Opened, RedisTier } from './redisTier.js';
import { type Flight, SingleFlight } from './singleFlight.js';
import type { CacheMetrics, CacheTier, ReadCounts, ReadRequest } from './cacheTypes.js';

/** After a failed load, the old value is returned this long without another attempt. */
const RETRY_AFTER_MS = 1_000;
const JITTER = 0.1;
const NOT_JSON = Symbol('not JSON');

interface Options {
  memory: MemoryTier;
  redis: RedisTier;
  marks: Marks;
  metrics: CacheMetrics;
  /**
   * True when a value that was right at an instant of `performance.now()` may be returned from
   * memory.
   */
  covers: (knownAt: number) => boolean;
  now: () => number;
  random: () => number;
}

/** Proof, taken before a load, that the value is not older than an invalidation. */
interface Proof {
  guard: Guard;
  opened: Opened | undefined;
  knownAt: number;
}

export class ReadThrough {
  readonly flights = new SingleFlight();
  readonly counts: ReadCounts = {
    l1Hits: 0,
    l2Hits: 0,
    misses: 0,
    loads: 0,
    loadFailures: 0,
    shared: 0,
    stale: 0,
    grace: 0,
    refused: 0,
  };
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The entry in memory, if it is fresh. */
  fromMemory(key: CacheKey): Entry | undefined {
    return this.#fresh(this.#options.memory.get(key));
  }

  /** Same as `fromMemory`, for a node of memory that the caller holds. */
  fromNode(node: Node): Entry | undefined {
    return this.#fresh(this.#options.memory.entryOf(node));
  }

  #fresh(entry: Entry | undefined): Entry | undefined {
    const { now, covers, metrics } = this.#options;
    if (!entry || now() >= entry.freshUntil || !covers(entry.knownAt)) return undefined;
    this.counts.l1Hits += 1;
    metrics.hit('l1', entry.kind);
    return entry;
  }

  /** Call this when `fromMemory` found nothing. */
  read(key: CacheKey, request: ReadRequest): Promise<unknown> {
    const flight = this.flights.find(key);
    if (!flight) {
      const guard = this.#options.marks.guard(restaurantOf(key), request.tags);
      return this.flights.start(key, guard, (own) => this.#lookUp(key, request, own));
    }
    if (flight.stale && this.#isStaleUsable(flight.stale)) {
      this.counts.stale += 1;
      return Promise.resolve(valueOf(flight.stale));
    }
    this.counts.shared += 1;
    flight.isShared = true;
    return flight.promise;
  }

  /** Fresh values in Redis, by key. */
  async findInRedis(keys: readonly CacheKey[]): Promise<Map<CacheKey, unknown>> {
    const { redis, marks, now } = this.#options;
    const knownAt = performance.now();
    const lastAsked = this.#lastAsked();
    const guards = keys.map((key) => marks.guard(restaurantOf(key), []));
    const found = await redis.readMany(keys);
    const values = new Map<CacheKey, unknown>();
    keys.forEach((key, index) => {
      const [one, guard] = [found[index], guards[index]];
      const isFresh = one && guard && now() < one.envelope.freshUntil;
      const value = isFresh ? this.#take(this.#toEntry(key, one, policyOf(key), knownAt), guard) : NOT_JSON;
      if (value === NOT_JSON) this.#miss(key, lastAsked);
      else values.set(key, value);
    });
    return values;
  }

  /**
   * Stores a value in both tiers unless it was invalidated since the proof was taken.
   * @returns the value as JSON makes it.
   */
  async store(key: CacheKey, json: string, request: Omit<ReadRequest, 'loader'>, proof: Proof): Promise<unknown> {
    const { memory, redis, now } = this.#options;
    const { policy, tags } = request;
    const { guard, opened, knownAt } = proof;
    const value = fromJson(json);
    const isNone = value === undefined || value === null;
    if (isNone && policy.negativeMs <= 0) return value;
    const { l1Ms, l2Ms, staleMs, graceMs } = isNone ? negativePolicy(policy) : policy;
    const validUntil = now() + this.#jitter(Math.max(l1Ms, l2Ms));
    const graceUntil = validUntil + Math.max(staleMs, graceMs);
    if (opened && l2Ms > 0) {
      const freshUntil = Math.min(validUntil, now() + l2Ms);
      const outcome = await redis.store(key, { json, tags, freshUntil, graceUntil, opened }, graceUntil - now());
      if (outcome === 'refused') {
        this.counts.refused += 1;
        return value;
      }
    }
    if (!isCurrent(guard)) {
      this.counts.refused += 1;
    } else if (l1Ms > 0) {
      const freshUntil = Math.min(now() + this.#jitter(l1Ms), validUntil);
      const times = { knownAt, freshUntil, staleUntil: freshUntil + staleMs, graceUntil };
      memory.set({ key, kind: kindOf(key), value, json: undefined, ...times, marks: guard.marks }, now());
    }
    return value;
  }

  async #lookUp(key: CacheKey, request: ReadRequest, flight: Flight): Promise<unknown> {
    const { memory, redis, now } = this.#options;
    const { policy, tags } = request;
    const knownAt = performance.now();
    const lastAsked = policy.l2Ms > 0 ? this.#lastAsked() : 'l1';
    const found = await (policy.l2Ms > 0 ? redis.read(key, tags, flight.marks) : undefined);
    const entry = found && this.#toEntry(key, found, policy, knownAt);
    if (entry && now() < found.envelope.freshUntil) {
      const value = this.#take(entry, flight, flight.isShared);
      this.flights.end(key, flight);
      if (value !== NOT_JSON) return value;
    }
    const old = found ? entry && parsed(entry) : memory.get(key);
    this.#miss(key, lastAsked);
    if (old && this.#isStaleUsable(old) && isCurrent(flight)) {
      this.counts.stale += 1;
      // Replaces this flight. Only callers that join it get its failure.
      this.flights.start(key, flight, (own) => this.#load(key, request, own, old), old).catch(() => undefined);
      return valueOf(old);
    }
    return this.#load(key, request, flight, old);
  }

  async #load(key: CacheKey, request: ReadRequest, flight: Flight, old: Entry | undefined): Promise<unknown> {
    const { policy, tags, loader } = request;
    try {
      // Always awaited, because the loader must not run before its flight can be found.
      const opened = await (policy.l2Ms > 0 ? this.#options.redis.open(restaurantOf(key), tags) : undefined);
      const knownAt = performance.now();
      this.counts.loads += 1;
      const json = toJson(await withDeadline(loader));
      return await this.store(key, json, request, { guard: flight, opened, knownAt });
    } catch (error) {
      this.counts.loadFailures += 1;
      if (old && isOutage(error) && this.#extendGrace(old, flight)) return valueOf(old);
      throw error;
    } finally {
      this.flights.end(key, flight);
    }
  }

  /** Lets an old value be returned a little longer. An invalidation or a deletion ends this too. */
  #extendGrace(old: Entry, guard: Guard): boolean {
    const { memory, now } = this.#options;
    if (now() >= old.graceUntil || !areAlive(old.marks) || !isCurrent(guard)) return false;
    this.counts.grace += 1;
    const freshUntil = Math.min(now() + RETRY_AFTER_MS, old.graceUntil);
    memory.set({ ...old, knownAt: performance.now(), freshUntil, staleUntil: freshUntil }, now());
    return true;
  }

  /**
   * Stores a fresh entry from Redis in memory.
   * @returns its value: a copy for this reader, unless it is shared.
   */
  #take(entry: Entry, guard: Guard, isShared = false): unknown {
    const { memory, metrics, now } = this.#options;
    let value: unknown;
    try {
      value = isShared || entry.json === undefined ? valueOf(entry) : copyFromJson(entry.json);
    } catch {
      return NOT_JSON;
    }
    this.counts.l2Hits += 1;
    metrics.hit('l2', entry.kind);
    const instant = now();
    if (instant < entry.freshUntil && isCurrent(guard)) memory.set(entry, instant);
    return value;
  }

  #miss(key: CacheKey, lastAsked: CacheTier): void {
    this.counts.misses += 1;
    this.#options.metrics.miss(kindOf(key), lastAsked);
  }

  /** The last tier asked by a lookup that memory could not answer. */
  #lastAsked(): CacheTier {
    return this.#options.redis.isReadable ? 'l2' : 'l1';
  }

  /** An entry from Redis with its remaining times. */
  #toEntry(key: CacheKey, { envelope, marks }: Found, policy: TtlPolicy, knownAt: number): Entry {
    const { json, graceUntil } = envelope;
    const freshUntil = Math.min(this.#options.now() + this.#jitter(policy.l1Ms), envelope.freshUntil);
    const staleUntil = Math.min(freshUntil + policy.staleMs, graceUntil);
    return { key, kind: kindOf(key), value: undefined, json, knownAt, freshUntil, staleUntil, graceUntil, marks };
  }

  /** A value in memory may be returned only while an invalidation would have been received. */
  #isStaleUsable(old: Entry): boolean {
    const { now, covers } = this.#options;
    return now() < old.staleUntil && areAlive(old.marks) && covers(old.knownAt);
  }

  #jitter(ms: number): number {
    return ms * (1 - JITTER * this.#options.random());
  }
}

/** An entry whose text is not valid JSON counts as missing. */
function parsed(entry: Entry): Entry | undefined {
  try {
    valueOf(entry);
    return entry;
  } catch {
    return undefined;
  }
}

/** "There is none" is remembered for a short time, and never returned when it is old. */
function negativePolicy({ l1Ms, l2Ms, negativeMs }: TtlPolicy): TtlPolicy {
  const limit = (ms: number) => Math.min(ms, negativeMs);
  return { l1Ms: limit(l1Ms), l2Ms: limit(l2Ms), staleMs: 0, graceMs: 0, negativeMs };
}
