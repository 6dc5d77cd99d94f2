/** The transaction that stores new orders of one restaurant, whether one or many. */
import { Sent, type Tx } from '../../config/database.js';
import { monthOf } from '../../domain/document/documentNumber.js';
import { sumNeeds } from '../../domain/inventory/needs.js';
import { type Order, portionsOf } from '../../domain/order/order.js';
import { AppError, OutOfDate } from '../../domain/shared/errors.js';
import type { Call } from '../../domain/shared/call.js';
import type { OrderRepository } from '../../repositories/OrderRepository.js';
import type { Outcome } from '../../utils/batcher.js';
import type { Clock } from '../../utils/clock.js';
import { Recent } from '../../utils/recent.js';
import { NoPickupCode, type PickupClaim } from '../codePool/PickupCodes.js';
import type { InventoryService } from '../InventoryService.js';
import type { MenuService, SellableMenu } from '../MenuService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Basis, Draft, OrderMaker } from './OrderMaker.js';
import { fact, summaryOf } from './orderRules.js';
import type { OrderRequest } from './orderRequests.js';
import { pointAt, usingLines } from './orderStock.js';
import { Supplies } from './Supplies.js';

/** As for any other write: a deadlock undoes a transaction completely. */
const ATTEMPTS = 4;
/** Restaurants whose settings are kept for their next order. */
const MAX_RESTAURANTS = 1_000;

/** A caller's order. */
export interface Placed {
  call: Call;
  request: OrderRequest;
  pickup: PickupClaim;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: OrderRepository;
  menu: MenuService;
  restaurants: RestaurantService;
  inventory: InventoryService;
  maker: OrderMaker;
  clock: Clock;
}

type Seen = Awaited<ReturnType<RestaurantService['settingsWithVersions']>>;

/** A `Basis` with its versions, and the items whose portions are counted. */
interface State extends Basis, Seen {
  counted: SellableMenu['counted'];
}

type Outcomes = Map<Placed, Outcome<Order>>;
type Drafts = Map<Placed, Draft>;

export class Placing {
  readonly #deps: Dependencies;
  readonly #seen = new Recent<string, Seen>(MAX_RESTAURANTS);

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Stores all orders that can be stored, in one transaction; their numbers are in the given order.
   *
   * The orders are decided from memory and sent in one go with a check that nothing has changed.
   * An order that cannot be decided so, because something has changed, its key is not new, or it is
   * refused, is decided inside a transaction of its own.
   * @throws when the whole transaction fails: nothing was stored.
   */
  async attempt(restaurantId: string, all: readonly Placed[], deadlineMs: number): Promise<Outcomes> {
    const until = performance.now() + deadlineMs;
    const state = this.#known(restaurantId);
    const outcomes = state ? await this.#fromMemory(restaurantId, all, state, deadlineMs) : new Map();
    const left = all.filter((one) => !outcomes.has(one));
    if (left.length === 0) return outcomes;
    const leftMs = Math.max(1, until - performance.now());
    for (const [one, outcome] of await this.#fromDatabase(restaurantId, left, leftMs)) outcomes.set(one, outcome);
    return outcomes;
  }

  /**
   * @returns no outcome of an order that is refused; none at all when something has changed, or
   *   when one of several orders is short.
   */
  async #fromMemory(
    restaurantId: string,
    placed: readonly Placed[],
    state: State,
    deadlineMs: number,
  ): Promise<Outcomes> {
    const { drafts } = await this.#decide(placed, state);
    if (drafts.size === 0) return new Map();
    const work = async (tx: Tx) => {
      tx.defer(this.#deps.restaurants.assertCurrent(tx, restaurantId, state));
      return this.#write(restaurantId, tx, drafts, state);
    };
    try {
      return await this.#deps.unitOfWork.runTogether(restaurantId, [...drafts.keys()], work, {
        deadlineMs,
        keys: 'assumed',
        plans: 'kept',
        attempts: ATTEMPTS,
      });
    } catch (error) {
      // Several are told apart where what is left is locked.
      if (error instanceof OutOfDate || (drafts.size > 1 && isShortage(error))) return new Map();
      throw error;
    }
  }

  #fromDatabase(restaurantId: string, placed: readonly Placed[], deadlineMs: number): Promise<Outcomes> {
    const work = async (tx: Tx, open: readonly Placed[]) => {
      const state = await this.#read(restaurantId, tx);
      tx.defer(tx.forbidScans());
      const { drafts, refused } = await this.#decide(open, state);
      if (drafts.size > 1) await this.#shareOut(restaurantId, tx, drafts, state, refused);
      if (drafts.size === 0) return refused;
      const written = this.#write(restaurantId, tx, drafts, state);
      return new Sent(written.result.then((outcomes) => new Map([...refused, ...outcomes])));
    };
    // It reads the whole menu before it writes.
    const options = { deadlineMs, plans: 'any', attempts: ATTEMPTS } as const;
    return this.#deps.unitOfWork.runTogether(restaurantId, placed, work, options);
  }

  /**
   * Refuses the orders that portions or ingredients do not suffice for, in order of arrival. Both
   * stay locked: nothing of what is left for the others can be short any more.
   */
  async #shareOut(restaurantId: string, tx: Tx, drafts: Drafts, { counted }: State, refused: Outcomes): Promise<void> {
    const { menu, inventory } = this.#deps;
    const lines = [...drafts.values()].flatMap(({ order }) => order.lines);
    const dishes = new Set(lines.map(({ menuItemId }) => menuItemId).filter((id) => counted.has(id)));
    const items = new Set(lines.flatMap(({ stockUse }) => Object.keys(stockUse)));
    const [portions, stock] = await Promise.all([
      menu.lockPortions(restaurantId, tx, [...dishes]),
      inventory.lockStock(restaurantId, tx, [...items]),
    ]);
    const supplies = new Supplies(portions, stock);
    for (const [placed, { order }] of drafts) {
      const error = supplies.take(order);
      if (!error) continue;
      refused.set(placed, { error });
      drafts.delete(placed);
    }
  }

  /** The state that the last transaction has seen, if all parts of it are in memory. */
  #known(restaurantId: string): State | undefined {
    const seen = this.#seen.get(restaurantId);
    const menu = this.#deps.menu.lastSellable(restaurantId);
    const recipes = this.#deps.inventory.lastRecipes(restaurantId);
    if (!seen || !menu || !recipes) return undefined;
    const { settings } = seen;
    const { parts, counted } = menu.value;
    return {
      settings,
      parts,
      counted,
      recipes: recipes.value,
      menuVersion: menu.version,
      recipeVersion: recipes.version,
    };
  }

  async #read(restaurantId: string, tx: Tx): Promise<State> {
    const { restaurants, menu, inventory } = this.#deps;
    const seen = await restaurants.settingsWithVersions(tx, restaurantId);
    const { parts, counted } = await menu.sellable(restaurantId, tx, seen.menuVersion);
    const recipes = await inventory.recipesAt(restaurantId, tx, seen.recipeVersion);
    tx.afterCommit(() => this.#seen.set(restaurantId, seen));
    return { ...seen, parts, counted, recipes };
  }

  async #decide(placed: readonly Placed[], state: State): Promise<{ drafts: Drafts; refused: Outcomes }> {
    const [drafts, refused]: [Drafts, Outcomes] = [new Map(), new Map()];
    for (const one of placed) {
      const { call, request, pickup } = one;
      const codeOf = (setting: Parameters<PickupClaim['of']>[0]) => pickup.of(setting, request.type);
      try {
        drafts.set(one, await this.#deps.maker.draft(call, request, state, codeOf));
      } catch (error) {
        if (!(error instanceof AppError || error instanceof NoPickupCode)) throw error;
        refused.set(one, { error });
      }
    }
    return { drafts, refused };
  }

  /**
   * Sends all writes without waiting, so that the commit follows them at once. Writes that may be
   * refused come first, the numbers last, because they lock a row that all orders share.
   */
  #write(restaurantId: string, tx: Tx, drafts: Drafts, state: State): Sent<Outcomes> {
    const { repository, unitOfWork } = this.#deps;
    const orders = [...drafts.values()].map(({ order }) => order);
    this.#take(restaurantId, tx, drafts, state);
    tx.defer(repository.newOrders.insertLines(restaurantId, tx, orders));
    this.#move(tx, drafts, state);
    const numbers = Promise.all(
      inMonths(drafts).map(([month, ofMonth]) => repository.newOrders.insertAll(restaurantId, tx, ofMonth, month)),
    );
    // Of several failures, the first one sent is told: it makes those behind it fail.
    tx.defer(numbers);
    const facts = [...drafts].map(([{ call }, { order }]) => {
      return { call, fact: fact('order.placed', order.id, summaryOf(order)) };
    });
    tx.defer(unitOfWork.recordTogether(tx, restaurantId, facts));
    return new Sent(numbers.then((known) => outcomesOf(drafts, new Map(known.flatMap((one) => [...one])))));
  }

  /** Portions of counted items. */
  #take(restaurantId: string, tx: Tx, drafts: Drafts, { counted }: State): void {
    if (counted.size === 0) return;
    const lines = [...drafts.values()].flatMap(({ order }) => order.lines);
    const portions = portionsOf(lines.filter(({ menuItemId }) => counted.has(menuItemId)));
    if (portions.size > 0) tx.defer(this.#deps.menu.takePortions(restaurantId, tx, portions));
  }

  /** Ingredients. */
  #move(tx: Tx, drafts: Drafts, { recipes }: State): void {
    const [first] = drafts;
    if (!first) return;
    const at = this.#deps.clock();
    const needs = [...drafts].map(([{ call }, { order, today }]) => {
      const { id, version } = order;
      return { id, version, call, needs: sumNeeds(usingLines(order)), businessDate: today, at };
    });
    const moved = this.#deps.inventory.moveForOrders(first[0].call, tx, needs, recipes, at);
    // A shortage of several orders together is no answer for any of them.
    tx.defer(drafts.size === 1 ? moved.catch(pointAt(first[1].order.lines)) : moved);
  }
}

function isShortage(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'item_unavailable' || error.code === 'insufficient_stock');
}

function inMonths(drafts: Drafts): [string, Draft['order'][]][] {
  const months = new Map<string, Draft['order'][]>();
  for (const { order, today } of drafts.values()) {
    const month = monthOf(today);
    const known = months.get(month);
    if (known) known.push(order);
    else months.set(month, [order]);
  }
  return [...months];
}

function outcomesOf(drafts: Drafts, numbers: ReadonlyMap<string, string>): Outcomes {
  return new Map(
    [...drafts].map(([placed, { order }]) => {
      const number = numbers.get(order.id);
      if (number === undefined) throw new Error('a stored order has no number');
      return [placed, { value: { ...order, number } }];
    }),
  );
}
