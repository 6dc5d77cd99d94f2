/** Second step: groups the rows into orders and decides which orders to store. */
import type { Tx } from '../../config/database.js';
import { type ImportAction, importAction, type ImportCounts } from '../../domain/import/import.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import { addTotals, MAX_AMOUNT } from '../../domain/number/money.js';
import type { StoredImportedOrder } from '../../repositories/import/ImportedOrders.js';
import type { RefusedOrder, StagedOrder } from '../../repositories/import/ImportStage.js';
import type { ImportJournal } from './ImportJournal.js';
import { UsedNames } from './usedNames.js';

const BATCH_ORDERS = 2000;
/**
 * No guest orders more. A longer order means that the order column is mapped to something else,
 * such as a table or a day.
 */
const MAX_LINES_PER_ORDER = 2000;

export type OrderCounts = Pick<
  ImportCounts,
  'ordersCreated' | 'ordersCompleted' | 'ordersSkipped' | 'linesCreated' | 'units' | 'revenue'
>;

export interface Decision {
  order: StagedOrder;
  action: ImportAction;
  stored: StoredImportedOrder | undefined;
}

/** An order on a closed business day. */
export interface LateOrder extends RefusedOrder {
  date: string;
}

interface DecidedBatch {
  /** Without the late orders. */
  decisions: Decision[];
  late: LateOrder[];
  lastOrderNo: number;
}

export interface Outlook {
  /** Expected counts, unless another import stores the orders first. */
  planned: OrderCounts;
  /** The names that the orders to be stored use. */
  used: UsedNames;
}

export async function decideOrders(journal: ImportJournal): Promise<Outlook> {
  await gather(journal);
  const used = new UsedNames();
  const planned: OrderCounts = {
    ordersCreated: 0,
    ordersCompleted: 0,
    ordersSkipped: 0,
    linesCreated: 0,
    units: 0,
    revenue: 0,
  };
  for (let after = 0; ; ) {
    const batch = await decideBatch(journal, after, used);
    if (!batch) break;
    for (const decision of batch.decisions) countDecision(planned, decision);
    refuseLate(journal, batch.late);
    after = batch.lastOrderNo;
  }
  journal.add({ ordersSkipped: planned.ordersSkipped });
  return { planned, used };
}

/**
 * Called after the transaction that found the late orders, when it is certain that they are
 * skipped.
 */
export function refuseLate(journal: ImportJournal, late: readonly LateOrder[]): void {
  for (const { line, orderKey, rows, date } of late)
    journal.fault(line, `order "${orderKey}" is on ${date}, a business day that is closed`, rows);
}

/** Decides about each order, given the stored ones. */
export function decide(orders: readonly StagedOrder[], stored: readonly StoredImportedOrder[]): Decision[] {
  const byKey = new Map(stored.map((order) => [order.orderKey, order]));
  return orders.map((order) => {
    const known = byKey.get(order.orderKey);
    return {
      order,
      stored: known,
      action: importAction(known, { lines: order.lineCount, faultyRows: order.faultyRows }),
    };
  });
}

export function keysOf(orders: readonly StagedOrder[]): string[] {
  return orders.map((order) => order.orderKey);
}

/**
 * For a completed order only its new part counts: the sums over all imports equal the stored data.
 */
export function countDecision(counts: OrderCounts, { order, action, stored }: Decision): void {
  if (action === 'skip') {
    counts.ordersSkipped += 1;
    return;
  }
  if (action === 'create') counts.ordersCreated += 1;
  else counts.ordersCompleted += 1;
  counts.linesCreated += order.lineCount - (stored?.lines ?? 0);
  counts.units += order.units - (stored?.units ?? 0);
  counts.revenue = addTotals(counts.revenue, order.amount - (stored?.total ?? 0));
}

async function gather(journal: ImportJournal): Promise<void> {
  const { id, call } = journal.job;
  const { stage } = journal.deps.repository;
  await journal.refreshStatistics();
  const oversized = await journal.step(async (tx) => {
    const refused = await stage.refuseOversized(call.restaurantId, tx, id, MAX_LINES_PER_ORDER, MAX_AMOUNT);
    await stage.gatherOrders(call.restaurantId, tx, id);
    return refused;
  });
  for (const { line, orderKey, rows, isTooMuch } of oversized) {
    const question = 'is orderId mapped to the right column?';
    const fault = isTooMuch
      ? `totals more than ${MAX_AMOUNT} minor units`
      : `has ${rows} lines, more than ${MAX_LINES_PER_ORDER}`;
    journal.fault(line, `order "${orderKey}" ${fault}: ${question}`, rows);
  }
}

function decideBatch(journal: ImportJournal, after: number, used: UsedNames): Promise<DecidedBatch | undefined> {
  const { id, call, mapping } = journal.job;
  const { stage, orders } = journal.deps.repository;
  const { restaurantId } = call;
  return journal.step(async (tx) => {
    const batch = await stage.listOrders(restaurantId, tx, id, after, BATCH_ORDERS);
    const last = batch.at(-1);
    if (!last) return undefined;
    const all = decide(batch, await orders.findStored(restaurantId, tx, mapping.source, keysOf(batch)));
    const late = await lateOrders(journal, tx, all);
    const decisions = all.filter(({ order }) => !late.has(order.orderKey));
    // Gathered orders have the action `create` by default.
    const actions = [
      ...decisions.map(({ order, action }) => ({ orderNo: order.orderNo, action })),
      ...batch
        .filter(({ orderKey }) => late.has(orderKey))
        .map(({ orderNo }) => ({ orderNo, action: 'skip' as const })),
    ].filter(({ action }) => action !== 'create');
    if (actions.length > 0) await stage.setActions(restaurantId, tx, id, actions);
    const wanted = keysOf(decisions.filter(({ action }) => action !== 'skip').map(({ order }) => order));
    if (wanted.length > 0) {
      const items = await stage.usedItems(restaurantId, tx, id, wanted);
      used.add(items, await stage.usedChoices(restaurantId, tx, id, wanted));
    }
    await journal.save(tx);
    return { decisions, late: [...late.values()], lastOrderNo: last.orderNo };
  });
}

/** Orders, by key, that would be stored on a closed day or are already on one. */
export async function lateOrders(
  journal: ImportJournal,
  tx: Tx,
  decisions: readonly Decision[],
): Promise<Map<string, LateOrder>> {
  const { id, call, settings } = journal.job;
  const { businessDays, repository } = journal.deps;
  const dates = new Map<string, string[]>();
  for (const { order, action, stored } of decisions) {
    if (action === 'skip') continue;
    const date = businessDate(new Date(order.orderedAt), settings.timezone, settings.businessDayCutoffHour);
    // A completed order keeps its stored day, whatever its rows say now.
    dates.set(order.orderKey, stored ? [stored.businessDate, date] : [date]);
  }
  const closed = await businessDays.closedAmong(call, tx, [...new Set([...dates.values()].flat())]);
  const late = new Map<string, string>();
  for (const [orderKey, own] of dates) {
    const date = own.find((one) => closed.has(one));
    if (date !== undefined) late.set(orderKey, date);
  }
  if (late.size === 0) return new Map();
  const rows = await repository.stage.rowsOf(call.restaurantId, tx, id, [...late.keys()]);
  return new Map(rows.map((one) => [one.orderKey, { ...one, date: late.get(one.orderKey) ?? '' }]));
}
