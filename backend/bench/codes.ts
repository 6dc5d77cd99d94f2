/**
 * Code pools: claims over HTTP against a bare Express with the same middleware, claims that are
 * committed, bursts, memory, and whether size or generation slows anything down.
 */
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLogger } from '../src/config/logger.js';
import { type Context, createContext } from '../src/context.js';
import { systemCall } from '../src/domain/shared/call.js';
import { type BenchResult, median } from './result.js';
import { applyLoad, interleave, offerLoad, startServer, successes } from './support/load.js';
import { SECRET } from './support/database.js';
import { callApi, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const MANY = Number(process.env['BENCH_CODES'] ?? 1_000_000);
const CONNECTIONS = 50;
const CALLERS = 200;
const SERVICE_CLAIMS = 20_000;
const BURSTS = 20;
const HELD_POOLS = 10;
const HELD_EACH = 10_000;
const ATTEMPTS = 10;

interface Pools {
  few: string;
  many: string;
  vouchers: string;
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    const bench = new CodeBench(stage);
    const pools = await bench.furnish();
    const parts: Record<string, () => Promise<BenchResult[]>> = {
      http: () => bench.overHttp(pools),
      latency: () => bench.latency(pools.many),
      bursts: () => bench.bursts(pools.many),
      generating: () => bench.whileGenerating(pools.many),
      service: () => bench.throughService(),
    };
    const wanted = (process.env['BENCH_PARTS'] ?? Object.keys(parts).join()).split(',');
    const results: BenchResult[] = [];
    for (const part of wanted) results.push(...((await parts[part]?.()) ?? []));
    return results;
  } finally {
    await stage.close();
  }
}

class CodeBench {
  readonly #stage: Stage;
  readonly #headers: Record<string, string>;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#headers = { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' };
  }

  async furnish(): Promise<Pools> {
    const few = await this.#pool('pickup', { target: 1_000, lowWater: 700 });
    const many = await this.#pool('pickup', { target: MANY, lowWater: Math.trunc(MANY / 2), batch: 1_000 });
    const vouchers = await this.#pool('voucher', { target: 200_000, lowWater: 50_000, batch: 1_000 });
    for (const [id, count] of [
      [few, 1_000],
      [many, MANY],
      [vouchers, 200_000],
    ] as const)
      await this.#untilFull(id, count);
    return { few, many, vouchers };
  }

  /** The rates of the service, and of bare Express, in alternating turns. */
  async overHttp({ few, many, vouchers }: Pools): Promise<BenchResult[]> {
    const bare = await this.#bareFor(many);
    const bareVouchers = await this.#bareFor(vouchers);
    const loadOf = (url: string, id: string) => () =>
      steady(async () =>
        successes(
          await applyLoad({
            url: `${url}/v1/code-pools/${id}/claims`,
            connections: CONNECTIONS,
            seconds: SECONDS,
            method: 'POST',
            headers: this.#headers,
            body: '{}',
          }),
        ),
      );
    const { servio } = this.#stage;
    const figures = await interleave(ROUNDS, {
      bare: loadOf(bare.url, many),
      few: loadOf(servio.url, few),
      many: loadOf(servio.url, many),
      bareVouchers: loadOf(bareVouchers.url, vouchers),
      vouchers: loadOf(servio.url, vouchers),
    });
    await bare.stop();
    await bareVouchers.stop();
    const baseline = 'bare Express 5 with the same middleware and bytes';
    const unit = 'requests/s';
    return [
      ratioOf('Claim without a key from a pool without value', figures.many, figures.bare, {
        target: 0.8,
        baseline,
        unit,
      }),
      ratioOf('Claim of a voucher over HTTP, committed', figures.vouchers, figures.bareVouchers, {
        target: 0.5,
        baseline,
        unit,
      }),
      ratioOf(`Claim with ${MANY} codes`, figures.many, figures.few, {
        target: 0.95,
        baseline: 'the same with 1,000 codes',
        unit,
      }),
    ];
  }

  /** One caller in sequence, and an open loop at half of the capacity. */
  async latency(id: string): Promise<BenchResult[]> {
    const load = {
      url: `${this.#stage.servio.url}/v1/code-pools/${id}/claims`,
      method: 'POST' as const,
      headers: this.#headers,
      body: '{}',
    };
    const capacity = await steady(async () =>
      successes(await applyLoad({ ...load, connections: CONNECTIONS, seconds: SECONDS })),
    );
    const bare = await this.#bareFor(id);
    const bareMeans: number[] = [];
    const means: number[] = [];
    const p99s: number[] = [];
    const alone = (url: string) =>
      steady(async () => 1_000 / successes(await applyLoad({ ...load, url, connections: 1, seconds: 2 })));
    for (let round = 0; round < ROUNDS; round += 1) {
      bareMeans.push(await alone(load.url.replace(this.#stage.servio.url, bare.url)));
      means.push(await alone(load.url));
      const half = {
        ...load,
        connections: CONNECTIONS,
        seconds: SECONDS,
        offeredPerSecond: capacity / 2,
        goodWithinMs: 1_000,
      };
      p99s.push((await offerLoad(half)).acceptedP99Ms);
    }
    await bare.stop();
    return [
      ratioOf('Claims in sequence, rate', 1_000 / median(means), 1_000 / median(bareMeans), {
        target: 0.8,
        baseline: 'bare Express 5 with the same middleware and bytes',
        unit: 'requests/s',
      }),
      limitOf('Claims in sequence, mean', median(means), 1, 'ms'),
      limitOf(`Claims at half of the capacity (${Math.round(capacity / 2)} a second), p99`, median(p99s), 5, 'ms'),
    ];
  }

  async bursts(id: string): Promise<BenchResult[]> {
    const results: BenchResult[] = [];
    for (const [size, limitMs] of [
      [50, 100],
      [100, 200],
    ] as const) {
      const agent = new Agent({ keepAlive: true, maxSockets: size, maxFreeSockets: size });
      const durations: number[] = [];
      for (let burst = 0; burst <= BURSTS; burst += 1) {
        const durationMs = await steady(async () => {
          const startedAt = performance.now();
          await Promise.all(Array.from({ length: size }, () => this.#claim(agent, id)));
          return performance.now() - startedAt;
        });
        // The first one opens the connections.
        if (burst > 0) durations.push(durationMs);
        await sleep(20);
      }
      agent.destroy();
      results.push(limitOf(`${size} claims at once, all answered`, median(durations), limitMs, 'ms'));
    }
    return results;
  }

  async whileGenerating(id: string): Promise<BenchResult[]> {
    const { servio, token } = this.#stage;
    const load = () =>
      steady(async () =>
        successes(
          await applyLoad({
            url: `${servio.url}/v1/code-pools/${id}/claims`,
            connections: CONNECTIONS,
            seconds: SECONDS,
            method: 'POST',
            headers: this.#headers,
            body: '{}',
          }),
        ),
      );
    const calm: number[] = [];
    const busy: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      calm.push(await load());
      const other = await this.#pool('voucher', { target: 0, lowWater: 0, batch: 1_000 });
      await callApi(servio.url, token, 'POST', `/v1/code-pools/${other}/refill`, { count: MANY });
      const startedAt = performance.now();
      busy.push(await load());
      const { toGenerate } = await this.#status(other);
      if (toGenerate === 0) throw new Error('the codes were generated before the load ended: the round says nothing');
      await this.#untilFull(other, MANY);
      console.log(`  ${MANY} codes were generated in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    }
    const baseline = 'the same without generation';
    return [
      ratioOf(`Claims while ${MANY} codes are generated`, median(busy), median(calm), {
        target: 0.8,
        baseline,
        unit: 'requests/s',
      }),
    ];
  }

  /** In this process, without HTTP. */
  async throughService(): Promise<BenchResult[]> {
    const { appUrl, restaurantId } = this.#stage;
    const context = createContext({ appUrl, secret: SECRET, log: createLogger('silent') });
    try {
      const bytes = await this.#heldBytes(context);
      const id = await this.#pool('voucher', { target: SERVICE_CLAIMS * (ROUNDS + 2), lowWater: 0, batch: 2_000 });
      await this.#untilFull(id, SERVICE_CLAIMS * (ROUNDS + 2));
      const rates: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const startedAt = performance.now();
        let left = SERVICE_CLAIMS;
        const caller = async () => {
          while (left > 0) {
            left -= 1;
            await context.codePools.claim(systemCall(restaurantId, 'bench'), id, { count: 1 });
          }
        };
        await Promise.all(Array.from({ length: CALLERS }, caller));
        if (round > 0) rates.push((SERVICE_CLAIMS * 1_000) / (performance.now() - startedAt));
      }
      const target = { target: 1, baseline: '5,000 a second', unit: 'claims/s' };
      return [
        ratioOf(`Vouchers through the service, ${CALLERS} callers`, median(rates), 5_000, target),
        limitOf('Memory of a held code', bytes, 200, 'bytes'),
      ];
    } finally {
      await context.close();
    }
  }

  /** Heap of codes that are ready to be handed out. */
  async #heldBytes(context: Context): Promise<number> {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void; // The flag defines it.
    const { restaurantId } = this.#stage;
    const ids: string[] = [];
    for (let count = 0; count < HELD_POOLS; count += 1) {
      ids.push(await this.#pool('voucher', { target: HELD_EACH * 4, lowWater: 0, batch: HELD_EACH }));
      await this.#untilFull(ids[count] ?? '', HELD_EACH * 4);
    }
    const measure = () => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    // The first claim of another pool loads what every claim needs.
    const warm = await this.#pool('voucher', { target: 100, lowWater: 0 });
    await this.#untilFull(warm, 100);
    await context.codePools.claim(systemCall(restaurantId, 'bench'), warm, { count: 1 });
    const before = measure();
    for (const id of ids) await context.codePools.claim(systemCall(restaurantId, 'bench'), id, { count: 1 });
    return (measure() - before) / (HELD_POOLS * HELD_EACH);
  }

  async #bareFor(id: string) {
    const { servio, token, appUrl } = this.#stage;
    const answer = await (await callApi(servio.url, token, 'POST', `/v1/code-pools/${id}/claims`, {})).text();
    return startServer('./bareClaims.js', { BENCH_URL: appUrl, BENCH_SECRET: SECRET, BENCH_ANSWER: answer });
  }

  async #pool(kind: string, fields: object): Promise<string> {
    const body = { name: `Pool ${Math.random()}`, kind, ...(kind === 'pickup' ? { length: 5 } : {}), ...fields };
    const response = await callApi(this.#stage.servio.url, this.#stage.token, 'POST', '/v1/code-pools', body);
    const pool = (await response.json()) as { id: string }; // A pool of the API.
    if (!response.ok) throw new Error(`no pool: ${JSON.stringify(pool)}`);
    return pool.id;
  }

  async #status(id: string): Promise<{ generated: number; toGenerate: number }> {
    const response = await callApi(this.#stage.servio.url, this.#stage.token, 'GET', `/v1/code-pools/${id}/status`);
    return (await response.json()) as { generated: number; toGenerate: number }; // A status of the API.
  }

  async #untilFull(id: string, count: number): Promise<void> {
    while ((await this.#status(id)).generated < count) await sleep(50);
  }

  #claim(agent: Agent, id: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent, headers: { ...this.#headers, 'content-length': 2 } };
      const sent = httpRequest(`${this.#stage.servio.url}/v1/code-pools/${id}/claims`, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.once('end', () =>
          response.statusCode === 201
            ? resolve()
            : reject(new Error(`a claim was answered ${response.statusCode}: ${text}`)),
        );
      });
      sent.once('error', reject);
      sent.end('{}');
    });
  }
}

/**
 * A round in which the server refused much says nothing about codes: other work on the machine held
 * its event loop up. It is measured again.
 */
async function steady<T>(measure: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await measure();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(1_000);
    }
  }
}

function ratioOf(
  name: string,
  value: number,
  baselineMedian: number,
  { target, baseline, unit }: { target: number; baseline: string; unit: string },
): BenchResult {
  return { name, ratio: value / baselineMedian, target, baseline, unit, median: value, baselineMedian };
}

/** A figure that must stay below a limit: 1 or more is within it. */
function limitOf(name: string, value: number, limit: number, unit: string): BenchResult {
  return {
    name,
    ratio: limit / value,
    target: 1,
    baseline: `the limit of ${limit} ${unit}`,
    unit,
    median: value,
    baselineMedian: limit,
  };
}
