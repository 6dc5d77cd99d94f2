/**
 * Takes ingredients from stock for past orders: those that were imported, or sold before their
 * recipes existed.
 */
import { LONG_DEADLINE_MS, type Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { DepletionTally, type DishWithoutRecipe, takingOf, type UntakenLine } from '../../domain/stock/depletion.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import { formatQuantity, parseQuantity } from '../../domain/number/quantity.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';
import type { InventoryRepository, ItemStock } from '../../repositories/InventoryRepository.js';
import type { SoldOrder, SoldPosition } from '../../repositories/inventory/UntakenSales.js';
import type { Clock } from '../../utils/clock.js';
import type { InventoryService } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Recipes } from './RecipeBooks.js';

/**
 * With sixty ingredients each, 12,000 movements: they take one second of the thirty that a
 * transaction has.
 */
const BATCH_ORDERS = 200;

export interface DepletionRequest {
  /** Business dates, both included. */
  from: string;
  to: string;
  /** Reports what would be taken, and takes nothing. */
  dryRun: boolean;
  /** Called after each batch. @param orders number of orders processed so far. */
  onProgress?: ((orders: number) => void) | undefined;
}

/** Quantities are decimal text in the item's stock unit. */
export interface Depletion {
  from: string;
  to: string;
  dryRun: boolean;
  ordersDepleted: number;
  /** Orders that are cancelled, were depleted before, or have no line that takes anything. */
  ordersSkipped: number;
  withoutRecipe: DishWithoutRecipe[];
  consumption: { inventoryItemId: string; name: string; unit: string; quantity: string }[];
  /** Only for a dry run: items that would fall below zero though they must not. */
  short: { inventoryItemId: string; name: string; unit: string; wanted: string; left: string }[];
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: InventoryRepository;
  inventory: InventoryService;
  clock: Clock;
}

export class Depletions {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Processes the orders of the days in batches, each in its own transaction. The stock that a
   * batch took stays taken: a second run continues from there, and does nothing when no order is
   * left. A dry run keeps no Idempotency-Key.
   * @throws AppError invalid_request; insufficient_stock with the items, the quantities needed and
   * the progress so far.
   */
  async run(call: Call, request: DepletionRequest): Promise<Depletion> {
    if (request.to < request.from) throw invalid('/to', 'The last day is before the first. Send a later last day.');
    const { unitOfWork } = this.#deps;
    const answered = request.dryRun ? undefined : await unitOfWork.storedAnswer<Depletion>(call);
    if (answered) return answered;
    const tally = new DepletionTally();
    for (let after: SoldPosition | undefined; ; ) {
      const last = await this.#next(call, request, tally, after).catch(tellHowFar(tally, after));
      if (!last) break;
      after = last;
      request.onProgress?.(tally.orders);
    }
    const finish = (tx: Tx) => this.#finish(call, tx, request, tally);
    return request.dryRun ? unitOfWork.rehearse(call, finish) : unitOfWork.run(call, finish);
  }

  /** @returns the last order of the batch; undefined when no order was left. */
  async #next(
    call: Call,
    request: DepletionRequest,
    tally: DepletionTally,
    after: SoldPosition | undefined,
  ): Promise<SoldPosition | undefined> {
    const { unitOfWork } = this.#deps;
    // The tally counts after the commit, so that a transaction that is run again counts only once.
    const batch = request.dryRun
      ? await unitOfWork.read(call, (tx) => this.#look(call, tx, request, after))
      : await unitOfWork.step(call, (tx) => this.#take(call, tx, request, after), {
          deadlineMs: LONG_DEADLINE_MS,
        });
    for (const { lines, taking } of batch.sales) tally.add(lines, taking, batch.recipes.book);
    return batch.sales.at(-1)?.order;
  }

  async #look(call: Call, tx: Tx, request: DepletionRequest, after: SoldPosition | undefined) {
    const { untaken } = this.#deps.repository;
    const orders = await untaken.list(call.restaurantId, tx, { ...request, after, limit: BATCH_ORDERS });
    return this.#salesOf(call, tx, orders);
  }

  async #take(call: Call, tx: Tx, request: DepletionRequest, after: SoldPosition | undefined) {
    const { repository, inventory, clock } = this.#deps;
    const { restaurantId } = call;
    const orders = await repository.untaken.lock(restaurantId, tx, { ...request, after, limit: BATCH_ORDERS });
    const batch = await this.#salesOf(call, tx, orders);
    const taking = batch.sales.filter(({ taking: { needs } }) => needs.size > 0);
    if (taking.length === 0) return batch;
    const moves = taking.map(({ order: { id, version, businessDate, createdAt }, taking: { needs } }) => {
      return { id, version: version + 1, needs, businessDate, at: new Date(createdAt) };
    });
    const uses = taking.flatMap((sale) => sale.taking.uses);
    await repository.untaken.save(
      restaurantId,
      tx,
      moves.map(({ id }) => id),
      uses,
      clock(),
    );
    await inventory.moveForOrders(call, tx, moves, batch.recipes);
    return batch;
  }

  async #salesOf({ restaurantId }: Call, tx: Tx, orders: readonly SoldOrder[]) {
    const { repository, inventory } = this.#deps;
    const recipes: Recipes = await inventory.currentRecipes(restaurantId, tx);
    const ids = orders.filter(({ isCancelled }) => !isCancelled).map(({ id }) => id);
    const linesByOrder = new Map(orders.map(({ id }): [string, UntakenLine[]] => [id, []]));
    for (const line of await repository.untaken.lines(restaurantId, tx, ids))
      linesByOrder.get(line.orderId)?.push(line);
    const sales = orders.map((order) => {
      const lines = linesByOrder.get(order.id) ?? [];
      return { order, lines, taking: takingOf(lines, recipes.book) };
    });
    return { sales, recipes };
  }

  async #finish(call: Call, tx: Tx, { from, to, dryRun }: DepletionRequest, tally: DepletionTally): Promise<Depletion> {
    const { repository, unitOfWork } = this.#deps;
    const stock = await repository.findStock(call.restaurantId, tx, [...tally.consumption.keys()]);
    stock.sort((a, b) => (a.name < b.name ? -1 : 1));
    const wanted = ({ id }: ItemStock) => tally.consumption.get(id) ?? 0n;
    const consumption = stock.map((item) => {
      const { id: inventoryItemId, name, unit } = item;
      return { inventoryItemId, name, unit, quantity: formatQuantity(wanted(item)) };
    });
    const short = stock
      .filter((item) => dryRun && isShort(item, wanted(item)))
      .map((item) => {
        const { id: inventoryItemId, name, unit, quantity: left } = item;
        return { inventoryItemId, name, unit, wanted: formatQuantity(wanted(item)), left };
      });
    const { orders, ordersDepleted, withoutRecipe } = tally;
    const ordersSkipped = orders - ordersDepleted;
    const depletion = { from, to, dryRun, ordersDepleted, ordersSkipped, withoutRecipe, consumption, short };
    if (!dryRun && ordersDepleted > 0) {
      const data = { from, to, ordersDepleted, consumption };
      await unitOfWork.record(tx, call, [
        { type: 'stock.depleted', subject: 'restaurant', subjectId: call.restaurantId, data },
      ]);
    }
    return depletion;
  }
}

function isShort({ policy, quantity }: ItemStock, wanted: bigint): boolean {
  return policy !== 'allow_negative' && (parseQuantity(quantity) ?? 0n) < wanted;
}

/** Adds the result of the earlier batches to the refusal of a batch. */
function tellHowFar(tally: DepletionTally, after: SoldPosition | undefined): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StockShortage)) throw error;
    const done =
      after === undefined
        ? 'Nothing was taken.'
        : `The ${tally.ordersDepleted} orders before them, up to ${after.businessDate}, have already taken their stock.`;
    const message = `${error.message} The next ${BATCH_ORDERS} orders need this. ${done} Receive or count the missing stock, or allow it to go below zero. Then run this again: it continues from there.`;
    throw new AppError('insufficient_stock', message, { cause: error });
  };
}
