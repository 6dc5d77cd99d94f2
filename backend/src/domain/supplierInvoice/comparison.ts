/** What a reviewer compares: order, delivery and earlier prices with what the invoice states. */
import { toMinor } from '../number/exactMoney.js';
import { formatQuantity, fromMicros, parseQuantity, toMicros } from '../number/quantity.js';
import { add, compare, divide, multiply, type Ratio, ratio, ratioOf, subtract, ZERO } from '../number/ratio.js';
import { type StockUnits, unitFactor } from '../inventory/units.js';
import type { PostedLine } from './posting.js';

/** Quantities are in the stock unit; costs are minor units for one stock unit. */
export interface ComparedGoods {
  inventoryItemId: string;
  ordered: string | null;
  received: string | null;
  invoiced: string;
  orderedUnitCost: string | null;
  invoicedUnitCost: string;
  /**
   * What to ask back, in minor units: goods that did not come, and prices above the agreed ones.
   */
  credit: number;
  reasons: ('short' | 'dearer' | 'not_ordered')[];
}

interface Ordered {
  inventoryItemId: string;
  quantity: string;
  unit: string;
  unitPrice: number | null;
  itemUnit: string;
  units: StockUnits['units'];
}

interface Sums {
  quantity: Ratio;
  value: Ratio;
}

/**
 * Compares by item. @param received undefined when the goods come with this invoice: then they are
 * what it states.
 */
export function compareLines(
  ordered: readonly Ordered[],
  received: readonly { inventoryItemId: string; stockQuantity: string }[] | undefined,
  invoiced: readonly PostedLine[],
): ComparedGoods[] {
  const stated = sumByItem(invoiced);
  const agreed = sumOfOrder(ordered);
  return Array.from(stated, ([inventoryItemId, goods]) => {
    const order = agreed.get(inventoryItemId);
    const came = received?.find((one) => one.inventoryItemId === inventoryItemId)?.stockQuantity;
    const arrived = received === undefined ? goods.quantity : ratioOf(came ?? '0');
    const cost = goods.quantity.numerator === 0n ? ZERO : divide(goods.value, goods.quantity);
    const short = positive(subtract(goods.quantity, arrived));
    const dearer = order?.cost ? positive(subtract(cost, order.cost)) : ZERO;
    const credit = add(multiply(short, cost), multiply(dearer, subtract(goods.quantity, short)));
    return {
      inventoryItemId,
      ordered: order ? text(order.quantity) : null,
      received: received === undefined ? null : text(arrived),
      invoiced: text(goods.quantity),
      orderedUnitCost: order?.cost ? text(order.cost) : null,
      invoicedUnitCost: text(cost),
      credit: toMinor(credit),
      reasons: [
        ...(short.numerator > 0n ? (['short'] as const) : []),
        ...(toMicros(dearer) > 0n ? (['dearer'] as const) : []),
        ...(ordered.length > 0 && !order ? (['not_ordered'] as const) : []),
      ],
    };
  });
}

function sumByItem(lines: readonly PostedLine[]): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { inventoryItemId, stockQuantity, unitCost } of lines) {
    const before = sums.get(inventoryItemId) ?? { quantity: ZERO, value: ZERO };
    const quantity = ratioOf(stockQuantity);
    const value = multiply(quantity, ratioOf(unitCost));
    sums.set(inventoryItemId, { quantity: add(before.quantity, quantity), value: add(before.value, value) });
  }
  return sums;
}

function sumOfOrder(lines: readonly Ordered[]): Map<string, { quantity: Ratio; cost: Ratio | undefined }> {
  return new Map(
    lines.flatMap(({ inventoryItemId, quantity, unit, unitPrice, itemUnit, units }) => {
      const factor = unitFactor({ unit: itemUnit, units }, unit);
      if (!factor) return [];
      const cost = unitPrice === null ? undefined : divide(ratio(BigInt(unitPrice)), factor);
      return [[inventoryItemId, { quantity: multiply(fromMicros(parseQuantity(quantity) ?? 0n), factor), cost }]];
    }),
  );
}

export interface PriceChange {
  position: number;
  inventoryItemId: string;
  /** Minor units for one stock unit. */
  previousUnitCost: string;
  unitCost: string;
  /** Change in percent of the previous cost, decimal text. */
  percent: string;
  isRise: boolean;
}

/** @returns undefined when the cost is the same or the previous one is not known. */
export function priceChangeOf(line: PostedLine, previousUnitCost: string): PriceChange | undefined {
  const [before, now] = [ratioOf(previousUnitCost), ratioOf(line.unitCost)];
  if (before.numerator <= 0n || compare(before, now) === 0) return undefined;
  const percent = divide(multiply(subtract(now, before), ratio(100n)), before);
  const { position, inventoryItemId, unitCost } = line;
  const rounded = formatQuantity(toMicros(percent)).replace(/(\.\d{2})\d+$/, '$1');
  return { position, inventoryItemId, previousUnitCost, unitCost, percent: rounded, isRise: compare(now, before) > 0 };
}

function positive(value: Ratio): Ratio {
  return value.numerator > 0n ? value : ZERO;
}

function text(value: Ratio): string {
  return formatQuantity(toMicros(value));
}
