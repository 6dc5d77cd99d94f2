/**
 * Share of a day's reads that the cache answers: real orders, one menu read for each, and price
 * changes by a manager.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from './result.js';
import type { RunningServer } from './support/load.js';
import { callApi, setStage, type Stage } from './support/stage.js';

const ORDERS = fileURLToPath(new URL('../../../shared/data/chipotle-orders/orders.tsv', import.meta.url));
const ORDERS_PER_CHANGE = 40;
const HEARING_MS = 5_000;

interface Counts {
  hits: number;
  lookups: number;
}

/** Returns no results if the real orders are missing. */
export async function run(): Promise<BenchResult[]> {
  const redisUrl = process.env['REDIS_URL'];
  if (!existsSync(ORDERS) || redisUrl === undefined) {
    console.log(`  skipped: ${redisUrl === undefined ? 'there is no Redis' : 'there are no real orders here'}`);
    return [];
  }
  const stage = await setStage();
  const instances: RunningServer[] = [];
  try {
    for (let count = 0; count < 2; count += 1) instances.push(await stage.startServio({ REDIS_URL: redisUrl }));
    for (const { url } of instances) await untilHearing(url);
    const orders = countOrders();
    const before = await countAll(instances);
    const changes = await replay(stage, instances, orders);
    const after = await countAll(instances);
    const hits = after.hits - before.hits;
    const lookups = after.lookups - before.lookups;
    const day = `${orders} real orders, a menu read each, two instances, ${changes} changes of the menu`;
    // Credential lookups count too and nearly always hit. The menu's own share counts every miss
    // against it.
    return [
      asResult(`Cache hits over ${day}`, hits, 'all lookups', lookups),
      asResult(
        `The same for the menu alone, every miss counted against it`,
        orders - (lookups - hits),
        'its reads',
        orders,
      ),
    ];
  } finally {
    for (const instance of instances) await instance.stop();
    await stage.close();
  }
}

function asResult(name: string, hits: number, baseline: string, lookups: number): BenchResult {
  return { name, ratio: hits / lookups, target: 0.7, baseline, unit: 'lookups', median: hits, baselineMedian: lookups };
}

function countOrders(): number {
  const lines = readFileSync(ORDERS, 'utf8').trim().split('\n').slice(1);
  return new Set(lines.map((line) => line.split('\t', 1)[0])).size;
}

/**
 * One read of the menu for each order, alternating between the instances. @returns the number of
 * menu changes.
 */
async function replay(stage: Stage, instances: RunningServer[], orders: number): Promise<number> {
  let changes = 0;
  for (let order = 1; order <= orders; order += 1) {
    const url = instances[order % instances.length]?.url ?? '';
    await (await must(await callApi(url, stage.token, 'GET', '/v1/menu'))).arrayBuffer();
    if (order % ORDERS_PER_CHANGE > 0) continue;
    const path = `/v1/menu-items/${stage.itemId}`;
    const manager = instances[changes % instances.length]?.url ?? '';
    const current = await must(await callApi(manager, stage.token, 'GET', path));
    await current.arrayBuffer();
    const match = { 'if-match': current.headers.get('etag') ?? '' };
    const changed = await must(await callApi(manager, stage.token, 'PATCH', path, { price: 1_000 + order }, match));
    await changed.arrayBuffer();
    changes += 1;
  }
  return changes;
}

async function must(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return response;
}

interface CacheDetails {
  l1: { hits: number };
  l2: { hits: number; isHearingOthers: boolean };
  misses: number;
}

async function details(url: string): Promise<CacheDetails> {
  const answer = await must(await fetch(`${url}/health/detailed`));
  return ((await answer.json()) as { cache: CacheDetails }).cache; // The answer of HealthService.
}

/** An instance that does not receive the other one's changes trusts its memory for less time. */
async function untilHearing(url: string): Promise<void> {
  const until = performance.now() + HEARING_MS;
  while (!(await details(url)).l2.isHearingOthers) {
    if (performance.now() > until) throw new Error('the instances do not reach Redis');
  }
}

async function countAll(instances: RunningServer[]): Promise<Counts> {
  const counts: Counts = { hits: 0, lookups: 0 };
  for (const { url } of instances) {
    const { l1, l2, misses } = await details(url);
    counts.hits += l1.hits + l2.hits;
    counts.lookups += l1.hits + l2.hits + misses;
  }
  return counts;
}
