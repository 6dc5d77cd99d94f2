/** Large enough for the restaurants of one process; a menu of 255 items is about half a megabyte of objects. */
const MAX_RESTAURANTS = 200;

interface Snapshot<T> {
  version: number;
  value: T;
}

/**
 * The last state seen of something large that each restaurant has, such as its menu or its recipes, for taking orders. The
 * version decides: whoever asks has just read it from the database in his own transaction, so that no order is ever taken
 * from an old state, whatever instance changed it.
 */
export class Snapshots<T> {
  readonly #snapshots = new Map<string, Snapshot<T>>();

  /** @param load reads the state as it is now, of this version or a newer one. */
  async get(restaurantId: string, version: number, load: () => Promise<T>): Promise<T> {
    const known = this.#snapshots.get(restaurantId);
    if (known?.version === version) {
      this.#keep(restaurantId, known);
      return known.value;
    }
    const value = await load();
    this.#keep(restaurantId, { version, value });
    const oldest = this.#snapshots.keys().next();
    if (this.#snapshots.size > MAX_RESTAURANTS && !oldest.done) this.#snapshots.delete(oldest.value);
    return value;
  }

  /** The map remembers the order of insertion: put last, it is forgotten last. */
  #keep(restaurantId: string, snapshot: Snapshot<T>): void {
    this.#snapshots.delete(restaurantId);
    this.#snapshots.set(restaurantId, snapshot);
  }
}
