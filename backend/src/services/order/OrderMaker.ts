import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/call.js';
import { businessDate } from '../../domain/localTime.js';
import type { MenuParts } from '../../domain/menu.js';
import { toStockUse } from '../../domain/needs.js';
import { type Order, type OrderLine, repriced } from '../../domain/order.js';
import type { OrderTaking, TakenLine } from '../../domain/orderTaking.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { InventoryService } from '../InventoryService.js';
import type { Recipes } from '../inventory/RecipeBooks.js';
import type { MenuService } from '../MenuService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { OrderRequest } from './orderRequests.js';
import { hasPassed, serviceChargeOf, takingAt } from './orderRules.js';

interface Dependencies {
  menu: Pick<MenuService, 'snapshot'>;
  restaurants: Pick<RestaurantService, 'settingsWithVersions'>;
  inventory: Pick<InventoryService, 'recipesAt'>;
  clock: Clock;
}

/** A new order without its number, and the recipes by which its lines were made. */
export interface Draft {
  order: Omit<Order, 'number'>;
  recipes: Recipes;
}

/** Makes orders and lines out of what callers ask for, by the menu and the recipes of the moment. */
export class OrderMaker {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Everything about a new order but its number. @param loadMenu by the version that the transaction has read. */
  async draft(
    call: Call,
    tx: Tx,
    request: OrderRequest,
    loadMenu: (menuVersion: number) => Promise<MenuParts>,
  ): Promise<Draft> {
    const now = this.#deps.clock();
    const { settings, menuVersion, recipeVersion } = await this.#deps.restaurants.settingsWithVersions(
      tx,
      call.restaurantId,
    );
    const instant = request.scheduledFor ? new Date(request.scheduledFor) : now;
    if (instant < now) throw hasPassed();
    const taking = takingAt(settings, await loadMenu(menuVersion), request.type, instant);
    const recipes = await this.#deps.inventory.recipesAt(call.restaurantId, tx, recipeVersion);
    const lines = request.lines.map((line, index) =>
      this.lineOf(taking.take(line, `/lines/${index}`), index + 1, recipes),
    );
    const tip = request.tip ?? 0;
    const order = repriced({
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
    return { order, recipes };
  }

  /** What something is added to an order by: the menu as of now, or of the time it is still scheduled for, and the recipes. */
  async takingFor(call: Call, tx: Tx, order: Order): Promise<{ taking: OrderTaking; recipes: Recipes }> {
    const { restaurants, menu, inventory, clock } = this.#deps;
    const now = clock();
    const scheduled = order.scheduledFor === null ? now : new Date(order.scheduledFor);
    const { settings, menuVersion, recipeVersion } = await restaurants.settingsWithVersions(tx, call.restaurantId);
    const parts = await menu.snapshot(call.restaurantId, tx, menuVersion);
    const recipes = await inventory.recipesAt(call.restaurantId, tx, recipeVersion);
    return { taking: takingAt(settings, parts, order.type, scheduled > now ? scheduled : now), recipes };
  }

  lineOf(taken: TakenLine, position: number, { book }: Recipes): OrderLine {
    return {
      ...taken,
      taxes: taken.taxes.map((tax) => ({ ...tax, amount: 0 })),
      id: newId(),
      position,
      grossAmount: 0,
      discountAmount: 0,
      amount: 0,
      taxAmount: 0,
      stockUse: toStockUse(book.needsOf(taken)),
      voidedAt: null,
      voidReason: null,
      createdAt: this.#deps.clock().toISOString(),
    };
  }
}
