/** Changes of stored orders: locked, decided, moved, stored and recorded in one transaction. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../../domain/shared/errors.js';
import type { EventType } from '../../domain/shared/events.js';
import { needsBetween } from '../../domain/inventory/needs.js';
import { assertBounded } from '../../domain/number/money.js';
import { type Order, portionsBetween } from '../../domain/order/order.js';
import type { OrderMoney } from '../../domain/order/payment.js';
import { assertNotBelowZero } from '../../domain/order/returnedDeposits.js';
import { assertVoucherLines } from '../../domain/order/voucherSales.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import type { OrderRepository } from '../../repositories/OrderRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { SoldVouchers } from '../codePool/SoldVouchers.js';
import type { InventoryService } from '../InventoryService.js';
import type { MenuService } from '../MenuService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { isBillChanged, orderHasDocument } from './billRules.js';
import { assertLineCount, fact, orderChanges, summaryOf } from './orderRules.js';
import { usingLines } from './orderStock.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: OrderRepository;
  menu: MenuService;
  restaurants: RestaurantService;
  inventory: InventoryService;
  soldVouchers: SoldVouchers;
  clock: Clock;
}

/** The new state of an order, and how it is recorded. */
interface Decision {
  after: Order;
  type: EventType;
  data?: Record<string, unknown>;
  /** A credit note takes the goods off the papers too. */
  isCredited?: boolean;
}

export class OrderEdits {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** The order, locked by this transaction. @throws AppError not_found. */
  async lock(call: Call, tx: Tx, id: string): Promise<Order> {
    const order = await this.#deps.repository.lock(call.restaurantId, tx, id);
    if (!order) throw notFound('order');
    return order;
  }

  /**
   * Locks an order, calls `decide` for its new state, moves portions and stock, stores and records
   * it. A dry run does all of that and is then rolled back: the answer is the order as it would be,
   * under its present version.
   * @throws AppError order_has_documents when the bill would change behind an invoice or a receipt;
   *   also the errors of `decide`.
   */
  async run(call: Call, id: string, decide: (order: Order, tx: Tx) => Promise<Decision>): Promise<Order> {
    const { unitOfWork } = this.#deps;
    const work = (tx: Tx) =>
      this.within(call, tx, id, (order) => {
        assertVersion(call.ifMatch, order.version);
        return decide(order, tx);
      });
    if (!call.isDryRun) return unitOfWork.run(call, work);
    const order = await unitOfWork.rehearse(call, work);
    return { ...order, version: order.version - 1 };
  }

  /** As `run`, inside an open transaction. */
  async within(call: Call, tx: Tx, id: string, decide: (order: Order) => Promise<Decision>): Promise<Order> {
    const { unitOfWork, menu, repository, soldVouchers } = this.#deps;
    const before = await this.lock(call, tx, id);
    const decision = await decide(before);
    const after = this.#nextVersion(decision.after);
    assertLineCount(after.lines, before.lines.length);
    assertBounded('An order', after, before);
    const isChanged = isBillChanged(before, after);
    if (isChanged) assertNotBelowZero(after);
    assertVoucherLines(after);
    if (isChanged && !decision.isCredited) await this.#assertNoLiveDocument(call, tx, id);
    if (after.taxExemption && !before.taxExemption) await this.#assertNoTaxedVoucher(call, tx, id);
    await soldVouchers.follow(call, tx, before, after);
    const counted = (order: Order) => (order.status === 'cancelled' ? [] : order.lines);
    await menu.takePortions(call.restaurantId, tx, portionsBetween(counted(before), counted(after)));
    await this.#moveStock(call, tx, before, after);
    await repository.save(call.restaurantId, tx, after);
    await unitOfWork.record(tx, call, [
      fact(
        decision.type,
        id,
        { ...summaryOf(after), number: after.number, ...decision.data },
        orderChanges(before, after),
      ),
    ]);
    return after;
  }

  /** Stores new money totals of an order that this transaction has locked, as its next version. */
  async saveMoney(call: Call, tx: Tx, before: Order, money: OrderMoney): Promise<Order> {
    const after = this.#nextVersion({ ...before, ...money });
    await this.#deps.soldVouchers.follow(call, tx, before, after);
    await this.#deps.repository.save(call.restaurantId, tx, after);
    return after;
  }

  async #assertNoLiveDocument(call: Call, tx: Tx, id: string): Promise<void> {
    const [document] = await this.#deps.repository.liveDocuments(call.restaurantId, tx, id);
    if (document) throw orderHasDocument(document);
  }

  /** The tax of such a voucher was due when it was sold, and no exemption takes it back. */
  async #assertNoTaxedVoucher(call: Call, tx: Tx, id: string): Promise<void> {
    if (await this.#deps.repository.isPaidByTaxedVoucher(call.restaurantId, tx, id))
      throw new AppError(
        'invalid_state',
        'A single-purpose voucher, which was taxed when it was sold, has paid a part of this order. Refund that payment first, then exempt the customer.',
      );
  }

  /** Takes additional needs of the order from stock, and gives back what it no longer needs. */
  async #moveStock(call: Call, tx: Tx, before: Order, after: Order): Promise<void> {
    const needs = needsBetween(usingLines(before), usingLines(after));
    if (needs.size === 0) return;
    const { restaurants, inventory, clock } = this.#deps;
    const { settings, recipeVersion } = await restaurants.settingsWithVersions(tx, call.restaurantId);
    const recipes = await inventory.recipesAt(call.restaurantId, tx, recipeVersion);
    const date = businessDate(clock(), settings.timezone, settings.businessDayCutoffHour);
    await inventory.moveForOrder(call, tx, after, needs, recipes, date);
  }

  #nextVersion(order: Order): Order {
    return { ...order, version: order.version + 1, updatedAt: this.#deps.clock().toISOString() };
  }
}
