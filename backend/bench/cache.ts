/**
 * The cache against bentocache (memory) and against a bare ioredis (Redis). Rounds alternate in one
 * process, so that noise on the machine affects both; the medians of the rounds are compared.
 */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { Redis } from 'ioredis';
import { createLogger } from '../src/config/logger.js';
import { CacheKeys, CacheTags, CacheTTL } from '../src/services/cache/keys.js';
import { CacheService } from '../src/services/CacheService.js';
import { type BenchResult, describeResult, median } from './result.js';

const ROUNDS = 5;
/** The first thousands of calls run code that is not compiled yet. */
const WARM_UP_ROUNDS = 4;
const TURNS = 60;
const L2_KEYS = 500;
const READY_MS = 5_000;

/** A menu of 1.8 kB. */
const MENU = {
  currency: 'EUR',
  orderType: null,
  categories: [
    {
      id: randomUUID(),
      name: 'Mains',
      items: Array.from({ length: 8 }, (_, index) => ({
        id: randomUUID(),
        name: `Dish ${index}`,
        description: 'With rice, lime and herbs',
        price: 1_250 + index,
        taxIds: ['standard'],
        variants: [{ id: randomUUID(), name: 'Large', price: 250 }],
        isAvailable: true,
      })),
    },
  ],
};

interface Work {
  /** Calls in one turn. */
  times: number;
  call: (index: number) => Promise<unknown>;
}

export async function run(): Promise<BenchResult[]> {
  const redis = await bringRedis();
  try {
    // Redis first, because the memory benchmark makes a lot of garbage.
    return [await benchRedis(redis.url), await benchMemory()];
  } finally {
    await redis.stop();
  }
}

async function benchMemory(): Promise<BenchResult> {
  const cache = new CacheService({ redisUrl: undefined, log: createLogger('silent') });
  const bento = new BentoCache({
    default: 'memory',
    stores: { memory: bentostore({ ttl: '60s' }).useL1Layer(memoryDriver({ maxItems: 5_000 })) },
  });
  const restaurantId = randomUUID();
  const key = CacheKeys.menu(restaurantId);
  const options = { tags: [CacheTags.menu(restaurantId)] };
  const load = () => Promise.resolve(MENU);
  const ours = () => cache.getOrSet(key, CacheTTL.menu, load, options);
  const theirs = () => bento.getOrSet({ key, factory: load });
  const [rates, baselineRates] = await takeTurns({ times: 5_000, call: ours }, { times: 200, call: theirs });
  cache.close();
  await bento.disconnectAll();
  return compare('L1 getOrSet hit', 2, 'bentocache getOrSet hit in memory', rates, baselineRates);
}

async function benchRedis(url: string): Promise<BenchResult> {
  const cache = new CacheService({ redisUrl: url, log: createLogger('silent') });
  // Memory expires before a key's next turn: each read finds it too old, reads from Redis and fills
  // memory.
  const policy = { ...CacheTTL.menu, l1Ms: 1 };
  const bare = new Redis(url);
  await cache.ready(READY_MS);
  const restaurantId = randomUUID();
  const tags = [CacheTags.menu(restaurantId)];
  const keys = Array.from({ length: L2_KEYS }, (_, index) => CacheKeys.menu(restaurantId, String(index)));
  await cache.mset(
    keys.map((key) => ({ key, value: MENU })),
    policy,
    { tags },
  );
  const bareKeys = keys.map((_key, index) => `bench:${restaurantId}:${index}`);
  await Promise.all(bareKeys.map((key) => bare.set(key, JSON.stringify(MENU), 'PX', 600_000)));
  const load = () => Promise.reject(new Error('not a hit'));
  const keyAt = <K>(list: readonly K[], index: number) => {
    const key = list[index % L2_KEYS];
    if (key === undefined) throw new Error('no key');
    return key;
  };
  try {
    const [rates, baselineRates] = await takeTurns(
      { times: 50, call: (index) => cache.getOrSet(keyAt(keys, index), policy, load, { tags }) },
      { times: 50, call: async (index) => JSON.parse((await bare.get(keyAt(bareKeys, index))) ?? '') },
    );
    const { l1, l2 } = cache.stats();
    if (l1.hits > 0 || l2.hits === 0) throw new Error(`not hits in Redis: ${JSON.stringify({ l1, l2 })}`);
    return compare('L2 getOrSet hit', 0.85, 'ioredis get and JSON.parse', rates, baselineRates);
  } finally {
    await bare.unlink(...bareKeys);
    await cache.invalidatePattern(`${restaurantId}:*`);
    cache.close();
    bare.disconnect();
  }
}

/**
 * Rates of both in operations a second, one for each round. Within a round they alternate every few
 * milliseconds, so that other load on the machine affects both. The median turn counts, so that an
 * interrupted turn does not.
 */
async function takeTurns(one: Work, other: Work): Promise<[number[], number[]]> {
  const rates: [number[], number[]] = [[], []];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const times: [number[], number[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn += 1) {
      // The second one finds Redis awake and the garbage of the first.
      const isFirst = turn % 2 === 0;
      if (!isFirst) times[1].push(await timeOf(other, turn));
      times[0].push(await timeOf(one, turn));
      if (isFirst) times[1].push(await timeOf(other, turn));
    }
    if (round < 0) continue;
    rates[0].push((one.times * 1_000) / median(times[0]));
    rates[1].push((other.times * 1_000) / median(times[1]));
  }
  return rates;
}

async function timeOf({ times, call }: Work, turn: number): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < times; index += 1) await call(turn * times + index);
  return performance.now() - start;
}

function compare(
  name: string,
  target: number,
  baseline: string,
  rates: number[],
  baselineRates: number[],
): BenchResult {
  const own = median(rates);
  const baselineMedian = median(baselineRates);
  return { name, ratio: own / baselineMedian, target, baseline, unit: 'ops/s', median: own, baselineMedian };
}

/** REDIS_URL, or a server that this run starts. */
async function bringRedis(): Promise<{ url: string; stop: () => Promise<void> }> {
  const script = new URL('../../backend/scripts/redis.mjs', import.meta.url);
  // The script is plain JavaScript; its doc comment has this type.
  const module = (await import(script.href)) as {
    bringRedis: () => Promise<{ url: string; stop: () => Promise<void> }>;
  };
  return module.bringRedis();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const result of await run()) console.log(describeResult(result));
}
