/** Orders and the store room: what a sale takes, what a void gives back, and when it is refused. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

describe('stock', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi();
    ({ token } = await api.restaurant());
  });
  after(() => api.close());

  const { get, post, ingredient, recipe, quantityOf, ledgerOf } = new Factories(() => ({ api, token }));

  const eventsOf = (id: string): Promise<string[]> =>
    withClient(api.database.ownerUrl, async (owner) => {
      const { rows } = await owner.query<{ type: string }>(
        'select type from events where subject_id = $1 order by seq',
        [id],
      );
      return rows.map((row) => row.type);
    });

  test('a sale takes what the recipe says, in one movement an item, and each change gives back exactly its part', async () => {
    const beef = await ingredient({ name: 'Beef', openingQuantity: '10', unitCost: '1250' });
    const bun = await ingredient({
      name: 'Bun',
      unit: 'piece',
      openingQuantity: '100',
      units: [{ unit: 'bag', numerator: 6 }],
    });
    const onion = await ingredient({ name: 'Onion', openingQuantity: '5' });
    const group = await post('/v1/modifier-groups', {
      name: 'Extras',
      maxSelections: 5,
      modifiers: [
        { name: 'No onion', price: 0, maxQuantity: 2 },
        { name: 'Double beef', price: 300 },
      ],
    });
    const [noOnion, doubleBeef] = group.modifiers;
    const burger = await api.item(token, { modifierGroupIds: [group.id] });
    await recipe({
      menuItemId: burger.id,
      lines: [
        { inventoryItemId: beef.id, quantity: '180', unit: 'g', wastePercent: 10 },
        { inventoryItemId: bun.id, quantity: '1' },
        { inventoryItemId: onion.id, quantity: '20', unit: 'g' },
      ],
    });
    await recipe({
      modifierId: noOnion.id,
      lines: [{ inventoryItemId: onion.id, quantity: '-20', unit: 'g' }],
    });
    await recipe({
      modifierId: doubleBeef.id,
      lines: [{ inventoryItemId: beef.id, quantity: '180', unit: 'g' }],
    });

    const order = await api.order(token, [
      { menuItemId: burger.id, quantity: 3 },
      {
        menuItemId: burger.id,
        quantity: 1,
        modifiers: [{ modifierId: noOnion.id, quantity: 2 }, { modifierId: doubleBeef.id }],
      },
    ]);
    // 4 x 0.2 kg with the waste, and 0.18 kg more; onion for three only.
    assert.equal(await quantityOf(beef.id), '9.02');
    assert.equal(await quantityOf(bun.id), '96');
    assert.equal(await quantityOf(onion.id), '4.94');
    const [sale, opening, ...none] = await ledgerOf(beef.id);
    assert.deepEqual(none, []);
    assert.deepEqual([sale.kind, sale.quantity, sale.unitCost, sale.source.id], ['sale', '-0.98', '1250', order.id]);
    assert.deepEqual([opening.kind, opening.quantity, opening.reason], ['correction', '10', 'Opening stock']);

    // The recipe changes after the sale: what was taken comes back, and no more.
    const [stored] = (await api.get('/v1/recipes', { token })).body.data;
    const lines = stored.lines.map((line: Json) => ({ ...line, quantity: '999' }));
    expectStatus(
      200,
      await api.patch(`/v1/recipes/${stored.id}`, { lines }, { token, headers: { 'if-match': '"1"' } }),
    );
    const [first, second] = order.lines;
    expectStatus(200, await api.patch(`/v1/orders/${order.id}/lines/${first.id}`, { quantity: 1 }, { token }));
    assert.equal(await quantityOf(beef.id), '9.42');
    expectStatus(200, await api.delete(`/v1/orders/${order.id}/lines/${second.id}`, undefined, { token }));
    assert.equal(await quantityOf(beef.id), '9.8');
    expectStatus(200, await api.post(`/v1/orders/${order.id}/cancel`, {}, { token }));
    expectProblem(409, await api.post(`/v1/orders/${order.id}/cancel`, {}, { token }));
    for (const [item, opened] of [
      [beef, '10'],
      [bun, '100'],
      [onion, '5'],
    ] as const)
      assert.equal(await quantityOf(item.id), opened);
    assert.ok((await ledgerOf(beef.id)).slice(0, 3).every(({ kind }) => kind === 'void'));
  });

  test('an order that asks for more than there is is refused whole, and each short line is named', async () => {
    const rice = await ingredient({ name: 'Rice', policy: 'forbid', openingQuantity: '1' });
    const oil = await ingredient({ name: 'Oil', unit: 'l', policy: 'allow_negative' });
    const bowl = await api.item(token);
    const soup = await api.item(token);
    const lines = [
      { inventoryItemId: rice.id, quantity: '0.3' },
      { inventoryItemId: oil.id, quantity: '10', unit: 'ml' },
    ];
    await recipe({ menuItemId: bowl.id, lines });
    await recipe({ menuItemId: soup.id, lines: lines.slice(1) });
    const request = {
      type: 'takeaway',
      lines: [
        { menuItemId: soup.id, quantity: 1 },
        { menuItemId: bowl.id, quantity: 2 },
        { menuItemId: bowl.id, quantity: 2 },
      ],
    };
    for (const path of ['/v1/orders/preview', '/v1/orders']) {
      const problem = expectProblem(409, await api.post(path, request, { token }));
      assert.equal(problem.code, 'insufficient_stock');
      const message = 'Rice: 1.2 kg wanted, 1 kg left.';
      assert.deepEqual(problem.errors, [
        { pointer: '/lines/1', message },
        { pointer: '/lines/2', message },
      ]);
    }
    assert.equal(await quantityOf(rice.id), '1');
    assert.equal(await quantityOf(oil.id), '0');
    await api.order(token, [{ menuItemId: bowl.id, quantity: 3 }]);
    assert.equal(await quantityOf(rice.id), '0.1');
    assert.equal(await quantityOf(oil.id), '-0.03');
  });

  test('a dish leaves the menu while a portion of it cannot be made, and comes back with the stock', async () => {
    const egg = await ingredient({ name: 'Egg', unit: 'piece', policy: 'auto_86', openingQuantity: '5' });
    const omelette = await api.item(token);
    await recipe({ menuItemId: omelette.id, lines: [{ inventoryItemId: egg.id, quantity: '3' }] });
    const onMenu = async (): Promise<Json> => {
      const { categories } = await get('/v1/menu');
      return categories.flatMap((category: Json) => category.items).find((item: Json) => item.id === omelette.id);
    };
    assert.equal((await onMenu()).isAvailable, true);
    const order = await api.order(token, [{ menuItemId: omelette.id, quantity: 1 }]);
    const gone = await onMenu();
    assert.deepEqual([gone.isAvailable, gone.unavailableReason], [false, 'sold_out']);
    const refused = expectProblem(
      409,
      await api.post('/v1/orders', { type: 'takeaway', lines: [{ menuItemId: omelette.id, quantity: 1 }] }, { token }),
    );
    assert.equal(refused.code, 'item_unavailable');
    const receipt = { inventoryItemId: egg.id, kind: 'receipt', quantity: '1', unit: 'dozen', unitCost: '20' };
    await post('/v1/stock/movements', receipt);
    assert.equal((await onMenu()).isAvailable, true);
    const take = { inventoryItemId: egg.id, kind: 'waste', quantity: '12', reason: 'Dropped' };
    await post('/v1/stock/movements', take);
    assert.equal((await onMenu()).isAvailable, false);
    expectStatus(200, await api.post(`/v1/orders/${order.id}/cancel`, {}, { token }));
    assert.equal((await onMenu()).isAvailable, true);
  });

  test('tells once that an item has become low, when it falls below its line and not when it reaches it', async () => {
    const milk = await ingredient({ name: 'Milk', unit: 'l', openingQuantity: '3', reorderPoint: '2' });
    const latte = await api.item(token);
    await recipe({ menuItemId: latte.id, lines: [{ inventoryItemId: milk.id, quantity: '0.5' }] });
    const lowIds = async (): Promise<string[]> =>
      (await api.get('/v1/stock/low?limit=100', { token })).body.data.map((item: Json) => item.id);
    for (const [quantity, isLow] of [
      ['2.5', false],
      ['2', false],
      ['1.5', true],
      ['1', true],
    ] as const) {
      await api.order(token, [{ menuItemId: latte.id, quantity: 1 }]);
      assert.equal(await quantityOf(milk.id), quantity);
      assert.equal((await lowIds()).includes(milk.id), isLow, quantity);
    }
    assert.deepEqual(await eventsOf(milk.id), ['inventory_item.created', 'stock.low']);
  });

  test('tells that an item has become low when its line is raised above it, once for each time, and lists it no more when it is lowered', async () => {
    const rum = await ingredient({ name: 'Rum', unit: 'l', openingQuantity: '3', reorderPoint: '2' });
    const path = `/v1/inventory-items/${rum.id}`;
    const setLevels = async (fields: Json, version: number): Promise<Json> =>
      expectStatus(200, await api.patch(path, fields, { token, headers: { 'if-match': `"${version}"` } }));
    for (const [version, reorderPoint, isLow] of [
      [1, '3', false],
      [2, '3.5', true],
      [3, '4', true],
      [4, '2', false],
      [5, '9', true],
    ] as const)
      assert.equal((await setLevels({ reorderPoint }, version)).isLow, isLow, reorderPoint);
    await setLevels({ name: 'Dark rum' }, 6);
    const told = (await eventsOf(rum.id)).filter((type) => type === 'stock.low');
    assert.equal(told.length, 2);
  });

  test('who sets a cost without having seen what a delivery made of it is refused; sales stand in nobody’s way', async () => {
    const oil = await ingredient({ name: 'Olive oil', unit: 'l', openingQuantity: '10', unitCost: '100' });
    const path = `/v1/inventory-items/${oil.id}`;
    const change = (fields: Json, version: number) =>
      api.patch(path, fields, { token, headers: { 'if-match': `"${version}"` } });
    const dish = await api.item(token);
    await recipe({ menuItemId: dish.id, lines: [{ inventoryItemId: oil.id, quantity: '1' }] });
    await api.order(token, [{ menuItemId: dish.id, quantity: 1 }]);
    await post('/v1/stock/movements', { inventoryItemId: oil.id, kind: 'receipt', quantity: '1', unitCost: '100' });
    expectStatus(200, await change({ unitCost: '110' }, 1));
    await post('/v1/stock/movements', { inventoryItemId: oil.id, kind: 'receipt', quantity: '10', unitCost: '130' });
    expectProblem(412, await change({ unitCost: '111' }, 2));
    const now = expectStatus(200, await api.get(path, { token }));
    assert.deepEqual([now.unitCost, now.version], ['120', 3]);
    expectStatus(200, await change({ unitCost: '121' }, now.version));
  });

  test('items and suppliers are found by a part of their names, page by page', async () => {
    const own = await api.restaurant();
    const call = { token: own.token };
    for (const [path, fields] of [
      ['/v1/inventory-items', { unit: 'kg' }],
      ['/v1/suppliers', {}],
    ] as const) {
      for (const name of ['Crème fraîche', 'Ice cream 100%', 'CREAM_cheese', 'Butter'])
        expectStatus(201, await api.post(path, { name, ...fields }, call));
      const find = async (query: string): Promise<Json> =>
        expectStatus(200, await api.get(`${path}?${new URLSearchParams(query).toString()}`, call));
      const namesOf = ({ data }: Json): string[] => data.map(({ name }: Json) => name);
      assert.deepEqual(namesOf(await find('q=Cream')), ['Ice cream 100%', 'CREAM_cheese']);
      assert.deepEqual(namesOf(await find('q=CRÈME')), ['Crème fraîche']);
      assert.deepEqual(namesOf(await find('q=0%25')), ['Ice cream 100%'], 'a percent sign is one');
      assert.deepEqual(namesOf(await find('q=m_c')), ['CREAM_cheese'], 'and so is a line below');
      assert.deepEqual(namesOf(await find('q=nothing of it')), []);
      const first = await find('q=cream&limit=1');
      assert.deepEqual(namesOf(await find(`q=cream&limit=1&cursor=${first.nextCursor}`)), ['CREAM_cheese']);
      expectProblem(422, await api.get(`${path}?q=butter&limit=1&cursor=${first.nextCursor}`, call));
      expectProblem(422, await api.get(`${path}?q=`, call));
    }
    expectProblem(422, await api.get('/v1/recipes?q=soup', call));
  });

  test('refuses a par level below the reorder point, on whichever side of an edit it comes about', async () => {
    const gin = await ingredient({ name: 'Gin', unit: 'l', reorderPoint: '2', parLevel: '2' });
    const path = `/v1/inventory-items/${gin.id}`;
    const headers = { 'if-match': '"1"' };
    for (const fields of [{ parLevel: '1.999999' }, { reorderPoint: '2.000001' }]) {
      const problem = expectProblem(422, await api.patch(path, fields, { token, headers }));
      assert.equal(problem.errors?.[0]?.pointer, '/parLevel');
    }
    const twisted = { name: 'Twisted', unit: 'l', reorderPoint: '10', parLevel: '9' };
    const problem = expectProblem(422, await api.post('/v1/inventory-items', twisted, { token }));
    assert.match(problem.errors?.[0]?.message ?? '', /par level 9 is below the reorder point 10/);
    expectStatus(200, await api.patch(path, { parLevel: null }, { token, headers }));
  });

  test('refuses what cannot be counted, with the place and what to do, and stores nothing of it', async () => {
    const flour = await ingredient({ name: 'Flour', policy: 'forbid', openingQuantity: '1' });
    const cases: [path: string, body: Json, status: number, pointer: string | undefined][] = [
      ['/v1/inventory-items', { name: 'flour', unit: 'kg' }, 409, '/name'],
      ['/v1/inventory-items', { name: 'X', unit: 'kg', openingQuantity: '1.0000001' }, 422, '/openingQuantity'],
      ['/v1/inventory-items', { name: 'X', unit: 'kg', openingQuantity: 0.1 }, 422, '/openingQuantity'],
      ['/v1/inventory-items', { name: 'X', unit: 'kg', openingQuantity: '-1' }, 422, '/openingQuantity'],
      [
        '/v1/inventory-items',
        { name: 'X', unit: 'kg', units: [{ unit: 'g', numerator: 1, denominator: 999 }] },
        422,
        '/units/0/unit',
      ],
      [
        '/v1/recipes',
        { name: 'X', lines: [{ inventoryItemId: flour.id, quantity: '1', unit: 'l' }] },
        422,
        '/lines/0/unit',
      ],
      ['/v1/recipes', { name: 'X', lines: [{ quantity: '1' }] }, 422, '/lines/0'],
      ...[100, '100', -1, '5.12345', 'ten'].map((wastePercent): [string, object, number, string] => [
        '/v1/recipes',
        { name: 'X', lines: [{ inventoryItemId: flour.id, quantity: '1', wastePercent }] },
        422,
        '/lines/0/wastePercent',
      ]),
      ['/v1/recipes', { name: 'X', lines: [{ inventoryItemId: flour.id, quantity: '-1' }] }, 422, '/lines/0/quantity'],
      ['/v1/recipes', { lines: [{ inventoryItemId: flour.id, quantity: '1' }] }, 422, '/name'],
      ['/v1/stock/movements', { inventoryItemId: flour.id, kind: 'waste', quantity: '1' }, 422, '/reason'],
      ['/v1/stock/movements', { inventoryItemId: flour.id, kind: 'receipt', quantity: '-1' }, 422, '/quantity'],
      ['/v1/stock/movements', { inventoryItemId: flour.id, kind: 'sale', quantity: '1' }, 422, '/kind'],
      [
        '/v1/stock/movements',
        { inventoryItemId: flour.id, kind: 'receipt', quantity: '0.0001', unit: 'mg' },
        422,
        '/quantity',
      ],
      ['/v1/stock/movements', { inventoryItemId: flour.id, kind: 'receipt', quantity: '999999999999' }, 422, undefined],
      [
        '/v1/stock/movements',
        { inventoryItemId: flour.id, kind: 'waste', quantity: '1.000001', reason: 'lost' },
        409,
        undefined,
      ],
    ];
    for (const [path, body, status, pointer] of cases) {
      const what = JSON.stringify(body);
      const problem = expectProblem(status, await api.post(path, body, { token }), what);
      assert.equal(problem.errors?.[0]?.pointer, pointer, what);
    }
    assert.equal(await quantityOf(flour.id), '1');
    assert.equal((await ledgerOf(flour.id)).length, 1);
  });

  test('recipes that would be made of each other are refused, also when two edits at once close the circle', async () => {
    const stock = await ingredient({ name: 'Bones' });
    const prep = (name: string): Promise<Json> =>
      recipe({ name, yield: '2', yieldUnit: 'l', lines: [{ inventoryItemId: stock.id, quantity: '1' }] });
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await prep(`Stock ${round}`), await prep(`Jus ${round}`)];
      const take = (id: string, other: string) =>
        api.patch(
          `/v1/recipes/${id}`,
          { lines: [{ recipeId: other, quantity: '100', unit: 'ml' }] },
          { token, headers: { 'if-match': '"1"' } },
        );
      const answers = await Promise.all([take(a.id, b.id), take(b.id, a.id)]);
      assert.deepEqual(
        answers.map(({ status }) => status).toSorted((a, b) => a - b),
        [200, 422],
      );
      const refused = expectProblem(422, answers.find(({ status }) => status === 422) ?? assert.fail());
      assert.match(refused.errors?.[0]?.message ?? '', /Stock \d > Jus \d > Stock \d|Jus \d > Stock \d > Jus \d/);
    }
  });
});
