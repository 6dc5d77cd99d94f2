/** What a person writes of items, in the units that the items have. */
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
  /** The item's stock unit, if absent. */
  unit?: string | undefined;
}

/** A line in stock units. */
export interface ItemLine {
  item: StockItem;
  quantity: Micros;
}

/** What a line of a request takes from stock. */
export interface TakingLine {
  pointer: string;
  needs: Needs;
}

/**
 * Reads lines that each name an item, no item twice.
 * @param isKnown says which deleted items may still be named.
 * @throws AppError not_found, invalid_request, each with its place.
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
      throw invalid(`${pointer}/inventoryItemId`, 'This item has a line already: write one line an item.');
    return { item, quantity: inStockUnits(item, quantity, unit, pointer) };
  });
}

/** Makes a refusal name the lines that it is for. */
export function shortageAt(lines: readonly TakingLine[]): (error: unknown) => never {
  return (error) => {
    throw error instanceof StockShortage ? error.at(lines) : error;
  };
}

/** Runs what speaks of one line, and makes its refusals point at the line's place in the request. */
export async function atPlace<T>(pointer: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) throw error;
    const errors = error.errors.map((one) => ({ ...one, pointer: pointer + one.pointer }));
    throw new AppError(error.code, error.message, { errors, cause: error });
  }
}
