/**
 * L1: values in the memory of this instance, in a bounded number. The store forgets by time; which entry goes when there are
 * too many is decided here, by lists in order of use that run through the entries themselves: three assignments a read, and
 * no second look-up. Each kind of value has a list and a share: a flood of one kind evicts its own. (node-cache does not evict: at `maxKeys` it throws, even when an existing key is written again.)
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
  list: UseOrder;
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
  readonly #shares: Readonly<Record<string, number>>;
  readonly #lists = new Map<string, UseOrder>();

  /** @param shares of the kinds, parts of 1: so much of the room is theirs whatever others want; the rest is whose it is first. */
  constructor(store: MemoryStore, maxEntries: number, shares: Readonly<Record<string, number>> = {}) {
    this.#store = store;
    this.#maxEntries = maxEntries;
    this.#shares = shares;
    // Reached on every way out: expiry, eviction and deletion.
    store.on('del', (_key, node) => {
      node.list.unlink(node);
      node.list.size -= 1;
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
    node.list.touch(node);
    return node.entry;
  }

  set(entry: Entry, now: number): void {
    // 0 would mean for ever.
    const ttlSeconds = Math.max((entry.graceUntil - now) / 1_000, MIN_TTL_SECONDS);
    const known = this.#store.get(entry.key);
    if (known) {
      // Writing over it is three times as fast as deleting it first, and tells nobody that it went.
      known.entry = entry;
      known.list.touch(known);
      this.#store.set(entry.key, known, ttlSeconds);
      return;
    }
    const list = this.#listOf(entry.kind);
    const node: Node = { entry, list, newer: undefined, older: undefined };
    this.#store.set(entry.key, node, ttlSeconds);
    list.link(node);
    list.size += 1;
    this.size += 1;
    if (this.size > this.#maxEntries) this.#evict();
  }

  del(key: CacheKey): void {
    this.#store.del(key);
  }

  /** Looks at every entry: some 5,000 tests of a short string. */
  delMatching(matches: (key: string) => boolean): void {
    for (const list of this.#lists.values()) {
      for (let node = list.oldest; node; ) {
        const { newer } = node;
        if (matches(node.entry.key)) this.#store.del(node.entry.key);
        node = newer;
      }
    }
  }

  /** Of the kind that is furthest above its share, the entry not used for longest goes. */
  #evict(): void {
    let fullest: UseOrder | undefined;
    for (const list of this.#lists.values()) if (!fullest || list.fullness > fullest.fullness) fullest = list;
    if (!fullest?.oldest) return;
    this.#store.del(fullest.oldest.entry.key);
    this.evictions += 1;
  }

  #listOf(kind: string): UseOrder {
    let list = this.#lists.get(kind);
    if (!list) {
      list = new UseOrder(Math.max(1, Math.floor(this.#maxEntries * (this.#shares[kind] ?? 0))));
      this.#lists.set(kind, list);
    }
    return list;
  }
}

/** The entries of one kind in the order of their use. */
class UseOrder {
  size = 0;
  oldest: Node | undefined;
  #newest: Node | undefined;
  readonly #places: number;

  /** @param places that nobody else takes. */
  constructor(places: number) {
    this.#places = places;
  }

  /** Above 1 when others have lent their places. */
  get fullness(): number {
    return this.size / this.#places;
  }

  touch(node: Node): void {
    if (node === this.#newest) return;
    this.unlink(node);
    this.link(node);
  }

  link(node: Node): void {
    node.newer = undefined;
    node.older = this.#newest;
    if (this.#newest) this.#newest.newer = node;
    else this.oldest = node;
    this.#newest = node;
  }

  unlink(node: Node): void {
    if (node.newer) node.newer.older = node.older;
    else this.#newest = node.older;
    if (node.older) node.older.newer = node.newer;
    else this.oldest = node.newer;
  }
}
