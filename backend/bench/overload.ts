/**
 * Offers three times the capacity, from clients that do not wait for each other. Accepted requests
 * must still be answered soon, and at nearly the full rate.
 */
import { type BenchResult, median } from './result.js';
import { offerLoad, type OfferOptions, type OfferResult } from './support/load.js';
import { setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = 5;
const TIMES = 3;
/**
 * Above this share of its core the generator may be the bottleneck, and the figure says nothing.
 */
const MAX_GENERATOR_BUSY = 0.95;

interface Scenario {
  name: string;
  /** Connections while the capacity is measured. */
  capacityConnections: number;
  connections: number;
  /**
   * A request behind others on one connection waits for them. With too few connections for a rate,
   * p99 says nothing.
   */
  isEachAlone: boolean;
  request: Omit<OfferOptions, 'connections' | 'seconds'>;
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    const results: BenchResult[] = [];
    for (const scenario of scenariosOf(stage)) results.push(...(await measure(scenario)));
    return results;
  } finally {
    await stage.close();
  }
}

function scenariosOf({ servio, token, itemId }: Stage): Scenario[] {
  const headers = { authorization: `Bearer ${token}` };
  const menu: Scenario['request'] = { url: `${servio.url}/v1/menu`, headers, goodWithinMs: 1_000 };
  const order: Scenario['request'] = {
    url: `${servio.url}/v1/orders`,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'takeaway', lines: [{ menuItemId: itemId, quantity: 2 }] }),
    // Orders wait in a queue instead of being refused, up to the deadline of their transaction.
    goodWithinMs: 5_000,
  };
  return [
    { name: 'GET /v1/menu', capacityConnections: 50, connections: 1_000, isEachAlone: false, request: menu },
    { name: 'GET /v1/menu', capacityConnections: 50, connections: 3_000, isEachAlone: true, request: menu },
    { name: 'POST /v1/orders', capacityConnections: 20, connections: 1_000, isEachAlone: true, request: order },
  ];
}

async function measure(scenario: Scenario): Promise<BenchResult[]> {
  const { name, request, capacityConnections, connections } = scenario;
  const capacities: number[] = [];
  const bursts: OfferResult[] = [];
  const measureCapacity = async () =>
    (await offerLoad({ ...request, connections: capacityConnections, seconds: SECONDS })).goodPerSecond;
  await measureCapacity();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await measureCapacity();
    const burst = await offerLoad({ ...request, connections, seconds: SECONDS, offeredPerSecond: before * TIMES });
    // The speed of a shared machine may change meanwhile.
    const after = await measureCapacity();
    capacities.push((before + after) / 2);
    bursts.push(burst);
    console.log(
      `  ${name}, ${connections}: ${describe(burst)}; alone ${Math.round(before)} and ${Math.round(after)} a second`,
    );
    if (burst.generatorBusy > MAX_GENERATOR_BUSY)
      console.log('  the generator could do no more: this round says little');
  }
  return results(scenario, capacities, bursts);
}

function describe({
  statuses,
  goodPerSecond,
  offeredPerSecond,
  unanswered,
  generatorBusy,
  acceptedP99Ms,
}: OfferResult) {
  const counts = `${Math.round(goodPerSecond)} good of ${Math.round(offeredPerSecond)} offered/s`;
  return `${counts}, ${JSON.stringify(statuses)}, ${unanswered} unanswered, p99 ${Math.round(acceptedP99Ms)} ms, generator ${Math.round(generatorBusy * 100)} %`;
}

function results({ name, connections, request, isEachAlone }: Scenario, capacities: number[], bursts: OfferResult[]) {
  const { goodWithinMs } = request;
  const share = (pick: (burst: OfferResult) => number) =>
    median(bursts.map((burst, round) => pick(burst) / (capacities[round] ?? 0)));
  const times = share(({ offeredPerSecond }) => offeredPerSecond).toFixed(1);
  const p99Ms = median(bursts.map(({ acceptedP99Ms }) => acceptedP99Ms));
  const goodput: BenchResult = {
    name: `${name} answered within ${goodWithinMs / 1_000} s when ${times} times the capacity is offered over ${connections} connections`,
    ratio: share(({ goodPerSecond }) => goodPerSecond),
    target: 0.8,
    baseline: 'what it answers when no more is asked',
    unit: 'requests/s',
    median: median(bursts.map(({ goodPerSecond }) => goodPerSecond)),
    baselineMedian: median(capacities),
  };
  const wait: BenchResult = {
    name: `p99 of what ${name} answers meanwhile`,
    ratio: goodWithinMs / p99Ms,
    target: 1,
    baseline: 'better than the bound',
    unit: 'ms',
    median: p99Ms,
    baselineMedian: goodWithinMs,
  };
  return isEachAlone ? [goodput, wait] : [goodput];
}
