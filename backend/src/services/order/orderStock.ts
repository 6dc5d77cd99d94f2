/** What an order has to do with stock. */
import { fromStockUse, type UsingLine } from '../../domain/inventory/needs.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';

/** The lines as far as stock is concerned: a cancelled order has none. */
export function usingLines({ status, lines }: Pick<Order, 'status' | 'lines'>): UsingLine[] {
  if (status === 'cancelled') return [];
  return lines.map(({ stockUse, quantity, voidedAt }) => ({ stockUse, quantity, voided: voidedAt !== null }));
}

/** Makes a refusal name the lines that it is for. */
export function pointAt(lines: readonly OrderLine[]): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StockShortage)) throw error;
    throw error.at(lines.map(({ stockUse }, index) => ({ pointer: `/lines/${index}`, needs: fromStockUse(stockUse) })));
  };
}
