/**
 * Streams through two instances with two web workers each, while streams are cut, writers roll
 * back, Redis, workers with their relays and PostgreSQL are killed: each stream equals the feed.
 * `STREAM_SECONDS` makes it longer, and adds what takes half a minute of waiting. The tests print
 * how long an event takes to the screen.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../src/config/database.js';
import { expectStatus, startApi } from '../support/api.js';
import { findNginx, NginxServer, NO_NGINX } from '../support/nginxServer.js';
import {
  closeHouse,
  connect,
  feedOf,
  type House,
  keysOf,
  killWorker,
  openHouse,
  SETTLE_MS,
  untilRelayed,
  untilWhole,
  write,
} from '../support/streamHouse.js';
import { StreamReader } from '../support/streamReader.js';

const DURATION_MS = Number(process.env['STREAM_SECONDS'] ?? 12) * 1_000;
const READERS = 6;
const WRITERS = 4;
const CUTS = 100;
/** Requests in progress alone would have 12 s. */
const STOP_LIMIT_MS = 10_000;
/** Generous on a busy machine. The goals are 300 ms with Redis and 1.5 s without. */
const P95_WITH_REDIS_MS = 1_500;
const P95_WITHOUT_REDIS_MS = 4_000;

async function cutAtRandom(readers: readonly StreamReader[], times: number, durationMs: number): Promise<void> {
  for (let cut = 0; cut < times; cut += 1) {
    await sleep(durationMs / times);
    for (const reader of readers) reader.cut();
  }
}

function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

/** From before a write is sent until its event is read from a stream of another instance. */
async function measureLatency({ servers, token }: House, streamUrls: string[]): Promise<number> {
  const readers = streamUrls.map((url) => new StreamReader(url, { token }));
  for (const reader of readers) await connect(reader);
  const sentAt = new Map<string, number>();
  for (let count = 0; count < 60; count += 1) {
    const sentAtMs = Date.now();
    const { body, status } = await servers[0]!.request('POST', '/v1/categories', {
      token,
      body: { name: randomUUID() },
    });
    // A busy machine may refuse one.
    if (status === 201) sentAt.set(body.id, sentAtMs);
    else assert.equal(status, 503);
    await sleep(30 + Math.random() * 60);
  }
  assert.ok(sentAt.size > 30, `${sentAt.size} events`);
  for (const reader of readers) await reader.until('all', ({ events }) => events.length >= sentAt.size);
  const took = readers.flatMap(({ events }) =>
    events.map(({ data, atMs }) => atMs - (sentAt.get(data.subjectId) ?? Number.NaN)),
  );
  for (const reader of readers) reader.close();
  return p95(took);
}

describe('two instances with two web workers each', () => {
  let house: House;
  before(async () => {
    house = await openHouse(true);
  });
  after(() => closeHouse(house));

  const urls = () => house.servers.map(({ url }) => url);

  test('an event is on every screen soon, with Redis', async (context) => {
    const took = await measureLatency(house, [...urls(), ...urls(), ...urls()]);
    context.diagnostic(`commit to screen with Redis, p95: ${took} ms (goal 300)`);
    assert.ok(took < P95_WITH_REDIS_MS, `${took} ms`);
  });

  test('every stream equals the feed, whatever is killed', async (context) => {
    const { redis, servers, token } = house;
    const readers = Array.from({ length: READERS }, () => new StreamReader(urls(), { token, query: '?after=0' }));
    for (const reader of readers) reader.stay();
    let isOver = false;
    const writing = Array.from({ length: WRITERS }, () => write(house, () => isOver));
    const cutting = cutAtRandom(readers, CUTS, DURATION_MS);
    const faults = [
      () => redis!.kill(),
      () => killWorker(servers[0]!),
      () => killWorker(servers[1]!),
      () => redis!.start(),
      async () => process.kill((await servers[0]!.postgresPids())[0]!, 'SIGKILL'),
      () => killWorker(servers[0]!),
    ];
    for (const fault of faults) {
      await sleep(DURATION_MS / (faults.length + 1));
      await fault();
    }
    await cutting;
    isOver = true;
    await Promise.all(writing);
    await untilRelayed(house);
    const feed = await feedOf(house);
    for (const reader of readers) {
      await reader.until('the end of the feed', ({ lastId }) => lastId === `${feed.length}`, SETTLE_MS);
      reader.close();
      assert.deepEqual(keysOf(reader), feed);
    }
    const connections = readers.reduce((sum, reader) => sum + reader.connections, 0);
    context.diagnostic(`${feed.length} events, ${READERS} streams, ${connections} connections`);
    assert.ok(feed.length > 100, `${feed.length} events`);
  });

  test('behind nginx with its default buffering', async (context) => {
    const command = findNginx();
    if (command === undefined) return context.skip(NO_NGINX);
    await untilWhole(house);
    const nginx = await NginxServer.start(command, urls());
    try {
      const took = await measureLatency(house, [nginx.url, nginx.url]);
      context.diagnostic(`commit to screen behind nginx, p95: ${took} ms`);
      assert.ok(took < P95_WITH_REDIS_MS, `${took} ms`);
      const { token } = house;
      const readers = Array.from({ length: READERS }, () => new StreamReader(nginx.url, { token, query: '?after=0' }));
      for (const reader of readers) reader.stay();
      let isOver = false;
      const writing = Array.from({ length: WRITERS }, () => write(house, () => isOver));
      await cutAtRandom(readers, CUTS, DURATION_MS / 4);
      isOver = true;
      await Promise.all(writing);
      await untilRelayed(house);
      const feed = await feedOf(house);
      for (const reader of readers) {
        await reader.until('the end of the feed', ({ lastId }) => lastId === `${feed.length}`, SETTLE_MS);
        reader.close();
        assert.deepEqual(keysOf(reader), feed);
      }
    } finally {
      await nginx.stop();
    }
  });

  test('a stop ends the streams first, and clients continue at the other instance', async () => {
    await untilWhole(house);
    const { servers, token } = house;
    const [, second] = servers;
    const readers = Array.from({ length: 40 }, () => new StreamReader(second!.url, { token }));
    for (const reader of readers) await connect(reader);
    const { exit, durationMs } = await second!.stop();
    assert.equal(exit, 0, second!.output);
    assert.ok(durationMs < STOP_LIMIT_MS, `${durationMs} ms`);
    for (const reader of readers) {
      await reader.until('its end', ({ isOpen }) => !isOpen);
      assert.ok((reader.retryMs ?? 0) >= 4_000, 'asked to return spread out');
    }
    const [reader] = readers;
    reader!.urls = [servers[0]!.url];
    await connect(reader!);
    const { status } = await servers[0]!.request('POST', '/v1/categories', { token, body: { name: 'Late' } });
    assert.equal(status, 201);
    await reader!.until('the next event', ({ events }) => events.length === 1);
    reader!.close();
  });
});

test('an event is on every screen soon, without Redis', async (context) => {
  const house = await openHouse(false);
  try {
    const urls = house.servers.map(({ url }) => url);
    const took = await measureLatency(house, [...urls, ...urls, ...urls]);
    context.diagnostic(`commit to screen without Redis, p95: ${took} ms (goal 1,500)`);
    assert.ok(took < P95_WITHOUT_REDIS_MS, `${took} ms`);
  } finally {
    await closeHouse(house);
  }
});

const SLOW = process.env['STREAM_SECONDS'] === undefined ? 'set STREAM_SECONDS to wait for it' : false;

test('a credential that ends without an event cuts its stream within 60 s', { skip: SLOW }, async () => {
  let aheadMs = 0;
  const api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
  try {
    const { token } = await api.restaurant();
    const made = await api.post('/v1/api-keys', { name: 'screen', scopes: ['orders:read'] }, { token });
    const key = expectStatus(201, made);
    const { ticket } = expectStatus(201, await api.post('/v1/events/stream-tickets', undefined, { token }));
    const readers = [
      new StreamReader(api.url, { token }),
      new StreamReader(api.url, { token: key.secret }),
      new StreamReader(api.url, { query: `?ticket=${ticket}` }),
    ];
    for (const reader of readers) assert.equal(await reader.connect(), 200);
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query('update api_keys set revoked_at = now() where id = $1', [key.id]),
    );
    aheadMs = 15 * 60_000;
    for (const reader of readers) await reader.until('the cut', ({ isOpen }) => !isOpen, 60_000);
  } finally {
    await api.close();
  }
});
