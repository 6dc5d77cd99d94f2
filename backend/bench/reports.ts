/**
 * Processor time of reports of a restaurant with a million orders in its year: sums of days against
 * all lines of the period, in the same database; and whether the triggers that note changed days
 * make orders dearer.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SESSION_SETTINGS, type SetupClient, withClient } from '../src/config/database.js';
import { createLogger } from '../src/config/logger.js';
import { type Context, createContext } from '../src/context.js';
import { systemCall } from '../src/domain/shared/call.js';
import type { BenchResult } from './result.js';
import { cleanUp } from './support/cleanup.js';
import { cpuMs, cpuMsOfAll } from './support/cpu.js';
import { openDatabase, SECRET } from './support/database.js';
import { applyLoad, interleave, successes } from './support/load.js';
import { dayByLines, salesByLines } from './support/reportsByLines.js';
import { setStage, type Stage } from './support/stage.js';
import { loadYearOfOrders, type YearOfOrders } from './support/yearOfOrders.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ORDERS = Number(process.env['BENCH_ORDERS'] ?? 1_000_000);
const OF_TODAY = 10_000;
const CALLERS = 20;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
/** Times that a report is made in a round. */
const TIMES = 20;
/** After this time, one of the old reports is measured in no more rounds. */
const BASELINE_BOUND_MS = 60_000;
/** Evening of the open day, before its end. */
const NOW = new Date('2026-01-01T22:30:00Z');
const MONTH = ['2025-06-01', '2025-06-30'] as const;

export async function run(): Promise<BenchResult[]> {
  return [...(await measureReports()), ...(await measureOrders())];
}

async function measureReports(): Promise<BenchResult[]> {
  const database = await openDatabase();
  try {
    const year = await withClient(database.adminUrl, (owner) =>
      loadYearOfOrders(owner, { orders: ORDERS, ofToday: OF_TODAY }),
    );
    const log = createLogger('silent');
    const context = createContext({ appUrl: database.appUrl, secret: SECRET, log, clock: () => NOW });
    try {
      await context.reports.daySums.makeDue(() => false);
      await withClient(database.adminUrl, (owner) => owner.query('vacuum (analyze)'));
      return await withClient(database.appUrl, (app) => compare(context, app, year, database.postmasterPid));
    } finally {
      await context.close();
    }
  } finally {
    await cleanUp();
  }
}

async function compare(
  context: Context,
  app: SetupClient,
  year: YearOfOrders,
  postmaster: number,
): Promise<BenchResult[]> {
  const { restaurantId, from, to, today } = year;
  await app.query('select set_config($1, $2, false)', ['app.restaurant_id', restaurantId]);
  for (const [name, value] of Object.entries(SESSION_SETTINGS)) await app.query(`set ${name} = '${value}'`);
  const call = systemCall(restaurantId, 'bench');
  const own = (report: () => Promise<unknown>) => () => cpuOf(report, TIMES, postmaster);
  const old = (report: () => Promise<unknown>) => boundedly(() => cpuOf(report, 1, postmaster));
  const figures = await interleave(ROUNDS, {
    month: own(() => context.reports.sales(call, ...MONTH, 'item')),
    monthByLines: old(() => salesByLines(app, restaurantId, MONTH, 'item')),
    days: own(() => context.reports.sales(call, from, to, 'day')),
    daysByLines: old(() => salesByLines(app, restaurantId, [from, to], 'day')),
    items: own(() => context.reports.sales(call, from, to, 'item')),
    itemsByLines: old(() => salesByLines(app, restaurantId, [from, to], 'item')),
    today: own(() => context.businessDays.get(call, today)),
    todayByLines: old(() => dayByLines(app, restaurantId, today)),
    summary: own(() => context.daySummaries.of(call, today, 5)),
    open: own(() => context.businessDays.list(call, 'open', { limit: 20 })),
  });
  const result = (name: string, median: number, baselineMedian: number, target: number, baseline = 'its lines') => {
    return { name, ratio: baselineMedian / median, target, baseline, unit: 'ms CPU', median, baselineMedian };
  };
  const of = `of ${ORDERS} orders a year`;
  return [
    result(`sales of a month by item ${of}`, figures.month, figures.monthByLines, 10),
    result(`sales of a year by day ${of}`, figures.days, figures.daysByLines, 50),
    result(`sales of a year by item ${of}`, figures.items, figures.itemsByLines, 20),
    result(`report of an open day of ${OF_TODAY} orders`, figures.today, figures.todayByLines, 3),
    result(`its summary, at most 50 ms`, figures.summary, 50, 1, 'its limit'),
    result(`20 open days of a year, at most 20 ms`, figures.open, 20, 1, 'its limit'),
  ];
}

/** Milliseconds of processor time of a report, of this process and of the database. */
async function cpuOf(report: () => Promise<unknown>, times: number, postmaster: number): Promise<number> {
  const before = cpuMs(process.pid) + cpuMsOfAll(postmaster);
  for (let time = 0; time < times; time += 1) await report();
  return (cpuMs(process.pid) + cpuMsOfAll(postmaster) - before) / times;
}

/**
 * Repeats the last figure when the rounds take longer than the bound: years by lines take minutes.
 */
function boundedly(measure: () => Promise<number>): () => Promise<number> {
  let [spentMs, last] = [0, 0];
  return async () => {
    if (spentMs > BASELINE_BOUND_MS) return last;
    const startedAt = performance.now();
    last = await measure();
    spentMs += performance.now() - startedAt;
    return last;
  };
}

/** Orders of one restaurant, with the triggers and the index of now, and with those of before. */
async function measureOrders(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    const closedDays = await readFile(path.join(MIGRATIONS, '0028_closed_days.sql'), 'utf8');
    const before = functionsIn(closedDays).map((text) => text.replace('create function', 'create or replace function'));
    const now = await withClient(stage.adminUrl, (owner) => definitionsOf(owner));
    const prepare = (statements: readonly string[]) =>
      withClient(stage.adminUrl, async (owner) => {
        for (const statement of statements) await owner.query(statement);
      });
    const figures = await interleave(ROUNDS, {
      noted: async () => {
        await prepare([...now, TYPE_INDEX]);
        return placeOrders(stage);
      },
      before: async () => {
        await prepare([...before, 'drop index if exists orders_type_idx']);
        return placeOrders(stage);
      },
    });
    const { noted: median, before: baselineMedian } = figures;
    const name = 'POST /v1/orders of one restaurant, whose days note their changes';
    return [
      {
        name,
        ratio: baselineMedian / median,
        target: 0.95,
        baseline: 'days without sums',
        unit: 'us CPU/order',
        median,
        baselineMedian,
      },
    ];
  } finally {
    await stage.close();
  }
}

const TYPE_INDEX =
  'create index if not exists orders_type_idx on orders (restaurant_id, type, id) where deleted_at is null';
const NOTING = ['refuse_closed_business_day', 'refuse_lines_of_closed_day'];

/** The functions of the triggers in a migration. */
function functionsIn(migration: string): string[] {
  return [...migration.matchAll(/create (?:or replace )?function (\w+)\(\) returns trigger[^]*?\nend \$\$/g)]
    .filter(([, name]) => NOTING.includes(name ?? ''))
    .map(([text]) => text);
}

async function definitionsOf(owner: SetupClient): Promise<string[]> {
  const { rows } = await owner.query<{ text: string }>(
    'select pg_get_functiondef(oid) as text from pg_proc where proname = any ($1)',
    [NOTING],
  );
  return rows.map(({ text }) => text);
}

/** Microseconds of processor time an order, of server and database. */
async function placeOrders({ servio, token, itemId, modifierId, postmasterPid }: Stage): Promise<number> {
  const before = cpuMs(servio.pid) + cpuMsOfAll(postmasterPid);
  const lines = [
    { menuItemId: itemId, quantity: 1, modifiers: [{ modifierId }] },
    { menuItemId: itemId, quantity: 2 },
  ];
  const load = await applyLoad({
    url: `${servio.url}/v1/orders`,
    connections: CALLERS,
    seconds: SECONDS,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'takeaway', lines }),
  });
  successes(load);
  return ((cpuMs(servio.pid) + cpuMsOfAll(postmasterPid) - before) / load.done) * 1_000;
}
