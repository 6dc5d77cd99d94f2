/** Inventory items, stock locations, stored recipes and the stock ledger. */
import type { Edited } from '../shared/edited.js';
import { parseQuantity } from '../number/quantity.js';
import type { Recipe } from './recipe.js';
import { isLow, type MovementKind, type StockPolicy } from '../stock/stock.js';
import type { ItemUnit } from './units.js';

export interface StockLocation extends Edited {
  name: string;
}

/**
 * Quantities are decimal text in the stock unit. Costs are decimal text in minor units of the
 * currency per stock unit.
 */
export interface InventoryItem extends Edited {
  name: string;
  unit: string;
  units: ItemUnit[];
  policy: StockPolicy;
  /** Location where it is kept and from which sales take it. */
  locationId: string | null;
  reorderPoint: string;
  parLevel: string | null;
  /** Total over all locations. */
  currentQuantity: string;
  /** Moving average. */
  averageCost: string;
}

/** Whether an item's quantity is below its reorder point. */
export function isItemLow({ currentQuantity, reorderPoint }: InventoryItem): boolean {
  return isLow(parseQuantity(currentQuantity) ?? 0n, parseQuantity(reorderPoint) ?? 0n);
}

export interface StoredRecipe extends Edited, Recipe {
  /** Inventory item under which a preparation is kept in stock. */
  outputItemId: string | null;
}

/** One line of the ledger. */
export interface StockMovement {
  id: string;
  inventoryItemId: string;
  kind: MovementKind;
  /** Decimal text; positive when it adds to stock. */
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
