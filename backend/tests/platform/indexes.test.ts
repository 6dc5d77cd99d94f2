/**
 * Plans every statement of the repositories over a year of trade. New statements, tables and
 * indexes are checked without being named here. A new table needs rows in support/yearOfTrade.ts.
 *
 * INDEX_RESTAURANTS and INDEX_ORDERS set the size of the year: 200 and 1000000 take three to five
 * minutes.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Query, query, type SetupClient, withClient } from '../../src/config/database.js';
import type { TestDatabase } from '../support/database.js';
import {
  ACROSS_RESTAURANTS,
  GROWING,
  prepareAs,
  readSchema,
  SMALL_TABLE_PAGES,
  type Survey,
  surveyPlans,
  tenantColumn,
  unjustifiedIndexes,
} from '../support/planSurvey.js';
import { repositoryStatements } from '../support/repositoryStatements.js';
import { workWithin } from '../support/workOfPlan.js';
import { createYearDatabase, YEAR_SIZE } from '../support/yearDatabase.js';
import type { YearOfTrade } from '../support/yearOfTrade.js';

const SIZE = {
  restaurants: Number(process.env['INDEX_RESTAURANTS'] ?? YEAR_SIZE.restaurants),
  orders: Number(process.env['INDEX_ORDERS'] ?? YEAR_SIZE.orders),
};
/** So large that to scan one would be a fault, and the planner free to do it. */
const BIG = [...GROWING, 'idempotency_keys', 'import_rows', 'menu_items', 'modifiers'];

/** Indexes that operators were promised. The last waits for its table. */
const PROMISED: [name: string, table: string, columns: string[], predicate: string][] = [
  ['idx_orders_restaurant_status_not_deleted', 'orders', ['restaurant_id', 'status'], '(deleted_at IS NULL)'],
  [
    'idx_menu_items_active',
    'menu_items',
    ['restaurant_id', 'name', 'price'],
    '((is_available = true) AND (deleted_at IS NULL))',
  ],
  [
    'idx_inventory_low_stock_active',
    'inventory_items',
    ['restaurant_id', 'current_quantity'],
    '((deleted_at IS NULL) AND (current_quantity < reorder_point))',
  ],
];
const PROMISED_COUNT = 40;
/** Beside its key and eight unique indexes. */
const DOCUMENT_INDEXES = 7;
/** Without the index, its statement pages along the key, and reads all if there are few. */
const PAGED_BY_KEY = { index: 'documents_unissued_idx', statement: 'document.listUnissued' };

/** Faults and what the survey must say of them. `setup` runs as the owner and is rolled back. */
const PLANTED: { setup?: string; text: string; fault: RegExp }[] = [
  { text: 'select id from users where name = $1', fault: /scans users/ },
  {
    setup: 'alter table orders disable row level security',
    text: 'select count(*) from orders where notes = $1',
    fault: /scans orders, \d+ pages/,
  },
  {
    text: 'select count(*) from orders where restaurant_id = $1 and notes = $2',
    fault: /reads all orders of a restaurant/,
  },
  {
    text: 'select id from audit_log where restaurant_id = $1 and id < $2 order by request_id limit 10',
    fault: /reads all audit_log of a restaurant/,
  },
  {
    text: `select id from orders
      where restaurant_id = $1 and deleted_at is null and business_date <= $2 and (business_date, id) < ($3, $4)
      order by business_date desc, id desc limit 10`,
    fault: /begins orders_business_date_idx at a position and at a bound of business_date/,
  },
  {
    setup: 'drop index order_lines_order_idx',
    text: 'select id from order_lines where restaurant_id = $1 and order_id = $2',
    fault: /reads all order_lines of a restaurant/,
  },
  {
    setup: 'alter table orders disable row level security; create index planted on orders (external_id)',
    text: 'select id from orders where external_id = $1',
    fault: /uses planted without the restaurant/,
  },
];

describe('indexes', () => {
  let database: TestDatabase;
  let year: YearOfTrade;
  let statements: readonly Query<unknown>[];
  let survey: Survey;

  before(async () => {
    // As any other test of the process may do.
    query('test.elsewhere', 'select count(*) from a_table_of_another_test');
    statements = await repositoryStatements();
    ({ database, year } = await createYearDatabase(SIZE));
    survey = await withClient(database.appUrl, (app) => surveyPlans(app, statements, year));
  });
  after(() => database.drop());

  /** Runs `work` as the application, after `setup` by the owner, and undoes both. */
  function planted<T>(setup: string, work: (client: SetupClient) => Promise<T>): Promise<T> {
    return withClient(database.ownerUrl, async (client) => {
      await client.query('begin');
      await client.query(setup);
      await client.query('set local role servio_app');
      const result = await work(client);
      await client.query('rollback');
      return result;
    });
  }

  test('are proven over tables that hold a year', () => {
    assert.ok(statements.length > 100, 'the statements must have been collected');
    assert.ok(!statements.some(({ name }) => name === 'test.elsewhere'), 'no repository has declared this one');
    for (const { name, rows } of survey.schema.tables.values())
      assert.ok(rows > 0, `${name} is empty, which proves nothing: give it rows in yearOfTrade.ts`);
    for (const name of BIG)
      assert.ok(
        (survey.schema.tables.get(name)?.pages ?? 0) > SMALL_TABLE_PAGES,
        `${name} is too small to prove anything`,
      );
  });

  test('serve every statement, and none scans a table or reads all trade of a restaurant', () =>
    assert.equal(survey.faults.join('\n\n'), ''));

  test('are each used by a statement, or say why they are there', () =>
    assert.deepEqual(unjustifiedIndexes(survey), []));

  test('begin with the restaurant: forty and more', () => {
    const indexes = [...survey.schema.indexes.values()].filter(({ table }) => tenantColumn(table) !== undefined);
    const leading = indexes.filter(({ table, columns }) => columns[0] === tenantColumn(table));
    assert.ok(leading.length >= PROMISED_COUNT, `only ${leading.length}`);
    const others = indexes.filter((index) => !leading.includes(index)).map(({ name }) => name);
    assert.deepEqual(others.sort(), ACROSS_RESTAURANTS);
  });

  for (const [name, table, columns, predicate] of PROMISED) {
    test(`keep ${name}, while there is its table`, () => {
      if (!survey.schema.tables.has(table)) return;
      const index = survey.schema.indexes.get(name);
      assert.deepEqual([index?.table, index?.columns, index?.predicate], [table, columns, predicate]);
    });
  }

  test('of documents are each needed: without one, a statement reads all documents of a restaurant', async () => {
    const ofDocuments = statements.filter(({ text }) => / documents /.test(text));
    const optional = [...survey.schema.indexes.values()]
      .filter(({ table, isUnique }) => table === 'documents' && !isUnique)
      .map(({ name }) => name);
    assert.equal(optional.length, DOCUMENT_INDEXES);
    for (const name of optional) {
      const { faults } = await planted(`drop index ${name}`, (app) => surveyPlans(app, ofDocuments, year));
      if (name !== PAGED_BY_KEY.index) assert.match(faults.join('\n'), /reads all documents of a restaurant/, name);
    }
  });

  test('of unissued documents is needed: a page of them, of which there are none, reads nothing', async () => {
    const statement = statements.find(({ name }) => name === PAGED_BY_KEY.statement);
    assert.ok(statement);
    const work = (setup: string) =>
      planted(setup, async (app) => {
        await app.query(`select set_config('app.restaurant_id', $1, true)`, [year.largest]);
        const execute = await prepareAs(app, 'measured', statement, year.largest, year);
        const rows = await workWithin(app, execute.replace(`'draft'`, `'voided'`));
        await app.query('deallocate measured');
        return rows;
      });
    const [withIndex, without] = [await work(''), await work(`drop index ${PAGED_BY_KEY.index}`)];
    assert.ok(withIndex < 10 && without > 1_000, `${withIndex} and ${without} rows`);
  });

  for (const { setup, text, fault } of PLANTED) {
    test(`are missed by ${text}${setup === undefined ? '' : ` after ${setup}`}`, async () => {
      const { faults } = await planted(setup ?? '', (app) => surveyPlans(app, [{ name: 'planted', text }], year));
      assert.match(faults.join('\n'), fault);
    });
  }

  for (const [comment, expected] of [
    [null, ['planted']],
    ['nice to have', ['planted']],
    ['why: an operator asks for it', []],
  ] as const) {
    test(`are found when no statement uses one: ${comment ?? 'not a word on it'}`, async () => {
      const setup = `create index planted on orders (restaurant_id, guests);
        comment on index planted is ${comment === null ? 'null' : `'${comment}'`}`;
      const found = await planted(setup, async (app) => {
        const ofOrders = await surveyPlans(
          app,
          statements.filter(({ text }) => text.includes('orders')),
          year,
        );
        const usedIndexes = new Set([...survey.usedIndexes, ...ofOrders.usedIndexes]);
        return unjustifiedIndexes({ faults: [], usedIndexes, schema: await readSchema(app) });
      });
      assert.deepEqual(found, expected);
    });
  }
});
