import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { MenuParts, OrderType } from '../../domain/menu/menu.js';
import { assertBounded } from '../../domain/number/money.js';
import { activeLines, type Comp, type Order, type OrderLine, repriced } from '../../domain/order/order.js';
import { dayAfter } from '../../domain/restaurant/localTime.js';
import type { OrderAction } from '../../domain/order/orderStatus.js';
import type { OrderTaking } from '../../domain/order/orderTaking.js';
import type { AttachedLine, TakenLine } from '../../domain/order/takenLine.js';
import { assertNotBelowZero } from '../../domain/order/returnedDeposits.js';
import { assertVoucherLines } from '../../domain/order/voucherSales.js';
import type { PickupSetting, RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import { Pace } from '../../utils/turns.js';
import type { InventoryService } from '../InventoryService.js';
import type { Recipes } from '../inventory/RecipeBooks.js';
import type { MenuService } from '../MenuService.js';
import type { RestaurantService } from '../RestaurantService.js';
import { freeOf } from './comps.js';
import type { OrderRequest } from './orderRequests.js';
import { stockUseOf } from './orderStock.js';
import { assertAhead, assertLineCount, dayOf, serviceChargeOf, takingAt } from './orderRules.js';

interface Dependencies {
  menu: Pick<MenuService, 'snapshot'>;
  restaurants: Pick<RestaurantService, 'settings' | 'settingsWithVersions'>;
  inventory: Pick<InventoryService, 'recipesAt'>;
  isDayClosed(restaurantId: string, tx: Tx, date: string): Promise<boolean>;
  clock: Clock;
}

/** The settings, menu and recipes that a new order is made from. */
export interface Basis {
  settings: RestaurantSettings;
  parts: MenuParts;
  recipes: Recipes;
}

/** A new order without its number. */
export interface Draft {
  order: Omit<Order, 'number'>;
  /** Today's business day. An order for a later day has another one. */
  today: string;
}

/** Makes orders and lines from requests, with the current menu and recipes. */
export class OrderMaker {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Makes a new order without its number. Asks no database.
   * @param pickupCodeOf gives the order its pick-up code.
   */
  async draft(
    call: Call,
    request: OrderRequest,
    { settings, parts, recipes }: Basis,
    pickupCodeOf: (setting: PickupSetting | null) => string | null,
  ): Promise<Draft> {
    const now = this.#deps.clock();
    const scheduledFor = request.scheduledFor ?? null;
    if (scheduledFor !== null) assertAhead(scheduledFor, now);
    const instant = scheduledFor === null ? now : new Date(scheduledFor);
    const taking = takingAt(settings, parts, request.type, instant);
    const lines = await this.#allLines(call, request, taking, recipes);
    const tip = request.tip ?? 0;
    const order = repriced({
      id: newId(),
      status: 'placed',
      type: request.type,
      businessDate: dayOf(settings, scheduledFor, now),
      currency: settings.currency,
      pickupCode: pickupCodeOf(settings.pickupCodes),
      table: request.table ?? null,
      guests: request.guests ?? null,
      customer: request.customer ?? null,
      notes: request.notes ?? null,
      scheduledFor,
      discounts: request.discounts ?? [],
      serviceCharge: serviceChargeOf(settings, request.type, taking),
      taxExemption: request.taxExemption ?? null,
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
      refundedBill: null,
      settledRefund: null,
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
    assertBounded('An order', order);
    assertNotBelowZero(order);
    assertVoucherLines(order);
    return { order, today: dayOf(settings, null, now) };
  }

  /**
   * The menu and recipes for adding to an order: the menu of now or, if later, of its scheduled
   * time.
   */
  async takingFor(call: Call, tx: Tx, order: Order): Promise<{ taking: OrderTaking; recipes: Recipes }> {
    const { restaurants, menu, inventory, clock } = this.#deps;
    const now = clock();
    const scheduled = order.scheduledFor === null ? now : new Date(order.scheduledFor);
    const { settings, menuVersion, recipeVersion } = await restaurants.settingsWithVersions(tx, call.restaurantId);
    const parts = await menu.snapshot(call.restaurantId, tx, menuVersion);
    const recipes = await inventory.recipesAt(call.restaurantId, tx, recipeVersion);
    return { taking: takingAt(settings, parts, order.type, scheduled > now ? scheduled : now), recipes };
  }

  /**
   * The business day of an order for this scheduled time; null means now.
   * @throws AppError when its items are not served then.
   */
  async move(call: Call, tx: Tx, order: Order, scheduledFor: string | null): Promise<string> {
    if (scheduledFor !== null) {
      assertAhead(scheduledFor, this.#deps.clock());
      const { taking } = await this.takingFor(call, tx, { ...order, scheduledFor });
      const served = activeLines(order.lines).filter(({ kind }) => kind !== 'deposit');
      served.forEach((line) => taking.assertServed(line.menuItemId, '/scheduledFor'));
    }
    return scheduledFor === order.scheduledFor ? order.businessDate : this.#dayFor(call, tx, scheduledFor);
  }

  /**
   * The business day of an order after an action. A sale counts when the order is completed. So
   * completing it before its scheduled time moves it to today, and reopening it moves it back.
   * After its scheduled time, the day does not change. If today was closed early, the sale counts
   * on the next day.
   */
  async dayAfter(call: Call, tx: Tx, { scheduledFor, businessDate }: Order, action: OrderAction): Promise<string> {
    if (scheduledFor === null || new Date(scheduledFor) <= this.#deps.clock()) return businessDate;
    if (action === 'reopen') return this.#dayFor(call, tx, scheduledFor);
    if (action !== 'complete') return businessDate;
    const day = await this.#openDay(call, tx);
    return day < businessDate ? day : businessDate;
  }

  /**
   * The order with the taxes and the service charge of another type, as they are on the menu now.
   * @throws AppError invalid_state for a line whose item is no longer on the menu.
   */
  async retyped(call: Call, tx: Tx, order: Order, type: OrderType): Promise<Order> {
    const { taking } = await this.takingFor(call, tx, { ...order, type });
    const settings = await this.#deps.restaurants.settings(tx, call.restaurantId);
    const lines = order.lines.map((line) => {
      if (line.voidedAt !== null) return line;
      return { ...line, taxes: taking.taxesOf(line).map((tax) => ({ ...tax, amount: 0 })) };
    });
    return { ...order, type, lines, serviceCharge: serviceChargeOf(settings, type, taking) };
  }

  /** A line and those that belong to it, at the next positions. */
  linesOf(taken: TakenLine, position: number, recipes: Recipes, free: Comp | null): OrderLine[] {
    const parent = { ...this.#lineOf(taken, position, recipes), free };
    return [parent, ...this.attachedLines(parent, taken.attached, position + 1, recipes)];
  }

  /** Lines that belong to another one, at the next positions. */
  attachedLines({ id }: OrderLine, attached: readonly AttachedLine[], position: number, recipes: Recipes): OrderLine[] {
    return attached.map((line, index) => ({
      ...this.#lineOf(line, position + index, recipes),
      parentLineId: id,
      parentUnits: line.units,
    }));
  }

  #lineOf(taken: Omit<TakenLine, 'attached'>, position: number, { book }: Recipes): OrderLine {
    // Each field by its name, as in `repriced`.
    return {
      id: newId(),
      position,
      kind: taken.kind,
      parentLineId: null,
      parentUnits: null,
      menuItemId: taken.menuItemId,
      variantId: taken.variantId,
      categoryId: taken.categoryId,
      categoryName: taken.categoryName,
      name: taken.name,
      variantName: taken.variantName,
      quantity: taken.quantity,
      measured: taken.measured,
      unitPrice: taken.unitPrice,
      modifiers: taken.modifiers,
      discounts: taken.discounts,
      taxes: taken.taxes.map((tax) => ({ ...tax, amount: 0 })),
      grossAmount: 0,
      discountAmount: 0,
      amount: 0,
      taxAmount: 0,
      stockUse: stockUseOf(book, taken),
      notes: taken.notes,
      course: taken.course,
      seat: taken.seat,
      voidedAt: null,
      voidReason: null,
      comp: null,
      free: null,
      createdAt: this.#deps.clock().toISOString(),
    };
  }

  /** In slices: 500 lines of a hundred ingredients each are fifty thousand quantities. */
  async #allLines(
    call: Call,
    request: OrderRequest,
    taking: OrderTaking,
    recipes: Recipes,
    pace = Pace.begun(call.restaurantId),
  ): Promise<OrderLine[]> {
    const lines: OrderLine[] = [];
    for (const [index, line] of request.lines.entries()) {
      if (pace.isUp) await pace.rest();
      const at = `/lines/${index}`;
      const free = freeOf(call, line, at, this.#deps.clock());
      lines.push(...this.linesOf(taking.take(line, at), lines.length + 1, recipes, free));
    }
    assertLineCount(lines, 0, '/lines');
    return lines;
  }

  /** Today or, when it was closed early, the day after. */
  async #openDay(call: Call, tx: Tx): Promise<string> {
    const today = await this.#dayFor(call, tx, null);
    const isClosed = await this.#deps.isDayClosed(call.restaurantId, tx, today);
    return isClosed ? dayAfter(today) : today;
  }

  async #dayFor(call: Call, tx: Tx, scheduledFor: string | null): Promise<string> {
    const { restaurants, clock } = this.#deps;
    return dayOf(await restaurants.settings(tx, call.restaurantId), scheduledFor, clock());
  }
}
