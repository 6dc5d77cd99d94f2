/**
 * The short version of `npm run bench -- reports`: the same answers as from all lines, and far
 * fewer rows read. Rows are counted, and no clock is used.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { salesByLines } from '../../bench/support/reportsByLines.js';
import { loadYearOfOrders, type YearOfOrders } from '../../bench/support/yearOfOrders.js';
import { declaredQueries, type SetupClient, withClient } from '../../src/config/database.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { FIRST_ID, LAST_ID } from '../../src/domain/report/daySums.js';
import { GROUPS_OF_SUMS, SALES_GROUPS } from '../../src/domain/report/report.js';
import { startApi, type TestApi } from '../support/api.js';
import { likeThePool } from '../support/planSurvey.js';
import { workOf } from '../support/workOfPlan.js';

const SIZE = { orders: 15_000, ofToday: 500, days: 10 };
const TIMES_FEWER = 5;
const NO_DAYS = `'{}', '{}'`;

describe('reports of a busy house', () => {
  let api: TestApi;
  let year: YearOfOrders;
  before(async () => {
    api = await startApi({ clock: () => new Date('2025-01-11T20:00:00Z') });
    year = await withClient(api.database.ownerUrl, (owner) => loadYearOfOrders(owner, SIZE));
  });
  after(() => api.close());

  /** As the application, in the restaurant. */
  const asApp = <T>(work: (client: SetupClient) => Promise<T>): Promise<T> =>
    withClient(api.database.appUrl, async (client) => {
      await likeThePool(client);
      await client.query(`select set_config('app.restaurant_id', $1, false)`, [year.restaurantId]);
      return work(client);
    });
  const call = () => systemCall(year.restaurantId, 'test');
  const periods = () => [
    [year.from, year.to] as const,
    [year.to, year.today] as const,
    ['2025-01-03', '2025-01-03'] as const,
  ];

  async function compareAll(): Promise<void> {
    for (const [from, to] of periods())
      for (const groupBy of SALES_GROUPS) {
        const wanted = await asApp((client) => salesByLines(client, year.restaurantId, [from, to], groupBy));
        const {
          from: _f,
          to: _t,
          groupBy: _g,
          currency,
          averageTotal: _a,
          guests: _n,
          ...report
        } = await api.context.reports.sales(call(), from, to, groupBy);
        assert.deepEqual({ ...report, orders: report.orders }, wanted, `${from} ${to} ${groupBy}`);
        assert.equal(currency, 'EUR');
      }
  }

  test('are those of all lines, without sums and with them', async () => {
    await compareAll();
    const today = await api.context.businessDays.get(call(), year.today);
    await api.context.reports.daySums.makeDue(() => false);
    assert.equal((await api.context.reports.daySums.summed(call(), year.from, year.today)).length, SIZE.days);
    await compareAll();
    assert.deepEqual(await api.context.businessDays.get(call(), year.today), today);
  });

  for (const name of [
    'report.sumSales',
    'report.orderSums',
    ...GROUPS_OF_SUMS.map((group) => `report.sumSalesBy.${group}`),
  ])
    test(`read a fraction of the rows when days have sums: ${name}`, async () => {
      const statement = declaredQueries().find((declared) => declared.name === name);
      assert.ok(statement);
      const ids = `'{${FIRST_ID}}', '{${LAST_ID}}'`;
      const run = (client: SetupClient, days: string, period: string) => {
        const last = name.startsWith('report.sumSalesBy')
          ? `, 'Europe/Berlin'`
          : name.endsWith('orderSums')
            ? `, ${days}`
            : '';
        return workOf(
          client,
          `execute measured('${year.restaurantId}', ${days}, ${days === NO_DAYS ? NO_DAYS : ids}, ${period}${last})`,
        );
      };
      const [summed, rows] = await asApp(async (client) => {
        await client.query(`prepare measured as ${statement.text}`);
        return [
          await run(client, NO_DAYS, `'${year.from}', '${year.to}'`),
          await run(client, `'{${year.from}}', '{${year.to}}'`, 'null, null'),
        ];
      });
      assert.ok(summed !== undefined && rows !== undefined);
      assert.ok(rows > SIZE.orders, `${rows} rows of so many orders`);
      assert.ok(summed * TIMES_FEWER < rows, `${summed} rows instead of ${rows}`);
    });
});
