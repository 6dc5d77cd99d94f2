/**
 * The owner of the database is no superuser, as hosting providers set it up. Row-level security
 * applies to it as to every role.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withClient } from '../../src/config/database.js';
import { RestaurantDirectory } from '../../src/repositories/restaurant/RestaurantDirectory.js';
import { startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { createBoundDatabase, type TestDatabase, TEST_SECRET } from '../support/database.js';

const CLI = fileURLToPath(new URL('../../src/cli.js', import.meta.url));

describe('an owner that row-level security binds', () => {
  let database: TestDatabase;
  let api: TestApi;
  let restaurants: TestRestaurant[];

  before(async () => {
    database = await createBoundDatabase();
    api = await startApi({ database });
    restaurants = [];
    for (let count = 0; count < 3; count += 1) restaurants.push(await api.restaurant());
  });
  after(async () => {
    await api.close();
    await database.drop();
  });

  test('finds the restaurants with the newest orders, for the warm-up', async () => {
    const [one, two] = restaurants as [TestRestaurant, TestRestaurant];
    for (const { token } of [two, one, two]) {
      const item = await api.item(token);
      await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    }
    assert.deepEqual(await new RestaurantDirectory(database.ownerUrl).byNewestOrder(10), [two.id, one.id]);
    assert.deepEqual(await new RestaurantDirectory(database.ownerUrl).byNewestOrder(1), [two.id]);
  });

  test('lists the restaurants on the command line', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'servio-bound-owner-'));
    const mapping = path.join(folder, 'mapping.json');
    await writeFile(
      mapping,
      JSON.stringify({ orderId: 'order', time: { column: 'time' }, item: 'item', linePrice: 'price' }),
    );
    const args = [CLI, 'import', 'orders', 'none.csv', '--mapping', mapping, '--restaurant', 'nowhere'];
    const env = {
      ...process.env,
      DATABASE_URL: database.ownerUrl,
      DATABASE_APP_URL: database.appUrl,
      JWT_SECRET: TEST_SECRET,
    };
    await assert.rejects(promisify(execFile)(process.execPath, args, { env }), ({ stderr }: { stderr: string }) => {
      for (const { id } of restaurants) assert.ok(stderr.includes(id), stderr);
      return true;
    });
    await rm(folder, { recursive: true });
  });

  test('reads no order, no person’s membership, and changes no restaurant', () =>
    withClient(database.ownerUrl, async (owner) => {
      const rowsOf = async (sql: string) => (await owner.query(sql)).rowCount;
      assert.equal(await rowsOf('select 1 from restaurants'), restaurants.length);
      for (const table of ['orders', 'members', 'sessions']) assert.equal(await rowsOf(`select 1 from ${table}`), 0);
      await owner.query('select * from newest_orders()');
      assert.equal(await rowsOf('select 1 from orders'), 0, 'the restaurants that were entered have been left');
      assert.equal(await rowsOf(`update restaurants set name = 'stolen'`), 0);
    }));
});
