/** Rows of files that hold a store room, read but not yet compared with what there is. Quantities and costs are decimal text. */
import type { StockPolicy } from '../../../domain/stock.js';
import type { ItemUnit } from '../../../domain/units.js';
import type { InventoryRepository } from '../../../repositories/InventoryRepository.js';
import type { InventoryService } from '../../InventoryService.js';

/** The owners of what rows become. */
export interface StockDoor {
  repository: InventoryRepository;
  inventory: InventoryService;
}

/** Page size that fetches a whole list: more than any restaurant has. */
export const ALL = 1_000_000;

interface Row {
  /** Physical line of the file. */
  line: number;
}

export interface ItemRow extends Row {
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

/** What a recipe is of, as a file names it. */
export interface RecipeName {
  dish: string | undefined;
  variant: string | undefined;
  modifier: string | undefined;
  preparation: string | undefined;
}

/** One ingredient of a recipe. */
export interface IngredientRow extends Row, RecipeName {
  yield: string | undefined;
  yieldUnit: string | undefined;
  ingredient: string;
  quantity: string;
  unit: string | undefined;
  wastePercent: string;
}

export interface OpeningRow extends Row {
  item: string;
  quantity: string;
  unit: string | undefined;
  /** Minor units for one `unit`. */
  unitCost: string | undefined;
  location: string | undefined;
}

export interface RowFault {
  line: number;
  reason: string;
}

/** What became of rows. */
export interface TakeoverCounts {
  created: number;
  changed: number;
  skipped: number;
  locationsCreated: number;
}

export class Takeover {
  readonly counts: TakeoverCounts = { created: 0, changed: 0, skipped: 0, locationsCreated: 0 };
  readonly faults: RowFault[] = [];

  fault({ line }: Row, reason: string): void {
    this.faults.push({ line, reason });
  }
}
