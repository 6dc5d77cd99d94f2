/**
 * Time that the decorators and the record of a metric add to a call, each against its budget. Turns
 * with and without alternate in one process, so that noise on the machine affects both; the medians
 * of the rounds are compared.
 */
import { pathToFileURL } from 'node:url';
import { configurePerformance, Memoize, RateLimit, Retry, Timeout, Track } from '../src/decorators/Performance.js';
import { MetricsService } from '../src/services/MetricsService.js';
import { policy } from '../src/utils/resilience.js';
import { type BenchResult, describeResult, median } from './result.js';

const ROUNDS = 15;
const CALLS = 50_000;

class Plain {
  async work(id: string): Promise<string> {
    return id;
  }

  @Track('bench.tracked')
  async tracked(id: string): Promise<string> {
    return id;
  }

  @Retry({ maxAttempts: 3 })
  async retried(id: string): Promise<string> {
    return id;
  }

  @RateLimit({ maxCalls: 100_000, windowMs: 1 })
  async limited(id: string): Promise<string> {
    return id;
  }

  @Timeout(1_000, 'Try again.')
  async timed(id: string): Promise<string> {
    return id;
  }

  @Memoize(60_000)
  async memoized(id: string): Promise<string> {
    return id;
  }
}

export async function run(): Promise<BenchResult[]> {
  const metrics = new MetricsService();
  const disconnect = configurePerformance({
    metrics: {
      methodFinished: (method, durationMs, outcome) =>
        metrics.timing('method_duration_seconds', { method, outcome }, durationMs),
    },
  });
  const plain = new Plain();
  const outside = policy({ name: 'bench' });
  const baseline = (): Promise<unknown> => plain.work('a');
  try {
    return [
      await added('@Track with its metric', 2_000, baseline, () => plain.tracked('a')),
      await added('@Retry without a failure', 2_000, baseline, () => plain.retried('a')),
      await added('@RateLimit', 2_000, baseline, () => plain.limited('a')),
      await added('@Memoize on a hit', 1_000, baseline, () => plain.memoized('a')),
      // `@Timeout` switches on the AsyncLocalStorage of the process, so it is measured after the
      // others.
      await added('@Timeout', 5_000, baseline, () => plain.timed('a')),
      await added('a call under a policy', 50_000, baseline, () => outside.run(() => plain.work('a'))),
      await recorded('a timing recorded', metrics),
      await recordedWithStatsd(),
    ];
  } finally {
    outside.close();
    disconnect();
    await metrics.close();
  }
}

/** Records to an address that discards the datagrams. */
async function recordedWithStatsd(): Promise<BenchResult> {
  const metrics = new MetricsService({ statsd: { host: '127.0.0.1', port: 9 } });
  try {
    return await recorded('a timing recorded, StatsD on', metrics);
  } finally {
    await metrics.close();
  }
}

function recorded(name: string, metrics: MetricsService): Promise<BenchResult> {
  const record = async (): Promise<void> =>
    metrics.timing('http_request_duration_seconds', { route: 'GET /orders/{id}', method: 'GET' }, 12.5);
  return added(name, 3_000, async () => undefined, record);
}

/**
 * Compares the time that `variant` takes longer than `baseline` with a budget. A ratio of 4 means a
 * quarter of the budget.
 */
async function added(
  name: string,
  budgetNs: number,
  baseline: () => Promise<unknown>,
  variant: () => Promise<unknown>,
): Promise<BenchResult> {
  const addedNs: number[] = [];
  await nanosecondsPerCall(baseline);
  await nanosecondsPerCall(variant);
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = await nanosecondsPerCall(baseline);
    addedNs.push((await nanosecondsPerCall(variant)) - without);
  }
  const perSecond = 1e9 / Math.max(1, median(addedNs));
  return {
    name: `${name} adds ${(median(addedNs) / 1000).toFixed(2)} µs`,
    ratio: perSecond / (1e9 / budgetNs),
    target: 1,
    baseline: `its budget of ${budgetNs / 1000} µs`,
    unit: 'a second',
    median: perSecond,
    baselineMedian: 1e9 / budgetNs,
  };
}

/** CPU time, not wall time: pauses while other programs use the processor must not count. */
async function nanosecondsPerCall(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < CALLS; index += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / CALLS;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const result of await run()) console.log(describeResult(result));
}
