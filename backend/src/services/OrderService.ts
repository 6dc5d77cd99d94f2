/** Taking orders and changing them. Every check is made at acceptance, inside the transaction that stores the order. */
import { Sent, type Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/call.js';
import { AppError, assertVersion, notFound } from '../domain/errors.js';
import { changesBetween, type EventType } from '../domain/events.js';
import { businessDate } from '../domain/localTime.js';
import type { MenuParts, OrderType } from '../domain/menu.js';
import {
  activeLines,
  type Order,
  type OrderDetails,
  type OrderLine,
  portionsBetween,
  portionsOf,
  repriced,
} from '../domain/order.js';
import { nextStatus, type OrderAction } from '../domain/orderStatus.js';
import { type LineRequest, type ModifierChoice, type OrderTaking, type TakenLine } from '../domain/orderTaking.js';
import type { OrderFilter, OrderRepository } from '../repositories/OrderRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import type { AuditEntry, AuditLogService } from './AuditLogService.js';
import type { MenuService } from './MenuService.js';
import {
  assertOpen,
  assertReason,
  fact,
  hasPassed,
  openLine,
  orderChanges,
  serviceChargeOf,
  summaryOf,
  takingAt,
} from './order/orderRules.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

export type OrderRequest = { [K in keyof OrderDetails]?: OrderDetails[K] | undefined } & {
  type: OrderType;
  lines: LineRequest[];
  tip?: number | undefined;
};

export type OrderChange = { [K in keyof OrderDetails]?: OrderDetails[K] | undefined } & { tip?: number | undefined };

export interface LineChange {
  quantity?: number | undefined;
  modifiers?: ModifierChoice[] | undefined;
  notes?: string | null | undefined;
  course?: number | null | undefined;
  seat?: number | null | undefined;
  /** Demanded when the kitchen knows the line and gets less of it. */
  reason?: string | undefined;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: OrderRepository;
  menu: MenuService;
  restaurants: RestaurantService;
  auditLog: AuditLogService;
  cursors: Cursors;
  clock: Clock;
}

export class OrderService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Takes an order: checks it, prices it, counts portions down, numbers and stores it, all or nothing.
   * @throws AppError not_found, invalid_request, item_unavailable, restaurant_closed.
   */
  @Track('orders.place')
  place(call: Call, request: OrderRequest): Promise<Order> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const loadMenu = (version: number) => this.#deps.menu.snapshot(call.restaurantId, tx, version);
      const draft = await this.#draft(call, tx, request, loadMenu);
      // Sent in one go, commit included: portions first, because they may refuse; the number last, because it locks.
      tx.defer(this.#deps.menu.takePortions(call.restaurantId, tx, portionsOf(draft.lines)));
      const number = this.#deps.repository.insert(call.restaurantId, tx, draft);
      tx.defer(this.#deps.unitOfWork.record(tx, call, [fact('order.placed', draft.id, summaryOf(draft))]));
      return new Sent(number.then((known): Order => ({ ...draft, number: known })));
    });
  }

  /** What `place` would make of a request, by the same steps, with nothing stored. */
  @Track('orders.preview')
  preview(call: Call, request: OrderRequest): Promise<Omit<Order, 'number'>> {
    return this.#deps.unitOfWork.read(call, (tx) => {
      const itemIds = [...new Set(request.lines.map((line) => line.menuItemId))];
      return this.#draft(call, tx, request, () => this.#deps.menu.partsFor(call.restaurantId, tx, itemIds));
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
    const binding = [call.restaurantId, 'orders', filter.status, filter.businessDate, filter.type, filter.number];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const orders = await repository.list(call.restaurantId, tx, filter, page.limit, after);
      return cursors.page(orders, page.limit, binding, (order) => order.id);
    });
  }

  /** Who did what to an order, oldest first. */
  history(call: Call, id: string): Promise<AuditEntry[]> {
    return this.#deps.unitOfWork.read(call, async (tx) => {
      await this.find(call, tx, id);
      return this.#deps.auditLog.ofSubject(call.restaurantId, tx, id);
    });
  }

  /** Changes what concerns the order as a whole. */
  @Track('orders.change')
  change(call: Call, id: string, change: OrderChange): Promise<Order> {
    return this.#edit(call, id, async (order, tx) => {
      assertOpen(order);
      if (change.scheduledFor) {
        if (new Date(change.scheduledFor) < this.#deps.clock()) throw hasPassed();
        const taking = await this.#takingFor(call, tx, { ...order, scheduledFor: change.scheduledFor });
        activeLines(order.lines).forEach((line) => taking.assertServed(line.menuItemId, '/scheduledFor'));
      }
      const { tip, ...details } = change;
      const orderTip = tip ?? order.orderTip;
      const sent = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
      const after = repriced({ ...order, ...sent, orderTip, tipTotal: order.tipTotal - order.orderTip + orderTip });
      return { after, type: 'order.changed' };
    });
  }

  @Track('orders.addLine')
  addLine(call: Call, id: string, request: LineRequest): Promise<Order> {
    return this.#edit(call, id, async (order, tx) => {
      assertOpen(order);
      const taking = await this.#takingFor(call, tx, order);
      const position = order.lines.reduce((last, line) => Math.max(last, line.position), 0) + 1;
      const line = this.#lineOf(taking.take(request, ''), position);
      return {
        after: repriced({ ...order, lines: [...order.lines, line] }),
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
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
      };
      if (modifiers !== undefined || after.quantity > line.quantity) {
        const taking = await this.#takingFor(call, tx, order);
        if (after.quantity > line.quantity) taking.assertServed(line.menuItemId, '/quantity');
        if (modifiers !== undefined) after.modifiers = taking.choose(line.menuItemId, modifiers, '');
      }
      return {
        after: repriced({ ...order, lines: order.lines.map((one) => (one.id === lineId ? after : one)) }),
        type: 'order.line_changed',
        data: { lineId, ...(reason === undefined ? {} : { reason }), changes: changesBetween(line, after) },
      };
    });
  }

  /** Takes a line back. It stays in the order with its reason and counts for nothing. */
  @Track('orders.voidLine')
  voidLine(call: Call, id: string, lineId: string, reason: string | undefined): Promise<Order> {
    return this.#edit(call, id, async (order) => {
      const line = openLine(order, lineId);
      assertReason(order, reason);
      const voided: OrderLine = { ...line, voidedAt: this.#deps.clock().toISOString(), voidReason: reason ?? null };
      return {
        after: repriced({ ...order, lines: order.lines.map((one) => (one.id === lineId ? voided : one)) }),
        type: 'order.line_voided',
        data: { lineId, name: line.name, quantity: line.quantity, reason: reason ?? null },
      };
    });
  }

  /**
   * Moves an order along its life.
   * @throws AppError invalid_state; order_has_payments when money would be left on a cancelled order.
   */
  @Track('orders.act')
  act(call: Call, id: string, action: OrderAction, reason: string | undefined): Promise<Order> {
    return this.#edit(call, id, async (order) => {
      const status = nextStatus(order.status, action);
      if (status === 'cancelled' && order.paidTotal > order.refundedTotal) {
        throw new AppError(
          'order_has_payments',
          'Money was taken for this order. Refund its payments first, then cancel it.',
        );
      }
      const now = this.#deps.clock().toISOString();
      const after: Order = {
        ...order,
        status,
        completedAt: status === 'completed' ? now : null,
        cancelReason: status === 'cancelled' ? (reason ?? null) : null,
      };
      return {
        after,
        type: 'order.status_changed',
        data: { from: order.status, to: status, ...(reason === undefined ? {} : { reason }) },
      };
    });
  }

  /** The order as this transaction sees it. @throws AppError not_found. */
  async find(call: Call, tx: Tx, id: string): Promise<Order> {
    const order = await this.#deps.repository.find(call.restaurantId, tx, id);
    if (!order) throw notFound('order');
    return order;
  }

  /** The order, kept for this transaction. @throws AppError not_found. */
  async lock(call: Call, tx: Tx, id: string): Promise<Order> {
    const order = await this.#deps.repository.lock(call.restaurantId, tx, id);
    if (!order) throw notFound('order');
    return order;
  }

  /** Stores new sums of money on an order that this transaction has locked, as the next version. */
  async saveMoney(
    call: Call,
    tx: Tx,
    before: Order,
    money: Partial<Pick<Order, 'tipTotal' | 'total' | 'paidTotal' | 'refundedTotal' | 'refundedSaleTotal'>>,
  ): Promise<Order> {
    const after = this.#nextVersion({ ...before, ...money });
    await this.#deps.repository.save(call.restaurantId, tx, after);
    return after;
  }

  /** Locks an order, lets `decide` say what becomes of it, moves portions, stores and records it. */
  #edit(
    call: Call,
    id: string,
    decide: (order: Order, tx: Tx) => Promise<{ after: Order; type: EventType; data?: Record<string, unknown> }>,
  ): Promise<Order> {
    const { unitOfWork, menu, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const before = await this.lock(call, tx, id);
      assertVersion(call.ifMatch, before.version);
      const decision = await decide(before, tx);
      const after = this.#nextVersion(decision.after);
      const countedBefore = before.status === 'cancelled' ? [] : before.lines;
      const countedAfter = after.status === 'cancelled' ? [] : after.lines;
      await menu.takePortions(call.restaurantId, tx, portionsBetween(countedBefore, countedAfter));
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
    });
  }

  #nextVersion(order: Order): Order {
    return { ...order, version: order.version + 1, updatedAt: this.#deps.clock().toISOString() };
  }

  /** Everything about a new order but its number. @param loadMenu by the version that the transaction has read. */
  async #draft(
    call: Call,
    tx: Tx,
    request: OrderRequest,
    loadMenu: (menuVersion: number) => Promise<MenuParts>,
  ): Promise<Omit<Order, 'number'>> {
    const now = this.#deps.clock();
    const { settings, menuVersion } = await this.#deps.restaurants.settingsWithMenuVersion(tx, call.restaurantId);
    const instant = request.scheduledFor ? new Date(request.scheduledFor) : now;
    if (instant < now) throw hasPassed();
    const taking = takingAt(settings, await loadMenu(menuVersion), request.type, instant);
    const lines = request.lines.map((line, index) => this.#lineOf(taking.take(line, `/lines/${index}`), index + 1));
    const tip = request.tip ?? 0;
    return repriced({
      id: newId(),
      status: 'placed',
      type: request.type,
      businessDate: businessDate(now, settings.timezone, settings.businessDayCutoffHour),
      currency: settings.currency,
      table: request.table ?? null,
      guests: request.guests ?? null,
      customer: request.customer ?? null,
      notes: request.notes ?? null,
      scheduledFor: request.scheduledFor ?? null,
      discounts: request.discounts ?? [],
      serviceCharge: serviceChargeOf(settings, request.type, taking),
      taxes: [],
      subtotal: 0,
      discountTotal: 0,
      serviceChargeTotal: 0,
      taxTotal: 0,
      taxIncludedTotal: 0,
      orderTip: tip,
      tipTotal: tip,
      total: 0,
      paidTotal: 0,
      refundedTotal: 0,
      refundedSaleTotal: 0,
      cancelReason: null,
      externalSource: null,
      externalId: null,
      version: 1,
      createdBy: `${call.actor.kind}:${call.actor.id}`,
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      completedAt: null,
      lines,
    });
  }

  /** The menu for something added to an order: as of now, or of the time it is still scheduled for. */
  async #takingFor(call: Call, tx: Tx, order: Order): Promise<OrderTaking> {
    const { restaurants, menu, clock } = this.#deps;
    const now = clock();
    const scheduled = order.scheduledFor === null ? now : new Date(order.scheduledFor);
    const { settings, menuVersion } = await restaurants.settingsWithMenuVersion(tx, call.restaurantId);
    const parts = await menu.snapshot(call.restaurantId, tx, menuVersion);
    return takingAt(settings, parts, order.type, scheduled > now ? scheduled : now);
  }

  #lineOf(taken: TakenLine, position: number): OrderLine {
    return {
      ...taken,
      taxes: taken.taxes.map((tax) => ({ ...tax, amount: 0 })),
      id: newId(),
      position,
      grossAmount: 0,
      discountAmount: 0,
      amount: 0,
      taxAmount: 0,
      voidedAt: null,
      voidReason: null,
      createdAt: this.#deps.clock().toISOString(),
    };
  }
}
