/**
 * A transaction reports correctly whether it committed, and keeps its connection no longer than
 * needed.
 */
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { Database, type Query, Sent, type Tx } from '../../src/config/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const RESTAURANT = '00000000-0000-7000-8000-000000000001';
// Not declared: what is declared is surveyed as a statement of the program.
const failing: Query<unknown> = { name: 'test.fails', text: 'select 1 / 0' };
const one: Query<{ answer: number }> = { name: 'test.one', text: 'select 1 as answer' };
const typed: Query<Record<string, unknown>> = {
  name: 'test.typed',
  text: `select $1::text as text, $2::bytea as bytes, $3::text[] as list, $4::timestamptz as at, $5::bigint as count,
    $6::jsonb as document`,
};
const typedValues = ['', Buffer.from([0, 255]), [], new Date(0), -5, '{"a":[1,null]}'];

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

  test('whose statements do not wait is one write to the server, and describes its rows once', async (t) => {
    const write = t.mock.method(Socket.prototype, 'write');
    const single = new Database({ url: testDatabase.appUrl, log: createLogger('silent'), budget: { max: 1 } });
    const both = (tx: Tx) => Promise.resolve(new Sent(Promise.all([tx.one(one, []), tx.one(typed, typedValues)])));
    for (let round = 0; round < 3; round += 1) await single.transaction(RESTAURANT, both);
    await single.close();
    const written = write.mock.calls
      .map(({ arguments: [sent] }) => (Buffer.isBuffer(sent) ? sent.toString('latin1') : ''))
      .filter((text) => text.includes('test.one'));
    const parts = [/D\0\0\0\x06P\0/, /begin/, /commit/, /S\0\0\0\x04$/];
    assert.deepEqual(
      written.map((text) => parts.map((part) => part.test(text))),
      [
        [true, true, true, true],
        [false, true, true, true],
        [false, true, true, true],
      ],
    );
  });

  test('that keeps its plans makes one for each statement, and leaves the choice to the next one', async () => {
    const single = new Database({ url: testDatabase.appUrl, log: createLogger('silent'), budget: { max: 1 } });
    const state: Query<{ mode: string; custom: string }> = {
      name: 'test.plans',
      text: `select current_setting('plan_cache_mode') as mode,
        (select custom_plans from pg_prepared_statements where name = $1) as custom`,
    };
    const work = async (tx: Tx) => {
      await tx.one(typed, typedValues);
      return tx.one(state, [typed.name]);
    };
    const kept = await single.transaction(RESTAURANT, work, { plans: 'kept' });
    const chosen = await single.transaction(RESTAURANT, work);
    await single.close();
    assert.deepEqual(
      [kept, chosen].map(({ mode, custom }) => [mode, Number(custom)]),
      [
        ['force_generic_plan', 0],
        ['auto', 1],
      ],
    );
  });

  test('sends and reads every kind of value, however long', async () => {
    const [text, bytes] = ['\u00e9\u{1f35c}"\\\'x'.repeat(300_000), Buffer.alloc(2_000_000, 7)];
    for (const values of [typedValues, [text, bytes, ['a"', null, '{,}'], null, 0, JSON.stringify({ text })]]) {
      const row = await database.read(RESTAURANT, (tx) => tx.one(typed, values));
      const [sent, blob, list, at, count, document] = values;
      assert.deepEqual(row, {
        text: sent,
        bytes: blob,
        list,
        at: at instanceof Date ? at.toISOString() : null,
        count,
        document: JSON.parse(String(document)),
      });
    }
  });

  test('tells the failure and not what it made PostgreSQL skip, and then prepares again', async () => {
    const later: Query<{ answer: number }> = { name: 'test.later', text: 'select 2 as answer' };
    const [broken, unsendable] = [
      (tx: Tx) => {
        tx.defer(tx.run(failing, []));
        return tx.one(later, []);
      },
      (tx: Tx) => tx.one(typed, [{ toPostgres: () => assert.fail('no text') }]),
    ];
    for (let round = 0; round < 3; round += 1) {
      await assert.rejects(database.transaction(RESTAURANT, broken), /division by zero/);
      await assert.rejects(database.transaction(RESTAURANT, unsendable), /no text/);
    }
    assert.equal((await database.read(RESTAURANT, (tx) => tx.one(later, []))).answer, 2);
    assert.equal(database.stats().total, database.stats().idle);
  });

  test('tells the failure of a write that nobody waited for, and not what it made of later bursts', async () => {
    const [fresh, known]: Query<{ answer: number }>[] = [
      { name: 'test.fresh', text: 'select 3 as answer' },
      { name: 'test.known', text: 'select 4 as answer' },
    ] as const;
    const works = [fresh, known].flatMap((statement) => [
      async (tx: Tx) => {
        tx.defer(tx.run(failing, []));
        await new Promise(setImmediate);
        return tx.one(statement, []);
      },
      // PostgreSQL skips its preparation, and the next burst relies on it.
      async (tx: Tx) => {
        tx.defer(tx.run(failing, []));
        tx.defer(tx.one(statement, []));
        await new Promise((resolve) => process.nextTick(() => process.nextTick(resolve)));
        return tx.one(statement, []);
      },
    ]);
    for (const work of works) await assert.rejects(database.transaction(RESTAURANT, work), /division by zero/);
    assert.equal((await database.read(RESTAURANT, (tx) => tx.one(fresh, []))).answer, 3);
    assert.equal(database.stats().total, database.stats().idle);
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
