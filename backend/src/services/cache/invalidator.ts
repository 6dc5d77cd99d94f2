/** Makes things old: here, in Redis and, by a message, in the other instances. */
import type { Logger } from '../../config/logger.js';
import { type CacheKey, type CacheTag, isPattern, matcherOf, restaurantOf } from './keys.js';
import type { Marks } from './marks.js';
import type { MemoryTier } from './memoryTier.js';
import type { Invalidation } from './pending.js';
import type { RedisTier } from './redisTier.js';

interface Options {
  /** Tells our own messages from those of others. */
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

  /** Resolves when it counts for this instance, and for Redis if that answers. Never rejects. */
  async run(invalidation: Partial<Invalidation>): Promise<void> {
    const whole: Invalidation = { tags: [], keys: [], patterns: [], ...invalidation };
    this.#apply(whole);
    await this.#options.redis.invalidate(whole);
    // Again: until Redis had it, a read could still bring the old entry from there back into memory.
    this.#apply(whole);
  }

  /** A message of the bus. */
  hear(message: string): void {
    const invalidation = fromMessage(message);
    if (invalidation?.origin === this.#options.origin) return;
    if (invalidation) {
      this.#apply(invalidation);
      return;
    }
    this.#options.log.warn('cache bus: a message nobody understands; everything in memory counts as old');
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
      // Everything, or what another version of Servio or somebody else on the channel means by it.
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
    // The lists were just looked at; their strings only have to be equal to keys and tags to have an effect.
    return parsed as { origin: unknown; tags: CacheTag[]; keys: CacheKey[]; patterns: string[] };
  } catch {
    return undefined;
  }
}

function areStrings(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === 'string');
}
