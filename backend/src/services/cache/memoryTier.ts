/**
 * L1: values in the memory of this instance, in a bounded number. The store forgets by time; which entry goes when there are
 * too many is decided here, by a list in order of use that runs through the entries themselves: three assignments a read, and
 * no second look-up. (node-cache does not evict: at `maxKeys` it throws, even when an existing key is written again.)
 */
import { fromJson } from './envelope.js';
import type { CacheKey } from './keys.js';
import { areAlive, type Mark } from './marks.js';

/** A value with its times, all on the wall clock unless they say otherwise. */
export interface Entry {
  readonly key: CacheKey;
  readonly kind: string;
  /** Frozen. Undefined while there is `json`. */
  value: unknown;
  /** The value as it came from Redis, until it is first read from here: see `valueOf`. */
  json: string | undefined;
  /** `performance.now()` of the moment for which the value is known to have been right. */
  readonly knownAt: number;
  readonly freshUntil: number;
  readonly staleUntil: number;
  readonly graceUntil: number;
  readonly marks: readonly Mark[];
}

/**
 * The value of an entry. An entry of Redis is kept as text until then, and its reader has a copy of his own: freezing costs
 * half as much as parsing (1.8 kB: 10 us and 20 us), and many an entry is never read again where it was fetched.
 */
export function valueOf(entry: Entry): unknown {
  if (entry.json !== undefined) {
    entry.value = fromJson(entry.json);
    entry.json = undefined;
  }
  return entry.value;
}

interface Node {
  entry: Entry;
  newer: Node | undefined;
  older: Node | undefined;
}

/** What is needed of node-cache, which CacheService brings along. */
export interface MemoryStore {
  get(key: string): Node | undefined;
  set(key: string, node: Node, ttlSeconds: number): unknown;
  del(key: string): number;
  on(event: 'del', listener: (key: string, node: Node) => void): unknown;
}

const MIN_TTL_SECONDS = 0.001;

export class MemoryTier {
  evictions = 0;
  size = 0;
  readonly #store: MemoryStore;
  readonly #maxEntries: number;
  #newest: Node | undefined;
  #oldest: Node | undefined;

  constructor(store: MemoryStore, maxEntries: number) {
    this.#store = store;
    this.#maxEntries = maxEntries;
    // Reached on every way out: expiry, eviction and deletion.
    store.on('del', (_key, node) => {
      this.#unlink(node);
      this.size -= 1;
    });
  }

  /** The entry, fresh or not, unless it was invalidated: that ends its grace too. */
  get(key: CacheKey): Entry | undefined {
    const node = this.#store.get(key);
    if (node === undefined) return undefined;
    if (!areAlive(node.entry.marks)) {
      this.#store.del(key);
      return undefined;
    }
    if (node !== this.#newest) {
      this.#unlink(node);
      this.#link(node);
    }
    return node.entry;
  }

  set(entry: Entry, now: number): void {
    // 0 would mean for ever.
    const ttlSeconds = Math.max((entry.graceUntil - now) / 1_000, MIN_TTL_SECONDS);
    const known = this.#store.get(entry.key);
    if (known) {
      // Writing over it is three times as fast as deleting it first, and tells nobody that it went.
      known.entry = entry;
      this.#unlink(known);
      this.#link(known);
      this.#store.set(entry.key, known, ttlSeconds);
      return;
    }
    const node: Node = { entry, newer: undefined, older: undefined };
    this.#store.set(entry.key, node, ttlSeconds);
    this.#link(node);
    this.size += 1;
    if (this.size > this.#maxEntries && this.#oldest) {
      this.#store.del(this.#oldest.entry.key);
      this.evictions += 1;
    }
  }

  del(key: CacheKey): void {
    this.#store.del(key);
  }

  /** Looks at every entry: some 5,000 tests of a short string. */
  delMatching(matches: (key: string) => boolean): void {
    for (let node = this.#oldest; node; ) {
      const { newer } = node;
      if (matches(node.entry.key)) this.#store.del(node.entry.key);
      node = newer;
    }
  }

  #link(node: Node): void {
    node.newer = undefined;
    node.older = this.#newest;
    if (this.#newest) this.#newest.newer = node;
    else this.#oldest = node;
    this.#newest = node;
  }

  #unlink(node: Node): void {
    if (node.newer) node.newer.older = node.older;
    else this.#newest = node.older;
    if (node.older) node.older.newer = node.newer;
    else this.#oldest = node.newer;
  }
}
