/** What users of the cache see, besides CacheService. */
import type { CacheTag, TtlPolicy } from './keys.js';
import type { LinkState } from './redisLink.js';

/** Loads a value from where it is right. @param signal ends when nobody waits any longer. */
export type Loader<T> = (signal: AbortSignal) => Promise<T>;

/** One read through the cache. The same key always comes with the same policy and tags. */
export interface ReadRequest {
  policy: TtlPolicy;
  tags: readonly CacheTag[];
  loader: Loader<unknown>;
}

/**
 * Counts for the outside, each lookup once: a hit at the tier that had the value, a miss at the last tier that was asked. So a
 * value that memory lacks and Redis has is a hit of `l2` and nothing else, and a miss is that of `l1` where Redis was not
 * asked: there is none, it is away, or the value never goes there. Who shares a load that is under way is not counted again.
 * `kind` is the second part of the key.
 */
export interface CacheMetrics {
  hit(tier: CacheTier, kind: string): void;
  miss(kind: string, lastAsked: CacheTier): void;
}

export type CacheTier = 'l1' | 'l2';

/** Since the start of this instance. */
export interface CacheStats {
  l1: { hits: number; entries: number; evictions: number };
  l2: { hits: number; state: LinkState; failures: number; pendingInvalidations: number; isHearingOthers: boolean };
  misses: number;
  loads: number;
  loadFailures: number;
  /** Callers who got the result of somebody else's load. */
  shared: number;
  /** Old values answered while they were renewed, and because they could not be. */
  stale: number;
  grace: number;
  /** Loads whose value was not stored because of an invalidation meanwhile. */
  refused: number;
  loading: number;
}

/** The part of it that reading counts. */
export type ReadCounts = Pick<
  CacheStats,
  'misses' | 'loads' | 'loadFailures' | 'shared' | 'stale' | 'grace' | 'refused'
> & { l1Hits: number; l2Hits: number };
