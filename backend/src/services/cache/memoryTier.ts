/**
 * L1: a limited number of values in the memory of this instance. The store deletes expired entries.
 * When there are too many, this file decides which entry to evict, with linked lists of the entries
 * in order of use: three assignments per read and no second look-up. Each kind of value has its own
 * list and share, so a flood of one kind evicts only its own entries. (node-cache does not evict:
 * at `maxKeys` it throws, even when an existing key is written again.)
 */
import { fromJson } from './envelope.js';
import type { CacheKey } from './keys.js';
import { areAlive, type Mark } from './marks.js';

/** A value with its times, in wall-clock time unless noted. */
export interface Entry {
  readonly key: CacheKey;
  readonly kind: string;
  /** Frozen. Undefined while `json` is set. */
  value: unknown;
  /** The value as it came from Redis, until its first read from memory: see `valueOf`. */
  json: string | undefined;
  /** `performance.now()` of the instant at which the value is known to have been right. */
  readonly knownAt: number;
  readonly freshUntil: number;
  readonly staleUntil: number;
  readonly graceUntil: number;
  readonly marks: readonly Mark[];
}

/**
 * The value of an entry. An entry from Redis is kept as text until it is read from memory, and its
 * first reader gets its own copy. Freezing costs half as much as parsing (1.8 kB: 10 us and 20 us),
 * and many entries are never read again in the instance that fetched them.
 */
export function valueOf(entry: Entry): unknown {
  if (entry.json !== undefined) {
    entry.value = fromJson(entry.json);
    entry.json = undefined;
  }
  return entry.value;
}

export interface Node {
  entry: Entry;
  list: UseOrder;
  /** False once the key was removed: nobody who still holds this node may use it. */
  isKept: boolean;
  newer: Node | undefined;
  older: Node | undefined;
}

/** The part of node-cache that is used. CacheService provides it. */
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

  /**
   * @param shares of the kinds, as fractions of 1. This part of the room is reserved for the kind.
   *   The first kind that needs the rest gets it.
   */
  constructor(store: MemoryStore, maxEntries: number, shares: Readonly<Record<string, number>> = {}) {
    this.#store = store;
    this.#maxEntries = maxEntries;
    this.#shares = shares;
    // Called for every removal: expiry, eviction and deletion.
    store.on('del', (_key, node) => {
      node.isKept = false;
      node.list.unlink(node);
      node.list.size -= 1;
      this.size -= 1;
    });
  }

  /** The entry, fresh or not. An invalidated entry is not returned, not even during its grace. */
  get(key: CacheKey): Entry | undefined {
    const node = this.#store.get(key);
    return node && this.entryOf(node);
  }

  /** The node of a key, for `entryOf`: it stays the same while the key is in memory. */
  nodeOf(key: CacheKey): Node | undefined {
    return this.#store.get(key);
  }

  /** Same as `get`, without the look-up. */
  entryOf(node: Node): Entry | undefined {
    if (!node.isKept) return undefined;
    if (!areAlive(node.entry.marks)) {
      this.#store.del(node.entry.key);
      return undefined;
    }
    node.list.touch(node);
    return node.entry;
  }

  set(entry: Entry, now: number): void {
    // 0 would mean without expiry.
    const ttlSeconds = Math.max((entry.graceUntil - now) / 1_000, MIN_TTL_SECONDS);
    const known = this.#store.get(entry.key);
    if (known) {
      // Overwriting is three times as fast as deleting first, and emits no `del` event.
      known.entry = entry;
      known.list.touch(known);
      this.#store.set(entry.key, known, ttlSeconds);
      return;
    }
    const list = this.#listOf(entry.kind);
    const node: Node = { entry, list, isKept: true, newer: undefined, older: undefined };
    this.#store.set(entry.key, node, ttlSeconds);
    list.link(node);
    list.size += 1;
    this.size += 1;
    if (this.size > this.#maxEntries) this.#evict();
  }

  del(key: CacheKey): void {
    this.#store.del(key);
  }

  /** Checks every entry: some 5,000 tests of a short string. */
  delMatching(matches: (key: string) => boolean): void {
    for (const list of this.#lists.values()) {
      for (let node = list.oldest; node; ) {
        const { newer } = node;
        if (matches(node.entry.key)) this.#store.del(node.entry.key);
        node = newer;
      }
    }
  }

  /** Evicts the least recently used entry of the kind that is furthest above its share. */
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

/** The entries of one kind in order of use. */
class UseOrder {
  size = 0;
  oldest: Node | undefined;
  #newest: Node | undefined;
  readonly #places: number;

  /** @param places reserved for this kind. */
  constructor(places: number) {
    this.#places = places;
  }

  /** Above 1 when the kind uses places of other kinds. */
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
