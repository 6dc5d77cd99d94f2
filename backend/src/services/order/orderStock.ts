/** The stock movements of an order. */
import { fromStockUse, scaledUse, toStockUse, type UsingLine } from '../../domain/inventory/needs.js';
import type { RecipeBook } from '../../domain/inventory/recipeBook.js';
import { type Micros, ONE_IN_MICROS } from '../../domain/number/quantity.js';
import { unitsIn } from '../../domain/order/measure.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';

/**
 * Stock use of one unit of a line. The recipe of a line sold by weight or the like is for one unit
 * of its price; its modifiers are for the piece.
 */
export function stockUseOf(
  book: RecipeBook,
  line: Pick<OrderLine, 'menuItemId' | 'variantId' | 'modifiers' | 'measured'> & { kind?: OrderLine['kind'] },
): Record<string, string> {
  // A modifier with a line of its own takes its stock with the line that it belongs to.
  if (line.kind === 'modifier') return {};
  const all = book.needsOf(line);
  if (!line.measured) return toStockUse(all);
  const own = book.needsOf({ ...line, modifiers: [] });
  const scaled = fromStockUse(scaledUse(toStockUse(own), BigInt(unitsIn({ ...line, quantity: 1 })), ONE_IN_MICROS));
  const needs = new Map<string, Micros>();
  for (const id of new Set([...all.keys(), ...own.keys()])) {
    const micros = (scaled.get(id) ?? 0n) + (all.get(id) ?? 0n) - (own.get(id) ?? 0n);
    if (micros > 0n) needs.set(id, micros);
  }
  return toStockUse(needs);
}

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
  const asked = lines.filter(({ parentLineId }) => parentLineId === null).map(({ id }) => id);
  return shortage.at(
    lines.map(({ id, parentLineId, stockUse }) => ({
      pointer: `/lines/${asked.indexOf(parentLineId ?? id)}`,
      needs: fromStockUse(stockUse),
    })),
  );
}
