/**
 * A database of the time before days had sums (0101): reports are right at once, and the background
 * makes the sums of all its days.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { salesByLines } from '../../bench/support/reportsByLines.js';
import { loadYearOfOrders, type YearOfOrders } from '../../bench/support/yearOfOrders.js';
import { withClient } from '../../src/config/database.js';
import { migrate } from '../../src/config/migrate.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { startApi, type TestApi } from '../support/api.js';
import { createOldDatabase, MIGRATIONS, type TestDatabase } from '../support/database.js';

const FIRST_NEW = '0101';
const SIZE = { orders: 600, ofToday: 20, days: 120 };

describe('a database of before the sums of days', () => {
  let old: TestDatabase;
  let api: TestApi;
  let year: YearOfOrders;
  before(async () => {
    old = await createOldDatabase(FIRST_NEW);
    year = await withClient(old.ownerUrl, (owner) => loadYearOfOrders(owner, SIZE));
    assert.equal((await migrate(old.ownerUrl, MIGRATIONS)).at(0)?.slice(0, 4), FIRST_NEW);
    api = await startApi({ database: old, clock: () => new Date('2025-05-01T20:00:00Z') });
  });
  after(async () => {
    await api.close();
    await old.drop();
  });

  const call = () => systemCall(year.restaurantId, 'test');
  const asOwner = <T extends object>(text: string): Promise<T[]> =>
    withClient(old.ownerUrl, async (owner) => (await owner.query<T>(text)).rows);

  async function compare(): Promise<void> {
    const wanted = await withClient(old.ownerUrl, (owner) =>
      salesByLines(owner, year.restaurantId, [year.from, year.today], 'item'),
    );
    const { data, total, units, refundTotal } = await api.context.reports.sales(call(), year.from, year.today, 'item');
    assert.deepEqual(data, wanted.data);
    assert.deepEqual([total, units, refundTotal], [wanted['total'], wanted['units'], wanted['refundTotal']]);
  }

  test('knows its days, and its reports are right without any sums', async () => {
    const [days] = await asOwner<{ n: number; open: number }>(
      'select count(*)::int as n, count(*) filter (where version = 0)::int as open from day_sums',
    );
    // Refunds were made up to two days after the last one.
    assert.ok(days && days.n >= SIZE.days + 1 && days.open === days.n, JSON.stringify(days));
    await compare();
  });

  test('gets the sums of all days that are over, also when the work is stopped halfway', async () => {
    let made = 0;
    await api.context.reports.daySums.makeDue(() => (made += 1) > 20);
    const some = (await api.context.reports.daySums.summed(call(), year.from, year.today)).length;
    assert.ok(some > 0 && some < SIZE.days, String(some));
    await compare();
    await api.context.reports.daySums.makeDue(() => false);
    const all = await api.context.reports.daySums.summed(call(), year.from, year.today);
    assert.equal(all.length, SIZE.days);
    await compare();
    for await (const { date, faults } of api.context.reports.daySums.audit(call(), year.from, year.to))
      assert.deepEqual(faults, [], date);
  });
});
