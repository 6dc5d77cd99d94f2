/** The stock movements of an order. */
import { fromStockUse, type UsingLine } from '../../domain/inventory/needs.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';

/** The lines that use stock; a cancelled order has none. */
export function usingLines({ status, lines }: Pick<Order, 'status' | 'lines'>): UsingLine[] {
  if (status === 'cancelled') return [];
  return lines.map(({ stockUse, quantity, voidedAt }) => ({ stockUse, quantity, voided: voidedAt !== null }));
}

/** Adds the short lines to a refusal. */
export function pointAt(lines: readonly OrderLine[]): (error: unknown) => never {
  return (error) => {
    throw error instanceof StockShortage ? pointedAt(lines, error) : error;
  };
}

/** The refusal with its short lines. */
export function pointedAt(lines: readonly OrderLine[], shortage: StockShortage): StockShortage {
  return shortage.at(
    lines.map(({ stockUse }, index) => ({ pointer: `/lines/${index}`, needs: fromStockUse(stockUse) })),
  );
}
