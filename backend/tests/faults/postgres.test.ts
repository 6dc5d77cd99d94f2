/**
 * PostgreSQL is killed, shut down and frozen while orders come in. `FREEZE_SECONDS` changes the
 * freeze. The test prints figures.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, query } from '../../src/config/database.js';
import { createLogger } from '../../src/config/logger.js';
import { createTestDatabase } from '../support/database.js';
import { makeDataDir, removeDataDir, type Reply, ServerProcess } from '../support/serverProcess.js';

const FREEZE_MS = Number(process.env['FREEZE_SECONDS'] ?? 10) * 1_000;
/** The promised limit. */
const ANSWER_WITHIN_MS = 6_000;
const SERVING_WITHIN_MS = 2_000;
/** PostgreSQL's own way back, recovery included, on a machine that does other things too. */
const BACK_WITHIN_MS = 20_000;

type Restaurant = Awaited<ReturnType<ServerProcess['openRestaurant']>>;

describe('PostgreSQL away', () => {
  let dataDir: string;
  let server: ServerProcess;
  let frozen: number[] = [];

  before(async () => {
    dataDir = await makeDataDir();
    server = await ServerProcess.start(dataDir);
  });
  after(async () => {
    signalAll(frozen, 'SIGCONT');
    await server.stop();
    await removeDataDir(dataDir);
  });

  const order = ({ token, orderBody }: Restaurant, headers: Record<string, string> = {}) =>
    server.request('POST', '/v1/orders', { token, body: orderBody, headers });

  async function untilServing(restaurant: Restaurant): Promise<void> {
    const startedAt = performance.now();
    while ((await order(restaurant)).status !== 201) {
      assert.ok(performance.now() - startedAt < SERVING_WITHIN_MS, `not serving within ${SERVING_WITHIN_MS} ms`);
      await sleep(50);
    }
  }

  /** Numbers of all orders of a restaurant, in their order. */
  async function numbersOf({ token }: Restaurant): Promise<number[]> {
    const numbers: number[] = [];
    let cursor = '';
    do {
      const { body, status } = await server.request('GET', `/v1/orders?limit=100${cursor}`, { token });
      assert.equal(status, 200, JSON.stringify(body));
      numbers.push(...body.data.map((one: { number: string }) => Number(/\d+$/.exec(one.number)?.[0])));
      cursor = body.nextCursor ? `&cursor=${encodeURIComponent(body.nextCursor)}` : '';
    } while (cursor !== '');
    return numbers.sort((a, b) => a - b);
  }

  function assertPolite(replies: Reply[]): void {
    for (const { status, headers, body, error } of replies) {
      const isPolite = status < 300 ? status >= 200 : status === 503 && headers.get('retry-after') === '1';
      assert.ok(isPolite, `${status} ${JSON.stringify(body)} ${String(error)}`);
    }
  }

  /** Tills, each of which repeats an order until it knows. */
  class Tills {
    readonly replies: Reply[] = [];
    readonly confirmed = new Map<string, string>();
    readonly #restaurant: Restaurant;
    readonly #work: Promise<unknown>;
    #isOver = false;

    constructor(restaurant: Restaurant, count: number) {
      this.#restaurant = restaurant;
      this.#work = Promise.all(Array.from({ length: count }, () => this.#sell()));
    }

    async end(): Promise<void> {
      this.#isOver = true;
      await this.#work;
    }

    async #sell(): Promise<void> {
      while (!this.#isOver) {
        const key = randomUUID();
        for (;;) {
          const reply = await order(this.#restaurant, { 'idempotency-key': key });
          this.replies.push(reply);
          if (reply.status === 201) this.confirmed.set(key, reply.body.number);
          if (reply.status !== 503) break;
          await sleep(50);
        }
      }
    }
  }

  async function until(what: string, limitMs: number, isSo: () => boolean): Promise<number> {
    const startedAt = performance.now();
    while (!isSo()) {
      assert.ok(performance.now() - startedAt < limitMs, `${what}: not within ${limitMs} ms: ${server.output}`);
      await sleep(5);
    }
    return Math.round(performance.now() - startedAt);
  }

  for (const [what, signal] of [
    ['killed', 'SIGKILL'],
    ['shut down', 'SIGINT'],
  ] as const) {
    test(`${what}: answers say when to come back, the same process serves within 2 s of its return, and no confirmed order is lost or numbered twice`, async () => {
      const restaurant = await server.openRestaurant();
      const tills = new Tills(restaurant, 4);
      await sleep(500);
      const [postmaster = 0] = await server.postgresPids();
      process.kill(postmaster, signal);
      await until('refused', 10_000, () => tills.replies.some(({ status }) => status === 503));
      const before = tills.confirmed.size;
      await server.untilPostgresIsBack(postmaster, BACK_WITHIN_MS);
      const servingMs = await until('serving', SERVING_WITHIN_MS, () => tills.confirmed.size > before);
      assert.equal(server.child.exitCode, null);
      await sleep(300);
      await tills.end();
      assertPolite(tills.replies);
      const { size } = tills.confirmed;
      assert.deepEqual(
        await numbersOf(restaurant),
        Array.from({ length: size }, (_, index) => index + 1),
      );
      assert.equal(new Set(tills.confirmed.values()).size, size);
      if (process.env['FREEZE_SECONDS'] !== undefined)
        console.log(
          `${what}: ${size} orders, serving ${servingMs} ms after PostgreSQL, ${tills.replies.length - size} refused`,
        );
    });
  }

  test('frozen: every answer comes within 6 s, the process says that it lives, and afterwards it serves', async () => {
    const restaurant = await server.openRestaurant();
    await order(restaurant);
    frozen = await server.postgresPids();
    signalAll(frozen, 'SIGSTOP');
    const frozenAt = performance.now();
    const { token, email, password } = restaurant;
    const asked = Promise.all([
      ...Array.from({ length: 60 }, () => order(restaurant)),
      ...Array.from({ length: 10 }, () => server.request('GET', '/v1/orders', { token })),
      server.request('POST', '/v1/auth/login', { body: { email, password } }),
      server.request('GET', '/health/ready'),
      server.request('GET', '/health/detailed'),
    ]);
    const probes: Reply[] = [];
    while (performance.now() - frozenAt < FREEZE_MS) {
      probes.push(await server.request('GET', '/health/live'));
      await sleep(100);
    }
    signalAll(frozen, 'SIGCONT');
    frozen = [];
    const answers = await asked;
    assertPolite(answers);
    const slowestMs = Math.max(...answers.map(({ durationMs }) => durationMs));
    const probeMs = probes.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
    // Other processes on this machine cause the time of an answer that needs no database.
    const busyMs = probeMs.at(-1) ?? 0;
    assert.ok(
      slowestMs - busyMs < ANSWER_WITHIN_MS,
      `slowest ${Math.round(slowestMs)} ms, a probe ${Math.round(busyMs)} ms`,
    );
    assert.ok(probes.length > 5);
    assert.ok(probes.every(({ status }) => status === 200));
    assert.ok((probeMs[Math.floor(probeMs.length / 2)] ?? 0) < 1_000);
    await untilServing(restaurant);
    const numbers = await numbersOf(restaurant);
    assert.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, index) => index + 1),
    );
    if (process.env['FREEZE_SECONDS'] !== undefined) console.log(`frozen: slowest ${Math.round(slowestMs)} ms`);
  });
});

test('a commit whose answer does not come is not called undone', async () => {
  const testDatabase = await createTestDatabase();
  const database = new Database({ url: testDatabase.appUrl, log: createLogger('silent') });
  let backend = 0;
  try {
    const stored = database.transaction(
      randomUUID(),
      async (tx) => {
        backend = (await tx.one(query<{ pid: number }>('test.pid', 'select pg_backend_pid() as pid'), [])).pid;
        process.kill(backend, 'SIGSTOP');
      },
      { deadlineMs: 500 },
    );
    await assert.rejects(stored, (error: Error) => {
      assert.equal('code' in error && error.code, 'database_unavailable');
      assert.match(error.message, /did not say whether/);
      return true;
    });
  } finally {
    if (backend > 0) process.kill(backend, 'SIGCONT');
    await database.close();
    await testDatabase.drop();
  }
});

function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // A backend that has ended meanwhile.
    }
  }
}
