/** Sales against their cost, and the properties that all stock reports share. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { StoreRoom } from '../support/storeRoom.js';

describe('cost of goods', () => {
  let api: TestApi;
  let now = new Date('2026-03-10T15:00:00Z');
  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());

  const at = (instant: string) => {
    now = new Date(instant);
  };

  test('cost of goods is what the ledger says the sold lines took, against what they brought in without included taxes', async () => {
    const room = await StoreRoom.open(api);
    at('2026-03-10T15:00:00Z');
    const tax = await room.post('/v1/taxes', { name: 'VAT', rate: '10', inclusive: true });
    const rice = await room.ingredient({ name: 'Rice', openingQuantity: '10', unitCost: '200' });
    const fish = await room.ingredient({ name: 'Fish', openingQuantity: '10', unitCost: '3000' });
    const [mains, sides] = [
      await api.category(room.token, { name: 'Mains' }),
      await api.category(room.token, { name: 'Sides' }),
    ];
    const sushi = await room.dish({ name: 'Sushi', price: 2200, categoryId: mains.id, taxIds: [tax.id] }, [
      { inventoryItemId: rice.id, quantity: '0.15' },
      { inventoryItemId: fish.id, quantity: '0.1' },
    ]);
    const bowl = await room.dish({ name: 'Bowl', price: 300, categoryId: sides.id }, [
      { inventoryItemId: rice.id, quantity: '0.333' },
    ]);
    const water = await api.item(room.token, { name: 'Water', price: 0, categoryId: sides.id });

    // An order in two rounds, with a delivery between them that raises rice to (9.85 x 200 + 9.85 x
    // 400) / 19.7 = 300.
    const order = await room.order([{ menuItemId: sushi.id, quantity: 1 }]);
    await room.post('/v1/stock/movements', {
      inventoryItemId: rice.id,
      kind: 'receipt',
      quantity: '9.85',
      unitCost: '400',
    });
    await room.post(`/v1/orders/${order.id}/lines`, { menuItemId: sushi.id, quantity: 2 });
    at('2026-03-11T15:00:00Z');
    const second = await room.order([
      { menuItemId: bowl.id, quantity: 2 },
      { menuItemId: bowl.id, quantity: 5 },
      { menuItemId: water.id, quantity: 4 },
    ]);
    await room.remove(`/v1/orders/${second.id}/lines/${second.lines[1].id}`);
    const cancelled = await room.order([{ menuItemId: sushi.id, quantity: 9 }]);
    expectStatus(200, await api.post(`/v1/orders/${cancelled.id}/cancel`, {}, { token: room.token }));
    // A refund takes money back and no goods: neither side of the report changes.
    const payment = await room.post(`/v1/orders/${second.id}/payments`, { method: 'cash', amount: second.dueTotal });
    await room.post(`/v1/payments/${payment.id}/refunds`, { amount: 300, reason: 'cold' });

    const period = 'from=2026-03-10&to=2026-03-11';
    const byDay = await room.report(`cost-of-goods?${period}`);
    // Rice 0.15 x 200 + 0.3 x 300 = 120, fish 3 x 300 = 900; then 0.666 x 300 = 199.8.
    assert.deepEqual(byDay.data, [
      {
        key: '2026-03-10',
        label: '2026-03-10',
        units: 3,
        unitsWithoutCost: 0,
        revenue: 6600,
        netRevenue: 6000,
        cost: 1020,
        grossMargin: 4980,
        foodCostPercent: '17',
      },
      {
        key: '2026-03-11',
        label: '2026-03-11',
        units: 6,
        unitsWithoutCost: 4,
        revenue: 600,
        netRevenue: 600,
        cost: 200,
        grossMargin: 400,
        foodCostPercent: '33.3',
      },
    ]);
    const byItem = await room.report(`cost-of-goods?${period}&groupBy=item`);
    assert.deepEqual(
      byItem.data.map((row: Json) => [row.label, row.units, row.cost, row.foodCostPercent]),
      [
        ['Sushi', 3, 1020, '17'],
        ['Bowl', 2, 200, '33.3'],
        ['Water', 4, 0, null],
      ],
    );
    const byCategory = await room.report(`cost-of-goods?${period}&groupBy=category`);
    assert.deepEqual(
      byCategory.data.map((row: Json) => [row.key, row.label, row.cost]),
      [
        [mains.id, 'Mains', 1020],
        [sides.id, 'Sides', 200],
      ],
    );
    const totals = { units: 9, unitsWithoutCost: 4, revenue: 7200, netRevenue: 6600, cost: 1220, grossMargin: 5380 };
    for (const { totals: shown } of [byDay, byItem, byCategory])
      assert.deepEqual(shown, { ...totals, foodCostPercent: '18.48' });
    const sales = await room.report(`sales?${period}`);
    assert.deepEqual([sales.revenue, sales.units], [totals.revenue, totals.units]);
    const [ledger] = await withClient(api.database.ownerUrl, async (owner) => {
      const { rows } = await owner.query<{ cost: string }>(
        `select sum(-quantity * unit_cost) as cost from stock_movements where restaurant_id = $1 and kind in ('sale', 'void')`,
        [room.restaurantId],
      );
      return rows;
    });
    assert.equal(Number(ledger?.cost), 1219.8);
  });

  test('rows of costs add up to the total where each by itself would be rounded down', async () => {
    const room = await StoreRoom.open(api);
    at('2026-03-10T15:00:00Z');
    const salt = await room.ingredient({ name: 'Salt', unit: 'g', openingQuantity: '1000', unitCost: '0.4' });
    const lines: Json[] = [];
    for (let n = 0; n < 3; n += 1) {
      const item = await room.dish({ name: `Dish ${n}`, price: 100 }, [{ inventoryItemId: salt.id, quantity: '1' }]);
      lines.push({ menuItemId: item.id, quantity: 1 });
    }
    await room.order(lines);
    const { data, totals } = await room.report('cost-of-goods?from=2026-03-10&to=2026-03-10&groupBy=item');
    // 1.2 in all: a third of it has none to itself.
    assert.equal(totals.cost, 1);
    assert.deepEqual(
      data.map((row: Json) => row.cost),
      [1, 0, 0],
    );
  });

  test('of a time without trade everything is zero and nothing is divided', async () => {
    const room = await StoreRoom.open(api);
    for (const groupBy of ['day', 'item', 'category']) {
      const { data, totals } = await room.report(`cost-of-goods?from=0001-01-01&to=9999-12-31&groupBy=${groupBy}`);
      assert.deepEqual([data, totals.cost, totals.foodCostPercent], [[], 0, null]);
    }
    const variance = await room.report('stock-variance?from=0001-01-01&to=9999-12-31');
    assert.deepEqual(variance.totals, { theoreticalUseValue: 0, varianceValue: 0, variancePercent: null });
    const { data, menu } = await room.report('menu-engineering?from=2026-01-01&to=2026-01-02');
    assert.deepEqual([data, menu.dishes, menu.popularityThresholdPercent], [[], 0, null]);
  });

  test('days that do not exist, an end before the start and words that nobody knows are refused with their place', async () => {
    const room = await StoreRoom.open(api);
    const wrong: [query: string, pointer: string][] = [
      ['to=2026-03-11', '?from'],
      ['from=2026-03-11', '?to'],
      ['from=2026-02-30&to=2026-03-11', '?from'],
      ['from=2026-03-11&to=11.03.2026', '?to'],
      ['from=2026-03-11&to=2026-03-10', '?to'],
      ['from=2026-03-11&to=2026-03-11&limit=0', '?limit'],
      ['from=2026-03-11&to=2026-03-11&cursor=x', '?cursor'],
    ];
    for (const path of ['stock-variance', 'cost-of-goods', 'menu-engineering'])
      for (const [query, pointer] of wrong) {
        const problem = expectProblem(422, await api.get(`/v1/reports/${path}?${query}`, { token: room.token }));
        assert.equal(problem.errors?.[0]?.pointer, pointer, `${path} ${query}`);
      }
    const days = 'from=2026-03-11&to=2026-03-11';
    expectProblem(422, await api.get(`/v1/reports/cost-of-goods?${days}&groupBy=hour`, { token: room.token }));
    expectProblem(422, await api.get(`/v1/reports/menu-engineering?${days}&categoryId=mains`, { token: room.token }));
    expectProblem(422, await api.get('/v1/reports/food-cost?orderType=picnic', { token: room.token }));
    expectProblem(404, await api.get(`/v1/menu-items/${randomUUID()}/cost`, { token: room.token }));
    const kitchen = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'screen', scopes: ['orders:read'] }, { token: room.token }),
    );
    for (const path of [`stock-variance?${days}`, `cost-of-goods?${days}`, `menu-engineering?${days}`, 'food-cost'])
      expectProblem(403, await api.get(`/v1/reports/${path}`, { token: kitchen.secret }));
  });
});
