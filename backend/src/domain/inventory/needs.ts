/**
 * What sales take from stock, as maps from inventory item to millionths of its stock unit. An order line keeps what one
 * unit of it takes as plain JSON (`stockUse`), fixed when it was ordered: a recipe changed since does not change what a
 * void gives back.
 */
import { formatQuantity, fromMicros, type Micros, parseSum } from '../number/quantity.js';
import { add, multiply, type Ratio, ZERO } from '../number/ratio.js';

/** Inventory item id to Micros of its stock unit. */
export type Needs = ReadonlyMap<string, Micros>;

/** Inventory item id to decimal text, per one unit of an order line. */
export type StockUse = Readonly<Record<string, string>>;

/** A line of an order as far as stock is concerned. A voided one takes nothing. */
export interface UsingLine {
  stockUse: Needs | StockUse;
  quantity: number;
  voided: boolean;
}

/** As it is stored on an order line. */
export function toStockUse(needs: Needs): Record<string, string> {
  return Object.fromEntries([...needs].map(([id, micros]) => [id, formatQuantity(micros)]));
}

/** A dish with all its modifiers may take more than can be posted. @throws Error when a stored text is no quantity. */
export function fromStockUse(stockUse: StockUse): Map<string, Micros> {
  return new Map(
    Object.entries(stockUse).map(([id, text]) => {
      const micros = parseSum(text);
      if (micros === undefined) throw new Error(`an order line takes "${text}" of ${id}, which is no quantity`);
      return [id, micros];
    }),
  );
}

/** What lines take together: per-unit use times quantity, without voided lines and without zeros. */
export function sumNeeds(lines: readonly UsingLine[]): Map<string, Micros> {
  return needsBetween([], lines);
}

/**
 * What a change of an order's lines means for stock.
 * @returns above zero: to take; below zero: to give back; items that stay as they are do not appear
 */
export function needsBetween(before: readonly UsingLine[], after: readonly UsingLine[]): Map<string, Micros> {
  const total = new Map<string, Micros>();
  accumulate(total, before, -1n);
  accumulate(total, after, 1n);
  return new Map([...total].filter(([, micros]) => micros !== 0n));
}

/**
 * What needs cost. An item of unknown cost counts as free.
 * @param costs per stock unit
 */
export function costOf(needs: Needs, costs: ReadonlyMap<string, Ratio>): Ratio {
  let total = ZERO;
  for (const [id, micros] of needs) total = add(total, multiply(fromMicros(micros), costs.get(id) ?? ZERO));
  return total;
}

function accumulate(total: Map<string, Micros>, lines: readonly UsingLine[], sign: bigint): void {
  for (const { stockUse, quantity, voided } of lines) {
    if (voided) continue;
    const times = sign * BigInt(quantity);
    const needs = isNeeds(stockUse) ? stockUse : fromStockUse(stockUse);
    for (const [id, micros] of needs) total.set(id, (total.get(id) ?? 0n) + micros * times);
  }
}

function isNeeds(stockUse: Needs | StockUse): stockUse is Needs {
  return stockUse instanceof Map;
}
