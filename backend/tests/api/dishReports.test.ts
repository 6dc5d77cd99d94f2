/** Cost of dishes, and which of them are worth their place on the menu. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { csv, ImportClient } from '../support/importClient.js';

describe('reports on dishes', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi({ clock: () => new Date('2026-03-10T15:00:00Z') });
  });
  after(() => api.close());

  const { get, post, tax, recipe, ingredient: item } = new Factories(() => ({ api, token }));
  const costOf = (item: Json, query = ''): Promise<Json> => get(`/v1/menu-items/${item.id}/cost${query}`);
  const ingredient = (name: string, unitCost: string, fields: Json = {}): Promise<Json> =>
    item({ name, openingQuantity: '100', unitCost, ...fields });
  const TODAY = 'from=2026-03-10&to=2026-03-10';
  const engineering = (query = TODAY): Promise<Json> => get(`/v1/reports/menu-engineering?${query}`);

  test('a dish costs what its recipe takes, with waste and preparations, against its price without included taxes', async () => {
    ({ token } = await api.restaurant());
    const vat = await tax('19', true, { name: 'VAT', orderTypes: ['dine_in'] });
    const reduced = await tax('7', true, { name: 'VAT 7', orderTypes: ['takeaway'] });
    const added = await tax('5', false, { name: 'City tax' });
    const beef = await ingredient('Beef', '1250');
    const tomato = await ingredient('Tomato', '300');
    const bun = await ingredient('Bun', '25', { unit: 'piece' });
    const sauce = await recipe({
      name: 'Sauce',
      yield: '2',
      yieldUnit: 'l',
      lines: [{ inventoryItemId: tomato.id, quantity: '3' }],
    });
    const group = await post('/v1/modifier-groups', {
      name: 'Extras',
      maxSelections: 5,
      modifiers: [
        { name: 'Double', price: 300 },
        { name: 'No bun', price: 0 },
        { name: 'Napkin', price: 0 },
      ],
    });
    const [double, noBun] = group.modifiers;
    const burger = await api.item(token, {
      name: 'Burger',
      price: 1190,
      modifierGroupIds: [group.id],
      taxIds: [vat.id, reduced.id, added.id],
    });
    await recipe({
      menuItemId: burger.id,
      lines: [
        { inventoryItemId: beef.id, quantity: '180', unit: 'g', wastePercent: '10' },
        { inventoryItemId: bun.id, quantity: '1' },
        { recipeId: sauce.id, quantity: '50', unit: 'ml' },
      ],
    });
    await recipe({ modifierId: double.id, lines: [{ inventoryItemId: beef.id, quantity: '0.18' }] });
    await recipe({ modifierId: noBun.id, lines: [{ inventoryItemId: bun.id, quantity: '-1' }] });

    // 0.2 kg beef 250, a bun 25, 0.05 l x 3 kg / 2 l of tomato 22.5: 297.5.
    const dineIn = await costOf(burger, '?orderType=dine_in');
    assert.equal(dineIn.orderType, 'dine_in');
    // VAT is of single types: asked for none, the answer says so.
    const untyped = await costOf(burger);
    assert.deepEqual([untyped.orderType, untyped.portions[0].netPrice], [null, 1190]);
    const [portion, ...noOther] = dineIn.portions;
    assert.deepEqual([noOther, dineIn.currency, portion.variantId, portion.hasRecipe], [[], 'EUR', null, true]);
    assert.deepEqual([portion.price, portion.netPrice, portion.cost, portion.margin], [1190, 1000, 298, 702]);
    assert.deepEqual([portion.foodCostPercent, portion.isCostComplete], ['29.75', true]);
    const byName = new Map<string, Json>(portion.ingredients.map((one: Json) => [one.name, one]));
    assert.deepEqual(
      ['Beef', 'Bun', 'Tomato'].map((name) => {
        const { quantity, unit, unitCost, cost, sharePercent } = byName.get(name) ?? assert.fail(name);
        return [quantity, unit, unitCost, cost, sharePercent];
      }),
      [
        ['0.2', 'kg', '1250', 250, '84.03'],
        ['1', 'piece', '25', 25, '8.4'],
        ['0.075', 'kg', '300', 23, '7.56'],
      ],
    );
    assert.deepEqual(
      dineIn.modifiers.map((one: Json) => [
        one.name,
        one.price,
        one.netPrice,
        one.cost,
        one.margin,
        one.foodCostPercent,
      ]),
      [
        ['Double', 300, 252, 225, 27, '89.29'],
        ['No bun', 0, 0, -25, 25, null],
      ],
    );
    assert.equal((await costOf(burger, '?orderType=takeaway')).portions[0].netPrice, 1112);
    assert.equal((await costOf(burger)).portions[0].netPrice, 1190);
    assert.equal((await costOf(burger)).portions[0].foodCostPercent, '25');
  });

  test('the list begins with the highest food cost, tells variants apart and ends with dishes without a recipe', async () => {
    ({ token } = await api.restaurant());
    const flour = await ingredient('Flour', '100');
    const yeast = await ingredient('Yeast', '0');
    const pizza = await api.item(token, {
      name: 'Pizza',
      variants: [
        { name: 'S', price: 500 },
        { name: 'L', price: 800 },
      ],
    });
    const [small, large] = pizza.variants;
    await recipe({ menuItemId: pizza.id, lines: [{ inventoryItemId: flour.id, quantity: '1' }] });
    await recipe({ menuItemId: pizza.id, variantId: large.id, lines: [{ inventoryItemId: flour.id, quantity: '4' }] });
    const bread = await api.item(token, { name: 'Bread', price: 300 });
    await recipe({
      menuItemId: bread.id,
      lines: [
        { inventoryItemId: flour.id, quantity: '0.9' },
        { inventoryItemId: yeast.id, quantity: '0.1' },
      ],
    });
    const gift = await api.item(token, { name: 'Amuse', price: 0 });
    await recipe({ menuItemId: gift.id, lines: [{ inventoryItemId: flour.id, quantity: '0.1' }] });
    await api.item(token, { name: 'Water', price: 200 });

    const first = await get('/v1/reports/food-cost?limit=3');
    assert.equal(first.orderType, null);
    assert.equal((await get('/v1/reports/food-cost?limit=1&orderType=takeaway')).orderType, 'takeaway');
    const rest = await get(`/v1/reports/food-cost?limit=3&cursor=${first.nextCursor}`);
    assert.equal(rest.nextCursor, null);
    const figures = ({ variantId, hasRecipe, cost, margin, foodCostPercent, isCostComplete }: Json) => {
      return [variantId, hasRecipe, cost, margin, foodCostPercent, isCostComplete];
    };
    assert.deepEqual(
      [...first.data, ...rest.data].map((dish: Json) => [dish.name, ...dish.portions.map(figures)]),
      [
        ['Pizza', [small.id, true, 100, 400, '20', true], [large.id, true, 400, 400, '50', true]],
        ['Bread', [null, true, 90, 210, '30', false]],
        ['Amuse', [null, true, 10, -10, null, true]],
        ['Water', [null, false, null, null, null, false]],
      ],
    );
  });

  test('menu engineering judges by what was sold and at what it cost then, in one category or in all', async () => {
    ({ token } = await api.restaurant());
    const mains = await api.category(token, { name: 'Mains' });
    const meat = await ingredient('Meat', '1000');
    const dish = async (name: string, price: number, quantity: string, categoryId = mains.id): Promise<Json> => {
      const item = await api.item(token, { name, price, categoryId });
      if (quantity !== '0') await recipe({ menuItemId: item.id, lines: [{ inventoryItemId: meat.id, quantity }] });
      return item;
    };
    const schnitzel = await dish('Schnitzel', 1000, '0.4');
    const fries = await dish('Fries', 300, '0.1');
    const lobster = await dish('Lobster', 2000, '1.2');
    const tripe = await dish('Tripe', 400, '0.25');
    const special = await dish('Special', 900, '0');
    await dish('Unloved', 900, '0.1');
    const coffee = await dish('Coffee', 250, '0.01', (await api.category(token, { name: 'Drinks' })).id);

    const sale = (item: Json, quantity: number) => ({ menuItemId: item.id, quantity });
    const order = await api.order(token, [sale(schnitzel, 20), sale(fries, 15), sale(lobster, 3), sale(tripe, 2)]);
    await api.order(token, [sale(special, 8), sale(coffee, 60)]);
    const voided = await api.order(token, [sale(lobster, 30), sale(tripe, 1)]);
    expectStatus(200, await api.delete(`/v1/orders/${voided.id}/lines/${voided.lines[0].id}`, undefined, { token }));
    const cancelled = await api.order(token, [sale(tripe, 50)]);
    expectStatus(200, await api.post(`/v1/orders/${cancelled.id}/cancel`, {}, { token }));
    // A new cost of meat does not change earlier sales.
    await post('/v1/stock/movements', {
      inventoryItemId: meat.id,
      kind: 'receipt',
      quantity: '1000',
      unitCost: '9000',
    });

    const { data, menu, currency } = await engineering(`${TODAY}&categoryId=${mains.id}`);
    // 41 units in four dishes: popular from 17.5 %. Margins are 12000 + 3000 + 2400 + 450 over 41
    // units: 435 a unit.
    assert.deepEqual(
      data.map((row: Json) => [
        row.name,
        row.class,
        row.unclassedReason,
        row.costSource,
        row.units,
        row.contributionMargin,
      ]),
      [
        ['Schnitzel', 'star', null, 'ledger', 20, 600],
        ['Fries', 'plowhorse', null, 'ledger', 15, 200],
        ['Lobster', 'puzzle', null, 'ledger', 3, 800],
        ['Tripe', 'dog', null, 'ledger', 3, 150],
        ['Special', null, 'no_recipe', null, 8, null],
        ['Unloved', null, 'not_sold', null, 0, null],
      ],
    );
    assert.deepEqual(menu, {
      dishes: 4,
      units: 41,
      netRevenue: 31_700,
      cost: 13_850,
      margin: 17_850,
      popularityThresholdPercent: '17.5',
      marginThreshold: 435,
    });
    const [star] = data;
    assert.deepEqual(
      [star.popularityPercent, star.unitPrice, star.unitCost, star.totalCost, star.totalMargin],
      ['48.78', 1000, 400, 8000, 12_000],
    );
    assert.equal(currency, 'EUR');

    // With the coffee there are 101 units in five dishes: popular from 14 %, profitable from 32250
    // / 101.
    const all = await engineering(`${TODAY}&limit=3`);
    assert.deepEqual([all.menu.units, all.menu.popularityThresholdPercent, all.menu.marginThreshold], [101, '14', 319]);
    const next = await engineering(`${TODAY}&limit=3&cursor=${all.nextCursor}`);
    assert.deepEqual(
      [...all.data, ...next.data].map((row: Json) => [row.name, row.class]),
      [
        ['Coffee', 'plowhorse'],
        ['Schnitzel', 'star'],
        ['Fries', 'plowhorse'],
        ['Lobster', 'puzzle'],
        ['Tripe', 'dog'],
        ['Special', null],
      ],
    );
    assert.deepEqual((await engineering('from=2026-03-11&to=2026-03-11')).menu.dishes, 0);

    // A line added later takes meat at (85550 + 9000000) / 1085.55 a kilogram, which makes 1133.02
    // for the whole order: 0.75 kg of tripe there, and 0.25 kg at 1000 in the other order.
    await post(`/v1/orders/${order.id}/lines`, sale(tripe, 1));
    const rows = (await engineering(`${TODAY}&categoryId=${mains.id}`)).data;
    assert.equal(rows.find((row: Json) => row.name === 'Tripe').totalCost, 1100);
  });

  test('what another till sold costs what today’s recipes would take, beside what the ledger knows', async () => {
    ({ token } = await api.restaurant());
    const client = new ImportClient(api);
    await client.run(token, csv('1,2026-03-10T12:00:00Z,Pho,4,9.00', '2,2026-03-10T12:05:00Z,Banh Mi,2,5.00'));
    const [pho, banhMi] = ['Pho', 'Banh Mi'].map(async (name) => {
      return (await client.list(token, '/v1/menu-items')).find((item) => item.name === name) ?? assert.fail(name);
    });
    const [soup, sandwich] = [await pho, await banhMi];
    assert.deepEqual(
      (await engineering()).data.map((row: Json) => row.unclassedReason),
      ['no_recipe', 'no_recipe'],
    );
    const noodle = await ingredient('Noodle', '400');
    await recipe({ menuItemId: soup.id, lines: [{ inventoryItemId: noodle.id, quantity: '0.5' }] });
    await recipe({ menuItemId: sandwich.id, lines: [{ inventoryItemId: noodle.id, quantity: '0.25' }] });
    await api.order(token, [{ menuItemId: soup.id, quantity: 1 }]);
    assert.deepEqual(
      (await engineering()).data.map((row: Json) => [row.name, row.costSource, row.units, row.unitCost, row.totalCost]),
      [
        ['Pho', 'mixed', 5, 200, 1000],
        ['Banh Mi', 'recipe', 2, 100, 200],
      ],
    );
    const costs = await get(`/v1/reports/cost-of-goods?${TODAY}&groupBy=item`);
    assert.deepEqual(
      costs.data.map((row: Json) => [row.label, row.units, row.unitsWithoutCost, row.cost]),
      [
        ['Pho', 5, 4, 200],
        ['Banh Mi', 2, 2, 0],
      ],
    );
  });

  test('a sale from before its recipe is costed by its variant and all its modifiers, and never below nothing', async () => {
    ({ token } = await api.restaurant());
    const flour = await ingredient('Flour', '100');
    const cheese = await ingredient('Cheese', '1000');
    const group = await post('/v1/modifier-groups', {
      name: 'Extras',
      maxSelections: 5,
      modifiers: [
        { name: 'Cheese', price: 100, maxQuantity: 2 },
        { name: 'Base of nothing', price: 0 },
        { name: 'Napkin', price: 0 },
      ],
    });
    const [more, without, napkin] = group.modifiers;
    const variants = ['S', 'L'].map((name) => ({ name, price: 1000 }));
    const pizza = await api.item(token, { name: 'Pizza', variants, modifierGroupIds: [group.id] });
    const calzone = await api.item(token, { name: 'Calzone', variants });
    const [small, large] = pizza.variants;
    const line = (variantId: string, quantity: number, ...modifiers: [modifier: Json, quantity: number][]) => ({
      menuItemId: pizza.id,
      variantId,
      quantity,
      modifiers: modifiers.map(([modifier, count]) => ({ modifierId: modifier.id, quantity: count })),
    });
    await api.order(token, [
      line(large.id, 2, [more, 2], [napkin, 1]),
      line(small.id, 1, [without, 1]),
      line(small.id, 1),
      ...calzone.variants.map(({ id }: Json) => ({ menuItemId: calzone.id, variantId: id, quantity: 1 })),
    ]);
    await recipe({ menuItemId: pizza.id, lines: [{ inventoryItemId: flour.id, quantity: '1' }] });
    await recipe({ menuItemId: pizza.id, variantId: large.id, lines: [{ inventoryItemId: flour.id, quantity: '4' }] });
    await recipe({ modifierId: more.id, lines: [{ inventoryItemId: cheese.id, quantity: '0.5' }] });
    await recipe({ modifierId: without.id, lines: [{ inventoryItemId: flour.id, quantity: '-2' }] });
    const [half] = calzone.variants;
    await recipe({ menuItemId: calzone.id, variantId: half.id, lines: [{ inventoryItemId: flour.id, quantity: '1' }] });
    // Two large ones at 4 x 100 + 2 x 0.5 x 1000, a small one of nothing, a small one at 100.
    assert.deepEqual(
      (await engineering()).data.map((row: Json) => [row.name, row.class, row.unclassedReason, row.totalCost]),
      [
        ['Pizza', 'star', null, 2900],
        // Nobody knows what the other variant costs.
        ['Calzone', null, 'no_recipe', null],
      ],
    );
  });
});
