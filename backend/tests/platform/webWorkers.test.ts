/** Several processes on one port look like one server: to those who watch it, and to its clients when one of them is replaced. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeDataDir, removeDataDir, type Reply, ServerProcess } from '../support/serverProcess.js';

/** A worker that dies younger than five seconds is taken for one that cannot start. */
const GROWN_UP_MS = 5_500;
/** A connection of its own, so that any process may get it. */
const ALONE = { connection: 'close' };

describe('two web workers', () => {
  let dataDir: string;
  let server: ServerProcess;
  let token: string;
  let startedAt: number;
  before(async () => {
    dataDir = await makeDataDir();
    server = await ServerProcess.start(dataDir, { WEB_CONCURRENCY: '2', LOG_LEVEL: 'info' });
    ({ token } = await server.openRestaurant());
    await until(() => started() === 2);
    startedAt = performance.now();
  });
  after(async () => {
    assert.equal((await server.stop()).exit, 0, server.output);
    await removeDataDir(dataDir);
  });

  /** How many have become ready so far. */
  const started = () => server.output.split('menus warmed up').length - 1;
  /** Process number of one of them. */
  async function aWorker(): Promise<number> {
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(server.child.pid), '-f', 'server.js']);
    const pid = Number(stdout.split('\n')[0]);
    assert.ok(pid > 1, stdout);
    return pid;
  }
  const readMenu = () => server.request('GET', '/v1/menu', { token, headers: ALONE });
  /** The counted answers of GET /v1/menu, by whichever process answers. */
  async function counted(): Promise<number> {
    const { body } = await server.request('GET', '/health/metrics', { headers: ALONE });
    const line = /^servio_http_requests_total\{[^}]*route="GET \/v1\/menu"[^}]*status="200"[^}]*\} (\d+)$/m;
    return Number(line.exec(body)?.[1] ?? 0);
  }

  test('count together: every scrape answers the sum, whichever process it meets', async () => {
    // Five at a time: of many at once a busy machine may refuse some.
    const replies: Reply[] = [];
    while (replies.length < 20) replies.push(...(await Promise.all(Array.from({ length: 5 }, readMenu))));
    assert.ok(replies.every(({ status }) => status === 200));
    // A request is counted when its connection has taken the answer.
    await until(async () => (await counted()) === 20);
    const scrapes = await Promise.all(Array.from({ length: 8 }, counted));
    assert.deepEqual(
      scrapes,
      Array.from({ length: 8 }, () => 20),
    );
    const { body } = await server.request('GET', '/health/metrics', { headers: ALONE });
    assert.match(body, /^servio_breaker_open\{policy="openai"\} 0$/m);
    const uptime = Number(/^servio_process_uptime_seconds (\S+)$/m.exec(body)?.[1]);
    assert.ok(uptime < performance.now() / 1_000, 'the youngest one, not the sum');
  });

  test('one that dies is replaced: nobody meets its successor before that is ready, and no count falls', async () => {
    await sleep(Math.max(0, startedAt + GROWN_UP_MS - performance.now()));
    const counts = [await counted()];
    const replies: Reply[] = [];
    const pid = await aWorker();
    process.kill(pid, 'SIGKILL');
    // A connection that the primary hands to a process just killed is lost, in Node itself: this is about what comes after.
    await until(() => !isThere(pid));
    while (started() < 3) {
      replies.push(await readMenu());
      counts.push(await counted());
      assert.ok(performance.now() < startedAt + 90_000, server.output);
    }
    for (let more = 0; more < 10; more += 1) replies.push(await readMenu());
    counts.push(await counted());
    assert.deepEqual(
      replies.filter(({ status }) => status !== 200),
      [],
    );
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
    );
    assert.ok((counts.at(-1) ?? 0) >= 20 + replies.length - 1, counts.join());
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < limit, 'waited in vain');
    await sleep(20);
  }
}
