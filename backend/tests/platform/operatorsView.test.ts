/**
 * The metrics an operator sees from the start. Their answer does not depend on how busy the server
 * is.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { RedisServer } from '../support/redisServer.js';

/** The value of one series, undefined when there is none. */
async function metric(api: TestApi, series: string): Promise<number | undefined> {
  const { text } = await api.get('/health/metrics');
  const line = text.split('\n').find((one) => one.startsWith(`servio_${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

describe('an operator without Redis', () => {
  let api: TestApi;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());

  test('sees a closed breaker for every outside party, and for the numbers of documents, before anything was called', async () => {
    for (const policy of ['openai', 'twilio', 'document_number'])
      assert.equal(await metric(api, `breaker_open{policy="${policy}"}`), 0, policy);
    const { documentNumbers } = expectStatus(200, await api.get('/health/detailed'));
    assert.deepEqual(documentNumbers, { breaker: 'closed', retryAfterSeconds: 0 });
  });

  test('sees what memory holds, and a miss as that of memory', async () => {
    const { token } = await api.restaurant();
    const misses = (await metric(api, 'cache_requests_total{tier="l1",result="miss"}')) ?? 0;
    expectStatus(200, await api.get('/v1/menu', { token }));
    expectStatus(200, await api.get('/v1/menu', { token }));
    // The session and the menu.
    assert.equal(await metric(api, 'cache_requests_total{tier="l1",result="miss"}'), misses + 2);
    assert.equal(await metric(api, 'cache_requests_total{tier="l2",result="miss"}'), undefined);
    const { cache, status } = expectStatus(200, await api.get('/health/detailed'));
    assert.equal(status, 'ok');
    assert.ok(cache.l1.entries >= 2 && cache.l1.hits >= 2, JSON.stringify(cache));
    assert.equal(cache.l2.state, 'absent');
  });

  test('a server whose connections are all taken, with more waiting, is ready: the others would fare no better', async () => {
    const { database } = api.context;
    let letGo = (): void => undefined;
    const free = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const held = Array.from({ length: database.stats().max }, () => database.read(randomUUID(), () => free));
    const waiting = database.read(randomUUID(), () => free);
    assert.equal(database.stats().level, 'saturated');
    assert.deepEqual((await api.get('/health/ready')).status, 200);
    const detailed = expectStatus(200, await api.get('/health/detailed'));
    assert.equal(detailed.database.pool.level, 'saturated');
    assert.equal(typeof detailed.database.latencyMs, 'number');
    letGo();
    await Promise.all([...held, waiting]);
  });
});

describe('an operator with Redis', () => {
  let redis: RedisServer;
  let one: TestApi;
  let two: TestApi;
  before(async () => {
    redis = await RedisServer.prepare();
    await redis.start();
    one = await startApi({ redisUrl: redis.url });
    two = await startApi({ redisUrl: redis.url, database: one.database });
    await Promise.all([one, two].map((api) => api.context.cache.ready(5_000)));
  });
  after(async () => {
    await two.close();
    await one.close();
    await redis.kill();
  });

  test('sees a miss where Redis was asked as that of Redis, and what only Redis has as one hit of Redis', async () => {
    const failures = () => [one, two].map((api) => api.context.cache.stats().l2.failures).join();
    for (let attempt = 1; ; attempt += 1) {
      await until(() => [one, two].every((api) => api.context.cache.stats().l2.state === 'up'));
      const [before, failed] = [await lookups(), failures()];
      const { token } = await one.restaurant();
      expectStatus(200, await one.get('/v1/menu', { token }));
      expectStatus(200, await two.get('/v1/menu', { token }));
      const after = await lookups();
      // On a busy machine Redis may not answer within its 150 ms, and is then not asked.
      if (failures() !== failed && attempt < 5) continue;
      // The session and the menu, each once for each instance.
      assert.deepEqual(
        after.map((count, index) => count - (before[index] ?? 0)),
        [2, 0, 0, 0, 0, 2],
      );
      return;
    }
  });

  /** For each instance: misses of Redis, misses of memory, hits of Redis. */
  async function lookups(): Promise<number[]> {
    const series = (tier: string, result: string) => `cache_requests_total{tier="${tier}",result="${result}"}`;
    const asked = [one, two].flatMap((api) =>
      [series('l2', 'miss'), series('l1', 'miss'), series('l2', 'hit')].map((name) => metric(api, name)),
    );
    return (await Promise.all(asked)).map((count) => count ?? 0);
  }
});

async function until(isSo: () => boolean): Promise<void> {
  const limit = performance.now() + 5_000;
  while (!isSo()) {
    assert.ok(performance.now() < limit, 'Redis is not in use');
    await sleep(20);
  }
}
