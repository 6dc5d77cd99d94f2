/** Takes and changes orders. Every check is made inside the transaction that stores the order. */
import { withoutUndefined } from '../domain/shared/sentFields.js';
import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { businessDayClosed } from '../domain/report/businessDay.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, notFound } from '../domain/shared/errors.js';
import { changesBetween } from '../domain/shared/events.js';
import { sumNeeds } from '../domain/inventory/needs.js';
import type { Order } from '../domain/order/order.js';
import { shownUnits, unitsIn } from '../domain/order/measure.js';
import { unitsOf } from '../domain/order/lineRefunds.js';
import { nextStatus, type OrderAction } from '../domain/order/orderStatus.js';
import { assertRemovable, withoutLine } from '../domain/order/attachedLines.js';
import type { LineRequest } from '../domain/order/takenLine.js';
import type { OrderMoney } from '../domain/order/payment.js';
import { rebilled, settleRefunds } from '../domain/order/refundedBill.js';
import { StockShortage } from '../domain/stock/stockShortage.js';
import type { OrderFilter } from '../domain/order/orderFilter.js';
import type { OrderRepository } from '../repositories/OrderRepository.js';
import type { Clock } from '../utils/clock.js';
import { newId } from '../utils/ids.js';
import { bindingOf, type Cursors, type Page, type PageOf } from '../utils/cursor.js';
import type { AuditEntry, AuditLogService } from './AuditLogService.js';
import { NoPickupCode, type PickupCodes } from './codePool/PickupCodes.js';
import type { SoldVouchers } from './codePool/SoldVouchers.js';
import type { InventoryService } from './InventoryService.js';
import type { MenuService } from './MenuService.js';
import { LineChanges } from './order/LineChanges.js';
import { OrderEdits } from './order/OrderEdits.js';
import { OrderMaker } from './order/OrderMaker.js';
import { OrderPapers } from './order/OrderPapers.js';
import type { CompRequest, LineChange, OrderChange, OrderRequest } from './order/orderRequests.js';
import { compOf, freeOf, withComp } from './order/comps.js';
import { assertOpen, assertReason, openLine } from './order/orderRules.js';
import { pointAt, usingLines } from './order/orderStock.js';
import { Placing } from './order/Placing.js';
import { PlacingQueue } from './order/PlacingQueue.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: OrderRepository;
  menu: MenuService;
  restaurants: RestaurantService;
  inventory: InventoryService;
  auditLog: AuditLogService;
  pickupCodes: PickupCodes;
  soldVouchers: SoldVouchers;
  cursors: Cursors;
  clock: Clock;
}

export class OrderService {
  /** Orders with invoices and receipts. */
  readonly papers: OrderPapers;
  readonly #deps: Dependencies;
  readonly #edits: OrderEdits;
  readonly #maker: OrderMaker;
  readonly #lines: LineChanges;
  readonly #queue: PlacingQueue;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#edits = new OrderEdits(deps);
    const { repository, clock } = deps;
    this.papers = new OrderPapers({ repository, clock, edits: this.#edits });
    this.#maker = new OrderMaker({ ...deps, isDayClosed: (id, tx, date) => repository.isDayClosed(id, tx, date) });
    this.#lines = new LineChanges(this.#maker, clock);
    this.#queue = new PlacingQueue(new Placing({ ...deps, maker: this.#maker }));
  }

  /**
   * Takes an order: checks it, prices it, subtracts portions, takes ingredients from stock, numbers
   * it and stores it, all or nothing.
   * @throws AppError not_found, invalid_request, item_unavailable, restaurant_closed; StockShortage
   *   naming each short line.
   */
  @Track('orders.place')
  async place(call: Call, request: OrderRequest): Promise<Order> {
    const pickup = this.#deps.pickupCodes.forOrder(call.restaurantId);
    return this.#queue
      .place({ call, request, pickup })
      .catch(async (error: unknown) => {
        if (!(error instanceof NoPickupCode)) throw error;
        await pickup.wait(error);
        return this.#queue.place({ call, request, pickup });
      })
      .catch((error: unknown) => this.#afterShortage(call, error));
  }

  /** The order that `place` would make of a request, by the same steps, without storing it. */
  @Track('orders.preview')
  preview(call: Call, request: OrderRequest): Promise<Omit<Order, 'number'>> {
    const { unitOfWork, repository, menu, inventory, restaurants } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const itemIds = [...new Set(request.lines.map((line) => line.menuItemId))];
      const { settings, recipeVersion } = await restaurants.settingsWithVersions(tx, call.restaurantId);
      const parts = await menu.partsFor(call.restaurantId, tx, itemIds);
      const recipes = await inventory.recipesAt(call.restaurantId, tx, recipeVersion);
      const { order } = await this.#maker.draft(call, request, { settings, parts, recipes }, () => null);
      const [isClosed] = await Promise.all([
        repository.isDayClosed(call.restaurantId, tx, order.businessDate),
        inventory.assertEnough(call, tx, sumNeeds(usingLines(order))).catch(pointAt(order.lines)),
      ]);
      if (isClosed) throw businessDayClosed(order.businessDate);
      return order;
    });
  }

  @Track('orders.get')
  get(call: Call, id: string): Promise<Order> {
    return this.#deps.unitOfWork.read(call, (tx) => this.find(call, tx, id));
  }

  /** @param lines whether the orders come with their lines. */
  @Track('orders.list')
  list(call: Call, filter: OrderFilter, page: Page, lines = true): Promise<PageOf<Order>> {
    const { repository, cursors, unitOfWork } = this.#deps;
    const binding = bindingOf(call.restaurantId, 'orders', filter);
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const slice = await repository.list(call.restaurantId, tx, filter, { limit: page.limit, after, lines });
      return cursors.walked(slice, binding);
    });
  }

  /** The audit entries of an order, oldest first. */
  @Track('orders.history')
  history(call: Call, id: string, page: Page): Promise<PageOf<AuditEntry>> {
    return this.#deps.unitOfWork.read(call, async (tx) => {
      await this.find(call, tx, id);
      return this.#deps.auditLog.ofSubject(call.restaurantId, tx, id, page);
    });
  }

  /**
   * Changes fields of the order as a whole. A new scheduled time changes its business day, but not
   * its number.
   */
  @Track('orders.change')
  change(call: Call, id: string, change: OrderChange): Promise<Order> {
    return this.#edits.run(call, id, async (order, tx) => {
      assertOpen(order);
      const { tip, type, ...details } = change;
      const { scheduledFor } = change;
      const day =
        scheduledFor === undefined ? order.businessDate : await this.#maker.move(call, tx, order, scheduledFor);
      const orderTip = tip ?? order.orderTip;
      const sent = withoutUndefined(details);
      const typed =
        type === undefined || type === order.type ? order : await this.#maker.retyped(call, tx, order, type);
      const after = rebilled({
        ...typed,
        ...sent,
        businessDate: day,
        orderTip,
        tipTotal: order.tipTotal - order.orderTip + orderTip,
      });
      return { after, type: 'order.changed' };
    });
  }

  @Track('orders.addLine')
  addLine(call: Call, id: string, request: LineRequest): Promise<Order> {
    return this.#edits.run(call, id, async (order, tx) => {
      assertOpen(order);
      const { taking, recipes } = await this.#maker.takingFor(call, tx, order);
      const position = order.lines.reduce((last, line) => Math.max(last, line.position), 0) + 1;
      const taken = taking.take(request, '');
      const free = freeOf(call, request, '', this.#deps.clock());
      const lines = this.#maker.linesOf(taken, position, recipes, free);
      return {
        after: rebilled({ ...order, lines: [...order.lines, ...lines] }),
        type: 'order.line_added',
        data: { lineId: lines[0]?.id, name: taken.name, quantity: shownUnits(taken, unitsIn(taken)) },
      };
    });
  }

  @Track('orders.changeLine')
  changeLine(call: Call, id: string, lineId: string, change: LineChange): Promise<Order> {
    return this.#edits.run(call, id, async (order, tx) => {
      const line = openLine(order, lineId);
      const { after, changed } = await this.#lines.changed(call, tx, order, line, change);
      return {
        after: rebilled(after),
        type: 'order.line_changed',
        data: {
          lineId,
          ...(change.reason === undefined ? {} : { reason: change.reason }),
          changes: changesBetween(line, changed),
        },
      };
    });
  }

  /**
   * Gives a line, or some units of it, for nothing. It keeps its price and its taxes come to
   * nothing. Units of a larger line become a line of their own.
   * @throws AppError not_found; invalid_state; invalid_request.
   */
  @Track('orders.compLine')
  compLine(call: Call, id: string, lineId: string, request: CompRequest): Promise<Order> {
    return this.#edits.run(call, id, async (order) => {
      const line = openLine(order, lineId);
      const comp = compOf(call, request, this.#deps.clock());
      const units = request.quantity === undefined ? unitsIn(line) : unitsOf(line, request.quantity, '/quantity');
      return {
        after: rebilled(withComp(order, line, { comp, units, newId })),
        type: 'order.line_comped',
        data: { lineId, name: line.name, quantity: shownUnits(line, units), ...comp },
      };
    });
  }

  /** Voids a line. It stays in the order with its reason, but no longer counts. */
  @Track('orders.voidLine')
  voidLine(call: Call, id: string, lineId: string, reason: string | undefined): Promise<Order> {
    return this.#edits.run(call, id, async (order) => {
      const line = openLine(order, lineId);
      assertRemovable(order, line);
      assertReason(order, reason);
      const voided = { at: this.#deps.clock().toISOString(), reason: reason ?? null };
      return {
        after: rebilled(withoutLine(order, line, voided)),
        type: 'order.line_voided',
        data: { lineId, name: line.name, quantity: shownUnits(line, unitsIn(line)), reason: reason ?? null },
      };
    });
  }

  /**
   * Moves an order to its next status.
   * @throws AppError invalid_state; order_has_payments when a cancelled order would keep money.
   */
  @Track('orders.act')
  act(call: Call, id: string, action: OrderAction, reason: string | undefined): Promise<Order> {
    return this.#edits.run(call, id, async (order, tx) => {
      const status = nextStatus(order.status, action);
      if (status === 'cancelled' && order.paidTotal > order.refundedTotal) {
        throw new AppError(
          'order_has_payments',
          'This order has payments. Refund them first, then cancel it. To keep a deposit: POST /v1/orders/{id}/keep-deposit.',
        );
      }
      const now = this.#deps.clock().toISOString();
      const after: Order = {
        ...order,
        status,
        businessDate: await this.#maker.dayAfter(call, tx, order, action),
        completedAt: status === 'completed' ? now : null,
        cancelReason: status === 'cancelled' ? (reason ?? null) : null,
      };
      return {
        // A cancelled order has no bill left. Any other action leaves the bill unchanged.
        after: status === 'cancelled' ? settleRefunds(after) : after,
        type: 'order.status_changed',
        data: { from: order.status, to: status, ...(reason === undefined ? {} : { reason }) },
      };
    });
  }

  /**
   * Cancels an order that keeps its deposits, which become a sale.
   * @param kept amount of the deposits, minor units.
   * @throws AppError invalid_state, order_has_documents, business_day_closed.
   */
  cancelKeeping(call: Call, tx: Tx, id: string, kept: { reason: string; amount: number }): Promise<Order> {
    return this.#edits.within(call, tx, id, async (order) => {
      const status = nextStatus(order.status, 'cancel');
      const { reason, amount } = kept;
      const cancelled = settleRefunds({ ...order, status, completedAt: null, cancelReason: reason });
      return {
        after: { ...cancelled, refundedSaleTotal: 0 - amount },
        type: 'order.status_changed',
        data: { from: order.status, to: status, reason },
      };
    });
  }

  /** The order as this transaction sees it. @throws AppError not_found. */
  async find(call: Call, tx: Tx, id: string, pointer?: string): Promise<Order> {
    const order = await this.#deps.repository.find(call.restaurantId, tx, id);
    if (!order) throw notFound('order', pointer);
    return order;
  }

  /** The order, locked by this transaction. @throws AppError not_found. */
  lock(call: Call, tx: Tx, id: string): Promise<Order> {
    return this.#edits.lock(call, tx, id);
  }

  /** Stores new money totals of an order that this transaction has locked, as its next version. */
  saveMoney(call: Call, tx: Tx, before: Order, money: OrderMoney): Promise<Order> {
    return this.#edits.saveMoney(call, tx, before, money);
  }

  /** A dish that was refused because an ingredient is short must leave the menu. */
  async #afterShortage(call: Call, error: unknown): Promise<never> {
    if (error instanceof StockShortage) await this.#deps.inventory.noteShortage(call, error);
    throw error;
  }
}
