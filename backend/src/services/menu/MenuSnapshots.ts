import type { MenuParts } from '../../domain/menu.js';

/** A menu of 255 items is about half a megabyte of objects. */
const MAX_RESTAURANTS = 200;

interface Snapshot {
  menuVersion: number;
  parts: MenuParts;
}

/**
 * The last menu seen of each restaurant, for taking orders. The version decides: whoever asks has just read it from the
 * database in his own transaction, so that no order is ever taken from an old menu, whatever instance changed it. Counts
 * of portions are not in it; selling them checks the database.
 */
export class MenuSnapshots {
  readonly #snapshots = new Map<string, Snapshot>();

  /** @param load reads the menu as it is now, of this version or a newer one. */
  async get(restaurantId: string, menuVersion: number, load: () => Promise<MenuParts>): Promise<MenuParts> {
    const known = this.#snapshots.get(restaurantId);
    if (known?.menuVersion === menuVersion) {
      // The map remembers the order of insertion: put last, it is forgotten last.
      this.#snapshots.delete(restaurantId);
      this.#snapshots.set(restaurantId, known);
      return known.parts;
    }
    const parts = withoutCounts(await load());
    this.#snapshots.delete(restaurantId);
    this.#snapshots.set(restaurantId, { menuVersion, parts });
    const oldest = this.#snapshots.keys().next();
    if (this.#snapshots.size > MAX_RESTAURANTS && !oldest.done) this.#snapshots.delete(oldest.value);
    return parts;
  }
}

function withoutCounts(parts: MenuParts): MenuParts {
  const items = parts.items.map((item) => ({ ...item, availability: { ...item.availability, remaining: null } }));
  return { ...parts, items };
}
