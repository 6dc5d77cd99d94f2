/** What stands in the store room, and how it is told apart from what is in the books. */
import type { Edited } from '../shared/edited.js';
import { parseQuantity } from '../number/quantity.js';
import type { Recipe } from './recipe.js';
import { isLow, type MovementKind, type StockPolicy } from '../stock/stock.js';
import type { ItemUnit } from './units.js';

export interface StockLocation extends Edited {
  name: string;
}

/** Quantities are decimal text in the stock unit; costs decimal text in minor units of the currency per stock unit. */
export interface InventoryItem extends Edited {
  name: string;
  unit: string;
  units: ItemUnit[];
  policy: StockPolicy;
  /** Where it stands and is sold from. */
  locationId: string | null;
  reorderPoint: string;
  parLevel: string | null;
  /** All of it, wherever it stands. */
  currentQuantity: string;
  /** Moving average. */
  averageCost: string;
}

/** Whether there is less of an item than its reorder point. */
export function isItemLow({ currentQuantity, reorderPoint }: InventoryItem): boolean {
  return isLow(parseQuantity(currentQuantity) ?? 0n, parseQuantity(reorderPoint) ?? 0n);
}

export interface StoredRecipe extends Edited, Recipe {
  /** What a preparation is kept in stock as. */
  outputItemId: string | null;
}

/** One line of the ledger. */
export interface StockMovement {
  id: string;
  inventoryItemId: string;
  kind: MovementKind;
  /** Decimal text, into stock when positive. */
  quantity: string;
  /** Minor units per stock unit, decimal text. */
  unitCost: string;
  locationId: string | null;
  source: { kind: string; id: string; version: number };
  reason: string | null;
  businessDate: string;
  occurredAt: string;
  createdBy: string;
  createdAt: string;
}
