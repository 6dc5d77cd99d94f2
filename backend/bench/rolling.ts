/**
 * Replaces two servers behind a load balancer one after the other while guests and waiters
 * continue: no request may fail.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchResult } from './result.js';
import { Balancer } from './support/balancer.js';
import type { RunningServer } from './support/load.js';
import { setStage, type Stage } from './support/stage.js';

const ROLLS = 6;
const MIN_SECONDS = 12;
const READERS = 8;
const WAITERS = 4;
const ANSWER_WITHIN_MS = 15_000;
const SERVER = { DRAIN_BLACKOUT_MS: '1000' };

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  const balancer = await Balancer.start();
  const servers: RunningServer[] = [];
  try {
    for (let count = 0; count < 2; count += 1) {
      const server = await stage.startServio(SERVER);
      servers.push(server);
      await balancer.add(server.url);
    }
    const clients = new Clients(stage, balancer.url);
    const startedAt = performance.now();
    await clients.during(async () => {
      await roll(stage, balancer, servers);
      await sleep(Math.max(0, MIN_SECONDS * 1_000 - (performance.now() - startedAt)));
    });
    const { failures, succeeded } = clients;
    const total = succeeded + failures.length;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(
      `  ${total} requests in ${seconds} s, ${failures.length} failed ${JSON.stringify(failures.slice(0, 5))}`,
    );
    return [
      {
        name: `Requests answered while two servers are replaced ${ROLLS} times in turn`,
        ratio: succeeded / total,
        target: 1,
        baseline: 'those asked',
        unit: 'requests',
        median: succeeded,
        baselineMedian: total,
      },
    ];
  } finally {
    balancer.close();
    for (const server of servers) await server.stop();
    await stage.close();
  }
}

/**
 * Stops a server with SIGTERM and starts a new one in its place, alternating between the two
 * places.
 */
async function roll(stage: Stage, balancer: Balancer, servers: RunningServer[]): Promise<void> {
  for (let turn = 0; turn < ROLLS; turn += 1) {
    const place = turn % servers.length;
    const old = servers[place];
    if (!old) throw new Error('there is no server to replace');
    await old.stop();
    balancer.remove(old.url);
    const fresh = await stage.startServio(SERVER);
    servers[place] = fresh;
    await balancer.add(fresh.url);
  }
}

/**
 * Each client sends its next request as soon as it has an answer, over a connection that it keeps.
 */
class Clients {
  succeeded = 0;
  readonly failures: string[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stage: Stage;
  readonly #url: string;
  #isOver = false;

  constructor(stage: Stage, url: string) {
    this.#stage = stage;
    this.#url = url;
  }

  async during(work: () => Promise<void>): Promise<void> {
    const order = JSON.stringify({ type: 'takeaway', lines: [{ menuItemId: this.#stage.itemId, quantity: 1 }] });
    const clients = [
      ...Array.from({ length: READERS }, () => this.#ask('GET', '/v1/menu', 200)),
      ...Array.from({ length: WAITERS }, () => this.#ask('POST', '/v1/orders', 201, order)),
    ];
    try {
      await work();
    } finally {
      this.#isOver = true;
      await Promise.all(clients);
      this.#agent.destroy();
    }
  }

  async #ask(method: string, path: string, wanted: number, body?: string): Promise<void> {
    while (!this.#isOver) {
      const outcome = await this.#send(method, path, body).catch((error: Error) => error.message);
      if (outcome === wanted) this.succeeded += 1;
      else this.failures.push(`${method} ${path}: ${outcome}`);
    }
  }

  #send(method: string, path: string, body?: string): Promise<number> {
    const headers = { authorization: `Bearer ${this.#stage.token}`, 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) };
      const outgoing = request(this.#url + path, options, (answer) => {
        answer.resume();
        answer.once('error', reject);
        answer.once('end', () => resolve(answer.statusCode ?? 0));
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}
