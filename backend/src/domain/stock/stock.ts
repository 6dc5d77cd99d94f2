/** Rules of what is in stock: policies, kinds of movement, the cost of what lies there, and when it is low. */
import type { FieldError } from '../shared/errors.js';
import { fromMicros, type Micros, parseQuantity } from '../number/quantity.js';
import { add, divide, multiply, type Ratio } from '../number/ratio.js';

/**
 * What becomes of a sale that asks for more than there is: it is refused; it goes through and the quantity falls below
 * zero, since the counter is more often wrong than the cook; or it is refused, and dishes are taken off the menu as soon
 * as a portion of them cannot be made.
 */
export const STOCK_POLICIES = ['forbid', 'allow_negative', 'auto_86'] as const;
export type StockPolicy = (typeof STOCK_POLICIES)[number];

export function isStockPolicy(text: string): text is StockPolicy {
  return STOCK_POLICIES.some((policy) => policy === text);
}

export const MOVEMENT_KINDS = ['sale', 'void', 'receipt', 'count', 'waste', 'transfer', 'prep', 'correction'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/**
 * The moving average cost after a receipt: what lies there at its average and what comes at its own cost, over both.
 * Stock below zero counts as none, else a receipt would be priced against goods that nobody has. A receipt of nothing,
 * or a return, leaves the average alone.
 * @param average per stock unit, as is `receivedCost` and the answer
 */
export function averageAfter(quantity: Micros, average: Ratio, receivedQuantity: Micros, receivedCost: Ratio): Ratio {
  if (receivedQuantity <= 0n) return average;
  const held = fromMicros(quantity > 0n ? quantity : 0n);
  const received = fromMicros(receivedQuantity);
  return divide(add(multiply(held, average), multiply(received, receivedCost)), add(held, received));
}

/** Strictly below the reorder point: at it, there is still enough. Without a point (null) nothing is ever low. */
export function isLow(current: Micros, reorderPoint: Micros | null): boolean {
  return reorderPoint !== null && current < reorderPoint;
}

/** What speaks against filling an item up to its par level. Decimal text, as in the database. */
export function levelProblem(reorderPoint: string, parLevel: string | null): FieldError | undefined {
  if (parLevel === null || (parseQuantity(parLevel) ?? 0n) >= (parseQuantity(reorderPoint) ?? 0n)) return undefined;
  const message = `What is filled up to ${parLevel} is still low below ${reorderPoint}: give a par level of at least the reorder point.`;
  return { pointer: '/parLevel', message };
}

/** True for the one movement that takes the stock from the line or above it to below, so that an alert is sent once. */
export function crosses(before: Micros, after: Micros, line: Micros): boolean {
  return before >= line && after < line;
}
