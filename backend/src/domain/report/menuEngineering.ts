/**
 * Menu engineering: popularity and margin, in four classes.
 *
 * Source: M. L. Kasavana and D. I. Smith, Menu Engineering: A Practical Guide to Menu Analysis,
 * 1982. A dish is popular when its share of the units sold reaches 70 % of an even share (0.7 / n),
 * and profitable when its contribution margin reaches the average margin of all units sold. The
 * source does not define ties: here a dish at the threshold reaches it. Thresholds are compared as
 * exact fractions, so that rounding cannot move a dish across one.
 */
import { percentOf, roundToTotal, sumOf, toTotal } from '../number/exactMoney.js';
import { addTotals, subtractTotal, sum, type Total } from '../number/money.js';
import { compare, divide, multiply, ONE, type Ratio, ratio, subtract } from '../number/ratio.js';
import { compareText } from '../order/taxes.js';

export const MENU_CLASSES = ['star', 'plowhorse', 'puzzle', 'dog'] as const;
/** star: popular and profitable. plowhorse: popular only. puzzle: profitable only. dog: neither. */
export type MenuClass = (typeof MENU_CLASSES)[number];

interface SoldDish {
  /** Above zero. */
  units: number;
  /** Margin of all units, in minor units. */
  totalMargin: Ratio;
}

/** Thresholds of the two criteria. */
interface MenuThresholds {
  /** Share of the units sold, as a fraction of one. */
  popularity: Ratio;
  /** Margin of one unit, in minor units. */
  margin: Ratio;
}

const OF_EVEN_SHARE = ratio(7n, 10n);

/** @returns undefined when nothing was sold. */
function menuThresholds(dishes: readonly SoldDish[]): MenuThresholds | undefined {
  const units = sum(dishes.map((dish) => dish.units));
  if (units === 0) return undefined;
  const margin = sumOf(dishes.map((dish) => dish.totalMargin));
  return {
    popularity: divide(OF_EVEN_SHARE, ratio(BigInt(dishes.length))),
    margin: divide(margin, ratio(BigInt(units))),
  };
}

/** @param units units sold of all dishes together. */
function menuClass(dish: SoldDish, units: number, thresholds: MenuThresholds): MenuClass {
  const share = ratio(BigInt(dish.units), BigInt(units));
  const isPopular = compare(share, thresholds.popularity) >= 0;
  const isProfitable = compare(dish.totalMargin, multiply(thresholds.margin, ratio(BigInt(dish.units)))) >= 0;
  if (isPopular) return isProfitable ? 'star' : 'plowhorse';
  return isProfitable ? 'puzzle' : 'dog';
}

export const UNCLASSED_REASONS = ['not_sold', 'no_recipe', 'no_cost'] as const;
/**
 * Why a dish has no class. not_sold: no unit was sold. no_recipe: the cost of some units is
 * unknown. no_cost: all its ingredients are free.
 */
export type UnclassedReason = (typeof UNCLASSED_REASONS)[number];

export const COST_SOURCES = ['ledger', 'recipe', 'mixed'] as const;
/**
 * ledger: ingredients that the sales took, at their cost then. recipe: today's recipe at today's
 * costs, for units that took nothing. mixed: both.
 */
export type CostSource = (typeof COST_SOURCES)[number];

/** Sales of a dish in a period. */
export interface DishSales {
  menuItemId: string;
  name: string;
  units: number;
  netRevenue: Total;
  /** Cost of all units; null when the cost of some is unknown. */
  cost: Ratio | null;
  /** Units with a cost in the ledger. */
  unitsInLedger: number;
}

/**
 * Figures of one unit are averages over the period, in whole minor units. The class is computed
 * from the exact figures.
 */
export interface EngineeredDish {
  menuItemId: string;
  name: string;
  class: MenuClass | null;
  unclassedReason: UnclassedReason | null;
  costSource: CostSource | null;
  units: number;
  /** Share of the units of all classed dishes. */
  popularityPercent: string | null;
  netRevenue: Total;
  unitPrice: Total | null;
  unitCost: Total | null;
  contributionMargin: Total | null;
  totalCost: Total | null;
  totalMargin: Total | null;
}

export interface EngineeredMenu {
  /** Dishes that have a class. */
  dishes: number;
  units: number;
  netRevenue: Total;
  cost: Total;
  margin: Total;
  /** Null when no dish has a class. */
  popularityThresholdPercent: string | null;
  marginThreshold: Total | null;
}

type ClassedSales = DishSales & { cost: Ratio; totalMargin: Ratio };

/**
 * The menu as a matrix. Classed dishes come first, largest total margin first. Dishes without a
 * class follow; they count in none of the menu's figures. The dishes' costs are rounded so that
 * they add up to the menu's cost.
 */
export function engineerMenu(sales: readonly DishSales[]): { rows: EngineeredDish[]; menu: EngineeredMenu } {
  const classed = sales.flatMap((dish): ClassedSales[] => {
    if (dish.cost === null || reasonAgainst(dish) !== null) return [];
    return [{ ...dish, cost: dish.cost, totalMargin: subtract(ratio(BigInt(dish.netRevenue)), dish.cost) }];
  });
  classed.sort((a, b) => compare(b.totalMargin, a.totalMargin) || compareText(a.menuItemId, b.menuItemId));
  const units = sum(classed.map((dish) => dish.units));
  const netRevenue = addTotals(...classed.map((dish) => dish.netRevenue));
  const exactCosts = classed.map((dish) => dish.cost);
  const cost = toTotal(sumOf(exactCosts));
  const costs = roundToTotal(exactCosts, cost);
  const thresholds = menuThresholds(classed);
  const rows = classed.map((dish, index) => classedRow(dish, units, costs[index] ?? 0, thresholds));
  const others = sales.filter((dish) => reasonAgainst(dish) !== null).sort(byUnits);
  const menu = {
    dishes: classed.length,
    units,
    netRevenue,
    cost,
    margin: subtractTotal(netRevenue, cost),
    popularityThresholdPercent: thresholds ? percentOf(thresholds.popularity, ONE) : null,
    marginThreshold: thresholds ? toTotal(thresholds.margin) : null,
  };
  return { rows: [...rows, ...others.map(unclassedRow)], menu };
}

function reasonAgainst({ units, cost }: DishSales): UnclassedReason | null {
  if (units === 0) return 'not_sold';
  if (cost === null) return 'no_recipe';
  return cost.numerator === 0n ? 'no_cost' : null;
}

function classedRow(
  dish: ClassedSales,
  units: number,
  totalCost: Total,
  thresholds: MenuThresholds | undefined,
): EngineeredDish {
  const sold = ratio(BigInt(dish.units));
  return {
    menuItemId: dish.menuItemId,
    name: dish.name,
    class: thresholds ? menuClass(dish, units, thresholds) : null,
    unclassedReason: null,
    costSource: costSourceOf(dish),
    units: dish.units,
    popularityPercent: percentOf(sold, ratio(BigInt(units))),
    netRevenue: dish.netRevenue,
    unitPrice: perUnit(dish.netRevenue, dish.units),
    unitCost: toTotal(divide(dish.cost, sold)),
    contributionMargin: toTotal(divide(dish.totalMargin, sold)),
    totalCost,
    totalMargin: subtractTotal(dish.netRevenue, totalCost),
  };
}

function unclassedRow(dish: DishSales): EngineeredDish {
  const { menuItemId, name, units, netRevenue } = dish;
  const unitPrice = units === 0 ? null : perUnit(netRevenue, units);
  const unknown = {
    popularityPercent: null,
    unitCost: null,
    contributionMargin: null,
    totalCost: null,
    totalMargin: null,
  };
  const unclassedReason = reasonAgainst(dish);
  return { menuItemId, name, class: null, unclassedReason, costSource: null, units, netRevenue, unitPrice, ...unknown };
}

function perUnit(revenue: Total, units: number): Total {
  return toTotal(ratio(BigInt(revenue), BigInt(units)));
}

function costSourceOf({ units, unitsInLedger }: DishSales): CostSource {
  if (unitsInLedger === units) return 'ledger';
  return unitsInLedger === 0 ? 'recipe' : 'mixed';
}

function byUnits(a: DishSales, b: DishSales): number {
  return b.units - a.units || compareText(a.name, b.name) || compareText(a.menuItemId, b.menuItemId);
}
