/** Lines of a request that name inventory items, in any unit of the item. */
import type { Tx } from '../../config/database.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { Needs } from '../../domain/inventory/needs.js';
import type { Micros } from '../../domain/number/quantity.js';
import type { StockItem } from '../../domain/inventory/recipe.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';
import type { StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import { inStockUnits } from '../inventory/movementRules.js';

export interface ItemLineInput {
  inventoryItemId: string;
  /** Decimal text. */
  quantity: string;
  /** The stock unit of the item if absent. */
  unit?: string | undefined;
}

/** A line converted to stock units. */
export interface ItemLine {
  item: StockItem;
  quantity: Micros;
}

/** The stock that one line of a request takes. */
export interface TakingLine {
  pointer: string;
  needs: Needs;
}

/**
 * Reads lines that each name one item, no item twice.
 * @param isKnown returns true for deleted items that are still allowed.
 * @throws AppError not_found, invalid_request, each with its pointer.
 */
export async function readItemLines(
  repository: StockTakingRepository,
  restaurantId: string,
  tx: Tx,
  lines: readonly ItemLineInput[],
  isKnown: (itemId: string) => boolean = () => false,
): Promise<ItemLine[]> {
  const ids = lines.map((line) => line.inventoryItemId);
  const items = await repository.findItems(restaurantId, tx, ids);
  return lines.map(({ inventoryItemId, quantity, unit }, index) => {
    const item = items.get(inventoryItemId);
    const pointer = `/lines/${index}`;
    if (!item || (item.isDeleted && !isKnown(item.id))) throw notFound('inventory item', `${pointer}/inventoryItemId`);
    if (ids.indexOf(inventoryItemId) < index)
      throw invalid(`${pointer}/inventoryItemId`, 'This item already has a line. Send one line for each item.');
    return { item, quantity: inStockUnits(item, quantity, unit, pointer) };
  });
}

/** Adds the affected request lines to a shortage. */
export function shortageAt(lines: readonly TakingLine[]): (error: unknown) => never {
  return (error) => {
    throw error instanceof StockShortage ? error.at(lines) : error;
  };
}

/** Runs `work` for one line, and makes the pointers of its errors relative to the request. */
export async function atPlace<T>(pointer: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) throw error;
    const errors = error.errors.map((one) => ({ ...one, pointer: pointer + one.pointer }));
    throw new AppError(error.code, error.message, { errors, cause: error });
  }
}
