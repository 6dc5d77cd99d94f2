/** Current and past stock, waste, transfers and production, and whether the ledger agrees. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { StockRoom } from '../support/stockRoom.js';

const START = Date.parse('2026-03-02T12:00:00.000Z');

describe('stock taking', () => {
  let api: TestApi;
  let room: StockRoom;
  let now = START;
  before(async () => {
    api = await startApi({ clock: () => new Date(now) });
    room = await StockRoom.open(api);
  });
  after(() => api.close());

  const at = (offsetMs: number) => new Date(START + offsetMs).toISOString();

  test('stock as of an instant is what the ledger had come to, with the whole of its millisecond', async () => {
    const shop = await StockRoom.open(api);
    const flour = await shop.item({ name: 'Flour', openingQuantity: '10', unitCost: '200' });
    const bread = await shop.dish(flour.id, '0.5');
    const quantityAt = async (offsetMs: number): Promise<string> =>
      (await shop.get(`/v1/stock?asOf=${at(offsetMs)}`)).data[0].quantity;
    now = START + 1000;
    const order = await api.order(shop.token, [{ menuItemId: bread.id, quantity: 2 }]);
    await api.order(shop.token, [{ menuItemId: bread.id, quantity: 1 }]);
    now = START + 5000;
    await api.post(`/v1/orders/${order.id}/cancel`, {}, { token: shop.token });
    assert.equal(await quantityAt(-1), '0');
    assert.equal(await quantityAt(0), '10');
    assert.equal(await quantityAt(999), '10');
    // Two sales of one millisecond are both in, or both not.
    assert.equal(await quantityAt(1000), '8.5');
    assert.equal(await quantityAt(4999), '8.5');
    assert.equal(await quantityAt(5000), '9.5');
    const { data } = await shop.get('/v1/stock');
    assert.deepEqual(
      [data[0].quantity, data[0].unitCost, data[0].value, data[0].currency],
      ['9.5', '200', 1900, 'EUR'],
    );
    const future = expectProblem(422, await api.get(`/v1/stock?asOf=${at(5001)}`, { token: shop.token }));
    assert.equal(future.errors?.[0]?.pointer, '?asOf');
    expectProblem(422, await api.get('/v1/stock?asOf=yesterday', { token: shop.token }));
  });

  test('a deleted item is in the stock of the time when it was there, and pages follow on each other', async () => {
    const shop = await StockRoom.open(api);
    now = START;
    const [salt, ...others] = await Promise.all(
      ['Salt', 'Pepper', 'Sugar'].map((name) => shop.item({ name, openingQuantity: '1' })),
    );
    now = START + 10;
    const gone = { inventoryItemId: salt?.id, kind: 'correction', quantity: '-1', reason: 'gone' };
    await shop.post('/v1/stock/movements', gone);
    assert.equal((await api.delete(`/v1/inventory-items/${salt?.id}`, undefined, { token: shop.token })).status, 204);
    const readAll = async (query: string): Promise<string[]> => {
      const names: string[] = [];
      for (let cursor = ''; ; ) {
        const page = await shop.get(`/v1/stock?limit=1${query}${cursor}`);
        names.push(...page.data.map((item: Json) => `${item.name} ${item.quantity}`));
        if (page.nextCursor === null) return names.toSorted();
        cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
      }
    };
    assert.equal(others.length, 2);
    assert.deepEqual(await readAll(''), ['Pepper 1', 'Sugar 1']);
    assert.deepEqual(await readAll(`&asOf=${at(9)}`), ['Pepper 1', 'Salt 1', 'Sugar 1']);
    const { nextCursor } = await shop.get('/v1/stock?limit=1');
    expectProblem(422, await api.get(`/v1/stock?asOf=${at(9)}&cursor=${nextCursor}`, { token: shop.token }));
  });

  test('waste takes items in their units, dishes and preparations by their recipes, in one posting', async () => {
    const shop = await StockRoom.open(api);
    const beef = await shop.item({ name: 'Beef', openingQuantity: '10', unitCost: '1250' });
    const bones = await shop.item({ name: 'Bones', openingQuantity: '10', unitCost: '100.5' });
    const burger = await shop.dish(beef.id, '0.2');
    const lines = [{ inventoryItemId: bones.id, quantity: '2' }];
    const jus = await shop.post('/v1/recipes', { name: 'Jus', yield: '4', yieldUnit: 'l', lines });
    const entry = await shop.post('/v1/stock/waste', {
      reason: 'dropped',
      note: 'the tray slipped',
      lines: [
        { inventoryItemId: beef.id, quantity: '300', unit: 'g' },
        { menuItemId: burger.id, quantity: '2' },
        { recipeId: jus.id, quantity: '500', unit: 'ml' },
      ],
    });
    assert.deepEqual(
      entry.lines.map((line: Json) => [line.name, line.quantity, line.unitCost, line.value]),
      [
        ['Beef', '0.7', '1250', 875],
        ['Bones', '0.25', '100.5', 25],
      ],
    );
    assert.deepEqual([entry.value, entry.reason, entry.note], [900, 'dropped', 'the tray slipped']);
    assert.equal(await shop.quantityOf(beef.id), '9.3');
    assert.equal(await shop.quantityOf(bones.id), '9.75');
    const [movement] = (await shop.get(`/v1/stock/movements?inventoryItemId=${beef.id}`)).data;
    assert.deepEqual([movement.kind, movement.reason], ['waste', 'dropped: the tray slipped']);
    assert.deepEqual(movement.source, { kind: 'waste', id: entry.id, version: 1 });
    const log = (await shop.get(`/v1/audit-log?subjectId=${entry.id}`)).data;
    assert.deepEqual(
      log.map((one: Json) => one.action),
      ['stock.wasted'],
    );
  });

  test('waste of a dish that is sold in sizes says which of them was thrown away', async () => {
    const shop = await StockRoom.open(api);
    const dough = await shop.item({ name: 'Dough', openingQuantity: '10' });
    const variants = ['Small', 'Large'].map((name) => ({ name, price: 900 }));
    const pizza = await api.item(shop.token, { name: 'Pizza', variants });
    const lines = [{ inventoryItemId: dough.id, quantity: '0.3' }];
    await shop.post('/v1/recipes', { menuItemId: pizza.id, lines });
    const waste = (line: Json): Json => ({
      reason: 'dropped',
      lines: [{ menuItemId: pizza.id, quantity: '1', ...line }],
    });
    const problem = expectProblem(422, await api.post('/v1/stock/waste', waste({}), { token: shop.token }));
    assert.deepEqual(problem.errors, [
      {
        pointer: '/lines/0/variantId',
        message: 'Pizza is sold in sizes that use different quantities. Name one of Small, Large.',
      },
    ]);
    const entry = await shop.post('/v1/stock/waste', waste({ variantId: pizza.variants[1].id }));
    assert.equal(entry.lines[0].quantity, '0.3');
  });

  test('waste that asks for more than there is, or for what is not there, takes nothing and says which line', async () => {
    const rice = await room.item({ name: 'Rice', policy: 'forbid', openingQuantity: '1' });
    const oil = await room.item({ name: 'Oil', unit: 'l', openingQuantity: '5' });
    const bowl = await room.dish(rice.id, '0.4');
    const bare = await api.item(room.token);
    const waste = (...lines: Json[]): Json => ({ reason: 'spoiled', lines });
    const oilLine = { inventoryItemId: oil.id, quantity: '1' };
    const short = await room.refused(409, '/v1/stock/waste', waste(oilLine, { menuItemId: bowl.id, quantity: 3 }));
    assert.equal(short.code, 'insufficient_stock');
    assert.deepEqual(short.errors, [{ pointer: '/lines/1', message: 'Rice: 1.2 kg wanted, 1 kg left.' }]);
    for (const [status, pointer, line] of [
      [404, '/lines/1/menuItemId', { menuItemId: randomUUID(), quantity: '1' }],
      [404, '/lines/1/inventoryItemId', { inventoryItemId: randomUUID(), quantity: '1' }],
      [404, '/lines/1/recipeId', { recipeId: randomUUID(), quantity: '1' }],
      [404, '/lines/1/variantId', { menuItemId: bowl.id, variantId: randomUUID(), quantity: '1' }],
      [422, '/lines/1/menuItemId', { menuItemId: bare.id, quantity: '1' }],
      [422, '/lines/1/unit', { menuItemId: bowl.id, quantity: '1', unit: 'kg' }],
      [422, '/lines/1/unit', { ...oilLine, unit: 'bucket' }],
      [422, '/lines/1', { ...oilLine, menuItemId: bowl.id }],
      [422, '/lines/1', { quantity: '1' }],
      [422, '/lines/1/quantity', { ...oilLine, quantity: '0' }],
      [422, '/lines/1/quantity', { ...oilLine, quantity: '-1' }],
      [422, '/lines/1/quantity', { ...oilLine, quantity: '1e3' }],
    ] as const)
      assert.equal((await room.refused(status, '/v1/stock/waste', waste(oilLine, line))).errors?.[0]?.pointer, pointer);
    await room.refused(422, '/v1/stock/waste', { reason: 'bored', lines: [oilLine] });
    await room.refused(422, '/v1/stock/waste', waste());
    assert.equal(await room.quantityOf(oil.id), '5');
    assert.equal(await room.quantityOf(rice.id), '1');
  });

  test('a transfer leaves the total alone, whichever side is the item’s own location', async () => {
    const [cellar, bar, shelf] = await Promise.all(['Cellar', 'Bar', 'Shelf'].map((name) => room.location(name)));
    const wine = await room.item({
      name: 'Wine',
      unit: 'bottle',
      units: [{ unit: 'case', numerator: 6 }],
      policy: 'forbid',
      locationId: cellar?.id,
      openingQuantity: '24',
      unitCost: '900',
    });
    const move = (from: Json, to: Json, quantity: string, unit?: string) => ({
      fromLocationId: from?.id,
      toLocationId: to?.id,
      lines: [{ inventoryItemId: wine.id, quantity, unit }],
    });
    const made = await room.post('/v1/stock/transfers', move(cellar, bar, '2', 'case'));
    assert.deepEqual(
      made.lines.map((line: Json) => [line.quantity, line.locationId, line.value]),
      [['12', bar?.id, 10_800]],
    );
    await room.post('/v1/stock/transfers', move(bar, shelf, '5'));
    await room.post('/v1/stock/transfers', move(shelf, cellar, '1'));
    const places = { [cellar?.id]: '13', [bar?.id]: '7', [shelf?.id]: '4' };
    assert.deepEqual(await room.placesOf(wine.id), places);
    assert.equal(await room.quantityOf(wine.id), '24');
    assert.deepEqual(await room.placesOf(wine.id, `&locationId=${bar?.id}`), { [bar?.id]: '7' });
    const short = await room.refused(409, '/v1/stock/transfers', move(bar, cellar, '8'));
    assert.deepEqual(short.errors, [{ pointer: '/lines/0', message: 'Wine: 8 bottle wanted, 7 bottle left.' }]);
    expectProblem(409, await api.post('/v1/stock/transfers', move(cellar, bar, '14'), { token: room.token }));
    const waste = { reason: 'dropped', locationId: shelf?.id, lines: [{ inventoryItemId: wine.id, quantity: '5' }] };
    await room.refused(409, '/v1/stock/waste', waste);
    // Another own location: everything stays where it is.
    const headers = { 'if-match': '"1"' };
    const patch = { locationId: bar?.id };
    assert.equal(
      (await api.patch(`/v1/inventory-items/${wine.id}`, patch, { token: room.token, headers })).status,
      200,
    );
    assert.deepEqual(await room.placesOf(wine.id), places);
    assert.deepEqual(await room.faults(), []);
    for (const [status, pointer, body] of [
      [422, '/toLocationId', move(bar, bar, '1')],
      [404, '/fromLocationId', move({ id: randomUUID() }, bar, '1')],
      [404, '/toLocationId', move(bar, { id: randomUUID() }, '1')],
      [
        404,
        '/lines/0/inventoryItemId',
        { ...move(bar, shelf, '1'), lines: [{ inventoryItemId: randomUUID(), quantity: '1' }] },
      ],
      [
        422,
        '/lines/1/inventoryItemId',
        { ...move(bar, shelf, '1'), lines: [1, 2].map((quantity) => ({ inventoryItemId: wine.id, quantity })) },
      ],
      [422, '/lines', { ...move(bar, shelf, '1'), lines: [] }],
    ] as const)
      assert.equal((await room.refused(status, '/v1/stock/transfers', body)).errors?.[0]?.pointer, pointer);
    assert.deepEqual(await room.placesOf(wine.id), places);
  });

  test('an item that is given a location takes along what stood at none, and so does its ledger', async () => {
    const shop = await StockRoom.open(api);
    const shelf = await shop.location('Shelf');
    const tea = await shop.item({ name: 'Tea', openingQuantity: '3' });
    assert.deepEqual(await shop.placesOf(tea.id), { none: '3' });
    const before = new Date(now).toISOString();
    now += 1000;
    const edit = async (version: string, locationId: string | null) =>
      api.patch(
        `/v1/inventory-items/${tea.id}`,
        { locationId },
        { token: shop.token, headers: { 'if-match': version } },
      );
    assert.equal((await edit('"1"', shelf.id)).status, 200);
    assert.deepEqual(await shop.placesOf(tea.id), { [shelf.id]: '3' });
    assert.deepEqual(await shop.placesOf(tea.id, `&asOf=${before}`), { none: '3' });
    assert.equal((await edit('"2"', null)).status, 200);
    await shop.post('/v1/stock/movements', { inventoryItemId: tea.id, kind: 'receipt', quantity: '1' });
    assert.deepEqual(await shop.placesOf(tea.id), { [shelf.id]: '3', none: '1' });
    assert.equal((await edit('"3"', shelf.id)).status, 200);
    assert.deepEqual(await shop.placesOf(tea.id), { [shelf.id]: '4' });
    assert.equal(await shop.quantityOf(tea.id), '4');
    assert.deepEqual(await shop.faults(), []);
  });

  test('a batch takes what goes into it and comes out at what that cost', async () => {
    const shop = await StockRoom.open(api);
    const tomato = await shop.item({ name: 'Tomato', openingQuantity: '10', unitCost: '301' });
    const oil = await shop.item({ name: 'Oil', unit: 'l', openingQuantity: '1', unitCost: '1000', policy: 'forbid' });
    const sauce = await shop.item({ name: 'Sauce', unit: 'l', openingQuantity: '1', unitCost: '100' });
    const lines = [
      { inventoryItemId: tomato.id, quantity: '2' },
      { inventoryItemId: oil.id, quantity: '0.1' },
    ];
    const recipe = await shop.post('/v1/recipes', {
      name: 'Sauce',
      yield: '3',
      yieldUnit: 'l',
      outputItemId: sauce.id,
      lines,
    });
    const made = await shop.post('/v1/stock/preps', { recipeId: recipe.id, quantity: '6000', unit: 'ml' });
    // 4 kg at 301 and 0.2 l at 1000 make 6 l: 1404 / 6.
    assert.deepEqual([made.output.quantity, made.output.unitCost, made.value], ['6', '234', 1404]);
    assert.deepEqual(
      made.consumed.map((line: Json) => [line.name, line.quantity]),
      [
        ['Oil', '0.2'],
        ['Tomato', '4'],
      ],
    );
    const item = await shop.get(`/v1/inventory-items/${sauce.id}`);
    // 1 l at 100 and 6 l at 234.
    assert.deepEqual([item.currentQuantity, item.unitCost], ['7', '214.857143']);
    assert.equal(await shop.quantityOf(tomato.id), '6');
    const third = await shop.post('/v1/stock/preps', { recipeId: recipe.id, quantity: '0.1' });
    // 0.066667 kg and 0.003333 l, as the ledger takes them.
    assert.deepEqual([third.output.unitCost, third.output.quantity], ['233.99767', '0.1']);
    const short = expectProblem(
      409,
      await api.post('/v1/stock/preps', { recipeId: recipe.id, quantity: '60' }, { token: shop.token }),
    );
    assert.match(short.errors?.[0]?.message ?? '', /^Oil: 2 l wanted, 0\.\d+ l left\.$/);
    const loose = await shop.post('/v1/recipes', { name: 'Loose', lines });
    for (const [status, pointer, body] of [
      [422, '/recipeId', { recipeId: loose.id, quantity: '1' }],
      [404, '/recipeId', { recipeId: randomUUID(), quantity: '1' }],
      [422, '/unit', { recipeId: recipe.id, quantity: '1', unit: 'kg' }],
      [422, '/quantity', { recipeId: recipe.id, quantity: '0' }],
    ] as const) {
      const problem = expectProblem(status, await api.post('/v1/stock/preps', body, { token: shop.token }));
      assert.equal(problem.errors?.[0]?.pointer, pointer);
    }
    assert.deepEqual(await shop.faults(), []);
  });

  test('the audit names an item whose books were tampered with, and what is wrong with it', async () => {
    const shop = await StockRoom.open(api);
    const [cellar, bar] = [await shop.location('Cellar'), await shop.location('Bar')];
    const fields = { openingQuantity: '5', locationId: cellar.id };
    const [gin, rum, gum] = await Promise.all(['Gin', 'Rum', 'Gum'].map((name) => shop.item({ ...fields, name })));
    assert.deepEqual(await shop.get('/v1/stock/audit'), { checked: 3, faults: [] });
    await withClient(api.database.ownerUrl, async (owner) => {
      const { rows } = await owner.query<{ restaurant: string }>(
        `select set_config('app.restaurant_id', restaurant_id::text, false), restaurant_id as restaurant from inventory_items where id = $1`,
        [gin?.id],
      );
      await owner.query('update inventory_items set current_quantity = 7 where id = $1', [gin?.id]);
      await owner.query('insert into stock_levels values ($1, $2, $3, 2)', [rows[0]?.restaurant, rum?.id, bar.id]);
      await owner.query('alter table stock_movements disable trigger stock_movements_append_only');
      await owner.query('update stock_movements set quantity = 4 where inventory_item_id = $1', [gum?.id]);
      await owner.query('alter table stock_movements enable trigger stock_movements_append_only');
    });
    const { checked, faults } = await shop.get('/v1/stock/audit');
    assert.equal(checked, 3);
    assert.deepEqual(
      faults
        .map(({ name, fault, expected, found, locationId }: Json) => [name, fault, expected, found, locationId])
        .toSorted(),
      [
        ['Gin', 'quantity', '5', '7', null],
        ['Gum', 'quantity', '4', '5', null],
        ['Rum', 'location', '0', '2', bar.id],
      ],
    );
  });
});
