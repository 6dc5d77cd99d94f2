/**
 * Several processes on one port act as one server, both for monitoring and for clients when a
 * process is replaced.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pauseBeforeSuccessor } from '../../src/process/webWorkers.js';
import { makeDataDir, removeDataDir, type Reply, ServerProcess } from '../support/serverProcess.js';

/** Kills under load; each of them may meet a connection on its way to the one that dies. */
const KILLS = 4;
/** A connection of its own, so that any process may get it. */
const ALONE = { connection: 'close' };

describe('two web workers', () => {
  let dataDir: string;
  let server: ServerProcess;
  let token: string;
  before(async () => {
    dataDir = await makeDataDir();
    server = await ServerProcess.start(dataDir, { WEB_CONCURRENCY: '2', LOG_LEVEL: 'info' });
    ({ token } = await server.openRestaurant());
    await until(() => started() === 2);
  });
  after(async () => {
    assert.equal((await server.stop()).exit, 0, server.output);
    await removeDataDir(dataDir);
  });

  /** How many have become ready so far. On a busy machine the look for recent menus may time out. */
  const started = () => server.output.split(/menus (?:not )?warmed up/).length - 1;
  /** Process numbers of those that are there, ready or not, the oldest first. */
  async function workers(): Promise<number[]> {
    const command = promisify(execFile)('pgrep', ['-P', String(server.child.pid), '-f', 'server.js']);
    const { stdout } = await command.catch(() => ({ stdout: '' }));
    return stdout.split('\n').map(Number).filter(Boolean);
  }
  async function aWorker(): Promise<number> {
    const [pid = 0] = await workers();
    assert.ok(pid > 1, server.output);
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
    const counts = [await counted()];
    const replies: Reply[] = [];
    const before = started();
    const pid = await aWorker();
    process.kill(pid, 'SIGKILL');
    // Requests that the killed process had accepted are lost. This test is about later ones.
    await until(() => !isThere(pid));
    const limit = performance.now() + 120_000;
    while (started() === before) {
      assert.ok(performance.now() < limit, server.output);
      replies.push(await readMenu());
      counts.push(await counted());
      assert.equal(server.child.exitCode, null, server.output);
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

  test('one that dies and whose successor dies at its start is tried again, while the other one serves', async () => {
    await until(async () => (await workers()).length === 2);
    const known = await workers();
    const [first = 0, survivor = 0] = known;
    const before = started();
    process.kill(first, 'SIGKILL');
    const killed = [first];
    // Three generations, each before it could serve.
    while (killed.length < 4) {
      const young = await aNewWorker([...known, ...killed]);
      process.kill(young, 'SIGKILL');
      killed.push(young);
      await until(() => !isThere(young));
      assert.equal((await readMenu()).status, 200);
    }
    assert.ok(isThere(survivor));
    await until(() => started() > before);
    await until(async () => (await workers()).length === 2);
    assert.equal((await readMenu()).status, 200);
    assert.equal(server.child.exitCode, null, server.output);
    assert.match(server.output, /Web worker \d+ died \(SIGKILL\); its successor starts in 0\.25 s\..*in 0\.5 s\./s);
  });

  test('one that dies leaves no connection without an end', async () => {
    const replies: Reply[] = [];
    let isOver = false;
    const client = async (): Promise<void> => {
      while (!isOver) replies.push(await readMenu());
    };
    const clients = Array.from({ length: 12 }, client);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const [answered, before] = [replies.length, started()];
      await until(() => replies.length > answered + 50);
      process.kill(await aWorker(), 'SIGKILL');
      await until(() => started() > before);
    }
    isOver = true;
    // A client whose answer does not end waits until its own timeout.
    await Promise.all(clients);
    const endless = replies.filter(({ error }) => error instanceof Error && error.name === 'TimeoutError');
    assert.deepEqual(endless, []);
    assert.ok(replies.filter(({ status }) => status === 200).length > KILLS * 50);
  });

  async function aNewWorker(known: readonly number[]): Promise<number> {
    let found: number | undefined;
    await until(async () => {
      found = (await workers()).find((pid) => !known.includes(pid));
      return found !== undefined;
    });
    return found ?? 0;
  }
});

test('web workers that cannot start end the house, with the reason', async () => {
  const dataDir = await makeDataDir();
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  try {
    const { port } = squatter.address() as AddressInfo;
    const server = await ServerProcess.spawn(dataDir, { WEB_CONCURRENCY: '2', PORT: String(port) });
    await once(server.child, 'exit');
    assert.equal(server.child.exitCode, 1, server.output);
    assert.match(server.output, /Port \d+ is taken.*A worker could not start \(exit code 1\).*PostgreSQL stopped/s);
  } finally {
    squatter.close();
    await removeDataDir(dataDir);
  }
});

test('the pause before the successor of one that died young grows, up to half a minute', () => {
  assert.deepEqual([0, 1, 2, 3, 7, 8, 50].map(pauseBeforeSuccessor), [0, 250, 500, 1_000, 16_000, 30_000, 30_000]);
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
