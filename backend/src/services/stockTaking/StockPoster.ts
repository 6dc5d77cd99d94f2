import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { notFound } from '../../domain/shared/errors.js';
import { type Micros, parseQuantity } from '../../domain/number/quantity.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';
import type { PostedLine } from '../../domain/stock/stockTaking.js';
import type { Place, StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import type { Cause, InventoryService, Posting } from '../InventoryService.js';

interface Dependencies {
  repository: StockTakingRepository;
  inventory: InventoryService;
}

/** Posts movements at named locations, and checks that those locations hold enough. */
export class StockPoster {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Posts movements in the caller's transaction, all or none.
   * @returns the posted lines of the ledger, ordered by item name.
   * @throws StockShortage when an item that must not go below zero would do so, in total or at a
   * named location.
   */
  async post(call: Call, tx: Tx, cause: Cause, postings: readonly Posting[]): Promise<PostedLine[]> {
    const { repository, inventory } = this.#deps;
    await inventory.post(call, tx, cause, postings);
    await this.#assertPlaces(call.restaurantId, tx, postings);
    return repository.postedBy(call.restaurantId, tx, cause.id);
  }

  /**
   * Locks locations that are about to receive stock.
   * @throws AppError not_found for the first one that does not exist.
   */
  async keepLocations(
    { restaurantId }: Call,
    tx: Tx,
    locations: readonly { pointer: string; id: string }[],
  ): Promise<void> {
    const ids = locations.map(({ id }) => id);
    const found = await this.#deps.repository.keepLocations(restaurantId, tx, ids);
    const missing = locations.find(({ id }) => !found.has(id));
    if (missing) throw notFound('stock location', missing.pointer);
  }

  /**
   * Checked after the movement, under its locks on the items: no other call can take the last stock
   * of a location.
   */
  async #assertPlaces(restaurantId: string, tx: Tx, postings: readonly Posting[]): Promise<void> {
    const taken = new Map<string, Micros>();
    const places: Place[] = [];
    for (const { inventoryItemId, locationId, quantity } of postings) {
      if (!locationId || quantity > 0n) continue;
      places.push({ inventoryItemId, locationId });
      taken.set(inventoryItemId, -quantity);
    }
    if (places.length === 0) return;
    const short = await this.#deps.repository.shortPlaces(restaurantId, tx, places);
    if (short.length === 0) return;
    throw new StockShortage(
      short.map(({ quantity, ...item }) => {
        const wanted = taken.get(item.id) ?? 0n;
        return { ...item, wanted, left: wanted + (parseQuantity(quantity) ?? 0n) };
      }),
    );
  }
}
