/**
 * Effect on guests and waiters when Redis is killed, hangs, is emptied, restarts or is missing at
 * the start: a short wait at most. The p95 is compared with that of the calm seconds before, at the
 * same server.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisServer } from '../tests/support/redisServer.js';
import { type BenchResult, median } from './result.js';
import { onCleanUp } from './support/cleanup.js';
import type { RunningServer } from './support/load.js';
import { callApi, setStage, type Stage } from './support/stage.js';
import { type Kind, p95, SteadyLoad } from './support/steadyLoad.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const WARM_UP_MS = 2_000;
const CALM_MS = 3_000;
const FAULT_MS = 5_000;
const AFTER_MS = 2_000;
const MAX_RISE_MS = 100;
const BACK_WITHIN_MS = 5_000;
const GIVE_UP_MS = 15_000;
const KINDS: readonly Kind[] = ['GET /v1/menu', 'POST /v1/orders'];

/** How each fault begins and how it ends after FAULT_MS. */
const FAULTS: Record<string, { begin: (redis: RedisServer) => unknown; finish?: (redis: RedisServer) => unknown }> = {
  killed: { begin: (redis) => redis.kill(), finish: (redis) => redis.start() },
  hung: { begin: (redis) => redis.freeze(), finish: (redis) => redis.thaw() },
  emptied: { begin: (redis) => redis.command('FLUSHALL').then(() => redis.command('SCRIPT FLUSH')) },
  restarted: { begin: (redis) => redis.kill().then(() => redis.start()) },
  'absent at the start': { begin: () => undefined, finish: (redis) => redis.start() },
};

/** Figures of one run of one fault. */
interface Figures {
  calmMs: number[];
  faultMs: number[];
  afterMs: number[];
  backMs: number;
  asked: number;
  /** Statuses other than success; 0 for no answer. */
  failures: number[];
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  const redis = await RedisServer.prepare();
  onCleanUp(() => redis.kill());
  const figures: Record<string, Figures[]> = Object.fromEntries(Object.keys(FAULTS).map((fault) => [fault, []]));
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const fault of Object.keys(FAULTS)) {
        const one = await suffer(fault, stage, redis);
        figures[fault]?.push(one);
        console.log(`  ${fault}: ${describe(one)}`);
      }
    }
    return results(figures);
  } finally {
    await redis.kill();
    await stage.close();
  }
}

/** Each fault runs against freshly started servers, so that earlier faults have no effect on it. */
async function suffer(fault: string, stage: Stage, redis: RedisServer): Promise<Figures> {
  const servers: RunningServer[] = [];
  const startServio = async () => {
    const server = await stage.startServio({ REDIS_URL: redis.url });
    servers.push(server);
    return server;
  };
  try {
    await redis.start();
    let server = await startServio();
    await untilInUse(server.url, stage);
    const load = new SteadyLoad(stage, server.url);
    await sleep(WARM_UP_MS);
    const calmFrom = performance.now();
    await sleep(CALM_MS);
    const calmTo = performance.now();
    if (fault === 'absent at the start') {
      await redis.kill();
      server = await startServio();
      load.turnTo(server.url);
      await sleep(WARM_UP_MS);
    }
    const faultFrom = performance.now();
    const waitOut = () => sleep(Math.max(0, faultFrom + FAULT_MS - performance.now()));
    const { begin, finish } = FAULTS[fault] ?? {};
    await begin?.(redis);
    if (finish) await waitOut();
    const endedAt = performance.now();
    await finish?.(redis);
    await untilInUse(server.url, stage);
    const backMs = performance.now() - endedAt;
    await waitOut();
    const backAt = performance.now();
    await sleep(AFTER_MS);
    const samples = await load.end();
    const between = (from: number, to: number) => KINDS.map((kind) => p95(samples, kind, from, to));
    return {
      calmMs: between(calmFrom, calmTo),
      // Until Redis is in use again, because its return may cost as much as its loss.
      faultMs: between(faultFrom, backAt),
      afterMs: between(backAt, backAt + AFTER_MS),
      backMs,
      asked: samples.length,
      failures: samples.map(({ status }) => status).filter((status) => status !== 200 && status !== 201),
    };
  } finally {
    redis.thaw();
    for (const server of servers) await server.stop();
    await redis.kill();
  }
}

/** Waits until the server reports that it reads entries in Redis. */
async function untilInUse(url: string, { token }: Stage): Promise<void> {
  const until = performance.now() + GIVE_UP_MS;
  for (;;) {
    const response = await callApi(url, token, 'GET', '/health/detailed');
    const { cache } = (await response.json()) as { cache: { l2: { state: string } } }; // The answer of HealthService.
    if (cache.l2.state === 'up') return;
    if (performance.now() > until) throw new Error(`Redis is not in use again within ${GIVE_UP_MS} ms`);
    await sleep(20);
  }
}

function risesOf({ calmMs, faultMs }: Figures): number[] {
  return calmMs.map((calm, index) => (faultMs[index] ?? Number.NaN) - calm);
}

function describe(one: Figures): string {
  const list = (figures: number[]) => figures.map((figure) => figure.toFixed(1)).join(' and ');
  return `p95 ${list(one.calmMs)} ms before, ${list(one.faultMs)} meanwhile, ${list(one.afterMs)} after; ${one.failures.length} of ${one.asked} failed ${JSON.stringify(one.failures.slice(0, 5))}; in use again after ${Math.round(one.backMs)} ms`;
}

function results(figures: Record<string, Figures[]>): BenchResult[] {
  const all = Object.values(figures).flat();
  const rises = Object.entries(figures).map(([fault, ones]): BenchResult => {
    const [menu = Number.NaN, order = Number.NaN] = KINDS.map((_kind, index) =>
      median(ones.map((one) => risesOf(one)[index] ?? Number.NaN)),
    );
    // A latency that fell counts as no rise.
    const worst = Math.max(1, menu, order);
    return {
      name: `p95 while Redis is ${fault} rises by ${menu.toFixed(1)} ms (GET /v1/menu) and ${order.toFixed(1)} ms (POST /v1/orders)`,
      ratio: MAX_RISE_MS / worst,
      target: 1,
      baseline: 'better than the bound',
      unit: 'ms',
      median: worst,
      baselineMedian: MAX_RISE_MS,
    };
  });
  const slowestBackMs = Math.max(...all.map(({ backMs }) => backMs));
  const asked = all.reduce((sum, one) => sum + one.asked, 0);
  const failed = all.reduce((sum, one) => sum + one.failures.length, 0);
  return [
    ...rises,
    {
      name: 'Redis in use again, the slowest of all rounds',
      ratio: BACK_WITHIN_MS / slowestBackMs,
      target: 1,
      baseline: 'better than the bound',
      unit: 'ms',
      median: slowestBackMs,
      baselineMedian: BACK_WITHIN_MS,
    },
    {
      name: 'Requests answered while Redis fails in all these ways',
      ratio: (asked - failed) / asked,
      target: 1,
      baseline: 'those asked',
      unit: 'requests',
      median: asked - failed,
      baselineMedian: asked,
    },
  ];
}
