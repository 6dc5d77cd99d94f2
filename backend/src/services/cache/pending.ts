/**
 * Invalidations that could not be sent to Redis. None is ever lost: when there are too many, they
 * are replaced by one for everything.
 */
import { EVERYTHING, type CacheKey, type CacheTag } from './keys.js';

export interface Invalidation {
  readonly tags: readonly CacheTag[];
  readonly keys: readonly CacheKey[];
  readonly patterns: readonly string[];
}

const PENDING_MAX = 10_000;

export class PendingInvalidations {
  readonly #unsent = new Set<Invalidation>();
  #size = 0;
  readonly #max: number;

  constructor(max: number = PENDING_MAX) {
    this.#max = max;
  }

  /** Number of tags, keys and patterns. */
  get size(): number {
    return this.#size;
  }

  add(invalidation: Invalidation): void {
    if (this.#size + sizeOf(invalidation) > this.#max) {
      this.#unsent.clear();
      this.#size = 0;
      invalidation = { tags: [], keys: [], patterns: EVERYTHING };
    }
    this.#unsent.add(invalidation);
    this.#size += sizeOf(invalidation);
  }

  /** Call this when Redis has it. */
  remove(invalidation: Invalidation): void {
    if (this.#unsent.delete(invalidation)) this.#size -= sizeOf(invalidation);
  }

  all(): readonly Invalidation[] {
    return [...this.#unsent];
  }
}

/** @returns all invalidations as one, without duplicates. */
export function merge(invalidations: readonly Invalidation[]): Invalidation {
  return {
    tags: [...new Set(invalidations.flatMap((one) => one.tags))],
    keys: [...new Set(invalidations.flatMap((one) => one.keys))],
    patterns: [...new Set(invalidations.flatMap((one) => one.patterns))],
  };
}

function sizeOf({ tags, keys, patterns }: Invalidation): number {
  return tags.length + keys.length + patterns.length;
}
