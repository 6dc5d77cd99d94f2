/**
 * A restaurant that is newer than the last analyze: the statistics know twenty other restaurants
 * but not this one. It has had a busy day and closes it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type SetupClient, withClient } from '../../src/config/database.js';
import { migrate, restoreGuessedStatistics } from '../../src/config/migrate.js';
import { startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import {
  createBoundDatabase,
  createTestDatabase,
  databaseUrl,
  MIGRATIONS,
  type TestDatabase,
} from '../support/database.js';
import { likeThePool, prepareAs } from '../support/planSurvey.js';
import { repositoryStatements } from '../support/repositoryStatements.js';
import { workOf } from '../support/workOfPlan.js';
import { createYearDatabase, YEAR_SIZE } from '../support/yearDatabase.js';
import { loadYearOfTrade, type YearOfTrade } from '../support/yearOfTrade.js';

const DAY = '2025-12-30';
const ORDERS = 6_000;
/**
 * Reads each order with its lines, movements and payment a dozen times. A join of every order with
 * every line takes a hundred million rows.
 */
const MOST_WORK = 60 * 6 * ORDERS;
/** So that a fault is told and not waited for. */
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * Tables of restaurants whose restaurant_id is analyzed, or whose statistics do not treat
 * restaurants as alike.
 */
const UNEVEN = `
  select c.relname as name
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'restaurant_id' and not a.attisdropped
  left join pg_stats s on s.schemaname = 'public' and s.tablename = c.relname and s.attname = 'restaurant_id'
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and (a.attstattarget is distinct from 0 or s.most_common_vals is not null or s.n_distinct is null or s.n_distinct >= 0)
  order by 1`;

/** As a superuser: statistics of what row-level security hides are hidden, too. */
async function unevenTables({ ownerUrl }: TestDatabase): Promise<string[]> {
  return withClient(databaseUrl(new URL(ownerUrl).pathname.slice(1)), async (admin) =>
    (await admin.query<{ name: string }>(UNEVEN)).rows.map(({ name }) => name),
  );
}

describe('a restaurant that the statistics do not know', () => {
  let api: TestApi;
  let database: TestDatabase;
  let young: TestRestaurant;
  let trade: YearOfTrade;

  before(async () => {
    ({ database } = await createYearDatabase(YEAR_SIZE));
    api = await startApi({ database });
    api.madeUpEvents = 'all';
    young = await api.restaurant();
    const size = { restaurants: 1, orders: ORDERS, first: YEAR_SIZE.restaurants, id: young.id, isOneDay: true };
    trade = await withClient(database.ownerUrl, (owner) => loadYearOfTrade(owner, { ...size, isAnalyzed: false }));
  });
  after(async () => {
    await api.close();
    await database.drop();
  });

  /** As the application, for the young restaurant. */
  function asYoung<T>(work: (client: SetupClient) => Promise<T>): Promise<T> {
    return withClient(database.appUrl, async (client) => {
      await likeThePool(client);
      await client.query(`set statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
      await client.query(`select set_config('app.restaurant_id', $1, false)`, [young.id]);
      return work(client);
    });
  }

  test('is served by every statement in proportion to what it has', async () => {
    const statements = await repositoryStatements();
    let judged = 0;
    const faults = await asYoung(async (client) => {
      const found: string[] = [];
      for (const statement of statements) {
        const execute = await prepareAs(client, 'asked', statement, young.id, trade);
        const fresh = await workOf(client, execute);
        await client.query(`explain ${execute};`.repeat(5));
        const settled = await workOf(client, execute);
        await client.query('deallocate asked');
        if (fresh !== undefined) judged += 1;
        for (const [name, work] of Object.entries({ fresh, settled }))
          if (work !== undefined && work > MOST_WORK) found.push(`${statement.name}, ${name}: ${work} rows`);
      }
      return found;
    });
    assert.ok(judged > statements.length / 2, `only ${judged} of ${statements.length} statements could be carried out`);
    assert.deepEqual(faults, []);
  });

  for (const path of [
    `/v1/reports/sales?from=${DAY}&to=${DAY}`,
    ...['day', 'hour', 'item', 'category', 'type'].map(
      (group) => `/v1/reports/sales?from=${DAY}&to=${DAY}&groupBy=${group}`,
    ),
    `/v1/business-days/${DAY}`,
    `/v1/orders?businessDate=${DAY}&limit=100`,
  ])
    test(`gets ${path}`, async () => {
      const { status, text } = await api.get(path, { token: young.token });
      assert.equal(status, 200, text);
    });

  test('closes its day', async () => {
    const body = { acceptOpenOrders: true };
    const { status, text } = await api.post(`/v1/business-days/${DAY}/close`, body, { token: young.token });
    assert.equal(status, 201, text);
  });
});

describe('the statistics of restaurants', () => {
  test('are the same for every table, and stay so when a table is analyzed', async () => {
    const database = await createTestDatabase();
    await withClient(database.ownerUrl, (owner) => loadYearOfTrade(owner, { restaurants: 3, orders: 300 }));
    assert.deepEqual(await unevenTables(database), []);
    await database.drop();
  });

  test('are missed where a table has none', async () => {
    const database = await createTestDatabase();
    await withClient(database.ownerUrl, (owner) => owner.query('create table planted (restaurant_id uuid not null)'));
    assert.deepEqual(await unevenTables(database), ['planted']);
    await database.drop();
  });

  test('replace those that a database has stored, for an owner without power, too', async () => {
    for (const database of [await createTestDatabase(), await createBoundDatabase()]) {
      // As before 0039_guessed_statistics.sql.
      await withClient(database.ownerUrl, async (owner) => {
        await owner.query('alter table categories alter column restaurant_id set statistics 100');
        for (const table of ['restaurants', 'categories'])
          await owner.query(`alter table ${table} no force row level security`);
        await owner.query(`insert into restaurants (id, name, currency, timezone, business_day_cutoff_hour, created_at, updated_at)
          select gen_random_uuid(), 'x', 'EUR', 'UTC', 4, now(), now() from generate_series(1, 3)`);
        await owner.query(`insert into categories (restaurant_id, id, name, created_at, updated_at)
          select id, gen_random_uuid(), 'x', now(), now() from restaurants, generate_series(1, 20)`);
        await owner.query('analyze categories');
      });
      assert.deepEqual(await unevenTables(database), ['categories']);
      await restoreGuessedStatistics(database.ownerUrl);
      await withClient(database.ownerUrl, (owner) => owner.query('analyze categories'));
      assert.deepEqual(await unevenTables(database), []);
      await database.drop();
    }
  });

  test('come back to a database that was restored from a dump', async () => {
    const database = await createTestDatabase();
    await withClient(database.ownerUrl, (owner) =>
      owner.query(`select pg_clear_attribute_stats('public', 'orders', 'restaurant_id', false)`),
    );
    assert.deepEqual(await unevenTables(database), ['orders']);
    assert.deepEqual(await migrate(database.ownerUrl, MIGRATIONS), []);
    await restoreGuessedStatistics(database.ownerUrl);
    assert.deepEqual(await unevenTables(database), []);
    await database.drop();
  });
});
