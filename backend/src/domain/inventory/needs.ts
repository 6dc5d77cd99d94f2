/**
 * Stock use of sales, as maps from inventory item to millionths of its stock unit. An order line
 * stores the use of one of its units as plain JSON (`stockUse`), fixed at ordering: a later recipe
 * change does not change the quantity that a void gives back.
 */
import { formatQuantity, fromMicros, type Micros, parseSum } from '../number/quantity.js';
import { add, multiply, type Ratio, ZERO } from '../number/ratio.js';

/** Inventory item id to Micros of its stock unit. */
export type Needs = ReadonlyMap<string, Micros>;

/** Inventory item id to decimal text, per one unit of an order line. */
export type StockUse = Readonly<Record<string, string>>;

/** The parts of an order line that affect stock. A voided line takes nothing. */
export interface UsingLine {
  stockUse: Needs | StockUse;
  quantity: number;
  voided: boolean;
}

/** The form stored on an order line. */
export function toStockUse(needs: Needs): Record<string, string> {
  return Object.fromEntries([...needs].map(([id, micros]) => [id, formatQuantity(micros)]));
}

/**
 * Accepts more than one movement may post: a dish with all its modifiers may need that much.
 * @throws Error when a stored text is not a quantity
 */
export function fromStockUse(stockUse: StockUse): Map<string, Micros> {
  return new Map(
    Object.entries(stockUse).map(([id, text]) => {
      const micros = parseSum(text);
      if (micros === undefined) throw new Error(`an order line takes "${text}" of ${id}, which is not a quantity`);
      return [id, micros];
    }),
  );
}

/**
 * The use of `part` of a thing that uses this as `whole`, rounded half away from zero to
 * millionths.
 */
export function scaledUse(stockUse: StockUse, part: Micros, whole: Micros): Record<string, string> {
  const scaled = [...fromStockUse(stockUse)].map(([id, micros]): [string, Micros] => [
    id,
    (2n * micros * part + whole) / (2n * whole),
  ]);
  return toStockUse(new Map(scaled.filter(([, micros]) => micros !== 0n)));
}

/** Total needs of lines: per-unit use times quantity, without voided lines and without zeros. */
export function sumNeeds(lines: readonly UsingLine[]): Map<string, Micros> {
  return needsBetween([], lines);
}

/**
 * Stock effect of a change of an order's lines.
 * @returns positive: to take; negative: to give back; unchanged items are left out
 */
export function needsBetween(before: readonly UsingLine[], after: readonly UsingLine[]): Map<string, Micros> {
  const times = new Map<Needs | StockUse, bigint>();
  count(times, before, -1n);
  count(times, after, 1n);
  const total = new Map<string, Micros>();
  for (const [stockUse, quantity] of times) if (quantity !== 0n) accumulate(total, stockUse, quantity);
  return new Map([...total].filter(([, micros]) => micros !== 0n));
}

/**
 * Cost of needs. An item of unknown cost counts as free.
 * @param costs per stock unit
 */
export function costOf(needs: Needs, costs: ReadonlyMap<string, Ratio>): Ratio {
  let total = ZERO;
  for (const [id, micros] of needs) total = add(total, multiply(fromMicros(micros), costs.get(id) ?? ZERO));
  return total;
}

/**
 * How often each use is taken. A line that stays as it is keeps its very object, and cancels out
 * unread.
 */
function count(times: Map<Needs | StockUse, bigint>, lines: readonly UsingLine[], sign: bigint): void {
  for (const { stockUse, quantity, voided } of lines)
    if (!voided) times.set(stockUse, (times.get(stockUse) ?? 0n) + sign * BigInt(quantity));
}

function accumulate(total: Map<string, Micros>, stockUse: Needs | StockUse, times: bigint): void {
  const needs = isNeeds(stockUse) ? stockUse : fromStockUse(stockUse);
  for (const [id, micros] of needs) total.set(id, (total.get(id) ?? 0n) + micros * times);
}

function isNeeds(stockUse: Needs | StockUse): stockUse is Needs {
  return stockUse instanceof Map;
}
