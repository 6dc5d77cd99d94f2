/** Stock rules: policies, kinds of movement, the average cost, and low stock. */
import type { FieldError } from '../shared/errors.js';
import { fromMicros, type Micros, parseQuantity } from '../number/quantity.js';
import { add, divide, multiply, type Ratio } from '../number/ratio.js';

/**
 * Effect of a sale that needs more than there is. `forbid`: it is refused. `allow_negative`: it is
 * accepted and the quantity falls below zero, because the books are more often wrong than the cook.
 * `auto_86`: it is refused, and dishes leave the menu as soon as one portion of them cannot be
 * made.
 */
export const STOCK_POLICIES = ['forbid', 'allow_negative', 'auto_86'] as const;
export type StockPolicy = (typeof STOCK_POLICIES)[number];

export function isStockPolicy(text: string): text is StockPolicy {
  return STOCK_POLICIES.some((policy) => policy === text);
}

export const MOVEMENT_KINDS = ['sale', 'void', 'receipt', 'count', 'waste', 'transfer', 'prep', 'correction'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/**
 * The moving average cost after a receipt: the held stock at its average and the received stock at
 * its own cost, divided by both quantities. Negative stock counts as zero; otherwise a receipt
 * would be averaged with goods that do not exist. A receipt of zero, or a return, does not change
 * the average.
 * @param average per stock unit, like `receivedCost` and the result
 */
export function averageAfter(quantity: Micros, average: Ratio, receivedQuantity: Micros, receivedCost: Ratio): Ratio {
  if (receivedQuantity <= 0n) return average;
  const held = fromMicros(quantity > 0n ? quantity : 0n);
  const received = fromMicros(receivedQuantity);
  return divide(add(multiply(held, average), multiply(received, receivedCost)), add(held, received));
}

/**
 * Low means strictly below the reorder point; at the point there is still enough. Without a point
 * (null), nothing is low.
 */
export function isLow(current: Micros, reorderPoint: Micros | null): boolean {
  return reorderPoint !== null && current < reorderPoint;
}

/**
 * Fault of a par level below the reorder point; undefined when there is none. Decimal text, as in
 * the database.
 */
export function levelProblem(reorderPoint: string, parLevel: string | null): FieldError | undefined {
  if (parLevel === null || (parseQuantity(parLevel) ?? 0n) >= (parseQuantity(reorderPoint) ?? 0n)) return undefined;
  const message = `The par level ${parLevel} is below the reorder point ${reorderPoint}. Give a par level of at least the reorder point.`;
  return { pointer: '/parLevel', message };
}

/**
 * True for the single movement that takes the stock from at or above the threshold to below it, so
 * that an alert is sent once.
 */
export function crosses(before: Micros, after: Micros, line: Micros): boolean {
  return before >= line && after < line;
}
