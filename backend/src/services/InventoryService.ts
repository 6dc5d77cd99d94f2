/** Inventory: items, recipes, and every movement of stock. */
import type { Tx } from '../config/database.js';
import type { Logger } from '../config/logger.js';
import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import type { InventoryItem, StockLocation, StockMovement, StoredRecipe } from '../domain/inventory/inventory.js';
import { businessDate } from '../domain/restaurant/localTime.js';
import type { Needs } from '../domain/inventory/needs.js';
import { parseQuantity } from '../domain/number/quantity.js';
import { type CountedStock, type ShortItem, shortageOf, type StockShortage } from '../domain/stock/stockShortage.js';
import type { InventoryRepository, ItemStock } from '../repositories/InventoryRepository.js';
import type { MovedItem, Posting } from '../repositories/inventory/StockLedger.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import type { EditableResource } from './EditableResource.js';
import { DishAvailability } from './inventory/DishAvailability.js';
import {
  type Cause,
  itemResource,
  type LocationInput,
  locationResource,
  recipeResource,
} from './inventory/editables.js';
import { assertStands } from './inventory/itemHome.js';
import type { ItemInput } from './inventory/itemRules.js';
import { type Portions, portionsOf } from './inventory/Portions.js';
import { RecipeBooks, type Recipes } from './inventory/RecipeBooks.js';
import type { RecipeInput } from './inventory/recipeRules.js';
import { Revaluing } from './inventory/Revaluing.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: InventoryRepository;
  restaurants: RestaurantService;
  cursors: Cursors;
  clock: Clock;
  log: Logger;
}

export type { Posting } from '../repositories/inventory/StockLedger.js';

export type { Cause } from './inventory/editables.js';

/** The quantities that one version of an order takes from stock; negative ones are given back. */
export interface OrderNeeds {
  id: string;
  /** The caller whose order it is; absent: that of the transaction. */
  call?: Call;
  version: number;
  needs: Needs;
  businessDate: string;
  at: Date;
}

export class InventoryService {
  readonly items: EditableResource<InventoryItem, ItemInput>;
  readonly locations: EditableResource<StockLocation, LocationInput>;
  readonly recipes: EditableResource<StoredRecipe, RecipeInput>;
  readonly revaluing: Revaluing;
  readonly #deps: Dependencies;
  readonly #books: RecipeBooks;
  readonly #dishes: DishAvailability;
  readonly #refreshing = new WeakSet<Tx>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.revaluing = new Revaluing(deps);
    this.#books = new RecipeBooks(deps);
    this.#dishes = new DishAvailability({ ...deps, books: this.#books });
    this.locations = locationResource(deps);
    this.items = itemResource(deps, this);
    this.recipes = recipeResource(deps, this);
  }

  /**
   * The recipes to use for an order.
   * @param recipeVersion as the running transaction has read it.
   */
  recipesAt(restaurantId: string, tx: Tx, recipeVersion: number): Promise<Recipes> {
    return this.#books.at(restaurantId, tx, recipeVersion);
  }

  /** The last recipes that `recipesAt` has read, and their version. They may be old by now. */
  lastRecipes(restaurantId: string): { version: number; value: Recipes } | undefined {
    return this.#books.known(restaurantId);
  }

  /** The current recipes, as the running transaction sees them. */
  currentRecipes(restaurantId: string, tx: Tx): Promise<Recipes> {
    return this.#books.current(restaurantId, tx);
  }

  /**
   * Takes the quantities that an order needs from stock, and gives negative quantities back.
   * @param version of the order. One version moves an item once in each direction.
   * @param date business date on which the movement is booked.
   * @throws StockShortage when an item that must not go below zero would.
   */
  moveForOrder(
    call: Call,
    tx: Tx,
    order: { id: string; version: number },
    needs: Needs,
    recipes: Recipes,
    date: string,
  ): Promise<void> {
    const { id, version } = order;
    const at = this.#deps.clock();
    return this.moveForOrders(call, tx, [{ id, version, needs, businessDate: date, at }], recipes, at);
  }

  /**
   * Same as `moveForOrder`, for many orders at once: all or none, each with its own date and time.
   */
  async moveForOrders(
    call: Call,
    tx: Tx,
    orders: readonly OrderNeeds[],
    recipes: Recipes,
    createdAt = this.#deps.clock(),
  ): Promise<void> {
    const batch = orders
      .filter(({ needs }) => needs.size > 0)
      .map(({ id, version, needs, businessDate: date, at, call: own = call }) => ({
        createdBy: authorOf(own),
        source: { kind: 'order' as const, id, version, businessDate: date, occurredAt: at },
        postings: [...needs].map(([inventoryItemId, quantity]): Posting => {
          return { inventoryItemId, kind: quantity > 0n ? 'sale' : 'void', quantity: -quantity };
        }),
      }));
    if (batch.length === 0) return;
    const moved = this.#deps.repository.ledger.postAll(call.restaurantId, tx, batch, createdAt);
    // The caller handles the failure; the follow-up after the commit reads it a second time.
    moved.catch(() => undefined);
    this.#dishes.follow(tx, call.restaurantId, recipes, moved);
    await moved;
  }

  /** Checks an order's needs against stock without taking anything. @throws StockShortage. */
  async assertEnough(call: Call, tx: Tx, needs: Needs): Promise<void> {
    if (needs.size === 0) return;
    const stock = await this.#deps.repository.findStock(call.restaurantId, tx, [...needs.keys()]);
    const shortage = shortageOf(stock.map(counted), needs);
    if (shortage) throw shortage;
  }

  /**
   * The stock of items, which stay locked until the transaction ends: for sharing it out among
   * several orders.
   */
  async lockStock(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<CountedStock[]> {
    if (itemIds.length === 0) return [];
    return (await this.#deps.repository.lockStock(restaurantId, tx, itemIds)).map(counted);
  }

  /**
   * Takes just-refused dishes off the menu. They can still be on it when an instance died before
   * its follow-up check. Never throws: the refusal is the answer, whether this succeeds or not.
   */
  async noteShortage({ restaurantId }: Call, { items }: StockShortage): Promise<void> {
    await this.#lookAgain(restaurantId, items).catch((error: unknown) => {
      this.#deps.log.error(
        { err: error, restaurantId },
        'could not check the availability of the dishes of a refused order',
      );
    });
  }

  async #lookAgain(restaurantId: string, items: readonly ShortItem[]): Promise<void> {
    const { unitOfWork } = this.#deps;
    const { book, watched } = await unitOfWork.read({ restaurantId }, (tx) => this.#books.current(restaurantId, tx));
    const dishes = items.filter(({ id }) => watched.has(id)).flatMap(({ id }) => [...book.dishesUsing(id)]);
    if (dishes.length > 0) await this.#dishes.refresh(restaurantId, [...new Set(dishes)]);
  }

  /**
   * Posts movements in the caller's transaction, all or none, under the business date of their
   * time.
   * @returns each item with its quantity before and after.
   * @throws StockShortage when an item that must not go below zero would.
   */
  async post(call: Call, tx: Tx, cause: Cause, postings: readonly Posting[]): Promise<MovedItem[]> {
    const { restaurants, clock } = this.#deps;
    const { settings, recipeVersion } = await restaurants.settingsWithVersions(tx, call.restaurantId);
    const date = businessDate(cause.occurredAt ?? clock(), settings.timezone, settings.businessDayCutoffHour);
    // Read before any write is sent: after a failed statement, this read would fail too and hide
    // the reason.
    const recipes = await this.#books.at(call.restaurantId, tx, recipeVersion);
    const moved = this.#post(call, tx, cause, postings, date);
    this.#dishes.follow(tx, call.restaurantId, recipes, moved);
    return moved;
  }

  /**
   * Same as `post`, for postings that may name an item more than once. Each round is a version of
   * the cause and names an item once.
   */
  async postRounds(call: Call, tx: Tx, cause: Cause, rounds: readonly (readonly Posting[])[]): Promise<void> {
    for (const [index, postings] of rounds.entries())
      await this.post(call, tx, { ...cause, version: index + 1 }, postings);
  }

  /**
   * Books goods returned to a supplier at their purchase cost, and takes their value out of the
   * average costs.
   * @param rounds as in `postRounds`; negative quantities, with their own costs.
   * @throws StockShortage; AppError insufficient_stock when the goods are no longer at the location
   *   that they are taken from.
   */
  async takeBack(call: Call, tx: Tx, cause: Cause, rounds: readonly (readonly Posting[])[]): Promise<void> {
    const { ledger, places } = this.#deps.repository;
    await this.postRounds(call, tx, cause, rounds);
    const postings = rounds.flat();
    assertStands(await places.emptied(call.restaurantId, tx, postings));
    await ledger.takeBack(call.restaurantId, tx, postings);
  }

  /** Filters the ids of existing locations, and keeps these until the caller's transaction ends. */
  keepLocations({ restaurantId }: Call, tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    return this.#deps.repository.places.keepLocations(restaurantId, tx, ids);
  }

  /** The ledger, newest first. */
  @Track('inventory.movements')
  movements(call: Call, inventoryItemId: string | undefined, page: Page): Promise<PageOf<StockMovement>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'stock.movements', inventoryItemId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.movements(call.restaurantId, tx, { limit: page.limit, after }, inventoryItemId);
      return cursors.page(rows, page.limit, binding, (row) => row.id);
    });
  }

  /** The only movement of a source. */
  movementOf({ restaurantId }: Call, tx: Tx, sourceId: string): Promise<StockMovement> {
    return this.#deps.repository.movementOf(restaurantId, tx, sourceId);
  }

  #post(call: Call, tx: Tx, cause: Cause, postings: readonly Posting[], date: string): Promise<MovedItem[]> {
    const now = this.#deps.clock();
    const { kind, id, version = 1, occurredAt = now } = cause;
    const source = { kind, id, version, businessDate: date, occurredAt };
    const moved = this.#deps.repository.ledger.post(call.restaurantId, tx, source, postings, {
      createdBy: authorOf(call),
      createdAt: now,
    });
    // The caller handles the failure; the follow-up after the commit reads it a second time.
    moved.catch(() => undefined);
    return moved;
  }

  /** Checks the availability of all dishes after the commit, once per transaction. */
  refreshAfter(call: Call, tx: Tx): void {
    if (this.#refreshing.has(tx)) return;
    this.#refreshing.add(tx);
    tx.afterCommit(() => this.#dishes.refresh(call.restaurantId));
  }

  /** How many portions of a dish the stock makes now, for each way of selling it. */
  @Track('inventory.portions')
  portions(call: Call, menuItemId: string): Promise<Portions[]> {
    return portionsOf({ ...this.#deps, books: this.#books }, call, menuItemId);
  }

  /** Items below their reorder point. */
  @Track('inventory.low')
  low(call: Call, page: Page): Promise<PageOf<InventoryItem>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'stock.low'];
    const [quantity, id] = cursors.read(page.cursor, binding)?.split(' ') ?? [];
    const after = quantity === undefined || id === undefined ? undefined : { quantity, id };
    return unitOfWork.read(call, async (tx) => {
      const items = await repository.low(call.restaurantId, tx, page.limit, after);
      return cursors.page(items, page.limit, binding, (item) => `${item.currentQuantity} ${item.id}`);
    });
  }
}

function counted({ quantity, ...item }: ItemStock): CountedStock {
  return { ...item, left: parseQuantity(quantity) ?? 0n };
}

function authorOf({ actor }: Call): string {
  return `${actor.kind}:${actor.id}`;
}
