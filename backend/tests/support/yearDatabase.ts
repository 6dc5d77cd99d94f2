/**
 * The year of trade of a run: loaded once, by the first test file that asks, and cloned for each.
 */
import { withClient } from '../../src/config/database.js';
import { adminUrl, createTestDatabase, TEMPLATE, type TestDatabase } from './database.js';
import { loadYearOfTrade, type YearOfTrade } from './yearOfTrade.js';

/** Files of this size share one load. */
export const YEAR_SIZE = { restaurants: 20, orders: 20_000 };
const CONNECT_TIMEOUT_MS = 10_000;

/** Keeps autovacuum away, which would come at some moment of a test. */
export const NEVER_ANALYZED = `
  do $$
  declare
    name regclass;
  begin
    for name in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
      execute format('alter table %s set (autovacuum_enabled = false)', name);
    end loop;
  end $$`;

/**
 * A database of its own that holds a year of trade, which the planner knows. Autovacuum leaves its
 * tables alone.
 */
export async function createYearDatabase(
  size: typeof YEAR_SIZE,
): Promise<{ database: TestDatabase; year: YearOfTrade }> {
  const template = `${TEMPLATE}_year_${size.restaurants}_${size.orders}`;
  const year = await withClient(
    adminUrl(),
    async (admin) => {
      // A test file of another process may load the year meanwhile.
      await admin.query(`select pg_advisory_lock(hashtext('${template}'))`);
      const { rows } = await admin.query<{ year: string }>(
        `select shobj_description(oid, 'pg_database') as year from pg_database where datname = '${template}'`,
      );
      if (rows[0]) return JSON.parse(rows[0].year) as YearOfTrade;
      const loaded = await createTestDatabase();
      const made = await withClient(loaded.ownerUrl, async (owner) => {
        await owner.query(NEVER_ANALYZED);
        return loadYearOfTrade(owner, size);
      });
      const name = new URL(loaded.ownerUrl).pathname.slice(1);
      await admin.query(`comment on database ${name} is '${JSON.stringify(made)}'`);
      await admin.query(`alter database ${name} rename to ${template}`);
      return made;
    },
    CONNECT_TIMEOUT_MS,
  );
  return { database: await createTestDatabase(template), year };
}
