/** Invalidates values: in this instance, in Redis and, by a message, in the other instances. */
import type { Logger } from '../../config/logger.js';
import { type CacheKey, type CacheTag, isPattern, matcherOf, restaurantOf } from './keys.js';
import type { Marks } from './marks.js';
import type { MemoryTier } from './memoryTier.js';
import type { Invalidation } from './pending.js';
import type { RedisTier } from './redisTier.js';

interface Options {
  /** Distinguishes our own messages from those of other instances. */
  origin: string;
  marks: Marks;
  memory: MemoryTier;
  redis: RedisTier;
  log: Logger;
}

export class Invalidator {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Resolves when the invalidation is done in this instance, and in Redis if Redis answers. Never
   * rejects.
   */
  async run(invalidation: Partial<Invalidation>): Promise<void> {
    const whole: Invalidation = { tags: [], keys: [], patterns: [], ...invalidation };
    this.#apply(whole);
    await this.#options.redis.invalidate(whole);
    // Applied again: before Redis had the invalidation, a read could copy the old entry back to
    // memory.
    this.#apply(whole);
  }

  /** Handles a message of the bus. */
  hear(message: string): void {
    const invalidation = fromMessage(message);
    if (invalidation?.origin === this.#options.origin) return;
    if (invalidation) {
      this.#apply(invalidation);
      return;
    }
    this.#options.log.warn('cache bus: unknown message; everything in memory counts as old');
    this.#options.marks.killAll();
  }

  #apply({ tags, keys, patterns }: Invalidation): void {
    const { marks, memory } = this.#options;
    for (const tag of tags) marks.killTag(tag);
    for (const key of keys) {
      marks.killFence(restaurantOf(key));
      memory.del(key);
    }
    for (const pattern of patterns) {
      // Not a pattern of one restaurant: it means everything, or comes from another version of
      // Servio or another program on the channel.
      if (!isPattern(pattern)) {
        marks.killAll();
        return;
      }
      marks.killFence(restaurantOf(pattern));
      memory.delMatching(matcherOf(pattern));
    }
  }
}

export function toMessage(origin: string, { tags, keys, patterns }: Invalidation): string {
  return JSON.stringify({ origin, tags, keys, patterns });
}

function fromMessage(message: string): (Invalidation & { origin: unknown }) | undefined {
  try {
    const parsed: unknown = JSON.parse(message);
    if (typeof parsed !== 'object' || parsed === null || !('origin' in parsed)) return undefined;
    const lists: { origin: unknown; tags?: unknown; keys?: unknown; patterns?: unknown } = parsed;
    if (![lists.tags, lists.keys, lists.patterns].every(areStrings)) return undefined;
    // The lists were just checked. Their strings only have an effect when they equal keys and tags.
    return parsed as { origin: unknown; tags: CacheTag[]; keys: CacheKey[]; patterns: string[] };
  } catch {
    return undefined;
  }
}

function areStrings(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === 'string');
}
