/**
 * Several processes count the calls of a restaurant together, without an exchange for each call.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { createRedis, type RedisClient } from '../../src/config/redis.js';
import { RedisGate } from '../../src/middleware/rateLimit/counters.js';
import { RestaurantQuota } from '../../src/middleware/rateLimit/restaurantQuota.js';

const LIMIT = 100;
const MINUTE = 60_000;

/** How many of so many calls at once may pass. */
async function passing(quota: RestaurantQuota, restaurantId: string, calls: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: calls }, async () => quota.take(restaurantId, LIMIT)));
  return answers.filter((seconds) => seconds === 0).length;
}

describe('the calls of a restaurant', () => {
  test('are as many as its limit in each minute, and say when the next one begins', async () => {
    let now = 90_000;
    const quota = new RestaurantQuota(undefined, () => now);
    const [mine, other] = [randomUUID(), randomUUID()];
    assert.equal(await passing(quota, mine, 250), LIMIT);
    assert.equal(await quota.take(mine, LIMIT), 30);
    assert.equal(await passing(quota, other, 250), LIMIT);
    now += 30_000;
    assert.equal(await passing(quota, mine, 250), LIMIT);
    assert.equal(await quota.take(mine, LIMIT), 60);
  });

  describe('counted in Redis', () => {
    let redis: RedisClient;
    before(async () => {
      redis = createRedis(process.env['REDIS_URL'] ?? assert.fail(), { log: createLogger('silent') });
      if (redis.status !== 'ready') await new Promise<void>((resolve) => redis.on('ready', () => resolve()));
    });
    after(() => redis.disconnect());

    test('are shared by processes, in few exchanges', async () => {
      let exchanges = 0;
      const counting = {
        get status() {
          return redis.status;
        },
        call: (command: string, ...args: string[]) => {
          exchanges += 1;
          return redis.call(command, ...args);
        },
        on: () => undefined,
        disconnect: () => undefined,
      };
      const now = () => 10 * MINUTE;
      const processes = [1, 2, 3].map(() => new RestaurantQuota(new RedisGate(counting), now));
      const restaurantId = randomUUID();
      let passed = 0;
      for (let round = 0; round < 40; round += 1)
        for (const quota of processes) passed += await passing(quota, restaurantId, 5);
      assert.equal(passed, LIMIT);
      assert.ok(exchanges <= 20 + 3, `${exchanges} exchanges`);
    });

    test('are those of the process alone while Redis fails', async () => {
      const failing = {
        status: 'ready',
        call: () => Promise.reject(new Error('away')),
        on: () => undefined,
        disconnect: () => undefined,
      };
      const quota = new RestaurantQuota(new RedisGate(failing), () => 0);
      assert.equal(await passing(quota, randomUUID(), 250), LIMIT);
    });
  });
});
