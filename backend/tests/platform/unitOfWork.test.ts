/** Effects of a committed write: none of them may prevent the others. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { Database } from '../../src/config/database.js';
import { systemCall } from '../../src/domain/shared/call.js';
import type { Fact } from '../../src/domain/shared/events.js';
import { EventRepository } from '../../src/repositories/EventRepository.js';
import { IdempotencyRepository } from '../../src/repositories/IdempotencyRepository.js';
import { CacheTags } from '../../src/services/cache/keys.js';
import { UnitOfWork } from '../../src/services/UnitOfWork.js';
import { systemClock } from '../../src/utils/clock.js';
import { Secrets } from '../../src/utils/secrets.js';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TEST_SECRET } from '../support/database.js';

describe('what follows from a committed write', () => {
  let api: TestApi;
  let restaurant: TestRestaurant;
  let database: Database;
  const followed: string[] = [];

  before(async () => {
    api = await startApi();
    // Its facts have no data.
    api.madeUpEvents = 'all';
    restaurant = await api.restaurant();
    database = new Database({ url: api.database.appUrl, log: createLogger('silent') });
  });
  after(async () => {
    await database.close();
    await api.close();
  });

  function unitOfWork(onFact: (fact: Fact) => void): UnitOfWork {
    return new UnitOfWork({
      database,
      events: new EventRepository(),
      idempotency: new IdempotencyRepository(),
      secrets: new Secrets(TEST_SECRET),
      clock: systemClock,
      cache: {
        invalidateTags: async (tags) => {
          followed.push(...tags);
        },
      },
      onFact,
    });
  }

  test('a counter that throws neither fails the write nor keeps the cache and the other facts from being told', async () => {
    followed.length = 0;
    const work = unitOfWork(({ type }) => {
      followed.push(type);
      throw new Error('no metric for this');
    });
    const call = systemCall(restaurant.id, 'test');
    const facts: Fact[] = [
      { type: 'tax.created', subject: 'tax', subjectId: randomUUID(), data: {} },
      { type: 'category.created', subject: 'category', subjectId: randomUUID(), data: {} },
    ];
    const answer = await work.run(call, async (tx) => {
      await work.record(tx, call, facts);
      return 'stored';
    });
    assert.equal(answer, 'stored');
    assert.deepEqual(followed, [CacheTags.menu(restaurant.id), 'tax.created', 'category.created']);
    const log = expectStatus(200, await api.get('/v1/audit-log?limit=100', { token: restaurant.token }));
    const stored = log.data.map(({ subjectId }: { subjectId: string }) => subjectId);
    assert.ok(facts.every(({ subjectId }) => stored.includes(subjectId)));
  });

  test('nothing follows from a write that was rolled back', async () => {
    followed.length = 0;
    const work = unitOfWork(({ type }) => followed.push(type));
    const call = systemCall(restaurant.id, 'test');
    const fact: Fact = { type: 'tax.created', subject: 'tax', subjectId: randomUUID(), data: {} };
    const failing = work.run(call, async (tx) => {
      await work.record(tx, call, [fact]);
      throw new Error('changed my mind');
    });
    await assert.rejects(failing, /changed my mind/);
    assert.deepEqual(followed, []);
  });
});
