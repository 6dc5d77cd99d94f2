import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { type DishCost, DishCosting } from '../../domain/report/dishCost.js';
import { notFound } from '../../domain/shared/errors.js';
import type { MenuItem, MenuParts, OrderType } from '../../domain/menu/menu.js';
import {
  type DishSales,
  type EngineeredDish,
  type EngineeredMenu,
  engineerMenu,
} from '../../domain/report/menuEngineering.js';
import { add, compare, multiply, type Ratio, ratio, ratioOfSum, ZERO } from '../../domain/number/ratio.js';
import type { RecipeBook } from '../../domain/inventory/recipeBook.js';
import { compareText } from '../../domain/order/taxes.js';
import type { ReportRepository } from '../../repositories/ReportRepository.js';
import type { SalesPeriod, SoldGroup, UnusedSale } from '../../repositories/report/CostReports.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import type { InventoryService } from '../InventoryService.js';
import type { MenuService } from '../MenuService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { assertPeriod, type Period, reportPage } from './reportPage.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: ReportRepository;
  restaurants: RestaurantService;
  menu: MenuService;
  inventory: InventoryService;
  cursors: Cursors;
}

export interface MenuEngineeringPage extends Period, PageOf<EngineeredDish> {
  currency: string;
  menu: EngineeredMenu;
}

/**
 * Amounts are in minor units, without the included taxes of the order type; null: only without the
 * taxes that apply to every type.
 */
interface Taxed {
  currency: string;
  orderType: OrderType | null;
}

export interface FoodCostPage extends PageOf<DishCost>, Taxed {}

/** The current menu, its recipes and their costs. */
interface Kitchen {
  currency: string;
  parts: MenuParts;
  book: RecipeBook;
  costing: DishCosting;
}

export class DishReports {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The cost of each dish by current recipes and average costs, sorted by percent of its price:
   * highest first, dishes without a recipe last. It reads the primary, because a user who has just
   * changed a recipe checks the effect here.
   */
  @Track('reports.foodCost')
  foodCost(call: Call, orderType: OrderType | undefined, page: Page): Promise<FoodCostPage> {
    const { unitOfWork, cursors } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const { currency, parts, costing } = await this.#kitchen(call.restaurantId, tx);
      const dishes = parts.items.filter(isDish).map((item) => costing.dish(item, parts, orderType));
      const rows = dishes.map(ranked).sort(byPercent);
      const binding = [call.restaurantId, 'reports.food-cost', orderType];
      const { data, nextCursor } = reportPage(cursors, rows, page, binding);
      return { currency, orderType: orderType ?? null, data: data.map(({ dish }) => dish), nextCursor };
    });
  }

  /** @throws AppError not_found. */
  @Track('reports.dishCost')
  dishCost(call: Call, menuItemId: string, orderType: OrderType | undefined): Promise<DishCost & Taxed> {
    return this.#deps.unitOfWork.read(call, async (tx) => {
      const { currency, parts, costing } = await this.#kitchen(call.restaurantId, tx);
      const item = parts.items.find((one) => one.id === menuItemId);
      if (!item) throw notFound('menu item');
      return { currency, orderType: orderType ?? null, ...costing.dish(item, parts, orderType) };
    });
  }

  /**
   * Popularity and margin of the dishes sold on the business dates. Units cost the amount in the
   * ledger. Units that took nothing from stock, such as sales of another till, cost the amount of
   * the current recipe.
   * @throws AppError invalid_request.
   */
  @Track('reports.menuEngineering')
  async menuEngineering(call: Call, period: SalesPeriod, page: Page): Promise<MenuEngineeringPage> {
    assertPeriod(period);
    const { unitOfWork, repository, cursors } = this.#deps;
    const { restaurantId } = call;
    const { from, to, categoryId } = period;
    const binding = [restaurantId, 'reports.menu-engineering', from, to, categoryId];
    return unitOfWork.readReplica(call, async (tx) => {
      const kitchen = await this.#kitchen(restaurantId, tx);
      const { book, currency, parts } = kitchen;
      const sold = await repository.costs.soldBy(restaurantId, tx, 'item', period);
      const unused = await repository.costs.unusedSales(restaurantId, tx, period, book.dishes(), book.modifiers());
      const { rows, menu } = engineerMenu([...dishSales(sold, unused, kitchen), ...unsold(sold, parts, categoryId)]);
      return { from, to, currency, menu, ...reportPage(cursors, rows, page, binding) };
    });
  }

  async #kitchen(restaurantId: string, tx: Tx): Promise<Kitchen> {
    const { repository, restaurants, menu, inventory } = this.#deps;
    const { settings, menuVersion, recipeVersion } = await restaurants.settingsWithVersions(tx, restaurantId);
    const parts = await menu.snapshot(restaurantId, tx, menuVersion);
    const { book } = await inventory.recipesAt(restaurantId, tx, recipeVersion);
    const costing = new DishCosting(book, await repository.stock.stockCosts(restaurantId, tx));
    return { currency: settings.currency, parts, book, costing };
  }
}

function dishSales(sold: readonly SoldGroup[], unused: readonly UnusedSale[], { book, costing }: Kitchen): DishSales[] {
  const byRecipe = new Map<string, { units: number; cost: Ratio }>();
  for (const sale of unused) {
    if (!book.hasRecipe(sale.menuItemId, sale.variantId)) continue;
    const { units, cost } = byRecipe.get(sale.menuItemId) ?? { units: 0, cost: ZERO };
    const added = multiply(costing.costOf(book.needsOf(sale)), ratio(BigInt(sale.units)));
    byRecipe.set(sale.menuItemId, { units: units + sale.units, cost: add(cost, added) });
  }
  return sold.map(({ key, label, units, unitsWithoutUse, netRevenue, cost }) => {
    const recipe = byRecipe.get(key) ?? { units: 0, cost: ZERO };
    const isKnown = recipe.units === unitsWithoutUse;
    const unitsInLedger = units - unitsWithoutUse;
    const total = isKnown ? add(ratioOfSum(cost), recipe.cost) : null;
    return { menuItemId: key, name: label, units, netRevenue, cost: total, unitsInLedger };
  });
}

/** Deposits of bottles and glasses, and vouchers, cost nothing and earn nothing. */
function isDish({ isDeposit, voucherPoolId }: MenuItem): boolean {
  return !isDeposit && !voucherPoolId;
}

/** Dishes of the current menu without a sale. */
function unsold(sold: readonly SoldGroup[], parts: MenuParts, categoryId: string | undefined): DishSales[] {
  const known = new Set(sold.map((dish) => dish.key));
  const others = parts.items.filter(
    (item) => isDish(item) && !known.has(item.id) && (categoryId === undefined || item.categoryId === categoryId),
  );
  return others.map(({ id, name }) => {
    return { menuItemId: id, name, units: 0, netRevenue: 0, cost: null, unitsInLedger: 0 };
  });
}

interface RankedDish {
  dish: DishCost;
  /** The highest percent of its portions; undefined when no portion has one. */
  percent: Ratio | undefined;
}

function ranked(dish: DishCost): RankedDish {
  const percents = dish.portions.flatMap(({ foodCostPercent }) =>
    foodCostPercent === null ? [] : [ratioOfSum(foodCostPercent)],
  );
  return { dish, percent: percents.toSorted(compare).at(-1) };
}

function byPercent(a: RankedDish, b: RankedDish): number {
  if (a.percent && b.percent) return compare(b.percent, a.percent) || compareText(a.dish.name, b.dish.name);
  if (a.percent || b.percent) return a.percent ? -1 : 1;
  return compareText(a.dish.name, b.dish.name);
}
