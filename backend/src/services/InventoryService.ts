/** The store room: items, recipes, and every movement of stock. */
import type { Tx } from '../config/database.js';
import type { Logger } from '../config/logger.js';
import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import type { InventoryItem, StockLocation, StockMovement, StoredRecipe } from '../domain/inventory/inventory.js';
import { businessDate } from '../domain/restaurant/localTime.js';
import type { Needs } from '../domain/inventory/needs.js';
import { parseQuantity } from '../domain/number/quantity.js';
import { type ShortItem, StockShortage } from '../domain/stock/stockShortage.js';
import type { InventoryRepository } from '../repositories/InventoryRepository.js';
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
import { RecipeBooks, type Recipes } from './inventory/RecipeBooks.js';
import type { RecipeInput } from './inventory/recipeRules.js';
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

/** What an order takes from stock, or gives back below zero, in one state of it. */
export interface OrderNeeds {
  id: string;
  version: number;
  needs: Needs;
  businessDate: string;
  at: Date;
}

export class InventoryService {
  readonly items: EditableResource<InventoryItem, ItemInput>;
  readonly locations: EditableResource<StockLocation, LocationInput>;
  readonly recipes: EditableResource<StoredRecipe, RecipeInput>;
  readonly #deps: Dependencies;
  readonly #books: RecipeBooks;
  readonly #dishes: DishAvailability;
  readonly #refreshing = new WeakSet<Tx>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#books = new RecipeBooks(deps);
    this.#dishes = new DishAvailability({ ...deps, books: this.#books });
    this.locations = locationResource(deps);
    this.items = itemResource(deps, this);
    this.recipes = recipeResource(deps, this);
  }

  /** The recipes to take an order by. @param recipeVersion as the running transaction has read it. */
  recipesAt(restaurantId: string, tx: Tx, recipeVersion: number): Promise<Recipes> {
    return this.#books.at(restaurantId, tx, recipeVersion);
  }

  /** The recipes of now, as the running transaction sees them. */
  currentRecipes(restaurantId: string, tx: Tx): Promise<Recipes> {
    return this.#books.current(restaurantId, tx);
  }

  /**
   * Takes from stock what an order needs, and gives back what is below zero.
   * @param version of the order, which moves an item once each way.
   * @param date business date on which it is booked.
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
    return this.#moveForOrders(call, tx, [{ id, version, needs, businessDate: date, at }], recipes, at);
  }

  /** As `moveForOrder`, for many at once: all or none, each under its own date and time. */
  moveForOrders(call: Call, tx: Tx, orders: readonly OrderNeeds[], recipes: Recipes): Promise<void> {
    return this.#moveForOrders(call, tx, orders, recipes, this.#deps.clock());
  }

  async #moveForOrders(
    call: Call,
    tx: Tx,
    orders: readonly OrderNeeds[],
    recipes: Recipes,
    createdAt: Date,
  ): Promise<void> {
    const batch = orders
      .filter(({ needs }) => needs.size > 0)
      .map(({ id, version, needs, businessDate: date, at }) => ({
        source: { kind: 'order' as const, id, version, businessDate: date, occurredAt: at },
        postings: [...needs].map(([inventoryItemId, quantity]): Posting => {
          return { inventoryItemId, kind: quantity > 0n ? 'sale' : 'void', quantity: -quantity };
        }),
      }));
    if (batch.length === 0) return;
    const moved = this.#deps.repository.ledger.postAll(call.restaurantId, tx, batch, byOf(call, createdAt));
    // Looked at by whoever posts; what follows a commit looks a second time.
    moved.catch(() => undefined);
    this.#dishes.follow(tx, call.restaurantId, recipes, moved);
    await moved;
  }

  /** Says what an order would be refused for, with nothing taken. @throws StockShortage. */
  async assertEnough(call: Call, tx: Tx, needs: Needs): Promise<void> {
    if (needs.size === 0) return;
    const stock = await this.#deps.repository.findStock(call.restaurantId, tx, [...needs.keys()]);
    const short = stock.flatMap(({ id, name, unit, policy, quantity }): ShortItem[] => {
      const [wanted, left] = [needs.get(id) ?? 0n, parseQuantity(quantity) ?? 0n];
      return policy === 'allow_negative' || left >= wanted ? [] : [{ id, name, unit, wanted, left }];
    });
    if (short.length > 0) throw new StockShortage(short);
  }

  /**
   * Takes dishes off the menu that were just refused. They are on it still when an instance died before it could look. Never
   * throws: whether that succeeds or not, the refusal is the answer.
   */
  async noteShortage({ restaurantId }: Call, { items }: StockShortage): Promise<void> {
    await this.#lookAgain(restaurantId, items).catch((error: unknown) => {
      this.#deps.log.error({ err: error, restaurantId }, 'dishes of a refused order could not be looked at');
    });
  }

  async #lookAgain(restaurantId: string, items: readonly ShortItem[]): Promise<void> {
    const { unitOfWork } = this.#deps;
    const { book, watched } = await unitOfWork.read({ restaurantId }, (tx) => this.#books.current(restaurantId, tx));
    const dishes = items.filter(({ id }) => watched.has(id)).flatMap(({ id }) => [...book.dishesUsing(id)]);
    if (dishes.length > 0) await this.#dishes.refresh(restaurantId, [...new Set(dishes)]);
  }

  /**
   * Posts movements in the caller's transaction, all or none, under the business date of their time.
   * @returns each item with its quantity on both sides.
   * @throws StockShortage when an item that must not go below zero would.
   */
  async post(call: Call, tx: Tx, cause: Cause, postings: readonly Posting[]): Promise<MovedItem[]> {
    const { restaurants, clock } = this.#deps;
    const { settings, recipeVersion } = await restaurants.settingsWithVersions(tx, call.restaurantId);
    const date = businessDate(cause.occurredAt ?? clock(), settings.timezone, settings.businessDayCutoffHour);
    // Read before anything is sent: behind a statement that failed it would fail as well, and hide why.
    const recipes = await this.#books.at(call.restaurantId, tx, recipeVersion);
    const moved = this.#post(call, tx, cause, postings, date);
    this.#dishes.follow(tx, call.restaurantId, recipes, moved);
    return moved;
  }

  /** As `post`, for what may name an item more than once: each round is a state of the cause and names it once. */
  async postRounds(call: Call, tx: Tx, cause: Cause, rounds: readonly (readonly Posting[])[]): Promise<void> {
    for (const [index, postings] of rounds.entries())
      await this.post(call, tx, { ...cause, version: index + 1 }, postings);
  }

  /**
   * Books what goes back to a supplier at the cost it came for, and takes its value out of the average costs.
   * @param rounds as in `postRounds`; below zero, with costs of their own.
   * @throws StockShortage; AppError insufficient_stock when it stands elsewhere by now than it is taken from.
   */
  async takeBack(call: Call, tx: Tx, cause: Cause, rounds: readonly (readonly Posting[])[]): Promise<void> {
    const { ledger, places } = this.#deps.repository;
    await this.postRounds(call, tx, cause, rounds);
    const postings = rounds.flat();
    assertStands(await places.emptied(call.restaurantId, tx, postings));
    await ledger.takeBack(call.restaurantId, tx, postings);
  }

  /** Those of the ids that belong to live locations, which stay until the caller's transaction ends. */
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

  /** The one movement of a source. */
  movementOf({ restaurantId }: Call, tx: Tx, sourceId: string): Promise<StockMovement> {
    return this.#deps.repository.movementOf(restaurantId, tx, sourceId);
  }

  #post(call: Call, tx: Tx, cause: Cause, postings: readonly Posting[], date: string): Promise<MovedItem[]> {
    const now = this.#deps.clock();
    const { kind, id, version = 1, occurredAt = now } = cause;
    const source = { kind, id, version, businessDate: date, occurredAt };
    const moved = this.#deps.repository.ledger.post(call.restaurantId, tx, source, postings, byOf(call, now));
    // Looked at by whoever posts; what follows a commit looks a second time.
    moved.catch(() => undefined);
    return moved;
  }

  /** Looks again at all dishes once the transaction is committed, however often it asks for that. */
  refreshAfter(call: Call, tx: Tx): void {
    if (this.#refreshing.has(tx)) return;
    this.#refreshing.add(tx);
    tx.afterCommit(() => this.#dishes.refresh(call.restaurantId));
  }

  /** Items with less than their reorder point. */
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

/** What happens now is booked at the very instant at which it happens: what is booked late is told apart by that. */
function byOf({ actor }: Call, createdAt: Date): { createdBy: string; createdAt: Date } {
  return { createdBy: `${actor.kind}:${actor.id}`, createdAt };
}
