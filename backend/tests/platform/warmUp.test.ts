/** A server that starts has the menus in memory that are going to be asked for first. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createLogger } from '../../src/config/logger.js';
import { RestaurantDirectory } from '../../src/repositories/restaurant/RestaurantDirectory.js';
import { warmUpMenus } from '../../src/jobs/warmUpMenus.js';
import { CacheService } from '../../src/services/CacheService.js';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';

describe('the start of a server', () => {
  let dataDir: string;
  before(async () => {
    dataDir = await makeDataDir();
  });
  after(() => removeDataDir(dataDir));

  for (const [processes, settings] of [
    ['one process', {}],
    ['each of two processes', { WEB_CONCURRENCY: '2' }],
  ] as const)
    test(`${processes}: the first GET /v1/menu of a restaurant that trades comes from memory, of another from the database`, async () => {
      const first = await ServerProcess.start(dataDir);
      const [trading, idle] = [await first.openRestaurant(), await first.openRestaurant()];
      const { token, orderBody: body } = trading;
      assert.equal((await first.request('POST', '/v1/orders', { token, body })).status, 201);
      await first.stop();

      const server = await ServerProcess.start(dataDir, { ...settings, LOG_LEVEL: 'info' });
      try {
        // With two processes, one is ready before the other.
        const lines = () => server.output.split('\n').filter((line) => line.includes('menus warmed up'));
        await until(() => lines().length === ('WEB_CONCURRENCY' in settings ? 2 : 1));
        for (const line of lines()) assert.equal(JSON.parse(line).menus, JSON.parse(line).restaurants, line);
        const before = await menuReads(server);
        assert.equal((await server.request('GET', '/v1/menu', { token })).status, 200);
        assert.deepEqual(await menuReads(server), before, 'the menu was read before');
        assert.equal((await server.request('GET', '/v1/menu', { token: idle.token })).status, 200);
        assert.notDeepEqual(await menuReads(server), before, 'reading a menu is seen here');
      } finally {
        assert.equal((await server.stop()).exit, 0, server.output);
      }
    });

  /** How often the statements of a menu have run, by name. */
  async function menuReads(server: ServerProcess): Promise<string[]> {
    const { body } = await server.request('GET', '/health/metrics');
    return String(body)
      .split('\n')
      .filter((line) => /^servio_db_query_duration_seconds_count\{query="(?:menu|category)[^"]*"\}/.test(line));
  }
});

async function until(isSo: () => boolean): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!isSo()) {
    assert.ok(performance.now() < limit, 'waited in vain');
    await sleep(20);
  }
}

describe('warming up', () => {
  let api: TestApi;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());

  const never = new Promise<never>(() => undefined);
  function collect(): { log: ReturnType<typeof pino>; lines: { msg: string; menus?: number }[] } {
    const lines: { msg: string; menus?: number }[] = [];
    return { log: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) }), lines };
  }

  test('takes the restaurants with the newest orders first, and none that never sold', async () => {
    const restaurants: TestRestaurant[] = [];
    for (let count = 0; count < 4; count += 1) restaurants.push(await api.restaurant());
    const [one, two, three] = restaurants as [TestRestaurant, TestRestaurant, TestRestaurant, TestRestaurant];
    for (const { token } of [one, two, three, two]) {
      const item = await api.item(token);
      await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    }
    const { ownerUrl } = api.database;
    assert.deepEqual(await new RestaurantDirectory(ownerUrl).byNewestOrder(10), [two.id, three.id, one.id]);
    assert.deepEqual(await new RestaurantDirectory(ownerUrl).byNewestOrder(2), [two.id, three.id]);
  });

  test('reads the menu as a request does: the request after it reads nothing', async () => {
    const { token, id } = await api.restaurant();
    await api.item(token);
    const { log, lines } = collect();
    await warmUpMenus({ ...api.context, log, recentRestaurants: () => Promise.resolve([id]) });
    assert.deepEqual(
      lines.map(({ msg, menus }) => [msg, menus]),
      [['menus warmed up', 1]],
    );
    expectStatus(200, await api.get('/v1/categories', { token }));
    const { loads } = api.context.cache.stats();
    expectStatus(200, await api.get('/v1/menu', { token }));
    assert.equal(api.context.cache.stats().loads, loads);
  });

  test('delays no start beyond its time: neither for a database nor for a menu that hangs', async () => {
    const cache = new CacheService({ redisUrl: undefined, log: createLogger('silent') });
    const menu = { resolved: () => never };
    for (const recentRestaurants of [() => never, () => Promise.resolve(['one', 'two', 'three'])]) {
      const startedAt = performance.now();
      const { log } = collect();
      await warmUpMenus({ recentRestaurants, menu, cache, log, timeLimitMs: 50 });
      assert.ok(performance.now() - startedAt < 1_000);
    }
    cache.close();
  });

  test('fails no start: an error is a line in the log', async () => {
    const { log, lines } = collect();
    const recentRestaurants = () => Promise.reject(new Error('permission denied'));
    await warmUpMenus({ ...api.context, log, recentRestaurants });
    assert.deepEqual(
      lines.map(({ msg }) => msg),
      ['menus not warmed up'],
    );
  });
});
