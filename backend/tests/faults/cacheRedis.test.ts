/**
 * The cache while its Redis is killed, hung, emptied, restarted or missing. Each test has its own
 * Redis.
 */
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { CacheKeys, CacheTags, CacheTTL } from '../../src/services/cache/keys.js';
import { CacheService } from '../../src/services/CacheService.js';
import { Lateness, untilWithRedis } from '../support/patience.js';
import { RedisServer } from '../support/redisServer.js';
import { Wire } from '../support/wire.js';

const log = createLogger('silent');
/**
 * Longest time of one wait for Redis: its limit of 150 ms, plus delays by other processes that hold
 * back this process's answer but not its timers.
 */
const ONE_WAIT_MS = 600;
const IN_USE_AGAIN_MS = 5_000;
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 100);

describe('cache with a failing Redis', () => {
  let server: RedisServer;
  let caches: CacheService[];
  const lateness = new Lateness();
  after(() => lateness.end());
  beforeEach(async () => {
    server = await RedisServer.prepare();
    caches = [];
  });
  afterEach(async () => {
    for (const cache of caches) cache.close();
    await server.kill();
  });

  function open(url: string = server.url): CacheService {
    const cache = new CacheService({ redisUrl: url, log });
    caches.push(cache);
    return cache;
  }

  async function openTwo(): Promise<[CacheService, CacheService]> {
    await server.start();
    const two: [CacheService, CacheService] = [open(), open()];
    await until(() => two.every((cache) => cache.stats().l2.state === 'up' && cache.stats().l2.isHearingOthers));
    return two;
  }

  /**
   * Asserts that one instance reads from Redis what the other one loaded, within the promised 5 s.
   */
  async function assertUsesRedis(one: CacheService, two: CacheService): Promise<void> {
    await untilWithRedis(server, 'Redis in use', IN_USE_AGAIN_MS, async () => {
      const key = newKey();
      const hits = two.stats().l2.hits;
      assert.equal(await read(one, key, 'one'), 'one');
      return (await read(two, key, 'two')) === 'one' && two.stats().l2.hits > hits;
    });
  }

  async function slowestOf(times: number, work: () => Promise<unknown>): Promise<number> {
    let slowest = 0;
    for (let time = 0; time < times; time += 1) slowest = Math.max(slowest, await timeOf(work));
    return slowest;
  }

  /** Milliseconds, without those in which others had the processor. */
  async function timeOf(work: () => Promise<unknown>): Promise<number> {
    const [startedAt, late] = [performance.now(), lateness.ms];
    await work();
    return performance.now() - startedAt - (lateness.ms - late);
  }

  test('answers without a Redis at the start, and uses it within 5 s when it comes', async () => {
    const cache = open();
    const slowest = await slowestOf(50, () => cache.getOrSet(newKey(), CacheTTL.menu, () => Promise.resolve('menu')));
    assert.ok(slowest < ONE_WAIT_MS, `${slowest} ms`);
    await server.start();
    await assertUsesRedis(cache, open());
  });

  test('answers while Redis is dead, and uses it within 5 s after a restart', async () => {
    const [one, two] = await openTwo();
    const key = newKey();
    await one.getOrSet(key, CacheTTL.menu, () => Promise.resolve('menu'));
    await server.kill();
    assert.ok((await slowestOf(50, () => read(two, newKey(), 'menu'))) < ONE_WAIT_MS);
    await until(() => [one, two].every((cache) => cache.stats().l2.state === 'down'));
    await server.start();
    await assertUsesRedis(one, two);
  });

  test('waits once for a hung Redis, then not until it answers, and uses it within 5 s', async () => {
    const [one, two] = await openTwo();
    server.freeze();
    const first = await Promise.all(Array.from({ length: 200 }, () => timeOf(() => read(one, newKey(), 'menu'))));
    assert.ok(Math.max(...first) < ONE_WAIT_MS, `${Math.max(...first)} ms`);
    assert.ok((await timeOf(() => slowestOf(200, () => read(one, newKey(), 'menu')))) < 2 * ONE_WAIT_MS);
    // Long enough for the connection to be replaced by one that hangs as well.
    await sleep(2_500);
    assert.ok((await timeOf(() => slowestOf(200, () => read(one, newKey(), 'menu')))) < 2 * ONE_WAIT_MS);
    server.thaw();
    await assertUsesRedis(one, two);
  });

  test('a write while Redis hangs is new at once where it was made, and elsewhere after 1 s and for good', async () => {
    const [one, two] = await openTwo();
    const menu = new Menu();
    const readBy = (cache: CacheService) => cache.getOrSet(menu.key, CacheTTL.menu, menu.load, { tags: menu.tags });
    assert.deepEqual([await readBy(one), await readBy(two)], [0, 0]);
    server.freeze();
    menu.version = 1;
    assert.ok((await timeOf(() => one.invalidateTags(menu.tags))) < ONE_WAIT_MS);
    const answeredAt = performance.now();
    assert.equal(await readBy(one), 1);
    assert.equal(one.stats().l2.pendingInvalidations, 1);
    let askedAt = performance.now();
    while ((await readBy(two)) === 0) {
      assert.ok(askedAt - answeredAt < 1_000, `${askedAt - answeredAt} ms old`);
      await sleep(5);
      askedAt = performance.now();
    }
    server.thaw();
    // Redis still holds the old entry, under versions that were right when it hung.
    const end = performance.now() + 2_500;
    while (performance.now() < end) {
      assert.deepEqual([await readBy(one), await readBy(two)], [1, 1]);
      await sleep(20);
    }
    await until(() => one.stats().l2.pendingInvalidations === 0 && one.stats().l2.state === 'up');
  });

  test('a message that is lost while the listener reconnects leaves nothing old in memory', async () => {
    const [one, two] = await openTwo();
    const menu = new Menu();
    const readBy = (cache: CacheService) => cache.getOrSet(menu.key, CacheTTL.menu, menu.load, { tags: menu.tags });
    assert.deepEqual([await readBy(one), await readBy(two)], [0, 0]);
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    menu.version = 1;
    await one.invalidateTags(menu.tags);
    const answeredAt = performance.now();
    while ((await readBy(two)) === 0 && performance.now() - answeredAt < 1_100) await sleep(5);
    await until(() => two.stats().l2.isHearingOthers);
    for (let read = 0; read < 20; read += 1) {
      assert.equal(await readBy(two), 1);
      await sleep(20);
    }
  });

  test('Redis is not believed until those who could not reach it have told what they wrote', async () => {
    await server.start();
    const wire = await Wire.open(server.port);
    try {
      const [one, two] = [open(`redis://127.0.0.1:${wire.port}`), open()];
      await until(() => [one, two].every((cache) => cache.stats().l2.state === 'up'));
      const menu = new Menu();
      const policy = { ...CacheTTL.menu, l1Ms: 10, staleMs: 0 };
      const readBy = (cache: CacheService) => cache.getOrSet(menu.key, policy, menu.load, { tags: menu.tags });
      assert.deepEqual([await readBy(one), await readBy(two)], [0, 0]);
      server.freeze();
      wire.cut();
      menu.version = 1;
      await one.invalidateTags(menu.tags);
      await read(two, newKey(), 'notices that Redis hangs');
      server.thaw();
      // The writer comes back later than the other.
      setTimeout(() => wire.mend(), 700);
      await until(() => two.stats().l2.state !== 'down');
      const end = performance.now() + 3_000;
      while (performance.now() < end) {
        assert.equal(await readBy(two), 1, JSON.stringify(two.stats().l2));
        await sleep(5);
      }
      await until(() => two.stats().l2.state === 'up' && one.stats().l2.pendingInvalidations === 0);
    } finally {
      wire.close();
    }
  });

  test('an old value that is written late is never read', async () => {
    const [one, two] = await openTwo();
    for (let round = 0; round < ROUNDS; round += 1) {
      const menu = new Menu();
      const slow = two.getOrSet(
        menu.key,
        CacheTTL.menu,
        async () => {
          const { version } = menu;
          await sleep(randomInt(4));
          return version;
        },
        { tags: menu.tags },
      );
      await sleep(randomInt(3));
      menu.version = 1;
      const ends = [
        () => one.invalidateTags(menu.tags),
        () => one.del(menu.key),
        () => one.invalidatePattern(`${menu.restaurantId}:menu*`),
      ];
      await ends[round % ends.length]?.();
      const readBy = (cache: CacheService) => cache.getOrSet(menu.key, CacheTTL.menu, menu.load, { tags: menu.tags });
      assert.equal(await readBy(one), 1);
      await slow;
      assert.equal(await readBy(one), 1);
      const deadline = performance.now() + 1_000;
      while ((await readBy(two)) !== 1) {
        assert.ok(performance.now() < deadline);
        await sleep(1);
      }
    }
  });

  test('fails nobody and serves nothing older than 1 s while Redis hangs, forgets, dies and comes back', async () => {
    const [one, two] = await openTwo();
    const menus = Array.from({ length: 3 }, () => new Menu());
    const end = performance.now() + 4_000;
    const isRunning = () => performance.now() < end;
    let worstMs = 0;
    let reads = 0;

    const write = async (menu: Menu) => {
      while (isRunning()) {
        menu.version += 1;
        await one.invalidateTags(menu.tags);
        menu.answered.push(performance.now());
        assert.equal(await one.getOrSet(menu.key, CacheTTL.menu, menu.load, { tags: menu.tags }), menu.version);
        await sleep(randomInt(120));
      }
    };
    const readAlong = async (cache: CacheService, menu: Menu) => {
      while (isRunning()) {
        const askedAt = performance.now();
        const seen = await cache.getOrSet(menu.key, CacheTTL.menu, menu.load, { tags: menu.tags });
        reads += 1;
        // `answered[seen]` is when the write that made this value old was answered.
        const oldSince = menu.answered[seen];
        if (oldSince !== undefined) worstMs = Math.max(worstMs, askedAt - oldSince);
        await sleep(randomInt(4));
      }
    };
    const disturb = async () => {
      while (isRunning()) {
        server.freeze();
        await sleep(randomInt(50, 1_200));
        server.thaw();
        await sleep(randomInt(300));
        await server.command('FLUSHALL');
        await sleep(randomInt(300));
        await server.kill();
        await sleep(randomInt(300));
        await server.start();
        await sleep(randomInt(100, 900));
      }
    };
    await Promise.all([
      disturb(),
      ...menus.flatMap((menu) => [write(menu), readAlong(one, menu), readAlong(two, menu), readAlong(two, menu)]),
    ]);
    assert.ok(reads > 500);
    assert.ok(worstMs < 1_100, `${worstMs} ms old`);
    await assertUsesRedis(one, two);
  });
});

/** Stands for the database. */
class Menu {
  readonly restaurantId = randomUUID();
  readonly key = CacheKeys.menu(this.restaurantId);
  readonly tags = [CacheTags.menu(this.restaurantId)];
  version = 0;
  /** When the write of version n + 1 was answered. */
  readonly answered: number[] = [];
  readonly load = async (): Promise<number> => {
    const { version } = this;
    await sleep(randomInt(3));
    return version;
  };
}

function read(cache: CacheService, key: ReturnType<typeof newKey>, value: string): Promise<string> {
  return cache.getOrSet(key, CacheTTL.menu, () => Promise.resolve(value));
}

function newKey() {
  return CacheKeys.menu(randomUUID());
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!isSo()) {
    assert.ok(performance.now() < deadline, 'did not come about in time');
    await sleep(5);
  }
}
