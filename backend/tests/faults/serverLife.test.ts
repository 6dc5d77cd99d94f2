/**
 * Start and stop of the server: it reports its state, refuses politely, and every accepted request
 * gets its answer.
 */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPostmasterFile } from '../../src/process/embeddedPostgres/postmasterFile.js';
import { makeDataDir, removeDataDir, type Reply, ServerProcess } from '../support/serverProcess.js';

/** Beyond the time in which load balancers are told. */
const ENDS_WITHIN_MS = 5_000;
const OPERATIONS_TOKEN = 'a-token-for-the-operators';
const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a secret that only this test of the server uses',
  OPERATIONS_TOKEN,
  DRAIN_BLACKOUT_MS: '3000',
};

describe('the life of a server', () => {
  let dataDir: string;
  before(async () => {
    dataDir = await makeDataDir();
  });
  after(() => removeDataDir(dataDir));

  test('listens before it is ready, serves, tells operators more than others, and drains without losing a request', async () => {
    const server = await ServerProcess.spawn(dataDir, PRODUCTION);
    try {
      await watchStart(server);
      await assertOperatorsOnly(server);
      await assertDrains(server);
    } finally {
      await server.stop();
    }
  });

  test('a second Ctrl-C does not end what the first one began', async () => {
    const server = await ServerProcess.start(dataDir);
    try {
      const { token } = await server.openRestaurant();
      assert.equal((await server.request('GET', '/v1/menu', { token })).status, 200);
    } finally {
      assert.equal((await server.stop(['SIGINT', 'SIGINT'])).exit, 0, server.output);
    }
  });

  test('told to stop while it starts, it stops, and leaves no PostgreSQL behind', async () => {
    for (const settings of [{}, { WEB_CONCURRENCY: '2' }]) {
      const server = await ServerProcess.spawn(dataDir, settings);
      // PostgreSQL is on its way, and nothing after it has been made.
      await until(async () => (await readPostmasterFile(path.join(dataDir, 'postgres'))) !== undefined);
      assert.equal((await server.stop()).exit, 0, server.output);
      assert.doesNotMatch(server.output, /Servio is serving/);
      assert.equal(await readPostmasterFile(path.join(dataDir, 'postgres')), undefined, server.output);
    }
  });

  test('a connection that a client keeps open does not hold up the end', async () => {
    const server = await ServerProcess.start(dataDir);
    const agent = new Agent({ keepAlive: true });
    try {
      const logins = await Promise.all(Array.from({ length: 4 }, () => beginLogin(server.url, agent)));
      const stopped = server.stop();
      const statuses = await Promise.all(logins.map((finish) => finish()));
      const { exit, durationMs } = await stopped;
      assert.equal(exit, 0, server.output);
      assert.deepEqual(statuses, [401, 401, 401, 401]);
      assert.ok(durationMs < ENDS_WITHIN_MS, `took ${Math.round(durationMs)} ms`);
    } finally {
      agent.destroy();
    }
  });

  test('starts with another secret than the one that its demo restaurant was made under', async () => {
    const body = { email: 'demo@servio.example', password: 'demo-servio-2026' };
    for (const JWT_SECRET of [PRODUCTION.JWT_SECRET, `${PRODUCTION.JWT_SECRET} no more`]) {
      const server = await ServerProcess.start(dataDir, { SEED_DEMO: 'true', JWT_SECRET });
      try {
        assert.equal((await server.request('POST', '/v1/auth/login', { body })).status, 200);
      } finally {
        await server.stop();
      }
    }
  });

  test('two processes serve on one port and stop together', async () => {
    const server = await ServerProcess.start(dataDir, { WEB_CONCURRENCY: '2' });
    try {
      const { token, orderBody } = await server.openRestaurant();
      // Each over a connection of its own, so that both processes get some.
      const answers = await Promise.all(
        Array.from({ length: 30 }, () =>
          untilTaken(() =>
            server.request('POST', '/v1/orders', { token, body: orderBody, headers: { connection: 'close' } }),
          ),
        ),
      );
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
      assert.equal(new Set(answers.map(({ body }) => body.number)).size, 30);
    } finally {
      assert.equal((await server.stop()).exit, 0, server.output);
    }
    assert.equal((await server.request('GET', '/health/live')).status, 0, 'the port is free again');
  });
});

/** Repeats a request that an overloaded server refuses. Such a request has stored nothing. */
async function untilTaken(ask: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    const reply = await ask();
    if (reply.status !== 503) return reply;
    await sleep(Number(reply.headers.get('retry-after')) * 1_000);
  }
}

/**
 * Sends the headers of a login. Resolves when the server has accepted the request and waits for its
 * body.
 * @returns a function that sends the body and returns the status.
 */
function beginLogin(url: string, agent: Agent): Promise<() => Promise<number>> {
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const login = request(`${url}/v1/auth/login`, { method: 'POST', agent, headers });
  const status = new Promise<number>((resolve, reject) => {
    login.once('error', reject);
    login.once('response', (response) => response.resume().once('end', () => resolve(response.statusCode ?? 0)));
  });
  login.flushHeaders();
  return new Promise((resolve, reject) => {
    login.once('error', reject);
    login.once('continue', () =>
      resolve(() => {
        login.end(JSON.stringify({ email: 'nobody@example.com', password: 'wrong' }));
        return status;
      }),
    );
  });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < limit, 'waited in vain');
    await sleep(10);
  }
}

async function watchStart(server: ServerProcess): Promise<void> {
  const seen: Reply[] = [];
  let live: Reply;
  do {
    assert.equal(server.child.exitCode, null, server.output);
    seen.push(await server.request('GET', '/health/ready'));
    live = await server.request('GET', '/health/live');
    if (seen.at(-1)?.status === 503) {
      assert.equal(live.status, 200);
      const early = await server.request('GET', '/v1/menu', { headers: { 'x-request-id': 'early' } });
      if (early.status === 503) {
        const { code, requestId } = early.body;
        assert.deepEqual([code, requestId, early.headers.get('x-request-id')], ['starting', 'early', 'early']);
      }
    }
    await sleep(20);
  } while (seen.at(-1)?.status !== 200);
  const refused = seen.filter(({ status }) => status === 503);
  assert.ok(refused.length > 0, 'was never seen starting');
  assert.ok(refused.every(({ headers }) => headers.get('retry-after') === '1'));
  assert.deepEqual(
    [...new Set(seen.map(({ status }) => status))].filter((status) => ![0, 200, 503].includes(status)),
    [],
  );
}

async function assertOperatorsOnly(server: ServerProcess): Promise<void> {
  const { token } = await server.openRestaurant();
  const demo = await server.request('POST', '/v1/demo-sessions', { body: {} });
  const visitor: string = demo.body.accessToken;
  for (const path of ['/health/detailed', '/health/metrics']) {
    const statusFor = async (bearer?: string) =>
      (await server.request('GET', path, bearer === undefined ? {} : { token: bearer })).status;
    const others = [undefined, 'x'.repeat(OPERATIONS_TOKEN.length), token, visitor];
    const statuses: number[] = [];
    for (const bearer of others) statuses.push(await statusFor(bearer));
    assert.deepEqual(statuses, [401, 403, 403, 403], `${path}: an owner and a visitor are no operators`);
    assert.equal(await statusFor(OPERATIONS_TOKEN), 200, path);
  }
  const metrics = await server.request('GET', '/health/metrics', { token: OPERATIONS_TOKEN });
  assert.match(metrics.body, /servio_http_requests_total\{[^}]*route="POST \/v1\/menu-items"[^}]*\} 1/);
}

/**
 * Clients behind a load balancer. Each leaves when it is asked to close its connection or is
 * refused politely.
 */
async function assertDrains(server: ServerProcess): Promise<void> {
  const { token, orderBody } = await server.openRestaurant();
  const replies: Reply[] = [];
  let isLeaving = false;
  const client = async (call: () => Promise<Reply>) => {
    while (!isLeaving) replies.push(await call());
  };
  const clients = Promise.all([
    client(() => server.request('GET', '/v1/menu', { token })),
    client(() => server.request('GET', '/v1/menu', { token })),
    client(() => server.request('POST', '/v1/orders', { token, body: orderBody })),
    client(() => server.request('POST', '/v1/orders', { token, body: orderBody })),
  ]);
  await until(() => replies.length >= 20);
  const stopped = server.stop();
  let ready: Reply;
  do ready = await server.request('GET', '/health/ready');
  while (ready.status === 200);
  const served = replies.length;
  assert.deepEqual([ready.status, ready.body, ready.headers.get('connection')], [503, { status: 'draining' }, 'close']);
  assert.equal((await server.request('GET', '/health/live')).status, 200);
  await until(() => replies.length > served + 4);
  // Does the same as a load balancer that has read "draining".
  isLeaving = true;
  await clients;
  const failed = replies.filter(({ status }) => ![200, 201].includes(status));
  assert.deepEqual(failed, []);
  const { exit, durationMs } = await stopped;
  assert.equal(exit, 0, server.output);
  assert.ok(durationMs < Number(PRODUCTION.DRAIN_BLACKOUT_MS) + ENDS_WITHIN_MS, `took ${Math.round(durationMs)} ms`);
}
