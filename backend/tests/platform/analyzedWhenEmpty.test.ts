/**
 * PostgreSQL assumes ten pages of a table that it does not know, but takes one for empty that was
 * analyzed when it was empty. A plan that reads all of it is then kept while the table grows.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, startApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NEVER_ANALYZED } from '../support/yearDatabase.js';

const RESTAURANTS = 13;
const AT_ONCE = 8;
const ORDERS = 50 * AT_ONCE;
/** Enough for each connection to settle on a plan. */
const DISHES = 40;

async function trade(database: TestDatabase): Promise<void> {
  const api = await startApi({ database: { ...database, drop: () => Promise.resolve() } });
  try {
    // Each first order is decided inside its transaction; the others take over its plans.
    for (let number = 1; number < RESTAURANTS; number += 1) {
      const first = await api.restaurant();
      const dish = await api.item(first.token);
      await api.order(first.token, [{ menuItemId: dish.id, quantity: 1 }]);
    }
    const { token } = await api.restaurant();
    const item = await api.item(token);
    const lines = [{ menuItemId: item.id, quantity: 1 }];
    // A change of the menu stores its facts by the statement that stores those of an order.
    for (let number = 0; number < DISHES; number += 1) await api.item(token);
    const place = async () => {
      const options = { token, headers: { 'idempotency-key': randomUUID() } };
      expectStatus(201, await api.post('/v1/orders', { type: 'takeaway', lines }, options));
    };
    for (let number = 0; number < ORDERS; number += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, place));
  } finally {
    // A connection tells its counts when it ends.
    await api.close();
  }
}

test('orders in a database that was analyzed when it was empty do not read the orders before them', async () => {
  const database = await createTestDatabase();
  try {
    await withClient(database.ownerUrl, async (owner) => {
      await owner.query(NEVER_ANALYZED);
      await owner.query('vacuum (analyze)');
    });
    await trade(database);
    const { rows } = await withClient(database.ownerUrl, (owner) =>
      owner.query<{ stored: number; read: number }>(
        `select n_tup_ins::int as stored, seq_tup_read::int as read from pg_stat_user_tables where relname = 'orders'`,
      ),
    );
    assert.equal(rows[0]?.stored, ORDERS + RESTAURANTS - 1);
    // One scan for each order would read ORDERS / 2 rows on average.
    assert.ok(rows[0].read <= ORDERS, `${rows[0].read} rows were read by scans of the whole table`);
    const keys = await withClient(database.ownerUrl, (owner) =>
      owner.query<{ read: number }>(
        `select sum(idx_tup_read)::int as read from pg_stat_user_indexes where relname = 'idempotency_keys'`,
      ),
    );
    // All keys before each group of orders would be ORDERS / 2 for each.
    const most = 2 * ORDERS;
    assert.ok((keys.rows[0]?.read ?? 0) <= most, `${keys.rows[0]?.read} keys were read for ${ORDERS} orders`);
  } finally {
    await database.drop();
  }
});
