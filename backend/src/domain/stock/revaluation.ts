/**
 * Gives stock another cost after it came, and takes that back: moving averages, exactly. Quantities
 * are in millionths of the stock unit, costs in millionths of a minor unit for one stock unit.
 */
import { type Total, totalOf } from '../number/money.js';
import { type Micros, ONE_IN_MICROS } from '../number/quantity.js';
import { ratio, rounded } from '../number/ratio.js';

export interface HeldStock {
  quantity: Micros;
  average: Micros;
}

export interface CostChange {
  /** Goods whose cost changes. */
  quantity: Micros;
  /** For one unit of them, signed. */
  change: Micros;
}

export interface Revalued {
  /** Of the goods, what is in stock. The rest is gone at the old cost. */
  held: Micros;
  average: Micros;
  /** Rise of the stock's value, in minor units. */
  stockValue: Total;
  /** The rest of the difference: it belongs to goods that are gone. */
  variance: Total;
}

/**
 * Stock of a moving average is one pool: as much of the goods counts as held as there is in stock.
 * A cost does not fall below zero; what is left of the difference is variance.
 */
export function revalued(stock: HeldStock, { quantity, change }: CostChange): Revalued {
  const present = stock.quantity > 0n ? stock.quantity : 0n;
  const held = quantity < present ? quantity : present;
  const lowered = stock.average + divided(held * change, present);
  const average = lowered > 0n ? lowered : 0n;
  const stockValue = minorOf(present * (average - stock.average));
  const variance = totalOf(minorOf(quantity * change) - stockValue);
  return { held, average, stockValue: totalOf(stockValue), variance };
}

/**
 * The average without a revaluation, after other movements.
 * @param before and after: the stock at the revaluation, and its average right after it.
 * @param since quantities of the later movements of the item, in their order.
 */
export function withoutRevaluation(
  stock: HeldStock,
  before: HeldStock,
  after: Micros,
  since: readonly Micros[],
): Micros {
  // Goods that leave take their part of the pool and do not change the average.
  if (stock.average === after) return before.average;
  if (stock.quantity <= 0n) return stock.average;
  const left =
    stock.average - divided(leftOf(before.quantity * (after - before.average), before.quantity, since), stock.quantity);
  return left > 0n ? left : 0n;
}

/** Of a value in the pool, what the later movements have left in it. */
function leftOf(value: bigint, quantity: Micros, since: readonly Micros[]): bigint {
  let [left, present] = [value * PRECISE, quantity];
  for (const moved of since) {
    const next = present + moved;
    if (next <= 0n) return 0n;
    if (moved < 0n) left = (left * next) / present;
    present = next;
  }
  return divided(left, PRECISE);
}

/** Thousands of later movements round less than a millionth together. */
const PRECISE = 10n ** 12n;

function divided(value: bigint, by: bigint): bigint {
  return by === 0n ? 0n : rounded(ratio(value, by));
}

function minorOf(value: bigint): bigint {
  return divided(value, ONE_IN_MICROS * ONE_IN_MICROS);
}
