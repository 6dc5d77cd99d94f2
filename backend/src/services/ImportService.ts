/** Imports the orders of another till, or stock data, from a file. */
import { Track } from '../decorators/Performance.js';
import { stat } from 'node:fs/promises';
import { LONG_DEADLINE_MS, type Tx } from '../config/database.js';
import { type Call, NO_RESTAURANT, systemCall } from '../domain/shared/call.js';
import { AppError, type ErrorCode, notFound } from '../domain/shared/errors.js';
import type { Import } from '../domain/import/import.js';
import type { ImportFilter, ListedImport, ImportRepository } from '../repositories/ImportRepository.js';
import { bindingOf, type Cursors, type Page, type PageOf } from '../utils/cursor.js';
import { FairQueue } from '../utils/fairQueue.js';
import type { Clock } from '../utils/clock.js';
import { newId } from '../utils/ids.js';
import { Pace } from '../utils/turns.js';
import { type ImportJob, ImportJournal, type ImportProgressReport } from './import/ImportJournal.js';
import { runImport } from './import/runImport.js';
import { importStock } from './import/importStock.js';
import { type KindMapping, namedColumnsOf } from '../formats/csv/stockMappings.js';
import { openFile } from '../formats/csv/source.js';
import type { BusinessDayService } from './BusinessDayService.js';
import type { InventoryService } from './InventoryService.js';
import type { StockDoor } from './inventory/takeover/takeoverRows.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

/** Imports of one restaurant at the same time: a third would only slow the others down. */
const AT_ONCE = 2;
const MAX_WAITING = 20;
const SILENCE_MS = 60_000;
/** Errors whose message already says what was stored. */
const SAYS_ALL = new Set<ErrorCode>(['invalid_request', 'insufficient_stock']);

export type ImportRequest = KindMapping & {
  /** Path of the file on this machine. The file must stay until the import ends. */
  path: string;
  /** The name that the caller gave the file; faults are reported under it. */
  fileName: string;
  /** Runs all steps but stores nothing. */
  dryRun: boolean;
  onProgress?: (report: ImportProgressReport) => void;
  /** Stops the import between two steps. */
  signal?: AbortSignal;
  /** Runs in the transaction that finishes the import. */
  onFinish?: (tx: Tx, importId: string) => Promise<void>;
};

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: ImportRepository;
  cursors: Cursors;
  restaurants: RestaurantService;
  businessDays: BusinessDayService;
  inventory: InventoryService;
  stock: StockDoor;
  clock: Clock;
}

export class ImportService {
  readonly #deps: Dependencies;
  readonly #gate = new FairQueue({
    atOnceEach: AT_ONCE,
    maxWaitingEach: MAX_WAITING,
    refusal: 'Too many imports of this restaurant are waiting. Nothing was stored; try again shortly.',
  });

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Imports a whole file. Orders that are already stored are skipped, so an interrupted or repeated
   * import adds nothing twice.
   * @throws AppError invalid_request when the mapping does not fit the file;
   * idempotency_key_in_use; overloaded.
   */
  @Track('imports.run')
  run(call: Call, request: ImportRequest): Promise<Import> {
    return this.#gate.run(call.restaurantId, async () => {
      const answered = await this.#deps.unitOfWork.storedAnswer<Import>(call);
      return answered ?? this.runWith(call, request);
    });
  }

  /** Same as `run`, for a caller that has its own limits and no Idempotency-Key. */
  @Track('imports.runWith')
  async runWith(call: Call, request: ImportRequest): Promise<Import> {
    const id = await this.#import(call, request);
    const finish = async (tx: Tx) => {
      const finished = await this.#finish(call, tx, id);
      await request.onFinish?.(tx, id);
      return finished;
    };
    return this.#deps.unitOfWork.run(call, finish, { deadlineMs: LONG_DEADLINE_MS });
  }

  /** Updates the planner's statistics of the tables that imports fill. */
  @Track('imports.refreshStatistics')
  refreshStatistics(): Promise<void> {
    const call = systemCall(NO_RESTAURANT, 'statistics');
    const refresh = (tx: Tx) => this.#deps.repository.refreshStatistics(tx);
    return this.#deps.unitOfWork.step(call, refresh, { deadlineMs: LONG_DEADLINE_MS });
  }

  /** @throws AppError not_found. */
  @Track('imports.get')
  get(call: Call, id: string): Promise<Import> {
    return this.#deps.unitOfWork.read(call, (tx) => this.#find(call, tx, id));
  }

  async #find(call: Call, tx: Tx, id: string): Promise<Import> {
    const found = await this.#deps.repository.find(call.restaurantId, tx, id, this.#aliveSince());
    if (!found) throw notFound('import');
    return found;
  }

  /** Newest first, without their faults. @throws AppError invalid_request for a foreign cursor. */
  @Track('imports.list')
  list(call: Call, filter: ImportFilter, { limit, cursor }: Page): Promise<PageOf<ListedImport>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = bindingOf(call.restaurantId, 'imports', filter);
    const beforeId = cursors.read(cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const page = { beforeId, limit, aliveSince: this.#aliveSince() };
      const rows = await repository.list(call.restaurantId, tx, filter, page);
      return cursors.page(rows, limit, binding, ({ id }) => id);
    });
  }

  async #import(call: Call, request: ImportRequest): Promise<string> {
    const file = await openFile(request.path, request.mapping, namedColumnsOf(request), new Pace(call.restaurantId));
    try {
      const job = await this.#start(call, request);
      try {
        if (request.kind === 'orders')
          await runImport(new ImportJournal({ ...job, mapping: request.mapping }, this.#deps), file);
        else await importStock(new ImportJournal({ ...job, mapping: request.mapping }, this.#deps), request, file);
        await this.#clear(call, job.id);
      } catch (error) {
        await this.#fail(job, error);
        throw stoppedMidway(error);
      }
      return job.id;
    } finally {
      await file.batches.return(undefined);
    }
  }

  async #start(call: Call, request: ImportRequest): Promise<Omit<ImportJob, 'mapping'>> {
    const { unitOfWork, repository, restaurants, clock } = this.#deps;
    const { kind, fileName, mapping, dryRun } = request;
    const id = newId();
    const { size: fileBytes } = await stat(request.path);
    const createdBy = `${call.actor.kind}:${call.actor.id}`;
    const requestKey = call.idempotency && `${createdBy} ${call.idempotency.key}`;
    const begin = async (tx: Tx) => {
      if (requestKey !== undefined) await this.#assertNotRunning(call, tx, requestKey);
      const found = await restaurants.settings(tx, call.restaurantId);
      const { currency } = found;
      const started = { id, kind, dryRun, fileName, source: mapping.source, currency, createdBy, requestKey };
      await repository.insert(call.restaurantId, tx, started, clock());
      return { settings: found, stale: await repository.findStale(call.restaurantId, tx, this.#aliveSince()) };
    };
    const options = { deadlineMs: LONG_DEADLINE_MS };
    const { settings, stale } = await unitOfWork.step(call, begin, options);
    for (const staleId of stale) await this.#clear(call, staleId);
    return {
      id,
      call,
      fileName,
      fileBytes,
      dryRun,
      settings,
      onProgress: request.onProgress ?? (() => undefined),
      signal: request.signal,
    };
  }

  /** Runs under the import lock: of two concurrent requests, the second sees the first. */
  async #assertNotRunning(call: Call, tx: Tx, requestKey: string): Promise<void> {
    const { repository } = this.#deps;
    await repository.lock(call.restaurantId, tx);
    if (!(await repository.isRunning(call.restaurantId, tx, requestKey, this.#aliveSince()))) return;
    const message = 'The import with this Idempotency-Key is still running. Wait for it and send the request again.';
    throw new AppError('idempotency_key_in_use', message, { retryAfterSeconds: 5 });
  }

  async #clear(call: Call, id: string): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    const clearSome = () =>
      unitOfWork.step(call, (tx) => repository.clear(call.restaurantId, tx, id), {
        deadlineMs: LONG_DEADLINE_MS,
      });
    while (await clearSome());
  }

  async #finish(call: Call, tx: Tx, id: string): Promise<Import> {
    const { repository, unitOfWork, clock } = this.#deps;
    await repository.finish(call.restaurantId, tx, id, 'completed', null, clock());
    const finished = await this.#find(call, tx, id);
    const { errors: _shownByTheImport, ...data } = finished;
    await unitOfWork.record(tx, call, [{ type: 'import.finished', subject: 'import', subjectId: id, data }]);
    return finished;
  }

  /** The stored part stays; a second run of the same file continues from there. */
  async #fail({ call, id }: Pick<ImportJob, 'call' | 'id'>, error: unknown): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    const reason = error instanceof AppError ? error.message : 'The server had an internal error.';
    try {
      await unitOfWork.step(call, (tx) => repository.finish(call.restaurantId, tx, id, 'failed', reason, clock()));
      await this.#clear(call, id);
    } catch {
      // The database is away. Once the import shows no sign of life for a minute, it counts as
      // failed.
    }
  }

  #aliveSince(): Date {
    return new Date(this.#deps.clock().getTime() - SILENCE_MS);
  }
}

/** Replaces the usual messages, which say that nothing was stored: here something may be. */
function stoppedMidway(error: unknown): unknown {
  if (error instanceof AppError && SAYS_ALL.has(error.code)) return error;
  const code = error instanceof AppError ? error.code : 'internal_error';
  if (code === 'internal_error')
    return new AppError(
      code,
      'The import stopped because of an error on our side. Its stored rows are kept. Tell the operator the requestId.',
      { cause: error },
    );
  const message = 'The import stopped early. Its stored rows are kept. Send the same file again to continue.';
  return new AppError(code, message, { cause: error, retryAfterSeconds: 5 });
}
