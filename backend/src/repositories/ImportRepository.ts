import { query, type Tx } from '../config/database.js';
import type { Import, ImportCounts, ImportFault, ImportKind, ImportStatus } from '../domain/import/import.js';
import type { CounterRepository } from './CounterRepository.js';
import { ImportedMenu } from './import/ImportedMenu.js';
import { ImportedOrders } from './import/ImportedOrders.js';
import { nameOfPerson } from './personNames.js';
import { ImportStage } from './import/ImportStage.js';
import { StagedPrices } from './import/StagedPrices.js';

const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const insertImport = query(
  'import.insert',
  `insert into imports (restaurant_id, id, kind, status, dry_run, file_name, source, currency, request_key, created_by, created_at,
     heartbeat_at)
   values ($1, $2, $3, 'processing', $4, $5, $6, $7, $8, $9, $10, $10)`,
);

/** At `$3`, a running import without a heartbeat since then counts as interrupted. */
const STATUS = `case when status = 'processing' and heartbeat_at < $3 then 'interrupted' else status end`;
/** All fields but the faults. */
const FIELDS = `id, kind, ${STATUS} as status,
     dry_run as "dryRun", file_name as "fileName", source, currency, row_count as rows, faulty_rows as "faultyRows",
     orders_created as "ordersCreated", orders_completed as "ordersCompleted", orders_skipped as "ordersSkipped",
     lines_created as "linesCreated", units, revenue, menu_items_created as "menuItemsCreated", modifiers_created as "modifiersCreated",
     orders_depleted as "ordersDepleted", lines_without_recipe as "linesWithoutRecipe", created, changed, skipped,
     locations_created as "locationsCreated", failure, created_at as "createdAt", finished_at as "finishedAt"`;

const findImport = query<Import>(
  'import.find',
  `select ${FIELDS}, errors
   from imports
   where restaurant_id = $1 and id = $2`,
);

const listImports = query<ListedImport>(
  'import.list',
  `select ${FIELDS}, ${nameOfPerson('imports.created_by')} as "createdByName", created_by as "createdBy"
   from imports
   where restaurant_id = $1 and id < $2 and ($5::text is null or kind = $5) and ($6::text is null or ${STATUS} = $6)
   order by id desc
   limit $4`,
);

const saveProgress = query(
  'import.saveProgress',
  `update imports
   set row_count = $3, faulty_rows = $4, orders_created = $5, orders_completed = $6, orders_skipped = $7, lines_created = $8, units = $9,
       revenue = $10, menu_items_created = $11, modifiers_created = $12, errors = coalesce($13::jsonb, errors), heartbeat_at = $14,
       orders_depleted = $15, lines_without_recipe = $16, created = $17, changed = $18, skipped = $19, locations_created = $20
   where restaurant_id = $1 and id = $2`,
);

const finishImport = query(
  'import.finish',
  `update imports set status = $3, failure = $4, finished_at = $5, heartbeat_at = $5 where restaurant_id = $1 and id = $2`,
);

// In parts: deleting a million rows takes longer than a statement may run.
const clearRows = query(
  'import.clearRows',
  `delete from import_rows
   where ctid = any (array(select ctid from import_rows where restaurant_id = $1 and import_id = $2 limit 100000))`,
);
const clearOrders = query(
  'import.clearOrders',
  'delete from import_orders where restaurant_id = $1 and import_id = $2',
);

const staleImports = query<{ id: string }>(
  'import.findStale',
  `select id from imports
   where restaurant_id = $1 and heartbeat_at < $2 and status = 'processing'
   order by id
   limit 100`,
);

const findRunning = query<{ id: string }>(
  'import.findRunning',
  `select id from imports
   where restaurant_id = $1 and heartbeat_at >= $2 and status <> 'failed' and request_key = $3
   limit 1`,
);

// One import of a restaurant at a time decides and writes, so that the second one sees the orders
// that the first one stored.
const lockImports = query(
  'import.lock',
  `select pg_advisory_xact_lock(hashtextextended('servio import ' || $1::text, 0))`,
);

const refreshStatistics = query('import.refreshStatistics', 'select refresh_import_statistics()');

/** As in a list: without its faults. */
export interface ListedImport extends Omit<Import, 'errors'> {
  createdBy: string;
  /** As it is today; null: neither a person nor an API key. */
  createdByName: string | null;
}

export interface ImportFilter {
  kind?: ImportKind | undefined;
  status?: ImportStatus | undefined;
}

interface ImportPage {
  beforeId: string | undefined;
  limit: number;
  aliveSince: Date;
}

export interface NewImport extends Pick<Import, 'id' | 'kind' | 'dryRun' | 'fileName' | 'source' | 'currency'> {
  createdBy: string;
  requestKey: string | undefined;
}

export interface ImportProgress extends ImportCounts {
  rows: number;
  faultyRows: number;
  /** Undefined leaves the stored faults unchanged. */
  errors?: readonly ImportFault[] | undefined;
}

export class ImportRepository {
  readonly stage = new ImportStage();
  readonly prices = new StagedPrices();
  readonly menu = new ImportedMenu();
  readonly orders: ImportedOrders;

  constructor(counters: CounterRepository) {
    this.orders = new ImportedOrders(counters);
  }

  async insert(restaurantId: string, tx: Tx, started: NewImport, at: Date): Promise<void> {
    const { id, kind, dryRun, fileName, source, currency, createdBy, requestKey } = started;
    await tx.run(insertImport, [
      restaurantId,
      id,
      kind,
      dryRun,
      fileName,
      source,
      currency,
      requestKey ?? null,
      createdBy,
      at,
    ]);
  }

  /** @param aliveSince a running import without a heartbeat since then counts as interrupted. */
  find(restaurantId: string, tx: Tx, id: string, aliveSince: Date): Promise<Import | undefined> {
    return tx.maybeOne(findImport, [restaurantId, id, aliveSince]);
  }

  /**
   * Imports older than the given id, newest first: one more than `limit`, if there is one.
   * @param aliveSince as for `find`.
   */
  list(restaurantId: string, tx: Tx, filter: ImportFilter, page: ImportPage): Promise<ListedImport[]> {
    const { beforeId, limit, aliveSince } = page;
    const values = [beforeId ?? NEWEST, aliveSince, limit + 1, filter.kind ?? null, filter.status ?? null];
    return tx.many(listImports, [restaurantId, ...values]);
  }

  /** Saves the progress so far. This is also the heartbeat. */
  async saveProgress(restaurantId: string, tx: Tx, id: string, progress: ImportProgress, at: Date): Promise<void> {
    await tx.run(saveProgress, [
      restaurantId,
      id,
      progress.rows,
      progress.faultyRows,
      progress.ordersCreated,
      progress.ordersCompleted,
      progress.ordersSkipped,
      progress.linesCreated,
      progress.units,
      progress.revenue,
      progress.menuItemsCreated,
      progress.modifiersCreated,
      progress.errors === undefined ? null : JSON.stringify(progress.errors),
      at,
      progress.ordersDepleted,
      progress.linesWithoutRecipe,
      progress.created,
      progress.changed,
      progress.skipped,
      progress.locationsCreated,
    ]);
  }

  async finish(
    restaurantId: string,
    tx: Tx,
    id: string,
    status: 'completed' | 'failed',
    failure: string | null,
    at: Date,
  ): Promise<void> {
    await tx.run(finishImport, [restaurantId, id, status, failure, at]);
  }

  /**
   * Deletes staged rows of an import, up to a number that fits in one transaction.
   * @returns whether there may be more.
   */
  async clear(restaurantId: string, tx: Tx, id: string): Promise<boolean> {
    if ((await tx.run(clearRows, [restaurantId, id])) > 0) return true;
    await tx.run(clearOrders, [restaurantId, id]);
    return false;
  }

  /** Whether an import with the same Idempotency-Key is running or ended just now. */
  async isRunning(restaurantId: string, tx: Tx, requestKey: string, aliveSince: Date): Promise<boolean> {
    return (await tx.maybeOne(findRunning, [restaurantId, aliveSince, requestKey])) !== undefined;
  }

  /** Ids of up to 100 running imports whose last heartbeat is before `before`. */
  async findStale(restaurantId: string, tx: Tx, before: Date): Promise<string[]> {
    return (await tx.many(staleImports, [restaurantId, before])).map((row) => row.id);
  }

  /** Updates the planner's statistics of the staging tables. Cheap when little has changed. */
  async refreshStatistics(tx: Tx): Promise<void> {
    await tx.run(refreshStatistics, []);
  }

  /**
   * Waits until no other import of the restaurant holds this lock, which ends with its transaction.
   */
  async lock(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockImports, [restaurantId]);
  }
}
