/** A day at a glance equals the reports that it is made of. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';
const WEEK_BEFORE = '2026-11-13';

describe('the summary of a day', () => {
  let api: TestApi;
  let token: string;
  let now = new Date('2026-11-13T19:00:00Z');

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());

  const { get, pay, complete, ingredient } = new Factories(() => ({ api, token }));

  test('has its figures, all hours, the best items, payments, open orders and low stock', async () => {
    // Tokens of people end before a week is over.
    token = await api.apiKey((await api.restaurant()).token);
    const [soup, wine] = [
      await api.item(token, { name: 'Soup', price: 700 }),
      await api.item(token, { name: 'Wine', price: 501 }),
    ];
    const order = (item: Json, quantity: number): Promise<Json> =>
      api.order(token, [{ menuItemId: item.id, quantity }]);
    await complete((await order(soup, 1)).id);
    // 2:00 in the night of the day before: an hour after midnight comes last.
    now = new Date('2026-11-14T01:00:00Z');
    await order(wine, 1);
    now = new Date('2026-11-20T19:00:00Z');
    const sold = await order(wine, 4);
    await pay(sold.id, 'card', 2004);
    await order(soup, 1);
    await ingredient({ name: 'Leek', openingQuantity: '1', reorderPoint: '2' });

    const summary = await get(`/v1/business-days/${DAY}/summary`);
    const report = await get(`/v1/business-days/${DAY}`);
    for (const field of [
      'revenue',
      'total',
      'orders',
      'units',
      'payments',
      'refunds',
      'unfinishedOrders',
      'cancelledOrders',
      'status',
    ])
      assert.deepEqual(summary[field], report[field], field);
    assert.equal(summary.averageTotal, 1352, '27.04 over two orders');
    const { weekBefore } = summary;
    assert.deepEqual(
      [weekBefore.date, weekBefore.orders, weekBefore.revenue, weekBefore.averageTotal],
      [WEEK_BEFORE, 2, 1201, 601],
      '6.005 is rounded up',
    );
    assert.deepEqual(
      summary.hours.map(({ hour }: Json) => hour),
      Array.from({ length: 24 }, (_, index) => (index + 4) % 24),
    );
    const busy = summary.hours.filter(({ orders, weekBefore: before_ }: Json) => orders + before_.orders > 0);
    assert.deepEqual(busy, [
      { hour: 20, orders: 2, revenue: 2704, weekBefore: { orders: 1, revenue: 700 } },
      { hour: 2, orders: 0, revenue: 0, weekBefore: { orders: 1, revenue: 501 } },
    ]);
    const best = [
      { menuItemId: wine.id, name: 'Wine', orders: 1, revenue: 2004, units: 4 },
      { menuItemId: soup.id, name: 'Soup', orders: 1, revenue: 700, units: 1 },
    ];
    assert.deepEqual(summary.topItems, best);
    assert.deepEqual((await get(`/v1/business-days/${DAY}/summary?top=1`)).topItems, best.slice(0, 1));
    assert.deepEqual(
      [summary.lowStock.items.map(({ name }: Json) => name), summary.lowStock.hasMore],
      [['Leek'], false],
    );
  });

  test('is empty for a day without trade, and of one restaurant', async () => {
    token = await api.apiKey((await api.restaurant()).token);
    const { orders, averageTotal, hours, topItems, payments, lowStock } = await get(`/v1/business-days/${DAY}/summary`);
    assert.deepEqual([orders, averageTotal, hours.length, topItems, payments], [0, null, 24, [], []]);
    assert.deepEqual(lowStock, { items: [], hasMore: false });
  });

  test('shows stock only to those who may read it, and refuses bad input', async () => {
    const restaurant = await api.restaurant();
    const made = { name: 'Figures', kind: 'integration', scopes: ['reports:read'] };
    const { secret } = expectStatus(201, await api.post('/v1/api-keys', made, { token: restaurant.token }));
    const path = `/v1/business-days/${DAY}/summary`;
    assert.equal(expectStatus(200, await api.get(path, { token: secret })).lowStock, null);
    for (const query of ['top=0', 'top=51', 'top=x', 'days=1'])
      expectProblem(422, await api.get(`${path}?${query}`, { token: restaurant.token }), query);
    for (const date of ['yesterday', '0001-01-07', '2026-02-30'])
      assert.ok(
        [404, 422].includes((await api.get(`/v1/business-days/${date}/summary`, { token: secret })).status),
        date,
      );
  });
});
