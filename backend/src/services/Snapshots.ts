import type { Tx } from '../config/database.js';

/**
 * Large enough for the restaurants of one process. A menu of 255 items takes about half a megabyte
 * of objects.
 */
const MAX_RESTAURANTS = 200;

interface Snapshot<T> {
  restaurantId: string;
  version: number;
  value: T;
}

/**
 * The last committed state of something large that each restaurant has, such as its menu or its
 * recipes, for taking orders. The caller reads the version in its own transaction, so no order is
 * taken from an old state, whichever instance changed it.
 *
 * A transaction also sees its own writes, under a version that another one will use if it rolls
 * back. So its state is shared after its commit only; until then the transaction alone has it.
 */
export class Snapshots<T> {
  readonly #shared = new Map<string, Snapshot<T>>();
  readonly #ofTransaction = new WeakMap<Tx, Snapshot<T>>();

  /** The state that was shared last, and its version. It may be old by now. */
  known(restaurantId: string): { version: number; value: T } | undefined {
    const known = this.#shared.get(restaurantId);
    if (known) this.#keep(known);
    return known;
  }

  /**
   * @param version as `tx` has read it.
   * @param load reads the state as `tx` sees it, of this version or a newer one.
   */
  async get(restaurantId: string, tx: Tx, version: number, load: () => Promise<T>): Promise<T> {
    const known = this.#shared.get(restaurantId);
    if (known?.version === version) {
      this.#keep(known);
      return known.value;
    }
    const own = this.#ofTransaction.get(tx);
    if (own?.restaurantId === restaurantId && own.version === version) return own.value;
    const loaded = { restaurantId, version, value: await load() };
    this.#ofTransaction.set(tx, loaded);
    tx.afterCommit(() => this.#keep(loaded));
    return loaded.value;
  }

  /**
   * Moves the restaurant to the end of the map, which keeps the order of insertion, and drops the
   * first one above the limit.
   */
  #keep(snapshot: Snapshot<T>): void {
    this.#shared.delete(snapshot.restaurantId);
    this.#shared.set(snapshot.restaurantId, snapshot);
    const oldest = this.#shared.keys().next();
    if (this.#shared.size > MAX_RESTAURANTS && !oldest.done) this.#shared.delete(oldest.value);
  }
}
