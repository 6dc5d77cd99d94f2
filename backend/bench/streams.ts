/** Cost of a thousand open streams, and of each event that they get, against bare node:http. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../src/config/database.js';
import { type BenchResult, median } from './result.js';
import { cpuMs } from './support/cpu.js';
import { type RunningServer, startServer } from './support/load.js';
import { callApi, setStage, type Stage } from './support/stage.js';

const STREAMS = 1_000;
/** A hundred for each, as many as a restaurant may have. */
const RESTAURANTS = 10;
const KEYS_EACH = 2;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
/** Each goes to all streams, alone. */
const EVENTS = 40;
const LIMIT_MS = 30_000;
const BARE = 'bare node:http writing the same bytes';

interface Reader {
  url: string;
  headers: Record<string, string>;
}

interface Cost {
  cpuMicroseconds: number;
  megabytes: number;
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    const restaurants = await Promise.all(Array.from({ length: RESTAURANTS }, (_, index) => open(stage, index)));
    // Its relay would do a part of the work.
    await stage.servio.stop();
    const readers = restaurants.flatMap(({ keys }) => keys).map((key) => ({ authorization: `Bearer ${key}` }));
    const [ours, bares]: [Cost[], Cost[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const servio = await stage.startServio({});
      const send = () => writeEvents(stage, restaurants);
      ours.push(await measure(servio, (index) => readers[index % readers.length] ?? {}, send));
      await servio.stop();
      const bare = await startServer('./bareStreams.js', {});
      bares.push(
        await measure(
          bare,
          () => ({}),
          () => fetch(bare.url, { method: 'POST', body: MESSAGE }),
        ),
      );
      await bare.stop();
      console.log(`  Servio ${JSON.stringify(ours.at(-1))}, bare ${JSON.stringify(bares.at(-1))}`);
    }
    return results(ours, bares);
  } finally {
    await stage.close();
  }
}

const DATA = { from: 'placed', to: 'preparing', number: 'ORD-2026-11-000123' };
const MESSAGE = `id: 123\nevent: order.status_changed\ndata: ${JSON.stringify({
  position: 123,
  id: '01941f29-7c00-7000-8000-000000000000',
  type: 'order.status_changed',
  subject: 'order',
  subjectId: '01941f29-7c00-7000-8000-000000000000',
  data: DATA,
  createdAt: '2026-11-29T12:00:00.000Z',
})}\n\n`;

async function open(stage: Stage, index: number): Promise<{ id: string; keys: string[] }> {
  const { url } = stage.servio;
  const registration = {
    email: `streams-${index}@example.com`,
    password: 'a password for measuring',
    name: 'Bench',
    restaurantName: 'Bench',
    currency: 'EUR',
    timezone: 'UTC',
  };
  // Servio answers objects of the documented shape.
  const entry = (await (await callApi(url, undefined, 'POST', '/v1/auth/register', registration)).json()) as {
    accessToken: string;
    restaurant: { id: string };
  };
  const keys: string[] = [];
  for (let count = 0; count < KEYS_EACH; count += 1) {
    const wanted = { name: 'screen', kind: 'kitchen_screen', scopes: ['orders:read'] };
    const made = await callApi(url, entry.accessToken, 'POST', '/v1/api-keys', wanted);
    keys.push(((await made.json()) as { secret: string }).secret);
  }
  return { id: entry.restaurant.id, keys };
}

/** One event for each restaurant, past the API: its work is not measured here. */
async function writeEvents(stage: Stage, restaurants: readonly { id: string }[]): Promise<void> {
  await withClient(stage.appUrl, async (app) => {
    for (const { id } of restaurants) {
      await app.query("select set_config('app.restaurant_id', $1, false)", [id]);
      await app.query(
        `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
         values ($1, gen_random_uuid(), 'order.status_changed', 'order', gen_random_uuid(), $2, now())`,
        [id, DATA],
      );
    }
  });
}

async function measure(
  server: RunningServer,
  headersOf: (index: number) => Reader['headers'],
  send: () => Promise<unknown>,
): Promise<Cost> {
  let messages = 0;
  const requests: ClientRequest[] = [];
  const openStream = async (index: number): Promise<void> => {
    const request = get(`${server.url}/v1/events/stream`, { agent: false, headers: headersOf(index) });
    requests.push(request);
    // `once` rejects when the request fails. It resolves with the one argument of `response`.
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    request.on('error', () => undefined);
    if (response.statusCode !== 200) throw new Error(`a stream got ${response.statusCode}`);
    response.on('error', () => undefined);
    response.setEncoding('latin1').on('data', (text: string) => {
      messages += text.split('event: order.').length - 1;
    });
  };
  const untilGot = async (count: number): Promise<void> => {
    for (const until = performance.now() + LIMIT_MS; messages < count; await sleep(1))
      if (performance.now() > until) throw new Error(`${messages} of ${count} messages came`);
  };
  // The first stream warms up what all share.
  for (let index = 0; index < STREAMS / 20; index += 1) await openStream(index);
  await send();
  await untilGot(STREAMS / 20);
  for (const request of requests.splice(0)) request.destroy();
  await sleep(2_000);
  messages = 0;
  const memoryBefore = residentMegabytes(server.pid);
  for (let index = 0; index < STREAMS; index += 1) await openStream(index);
  await sleep(1_000);
  const memory = residentMegabytes(server.pid) - memoryBefore;
  const cpuBefore = cpuMs(server.pid);
  for (let event = 1; event <= EVENTS; event += 1) {
    await send();
    await untilGot(event * STREAMS);
  }
  const cpu = cpuMs(server.pid) - cpuBefore;
  for (const request of requests) request.destroy();
  return { cpuMicroseconds: (cpu * 1_000) / (EVENTS * STREAMS), megabytes: memory };
}

function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

function results(ours: readonly Cost[], bares: readonly Cost[]): BenchResult[] {
  const row = (name: string, unit: string, most: number, of: (cost: Cost) => number): BenchResult => {
    const [own, base] = [median(ours.map(of)), median(bares.map(of))];
    return {
      name: `${name}, at most ${most} ${unit}`,
      ratio: base / own,
      target: 0.3,
      baseline: BARE,
      unit,
      median: own,
      baselineMedian: base,
    };
  };
  return [
    row('CPU of an event delivered to one of 1,000 streams', 'µs', 40, (cost) => cost.cpuMicroseconds),
    row('Memory of 1,000 open streams', 'MB', 60, (cost) => cost.megabytes),
  ];
}
