/**
 * One import from the first row to the last order. Every step is a short transaction of its own: rows are staged in the
 * database, gathered into orders there, and stored some hundred orders at a time. Memory holds a piece of the file, the
 * names in it, and one batch of orders, however long the file is.
 */
import { type Database, LONG_DEADLINE_MS, type Tx } from '../../config/database.js';
import type { Call } from '../../domain/call.js';
import { choicesPricedByCounterparts, nextPricedChoice } from '../../domain/choicePricing.js';
import type { Fact } from '../../domain/events.js';
import { type ImportAction, type ImportCounts, type ImportFault, importAction, MAX_STORED_FAULTS, NOTHING_IMPORTED } from '../../domain/import.js';
import type { RestaurantSettings } from '../../domain/restaurant.js';
import type { StoredImportedOrder } from '../../repositories/import/ImportedOrders.js';
import type { StagedOrder, StagedRow } from '../../repositories/import/ImportStage.js';
import type { ImportRepository } from '../../repositories/ImportRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { Dictionary } from './dictionary.js';
import type { Mapping } from './mapping.js';
import { MenuPlan, type MenuPrices, UsedNames } from './menuPlan.js';
import { buildOrders } from './orders.js';
import { rowReader } from './rows.js';
import type { OpenedFile, RecordBatch } from './source.js';

const STAGE_ROWS = 2000;
const DECIDE_ORDERS = 2000;
const STORE_ORDERS = 500;
/** A batch ends earlier when its orders are long. */
const STORE_LINES = 5000;
/** No guest orders more. It means that the column holds something else than the order, such as a table or a day. */
const MAX_LINES_PER_ORDER = 2000;
/** Each round of the search for priced choices reads all rows once. */
const MAX_PRICE_ROUNDS = 30;

export interface ImportProgressReport {
  phase: 'reading' | 'storing';
  /** Bytes read, or orders stored. */
  done: number;
  total: number;
  rows: number;
  faultyRows: number;
}

export interface ImportJob {
  id: string;
  /** Without an Idempotency-Key: the steps are not the request. */
  call: Call;
  fileName: string;
  fileBytes: number;
  mapping: Mapping;
  dryRun: boolean;
  settings: RestaurantSettings;
  onProgress: (report: ImportProgressReport) => void;
}

interface Dependencies {
  database: Database;
  unitOfWork: UnitOfWork;
  repository: ImportRepository;
  clock: Clock;
}

export class ImportRun {
  readonly #job: ImportJob;
  readonly #deps: Dependencies;
  readonly #dictionary = new Dictionary();
  readonly #used = new UsedNames();
  readonly #errors: ImportFault[] = [];
  #rows = 0;
  #faultyRows = 0;
  #sentErrors = 0;
  #savedErrors = 0;
  #counts: ImportCounts = { ...NOTHING_IMPORTED };

  constructor(job: ImportJob, deps: Dependencies) {
    this.#job = job;
    this.#deps = deps;
  }

  async run(file: OpenedFile): Promise<void> {
    await this.#stage(file);
    await this.#gather();
    const planned = await this.#decide();
    const menu = await this.#prepareMenu();
    if (this.#job.dryRun) await this.#step((tx) => this.#save(tx, { ...this.#counts, ...planned }));
    else await this.#store(menu);
  }

  async #stage(file: OpenedFile): Promise<void> {
    const { mapping, settings, fileBytes } = this.#job;
    const read = rowReader(mapping, file.find, { currency: settings.currency, timezone: settings.timezone, damaged: file.damaged });
    let staged: StagedRow[] = [];
    for await (const batch of file.batches) {
      for (const record of batch.records) {
        staged.push(this.#toRow(record, read));
        if (staged.length < STAGE_ROWS) continue;
        await this.#add(staged);
        staged = [];
      }
      this.#report('reading', batch.bytesRead, fileBytes);
    }
    await this.#add(staged);
  }

  #toRow(record: RecordBatch['records'][number], read: ReturnType<typeof rowReader>): StagedRow {
    this.#rows += 1;
    const reading = 'fault' in record ? { fault: record.fault, orderKey: undefined } : read(record.cells);
    if ('fault' in reading) {
      this.#fault(record.line, reading.fault);
      return { line: record.line, orderKey: reading.orderKey, isFaulty: true };
    }
    const { row } = reading;
    const itemNo = this.#dictionary.itemNo(row);
    return {
      line: record.line,
      orderKey: row.orderKey,
      isFaulty: false,
      orderedAt: new Date(row.orderedAt).toISOString(),
      orderType: row.orderType,
      itemNo,
      variantNo: this.#dictionary.variantNo(itemNo, row.variant),
      choices: this.#dictionary.choiceNos(row.choices),
      quantity: row.quantity,
      unitPrice: row.unitPrice,
      discountAmount: row.discountAmount,
      amount: row.amount,
    };
  }

  #fault(line: number, reason: string, rows = 1): void {
    this.#faultyRows += rows;
    if (this.#errors.length < MAX_STORED_FAULTS) this.#errors.push({ file: this.#job.fileName, line, reason });
  }

  async #add(rows: readonly StagedRow[]): Promise<void> {
    const { id, call } = this.#job;
    await this.#step(async (tx) => {
      if (rows.length > 0) await this.#deps.repository.stage.add(call.restaurantId, tx, id, rows);
      await this.#save(tx, this.#counts);
    });
  }

  async #gather(): Promise<void> {
    const { id, call } = this.#job;
    const { stage } = this.#deps.repository;
    const oversized = await this.#step(async (tx) => {
      const refused = await stage.refuseOversized(call.restaurantId, tx, id, MAX_LINES_PER_ORDER);
      await stage.gatherOrders(call.restaurantId, tx, id);
      return refused;
    });
    for (const { line, orderKey, rows } of oversized) {
      this.#fault(line, `order "${orderKey}" has ${rows} lines, more than ${MAX_LINES_PER_ORDER}: is orderId mapped to the right column?`, rows);
    }
  }

  /** Says of every order whether it will be stored. @returns what that comes to, for a dry run. */
  async #decide(): Promise<Partial<ImportCounts>> {
    const { id, call, mapping } = this.#job;
    const { stage, orders } = this.#deps.repository;
    const planned = { ordersCreated: 0, ordersCompleted: 0, ordersSkipped: 0, linesCreated: 0, units: 0, revenue: 0 };
    for (let after = 0; ; ) {
      const batch = await this.#step(async (tx) => {
        const found = await stage.listOrders(call.restaurantId, tx, id, after, DECIDE_ORDERS);
        const stored = byKey(await orders.findStored(call.restaurantId, tx, mapping.source, keysOf(found)));
        const decided = found.map((order) => decisionOf(order, stored.get(order.orderKey)));
        const changed = decided.filter(({ action }) => action !== 'create');
        if (changed.length > 0) await stage.setActions(call.restaurantId, tx, id, changed.map(({ order, action }) => ({ orderNo: order.orderNo, action })));
        const wanted = keysOf(decided.filter(({ action }) => action !== 'skip').map(({ order }) => order));
        if (wanted.length > 0) {
          const items = await stage.usedItems(call.restaurantId, tx, id, wanted);
          this.#used.add(items, await stage.usedChoices(call.restaurantId, tx, id, wanted));
        }
        return decided;
      });
      for (const decision of batch) count(planned, decision);
      const last = batch.at(-1);
      if (!last) break;
      after = last.order.orderNo;
    }
    this.#counts = { ...this.#counts, ordersSkipped: planned.ordersSkipped };
    return planned;
  }

  /** Adds to the menu what the orders that will be stored need. A dry run only counts it. */
  async #prepareMenu(): Promise<MenuPlan> {
    const { id, call, dryRun } = this.#job;
    const { repository, unitOfWork, clock } = this.#deps;
    // Prices are looked for before the lock is taken: it takes seconds, and others wait for the lock.
    const outlook = await this.#step((tx) => this.#planMenu(tx));
    const prices = outlook.isEmpty ? undefined : await this.#findPrices();
    return this.#step(async (tx) => {
      await repository.lock(call.restaurantId, tx);
      const plan = await this.#planMenu(tx);
      if (prices) plan.setPrices(prices);
      const { additions } = plan;
      if (!dryRun) {
        const now = clock();
        await repository.menu.add(call.restaurantId, tx, additions, now);
        await repository.menu.raiseVersions(call.restaurantId, tx, [...plan.changedItemIds], [...plan.changedGroupIds], now);
        await unitOfWork.record(tx, call, menuFacts(plan, id));
      }
      this.#counts = { ...this.#counts, menuItemsCreated: additions.items.length, modifiersCreated: additions.modifiers.length };
      await this.#save(tx, this.#counts);
      return plan;
    });
  }

  async #planMenu(tx: Tx): Promise<MenuPlan> {
    const { repository } = this.#deps;
    return new MenuPlan(this.#dictionary, await repository.menu.load(this.#job.call.restaurantId, tx), this.#used);
  }

  async #findPrices(): Promise<MenuPrices> {
    const { id, call } = this.#job;
    const { stage } = this.#deps.repository;
    const priced = choicesPricedByCounterparts(await this.#step((tx) => stage.counterparts(call.restaurantId, tx, id)));
    for (let round = 0; round < MAX_PRICE_ROUNDS; round += 1) {
      const known = priced.map(({ choice }) => choice);
      const next = nextPricedChoice(await this.#step((tx) => stage.priceCounts(call.restaurantId, tx, id, known)));
      if (!next) break;
      priced.push(next);
      await this.#step((tx) => this.#save(tx, this.#counts));
    }
    return { priced, bare: await this.#step((tx) => stage.barePrices(call.restaurantId, tx, id, priced)) };
  }

  async #store(menu: MenuPlan): Promise<void> {
    const { id, call } = this.#job;
    const total = await this.#step((tx) => this.#deps.repository.stage.countOrders(call.restaurantId, tx, id));
    for (let after = 0, done = 0; ; ) {
      this.#report('storing', done, total);
      const stored = await this.#step((tx) => this.#storeBatch(tx, menu, after));
      if (!stored) return;
      after = stored.last;
      done += stored.orders;
      this.#counts = stored.counts;
    }
  }

  /** Under the import lock what is stored already is certain, so no number is drawn for an order that is not stored. */
  async #storeBatch(tx: Tx, menu: MenuPlan, after: number): Promise<{ last: number; orders: number; counts: ImportCounts } | undefined> {
    const { id, call, mapping, settings } = this.#job;
    const { repository, clock } = this.#deps;
    const { restaurantId } = call;
    await repository.lock(restaurantId, tx);
    const batch = upToLines(await repository.stage.listOrders(restaurantId, tx, id, after, STORE_ORDERS), STORE_LINES);
    const last = batch.at(-1);
    if (!last) return undefined;
    const stored = byKey(await repository.orders.lockStored(restaurantId, tx, mapping.source, keysOf(batch)));
    const decisions = batch.map((order) => decisionOf(order, stored.get(order.orderKey)));
    const wanted = decisions.filter(({ action }) => action !== 'skip');
    const lines = await repository.stage.linesOf(restaurantId, tx, id, keysOf(wanted.map(({ order }) => order)));
    const built = buildOrders(wanted, lines, menu, settings);
    const counts = { ...this.#counts };
    for (const decision of decisions) count(counts, decision);
    await this.#save(tx, counts);
    const heading = { source: mapping.source, currency: settings.currency, createdBy: `${call.actor.kind}:${call.actor.id}`, at: clock() };
    if (built.completed.orders.length > 0) await repository.orders.replace(restaurantId, tx, built.completed.orders, built.completed.lines, heading);
    if (built.created.orders.length > 0) await repository.orders.insert(restaurantId, tx, built.created.orders, built.created.lines, heading);
    return { last: last.orderNo, orders: batch.length, counts };
  }

  #report(phase: ImportProgressReport['phase'], done: number, total: number): void {
    this.#job.onProgress({ phase, done, total, rows: this.#rows, faultyRows: this.#faultyRows });
  }

  async #step<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const result = await this.#deps.database.transaction(this.#job.call.restaurantId, work, { deadlineMs: LONG_DEADLINE_MS });
    this.#savedErrors = this.#sentErrors;
    return result;
  }

  async #save(tx: Tx, counts: ImportCounts): Promise<void> {
    const { id, call } = this.#job;
    const errors = this.#errors.length > this.#savedErrors ? this.#errors : undefined;
    const progress = { ...counts, rows: this.#rows, faultyRows: this.#faultyRows, errors };
    await this.#deps.repository.saveProgress(call.restaurantId, tx, id, progress, this.#deps.clock());
    this.#sentErrors = this.#errors.length;
  }
}

export interface Decision {
  order: StagedOrder;
  action: ImportAction;
  stored: StoredImportedOrder | undefined;
}

function decisionOf(order: StagedOrder, stored: StoredImportedOrder | undefined): Decision {
  return { order, stored, action: importAction(stored, { lines: order.lineCount, faultyRows: order.faultyRows }) };
}

/** Of an order that was completed, only what is new counts: the sums of all imports are what is stored. */
function count(counts: Omit<ImportCounts, 'menuItemsCreated' | 'modifiersCreated'>, { order, action, stored }: Decision): void {
  if (action === 'skip') {
    counts.ordersSkipped += 1;
    return;
  }
  if (action === 'create') counts.ordersCreated += 1;
  else counts.ordersCompleted += 1;
  counts.linesCreated += order.lineCount - (stored?.lines ?? 0);
  counts.units += order.units - (stored?.units ?? 0);
  counts.revenue += order.amount - (stored?.total ?? 0);
}

function upToLines(orders: readonly StagedOrder[], limit: number): StagedOrder[] {
  let lines = 0;
  return orders.filter((order, index) => {
    lines += order.lineCount;
    return index === 0 || lines <= limit;
  });
}

function keysOf(orders: readonly StagedOrder[]): string[] {
  return orders.map((order) => order.orderKey);
}

function byKey(orders: readonly StoredImportedOrder[]): Map<string, StoredImportedOrder> {
  return new Map(orders.map((order) => [order.orderKey, order]));
}

function menuFacts(plan: MenuPlan, importId: string): Fact[] {
  const { categories, groups, items } = plan.additions;
  const created = (subject: 'category' | 'modifier_group' | 'menu_item', things: readonly { id: string; name: string }[]): Fact[] =>
    things.map((thing) => ({ type: `${subject}.created`, subject, subjectId: thing.id, data: { ...thing, importId } }));
  const changed = (subject: 'modifier_group' | 'menu_item', ids: Iterable<string>): Fact[] =>
    [...ids].map((id) => ({ type: `${subject}.changed`, subject, subjectId: id, data: { id, importId } }));
  return [
    ...created('category', categories),
    ...created('modifier_group', groups),
    ...created('menu_item', items),
    ...changed('modifier_group', plan.changedGroupIds),
    ...changed('menu_item', plan.changedItemIds),
  ];
}
