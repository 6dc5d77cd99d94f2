/** State of a running import: its progress, what it stored and which rows it skipped. */
import { LONG_DEADLINE_MS, type Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import {
  type ImportCounts,
  type ImportFault,
  MAX_STORED_FAULTS,
  NOTHING_IMPORTED,
} from '../../domain/import/import.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { ImportRepository } from '../../repositories/ImportRepository.js';
import type { Clock } from '../../utils/clock.js';
import { Pace } from '../../utils/turns.js';
import type { BusinessDayService } from '../BusinessDayService.js';
import type { InventoryService } from '../InventoryService.js';
import type { StockDoor } from '../inventory/takeover/takeoverRows.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Mapping } from '../../formats/csv/orderMapping.js';

export interface ImportProgressReport {
  phase: 'reading' | 'storing';
  /** Bytes read, or orders stored. */
  done: number;
  total: number;
  rows: number;
  faultyRows: number;
}

export interface ImportJob<M = Mapping> {
  id: string;
  call: Call;
  fileName: string;
  fileBytes: number;
  mapping: M;
  dryRun: boolean;
  settings: RestaurantSettings;
  onProgress: (report: ImportProgressReport) => void;
  /** Stops the import between two steps. */
  signal: AbortSignal | undefined;
}

export interface ImportDependencies {
  unitOfWork: UnitOfWork;
  repository: ImportRepository;
  businessDays: BusinessDayService;
  inventory: InventoryService;
  /** Stores the rows of a stock import. */
  stock: StockDoor;
  clock: Clock;
}

/** @typeParam M the mapping of this kind of import. */
export class ImportJournal<M = Mapping> {
  readonly job: ImportJob<M>;
  readonly deps: ImportDependencies;
  /** Checked in every loop over rows. */
  readonly pace: Pace;
  readonly #errors: ImportFault[] = [];
  #rows = 0;
  #faultyRows = 0;
  #counts: ImportCounts = { ...NOTHING_IMPORTED };
  #sentErrors = 0;
  #savedErrors = 0;

  constructor(job: ImportJob<M>, deps: ImportDependencies) {
    this.job = job;
    this.deps = deps;
    this.pace = new Pace(job.call.restaurantId);
  }

  get counts(): ImportCounts {
    return this.#counts;
  }

  /** Called after the transaction of the counted changes, when they are certain. */
  add(counts: Partial<ImportCounts>): void {
    this.#counts = { ...this.#counts, ...counts };
  }

  get rows(): number {
    return this.#rows;
  }

  countRow(): void {
    this.#rows += 1;
  }

  /** @param rows number of rows that share the fault; `line` is the first of them. */
  fault(line: number, reason: string, rows = 1): void {
    this.#faultyRows += rows;
    if (this.#errors.length < MAX_STORED_FAULTS) this.#errors.push({ file: this.job.fileName, line, reason });
  }

  report(phase: ImportProgressReport['phase'], done: number, total: number): void {
    this.job.onProgress({ phase, done, total, rows: this.#rows, faultyRows: this.#faultyRows });
  }

  /** Runs one step of the import in a transaction of its own, which commits before it resolves. */
  async step<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.job.signal?.throwIfAborted();
    const result = await this.deps.unitOfWork.step(this.job.call, work, { deadlineMs: LONG_DEADLINE_MS });
    this.#savedErrors = this.#sentErrors;
    return result;
  }

  /** Same as `step`, but nothing is kept of it. */
  rehearse<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.job.signal?.throwIfAborted();
    return this.deps.unitOfWork.rehearse(this.job.call, work, { deadlineMs: LONG_DEADLINE_MS });
  }

  /**
   * Saves the progress of the import, which also shows that it is alive.
   * @param counts if different from the current ones.
   */
  async save(tx: Tx, counts: ImportCounts = this.#counts): Promise<void> {
    const { id, call } = this.job;
    const errors = this.#errors.length > this.#savedErrors ? this.#errors : undefined;
    const progress = { ...counts, rows: this.#rows, faultyRows: this.#faultyRows, errors };
    await this.deps.repository.saveProgress(call.restaurantId, tx, id, progress, this.deps.clock());
    this.#sentErrors = this.#errors.length;
  }

  refreshStatistics(): Promise<void> {
    return this.step((tx) => this.deps.repository.refreshStatistics(tx));
  }
}
