/**
 * A transaction reports correctly whether it committed, and keeps its connection no longer than
 * needed.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { Database, type Query } from '../../src/config/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const RESTAURANT = '00000000-0000-7000-8000-000000000001';
// Not declared: what is declared is surveyed as a statement of the program.
const failing: Query<unknown> = { name: 'test.fails', text: 'select 1 / 0' };
const one: Query<{ answer: number }> = { name: 'test.one', text: 'select 1 as answer' };

describe('a transaction', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  before(async () => {
    testDatabase = await createTestDatabase();
    database = new Database({ url: testDatabase.appUrl, log: createLogger('silent') });
  });
  after(async () => {
    await database.close();
    await testDatabase.drop();
  });

  test('is not called committed when a statement in it failed, though its work kept that to itself', async () => {
    let hasFollowed = false;
    const stored = database.transaction(RESTAURANT, async (tx) => {
      tx.afterCommit(() => {
        hasFollowed = true;
      });
      await tx.run(failing, []).catch(() => undefined);
      return 'stored';
    });
    await assert.rejects(stored, /rolled back/);
    assert.equal(hasFollowed, false);
    assert.equal((await database.read(RESTAURANT, (tx) => tx.one(one, []))).answer, 1, 'the connection is good again');
  });

  test('gives its connection back before what follows it: a cache that is slow to hear holds none', async () => {
    const { max } = database.stats();
    const heard: (() => void)[] = [];
    const inUse: number[] = [];
    const writes = Array.from({ length: max + 1 }, (_, index) =>
      database.transaction(`00000000-0000-7000-8000-${String(index).padStart(12, '0')}`, async (tx) => {
        await tx.one(one, []);
        tx.afterCommit(() => new Promise<void>((resolve) => heard.push(resolve)));
      }),
    );
    // All of them follow at the same time, one more than there are connections.
    while (heard.length <= max) await database.read(RESTAURANT, (tx) => tx.one(one, []));
    const { total, idle } = database.stats();
    inUse.push(total - idle);
    for (const hear of heard) hear();
    await Promise.all(writes);
    assert.deepEqual(inUse, [0]);
  });
});
