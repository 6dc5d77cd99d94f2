/**
 * Rows of stock data files, before they are compared with the stored data. Quantities and costs are
 * decimal text.
 */
import type { StockPolicy } from '../stock/stock.js';
import type { ItemUnit } from '../inventory/units.js';

export interface FileRow {
  /** Physical line of the file. */
  line: number;
}

export interface ItemRow extends FileRow {
  name: string;
  unit: string;
  units: ItemUnit[];
  reorderPoint: string | undefined;
  parLevel: string | undefined;
  /** Minor units for one stock unit. */
  unitCost: string | undefined;
  location: string | undefined;
  policy: StockPolicy | undefined;
}

/** Target of a recipe, as named in a file. */
export interface RecipeName {
  dish: string | undefined;
  variant: string | undefined;
  modifier: string | undefined;
  preparation: string | undefined;
}

/** One ingredient of a recipe. */
export interface IngredientRow extends FileRow, RecipeName {
  yield: string | undefined;
  yieldUnit: string | undefined;
  ingredient: string;
  quantity: string;
  unit: string | undefined;
  wastePercent: string;
}

export interface OpeningRow extends FileRow {
  item: string;
  quantity: string;
  unit: string | undefined;
  /** Minor units for one `unit`. */
  unitCost: string | undefined;
  location: string | undefined;
}
