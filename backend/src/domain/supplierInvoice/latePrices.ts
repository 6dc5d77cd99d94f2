/** Goods that came before their invoice: what the invoice says that they have cost. */
import type { Total } from '../number/money.js';
import { type Micros, parseQuantity, toMicros } from '../number/quantity.js';
import { add, divide, multiply, type Ratio, ratioOf, ZERO } from '../number/ratio.js';

/** One item of a posted document, as stored. Quantities and costs are decimal text. */
export interface Revaluation {
  inventoryItemId: string;
  /** Goods of the receipt that the invoice prices. */
  quantity: string;
  receivedUnitCost: string;
  invoicedUnitCost: string;
  /** Of them, what was in stock and got the new cost. */
  heldQuantity: string;
  /** Minor units that the stock became worth more. */
  stockValue: Total;
  /** The rest of the difference, for goods that were gone. */
  variance: Total;
  /** The whole stock of the item then, and its average cost before and after. */
  stockQuantity: string;
  averageBefore: string;
  averageAfter: string;
}

export interface PricedGoods {
  inventoryItemId: string;
  stockQuantity: string;
  unitCost: string;
}

export interface LatePrice {
  inventoryItemId: string;
  quantity: Micros;
  receivedUnitCost: Micros;
  invoicedUnitCost: Micros;
}

interface Sums {
  quantity: Ratio;
  value: Ratio;
}

/**
 * Compares by item what a receipt has booked with what an invoice states.
 * @param priced quantities of the receipt that other invoices have priced, by item.
 * @returns items whose cost differs; never more of one than came.
 */
export function latePrices(
  received: readonly PricedGoods[],
  invoiced: readonly PricedGoods[],
  priced: ReadonlyMap<string, Micros>,
): LatePrice[] {
  const came = sumsOf(received);
  return Array.from(sumsOf(invoiced), ([inventoryItemId, stated]): LatePrice[] => {
    const booked = came.get(inventoryItemId);
    if (!booked) return [];
    const open = toMicros(booked.quantity) - (priced.get(inventoryItemId) ?? 0n);
    const asked = toMicros(stated.quantity);
    const quantity = asked < open ? asked : open;
    const [receivedUnitCost, invoicedUnitCost] = [booked, stated].map((sums) =>
      toMicros(divide(sums.value, sums.quantity)),
    );
    if (quantity <= 0n || receivedUnitCost === undefined || invoicedUnitCost === undefined) return [];
    return receivedUnitCost === invoicedUnitCost
      ? []
      : [{ inventoryItemId, quantity, receivedUnitCost, invoicedUnitCost }];
  }).flat();
}

/** Of goods that came; returns have left at the average cost. */
function sumsOf(goods: readonly PricedGoods[]): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { inventoryItemId, stockQuantity, unitCost } of goods) {
    const quantity = ratioOf(stockQuantity);
    if (quantity.numerator <= 0n) continue;
    const before = sums.get(inventoryItemId) ?? { quantity: ZERO, value: ZERO };
    const value = multiply(quantity, ratioOf(unitCost));
    sums.set(inventoryItemId, { quantity: add(before.quantity, quantity), value: add(before.value, value) });
  }
  return sums;
}

/** Quantities that documents have priced already, by item. */
export function pricedBy(revaluations: readonly Revaluation[]): Map<string, Micros> {
  const priced = new Map<string, Micros>();
  for (const { inventoryItemId, quantity } of revaluations)
    priced.set(inventoryItemId, (priced.get(inventoryItemId) ?? 0n) + (parseQuantity(quantity) ?? 0n));
  return priced;
}
