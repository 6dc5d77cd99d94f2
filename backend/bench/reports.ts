/**
 * Reports of a restaurant with a million orders in its year: sums of days against all lines of the
 * period, in the same database; and whether the triggers that note changed days slow orders down.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SetupClient, withClient } from '../src/config/database.js';
import { ensureAppRole } from '../src/config/appRole.js';
import { createLogger } from '../src/config/logger.js';
import { migrate } from '../src/config/migrate.js';
import { type Context, createContext } from '../src/context.js';
import { systemCall } from '../src/domain/shared/call.js';
import { startEmbeddedPostgres } from '../src/process/embeddedPostgres.js';
import type { BenchResult } from './result.js';
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
const SECRET = 'the secret of reports that are only measured';
/** Evening of the open day, before its end. */
const NOW = new Date('2026-01-01T22:30:00Z');
const MONTH = ['2025-06-01', '2025-06-30'] as const;

export async function run(): Promise<BenchResult[]> {
  return [...(await measureReports()), ...(await measureOrders())];
}

async function measureReports(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'servio-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
  try {
    const appUrl = await ensureAppRole(postgres.adminUrl, SECRET);
    await migrate(postgres.adminUrl, MIGRATIONS);
    const year = await withClient(postgres.adminUrl, (owner) =>
      loadYearOfOrders(owner, { orders: ORDERS, ofToday: OF_TODAY }),
    );
    const context = createContext({ appUrl, secret: SECRET, log: createLogger('silent'), clock: () => NOW });
    try {
      await context.reports.daySums.makeDue(() => false);
      await withClient(postgres.adminUrl, (owner) => owner.query('vacuum (analyze)'));
      return await withClient(appUrl, (app) => compare(context, app, year));
    } finally {
      await context.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(context: Context, app: SetupClient, year: YearOfOrders): Promise<BenchResult[]> {
  const { restaurantId, from, to, today } = year;
  await app.query('select set_config($1, $2, false)', ['app.restaurant_id', restaurantId]);
  await app.query('set random_page_cost = 1.1');
  const call = systemCall(restaurantId, 'bench');
  const figures = await interleave(ROUNDS, {
    month: () => perSecond(() => context.reports.sales(call, ...MONTH, 'item')),
    monthByLines: () => perSecond(() => salesByLines(app, restaurantId, MONTH, 'item'), 1),
    days: () => perSecond(() => context.reports.sales(call, from, to, 'day')),
    daysByLines: () => perSecond(() => salesByLines(app, restaurantId, [from, to], 'day'), 1),
    items: () => perSecond(() => context.reports.sales(call, from, to, 'item')),
    itemsByLines: () => perSecond(() => salesByLines(app, restaurantId, [from, to], 'item'), 1),
    today: () => perSecond(() => context.businessDays.get(call, today)),
    todayByLines: () => perSecond(() => dayByLines(app, restaurantId, today)),
  });
  const result = (name: string, median: number, baselineMedian: number, target: number): BenchResult => {
    const inMs = `${name}, ${Math.round(1_000 / median)} ms`;
    return {
      name: inMs,
      ratio: median / baselineMedian,
      target,
      baseline: 'its lines',
      unit: 'reports/s',
      median,
      baselineMedian,
    };
  };
  const of = `of ${ORDERS} orders a year`;
  return [
    result(`sales of a month by item ${of}`, figures.month, figures.monthByLines, 10),
    result(`sales of a year by day ${of}`, figures.days, figures.daysByLines, 50),
    result(`sales of a year by item ${of}`, figures.items, figures.itemsByLines, 20),
    result(`report of an open day of ${OF_TODAY} orders`, figures.today, figures.todayByLines, 1.5),
  ];
}

/** Reports a second: the best of some, because the first one plans its statements. */
async function perSecond(report: () => Promise<unknown>, times = 3): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < times; attempt += 1) {
    const startedAt = performance.now();
    await report();
    best = Math.min(best, performance.now() - startedAt);
  }
  return 1_000 / best;
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
        ratio: median / baselineMedian,
        target: 0.95,
        baseline: 'days without sums',
        unit: 'orders/s',
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

async function placeOrders({ servio, token, itemId, modifierId }: Stage): Promise<number> {
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
  return successes(load);
}
