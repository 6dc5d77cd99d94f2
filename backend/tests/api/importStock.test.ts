/**
 * Items, recipes and opening stock from files: which rows are stored, which are skipped and why,
 * and the effect of a second import.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { importFile } from '../../src/commands/importFile.js';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { ledgerConsumption } from '../support/consumption.js';
import { ImportClient } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';

const ITEMS = {
  item: 'name',
  unit: 'unit',
  packUnit: ['pack', 'pack2'],
  packSize: ['size', 'size2'],
  reorderPoint: 'min',
  parLevel: 'par',
  cost: 'cost',
  location: 'place',
  policy: 'policy',
};
const ITEM_HEADINGS = 'name;unit;pack;size;pack2;size2;min;par;cost;place;policy';
const RECIPES = {
  dish: 'dish',
  variant: 'size',
  modifier: 'extra',
  preparation: 'prep',
  yield: 'yield',
  yieldUnit: 'of',
  ingredient: 'ingredient',
  quantity: 'qty',
  unit: 'unit',
  waste: 'waste',
};
const RECIPE_HEADINGS = 'dish,size,extra,prep,yield,of,ingredient,qty,unit,waste';
const OPENINGS = { item: 'item', quantity: 'qty', unit: 'unit', cost: 'cost', location: 'place' };
const OPENING_HEADINGS = 'item,qty,unit,cost,place';

let api: TestApi;
let client: ImportClient;
let id: string;
let token: string;

before(async () => {
  api = await startApi();
  client = new ImportClient(api);
});
beforeEach(async () => {
  ({ id, token } = await api.restaurant());
});
after(() => api.close());

const file = (...rows: string[]) => `${rows.join('\n')}\n`;
const send = (kind: string, content: string, mapping: object, dryRun = false): Promise<Json> =>
  client.run(token, content, mapping, { kind, dryRun, name: `${kind}.csv` });
const items = (rows: string[], more: object = {}, dryRun = false) =>
  send('inventory_items', file(ITEM_HEADINGS, ...rows), { ...ITEMS, ...more }, dryRun);
const recipes = (rows: string[], more: object = {}, dryRun = false) =>
  send('recipes', file(RECIPE_HEADINGS, ...rows), { ...RECIPES, ...more }, dryRun);
const openings = (rows: string[], dryRun = false) =>
  send('opening_stock', file(OPENING_HEADINGS, ...rows), OPENINGS, dryRun);
const counts = ({ created, changed, skipped, locationsCreated, faultyRows }: Json) => [
  created,
  changed,
  skipped,
  locationsCreated,
  faultyRows,
];
const faults = ({ errors }: Json): [number, string][] => errors.map(({ line, reason }: Json) => [line, reason]);
const named = async (route: string): Promise<Map<string, Json>> =>
  new Map((await client.list(token, route)).map((thing) => [thing.name, thing]));

describe('a file of items', () => {
  const ROWS = [
    'Flour;KG;sack;25;;;10,5;50;€ 0,89;Dry store;',
    'Egg;Stk;tray;30;case;360;;;0,0035;Fridge;forbid',
    ' Cream ;l;;;;;;;;fridge;Auto 86',
  ];
  const unitNames = { Stk: 'piece' };

  test('is stored with units, costs and places; sent again it changes nothing', async () => {
    const dry = await items(ROWS, { unitNames }, true);
    assert.deepEqual(counts(dry), [3, 0, 0, 2, 0]);
    assert.equal((await named('/v1/inventory-items')).size + (await named('/v1/stock-locations')).size, 0);
    assert.deepEqual(counts(await items(ROWS, { unitNames })), [3, 0, 0, 2, 0]);
    const stored = await named('/v1/inventory-items');
    const places = await named('/v1/stock-locations');
    const flour = stored.get('Flour');
    assert.deepEqual(
      [flour.unit, flour.units, flour.reorderPoint, flour.parLevel, flour.unitCost, flour.policy],
      ['kg', [{ unit: 'sack', numerator: '25', denominator: '1' }], '10.5', '50', '89', 'allow_negative'],
    );
    const egg = stored.get('Egg');
    assert.deepEqual([egg.unit, egg.units.length, egg.unitCost, egg.policy], ['piece', 2, '0.35', 'forbid']);
    assert.deepEqual(
      [stored.get('Cream').policy, stored.get('Cream').locationId],
      ['auto_86', places.get('Fridge').id],
    );
    assert.deepEqual(counts(await items(ROWS, { unitNames })), [0, 0, 3, 0, 0]);
    assert.deepEqual(counts(await items(ROWS, { unitNames, onExisting: 'update' })), [0, 0, 3, 0, 0]);
    assert.equal((await named('/v1/inventory-items')).get('Flour').version, 1);
  });

  test('changes what is there only where it is asked to, never its cost, and empty cells say nothing', async () => {
    await items(ROWS, { unitNames });
    const changed = ['flour;kg;;;;;12;;9,99;Cellar;forbid'];
    assert.deepEqual(counts(await items(changed)), [0, 0, 1, 0, 0]);
    assert.deepEqual(counts(await items(changed, { onExisting: 'update' })), [0, 1, 0, 1, 0]);
    const flour = (await named('/v1/inventory-items')).get('flour');
    assert.deepEqual([flour.reorderPoint, flour.parLevel, flour.unitCost, flour.policy], ['12', '50', '89', 'forbid']);
    assert.equal(flour.units.length, 1);
  });

  test('leaves faulty rows out and says which and why', async () => {
    const result = await items([
      ';kg;;;;;;;;;',
      'Salt;;;;;;;;;;',
      'Rice;kg;;;;;1.234;;;;',
      'Oil;l;;;;;-1;;;;',
      'Milk;l;;;;;;;;;sometimes',
      'Sugar;kg;box;;;;;;;;',
      'Beans;kg;g;999;;;;;;;',
      'Tea;kg;;;;;;;x;;',
      'Yeast;kg;;;;;5;4;;;',
      'Good;kg;;;;;;;;;',
      'good;kg;;;;;;;;;',
    ]);
    assert.deepEqual(counts(result), [1, 0, 1, 0, 9]);
    const patterns = [
      /item is empty/,
      /unit is empty/,
      /two ways: set decimalSeparator/,
      /reorder point "-1" is negative/,
      /policy "sometimes" is not known/,
      /size of the pack is empty/,
      /the units of "Beans"/,
      /cost "x" is not an amount of money/,
      /"Yeast": The par level 4 is below the reorder point 5/,
    ];
    assert.deepEqual(
      patterns.map((pattern) => faults(result).filter(([, reason]) => pattern.test(reason)).length),
      patterns.map(() => 1),
    );
    assert.deepEqual(
      faults(result)
        .map(([line]) => line)
        .toSorted((a, b) => a - b),
      [2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  test('refuses a change that the rules forbid, as the row it is in', async () => {
    await items(['Flour;kg;sack;25;;;;;;;']);
    await openings(['Flour,3,,,']);
    const result = await items(['Flour;l;;;;;;;;;'], { onExisting: 'update' });
    assert.deepEqual(faults(result), [
      [2, '"Flour": This item already has movements in kg. Add l to "units" instead, or create a new item.'],
    ]);
  });
});

describe('a file of recipes', () => {
  beforeEach(async () => {
    await items(['Flour;kg;;;;;;;;;', 'Tomato;kg;;;;;;;;;', 'Cheese;kg;wheel;4;;;;;;;', 'Basil;g;;;;;;;;;']);
    const group = { name: 'Extras', maxSelections: 3, modifiers: [{ name: 'Double cheese', price: 100 }] };
    const extras = [1, 2].map(async () => (await api.post('/v1/modifier-groups', group, { token })).body.id);
    const [first, second] = await Promise.all(extras);
    const variants = [
      { name: 'Small', price: 900 },
      { name: 'Large', price: 1200 },
    ];
    await api.item(token, { name: 'Pizza', variants, modifierGroupIds: [first] });
    await api.item(token, { name: 'Soup', modifierGroupIds: [second] });
  });

  const ROWS = [
    'Pizza,,,,,,Dough,250,g,',
    'pizza,,,,,,Cheese,0.03125,wheel,12.5 %',
    'Pizza,LARGE,,,,,Dough,0.4,kg,',
    'Soup,,,,,,Sauce,300,ml,',
    ',,,Sauce,2,l,Tomato,2.5,kg,10',
    ',,,Sauce,,,Oil of basil,100,ml,',
    ',,,Oil of basil,1,l,Basil,40,g,',
    ',,,Dough,10,kg,Flour,6,kg,',
    ',,Double cheese,,,,Cheese,50,g,',
    'Soup,,Double cheese,,,,Cheese,20,g,',
  ];

  test('makes recipes of dishes, variants, modifiers and preparations, in whatever order they stand', async () => {
    assert.deepEqual(counts(await recipes(ROWS, {}, true)), [9, 0, 0, 0, 0]);
    assert.equal((await client.list(token, '/v1/recipes')).length, 0);
    assert.deepEqual(counts(await recipes(ROWS)), [9, 0, 0, 0, 0]);
    const stored = await named('/v1/recipes');
    assert.deepEqual(
      [...stored.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
      ['Double cheese', 'Dough', 'Oil of basil', 'Pizza', 'Pizza, Large', 'Sauce', 'Soup', 'Soup, Double cheese'],
    );
    assert.equal((await client.list(token, '/v1/recipes')).length, 9, 'the extra is in two groups');
    const sauce = stored.get('Sauce');
    assert.deepEqual([sauce.yield, sauce.yieldUnit, sauce.menuItemId, sauce.lines.length], ['2', 'l', null, 2]);
    assert.deepEqual([sauce.lines[0].quantity, sauce.lines[0].wastePercent], ['2.5', '10']);
    assert.equal(sauce.lines[1].recipeId, stored.get('Oil of basil').id);

    const [pizza] = (await client.list(token, '/v1/menu-items')).filter(({ name }) => name === 'Pizza');
    const [small] = pizza.variants;
    await api.order(token, [{ menuItemId: pizza.id, variantId: small.id, quantity: 1 }]);
    const { sold } = await ledgerConsumption(api.database.ownerUrl, id);
    // 250 g of a dough of which 10 kg take 6 kg of flour, and an eighth of a kilo of cheese, of
    // which an eighth is waste.
    assert.deepEqual(sold, { Cheese: '0.142857', Flour: '0.15' });
  });

  test('is stored once, and replaces what is there where it is asked to', async () => {
    await recipes(ROWS);
    assert.deepEqual(counts(await recipes(ROWS)), [0, 0, 9, 0, 0]);
    assert.deepEqual(counts(await recipes(ROWS, { onExisting: 'replace' })), [0, 0, 9, 0, 0]);
    const other = ['Pizza,,,,,,Cheese,80,g,'];
    assert.deepEqual(counts(await recipes(other, { onExisting: 'replace' })), [0, 1, 0, 0, 0]);
    const pizza = (await named('/v1/recipes')).get('Pizza');
    assert.deepEqual([pizza.version, pizza.lines.length, pizza.lines[0].quantity], [2, 1, '80']);
  });

  test('leaves a recipe out whole when one of its rows is faulty, and names what is missing', async () => {
    const result = await recipes([
      'Pizza,,,,,,Flour,1,kg,',
      'Pizza,,,,,,Anchovy,1,kg,',
      'Soup,,,,,,Tomato,1,kg,',
      'Soup,,,,,,Flour,?,kg,',
      'Pasta,,,,,,Flour,1,kg,',
      'Pizza,Huge,,,,,Flour,1,kg,',
      ',,Ham,,,,Flour,1,kg,',
      ',,,,,,Flour,1,kg,',
      ',,,Paste,1,l,Tomato,1,barrel,',
      ',,,Stew,1,l,Paste,1,l,',
      ',,,Jam,1,l,Tomato,1,kg,100',
    ]);
    assert.deepEqual(counts(result), [0, 0, 0, 0, 9]);
    const byLine = new Map(faults(result));
    for (const [line, pattern] of [
      [3, /no inventory item or preparation is called "Anchovy"; the recipe is skipped/],
      [5, /the quantity "\?" is not a number/],
      [6, /no dish is called "Pasta"/],
      [7, /no variant of "Pizza" is called "Huge"/],
      [8, /no modifier is called "Ham"/],
      [9, /names no dish, modifier or preparation for the recipe/],
      [10, /"Tomato" is stocked in "kg" and has no unit "barrel"/],
      [11, /"Paste" has faulty rows itself/],
      [12, /percent from 0 to below 100/],
    ] as const)
      assert.match(byLine.get(line) ?? '', pattern);
  });

  test('refuses preparations that are made of each other, among themselves and with those there are', async () => {
    const circle = await recipes([',,,A,1,l,B,1,l,', ',,,B,1,l,C,1,l,', ',,,C,1,l,A,1,l,']);
    assert.deepEqual(counts(circle), [0, 0, 0, 0, 3]);
    assert.match(circle.errors[0].reason, /contain each other/);
    await recipes([',,,A,1,l,B,1,l,', ',,,B,1,l,Flour,1,kg,']);
    const closing = await recipes([',,,B,1,l,A,1,l,'], { onExisting: 'replace' });
    assert.match(closing.errors[0].reason, /contain each other/);
    assert.equal((await named('/v1/recipes')).get('B').version, 1);
  });
});

describe('a file of opening stock', () => {
  beforeEach(() => items(['Flour;kg;sack;25;;;;;0,80;Dry store;', 'Egg;piece;;;;;;;0,20;;', 'Salt;kg;;;;;;;;;']));

  const ROWS = ['flour,2,sack,25.00,', 'Flour,3,kg,,Bakery', 'Egg,90,,,', 'Salt,0,,,'];

  test('is the first movement of each item, where it stands, at its cost; sent again it adds nothing', async () => {
    assert.deepEqual(counts(await openings(ROWS, true)), [3, 0, 1, 1, 0]);
    assert.equal((await named('/v1/inventory-items')).get('Flour').currentQuantity, '0');
    assert.deepEqual(counts(await openings(ROWS)), [3, 0, 1, 1, 0]);
    const stored = await named('/v1/inventory-items');
    // 50 kg at 1.00 and 3 kg at 0.80.
    assert.deepEqual([stored.get('Flour').currentQuantity, stored.get('Flour').unitCost], ['53', '98.867925']);
    assert.deepEqual([stored.get('Egg').currentQuantity, stored.get('Egg').unitCost], ['90', '20']);
    const [movement] = await client.rows(
      `select kind, reason from stock_movements where restaurant_id = $1 and inventory_item_id = $2`,
      [id, stored.get('Egg').id],
    );
    assert.deepEqual(movement, { kind: 'correction', reason: 'Opening stock' });
    const [bakery] = await client.rows('select quantity from stock_levels where restaurant_id = $1', [id]);
    assert.equal(Number(bakery?.quantity), 3);
    assert.deepEqual(counts(await openings(ROWS)), [0, 0, 4, 0, 0]);
    assert.equal((await named('/v1/inventory-items')).get('Flour').currentQuantity, '53');
  });

  test('refuses items that moved already, unknown items and units, and less than nothing', async () => {
    await openings(['Egg,90,,,']);
    const result = await openings(['Egg,80,,,', 'Pepper,1,,,', 'Flour,1,barrel,,', 'Flour,-1,,,', 'Salt,,,,']);
    const patterns = [
      /count it instead/,
      /called "Pepper"/,
      /has no unit "barrel"/,
      /"-1" is negative/,
      /quantity is empty/,
    ];
    assert.deepEqual(counts(result), [0, 0, 0, 0, 5]);
    for (const pattern of patterns)
      assert.ok(
        faults(result).some(([, reason]) => pattern.test(reason)),
        String(pattern),
      );
  });

  test('sent by three at once is booked once', async () => {
    const results = await Promise.all([1, 2, 3].map(() => openings(['Egg,90,,,', 'Salt,4,,,'])));
    assert.deepEqual(
      results.reduce((sum, { created, skipped }) => [sum[0] + created, sum[1] + skipped], [0, 0]),
      [2, 4],
    );
    assert.equal((await named('/v1/inventory-items')).get('Egg').currentQuantity, '90');
  });
});

test('a mapping of another kind is refused, each field by its place', async () => {
  for (const [kind, mapping, pointer] of [
    ['inventory_items', { ...ITEMS, orderId: 'x' }, '/mapping'],
    ['inventory_items', { ...ITEMS, packSize: 'size' }, '/mapping/packSize'],
    ['recipes', { ingredient: 'x', quantity: 'y' }, '/mapping/dish'],
    ['opening_stock', { ...OPENINGS, item: 'nothing' }, '/mapping/item'],
    ['opening_stock', { ...OPENINGS, header: false }, '/mapping/item'],
    ['everything', OPENINGS, '/kind'],
  ] as const) {
    const content = file(kind === 'inventory_items' ? ITEM_HEADINGS : OPENING_HEADINGS, ';;;;;;;;;;');
    const problem = expectProblem(422, await client.send(token, content, mapping, { kind }));
    assert.ok(
      problem.errors.some((error: Json) => error.pointer.startsWith(pointer)),
      `${kind}: ${JSON.stringify(problem.errors)}`,
    );
  }
});

test('the command line takes the same kinds', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'servio-stock-'));
  try {
    await writeFile(path.join(folder, 'items.csv'), file(ITEM_HEADINGS, 'Flour;kg;;;;;;;;Cellar;', ';;;;;;;;x;;'));
    await writeFile(path.join(folder, 'mapping.json'), JSON.stringify(ITEMS));
    const written = { out: '', err: '' };
    const streams = {
      out: { write: (text: string) => (written.out += text) },
      err: { write: (text: string) => (written.err += text) },
    };
    const services = { imports: api.context.imports, findRestaurant: () => Promise.resolve({ id, name: 'Bistro' }) };
    const args = ['items', path.join(folder, 'items.csv'), '--mapping', path.join(folder, 'mapping.json')];
    assert.equal(await importFile(args, services, streams), 0, written.err);
    assert.match(written.out, /items +1 created, 0 changed, 0 there already\n +places +1 locations created/);
    assert.match(written.err, /items\.csv:3: the item is empty/);
    assert.equal(await importFile(['menus', ...args.slice(1)], services, streams), 2);
  } finally {
    await rm(folder, { recursive: true });
  }
});
