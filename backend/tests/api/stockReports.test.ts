/** Reports on stock: what is gone against what was sold, and what was sold against what it cost. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { withClient } from '../../src/config/database.js';
import { businessDate } from '../../src/domain/localTime.js';
import { MOVEMENT_KINDS, type MovementKind } from '../../src/domain/stock.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

/** What a test posts behind the API: kinds that come from counts, transfers and batches. */
interface Movement {
  kind: MovementKind;
  quantity: number;
  unitCost: number;
  at: string;
}

const TIMEZONE = 'America/New_York';
const CUTOFF_HOUR = 4;

describe('reports on stock', () => {
  let api: TestApi;
  let token: string;
  let restaurantId: string;
  let now = new Date('2026-03-10T15:00:00Z');
  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());

  /** A restaurant of its own, whose key outlives jumps of the clock. */
  async function newRestaurant(): Promise<void> {
    const restaurant = await api.restaurant({ timezone: TIMEZONE, currency: 'USD' });
    restaurantId = restaurant.id;
    token = await api.apiKey(restaurant.token);
  }

  const at = (instant: string) => {
    now = new Date(instant);
  };
  const post = async (path: string, body: Json): Promise<Json> =>
    expectStatus(201, await api.post(path, body, { token }));
  const report = async (path: string): Promise<Json> =>
    expectStatus(200, await api.get(`/v1/reports/${path}`, { token }));
  const ingredient = (fields: Json): Promise<Json> => post('/v1/inventory-items', { unit: 'kg', ...fields });
  const dish = async (fields: Record<string, unknown>, lines: Json[]): Promise<Json> => {
    const item = await api.item(token, fields);
    await post('/v1/recipes', { menuItemId: item.id, lines });
    return item;
  };
  const pay = (order: Json) => post(`/v1/orders/${order.id}/payments`, { method: 'cash', amount: order.dueTotal });

  async function postMovements(itemId: string, movements: readonly Movement[]): Promise<void> {
    await withClient(api.database.ownerUrl, async (owner) => {
      for (const { kind, quantity, unitCost, at: occurredAt } of movements)
        await owner.query(
          `insert into stock_movements (restaurant_id, id, inventory_item_id, kind, quantity, unit_cost, source_kind, source_id,
             source_version, business_date, occurred_at, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, 'test', $7, 1, '2026-01-01', $8, 'test', $8)`,
          [restaurantId, randomUUID(), itemId, kind, quantity, unitCost, randomUUID(), occurredAt],
        );
    });
  }

  test('variance is what is gone and was not sold: waste that is written down and what counts find missing', async () => {
    await newRestaurant();
    at('2026-03-10T15:00:00Z');
    const beef = await ingredient({ name: 'Beef', openingQuantity: '10', unitCost: '1000' });
    const bun = await ingredient({ name: 'Bun', unit: 'piece', openingQuantity: '50', unitCost: '30' });
    await ingredient({ name: 'Never moved' });
    const burger = await dish({ name: 'Burger', price: 1500 }, [
      { inventoryItemId: beef.id, quantity: '0.2' },
      { inventoryItemId: bun.id, quantity: '1' },
    ]);
    at('2026-03-11T15:00:00Z');
    await post('/v1/stock/movements', { inventoryItemId: beef.id, kind: 'receipt', quantity: '5', unitCost: '1300' });
    // 5 x 0.2 kg at (10 x 1000 + 5 x 1300) / 15 = 1100 a kilogram; one of them is taken back.
    const order = await api.order(token, [
      { menuItemId: burger.id, quantity: 4 },
      { menuItemId: burger.id, quantity: 1 },
    ]);
    expectStatus(200, await api.delete(`/v1/orders/${order.id}/lines/${order.lines[1].id}`, undefined, { token }));
    await post('/v1/stock/movements', { inventoryItemId: beef.id, kind: 'waste', quantity: '0.4', reason: 'burnt' });
    await post('/v1/stock/movements', {
      inventoryItemId: bun.id,
      kind: 'correction',
      quantity: '-6',
      reason: 'a lost bag',
    });
    await postMovements(beef.id, [
      { kind: 'count', quantity: -0.25, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
      { kind: 'transfer', quantity: -1, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
      { kind: 'transfer', quantity: 1, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
      { kind: 'prep', quantity: -2, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
    ]);
    await postMovements(bun.id, [{ kind: 'count', quantity: 3, unitCost: 30, at: '2026-03-12T02:00:00Z' }]);

    const { data, totals, currency, nextCursor } = await report('stock-variance?from=2026-03-11&to=2026-03-11');
    assert.deepEqual([currency, nextCursor], ['USD', null]);
    assert.deepEqual(
      data.map((row: Json) => row.name),
      ['Beef', 'Bun', 'Never moved'],
    );
    assert.deepEqual(data[0], {
      inventoryItemId: beef.id,
      name: 'Beef',
      unit: 'kg',
      openingQuantity: '10',
      receipts: '5',
      preparations: '-2',
      transfers: '0',
      corrections: '0',
      theoreticalUse: '0.8',
      waste: '0.4',
      countDifference: '-0.25',
      closingQuantity: '11.55',
      actualUse: '1.45',
      variance: '0.65',
      variancePercent: '81.25',
      theoreticalUseValue: 880,
      varianceValue: 715,
    });
    const { corrections, theoreticalUse, actualUse, variance, variancePercent, varianceValue } = data[1];
    assert.deepEqual([corrections, theoreticalUse, actualUse], ['-6', '4', '1']);
    assert.deepEqual([variance, variancePercent, varianceValue], ['-3', '-75', -90]);
    assert.deepEqual([data[2].variance, data[2].variancePercent, data[2].varianceValue], ['0', null, 0]);
    assert.deepEqual(totals, { theoreticalUseValue: 1000, varianceValue: 625, variancePercent: '62.5' });

    const [quiet] = (await report('stock-variance?from=2026-03-12&to=2026-03-20')).data.filter(
      (row: Json) => row.name === 'Beef',
    );
    assert.deepEqual([quiet.openingQuantity, quiet.closingQuantity, quiet.actualUse], ['11.55', '11.55', '0']);
  });

  test('of an item that is sold below nothing, and of one that is deleted since, the ledger adds up', async () => {
    await newRestaurant();
    at('2026-03-10T15:00:00Z');
    const cream = await ingredient({ name: 'Cream', unit: 'l', unitCost: '400' });
    const cake = await dish({ name: 'Cake', price: 500 }, [{ inventoryItemId: cream.id, quantity: '0.1' }]);
    await api.order(token, [{ menuItemId: cake.id, quantity: 3 }]);
    const gone = await ingredient({ name: 'Gone', openingQuantity: '2', unitCost: '10' });
    const take = { inventoryItemId: gone.id, kind: 'waste', quantity: '2', reason: 'mouldy' };
    await post('/v1/stock/movements', take);
    expectStatus(204, await api.delete(`/v1/inventory-items/${gone.id}`, undefined, { token }));
    const { data } = await report('stock-variance?from=2026-03-10&to=2026-03-10');
    assert.deepEqual(
      data.map((row: Json) => [row.name, row.openingQuantity, row.closingQuantity, row.actualUse, row.variance]),
      [
        ['Gone', '0', '0', '2', '2'],
        ['Cream', '0', '-0.3', '0.3', '0'],
      ],
    );
    const later = await report('stock-variance?from=2026-03-11&to=2026-03-11');
    assert.deepEqual(
      later.data.map((row: Json) => row.name),
      ['Cream'],
    );
  });

  test('whatever moves when, opening and movements come to closing, by the business days of the restaurant', async () => {
    await newRestaurant();
    const days = ['2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];
    // The clocks go forward in the night to the 8th, before the cut-off: where days begin, in minutes from the 6th in UTC.
    const edges = [9 * 60, 33 * 60, 56 * 60, 80 * 60, 104 * 60];
    const movement = fc.record({
      kind: fc.constantFrom(...MOVEMENT_KINDS),
      quantity: fc.integer({ min: -5000, max: 5000 }).filter((micros) => micros !== 0),
      unitCost: fc.integer({ min: 0, max: 5000 }),
      minute: fc.oneof(
        fc.integer({ min: 0, max: 5 * 24 * 60 }),
        fc.constantFrom(...edges.flatMap((edge) => [edge - 1, edge])),
      ),
    });
    const start = Date.parse('2026-03-06T00:00:00Z');
    const toMovement = ({
      minute,
      quantity,
      ...rest
    }: {
      minute: number;
      quantity: number;
      kind: MovementKind;
      unitCost: number;
    }) => ({
      ...rest,
      quantity: quantity / 1000,
      at: new Date(start + minute * 60_000).toISOString(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(movement, { minLength: 1, maxLength: 25 }),
        fc.nat(3),
        fc.nat(3),
        async (drawn, a, b) => {
          const item = await ingredient({ name: `Item ${randomUUID()}` });
          await postMovements(item.id, drawn.map(toMovement));
          const [from, to] = [days[Math.min(a, b)] ?? '', days[Math.max(a, b)] ?? ''];
          const row = (await report(`stock-variance?from=${from}&to=${to}&limit=100`)).data.find(
            (one: Json) => one.inventoryItemId === item.id,
          );
          /** In thousandths. */
          const total = (kinds: readonly MovementKind[], isIn: (date: string) => boolean) =>
            drawn
              .filter(
                ({ kind, minute }) =>
                  kinds.includes(kind) && isIn(businessDate(new Date(start + minute * 60_000), TIMEZONE, CUTOFF_HOUR)),
              )
              .reduce((sum, { quantity }) => sum + quantity, 0);
          const inPeriod = (...kinds: MovementKind[]) => total(kinds, (date) => date >= from && date <= to);
          const shown = (field: string) => Math.trunc(Number(row[field]) * 1000 + Math.sign(Number(row[field])) / 2);
          assert.equal(
            shown('openingQuantity'),
            total(MOVEMENT_KINDS, (date) => date < from),
          );
          assert.equal(
            shown('closingQuantity'),
            total(MOVEMENT_KINDS, (date) => date <= to),
          );
          assert.equal(shown('theoreticalUse'), -inPeriod('sale', 'void') + 0);
          assert.equal(shown('variance'), -inPeriod('waste', 'count') + 0);
          assert.equal(
            shown('openingQuantity') + inPeriod('receipt', 'prep', 'transfer', 'correction') - shown('closingQuantity'),
            shown('actualUse'),
          );
          assert.equal(shown('actualUse') - shown('theoreticalUse'), shown('variance'));
          const value = drawn
            .filter(
              ({ kind, minute }) =>
                ['waste', 'count'].includes(kind) &&
                [from, to].every((day, index) => {
                  const date = businessDate(new Date(start + minute * 60_000), TIMEZONE, CUTOFF_HOUR);
                  return index === 0 ? date >= day : date <= day;
                }),
            )
            .reduce((sum, { quantity, unitCost }) => sum - quantity * unitCost, 0);
          assert.ok(Math.abs(row.varianceValue - value / 1000) <= 1, `${row.varianceValue} for ${value / 1000}`);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('pages of variances hold each item once, in the order of their values, with the totals of all', async () => {
    await newRestaurant();
    at('2026-03-10T15:00:00Z');
    for (let n = 1; n <= 7; n += 1) {
      const item = await ingredient({ name: `Item ${n}`, openingQuantity: '10', unitCost: `${n * 100}` });
      await postMovements(item.id, [
        { kind: 'count', quantity: n % 2 ? 1 : -1, unitCost: n * 100, at: now.toISOString() },
      ]);
    }
    const values: number[] = [];
    const period = 'from=2026-03-10&to=2026-03-10';
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Json = await report(`stock-variance?${period}&limit=3${cursor && `&cursor=${cursor}`}`);
      assert.equal(page.totals.varianceValue, -400);
      values.push(...page.data.map((row: Json) => row.varianceValue));
      cursor = page.nextCursor;
    }
    assert.deepEqual(values, [-700, 600, -500, 400, -300, 200, -100]);
    const { nextCursor } = await report(`stock-variance?${period}&limit=3`);
    expectProblem(
      422,
      await api.get(`/v1/reports/stock-variance?from=2026-03-09&to=2026-03-10&cursor=${nextCursor}`, { token }),
    );
  });

  test('cost of goods is what the ledger says the sold lines took, against what they brought in without included taxes', async () => {
    await newRestaurant();
    at('2026-03-10T15:00:00Z');
    const tax = await post('/v1/taxes', { name: 'VAT', rate: '10', inclusive: true });
    const rice = await ingredient({ name: 'Rice', openingQuantity: '10', unitCost: '200' });
    const fish = await ingredient({ name: 'Fish', openingQuantity: '10', unitCost: '3000' });
    const [mains, sides] = [await api.category(token, { name: 'Mains' }), await api.category(token, { name: 'Sides' })];
    const sushi = await dish({ name: 'Sushi', price: 2200, categoryId: mains.id, taxIds: [tax.id] }, [
      { inventoryItemId: rice.id, quantity: '0.15' },
      { inventoryItemId: fish.id, quantity: '0.1' },
    ]);
    const bowl = await dish({ name: 'Bowl', price: 300, categoryId: sides.id }, [
      { inventoryItemId: rice.id, quantity: '0.333' },
    ]);
    const water = await api.item(token, { name: 'Water', price: 0, categoryId: sides.id });

    // Two rounds of one order, with a delivery between them that raises rice to (9.85 x 200 + 9.85 x 400) / 19.7 = 300.
    const order = await api.order(token, [{ menuItemId: sushi.id, quantity: 1 }]);
    await post('/v1/stock/movements', { inventoryItemId: rice.id, kind: 'receipt', quantity: '9.85', unitCost: '400' });
    await post(`/v1/orders/${order.id}/lines`, { menuItemId: sushi.id, quantity: 2 });
    at('2026-03-11T15:00:00Z');
    const second = await api.order(token, [
      { menuItemId: bowl.id, quantity: 2 },
      { menuItemId: bowl.id, quantity: 5 },
      { menuItemId: water.id, quantity: 4 },
    ]);
    expectStatus(200, await api.delete(`/v1/orders/${second.id}/lines/${second.lines[1].id}`, undefined, { token }));
    const cancelled = await api.order(token, [{ menuItemId: sushi.id, quantity: 9 }]);
    expectStatus(200, await api.post(`/v1/orders/${cancelled.id}/cancel`, {}, { token }));
    // A refund takes money back and no goods: neither side of the report changes.
    const payment = await pay(second);
    await post(`/v1/payments/${payment.id}/refunds`, { amount: 300, reason: 'cold' });

    const period = 'from=2026-03-10&to=2026-03-11';
    const byDay = await report(`cost-of-goods?${period}`);
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
    const byItem = await report(`cost-of-goods?${period}&groupBy=item`);
    assert.deepEqual(
      byItem.data.map((row: Json) => [row.label, row.units, row.cost, row.foodCostPercent]),
      [
        ['Sushi', 3, 1020, '17'],
        ['Bowl', 2, 200, '33.3'],
        ['Water', 4, 0, null],
      ],
    );
    const byCategory = await report(`cost-of-goods?${period}&groupBy=category`);
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
    const sales = await report(`sales?${period}`);
    assert.deepEqual([sales.revenue, sales.units], [totals.revenue, totals.units]);
    const [ledger] = await withClient(api.database.ownerUrl, async (owner) => {
      const { rows } = await owner.query<{ cost: string }>(
        `select sum(-quantity * unit_cost) as cost from stock_movements where restaurant_id = $1 and kind in ('sale', 'void')`,
        [restaurantId],
      );
      return rows;
    });
    assert.equal(Number(ledger?.cost), 1219.8);
  });

  test('rows of costs add up to the total where each by itself would be rounded down', async () => {
    await newRestaurant();
    at('2026-03-10T15:00:00Z');
    const salt = await ingredient({ name: 'Salt', unit: 'g', openingQuantity: '1000', unitCost: '0.4' });
    const lines: Json[] = [];
    for (let n = 0; n < 3; n += 1) {
      const item = await dish({ name: `Dish ${n}`, price: 100 }, [{ inventoryItemId: salt.id, quantity: '1' }]);
      lines.push({ menuItemId: item.id, quantity: 1 });
    }
    await api.order(token, lines);
    const { data, totals } = await report('cost-of-goods?from=2026-03-10&to=2026-03-10&groupBy=item');
    // 1.2 in all: a third of it has none to itself.
    assert.equal(totals.cost, 1);
    assert.deepEqual(
      data.map((row: Json) => row.cost),
      [1, 0, 0],
    );
  });

  test('of a time without trade everything is zero and nothing is divided', async () => {
    await newRestaurant();
    for (const groupBy of ['day', 'item', 'category']) {
      const { data, totals } = await report(`cost-of-goods?from=0001-01-01&to=9999-12-31&groupBy=${groupBy}`);
      assert.deepEqual([data, totals.cost, totals.foodCostPercent], [[], 0, null]);
    }
    const variance = await report('stock-variance?from=0001-01-01&to=9999-12-31');
    assert.deepEqual(variance.totals, { theoreticalUseValue: 0, varianceValue: 0, variancePercent: null });
    const { data, menu } = await report('menu-engineering?from=2026-01-01&to=2026-01-02');
    assert.deepEqual([data, menu.dishes, menu.popularityThresholdPercent], [[], 0, null]);
  });

  test('days that do not exist, an end before the start and words that nobody knows are refused with their place', async () => {
    await newRestaurant();
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
        const problem = expectProblem(422, await api.get(`/v1/reports/${path}?${query}`, { token }));
        assert.equal(problem.errors?.[0]?.pointer, pointer, `${path} ${query}`);
      }
    const days = 'from=2026-03-11&to=2026-03-11';
    expectProblem(422, await api.get(`/v1/reports/cost-of-goods?${days}&groupBy=hour`, { token }));
    expectProblem(422, await api.get(`/v1/reports/menu-engineering?${days}&categoryId=mains`, { token }));
    expectProblem(422, await api.get('/v1/reports/food-cost?orderType=picnic', { token }));
    expectProblem(404, await api.get(`/v1/menu-items/${randomUUID()}/cost`, { token }));
    const kitchen = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'screen', scopes: ['orders:read'] }, { token }),
    );
    for (const path of [`stock-variance?${days}`, `cost-of-goods?${days}`, `menu-engineering?${days}`, 'food-cost'])
      expectProblem(403, await api.get(`/v1/reports/${path}`, { token: kitchen.secret }));
  });
});
