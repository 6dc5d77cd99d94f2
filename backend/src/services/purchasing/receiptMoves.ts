/** The stock movements and prices of the lines of a goods receipt. */
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
  unitCost: string;
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

/** One price for each unit of an item: the later line wins. */
export function paidPrices(lines: readonly GoodsReceiptLine[]): PaidPrice[] {
  const prices = lines.map(({ inventoryItemId, unit, unitPrice }) => ({ inventoryItemId, unit, unitPrice }));
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
