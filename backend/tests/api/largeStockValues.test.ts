/** The largest allowed quantities and costs: every endpoint returns exactly what was accepted. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { startApi, type Json, type TestApi } from '../support/api.js';
import { csv, ImportClient, PLAIN } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';
import { StockRoom } from '../support/stockRoom.js';

const DAY = '2026-11-10';
const PERIOD = `from=${DAY}&to=${DAY}`;
/** In stock, and what one of it costs. */
const MOST = '999999999999.999999';
const MOST_MICROS = 999_999_999_999_999_999n;
/** 10^24 less two millions, and a millionth of a millionth. */
const MOST_VALUE = '999999999999999998000000';
const HALF = '500000000000';
const HALF_MICROS = 500_000_000_000_000_000n;
/** The most that a recipe may take is a little more. */
const TAKEN = '900000000';
const TAKEN_MICROS = 900_000_000_000_000n;

/** Value of a quantity at the highest cost, half a minor unit rounded up. */
function valueOf(micros: bigint): string {
  return String((micros * MOST_MICROS + 500_000_000_000n) / 1_000_000_000_000n);
}

describe('values of stock beyond what a number holds', () => {
  let api: TestApi;
  let room: StockRoom;
  let gold: Json;
  let crown: Json;
  before(async () => {
    api = await startApi({ clock: () => new Date(`${DAY}T12:00:00Z`) });
    room = await StockRoom.open(api);
    gold = await room.item({ name: 'Gold', openingQuantity: MOST, unitCost: MOST });
    crown = await api.item(room.token, { name: 'Crown', price: 1000 });
    await room.post('/v1/recipes', { menuItemId: crown.id, lines: [{ inventoryItemId: gold.id, quantity: TAKEN }] });
  });
  after(() => api.close());

  test('are told of what is there, also where more was there than a quantity may be', async () => {
    assert.equal(valueOf(MOST_MICROS), MOST_VALUE);
    const { data } = await room.get('/v1/stock');
    assert.deepEqual([data[0].quantity, data[0].value], [MOST, MOST_VALUE]);
  });

  test('are told of what was thrown away, made and moved', async () => {
    const shop = await StockRoom.open(api);
    const item = await shop.item({ name: 'Gold', openingQuantity: MOST, unitCost: MOST });
    const lines = [{ inventoryItemId: item.id, quantity: HALF }];
    const waste = await shop.post('/v1/stock/waste', { reason: 'dropped', lines });
    assert.deepEqual([waste.value, waste.lines[0].value], [valueOf(HALF_MICROS), valueOf(HALF_MICROS)]);
    const [from, to] = [await shop.location('Vault'), await shop.location('Bar')];
    await shop.post('/v1/stock/movements', {
      inventoryItemId: item.id,
      kind: 'receipt',
      quantity: '100000',
      unitCost: MOST,
      locationId: from.id,
    });
    const moved = { fromLocationId: from.id, toLocationId: to.id, lines: [{ ...lines[0], quantity: '100000' }] };
    assert.equal((await shop.post('/v1/stock/transfers', moved)).lines[0].value, valueOf(100_000_000_000n));
    const ring = await shop.item({ name: 'Ring', unit: 'piece' });
    const recipe = await shop.post('/v1/recipes', {
      name: 'Rings',
      outputItemId: ring.id,
      yield: '200000',
      yieldUnit: 'piece',
      lines: [{ inventoryItemId: item.id, quantity: '200000' }],
    });
    const made = await shop.post('/v1/stock/preps', { recipeId: recipe.id, quantity: '100000' });
    const worth = valueOf(100_000_000_000n);
    assert.deepEqual([made.value, made.output.value, made.consumed[0].value], [worth, worth, worth]);
    const { data, totals } = await shop.get(`/v1/reports/stock-variance?${PERIOD}`);
    assert.equal(totals.varianceValue, valueOf(HALF_MICROS));
    assert.equal(data[0].varianceValue, valueOf(HALF_MICROS));
  });

  test('are told of what dishes cost, with the dearest first', async () => {
    const cost = valueOf(TAKEN_MICROS);
    const margin = String(1000n - BigInt(cost));
    const dish = await room.get(`/v1/menu-items/${crown.id}/cost`);
    const [portion] = dish.portions;
    assert.deepEqual([portion.cost, portion.margin, portion.ingredients[0].cost], [cost, margin, cost]);
    const { data } = await room.get('/v1/reports/food-cost');
    assert.deepEqual([data[0].portions[0].cost, data[0].portions[0].foodCostPercent], [cost, '89999999999999999910']);
  });

  test('are told of what was sold, by item and in all', async () => {
    await api.order(room.token, [{ menuItemId: crown.id, quantity: 1 }]);
    await api.order(room.token, [{ menuItemId: crown.id, quantity: 2 }]);
    const cost = valueOf(3n * TAKEN_MICROS);
    const margin = String(3000n - BigInt(cost));
    for (const groupBy of ['day', 'item', 'category']) {
      const { data, totals } = await room.get(`/v1/reports/cost-of-goods?${PERIOD}&groupBy=${groupBy}`);
      assert.deepEqual([data[0].cost, data[0].grossMargin, data[0].revenue], [cost, margin, 3000], groupBy);
      assert.deepEqual([totals.cost, totals.grossMargin, totals.netRevenue], [cost, margin, 3000], groupBy);
    }
    const { data, menu } = await room.get(`/v1/reports/menu-engineering?${PERIOD}`);
    assert.deepEqual([data[0].unitCost, data[0].totalCost, data[0].totalMargin], [valueOf(TAKEN_MICROS), cost, margin]);
    assert.deepEqual([menu.cost, menu.margin], [cost, margin]);
    const variance = await room.get(`/v1/reports/stock-variance?${PERIOD}`);
    assert.equal(variance.totals.theoreticalUseValue, cost);
  });

  test('are refused of a count that differs by more than is stored, which then stays open and can be counted again', async () => {
    const shop = await StockRoom.open(api);
    const item = await shop.item({ name: 'Gold', openingQuantity: MOST, unitCost: MOST });
    const opened = await shop.post('/v1/stock/counts', { lines: [{ inventoryItemId: item.id, quantity: HALF }] });
    const path = `/v1/stock/counts/${opened.id}`;
    const { code, detail } = expectProblem(422, await api.post(`${path}/commit`, {}, { token: shop.token }));
    assert.equal(code, 'invalid_request');
    assert.match(detail, /This count differs from the books by more money than can be counted\. Look at/);
    assert.equal((await shop.get(path)).status, 'open');
    assert.equal(await shop.quantityOf(item.id), MOST);
    await shop.post(`${path}/lines`, { lines: [{ inventoryItemId: item.id, quantity: '999999999000' }] }, 200);
    const off = MOST_MICROS - 999_999_999_000_000_000n;
    const closed = await shop.post(`${path}/commit`, {}, 200);
    assert.deepEqual([closed.loss, closed.lines[0].varianceValue], [Number(valueOf(off)), -Number(valueOf(off))]);
    assert.equal((await shop.get('/v1/stock/counts')).data[0].net, -closed.loss);
  });

  test('refuse no proposal but their own, and an order that would come to too much is two', async () => {
    const shop = await StockRoom.open(api);
    const { id: supplierId } = await shop.post('/v1/suppliers', { name: 'Mint' });
    const sold = async (name: string, parLevel: string, lastPrice: number): Promise<Json> => {
      const item = await shop.item({ name, reorderPoint: '1', parLevel });
      await shop.post('/v1/supplier-items', { supplierId, inventoryItemId: item.id, lastPrice });
      return item;
    };
    const absurd = await sold('Absurd', '999999999999', 100_000_000_000);
    const dear = [await sold('Gold', '6', 10_000_000_000), await sold('Silver', '5', 10_000_000_000)];
    const { orders, skipped } = await shop.post('/v1/purchase-orders/proposals', {});
    assert.deepEqual(skipped, [{ inventoryItemId: absurd.id, name: 'Absurd', reason: 'too_much' }]);
    const totalOf = new Map(
      orders.flatMap(({ total, lines }: Json) => lines.map((line: Json) => [line.inventoryItemId, total])),
    );
    assert.deepEqual([orders.length, ...dear.map(({ id }) => totalOf.get(id))], [2, 60_000_000_000, 50_000_000_000]);
  });

  test('of a count are told in its document, the total exactly, and a line that holds no more is refused', async () => {
    const shop = await StockRoom.open(api);
    const counted = async (...quantities: string[]): Promise<string> => {
      const items = quantities.map((quantity) =>
        shop.item({ name: quantity, openingQuantity: quantity, unitCost: MOST }),
      );
      const lines = (await Promise.all(items)).map(({ id, name }) => ({ inventoryItemId: id, quantity: name }));
      return (await shop.post('/v1/stock/counts', { commit: true, lines })).id;
    };
    const made = (stockCountId: string) => ({ type: 'stock_count', stockCountId });
    const document = await shop.post('/v1/documents', made(await counted('9000', '8000')));
    const amount = valueOf(17_000_000_000n);
    assert.deepEqual([document.subtotal, document.total], [amount, amount]);
    assert.deepEqual(document.lines[0].unitPrice, 1_000_000_000_000);
    assert.equal((await shop.get(`/v1/documents/${document.id}`)).total, amount);
    await shop.post(`/v1/documents/${document.id}/issue`, {}, 200);
    const printed = await api.get(`/v1/documents/${document.id}.txt`, { token: shop.token });
    assert.match(printed.text, /170,000,000,000,000\.00/);
    const body = made(await counted('9008'));
    const refused = expectProblem(422, await api.post('/v1/documents', body, { token: shop.token }));
    assert.match(JSON.stringify(refused.errors), /\/stockCountId.*comes to more than a line of a document holds/);
  });

  test('what an import has stored is told exactly', async () => {
    const rows = csv('A1,2026-11-09T11:00:00Z,Palace,1,1');
    const { body } = await new ImportClient(api).send(room.token, rows, PLAIN);
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query('update imports set revenue = 12000000000000002 where id = $1', [body.id]),
    );
    assert.equal((await room.get(`/v1/imports/${body.id}`)).revenue, '12000000000000002');
  });

  test('what was paid and given back again and again is counted up to 2^53, and no further', async () => {
    const order = await api.order(room.token, [{ menuItemId: crown.id, quantity: 1 }]);
    const cycled = Number.MAX_SAFE_INTEGER - 600;
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query('update orders set paid_total = $2, refunded_total = $2 where id = $1', [order.id, cycled]),
    );
    const path = `/v1/orders/${order.id}/payments`;
    const refused = await api.post(path, { method: 'card', amount: 601 }, { token: room.token });
    assert.match(expectProblem(422, refused).detail, /More was paid and given back on this order than can be counted/);
    await room.post(path, { method: 'card', amount: 600 });
    const after = await room.get(`/v1/orders/${order.id}`);
    assert.deepEqual([after.paidTotal, after.dueTotal], [Number.MAX_SAFE_INTEGER, 400]);
  });
});
