/** Last step: stores the orders, some hundred in each transaction. */
import type { Tx } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';
import type { ImportCounts } from '../../domain/import/import.js';
import type { StagedOrder } from '../../repositories/import/ImportStage.js';
import { countDecision, decide, keysOf, type LateOrder, lateOrders, refuseLate } from './decideOrders.js';
import type { ImportJournal } from './ImportJournal.js';
import type { MenuPlan } from './menuPlan.js';
import { BATCH_DEPLETING_ORDERS, BatchDepletion } from './BatchDepletion.js';
import { buildOrders } from './pastOrders.js';

const BATCH_ORDERS = 500;
/** A batch is shorter when its orders are long. */
const BATCH_LINES = 5000;
/** Limit of days that close in succession while one batch is stored. More is no coincidence. */
const CLOSES_AT_ONCE = 10;

interface StoredBatch {
  lastOrderNo: number;
  orders: number;
  counts: ImportCounts;
  late: LateOrder[];
}

export async function storeOrders(journal: ImportJournal, menu: MenuPlan): Promise<void> {
  const { id, call } = journal.job;
  const total = await journal.step((tx) => journal.deps.repository.stage.countOrders(call.restaurantId, tx, id));
  for (let after = 0, done = 0; ; ) {
    journal.report('storing', done, total);
    const stored = await withoutLate(() => journal.step((tx) => storeBatch(journal, tx, menu, after)));
    if (!stored) return;
    refuseLate(journal, stored.late);
    after = stored.lastOrderNo;
    done += stored.orders;
    journal.add(stored.counts);
    await journal.refreshStatistics();
  }
}

/**
 * A day may close between the check and the commit. The batch is then refused, and the next attempt
 * finds the day closed.
 */
async function withoutLate<T>(store: () => Promise<T>): Promise<T> {
  for (let closes = 0; ; closes += 1) {
    try {
      return await store();
    } catch (error) {
      const isLate = error instanceof AppError && error.code === 'business_day_closed';
      if (!isLate || closes === CLOSES_AT_ONCE) throw error;
    }
  }
}

/**
 * Under the import lock the set of stored orders is certain, so every drawn number belongs to a
 * stored order.
 */
async function storeBatch(
  journal: ImportJournal,
  tx: Tx,
  menu: MenuPlan,
  after: number,
): Promise<StoredBatch | undefined> {
  const { id, call, mapping, settings } = journal.job;
  const { repository, clock } = journal.deps;
  const { restaurantId, actor } = call;
  const limit = mapping.depleteStock ? BATCH_DEPLETING_ORDERS : BATCH_ORDERS;
  await repository.lock(restaurantId, tx);
  const batch = upToLines(await repository.stage.listOrders(restaurantId, tx, id, after, limit));
  const last = batch.at(-1);
  if (!last) return undefined;
  const stored = await repository.orders.lockStored(restaurantId, tx, mapping.source, keysOf(batch));
  const all = decide(batch, stored);
  const late = await lateOrders(journal, tx, all);
  const decisions = all.filter(({ order }) => !late.has(order.orderKey));
  const wanted = decisions.filter(({ action }) => action !== 'skip');
  const lines = await repository.stage.linesOf(restaurantId, tx, id, keysOf(wanted.map(({ order }) => order)));
  const depletion = await BatchDepletion.begin(journal, tx);
  const { created, completed } = buildOrders(wanted, lines, menu, settings, (order) => depletion.bookFor(order));
  const counts = { ...journal.counts };
  for (const decision of decisions) countDecision(counts, decision);
  depletion.count(counts, [created, completed]);
  await journal.save(tx, counts);
  const createdBy = `${actor.kind}:${actor.id}`;
  const heading = { source: mapping.source, currency: settings.currency, createdBy, at: clock() };
  if (completed.orders.length > 0) await repository.orders.replace(restaurantId, tx, completed, heading);
  await depletion.move(tx, wanted, [created, completed]);
  if (created.orders.length > 0) await repository.orders.insert(restaurantId, tx, created, heading);
  return { lastOrderNo: last.orderNo, orders: batch.length, counts, late: [...late.values()] };
}

function upToLines(orders: readonly StagedOrder[]): StagedOrder[] {
  let lines = 0;
  return orders.filter((order, index) => {
    lines += order.lineCount;
    return index === 0 || lines <= BATCH_LINES;
  });
}
