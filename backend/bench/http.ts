/** Cost of a guest's menu and of a waiter's order over HTTP, against the lowest possible cost. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchResult } from './result.js';
import { applyLoad, interleave, startServer, successes } from './support/load.js';
import { setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const CONNECTIONS = 50;
const CALLERS = 20;
const run_ = promisify(execFile);

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    return [...(await menus(stage)), ...(await orders(stage))];
  } finally {
    await stage.close();
  }
}

async function menus(stage: Stage): Promise<BenchResult[]> {
  const baseline = 'bare Express 5 sending the same bytes';
  const bare = await startServer('./bareExpress.js', { BENCH_BODY_FILE: stage.menuFile });
  const redisUrl = process.env['REDIS_URL'];
  const counted = redisUrl ? await stage.startServio({ REDIS_URL: redisUrl }) : undefined;
  const authorization = `Bearer ${stage.token}`;
  const etag = (await fetch(`${stage.servio.url}/v1/menu`, { headers: { authorization } })).headers.get('etag') ?? '';
  const menuOf =
    (url: string, headers: Record<string, string> = { authorization }) =>
    async () => {
      const load = await applyLoad({ url: `${url}/v1/menu`, connections: CONNECTIONS, seconds: SECONDS, headers });
      return successes(load);
    };
  try {
    const figures = await interleave(ROUNDS, {
      bare: menuOf(bare.url, {}),
      servio: menuOf(stage.servio.url),
      known: menuOf(stage.servio.url, { authorization, 'if-none-match': etag }),
      counted: counted ? menuOf(counted.url) : async () => Number.NaN,
    });
    const result = (name: string, median: number, target: number): BenchResult => ({
      name,
      ratio: median / figures.bare,
      target,
      baseline,
      unit: 'requests/s',
      median,
      baselineMedian: figures.bare,
    });
    return [
      result('GET /v1/menu from memory, credential checked, limits counted', figures.servio, 0.6),
      ...(counted ? [result('GET /v1/menu with limits counted in Redis', figures.counted, 0.45)] : []),
      {
        name: 'GET /v1/menu answered 304',
        ratio: figures.known / figures.servio,
        target: 1,
        baseline: 'the same menu answered 200',
        unit: 'requests/s',
        median: figures.known,
        baselineMedian: figures.servio,
      },
    ];
  } finally {
    await bare.stop();
    await counted?.stop();
  }
}

async function orders(stage: Stage): Promise<BenchResult[]> {
  const { token, restaurantId, categoryId, itemId, modifierId } = stage;
  const body = JSON.stringify({
    type: 'takeaway',
    lines: [
      { menuItemId: itemId, quantity: 1, modifiers: [{ modifierId }] },
      { menuItemId: itemId, quantity: 2 },
    ],
  });
  const raw = async () => {
    const script = fileURLToPath(new URL('./support/rawOrders.js', import.meta.url));
    const env = {
      ...process.env,
      BENCH_URL: stage.appUrl,
      BENCH_CALLERS: String(CALLERS),
      BENCH_SECONDS: String(SECONDS),
      BENCH_IDS: JSON.stringify({ restaurantId, categoryId, itemId }),
    };
    const { stdout } = await run_('taskset', ['-c', '0', process.execPath, script], { env });
    return Number(stdout);
  };
  const servio = async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const load = await applyLoad({
      url: `${stage.servio.url}/v1/orders`,
      connections: CALLERS,
      seconds: SECONDS,
      method: 'POST',
      headers,
      body,
    });
    return successes(load);
  };
  const figures = await interleave(ROUNDS, { raw, servio });
  return [
    {
      name: 'POST /v1/orders: 2 lines, 1 modifier, 2 taxes',
      ratio: figures.servio / figures.raw,
      target: 0.4,
      baseline: 'pg storing the same rows in one transaction and nothing else',
      unit: 'orders/s',
      median: figures.servio,
      baselineMedian: figures.raw,
    },
  ];
}
