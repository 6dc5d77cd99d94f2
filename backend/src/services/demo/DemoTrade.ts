/**
 * Fills a new demo with a menu, stock, and sales of the last days, through the same services as
 * real sales.
 */
import { type Call, systemCall } from '../../domain/shared/call.js';
import type { Order } from '../../domain/order/order.js';
import type { LineRequest } from '../../domain/order/takenLine.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import { readWallClock } from '../../domain/restaurant/wallClock.js';
import type { Clock } from '../../utils/clock.js';
import type { RecipeInput } from '../inventory/recipeRules.js';
import type { DrawerService } from '../DrawerService.js';
import type { InventoryService } from '../InventoryService.js';
import type { MenuService } from '../MenuService.js';
import type { OrderService } from '../OrderService.js';
import type { PaymentService } from '../PaymentService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { DEMO_OPEN_ORDERS, DEMO_SALES, type DemoLine, type DemoSale } from './demoOrders.js';
import { DEMO_INGREDIENTS, DEMO_RECIPES, type DemoRecipe } from './demoStock.js';
import { type FilledMenu, fillMenu } from './fillMenu.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Earlier than the first sale. */
const OPENED_DAYS_AGO = 7;

export interface TradeServices {
  menu: MenuService;
  inventory: InventoryService;
  orders: OrderService;
  payments: PaymentService;
  drawers: DrawerService;
}

/**
 * Makes separate services for one demo, so that their caches of an uncommitted menu are dropped
 * with them.
 */
export type TradeServicesIn = (unitOfWork: UnitOfWork, clock: Clock) => TradeServices;

export class DemoTrade {
  readonly #restaurant: RestaurantSettings;
  readonly #call: Call;
  readonly #now: Date;
  readonly #services: TradeServices;
  /** The time that the services' clock shows. */
  #at: Date;

  /** @param join makes a unit of work with a clock, in the transaction that makes the demo. */
  constructor(
    restaurant: RestaurantSettings,
    now: Date,
    servicesIn: TradeServicesIn,
    join: (clock: Clock) => UnitOfWork,
  ) {
    this.#restaurant = restaurant;
    this.#call = systemCall(restaurant.id, 'demo');
    this.#now = now;
    this.#at = new Date(now.getTime() - OPENED_DAYS_AGO * DAY_MS);
    const clock = () => this.#at;
    this.#services = servicesIn(join(clock), clock);
  }

  async fill(): Promise<void> {
    const menu = await fillMenu(this.#services.menu, () => this.#call);
    await this.#stock(menu);
    for (const sale of DEMO_SALES) await this.#sell(menu, sale);
    for (const { minutesAgo, isAccepted, table, lines } of DEMO_OPEN_ORDERS) {
      this.#at = new Date(this.#now.getTime() - minutesAgo * MINUTE_MS);
      const order = await this.#place(menu, { type: 'dine_in', table, lines });
      if (isAccepted) await this.#services.orders.act(this.#call, order.id, 'accept', undefined);
    }
  }

  /** These writes do not wait for each other: they are half of all writes. */
  async #stock(menu: FilledMenu): Promise<void> {
    const { inventory } = this.#services;
    const ingredients = DEMO_INGREDIENTS.map((ingredient) => inventory.items.create(this.#call, ingredient));
    const ids = new Map((await Promise.all(ingredients)).map(({ name, id }) => [name, id]));
    await Promise.all(DEMO_RECIPES.map((recipe) => inventory.recipes.create(this.#call, recipeOf(recipe, menu, ids))));
  }

  async #sell(menu: FilledMenu, sale: DemoSale): Promise<void> {
    const { orders, payments } = this.#services;
    this.#at = this.#instantOf(sale);
    const { id, total } = await this.#place(menu, sale);
    for (const action of ['accept', 'start', 'ready'] as const) await orders.act(this.#call, id, action, undefined);
    await payments.pay(this.#call, id, { method: sale.method, amount: total, tip: sale.tip });
    await orders.act(this.#call, id, 'complete', undefined);
  }

  #place(menu: FilledMenu, order: Pick<DemoSale, 'type' | 'table' | 'lines'>): Promise<Order> {
    const { type, table, lines } = order;
    return this.#services.orders.place(this.#call, { type, table, lines: lines.map((line) => requestOf(menu, line)) });
  }

  /** On a day with a clock change the time is an hour wrong, which does not matter here. */
  #instantOf({ daysAgo, hour, minute }: DemoSale): Date {
    const clock = readWallClock(this.#now, this.#restaurant.timezone);
    const laterMinutes = (hour - clock.hour) * 60 + minute - clock.minute;
    return new Date(this.#now.getTime() - daysAgo * DAY_MS + laterMinutes * MINUTE_MS);
  }
}

function recipeOf(
  { item, variant, modifier, lines }: DemoRecipe,
  menu: FilledMenu,
  ingredientIds: ReadonlyMap<string, string>,
): RecipeInput {
  const dish = item === undefined ? undefined : named(menu.items, item);
  return {
    name: [item, variant, modifier].filter((part) => part !== undefined).join(', '),
    menuItemId: dish?.id,
    variantId: dish?.variants.find(({ name }) => name === variant)?.id,
    modifierId: modifier === undefined ? undefined : named(menu.modifierIds, modifier),
    lines: lines.map(([ingredient, quantity, unit]) => {
      return { inventoryItemId: named(ingredientIds, ingredient), quantity, unit };
    }),
  };
}

function requestOf(menu: FilledMenu, { item, variant, modifiers = [], quantity }: DemoLine): LineRequest {
  const { id, variants } = named(menu.items, item);
  return {
    menuItemId: id,
    variantId: variants.find(({ name }) => name === variant)?.id,
    quantity,
    modifiers: modifiers.map((modifier) => ({ modifierId: named(menu.modifierIds, modifier), quantity: 1 })),
    discounts: [],
  };
}

/** @throws Error for a name that the demo menu does not have: a mistake in the demo data. */
function named<T>(things: ReadonlyMap<string, T>, name: string): T {
  const thing = things.get(name);
  if (thing === undefined) throw new Error(`the demo has no ${name}`);
  return thing;
}
