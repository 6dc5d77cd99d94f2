/** An import of another till's orders, or of a store room: what it is told by and what came of it. */
import type { Total } from '../number/money.js';

export const IMPORT_KINDS = ['orders', 'inventory_items', 'recipes', 'opening_stock'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** `interrupted`: it gave no sign of life for a minute. Run it again: what is stored is skipped. */
export const IMPORT_STATUSES = ['processing', 'completed', 'failed', 'interrupted'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** A row that was left out. */
export interface ImportFault {
  file: string;
  /** Physical line, from 1. */
  line: number;
  reason: string;
}

/** What an import has stored; of a dry run, what it would store. */
export interface ImportCounts {
  ordersCreated: number;
  /** Orders stored earlier with faulty rows, of which this file has more. */
  ordersCompleted: number;
  /** Orders that were there already. */
  ordersSkipped: number;
  linesCreated: number;
  units: number;
  revenue: Total;
  menuItemsCreated: number;
  modifiersCreated: number;
  /** Orders that took their ingredients from stock. */
  ordersDepleted: number;
  /** Lines of such imports whose dish has no recipe. */
  linesWithoutRecipe: number;
  /** Of the other kinds: items, recipes, or items with their opening stock. */
  created: number;
  changed: number;
  /** There already, and left as they are. */
  skipped: number;
  locationsCreated: number;
}

export interface Import extends ImportCounts {
  id: string;
  kind: ImportKind;
  status: ImportStatus;
  dryRun: boolean;
  fileName: string;
  source: string;
  currency: string;
  /** Data rows of the file, faulty ones included; blank lines and headings are none. */
  rows: number;
  faultyRows: number;
  /** The first of the faulty rows. */
  errors: ImportFault[];
  /** Why it failed. */
  failure: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export const NOTHING_IMPORTED: Readonly<ImportCounts> = {
  ordersCreated: 0,
  ordersCompleted: 0,
  ordersSkipped: 0,
  linesCreated: 0,
  units: 0,
  revenue: 0,
  menuItemsCreated: 0,
  modifiersCreated: 0,
  ordersDepleted: 0,
  linesWithoutRecipe: 0,
  created: 0,
  changed: 0,
  skipped: 0,
  locationsCreated: 0,
};

export const MAX_STORED_FAULTS = 1000;

/** What a stored order has, and what the file at hand has for it. */
export interface StoredOrder {
  isUntouched: boolean;
  lines: number;
  faultyRows: number;
}

export type ImportAction = 'create' | 'complete' | 'skip';

/**
 * What becomes of an order. One that is stored stays, unless it was stored with faulty rows, nobody has touched it since,
 * and this file has fewer faulty rows for it without having fewer rows: then the file was mended.
 */
export function importAction(
  stored: StoredOrder | undefined,
  file: { lines: number; faultyRows: number },
): ImportAction {
  if (!stored) return 'create';
  const isMended =
    file.faultyRows < stored.faultyRows && file.lines + file.faultyRows >= stored.lines + stored.faultyRows;
  return isMended && stored.isUntouched ? 'complete' : 'skip';
}
