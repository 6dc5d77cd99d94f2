/** The stock movements and prices of the lines of a goods receipt. */
import { createHash } from 'node:crypto';
import { invalid } from '../../domain/shared/errors.js';
import type { GoodsReceiptLine } from '../../domain/purchasing/goodsReceipt.js';
import { type Micros, parseQuantity } from '../../domain/number/quantity.js';
import type { PaidPrice } from '../../repositories/PurchasingRepository.js';

/** A movement in the form of the ledger. */
interface StockMove {
  inventoryItemId: string;
  kind: 'receipt';
  /** Positive: into stock. */
  quantity: Micros;
  /** Absent: the cost at which the goods are in stock. */
  unitCost?: string;
  locationId: string | null;
  reason: string | null;
}

export function moveIn(line: GoodsReceiptLine, reason: string | null): StockMove {
  const { inventoryItemId, unitCost, locationId } = line;
  return { inventoryItemId, kind: 'receipt', quantity: stockQuantityOf(line), unitCost, locationId, reason };
}

/**
 * The reverse of `moveIn`.
 * @param locationId the location of the stock; null: the location of the item.
 */
export function moveOut(line: GoodsReceiptLine, locationId: string | null, reason: string): StockMove {
  const { inventoryItemId, unitCost } = line;
  return { inventoryItemId, kind: 'receipt', quantity: -stockQuantityOf(line), unitCost, locationId, reason };
}

/**
 * Groups moves into as few rounds as possible, with each item at most once in a round: a version of
 * a source moves an item once each way, so two lines of an item need two versions.
 */
export function roundsOf(moves: readonly StockMove[]): StockMove[][] {
  const rounds: StockMove[][] = [];
  const seen = new Map<string, number>();
  for (const move of moves) {
    const round = seen.get(move.inventoryItemId) ?? 0;
    seen.set(move.inventoryItemId, round + 1);
    rounds[round] = [...(rounds[round] ?? []), move];
  }
  return rounds;
}

/** Moves into stock, and moves out of it: each posts under a source of its own. */
export function splitMoves(moves: readonly StockMove[]): { coming: StockMove[]; leaving: StockMove[] } {
  return {
    coming: moves.filter(({ quantity }) => quantity > 0n),
    leaving: moves.filter(({ quantity }) => quantity < 0n),
  };
}

/**
 * Returned goods leave at the average cost: a supplier credits any price for them, and a cost of
 * what is left would follow from it. At a higher price it could even be negative.
 */
export function atStockCost({ unitCost: _credited, ...move }: StockMove): StockMove {
  return move;
}

/**
 * Source of the goods that leave with a delivery, made from the id of its receipt. One source moves
 * an item once each way, and its reversal needs the other way.
 */
export function returnsOf(receiptId: string): string {
  const hex = createHash('sha256').update(`returns of ${receiptId}`).digest('hex');
  // Version 8 of RFC 9562: an id by a rule of one's own.
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** One price for each unit of an item: the later line wins. */
export function paidPrices(lines: readonly (PaidPrice & { quantity: string })[]): PaidPrice[] {
  const bought = lines.filter(({ quantity }) => !quantity.startsWith('-'));
  const prices = bought.map(({ inventoryItemId, unit, unitPrice }) => ({ inventoryItemId, unit, unitPrice }));
  return [...new Map(prices.map((price) => [`${price.inventoryItemId} ${price.unit}`, price])).values()];
}

function stockQuantityOf({ stockQuantity }: GoodsReceiptLine): Micros {
  return parseQuantity(stockQuantity) ?? 0n;
}

/**
 * Refuses two locations for one item: all of it is taken from one place.
 * @throws AppError invalid_request.
 */
export function assertNamedOnce(takeFrom: readonly { inventoryItemId: string }[]): void {
  const items = takeFrom.map(({ inventoryItemId }) => inventoryItemId);
  const again = items.findIndex((item, index) => items.indexOf(item) < index);
  if (again < 0) return;
  throw invalid(
    `/takeFrom/${again}/inventoryItemId`,
    'All of an item must leave from one location. Name it once, and move its stock there first.',
  );
}
