/**
 * A connection keeps plans that it made when the database was new and empty. They must still be
 * right after a restaurant has traded for a while, without any analyze meanwhile.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Query, type SetupClient, withClient } from '../../src/config/database.js';
import { startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type KeptPlan, read, type Reading, referenceStatements, rowsOf, settlePlans } from '../support/keptPlans.js';
import { GROWING, likeThePool } from '../support/planSurvey.js';
import { repositoryStatements } from '../support/repositoryStatements.js';
import { NEVER_ANALYZED } from '../support/yearDatabase.js';
import { loadYearOfTrade, type YearOfTrade } from '../support/yearOfTrade.js';

const ORDERS = 10_000;
const ROWS_A_SCAN = 100;
/** A plan of one who knows the tables may begin elsewhere and read a little less. */
const TOLERANCE = 1.2;
const NOBODY = '01941f29-7c00-7000-8000-000000000001';
const NO_YEAR: YearOfTrade = { largest: NOBODY, smallest: NOBODY, runningImport: NOBODY };

/**
 * A menu of a hundred dishes takes a few pages, so one scan of all of them costs as little as an
 * index.
 */
const READS = `
  select indexrelname as name, idx_scan as scans, idx_tup_read as rows from pg_stat_user_indexes where schemaname = 'public'
  union all
  select relname, seq_scan, seq_tup_read from pg_stat_user_tables where relname = any ($1)`;

async function neverAnalyzed(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await withClient(database.ownerUrl, (owner) => owner.query(NEVER_ANALYZED));
  return database;
}

/**
 * The scans of `reading` that read too much. `informed` is what the same statement reads by a plan
 * that knows the tables.
 */
function excess(reading: Reading, informed: Reading): string | undefined {
  const wide = reading.scans.filter(({ scans, rows }) => rows > ROWS_A_SCAN * scans);
  if (wide.length === 0 || rowsOf(reading) <= TOLERANCE * rowsOf(informed)) return undefined;
  return wide.map(({ name, scans, rows }) => `${rows} rows of ${name} in ${scans} scans`).join(', ');
}

describe('plans made over empty tables', () => {
  let database: TestDatabase;
  let statements: readonly Query<unknown>[];

  before(async () => {
    statements = await repositoryStatements();
    database = await neverAnalyzed();
  });
  after(() => database.drop());

  /**
   * Settles the plans of all statements and references on two connections: the application's and
   * the owner's.
   */
  async function settleAll(app: SetupClient, owner: SetupClient, year: YearOfTrade): Promise<KeptPlan[]> {
    for (const client of [app, owner]) {
      await likeThePool(client);
      await client.query(`select set_config('app.restaurant_id', $1, false)`, [year.largest]);
    }
    return [
      ...(await settlePlans(app, statements, year)),
      ...(await settlePlans(owner, await referenceStatements(owner), year)),
    ];
  }

  const onTwo = <T>(work: (app: SetupClient, owner: SetupClient) => Promise<T>) =>
    withClient(database.appUrl, (app) => withClient(database.ownerUrl, (owner) => work(app, owner)));

  async function readAll(kept: readonly KeptPlan[], year: YearOfTrade): Promise<Map<string, Reading>> {
    const readings = new Map<string, Reading>();
    for (const plan of kept) readings.set(plan.statement.name, await read(plan, year));
    return readings;
  }

  test(`read no more than ${ROWS_A_SCAN} rows a scan of a restaurant with ${ORDERS} orders`, () =>
    onTwo(async (app, owner) => {
      const kept = await settleAll(app, owner, NO_YEAR);
      const loaded = { restaurants: 1, orders: ORDERS, isAnalyzed: false };
      const year = await withClient(database.ownerUrl, (loader) => loadYearOfTrade(loader, loaded));
      await app.query(`select set_config('app.restaurant_id', $1, false)`, [year.largest]);
      const readings = await readAll(kept, year);
      await owner.query('vacuum (analyze)');
      const informed = await onTwo(async (...pair) => readAll(await settleAll(...pair, year), year));

      assert.ok(kept.length > 300, 'statements and references must have been collected');
      const carriedOut = [...readings.values()].filter(({ state }) => state === '');
      // The others are writes of samples that break a constraint.
      assert.ok(carriedOut.length > kept.length / 2, `only ${carriedOut.length} of ${kept.length} were carried out`);
      const faults = [...readings].flatMap(([name, reading]) => {
        const knowing = informed.get(name);
        assert.ok(knowing, name);
        const fault = excess(reading, knowing);
        return fault === undefined ? [] : [`${name}: ${fault}`];
      });
      assert.deepEqual(faults, []);
      // To read a whole menu does not count as wide, but each order would then read it all. The
      // order looks for two dishes, and the counted one is locked and written.
      const portions = readings.get('menu.takePortions');
      assert.equal(portions?.state, '');
      assert.ok(rowsOf(portions) >= 2 && rowsOf(portions) <= 8, JSON.stringify(portions));
    }));
});

describe('a server that was there when its database was empty', () => {
  let database: TestDatabase;
  let api: TestApi;
  let mine: TestRestaurant;
  let isServing = true;

  before(async () => {
    database = await neverAnalyzed();
    // It is looked at after the server has gone.
    api = await startApi({ database: { ...database, drop: () => Promise.resolve() } });
    api.madeUpEvents = 'all';
    mine = await api.restaurant();
  });
  after(async () => {
    if (isServing) await api.close();
    await database.drop();
  });

  /**
   * Changes, pays, refunds, cancels and documents orders. This fires the triggers and references of
   * trade.
   */
  async function trade(count: number): Promise<void> {
    const { token } = mine;
    const item = await api.item(token);
    for (let number = 0; number < count; number += 1) {
      const order = await api.order(token, [{ menuItemId: item.id, quantity: 2 }]);
      const ifMatch = { 'if-match': `"${order.version}"` };
      const patched = await api.patch(`/v1/orders/${order.id}`, { notes: 'quick' }, { token, headers: ifMatch });
      assert.equal(patched.status, 200, patched.text);
      if (number % 3 === 0) {
        const cancelled = await api.post(`/v1/orders/${order.id}/cancel`, { reason: 'gone' }, { token });
        assert.equal(cancelled.status, 200, cancelled.text);
        continue;
      }
      const paid = await api.post(
        `/v1/orders/${order.id}/payments`,
        { method: 'cash', amount: order.total },
        { token },
      );
      assert.equal(paid.status, 201, paid.text);
      const refunded = await api.post(
        `/v1/payments/${paid.body.id}/refunds`,
        { amount: 50, reason: 'cold' },
        { token },
      );
      assert.equal(refunded.status, 201, refunded.text);
      const lines = [{ description: 'Dinner', quantity: '1', unitPrice: 900 }];
      const document = await api.post('/v1/documents?issue=true', { type: 'invoice', lines }, { token });
      assert.equal(document.status, 201, document.text);
      assert.equal((await api.get(`/v1/orders/${order.id}`, { token })).status, 200);
      assert.equal((await api.get('/v1/orders?limit=20', { token })).status, 200);
    }
  }

  test(`reads no more than ${ROWS_A_SCAN} rows a scan when it has ${ORDERS} orders`, async () => {
    const { ownerUrl } = database;
    await trade(8);
    const loaded = { restaurants: 1, orders: ORDERS, id: mine.id, isAnalyzed: false };
    await withClient(ownerUrl, (owner) => loadYearOfTrade(owner, loaded));
    const reads = () =>
      withClient(ownerUrl, async (owner) => {
        const { rows } = await owner.query<{ name: string; scans: number; rows: number }>(READS, [GROWING]);
        return new Map(rows.map((row) => [row.name, row]));
      });
    const before = await reads();
    await trade(12);
    // A connection tells its counts when it ends.
    isServing = false;
    await api.close();
    const faults = [...(await reads())].flatMap(([name, now]) => {
      const then = before.get(name) ?? { scans: 0, rows: 0 };
      const [scans, rows] = [now.scans - then.scans, now.rows - then.rows];
      return scans > 0 && rows / scans > ROWS_A_SCAN ? [`${rows} rows of ${name} in ${scans} scans`] : [];
    });
    assert.deepEqual(faults, []);
  });
});
