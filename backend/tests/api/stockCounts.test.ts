/** Counting what is there while it is sold. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { StockRoom } from '../support/stockRoom.js';

describe('stock counts', () => {
  let api: TestApi;
  let room: StockRoom;
  let now = Date.parse('2026-03-02T12:00:00.000Z');
  before(async () => {
    api = await startApi({ clock: () => new Date(now) });
  });
  after(() => api.close());

  const fresh = async (): Promise<void> => {
    room = await StockRoom.open(api);
  };
  const record = (count: Json, ...lines: Json[]): Promise<Json> =>
    room.post(`/v1/stock/counts/${count.id}/lines`, { lines }, 200);
  const commit = (count: Json): Promise<Json> => room.post(`/v1/stock/counts/${count.id}/commit`, {}, 200);
  const lineOf = (count: Json, item: Json): Json =>
    count.lines.find((line: Json) => line.inventoryItemId === item.id) ?? assert.fail('not on the list');

  test('a blind count shows what is expected only once it is committed, and books all variances at average cost', async () => {
    await fresh();
    const flour = await room.item({ name: 'Flour', openingQuantity: '10', unitCost: '99.5' });
    const sugar = await room.item({ name: 'Sugar', openingQuantity: '4', unitCost: '150' });
    const salt = await room.item({ name: 'Salt', openingQuantity: '1', unitCost: '40' });
    const yeast = await room.item({ name: 'Yeast', openingQuantity: '2', unitCost: '10' });
    const count = await room.post('/v1/stock/counts', { notes: 'Month end' });
    assert.deepEqual([count.status, count.isBlind, count.itemCount, count.countedItemCount], ['open', true, 4, 0]);
    await record(
      count,
      { inventoryItemId: flour.id, quantity: '9500', unit: 'g' },
      { inventoryItemId: salt.id, quantity: '1' },
    );
    await record(count, { inventoryItemId: sugar.id, quantity: '9' });
    const counted = await record(count, { inventoryItemId: sugar.id, quantity: '4.25' });
    for (const seen of [counted, await room.get(`/v1/stock/counts/${count.id}`)]) {
      assert.equal(seen.countedItemCount, 3);
      assert.deepEqual([seen.gain, seen.loss, seen.net], [null, null, null]);
      for (const line of seen.lines)
        assert.deepEqual([line.expectedQuantity, line.variance, line.varianceValue], [null, null, null]);
    }
    assert.equal(await room.quantityOf(flour.id), '10');
    const done = await commit(count);
    assert.deepEqual(
      done.lines.map((line: Json) => [
        line.name,
        line.expectedQuantity,
        line.countedQuantity,
        line.variance,
        line.varianceValue,
      ]),
      [
        ['Flour', '10', '9.5', '-0.5', -50],
        ['Salt', '1', '1', '0', 0],
        ['Sugar', '4', '4.25', '0.25', 38],
        ['Yeast', null, null, null, null],
      ],
    );
    // 37.5 found and 49.75 missing.
    assert.deepEqual([done.status, done.gain, done.loss, done.net, done.currency], ['committed', 38, 50, -12, 'EUR']);
    assert.deepEqual(
      [await room.quantityOf(flour.id), await room.quantityOf(sugar.id), await room.quantityOf(yeast.id)],
      ['9.5', '4.25', '2'],
    );
    const [movement, ...older] = (await room.get(`/v1/stock/movements?inventoryItemId=${flour.id}`)).data;
    assert.deepEqual(
      [movement.kind, movement.quantity, movement.reason, movement.source.id],
      ['count', '-0.5', 'Month end', count.id],
    );
    assert.equal(older.length, 1);
    const log = (await room.get(`/v1/audit-log?subjectId=${count.id}`)).data.map((one: Json) => one.action);
    assert.deepEqual(log.toSorted(), [
      'stock_count.committed',
      'stock_count.opened',
      'stock_count.recorded',
      'stock_count.recorded',
      'stock_count.recorded',
    ]);
    const again = await room.refused(409, `/v1/stock/counts/${count.id}/commit`);
    assert.equal(again.code, 'invalid_state');
    await room.refused(409, `/v1/stock/counts/${count.id}/cancel`);
    await room.refused(409, `/v1/stock/counts/${count.id}/lines`, {
      lines: [{ inventoryItemId: flour.id, quantity: '1' }],
    });
    assert.equal(await room.quantityOf(flour.id), '9.5');
    assert.deepEqual(await room.faults(), []);
  });

  test('sales between counting and commit are neither lost nor counted twice, also when the list is typed in later', async () => {
    await fresh();
    const egg = await room.item({ name: 'Egg', unit: 'piece', openingQuantity: '100' });
    const milk = await room.item({ name: 'Milk', unit: 'l', openingQuantity: '50' });
    const omelette = await room.dish(egg.id, '3');
    const latte = await room.dish(milk.id, '0.5');
    const sell = async (): Promise<void> => {
      now += 1000;
      await api.order(
        room.token,
        [omelette, latte].map((dish) => ({ menuItemId: dish.id, quantity: 1 })),
      );
    };
    await sell();
    now += 1000;
    const onPaper = new Date(now).toISOString();
    await sell();
    const count = await room.post('/v1/stock/counts');
    // 97 stood there when it was written down, 94 are left.
    await record(
      count,
      { inventoryItemId: egg.id, quantity: '90', countedAt: onPaper },
      { inventoryItemId: milk.id, quantity: '49' },
    );
    await sell();
    const done = await commit(count);
    assert.deepEqual(
      [lineOf(done, egg), lineOf(done, milk)].map((line) => [line.expectedQuantity, line.variance]),
      [
        ['97', '-7'],
        ['49', '0'],
      ],
    );
    assert.equal(await room.quantityOf(egg.id), '84');
    assert.equal(await room.quantityOf(milk.id), '48.5');
    const late = { lines: [{ inventoryItemId: egg.id, quantity: '1', countedAt: new Date(now + 1).toISOString() }] };
    const problem = await room.refused(422, '/v1/stock/counts', { ...late, commit: true });
    assert.equal(problem.errors?.[0]?.pointer, '/lines/0/countedAt');
  });

  test('a delivery that is typed in late and stood on the shelf when it was counted counts once', async () => {
    await fresh();
    const [cellar, bar] = [await room.location('Cellar'), await room.location('Bar')];
    const flour = await room.item({ name: 'Flour', locationId: cellar.id, openingQuantity: '10' });
    const loaf = await room.dish(flour.id, '1');
    const { id: supplierId } = await room.post('/v1/suppliers', { name: 'Mill' });
    const deliver = (quantity: string, receivedAt: string, locationId?: string): Promise<Json> =>
      room.post('/v1/goods-receipts', {
        supplierId,
        receivedAt,
        lines: [{ inventoryItemId: flour.id, quantity, unitPrice: 100, locationId }],
      });
    const minutes = (count: number): string => new Date(now + count * 60_000).toISOString();
    now += 600_000;
    await deliver('1', minutes(-40));
    const count = await room.post('/v1/stock/counts', { locationId: cellar.id, isBlind: false });
    // 10 and 1 are in the books; 20 came in the morning, which nobody has typed in. One is missing.
    await record(count, { inventoryItemId: flour.id, quantity: '30', countedAt: minutes(-5) });
    now += 1000;
    await deliver('20', minutes(-30));
    await deliver('7', minutes(-30), bar.id);
    await deliver('4', minutes(-2));
    await api.order(room.token, [{ menuItemId: loaf.id, quantity: 2 }]);
    const seen = lineOf(await room.get(`/v1/stock/counts/${count.id}`), flour);
    assert.deepEqual([seen.expectedQuantity, seen.variance], ['31', '-1']);
    const line = lineOf(await commit(count), flour);
    assert.deepEqual([line.expectedQuantity, line.variance], ['31', '-1']);
    assert.deepEqual(lineOf(await room.get(`/v1/stock/counts/${count.id}`), flour), line);
    // 30 stood in the cellar, 4 came and 2 left after that.
    assert.deepEqual(await room.placesOf(flour.id), { [cellar.id]: '32', [bar.id]: '7' });
    assert.deepEqual(await room.faults(), []);
  });

  test('an area is counted by itself, and what is missing there is missing there', async () => {
    await fresh();
    const [cellar, bar] = [await room.location('Cellar'), await room.location('Bar')];
    const fields = { unit: 'bottle', locationId: cellar.id, openingQuantity: '20', policy: 'forbid' };
    const [gin, rum] = [await room.item({ name: 'Gin', ...fields }), await room.item({ name: 'Rum', ...fields })];
    const beer = await room.item({ name: 'Beer', unit: 'bottle', locationId: bar.id, openingQuantity: '40' });
    const lines = [{ inventoryItemId: gin.id, quantity: '6' }];
    await room.post('/v1/stock/transfers', { fromLocationId: cellar.id, toLocationId: bar.id, lines });
    const count = await room.post('/v1/stock/counts', { locationId: bar.id, isBlind: false });
    assert.deepEqual(
      count.lines.map((line: Json) => [line.name, line.expectedQuantity]),
      [
        ['Beer', '40'],
        ['Gin', '6'],
      ],
    );
    // Found where nobody had looked for it: it joins the list.
    await record(
      count,
      { inventoryItemId: gin.id, quantity: '4' },
      { inventoryItemId: rum.id, quantity: '1' },
      { inventoryItemId: beer.id, quantity: '40' },
    );
    const done = await commit(count);
    assert.deepEqual(
      done.lines.map((line: Json) => [line.name, line.expectedQuantity, line.variance]),
      [
        ['Beer', '40', '0'],
        ['Gin', '6', '-2'],
        ['Rum', '0', '1'],
      ],
    );
    assert.deepEqual(await room.placesOf(gin.id), { [cellar.id]: '14', [bar.id]: '4' });
    assert.deepEqual(await room.placesOf(rum.id), { [cellar.id]: '20', [bar.id]: '1' });
    const everything = await room.post('/v1/stock/counts', {
      lines: [{ inventoryItemId: gin.id, quantity: '17' }],
      commit: true,
    });
    assert.deepEqual(
      everything.lines.map((line: Json) => [line.name, line.expectedQuantity, line.variance]),
      [['Gin', '18', '-1']],
    );
    assert.deepEqual(await room.faults(), []);
  });

  test('an item is on one open count at a time in each place, until that is closed', async () => {
    await fresh();
    const [cellar, bar] = [await room.location('Cellar'), await room.location('Bar')];
    const gin = await room.item({ name: 'Gin', locationId: cellar.id, openingQuantity: '20' });
    const inCellar = await room.post('/v1/stock/counts', { locationId: cellar.id });
    const inventoryItemIds = [gin.id];
    await room.post('/v1/stock/counts', { locationId: bar.id, inventoryItemIds });
    for (const body of [{}, { locationId: cellar.id }, { inventoryItemIds }]) {
      const problem = await room.refused(409, '/v1/stock/counts', body);
      assert.deepEqual([problem.code, /Gin/.test(problem.detail)], ['in_use', true]);
    }
    const cancelled = await room.post(`/v1/stock/counts/${inCellar.id}/cancel`, {}, 200);
    assert.deepEqual([cancelled.status, cancelled.lines.length], ['cancelled', 1]);
    await room.post('/v1/stock/counts', { locationId: cellar.id });
    const { data, nextCursor } = await room.get('/v1/stock/counts?limit=2');
    assert.deepEqual(
      data.map((count: Json) => count.status),
      ['open', 'open'],
    );
    const rest = await room.get(`/v1/stock/counts?limit=2&cursor=${nextCursor}`);
    assert.deepEqual(
      rest.data.map((count: Json) => [count.id, count.status]),
      [[inCellar.id, 'cancelled']],
    );
  });

  test('a commit that would leave less than nothing of an item books nothing and says which', async () => {
    await fresh();
    const [rice, oil] = await Promise.all([
      room.item({ name: 'Rice', policy: 'forbid', openingQuantity: '10' }),
      room.item({ name: 'Oil', openingQuantity: '10' }),
    ]);
    const bowl = await room.dish(rice.id, '1');
    const count = await room.post('/v1/stock/counts');
    await record(count, { inventoryItemId: rice.id, quantity: '2' }, { inventoryItemId: oil.id, quantity: '5' });
    now += 1000;
    await api.order(room.token, [{ menuItemId: bowl.id, quantity: 3 }]);
    const problem = await room.refused(409, `/v1/stock/counts/${count.id}/commit`);
    assert.equal(problem.code, 'insufficient_stock');
    assert.match(problem.detail, /Count again: Rice\.$/);
    assert.deepEqual([await room.quantityOf(rice.id), await room.quantityOf(oil.id)], ['7', '10']);
    await record(count, { inventoryItemId: rice.id, quantity: '1' });
    const done = await commit(count);
    assert.deepEqual([lineOf(done, rice).expectedQuantity, await room.quantityOf(rice.id)], ['7', '1']);
    assert.equal(await room.quantityOf(oil.id), '5');
  });

  test('bad counts are refused with their place, and leave nothing behind', async () => {
    await fresh();
    const tea = await room.item({ name: 'Tea', openingQuantity: '1' });
    const line = { inventoryItemId: tea.id, quantity: '1' };
    for (const [status, pointer, body] of [
      [404, '/locationId', { locationId: randomUUID() }],
      [404, '/inventoryItemIds/1', { inventoryItemIds: [tea.id, randomUUID()] }],
      [404, '/lines/0/inventoryItemId', { lines: [{ ...line, inventoryItemId: randomUUID() }] }],
      [422, '/inventoryItemIds', { inventoryItemIds: [] }],
      [422, '/lines', { commit: true }],
      [422, '/lines', { commit: true, lines: [] }],
      [422, '/lines/1/inventoryItemId', { lines: [line, line] }],
      [422, '/lines/0/quantity', { lines: [{ ...line, quantity: '-1' }] }],
      [422, '/lines/0/quantity', { lines: [{ ...line, quantity: 0.5 }] }],
      [422, '/lines/0/unit', { lines: [{ ...line, unit: 'cup of' }] }],
      [422, '/isBlind', { isBlind: 'yes' }],
      [422, '/lines/0/countedAt', { lines: [{ ...line, countedAt: 'noon' }] }],
    ] as const)
      assert.equal((await room.refused(status, '/v1/stock/counts', body)).errors?.[0]?.pointer, pointer, pointer);
    assert.deepEqual((await room.get('/v1/stock/counts')).data, []);
    const count = await room.post('/v1/stock/counts');
    assert.equal((await room.refused(409, `/v1/stock/counts/${count.id}/commit`)).code, 'invalid_state');
    await room.refused(422, `/v1/stock/counts/${count.id}/lines`, { lines: [] });
    await room.refused(404, `/v1/stock/counts/${randomUUID()}/commit`);
    assert.equal(await room.quantityOf(tea.id), '1');
  });

  test('the kitchen may count and waste, and not who has only orders to take', async () => {
    await fresh();
    const tea = await room.item({ name: 'Tea', openingQuantity: '1' });
    const keyFor = async (scopes: string[]): Promise<string> =>
      (await room.post('/v1/api-keys', { name: 'key', scopes })).secret;
    const [counter, reader] = [await keyFor(['stock:write']), await keyFor(['inventory:read'])];
    const count = await api.post('/v1/stock/counts', {}, { token: counter });
    assert.equal(count.status, 201);
    expectProblem(403, await api.post('/v1/stock/counts', {}, { token: reader }));
    const waste = { reason: 'expired', lines: [{ inventoryItemId: tea.id, quantity: '1' }] };
    expectProblem(403, await api.post('/v1/stock/waste', waste, { token: reader }));
    expectProblem(403, await api.get('/v1/stock', { token: counter }));
    assert.equal((await api.get(`/v1/stock/counts/${count.body.id}`, { token: reader })).status, 200);
  });
});
