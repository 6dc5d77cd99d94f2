/**
 * Cost of goods sold: the cost of sold lines' ingredients at the time they left stock, compared
 * with the lines' revenue.
 */
import { percentOf, roundToTotal, sumOf, toTotal } from '../number/exactMoney.js';
import { addTotals, subtractTotal, sum, type Total } from '../number/money.js';
import { type Ratio, ratio } from '../number/ratio.js';

export const COST_GROUPS = ['day', 'item', 'category'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

export interface CostFigures {
  units: number;
  /** The part of `units` that took nothing from stock, so that its cost is unknown. */
  unitsWithoutCost: number;
  /** As in the sales report: contains included taxes. */
  revenue: Total;
  /** Without included taxes. */
  netRevenue: Total;
  cost: Total;
  /** `netRevenue - cost`. */
  grossMargin: Total;
  /** `cost` in percent of `netRevenue`; null when there is no revenue. */
  foodCostPercent: string | null;
}

/** Sales with an exact, unrounded cost. */
export interface CostedSales {
  units: number;
  unitsWithoutCost: number;
  revenue: Total;
  netRevenue: Total;
  cost: Ratio;
}

/**
 * The total cost is the exact sum, rounded once. The rows are rounded so that they add up to it.
 */
export function costOfGoods<T extends CostedSales>(
  sales: readonly T[],
): { rows: (Omit<T, 'cost'> & CostFigures)[]; total: CostFigures } {
  const total: CostedSales = {
    units: sum(sales.map((row) => row.units)),
    unitsWithoutCost: sum(sales.map((row) => row.unitsWithoutCost)),
    revenue: addTotals(...sales.map((row) => row.revenue)),
    netRevenue: addTotals(...sales.map((row) => row.netRevenue)),
    cost: sumOf(sales.map((row) => row.cost)),
  };
  const costs = roundToTotal(
    sales.map((row) => row.cost),
    toTotal(total.cost),
  );
  const rows = sales.map((row, index) => withMargin(row, costs[index] ?? 0));
  return { rows, total: withMargin(total, toTotal(total.cost)) };
}

function withMargin<T extends CostedSales>(sales: T, cost: Total): Omit<T, 'cost'> & CostFigures {
  const foodCostPercent = percentOf(sales.cost, ratio(BigInt(sales.netRevenue)));
  return { ...sales, cost, grossMargin: subtractTotal(sales.netRevenue, cost), foodCostPercent };
}
