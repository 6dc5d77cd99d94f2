/** An import of another till's orders, or of stock data: its state and its result. */
import type { Total } from '../number/money.js';

export const IMPORT_KINDS = ['orders', 'inventory_items', 'recipes', 'opening_stock'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/**
 * `interrupted`: it sent no heartbeat for a minute. Run it again: data already stored is skipped.
 */
export const IMPORT_STATUSES = ['processing', 'completed', 'failed', 'interrupted'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** A skipped row. */
export interface ImportFault {
  file: string;
  /** Physical line, from 1. */
  line: number;
  reason: string;
}

/** Counts of what an import stored; for a dry run, of what it would store. */
export interface ImportCounts {
  ordersCreated: number;
  /** Orders that were stored earlier with faulty rows and that this file completes. */
  ordersCompleted: number;
  /** Orders that already existed. */
  ordersSkipped: number;
  linesCreated: number;
  units: number;
  revenue: Total;
  menuItemsCreated: number;
  modifiersCreated: number;
  /** Orders that took their ingredients from stock. */
  ordersDepleted: number;
  /** Lines, of imports that deplete stock, whose dish has no recipe. */
  linesWithoutRecipe: number;
  /** For the other kinds: items, recipes, or items with their opening stock. */
  created: number;
  changed: number;
  /** Already existing and left unchanged. */
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
  /** Data rows of the file, including faulty ones, without blank lines and headings. */
  rows: number;
  faultyRows: number;
  /** The first of the faulty rows. */
  errors: ImportFault[];
  /** Reason of a failed import. */
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

/** State of a stored order, for a comparison with the file. */
export interface StoredOrder {
  isUntouched: boolean;
  lines: number;
  faultyRows: number;
}

export type ImportAction = 'create' | 'complete' | 'skip';

/**
 * Action for an order of the file. A stored order stays, unless it was stored with faulty rows,
 * nobody has changed it since, and this file has fewer faulty rows for it and not fewer rows in
 * total: then the file was corrected.
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
