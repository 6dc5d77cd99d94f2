/** What the lines of a goods receipt move in stock, and what they tell of prices. */
import { invalid } from '../../domain/shared/errors.js';
import type { GoodsReceiptLine } from '../../domain/purchasing/goodsReceipt.js';
import { type Micros, parseQuantity } from '../../domain/number/quantity.js';
import type { PaidPrice } from '../../repositories/PurchasingRepository.js';

/** As the ledger takes it. */
interface StockMove {
  inventoryItemId: string;
  kind: 'receipt';
  /** Into stock when positive. */
  quantity: Micros;
  unitCost: string;
  locationId: string | null;
  reason: string | null;
}

export function moveIn(line: GoodsReceiptLine, reason: string | null): StockMove {
  const { inventoryItemId, unitCost, locationId } = line;
  return { inventoryItemId, kind: 'receipt', quantity: stockQuantityOf(line), unitCost, locationId, reason };
}

/** The opposite. @param locationId where it stands; null: at the item's own location. */
export function moveOut(line: GoodsReceiptLine, locationId: string | null, reason: string): StockMove {
  const { inventoryItemId, unitCost } = line;
  return { inventoryItemId, kind: 'receipt', quantity: -stockQuantityOf(line), unitCost, locationId, reason };
}

/**
 * Moves in as few rounds as there can be with no item twice in one: each state of a source moves an item once each way, and
 * two lines of an item are two states.
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

/** One price for each unit of an item: of two lines the later one's. */
export function paidPrices(lines: readonly GoodsReceiptLine[]): PaidPrice[] {
  const prices = lines.map(({ inventoryItemId, unit, unitPrice }) => ({ inventoryItemId, unit, unitPrice }));
  return [...new Map(prices.map((price) => [`${price.inventoryItemId} ${price.unit}`, price])).values()];
}

function stockQuantityOf({ stockQuantity }: GoodsReceiptLine): Micros {
  return parseQuantity(stockQuantity) ?? 0n;
}

/** All of an item is taken from one place. @throws AppError invalid_request. */
export function assertNamedOnce(takeFrom: readonly { inventoryItemId: string }[]): void {
  const items = takeFrom.map(({ inventoryItemId }) => inventoryItemId);
  const again = items.findIndex((item, index) => items.indexOf(item) < index);
  if (again < 0) return;
  throw invalid(
    `/takeFrom/${again}/inventoryItemId`,
    'All of an item is taken from one place: name it once, and carry it there first.',
  );
}
