import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { csv, HEADINGS, ImportClient, PLAIN, sorted } from '../support/importClient.js';

let api: TestApi;
let client: ImportClient;

before(async () => {
  api = await startApi();
  client = new ImportClient(api);
});
after(() => api.close());

describe('an import', () => {
  test('gives new items their allergens, by the legend of the file', async () => {
    const { token } = await api.restaurant();
    const rows = [
      'A1,2015-02-01T18:30:00,Soup,1,4.50,"A, l;Milch/X"',
      'A1,2015-02-01T18:30:00,Bread,1,1.25,',
      'A2,2015-02-02T18:30:00,Bread,1,1.25,A',
    ];
    const file = [`${HEADINGS},Allergens`, ...rows].join('\n');
    const legend = { a: 'wheat', L: 'celery' };
    const mapping = { ...PLAIN, allergens: { column: 'Allergens', legend } };
    const result = await client.run(token, file, mapping);
    assert.deepEqual([result.menuItemsCreated, result.faultyRows], [2, 0]);
    const { data } = expectStatus(200, await api.get('/v1/menu-items', { token }));
    const declared = data.map((one: Json) => [one.name, one.allergens, one.otherAllergens]);
    assert.deepEqual(declared, [
      ['Soup', ['gluten', 'milk', 'celery'], ['wheat', 'X']],
      ['Bread', ['gluten'], ['wheat']],
    ]);
  });

  test('stores what was sold, closed and paid, under the number it had', async () => {
    const { token } = await api.restaurant({ timezone: 'America/Chicago' });
    const result = await client.run(
      token,
      csv(
        'A1,2015-02-01T18:30:00,Soup,2,4.50',
        'A1,2015-02-01T18:31:00,Bread,1,1.25',
        'A2,2015-03-05T12:00:00,Soup,1,4.50',
      ),
    );
    assert.deepEqual(
      [result.rows, result.faultyRows, result.ordersCreated, result.linesCreated, result.units, result.revenue],
      [3, 0, 2, 3, 4, 1475],
    );
    assert.deepEqual([result.menuItemsCreated, result.modifiersCreated, result.ordersSkipped], [2, 0, 0]);
    assert.deepEqual(result, expectStatus(200, await api.get(`/v1/imports/${result.id}`, { token })));

    const first = (await client.ordersByKey(token)).get('A1');
    assert.equal(first.number, 'IMP-2015-02-0001');
    assert.deepEqual([first.status, first.paymentStatus, first.type], ['completed', 'paid', 'takeaway']);
    assert.deepEqual(
      [first.subtotal, first.total, first.paidTotal, first.dueTotal, first.taxTotal],
      [1025, 1025, 1025, 0, 0],
    );
    assert.deepEqual([first.createdAt, first.businessDate], ['2015-02-02T00:30:00.000Z', '2015-02-01']);
    assert.deepEqual(
      first.lines.map((line: Json) => [
        line.position,
        line.name,
        line.categoryName,
        line.quantity,
        line.unitPrice,
        line.amount,
      ]),
      [
        [1, 'Soup', 'Imported', 2, 450, 900],
        [2, 'Bread', 'Imported', 1, 125, 125],
      ],
    );
    assert.equal((await client.ordersByKey(token)).get('A2').number, 'IMP-2015-03-0001');
    const payments = await client.rows('select method, amount, reference from payments where order_id = $1', [
      first.id,
    ]);
    assert.deepEqual(payments, [{ method: 'other', amount: 1025, reference: 'import' }]);
    assert.equal((await client.sales(token, '2015-02-01')).revenue, 1025);
  });

  test('puts the lines of one order together wherever they stand', async () => {
    const { token } = await api.restaurant();
    await client.run(
      token,
      csv('1,2024-05-01,Soup,1,4', '2,2024-05-01,Soup,1,4', '3,2024-05-01,Tea,1,2', '1,2024-05-01,Tea,1,2'),
    );
    const orders = await client.ordersByKey(token);
    assert.deepEqual(
      ['1', '2', '3'].map((key) => orders.get(key).lines.map((line: Json) => line.name)),
      [['Soup', 'Tea'], ['Soup'], ['Tea']],
    );
  });

  test('numbers orders by their time, and leaves no number out', async () => {
    const { token } = await api.restaurant();
    await client.run(token, csv('late,2024-05-02,Soup,1,4', 'early,2024-05-01,Soup,1,4'));
    await client.run(token, csv('early,2024-05-01,Soup,1,4', 'third,2024-05-03,Soup,1,4'));
    const orders = await client.ordersByKey(token);
    assert.deepEqual(
      ['early', 'late', 'third'].map((key) => orders.get(key).number),
      ['IMP-2024-05-0001', 'IMP-2024-05-0002', 'IMP-2024-05-0003'],
    );
  });

  test('keeps the price of a line exactly, even if the quantity does not divide it', async () => {
    const { token } = await api.restaurant();
    const { unitPrice, ...mapping } = PLAIN;
    await client.run(token, csv('1,2024-05-01,Olives,3,10.00', '1,2024-05-01,Gift,2,0'), {
      ...mapping,
      linePrice: unitPrice,
    });
    const order = (await client.ordersByKey(token)).get('1');
    const [olives, gift] = order.lines;
    assert.deepEqual(
      [olives.unitPrice, olives.grossAmount, olives.discountAmount, olives.amount],
      [334, 1002, 2, 1000],
    );
    assert.deepEqual(olives.discounts, [{ name: 'Rounding', amount: 2 }]);
    assert.deepEqual([gift.unitPrice, gift.amount], [0, 0]);
    assert.deepEqual([order.subtotal, order.discountTotal, order.total], [1002, 2, 1000]);
  });

  test('an order that cost nothing needs no payment', async () => {
    const { token } = await api.restaurant();
    await client.run(token, csv('1,2024-05-01,Water,1,0.00'));
    const order = (await client.ordersByKey(token)).get('1');
    assert.deepEqual([order.total, order.paymentStatus, order.dueTotal], [0, 'paid', 0]);
    assert.deepEqual(await client.rows('select 1 from payments where order_id = $1', [order.id]), []);
  });

  test('keeps identical lines of one order, each of them', async () => {
    const { token } = await api.restaurant();
    const result = await client.run(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Soup,1,4'));
    assert.deepEqual([result.linesCreated, result.revenue], [2, 800]);
  });

  test('reads order types, joined ids, and dates and times of day in two columns', async () => {
    const { token } = await api.restaurant({ timezone: 'Europe/Berlin' });
    const file = [
      'date;clock;ticket;what;price;where',
      '31.12.2023;23:30;7;Soup;4,00;Eat in',
      '1.1.2024;0:30;7;Soup;4,00;delivery',
      '1.1.2024;12:30;8;Soup;4,00;',
    ].join('\n');
    await client.run(token, file, {
      orderId: ['date', 'ticket'],
      time: { column: ['date', 'clock'], format: ['yyyy-MM-dd HH:mm', 'dd.MM.yyyy HH:mm'] },
      item: 'what',
      unitPrice: 'price',
      type: { column: 'where', values: { 'eat in': 'dine_in' }, otherwise: 'takeaway' },
    });
    const orders = await client.ordersByKey(token);
    assert.deepEqual(
      sorted([...orders].map(([key, order]) => [key, order.type, order.businessDate, order.createdAt])),
      [
        ['1.1.2024-7', 'delivery', '2023-12-31', '2023-12-31T23:30:00.000Z'],
        ['1.1.2024-8', 'takeaway', '2024-01-01', '2024-01-01T11:30:00.000Z'],
        ['31.12.2023-7', 'dine_in', '2023-12-31', '2023-12-31T22:30:00.000Z'],
      ],
    );
    assert.equal(orders.get('1.1.2024-7').externalSource, 'import');
  });
});

describe('the menu', () => {
  test('is used where it has the name, and added to where it lacks it', async () => {
    const { token } = await api.restaurant();
    const soup = await api.item(token, { name: 'Tomato Soup', price: 700 });
    const result = await client.run(
      token,
      csv('1,2024-05-01, tomato  SOUP ,1,4', '1,2024-05-01,Tea,1,2', '2,2024-05-01,TEA,1,3', '3,2024-05-01,tea,1,3'),
    );
    assert.equal(result.menuItemsCreated, 1);
    const order = (await client.ordersByKey(token)).get('1');
    assert.deepEqual(
      order.lines.map((line: Json) => [line.name, line.menuItemId === soup.id, line.unitPrice, line.categoryName]),
      [
        ['Tomato Soup', true, 400, 'Food'],
        ['Tea', false, 200, 'Imported'],
      ],
    );
    const items = await client.list(token, '/v1/menu-items');
    assert.deepEqual(
      items.map((item) => [item.name, item.price, item.version]),
      [
        ['Tomato Soup', 700, 1],
        ['Tea', 300, 1],
      ],
    );
  });

  test('gets categories and variants from their columns', async () => {
    const { token } = await api.restaurant();
    const plain = await api.item(token, { name: 'Water', price: 200 });
    const mapping = { ...PLAIN, category: 'group', variant: 'size' };
    const file = [
      `${HEADINGS},group,size`,
      '1,2024-05-01,Latte,1,3.50,Coffee,S',
      '1,2024-05-01,Latte,1,4.50,coffee,L',
      '2,2024-05-01,Latte,1,4.50,,l',
      '2,2024-05-01,Scone,1,2.50,,',
      '2,2024-05-01,Water,1,2.00,,0.5 l',
    ].join('\n');
    await client.run(token, file, mapping);
    const items = new Map((await client.list(token, '/v1/menu-items')).map((item) => [item.name, item]));
    const variants = (name: string) => items.get(name).variants.map((variant: Json) => [variant.name, variant.price]);
    assert.deepEqual(variants('Latte'), [
      ['S', 350],
      ['L', 450],
    ]);
    assert.equal(items.get('Latte').price, 450);
    const categories = (await client.list(token, '/v1/categories')).map((category) => category.name);
    assert.deepEqual(sorted(categories), ['Coffee', 'Food', 'Imported']);
    assert.deepEqual(
      [variants('Water'), items.get('Water').version],
      [[], plain.version],
      'an item without variants is given none',
    );
    const water = (await client.ordersByKey(token)).get('2').lines[2];
    assert.deepEqual([water.variantId, water.variantName], [null, '0.5 l']);

    await client.run(token, [`${HEADINGS},group,size`, '3,2024-05-01,Latte,1,5.50,,XL'].join('\n'), mapping);
    const latte = (await client.list(token, '/v1/menu-items')).find((item) => item.name === 'Latte');
    assert.deepEqual([latte.variants.map((variant: Json) => variant.name), latte.version], [['S', 'L', 'XL'], 2]);
  });

  test('gets one modifier for each choice, in a group for the items that share choices', async () => {
    const { token } = await api.restaurant();
    const mapping = { ...PLAIN, choices: { column: 'extras', shape: 'list', separator: '|' } };
    const line = (order: number, item: string, price: string, extras: string) =>
      `${order},2024-05-01,${item},1,${price},${extras}`;
    const lines = Array.from({ length: 6 }, (_, index) => [
      line(index, 'Burger', '9.00', ''),
      line(index, 'Burger', '10.00', 'Cheese'),
      line(index, 'Burger', '9.00', 'No onions'),
      line(index, 'Burger', '12.00', 'Bacon|cheese|Bacon'),
      line(index, 'Wrap', '7.00', 'No Onions'),
      line(index, 'Cola', '3.00', 'Ice'),
    ]).flat();
    const result = await client.run(token, [`${HEADINGS},extras`, ...lines].join('\n'), mapping);
    assert.deepEqual([result.faultyRows, result.menuItemsCreated, result.modifiersCreated], [0, 3, 4]);
    const groups = await client.list(token, '/v1/modifier-groups');
    assert.deepEqual(
      sorted(
        groups.map((group) => [
          group.name,
          group.maxSelections,
          group.modifiers.map((one: Json) => [one.name, one.price, one.maxQuantity]),
        ]),
      ),
      [
        [
          'Choices (Burger)',
          3,
          [
            ['Cheese', 100, 1],
            ['No onions', 0, 1],
            ['Bacon', 200, 2],
          ],
        ],
        ['Choices (Cola)', 1, [['Ice', 0, 1]]],
      ],
    );
    const items = new Map((await client.list(token, '/v1/menu-items')).map((item) => [item.name, item]));
    assert.deepEqual([items.get('Burger').price, items.get('Wrap').price], [900, 700]);
    assert.deepEqual(items.get('Wrap').modifierGroupIds, items.get('Burger').modifierGroupIds);
    const order = (await client.ordersByKey(token)).get('0');
    const bacon = order.lines.find((one: Json) => one.unitPrice === 1200);
    assert.deepEqual(
      sorted(bacon.modifiers.map((one: Json) => [one.name, one.quantity, one.price, one.freeQuantity])),
      [
        ['Bacon', 2, 0, 0],
        ['Cheese', 1, 0, 0],
      ],
    );
    assert.equal(bacon.amount, 1200, 'the line keeps its price: the choices are in it');

    const more = await client.run(
      token,
      [`${HEADINGS},extras`, line(99, 'Burger', '9.50', 'Egg|Cheese')].join('\n'),
      mapping,
    );
    assert.deepEqual([more.menuItemsCreated, more.modifiersCreated], [0, 1]);
    const burgers = (await client.list(token, '/v1/modifier-groups')).find(
      (group) => group.name === 'Choices (Burger)',
    );
    assert.deepEqual([burgers.modifiers.length, burgers.version], [4, 2]);
  });
});

describe('a dry run', () => {
  test('says what would be stored and stores nothing', async () => {
    const { token, id } = await api.restaurant();
    const file = csv('1,2024-05-01,Soup,2,4', '2,2024-05-01,Tea,1,x');
    const dry = await client.run(token, file, PLAIN, { dryRun: true });
    assert.deepEqual(
      [
        dry.dryRun,
        dry.rows,
        dry.faultyRows,
        dry.ordersCreated,
        dry.linesCreated,
        dry.units,
        dry.revenue,
        dry.menuItemsCreated,
      ],
      [true, 2, 1, 1, 1, 2, 800, 1],
    );
    assert.deepEqual(await client.list(token, '/v1/orders'), []);
    assert.deepEqual(await client.list(token, '/v1/menu-items'), []);
    assert.deepEqual(await client.list(token, '/v1/categories'), []);
    const left = await client.rows(
      'select 1 from import_rows where restaurant_id = $1 union all select 1 from import_orders where restaurant_id = $1',
      [id],
    );
    assert.deepEqual(left, []);
    const real = await client.run(token, file);
    assert.deepEqual([real.dryRun, real.ordersCreated, real.revenue], [false, 1, 800]);
  });
});
