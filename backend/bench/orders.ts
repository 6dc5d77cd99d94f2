/**
 * Processor time of an order over HTTP, server and database together, against the same rows
 * written by one call of a function each. The baseline has a database of its own, in the same
 * server.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureAppRole } from '../src/config/appRole.js';
import { withClient } from '../src/config/database.js';
import type { BenchResult } from './result.js';
import { cpuMs, cpuMsOfAll } from './support/cpu.js';
import { applyLoad, interleave, type RunningServer, successes } from './support/load.js';
import { SECRET } from './support/database.js';
import { type Furnished, furnish, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const RESTAURANTS = 20;
const SMALL = { categories: 1, items: 5 };
const run_ = promisify(execFile);

/** The rows that Servio stores for the order of this benchmark. */
const BENCH_ORDER = `
  create function bench_order(restaurant uuid, category uuid, item uuid, ids uuid[], at timestamptz) returns text
  language plpgsql as $$
  declare
    line_taxes constant jsonb := '[{"id":"018f0000-0000-7000-8000-000000000001","name":"State","rate":"8","amount":84,"inclusive":false},
      {"id":"018f0000-0000-7000-8000-000000000002","name":"City","rate":"0.875","amount":9,"inclusive":false}]';
    drawn bigint;
  begin
    perform set_config('app.restaurant_id', restaurant::text, true);
    insert into number_counters as c (restaurant_id, series, period, last_number) values (restaurant, 'ORD', '2026-11', 1)
      on conflict (restaurant_id, series, period) do update set last_number = c.last_number + 1 returning last_number into drawn;
    insert into orders (restaurant_id, id, number, status, type, business_date, currency, discounts, taxes, subtotal, discount_total,
      service_charge_total, tax_total, tax_included_total, order_tip, tip_total, total, version, created_by, created_at, updated_at)
      values (restaurant, ids[1], 'ORD-2026-11-' || drawn, 'placed', 'takeaway', '2026-11-22', 'EUR', '[]', line_taxes, 2000, 0, 0, 0, 0, 0, 0,
        2000, 1, 'user:bench', at, at);
    insert into order_lines (restaurant_id, order_id, id, position, menu_item_id, category_id, category_name, name, quantity, unit_price,
      modifiers, discounts, taxes, gross_amount, discount_amount, amount, tax_amount, stock_use, created_at)
      values
        (restaurant, ids[1], ids[2], 1, item, category, 'Category 0', 'Dish number 4', 1, 1000,
          '[{"id":"018f0000-0000-7000-8000-000000000003","name":"Cheese","price":100,"quantity":1}]', '[]', line_taxes, 1000, 0, 1000, 93, '{}', at),
        (restaurant, ids[1], ids[3], 2, item, category, 'Category 0', 'Dish number 4', 2, 500, '[]', '[]', line_taxes, 1000, 0, 1000, 93, '{}', at);
    insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
      values (restaurant, ids[4], 'order.placed', 'order', ids[1], jsonb_build_object('number', 'ORD-2026-11-' || drawn, 'orderId', ids[1],
        'status', 'placed', 'type', 'takeaway', 'businessDate', '2026-11-22', 'currency', 'EUR', 'total', 2000, 'version', 1), at);
    insert into audit_log (restaurant_id, id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at)
      values (restaurant, ids[5], 'user', 'bench', 'order.placed', 'order', ids[1], '{}', 'bench', at);
    return drawn;
  end $$`;

interface Place {
  stage: Stage;
  /** Its relay would run beside the baseline; what follows an order is no part of it. */
  servio: RunningServer;
  own: Furnished[];
  baselineUrl: string;
  baseline: Furnished[];
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    await stage.servio.stop();
    const { url: baselineUrl, places: baseline } = await baselineOf(stage);
    const servio = await stage.startServio({ BACKGROUND: 'false' });
    const place = { stage, servio, baselineUrl, baseline, own: await furnishMany(servio.url) };
    await withClient(stage.adminUrl, (client) => client.query('vacuum analyze'));
    return await measure(place);
  } finally {
    await stage.close();
  }
}

async function measure(place: Place): Promise<BenchResult[]> {
  const one = place.own.slice(0, 1);
  const figures = await interleave(ROUNDS, {
    many: () => servioCost(place, place.own, 10),
    manyBase: () => baselineCost(place, place.baseline, 10),
    keyed: () => servioCost(place, place.own, 10, true),
    one: () => servioCost(place, one, 10),
    oneBase: () => baselineCost(place, place.baseline.slice(0, 1), 10),
    crowd: () => servioCost(place, one, 50),
    oneKeyed: () => servioCost(place, one, 10, true),
  });
  const same = 'the same rows, one call of a function each';
  const result = (name: string, own: number, base: number, target: number, baseline = same): BenchResult => {
    return { name, ratio: base / own, target, baseline, unit: 'us CPU/order', median: own, baselineMedian: base };
  };
  const { many, manyBase, keyed, one: ofOne, oneBase, crowd, oneKeyed } = figures;
  return [
    result('Order, 20 restaurants, 10 callers', many, manyBase, 0.7),
    result('Order, one restaurant, 10 callers', ofOne, oneBase, 1.2),
    result('Order, one restaurant, 50 callers', crowd, oneBase, 1.2),
    result('Order with Idempotency-Key, 20 restaurants, 10 callers', keyed, many, 0.9, 'the same without a key'),
    result('Order with Idempotency-Key, one restaurant, 10 callers', oneKeyed, ofOne, 0.9, 'the same without a key'),
  ];
}

/** Microseconds of processor time an order. */
async function servioCost({ stage, servio }: Place, places: Furnished[], connections: number, withKeys = false) {
  const before = cpuMs(servio.pid) + cpuMsOfAll(stage.postmasterPid);
  const load = await applyLoad({
    url: `${servio.url}/v1/orders`,
    connections,
    seconds: SECONDS,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    callers: places.map((one) => ({ token: one.token, body: bodyOf(one) })),
    withKeys,
  });
  successes(load);
  return ((cpuMs(servio.pid) + cpuMsOfAll(stage.postmasterPid) - before) / load.done) * 1000;
}

async function baselineCost({ stage, baselineUrl }: Place, places: Furnished[], callers: number): Promise<number> {
  const script = fileURLToPath(new URL('./support/oneCall.js', import.meta.url));
  const env = {
    ...process.env,
    BENCH_URL: baselineUrl,
    BENCH_CALLERS: String(callers),
    BENCH_SECONDS: String(SECONDS),
    BENCH_PLACES: JSON.stringify(places),
  };
  const before = cpuMsOfAll(stage.postmasterPid);
  const { stdout } = await run_('taskset', ['-c', '0', process.execPath, script], { env });
  const { done, cpuMs: client } = JSON.parse(stdout) as { done: number; cpuMs: number }; // Printed by oneCall.ts.
  return ((client + cpuMsOfAll(stage.postmasterPid) - before) / done) * 1000;
}

function bodyOf({ itemId, modifierId }: Furnished): string {
  const lines = [
    { menuItemId: itemId, quantity: 1, modifiers: [{ modifierId }] },
    { menuItemId: itemId, quantity: 2 },
  ];
  return JSON.stringify({ type: 'takeaway', lines });
}

/** A second database with restaurants of its own, and the function that writes its orders. */
async function baselineOf(stage: Stage): Promise<{ url: string; places: Furnished[] }> {
  const owner = new URL(stage.adminUrl);
  owner.pathname = '/bench_baseline';
  await withClient(stage.adminUrl, (client) => client.query('create database bench_baseline'));
  const server = await stage.startServio({ DATABASE_URL: owner.href, BACKGROUND: 'false' });
  const places = await furnishMany(server.url);
  await server.stop();
  await withClient(owner.href, async (client) => {
    await client.query(BENCH_ORDER);
    await client.query('grant execute on function bench_order to servio_app');
    await client.query('vacuum analyze');
  });
  return { url: await ensureAppRole(owner.href, SECRET), places };
}

async function furnishMany(url: string): Promise<Furnished[]> {
  const places: Furnished[] = [];
  for (let index = 0; index < RESTAURANTS; index += 1) places.push(await furnish(url, SMALL));
  return places;
}
