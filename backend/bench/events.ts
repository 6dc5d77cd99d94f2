/**
 * Cost of the events of an order: the rate of orders with the relay, and with readers besides,
 * against the same server without background work.
 */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BenchResult } from './result.js';
import { applyLoad, interleave, type RunningServer, successes } from './support/load.js';
import { callApi, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const CALLERS = 20;
const WEBHOOKS = 2;
const STREAMS = 10;

export async function run(): Promise<BenchResult[]> {
  const receiver = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is never a string.
  const hostPort = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  // Each has a database of its own: a relay would move the events that another server left.
  const stages = [await setStage(), await setStage(), await setStage()] as const;
  const [alone, relayed, heard] = stages;
  try {
    const servers = {
      alone: await restart(alone, { BACKGROUND: 'off' }),
      relayed: await restart(relayed, {}),
      heard: await restart(heard, { EGRESS_ALLOWLIST: hostPort }),
    };
    await listen(heard, servers.heard, hostPort);
    const figures = await interleave(ROUNDS, {
      alone: () => orders(alone, servers.alone),
      relayed: () => orders(relayed, servers.relayed),
      heard: () => orders(heard, servers.heard),
    });
    const baseline = 'the same server without background work';
    const result = (name: string, median: number, target: number): BenchResult => {
      return {
        name,
        ratio: median / figures.alone,
        target,
        baseline,
        unit: 'orders/s',
        median,
        baselineMedian: figures.alone,
      };
    };
    return [
      result('POST /v1/orders with the relay', figures.relayed, 0.95),
      result(`POST /v1/orders with the relay, ${WEBHOOKS} webhooks and ${STREAMS} streams`, figures.heard, 0.85),
    ];
  } finally {
    receiver.closeAllConnections();
    receiver.close();
    await alone.close();
  }
}

async function restart(stage: Stage, env: Record<string, string>): Promise<RunningServer> {
  await stage.servio.stop();
  return stage.startServio(env);
}

/** Opens the endpoints and the streams of a restaurant's readers. */
async function listen({ token }: Stage, { url }: RunningServer, hostPort: string): Promise<void> {
  for (let count = 0; count < WEBHOOKS; count += 1) {
    const body = { url: `http://${hostPort}/${count}`, types: ['order.placed'] };
    const answer = await callApi(url, token, 'POST', '/v1/webhook-endpoints', body);
    if (!answer.ok) throw new Error(`no endpoint: ${await answer.text()}`);
  }
  for (let count = 0; count < STREAMS; count += 1)
    get(`${url}/v1/events/stream`, { headers: { authorization: `Bearer ${token}` } }, (stream) => stream.resume()).on(
      'error',
      () => undefined,
    );
}

async function orders({ token, itemId, modifierId }: Stage, { url }: RunningServer): Promise<number> {
  const lines = [
    { menuItemId: itemId, quantity: 1, modifiers: [{ modifierId }] },
    { menuItemId: itemId, quantity: 2 },
  ];
  const load = await applyLoad({
    url: `${url}/v1/orders`,
    connections: CALLERS,
    seconds: SECONDS,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'takeaway', lines }),
  });
  return successes(load);
}
