/** Outcome of a takeover: rows of a file that were stored, skipped or refused. */
import type { FileRow } from '../../../domain/import/takeover.js';
import type { InventoryRepository } from '../../../repositories/InventoryRepository.js';
import type { InventoryService } from '../../InventoryService.js';

/** The repository and service that store imported stock rows. */
export interface StockDoor {
  repository: InventoryRepository;
  inventory: InventoryService;
}

/** Page size that loads a whole list: more entries than any restaurant has. */
export const ALL = 1_000_000;

export interface RowFault {
  line: number;
  reason: string;
}

/** Counts of the rows by result. */
export interface TakeoverCounts {
  created: number;
  changed: number;
  skipped: number;
  locationsCreated: number;
}

export class Takeover {
  readonly counts: TakeoverCounts = { created: 0, changed: 0, skipped: 0, locationsCreated: 0 };
  readonly faults: RowFault[] = [];

  fault({ line }: FileRow, reason: string): void {
    this.faults.push({ line, reason });
  }
}
