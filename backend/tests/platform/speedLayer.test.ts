/**
 * Outside influences on the speed layer: strangers on a channel, callers that leave, many callers
 * at once.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { Timeout } from '../../src/decorators/Performance.js';
import { Invalidator } from '../../src/services/cache/invalidator.js';
import { CacheKeys, CacheTags, CacheTTL } from '../../src/services/cache/keys.js';
import { isCurrent, Marks } from '../../src/services/cache/marks.js';
import { CacheService } from '../../src/services/CacheService.js';
import { MetricsService } from '../../src/services/MetricsService.js';
import { closePolicies, policy } from '../../src/utils/resilience.js';
import { currentSignal } from '../../src/utils/resilience/signalScope.js';

const log = createLogger('silent');

test('a message of somebody else on the channel of the cache ends no process: all in memory counts as old', () => {
  const marks = new Marks();
  const unused = { del: () => undefined, delMatching: () => undefined };
  // A message uses only these methods of the tiers.
  const invalidator = new Invalidator({ origin: 'here', marks, memory: unused, redis: {}, log } as never);
  const restaurantId = randomUUID();
  for (const pattern of [`${restaurantId}:(`, `${restaurantId}:[a-`, 'a*']) {
    const known = marks.guard(restaurantId, [CacheTags.menu(restaurantId)]);
    invalidator.hear(JSON.stringify({ origin: 'there', tags: [], keys: [], patterns: [pattern] }));
    assert.equal(isCurrent(known), false, pattern);
  }
});

test('the time limit of whoever asks first does not end a load for those who share it', async () => {
  const cache = new CacheService({ redisUrl: undefined, log });
  const key = CacheKeys.menu(randomUUID());
  let end = (_value: string): void => undefined;
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  let signal: AbortSignal | undefined;
  const read = () =>
    cache.getOrSet(key, CacheTTL.menu, async () => {
      signal = currentSignal();
      return ended;
    });
  class Hasty {
    @Timeout(10, 'Too late. Try again.')
    read(): Promise<string> {
      return read();
    }
  }
  const first = new Hasty().read();
  const second = read();
  await assert.rejects(first, { code: 'overloaded' });
  assert.ok(!signal?.aborted, 'the load goes on');
  end('loaded');
  assert.equal(await second, 'loaded');
  cache.close();
});

test('a call whose policy is closed while it runs is sent away at its next attempt, and does not wait for its turn', async () => {
  const p = policy({ name: 'closing', rate: { maxCalls: 1, windowMs: 3_600_000 }, baseMs: 1, deadlineMs: 2_000 });
  const call = p.run(() => {
    p.close();
    return Promise.reject(Object.assign(new Error('lost'), { code: 'ECONNRESET' }));
  });
  await assert.rejects(call, /stopping/);
  closePolicies();
});

test('scrapes at the same time are one', async () => {
  const metrics = new MetricsService();
  let collected = 0;
  metrics.onCollect(() => {
    collected += 1;
  });
  const [one, other] = await Promise.all([metrics.prometheus(), metrics.prometheus()]);
  assert.equal(one, other);
  assert.equal(collected, 1);
  await metrics.prometheus();
  assert.equal(collected, 2);
  await metrics.close();
});
