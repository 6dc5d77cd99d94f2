/** Takes and changes orders. Every check is made inside the transaction that stores the order. */
import { withoutUndefined } from '../domain/shared/sentFields.js';
import { Sent, type Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { businessDayClosed } from '../domain/report/businessDay.js';
import type { Call } from '../domain/shared/call.js';
import { monthOf } from '../domain/document/documentNumber.js';
import { AppError, assertVersion, notFound } from '../domain/shared/errors.js';
import { changesBetween, type EventType } from '../domain/shared/events.js';
import { businessDate } from '../domain/restaurant/localTime.js';
import { assertBounded } from '../domain/number/money.js';
import { needsBetween, sumNeeds, toStockUse } from '../domain/inventory/needs.js';
import { type Order, type OrderLine, portionsBetween, portionsOf } from '../domain/order/order.js';
import { nextStatus, type OrderAction } from '../domain/order/orderStatus.js';
import type { LineRequest } from '../domain/order/orderTaking.js';
import type { OrderMoney } from '../domain/order/payment.js';
import { rebilled, settleRefunds } from '../domain/order/refundedBill.js';
import { StockShortage } from '../domain/stock/stockShortage.js';
import type { OrderFilter, OrderRepository } from '../repositories/OrderRepository.js';
import type { Clock } from '../utils/clock.js';
import { newId } from '../utils/ids.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import type { AuditEntry, AuditLogService } from './AuditLogService.js';
import type { InventoryService } from './InventoryService.js';
import type { MenuService } from './MenuService.js';
import { OrderMaker } from './order/OrderMaker.js';
import type { CompRequest, LineChange, OrderChange, OrderRequest, TakenBack } from './order/orderRequests.js';
import { compOf, withComp } from './order/comps.js';
import { isBillChanged, orderHasDocument, withoutTaken } from './order/billRules.js';
import { assertOpen, assertReason, fact, openLine, orderChanges, summaryOf } from './order/orderRules.js';
import { pointAt, usingLines } from './order/orderStock.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: OrderRepository;
  menu: MenuService;
  restaurants: RestaurantService;
  inventory: InventoryService;
  auditLog: AuditLogService;
  cursors: Cursors;
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

export class OrderService {
  readonly #deps: Dependencies;
  readonly #maker: OrderMaker;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const { repository } = deps;
    this.#maker = new OrderMaker({ ...deps, isDayClosed: (id, tx, date) => repository.isDayClosed(id, tx, date) });
  }

  /**
   * Takes an order: checks it, prices it, subtracts portions, takes ingredients from stock, numbers
   * it and stores it, all or nothing.
   * @throws AppError not_found, invalid_request, item_unavailable, restaurant_closed; StockShortage
   *   naming each short line.
   */
  @Track('orders.place')
  async place(call: Call, request: OrderRequest): Promise<Order> {
    const { unitOfWork, repository, menu, inventory } = this.#deps;
    const work = async (tx: Tx) => {
      const loadMenu = (version: number) => menu.snapshot(call.restaurantId, tx, version);
      const { order, today, recipes } = await this.#maker.draft(call, tx, request, loadMenu);
      // All writes and the commit are sent together. Writes that may be refused come first, the
      // number last, because it locks a row that all orders share.
      tx.defer(menu.takePortions(call.restaurantId, tx, portionsOf(order.lines)));
      tx.defer(repository.insertLines(call.restaurantId, tx, order.id, order.lines));
      const needs = sumNeeds(usingLines(order));
      tx.defer(inventory.moveForOrder(call, tx, order, needs, recipes, today).catch(pointAt(order.lines)));
      const number = repository.insert(call.restaurantId, tx, order, monthOf(today));
      tx.defer(unitOfWork.record(tx, call, [fact('order.placed', order.id, summaryOf(order))]));
      return new Sent(number.then((known): Order => ({ ...order, number: known })));
    };
    return unitOfWork.run(call, work).catch((error: unknown) => this.#afterShortage(call, error));
  }

  /** The order that `place` would make of a request, by the same steps, without storing it. */
  @Track('orders.preview')
  preview(call: Call, request: OrderRequest): Promise<Omit<Order, 'number'>> {
    const { unitOfWork, repository, menu, inventory } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const itemIds = [...new Set(request.lines.map((line) => line.menuItemId))];
      const { order } = await this.#maker.draft(call, tx, request, () => menu.partsFor(call.restaurantId, tx, itemIds));
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

  /** Newest first. */
  @Track('orders.list')
  list(call: Call, filter: OrderFilter, page: Page): Promise<PageOf<Order>> {
    const { repository, cursors, unitOfWork } = this.#deps;
    const { status, businessDate: date, type, number, unsettled = false } = filter;
    const binding = [call.restaurantId, 'orders', status, date, type, number, ...(unsettled ? ['unsettled'] : [])];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const orders = await repository.list(call.restaurantId, tx, filter, page.limit, after);
      return cursors.slice(orders, binding, (order) => order.id);
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
    return this.#edit(call, id, async (order, tx) => {
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
    return this.#edit(call, id, async (order, tx) => {
      assertOpen(order);
      const { taking, recipes } = await this.#maker.takingFor(call, tx, order);
      const position = order.lines.reduce((last, line) => Math.max(last, line.position), 0) + 1;
      const line = this.#maker.lineOf(taking.take(request, ''), position, recipes);
      return {
        after: rebilled({ ...order, lines: [...order.lines, line] }),
        type: 'order.line_added',
        data: { lineId: line.id, name: line.name, quantity: line.quantity },
      };
    });
  }

  @Track('orders.changeLine')
  changeLine(call: Call, id: string, lineId: string, change: LineChange): Promise<Order> {
    return this.#edit(call, id, async (order, tx) => {
      const line = openLine(order, lineId);
      const { reason, modifiers, ...rest } = change;
      if (change.quantity !== undefined && change.quantity < line.quantity) assertReason(order, reason);
      const after: OrderLine = {
        ...line,
        ...withoutUndefined(rest),
        comp: rest.discounts === undefined ? line.comp : null,
      };
      if (modifiers !== undefined || after.quantity > line.quantity) {
        const { taking, recipes } = await this.#maker.takingFor(call, tx, order);
        if (after.quantity > line.quantity) taking.assertServed(line.menuItemId, '/quantity');
        if (modifiers !== undefined) {
          after.modifiers = taking.choose(line.menuItemId, modifiers, '');
          after.stockUse = toStockUse(recipes.book.needsOf(after));
        }
      }
      return {
        after: rebilled({ ...order, lines: order.lines.map((one) => (one.id === lineId ? after : one)) }),
        type: 'order.line_changed',
        data: { lineId, ...(reason === undefined ? {} : { reason }), changes: changesBetween(line, after) },
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
    return this.#edit(call, id, async (order) => {
      const line = openLine(order, lineId);
      const comp = compOf(call, request, this.#deps.clock());
      return {
        after: rebilled(withComp(order, line, { comp, quantity: request.quantity ?? line.quantity, newId })),
        type: 'order.line_comped',
        data: { lineId, name: line.name, quantity: request.quantity ?? line.quantity, ...comp },
      };
    });
  }

  /** Voids a line. It stays in the order with its reason, but no longer counts. */
  @Track('orders.voidLine')
  voidLine(call: Call, id: string, lineId: string, reason: string | undefined): Promise<Order> {
    return this.#edit(call, id, async (order) => {
      const line = openLine(order, lineId);
      assertReason(order, reason);
      const voided: OrderLine = { ...line, voidedAt: this.#deps.clock().toISOString(), voidReason: reason ?? null };
      return {
        after: rebilled({ ...order, lines: order.lines.map((one) => (one.id === lineId ? voided : one)) }),
        type: 'order.line_voided',
        data: { lineId, name: line.name, quantity: line.quantity, reason: reason ?? null },
      };
    });
  }

  /**
   * Moves an order to its next status.
   * @throws AppError invalid_state; order_has_payments when a cancelled order would keep money.
   */
  @Track('orders.act')
  act(call: Call, id: string, action: OrderAction, reason: string | undefined): Promise<Order> {
    return this.#edit(call, id, async (order, tx) => {
      const status = nextStatus(order.status, action);
      if (status === 'cancelled' && order.paidTotal > order.refundedTotal) {
        throw new AppError('order_has_payments', 'This order has payments. Refund them first, then cancel it.');
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

  /** The order as this transaction sees it. @throws AppError not_found. */
  async find(call: Call, tx: Tx, id: string, pointer?: string): Promise<Order> {
    const order = await this.#deps.repository.find(call.restaurantId, tx, id);
    if (!order) throw notFound('order', pointer);
    return order;
  }

  /** The order, locked by this transaction. @throws AppError not_found. */
  async lock(call: Call, tx: Tx, id: string): Promise<Order> {
    const order = await this.#deps.repository.lock(call.restaurantId, tx, id);
    if (!order) throw notFound('order');
    return order;
  }

  /** Keeps an order as it is until this transaction ends. */
  lockShared(call: Call, tx: Tx, id: string): Promise<void> {
    return this.#deps.repository.lockShared(call.restaurantId, tx, id);
  }

  /** Whether a business day is closed. The database checks this again at the commit. */
  isDayClosed(call: Call, tx: Tx, date: string): Promise<boolean> {
    return this.#deps.repository.isDayClosed(call.restaurantId, tx, date);
  }

  /**
   * The bill of a locked order does not change behind its invoice or receipt.
   * @throws AppError order_has_documents.
   */
  async assertNoLiveDocument(call: Call, tx: Tx, { id }: Pick<Order, 'id'>): Promise<void> {
    const [document] = await this.#deps.repository.liveDocuments(call.restaurantId, tx, id);
    if (document) throw orderHasDocument(document);
  }

  /** Whether an order has an invoice or a receipt that is not credited in full. */
  async hasLiveDocument(call: Call, tx: Tx, { id }: Pick<Order, 'id'>): Promise<boolean> {
    return (await this.#deps.repository.liveDocuments(call.restaurantId, tx, id)).length > 0;
  }

  /** Takes credited goods off an order, together with their credit note. It may be completed. */
  takeBack(call: Call, tx: Tx, id: string, taken: readonly TakenBack[], reason: string): Promise<Order> {
    return this.#editWithin(call, tx, id, async (order) => {
      if (order.status === 'cancelled') throw new AppError('invalid_state', 'This order is cancelled.');
      return {
        after: rebilled(withoutTaken(order, taken, { at: this.#deps.clock().toISOString(), reason })),
        type: 'order.line_voided',
        data: { lines: taken, reason },
        isCredited: true,
      };
    });
  }

  /** Stores new money totals of an order that this transaction has locked, as its next version. */
  async saveMoney(call: Call, tx: Tx, before: Order, money: OrderMoney): Promise<Order> {
    const after = this.#nextVersion({ ...before, ...money });
    await this.#deps.repository.save(call.restaurantId, tx, after);
    return after;
  }

  /**
   * Locks an order, calls `decide` for its new state, moves portions and stock, stores and records
   * it.
   */
  #edit(call: Call, id: string, decide: (order: Order, tx: Tx) => Promise<Decision>): Promise<Order> {
    return this.#deps.unitOfWork.run(call, (tx) =>
      this.#editWithin(call, tx, id, (order) => {
        assertVersion(call.ifMatch, order.version);
        return decide(order, tx);
      }),
    );
  }

  async #editWithin(call: Call, tx: Tx, id: string, decide: (order: Order) => Promise<Decision>): Promise<Order> {
    const { unitOfWork, menu, repository } = this.#deps;
    const before = await this.lock(call, tx, id);
    const decision = await decide(before);
    const after = this.#nextVersion(decision.after);
    assertBounded('An order', after, before);
    if (!decision.isCredited && isBillChanged(before, after)) await this.assertNoLiveDocument(call, tx, before);
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

  /** A dish that was refused because an ingredient is short must leave the menu. */
  async #afterShortage(call: Call, error: unknown): Promise<never> {
    if (error instanceof StockShortage) await this.#deps.inventory.noteShortage(call, error);
    throw error;
  }

  #nextVersion(order: Order): Order {
    return { ...order, version: order.version + 1, updatedAt: this.#deps.clock().toISOString() };
  }
}
