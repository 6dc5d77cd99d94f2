/** The types for users of the cache, besides CacheService. */
import type { CacheTag, TtlPolicy } from './keys.js';
import type { LinkState } from './redisLink.js';

/** Loads a value from its source. @param signal aborts when no caller waits any longer. */
export type Loader<T> = (signal: AbortSignal) => Promise<T>;

/** A value in memory that is read without a look-up: see `CacheService.hold`. */
export interface Held<T> {
  read(): T | undefined;
}

/** One read through the cache. Use the same policy and tags for a key every time. */
export interface ReadRequest {
  policy: TtlPolicy;
  tags: readonly CacheTag[];
  loader: Loader<unknown>;
}

/**
 * Counts lookups for the metrics, each lookup once: a hit at the tier that had the value, a miss at
 * the last tier that was asked. So a value that Redis has and memory lacks is only a hit of `l2`. A
 * miss counts for `l1` when Redis was not asked: there is no Redis, it is down, or the value is
 * never stored there. A caller that joins a running load is not counted again. `kind` is the second
 * part of the key.
 */
export interface CacheMetrics {
  hit(tier: CacheTier, kind: string): void;
  miss(kind: string, lastAsked: CacheTier): void;
}

export type CacheTier = 'l1' | 'l2';

/** Counts since the start of this instance. */
export interface CacheStats {
  l1: { hits: number; entries: number; evictions: number };
  l2: { hits: number; state: LinkState; failures: number; pendingInvalidations: number; isHearingOthers: boolean };
  misses: number;
  loads: number;
  loadFailures: number;
  /** Callers that got the result of another caller's load. */
  shared: number;
  /**
   * Old values returned while they were reloaded (`stale`), and because reloading failed (`grace`).
   */
  stale: number;
  grace: number;
  /** Loads whose value was not stored because it was invalidated meanwhile. */
  refused: number;
  loading: number;
}

/** The counts that reads change. */
export type ReadCounts = Pick<
  CacheStats,
  'misses' | 'loads' | 'loadFailures' | 'shared' | 'stale' | 'grace' | 'refused'
> & { l1Hits: number; l2Hits: number };
