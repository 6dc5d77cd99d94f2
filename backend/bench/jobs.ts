/**
 * Background jobs: no-op jobs in batches, and the time until an idle worker begins a job, both
 * against pg-boss's own worker on the same database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { withClient } from '../src/config/database.js';
import { installJobs } from '../src/config/jobSchema.js';
import { createLogger } from '../src/config/logger.js';
import { type Context, createContext } from '../src/context.js';
import { createJobs } from '../src/context/jobs.js';
import { JOB_KINDS, type JobKind } from '../src/domain/job/jobKinds.js';
import { systemCall } from '../src/domain/shared/call.js';
import { startBackground } from '../src/jobs/background.js';
import { newId } from '../src/utils/ids.js';
import type { BenchResult } from './result.js';
import { cleanUp } from './support/cleanup.js';
import { openDatabase, SECRET } from './support/database.js';
import { interleave } from './support/load.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const JOBS = Number(process.env['BENCH_JOBS'] ?? 20_000);
const PICK_UPS = 40;
const RESTAURANTS = Array.from({ length: 200 }, newId);
const NOOP = 'bench.noop';
const BARE = 'bench.bare';
const KIND: JobKind = {
  keys: ['restaurantId'],
  atOnce: 400,
  perRestaurant: 20,
  limitSeconds: 60,
  retries: 0,
  retryDelaySeconds: 0,
};

interface Place {
  context: Context;
  wing: ReturnType<typeof createJobs>;
  bare: PgBoss;
}

export async function run(): Promise<BenchResult[]> {
  const { adminUrl, appUrl } = await openDatabase();
  const kinds = { ...JOB_KINDS, [NOOP]: KIND, [BARE]: KIND };
  await installJobs(adminUrl, kinds);
  const context = createContext({ appUrl, secret: SECRET, log: createLogger('warn') });
  const bare = new PgBoss({
    connectionString: appUrl,
    schema: 'jobs',
    migrate: false,
    schedule: false,
    supervise: false,
  });
  await bare.start();
  try {
    const place = { context, wing: createJobs(context, appUrl, kinds), bare };
    const vacuum = (): Promise<unknown> =>
      withClient(adminUrl, (owner) => owner.query(`delete from jobs.job; vacuum analyze jobs.job_common`)).catch(() =>
        withClient(adminUrl, (owner) => owner.query('truncate jobs.job_common')),
      );
    return await measure(place, vacuum);
  } finally {
    await bare.stop({ graceful: false });
    await context.close();
    await cleanUp();
  }
}

async function measure(place: Place, vacuum: () => Promise<unknown>): Promise<BenchResult[]> {
  const rates = await interleave(ROUNDS, {
    ours: async () => (await vacuum(), ourRate(place)),
    bare: async () => (await vacuum(), bareRate(place)),
  });
  const pickUps = await interleave(ROUNDS, { ours: () => ourPickUp(place), bare: () => barePickUp(place) });
  return [
    {
      name: `no-op jobs of ${RESTAURANTS.length} restaurants, fetched and completed in batches`,
      ratio: rates.ours / rates.bare,
      target: 0.7,
      baseline: "pg-boss's work() in batches of 100, four at once, without limits per restaurant",
      unit: 'jobs/s',
      median: rates.ours,
      baselineMedian: rates.bare,
    },
    {
      name: 'pick-up of a job by an idle worker in the process that sent it, p95',
      ratio: pickUps.bare / pickUps.ours,
      target: 4,
      baseline: "pg-boss's work(), which looks twice a second",
      unit: 'ms',
      median: pickUps.ours,
      baselineMedian: pickUps.bare,
    },
  ];
}

/** @returns jobs per second, from the start of the worker to the completion of the last job. */
async function ourRate({ context, wing }: Place): Promise<number> {
  const payloads = Array.from({ length: JOBS }, (_, index) => ({
    restaurantId: RESTAURANTS[index % RESTAURANTS.length],
  }));
  await context.unitOfWork.run(systemCall(newId(), 'bench'), (tx) =>
    // Kinds of a benchmark are not among the program's.
    wing.jobs.sendAll(tx, NOOP as never, payloads as never),
  );
  let left = JOBS;
  let ended = (): void => undefined;
  const allEnded = new Promise<void>((resolve) => (ended = resolve));
  const began = performance.now();
  const jobMetrics = {
    ...wing.jobMetrics,
    ended: (kind: string): void => {
      if (kind === NOOP && (left -= 1) === 0) ended();
    },
  };
  const stop = await startBackground(
    { ...context, jobs: wing.jobs, jobMetrics },
    { [NOOP]: () => Promise.resolve(undefined) },
  );
  await allEnded;
  const seconds = (performance.now() - began) / 1_000;
  await stop();
  return JOBS / seconds;
}

async function bareRate({ bare }: Place): Promise<number> {
  await bare.insert(
    BARE,
    Array.from({ length: JOBS }, () => ({ data: { restaurantId: RESTAURANTS[0] } })),
  );
  let left = JOBS;
  let ended = (): void => undefined;
  const allEnded = new Promise<void>((resolve) => (ended = resolve));
  const began = performance.now();
  const options = { batchSize: 100, localConcurrency: 4, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
  await bare.work(BARE, options, (jobs) => {
    if ((left -= jobs.length) <= 0) ended();
    return Promise.resolve();
  });
  await allEnded;
  const seconds = (performance.now() - began) / 1_000;
  await bare.offWork(BARE);
  return JOBS / seconds;
}

/** @returns milliseconds from the commit to the begin of the handler, 95th percentile. */
async function ourPickUp({ context, wing }: Place): Promise<number> {
  let begin = (): void => undefined;
  const handlers = { [NOOP]: () => (begin(), Promise.resolve(undefined)) };
  const stop = await startBackground({ ...context, ...wing }, handlers);
  const times = await timesOf(
    async () => {
      const [restaurantId = ''] = RESTAURANTS;
      await context.unitOfWork.run(systemCall(restaurantId, 'bench'), (tx) =>
        wing.jobs.send(tx, NOOP as never, { restaurantId } as never),
      );
    },
    (resolve) => (begin = resolve),
  );
  await stop();
  return times;
}

async function barePickUp({ bare }: Place): Promise<number> {
  let begin = (): void => undefined;
  await bare.work(BARE, { pollingIntervalSeconds: 0.5 }, () => (begin(), Promise.resolve()));
  const times = await timesOf(
    () => bare.send(BARE, {}),
    (resolve) => (begin = resolve),
  );
  await bare.offWork(BARE);
  return times;
}

async function timesOf(send: () => Promise<unknown>, onBegin: (resolve: () => void) => void): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < PICK_UPS; count += 1) {
    // At a random point between two looks.
    await sleep(50 + Math.random() * 200);
    const begun = new Promise<void>((resolve) => onBegin(resolve));
    const sending = send();
    const sentAt = sending.then(() => performance.now());
    await begun;
    const begunAt = performance.now();
    times.push(Math.max(0, begunAt - (await sentAt)));
  }
  return times.sort((a, b) => a - b)[Math.floor(PICK_UPS * 0.95)] ?? Number.NaN;
}
