/**
 * Work that passed its deadline, or whose caller has left, also ends in PostgreSQL: no part of it
 * runs on.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, type Query, Sent, type Tx, withClient } from '../../src/config/database.js';
import { createLogger } from '../../src/config/logger.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { untilWaiting } from '../support/lockWaits.js';

const RESTAURANT = randomUUID();
const DEADLINE_MS = 500;
/** Without an end of its own such a statement ran until the server's 30 s were over. */
const GONE_WITHIN_MS = 15_000;
const STEP_MS = 20;

// Not declared: what is declared is surveyed as a statement of the program.
const one: Query<unknown> = { name: 'test.one', text: 'select 1 as one' };
const sleeper: Query<unknown> = { name: 'test.sleeper', text: 'select pg_sleep(3600)' };
const locker: Query<unknown> = { name: 'test.locker', text: 'lock table restaurants in access exclusive mode' };

/** Statements of Servio that PostgreSQL works at, or waits with. */
function running(database: TestDatabase): Promise<string[]> {
  return withClient(database.ownerUrl, async (client) => {
    const { rows } = await client.query<{ query: string }>(
      `select query from pg_stat_activity
       where datname = current_database() and application_name = 'servio' and state <> 'idle'`,
    );
    return rows.map(({ query }) => query);
  });
}

async function untilNothingRuns(database: TestDatabase): Promise<void> {
  const limit = performance.now() + GONE_WITHIN_MS;
  for (let left = await running(database); left.length > 0; left = await running(database)) {
    assert.ok(performance.now() < limit, `still at work: ${left.join('; ')}`);
    await sleep(STEP_MS);
  }
}

async function isLate(asked: Promise<unknown>): Promise<void> {
  await assert.rejects(asked, (error) => error instanceof AppError && error.code === 'database_unavailable');
}

describe('after the deadline nothing runs on', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  const begun: string[] = [];
  before(async () => {
    testDatabase = await createTestDatabase();
    database = new Database({
      url: testDatabase.appUrl,
      replicaUrl: testDatabase.appUrl,
      log: createLogger('silent'),
      observer: { statement: (name) => void begun.push(name) },
      deadlines: { requestMs: DEADLINE_MS, longMs: DEADLINE_MS },
    });
  });
  after(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const late: Record<string, (work: (tx: Tx) => Promise<unknown>) => Promise<unknown>> = {
    'a read': (work) => database.read(RESTAURANT, work),
    'a report on the replica': (work) => database.readReplica(RESTAURANT, work),
    'a write': (work) => database.transaction(RESTAURANT, work),
    'a document, which waits in a queue of its own': (work) =>
      database.transaction(RESTAURANT, work, { isQueued: true, attempts: 1, deadlineMs: DEADLINE_MS }),
  };
  for (const [what, ask] of Object.entries(late)) {
    test(`of ${what}, in its first statement`, async () => {
      begun.length = 0;
      await isLate(ask((tx) => tx.one(sleeper, [])));
      await untilNothingRuns(testDatabase);
      assert.deepEqual(begun, [sleeper.name], 'begun once: nothing late is asked again');
    });

    test(`of ${what}, in a later statement, which has less time than the first`, async () => {
      const asked = ask(async (tx) => {
        await tx.one(one, []);
        await sleep(DEADLINE_MS / 2);
        await tx.one(one, []);
        await tx.one(sleeper, []);
      });
      await isLate(asked);
      await untilNothingRuns(testDatabase);
    });
  }

  test('of a write whose statements and commit were sent in one go', async () => {
    const asked = database.transaction(RESTAURANT, async (tx) => {
      tx.defer(tx.run(one, []));
      return new Sent(tx.run(sleeper, []));
    });
    await isLate(asked);
    await untilNothingRuns(testDatabase);
  });

  test('of a write that waits for a lock', async () => {
    await withClient(testDatabase.ownerUrl, async (holder) => {
      await holder.query(`begin; ${locker.text}`);
      await isLate(
        database.transaction(RESTAURANT, (tx) =>
          tx.many({ name: 'test.read', text: 'select id from restaurants' }, []),
        ),
      );
      await untilNothingRuns(testDatabase);
      await holder.query('rollback');
    });
    assert.deepEqual(await database.read(RESTAURANT, (tx) => tx.one(one, [])), { one: 1 });
  });
});

describe('a caller who has gone', () => {
  let api: TestApi;
  let restaurant: TestRestaurant;
  before(async () => {
    api = await startApi();
    restaurant = await api.restaurant();
  });
  after(() => api.close());

  /** Asks while nobody can read orders, and hangs up once the question waits in the database. */
  async function hangUp(method: string, path: string, body?: object): Promise<{ letGo: () => Promise<void> }> {
    const client = new AbortController();
    const headers = { authorization: `Bearer ${restaurant.token}`, 'content-type': 'application/json' };
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let hungUp = (): void => undefined;
    const hasHungUp = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const held = withClient(api.database.ownerUrl, async (holder) => {
      await holder.query('begin; lock table orders in access exclusive mode');
      const asked = fetch(api.url + path, {
        method,
        headers,
        signal: client.signal,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      await untilWaiting(api.database, 0, () => false);
      client.abort();
      await assert.rejects(asked, { name: 'AbortError' });
      hungUp();
      await released;
      await holder.query('rollback');
    });
    await Promise.race([hasHungUp, held]);
    return {
      letGo: () => {
        release();
        return held;
      },
    };
  }

  const today = new Date().toISOString().slice(0, 10);
  for (const path of [`/v1/reports/sales?from=${today}&to=${today}`, `/v1/business-days/${today}`, '/v1/orders'])
    test(`ends what it read: ${path.split('?')[0]}`, async () => {
      const { letGo } = await hangUp('GET', path);
      try {
        await untilNothingRuns(api.database);
      } finally {
        await letGo();
      }
      expectStatus(200, await api.get(path, { token: restaurant.token }));
    });

  test('does not undo what it wrote', async () => {
    const { id } = await api.item(restaurant.token);
    const before = expectStatus(200, await api.get('/v1/orders', { token: restaurant.token })).data.length;
    const { letGo } = await hangUp('POST', '/v1/orders', {
      type: 'takeaway',
      lines: [{ menuItemId: id, quantity: 1 }],
    });
    await letGo();
    await untilNothingRuns(api.database);
    const { data } = expectStatus(200, await api.get('/v1/orders', { token: restaurant.token }));
    assert.equal(data.length, before + 1);
  });
});
