import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { sharedData } from '../support/sharedData.js';

let api: TestApi;

before(async () => {
  api = await startApi();
});
after(() => api.close());

/** The layout of a plain file: one line for each order line, prices by unit. */
const PLAIN = {
  source: 'till',
  orderId: 'order',
  time: { column: 'time', format: 'iso' },
  item: 'item',
  quantity: 'qty',
  unitPrice: 'price',
};
const HEADINGS = 'order,time,item,qty,price';
const CHIPOTLE = {
  source: 'chipotle',
  orderId: 'order_id',
  time: { fixed: '2015-02-01T12:00:00' },
  item: 'item_name',
  choices: { column: 'choice_description', shape: 'brackets' },
  quantity: 'quantity',
  linePrice: 'item_price',
};

type Content = string | Uint8Array;

interface SendOptions {
  dryRun?: boolean;
  name?: string;
  headers?: Record<string, string>;
}

function send(token: string, content: Content, mapping: unknown, options: SendOptions = {}): Promise<Answer> {
  const form = new FormData();
  form.set('file', new Blob([content]), options.name ?? 'orders.csv');
  form.set('mapping', typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
  if (options.dryRun !== undefined) form.set('dryRun', String(options.dryRun));
  return api.post('/v1/imports', undefined, { token, raw: form, ...(options.headers && { headers: options.headers }) });
}

async function importFile(
  token: string,
  content: Content,
  mapping: object = PLAIN,
  options: SendOptions = {},
): Promise<Json> {
  const result = expectStatus(201, await send(token, content, mapping, options));
  assert.equal(result.status, 'completed', result.failure);
  return result;
}

function csv(...rows: string[]): string {
  return `${[HEADINGS, ...rows].join('\n')}\n`;
}

/** All orders with their lines, by the number they had on the other till. */
async function ordersByKey(token: string): Promise<Map<string, Json>> {
  const { data } = expectStatus(200, await api.get('/v1/orders?limit=100', { token }));
  return new Map(data.map((order: Json) => [order.externalId, order]));
}

async function list(token: string, path: string): Promise<Json[]> {
  const all: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Json = expectStatus(200, await api.get(`${path}?limit=100${cursor && `&cursor=${cursor}`}`, { token }));
    all.push(...page.data);
    cursor = page.nextCursor;
  }
  return all;
}

async function sales(token: string, date: string): Promise<Json> {
  return expectStatus(200, await api.get(`/v1/reports/sales?from=${date}&to=${date}&groupBy=item`, { token }));
}

function rows(text: string, values: unknown[]): Promise<Json[]> {
  return withClient(api.database.ownerUrl, async (client) => (await client.query(text, values)).rows);
}

describe('an import', () => {
  test('stores what was sold, closed and paid, under the number it had', async () => {
    const { token } = await api.restaurant({ timezone: 'America/Chicago' });
    const result = await importFile(
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

    const first = (await ordersByKey(token)).get('A1');
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
    assert.equal((await ordersByKey(token)).get('A2').number, 'IMP-2015-03-0001');
    const payments = await rows('select method, amount, reference from payments where order_id = $1', [first.id]);
    assert.deepEqual(payments, [{ method: 'other', amount: 1025, reference: 'import' }]);
    assert.equal((await sales(token, '2015-02-01')).revenue, 1025);
  });

  test('puts the lines of one order together wherever they stand', async () => {
    const { token } = await api.restaurant();
    await importFile(
      token,
      csv('1,2024-05-01,Soup,1,4', '2,2024-05-01,Soup,1,4', '3,2024-05-01,Tea,1,2', '1,2024-05-01,Tea,1,2'),
    );
    const orders = await ordersByKey(token);
    assert.deepEqual(
      ['1', '2', '3'].map((key) => orders.get(key).lines.map((line: Json) => line.name)),
      [['Soup', 'Tea'], ['Soup'], ['Tea']],
    );
  });

  test('numbers orders by their time, and leaves no number out', async () => {
    const { token } = await api.restaurant();
    await importFile(token, csv('late,2024-05-02,Soup,1,4', 'early,2024-05-01,Soup,1,4'));
    await importFile(token, csv('early,2024-05-01,Soup,1,4', 'third,2024-05-03,Soup,1,4'));
    const orders = await ordersByKey(token);
    assert.deepEqual(
      ['early', 'late', 'third'].map((key) => orders.get(key).number),
      ['IMP-2024-05-0001', 'IMP-2024-05-0002', 'IMP-2024-05-0003'],
    );
  });

  test('keeps the price of a line exactly, even if the quantity does not divide it', async () => {
    const { token } = await api.restaurant();
    const { unitPrice, ...mapping } = PLAIN;
    await importFile(token, csv('1,2024-05-01,Olives,3,10.00', '1,2024-05-01,Gift,2,0'), {
      ...mapping,
      linePrice: unitPrice,
    });
    const order = (await ordersByKey(token)).get('1');
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
    await importFile(token, csv('1,2024-05-01,Water,1,0.00'));
    const order = (await ordersByKey(token)).get('1');
    assert.deepEqual([order.total, order.paymentStatus, order.dueTotal], [0, 'paid', 0]);
    assert.deepEqual(await rows('select 1 from payments where order_id = $1', [order.id]), []);
  });

  test('keeps identical lines of one order, each of them', async () => {
    const { token } = await api.restaurant();
    const result = await importFile(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Soup,1,4'));
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
    await importFile(token, file, {
      orderId: ['date', 'ticket'],
      time: { column: ['date', 'clock'], format: ['yyyy-MM-dd HH:mm', 'dd.MM.yyyy HH:mm'] },
      item: 'what',
      unitPrice: 'price',
      type: { column: 'where', values: { 'eat in': 'dine_in' }, otherwise: 'takeaway' },
    });
    const orders = await ordersByKey(token);
    assert.deepEqual([...orders].map(([key, order]) => [key, order.type, order.businessDate, order.createdAt]).sort(), [
      ['1.1.2024-7', 'delivery', '2023-12-31', '2023-12-31T23:30:00.000Z'],
      ['1.1.2024-8', 'takeaway', '2024-01-01', '2024-01-01T11:30:00.000Z'],
      ['31.12.2023-7', 'dine_in', '2023-12-31', '2023-12-31T22:30:00.000Z'],
    ]);
    assert.equal(orders.get('1.1.2024-7').externalSource ?? 'import', 'import');
  });
});

describe('the file', () => {
  const cells = [
    ['order', 'time', 'item', 'qty', 'price'],
    ['1', '2024-05-01', 'Café crème', '2', '3.10'],
    ['2', '2024-05-01', 'Soup', '1', '4.50'],
  ];
  const text = (delimiter: string, lineEnd: string) => cells.map((line) => line.join(delimiter)).join(lineEnd);
  const utf16be = (content: string) => Buffer.from(content, 'utf16le').swap16();
  const bytes = (...parts: (number[] | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
  const files: [what: string, content: Content][] = [
    ['with LF', text(',', '\n')],
    ['with CR LF', text(',', '\r\n')],
    ['with CR', text(',', '\r')],
    ['with semicolons', text(';', '\r\n')],
    ['with tabs', text('\t', '\n')],
    ['with pipes', text('|', '\n')],
    ['with quotes', cells.map((line) => line.map((cell) => `"${cell}"`).join(',')).join('\n')],
    ['with blank lines and blanks around cells', `\n\n${text(' , ', '\n\n')}\n,,,,\n`],
    ['with the hint of spreadsheets', `sep=;\n${text(';', '\n')}`],
    ['in UTF-8 with a byte order mark', `\uFEFF${text(',', '\n')}`],
    ['in UTF-16 LE', bytes([0xff, 0xfe], Buffer.from(text(',', '\r\n'), 'utf16le'))],
    ['in UTF-16 BE', bytes([0xfe, 0xff], utf16be(text(',', '\r\n')))],
    ['in UTF-16 without a mark', Buffer.from(text('\t', '\n'), 'utf16le')],
    ['in windows-1252', Buffer.from(text(',', '\n'), 'latin1')],
  ];
  for (const [what, content] of files) {
    test(`${what} is read`, async () => {
      const { token } = await api.restaurant();
      const result = await importFile(token, content);
      assert.deepEqual(
        [result.faultyRows, result.ordersCreated, result.revenue],
        [0, 2, 1070],
        JSON.stringify(result.errors),
      );
      assert.equal((await ordersByKey(token)).get('1').lines[0].name, 'Café crème');
    });
  }

  test('is read in the encoding that the mapping names', async () => {
    const { token } = await api.restaurant();
    const content = Buffer.concat([
      Buffer.from(`${HEADINGS}\n1,2024-05-01,`),
      Buffer.from([0xd3, 0xf3, 0xef]),
      Buffer.from(',1,4'),
    ]);
    await importFile(token, content, { ...PLAIN, encoding: 'windows-1251' });
    assert.equal((await ordersByKey(token)).get('1').lines[0].name, 'Ууп');
  });

  test('may have no headings, and lines before them', async () => {
    const { token } = await api.restaurant();
    const numbers = { orderId: 1, time: { column: 2 }, item: 3, unitPrice: 4 };
    await importFile(token, '1,2024-05-01,Soup,4\n1,2024-05-01,Tea,2\n', { ...numbers, header: false });
    const report = `Export of 2024\nTill 3, all "orders\n${csv('2,2024-05-01,Soup,1,4')}`;
    await importFile(token, report, { ...PLAIN, skipLines: 2 });
    const orders = await ordersByKey(token);
    assert.deepEqual([orders.get('1').total, orders.get('2').total], [600, 400]);
  });

  test('may hold quotes that mean nothing, and quoted cells with delimiters and line ends', async () => {
    const { token } = await api.restaurant();
    const tabs = [
      'order\ttime\titem\tqty\tprice',
      '1\t2024-05-01\t"Hot" wings\t1\t4',
      '2\t2024-05-01\t5" pizza\t1\t9',
    ].join('\n');
    await importFile(token, tabs);
    await importFile(token, csv('3,2024-05-01,"Soup, ""large""\nwith bread",1,"1,204.50"'));
    const orders = await ordersByKey(token);
    assert.deepEqual(
      ['1', '2', '3'].map((key) => orders.get(key).lines[0].name),
      ['"Hot" wings', '5" pizza', 'Soup, "large" with bread'],
    );
    assert.equal(orders.get('3').total, 120_450);
  });
});

describe('faulty rows', () => {
  test('are reported with file, line and reason, and the rest goes in', async () => {
    const { token } = await api.restaurant({ currency: 'EUR' });
    const mapping = {
      ...PLAIN,
      currency: 'cur',
      choices: { column: 'extras', shape: 'brackets' },
      type: { column: 'kind' },
      variant: 'size',
    };
    const headings = 'order,time,item,qty,price,cur,extras,kind,size';
    const cases: [row: string, reason: RegExp][] = [
      [',2024-05-01,Soup,1,4,EUR,,delivery,', /order id is empty/],
      ['7,2024-02-30,Soup,1,4,EUR,,delivery,', /"2024-02-30" is no time as iso/],
      ['7,,Soup,1,4,EUR,,delivery,', /time is empty/],
      ['7,2024-05-01, ,1,4,EUR,,delivery,', /item is empty/],
      [`7,2024-05-01,${'x'.repeat(201)},1,4,EUR,,delivery,`, /item is longer than 200/],
      ['7,2024-05-01,Soup,0,4,EUR,,delivery,', /quantity "0" is not above zero/],
      ['7,2024-05-01,Soup,-1,4,EUR,,delivery,', /quantity "-1" is not above zero/],
      ['7,2024-05-01,Soup,1.5,4,EUR,,delivery,', /quantity "1.5" is no whole number/],
      ['7,2024-05-01,Soup,1,,EUR,,delivery,', /price is empty/],
      ['7,2024-05-01,Soup,1,abc,EUR,,delivery,', /price "abc" is no amount/],
      ['7,2024-05-01,Soup,1,-4,EUR,,delivery,', /price "-4" is negative/],
      ['7,2024-05-01,Soup,1,4.005,EUR,,delivery,', /two ways/],
      ['7,2024-05-01,Soup,1,4,USD,,delivery,', /currency is "USD", the restaurant counts in EUR/],
      ['7,2024-05-01,Soup,1,4,EUR,[Rice,delivery,', /no list in brackets/],
      ['7,2024-05-01,Soup,1,4,EUR,,drive-in,', /type "drive-in" is not known/],
      ['7,2024-05-01,Soup,1,4,EUR,,delivery,' + 'y'.repeat(101), /variant is longer than 100/],
      ['7,2024-05-01,Soup,1', /has 4 columns, not 9/],
      ['7,2024-05-01,Soup,1,4,EUR,,delivery,,more', /has 10 columns, not 9/],
      ['7,2024-05-01,"Soup,1,4,EUR,,delivery,', /a quote is opened and never closed/],
      ['7,2024-05-01,So\u0000up,1,4,EUR,,delivery,', /holds NUL/],
    ];
    const good = '8,2024-05-01,Soup,2,4.00,eur,[Rice],Delivery,large';
    const file = [headings, ...cases.map(([row]) => row), good].join('\n');
    const result = await importFile(token, file, mapping, { name: 'week 18.csv' });
    assert.deepEqual([result.rows, result.faultyRows, result.ordersCreated], [cases.length + 1, cases.length, 1]);
    for (const [index, [row, reason]] of cases.entries()) {
      const error = result.errors[index];
      assert.deepEqual([error.file, error.line], ['week 18.csv', index + 2], row);
      assert.match(error.reason, reason);
    }
    const order = (await ordersByKey(token)).get('8');
    assert.deepEqual([order.type, order.total, order.lines[0].variantName], ['delivery', 800, 'large']);
  });

  test('with bytes that the encoding does not know are told from text that holds a replacement character', async () => {
    const { token } = await api.restaurant();
    const damaged = Buffer.concat([
      Buffer.from(csv('1,2024-05-01,So\uFFFDup,1,4')),
      Buffer.from([0x32, 0x2c, 0xff, 0x0a]),
    ]);
    const result = await importFile(token, damaged, { ...PLAIN, encoding: 'utf-8' });
    assert.deepEqual([result.faultyRows, result.ordersCreated], [2, 0]);
    const sound = await importFile(token, csv('1,2024-05-01,So\uFFFDup,1,4'));
    assert.deepEqual([sound.faultyRows, sound.ordersCreated], [0, 1]);
  });

  test('are all counted, and the first thousand shown', async () => {
    const { token } = await api.restaurant();
    const bad = Array.from({ length: 1500 }, (_, index) => `${index},2024-05-01,Soup,1,none`);
    const result = await importFile(token, csv(...bad, '9999,2024-05-01,Soup,1,4'));
    assert.deepEqual(
      [result.rows, result.faultyRows, result.errors.length, result.ordersCreated],
      [1501, 1500, 1000, 1],
    );
    assert.equal(result.errors.at(-1).line, 1001);
  });

  test('leave an order with thousands of lines out: its id is none', async () => {
    const { token } = await api.restaurant();
    const many = Array.from({ length: 2001 }, () => 'table 1,2024-05-01,Soup,1,4');
    const result = await importFile(token, csv('good,2024-05-01,Soup,1,4', ...many));
    assert.deepEqual([result.faultyRows, result.ordersCreated, result.errors.length], [2001, 1, 1]);
    assert.match(result.errors[0].reason, /order "table 1" has 2001 lines.*orderId/);
    assert.equal(result.errors[0].line, 3);
  });
});

describe('imported twice', () => {
  test('a file adds nothing, and no item that was deleted since', async () => {
    const { token } = await api.restaurant();
    const file = csv('1,2024-05-01,Soup,1,4', '2,2024-05-01,Tea,2,2');
    const first = await importFile(token, file);
    const [item] = await list(token, '/v1/menu-items');
    const removed = await api.delete(`/v1/menu-items/${item.id}`, undefined, {
      token,
      headers: { 'if-match': `"${item.version}"` },
    });
    assert.equal(removed.status, 204, removed.text);
    const again = await importFile(token, file);
    assert.deepEqual([first.ordersCreated, first.ordersSkipped], [2, 0]);
    assert.deepEqual(
      [
        again.rows,
        again.ordersCreated,
        again.ordersSkipped,
        again.linesCreated,
        again.units,
        again.revenue,
        again.menuItemsCreated,
      ],
      [2, 0, 2, 0, 0, 0, 0],
    );
    assert.equal((await list(token, '/v1/menu-items')).length, 1);
    assert.equal((await sales(token, '2024-05-01')).revenue, 800);
  });

  test('the same numbers of another till are other orders', async () => {
    const { token } = await api.restaurant();
    await importFile(token, csv('1,2024-05-01,Soup,1,4'));
    const other = await importFile(token, csv('1,2024-05-01,Soup,1,4'), { ...PLAIN, source: 'bar' });
    assert.deepEqual([other.ordersCreated, other.menuItemsCreated], [1, 0]);
  });

  test('a mended file completes the orders that had faulty rows', async () => {
    const { token } = await api.restaurant();
    const broken = csv(
      '1,2024-05-01,Soup,1,4',
      '1,2024-05-01,Tea,2,??',
      '2,2024-05-01,Free,1,0',
      '2,2024-05-01,Tea,1,?',
    );
    const mended = csv(
      '1,2024-05-01,Soup,1,4',
      '1,2024-05-01,Tea,2,2',
      '2,2024-05-01,Free,1,0',
      '2,2024-05-01,Tea,1,2',
    );
    await importFile(token, broken);
    const before = await ordersByKey(token);
    const dry = await importFile(token, mended, PLAIN, { dryRun: true });
    const result = await importFile(token, mended);
    for (const { ordersCreated, ordersCompleted, ordersSkipped, linesCreated, units, revenue } of [dry, result]) {
      assert.deepEqual(
        [ordersCreated, ordersCompleted, ordersSkipped, linesCreated, units, revenue],
        [0, 2, 0, 2, 3, 600],
      );
    }
    for (const [key, total] of [
      ['1', 800],
      ['2', 200],
    ] as const) {
      const order = (await ordersByKey(token)).get(key);
      assert.deepEqual(
        [order.number, order.total, order.paidTotal, order.dueTotal],
        [before.get(key).number, total, total, 0],
      );
      assert.equal(order.lines.length, 2);
      assert.equal(order.version, 2);
      const payments = await rows('select amount, tendered from payments where order_id = $1', [order.id]);
      assert.deepEqual(payments, [{ amount: total, tendered: total }]);
    }
    const again = await importFile(token, mended);
    assert.deepEqual([again.ordersCompleted, again.ordersSkipped], [0, 2]);
  });

  test('a file that holds the mended rows alone does not replace the order', async () => {
    const { token } = await api.restaurant();
    await importFile(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Cake,1,3', '1,2024-05-01,Tea,2,??'));
    const result = await importFile(token, csv('1,2024-05-01,Tea,2,2'));
    assert.deepEqual([result.ordersCompleted, result.ordersSkipped], [0, 1]);
    assert.equal((await ordersByKey(token)).get('1').total, 700);
  });

  test('an order that somebody has touched since stays as it is', async () => {
    const { token } = await api.restaurant();
    await importFile(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Tea,2,??'));
    const order = (await ordersByKey(token)).get('1');
    expectStatus(200, await api.post(`/v1/orders/${order.id}/reopen`, {}, { token }));
    const result = await importFile(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Tea,2,2'));
    assert.deepEqual([result.ordersCompleted, result.ordersSkipped], [0, 1]);
    assert.equal((await ordersByKey(token)).get('1').total, 400);
  });

  test('and at once, every order is stored by one of the two', async () => {
    const { token, id } = await api.restaurant();
    const orders = Array.from({ length: 1200 }, (_, index) => `${index},2024-05-01,Item ${index % 7},1,4.00`);
    const results = await Promise.all([1, 2, 3].map(() => importFile(token, csv(...orders))));
    const sum = (field: string) => results.reduce((total, result) => total + result[field], 0);
    assert.deepEqual([sum('ordersCreated'), sum('ordersSkipped')], [1200, 2400]);
    assert.deepEqual([sum('revenue'), sum('menuItemsCreated')], [480_000, 7]);
    const [stored] = await rows(
      `select count(*)::int as orders, count(distinct number)::int as numbers, max(number) as last, sum(total)::int as total
       from orders where restaurant_id = $1`,
      [id],
    );
    assert.deepEqual(stored, { orders: 1200, numbers: 1200, last: 'IMP-2024-05-1200', total: 480_000 });
    assert.equal((await list(token, '/v1/menu-items')).length, 7);
  });
});

describe('the menu', () => {
  test('is used where it has the name, and added to where it lacks it', async () => {
    const { token } = await api.restaurant();
    const soup = await api.item(token, { name: 'Tomato Soup', price: 700 });
    const result = await importFile(
      token,
      csv('1,2024-05-01, tomato  SOUP ,1,4', '1,2024-05-01,Tea,1,2', '2,2024-05-01,TEA,1,3', '3,2024-05-01,tea,1,3'),
    );
    assert.equal(result.menuItemsCreated, 1);
    const order = (await ordersByKey(token)).get('1');
    assert.deepEqual(
      order.lines.map((line: Json) => [line.name, line.menuItemId === soup.id, line.unitPrice, line.categoryName]),
      [
        ['Tomato Soup', true, 400, 'Food'],
        ['Tea', false, 200, 'Imported'],
      ],
    );
    const items = await list(token, '/v1/menu-items');
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
    await importFile(token, file, mapping);
    const items = new Map((await list(token, '/v1/menu-items')).map((item) => [item.name, item]));
    const variants = (name: string) => items.get(name).variants.map((variant: Json) => [variant.name, variant.price]);
    assert.deepEqual(variants('Latte'), [
      ['S', 350],
      ['L', 450],
    ]);
    assert.equal(items.get('Latte').price, 450);
    const categories = (await list(token, '/v1/categories')).map((category) => category.name);
    assert.deepEqual(categories.sort(), ['Coffee', 'Food', 'Imported']);
    assert.deepEqual(
      [variants('Water'), items.get('Water').version],
      [[], plain.version],
      'an item without variants is given none',
    );
    const water = (await ordersByKey(token)).get('2').lines[2];
    assert.deepEqual([water.variantId, water.variantName], [null, '0.5 l']);

    await importFile(token, [`${HEADINGS},group,size`, '3,2024-05-01,Latte,1,5.50,,XL'].join('\n'), mapping);
    const latte = (await list(token, '/v1/menu-items')).find((item) => item.name === 'Latte');
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
    const result = await importFile(token, [`${HEADINGS},extras`, ...lines].join('\n'), mapping);
    assert.deepEqual([result.faultyRows, result.menuItemsCreated, result.modifiersCreated], [0, 3, 4]);
    const groups = await list(token, '/v1/modifier-groups');
    assert.deepEqual(
      groups
        .map((group) => [
          group.name,
          group.maxSelections,
          group.modifiers.map((one: Json) => [one.name, one.price, one.maxQuantity]),
        ])
        .sort(),
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
    const items = new Map((await list(token, '/v1/menu-items')).map((item) => [item.name, item]));
    assert.deepEqual([items.get('Burger').price, items.get('Wrap').price], [900, 700]);
    assert.deepEqual(items.get('Wrap').modifierGroupIds, items.get('Burger').modifierGroupIds);
    const order = (await ordersByKey(token)).get('0');
    const bacon = order.lines.find((one: Json) => one.unitPrice === 1200);
    assert.deepEqual(bacon.modifiers.map((one: Json) => [one.name, one.quantity, one.price, one.freeQuantity]).sort(), [
      ['Bacon', 2, 0, 0],
      ['Cheese', 1, 0, 0],
    ]);
    assert.equal(bacon.amount, 1200, 'the line keeps its price: the choices are in it');

    const more = await importFile(
      token,
      [`${HEADINGS},extras`, line(99, 'Burger', '9.50', 'Egg|Cheese')].join('\n'),
      mapping,
    );
    assert.deepEqual([more.menuItemsCreated, more.modifiersCreated], [0, 1]);
    const burgers = (await list(token, '/v1/modifier-groups')).find((group) => group.name === 'Choices (Burger)');
    assert.deepEqual([burgers.modifiers.length, burgers.version], [4, 2]);
  });
});

describe('a dry run', () => {
  test('says what would be stored and stores nothing', async () => {
    const { token, id } = await api.restaurant();
    const file = csv('1,2024-05-01,Soup,2,4', '2,2024-05-01,Tea,1,x');
    const dry = await importFile(token, file, PLAIN, { dryRun: true });
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
    assert.deepEqual(await list(token, '/v1/orders'), []);
    assert.deepEqual(await list(token, '/v1/menu-items'), []);
    assert.deepEqual(await list(token, '/v1/categories'), []);
    const left = await rows(
      'select 1 from import_rows where restaurant_id = $1 union all select 1 from import_orders where restaurant_id = $1',
      [id],
    );
    assert.deepEqual(left, []);
    const real = await importFile(token, file);
    assert.deepEqual([real.dryRun, real.ordersCreated, real.revenue], [false, 1, 800]);
  });
});

describe('refused are', () => {
  let restaurant: TestRestaurant;
  before(async () => {
    restaurant = await api.restaurant();
  });

  test('mappings with mistakes, each at its place', async () => {
    const cases: [mapping: unknown, pointers: string[]][] = [
      [{ ...PLAIN, unitPrice: undefined }, ['/mapping/unitPrice']],
      [{ ...PLAIN, linePrice: 'price' }, ['/mapping/linePrice']],
      [{ ...PLAIN, orderID: 'order' }, ['/mapping/orderID']],
      [{ ...PLAIN, item: undefined }, ['/mapping/item']],
      [{ ...PLAIN, time: undefined }, ['/mapping/time']],
      [{ ...PLAIN, time: { column: 'time', format: 'dd.mm.yyyy' } }, ['/mapping/time']],
      [{ ...PLAIN, time: { fixed: 'yesterday' } }, ['/mapping/time']],
      [{ ...PLAIN, encoding: 'klingon' }, ['/mapping/encoding']],
      [{ ...PLAIN, delimiter: 'tab' }, ['/mapping/delimiter']],
      [
        { ...PLAIN, header: false },
        ['/mapping/orderId', '/mapping/time/column', '/mapping/item', '/mapping/quantity', '/mapping/unitPrice'],
      ],
      [{ ...PLAIN, choices: { column: 'x', shape: 'tree' } }, ['/mapping/choices/shape']],
      [[], ['/mapping']],
      ['{"orderId":', ['/mapping']],
      [{ ...PLAIN, item: 'Item name', quantity: 9 }, ['/mapping/item', '/mapping/quantity']],
    ];
    for (const [mapping, pointers] of cases) {
      const problem = expectProblem(
        422,
        await send(restaurant.token, csv('1,2024-05-01,Soup,1,4'), mapping),
        JSON.stringify(mapping),
      );
      const found = problem.errors.map((error: Json) => error.pointer);
      for (const pointer of pointers) {
        assert.ok(
          found.some((one: string) => one === pointer || one.startsWith(`${pointer}/`)),
          `${pointer} in ${JSON.stringify(problem.errors)}`,
        );
      }
    }
    assert.deepEqual(await list(restaurant.token, '/v1/orders'), []);
  });

  test('columns the file does not have, with those it has', async () => {
    const answer = await send(restaurant.token, csv('1,2024-05-01,Soup,1,4'), { ...PLAIN, item: 'dish' });
    const problem = expectProblem(422, answer);
    assert.match(problem.detail, /There is no column "dish"\. The file has: "order", "time", "item", "qty", "price"\./);
    const twice = await send(restaurant.token, 'order,time,item,item,price\n', { ...PLAIN, quantity: undefined });
    assert.match(expectProblem(422, twice).detail, /2 columns "item".*number, 3 or 4/);
  });

  test('a column that holds no names but notes', async () => {
    const notes = Array.from({ length: 5001 }, (_, index) => `1${index},2024-05-01,note ${index},1,4`);
    const problem = expectProblem(422, await send(restaurant.token, csv(...notes), PLAIN));
    assert.match(problem.detail, /\/mapping\/item: This column has more than 5000 different names/);
    assert.deepEqual(await list(restaurant.token, '/v1/menu-items'), []);
    const [stored] = await rows(
      'select status, failure from imports where restaurant_id = $1 order by created_at desc limit 1',
      [restaurant.id],
    );
    assert.equal(stored.status, 'failed');
    assert.match(stored.failure, /5000 different names/);
  });

  test('forms without a file, with an empty one, with two, and bodies that are no form', async () => {
    const { token } = restaurant;
    const form = new FormData();
    form.set('mapping', JSON.stringify(PLAIN));
    assert.equal(
      expectProblem(422, await api.post('/v1/imports', undefined, { token, raw: form })).errors[0].pointer,
      '/file',
    );
    for (const empty of ['', '\n\n', HEADINGS.replace(/./g, ' ')]) {
      assert.equal(expectProblem(422, await send(token, empty, PLAIN)).errors[0].pointer, '/file');
    }
    const two = new FormData();
    for (const name of ['a', 'b']) two.append('file', new Blob([HEADINGS]), name);
    expectProblem(422, await api.post('/v1/imports', undefined, { token, raw: two }));
    const unknown = new FormData();
    unknown.set('file', new Blob([HEADINGS]), 'a');
    unknown.set('mapping', JSON.stringify(PLAIN));
    unknown.set('colour', 'red');
    assert.equal(
      expectProblem(422, await api.post('/v1/imports', undefined, { token, raw: unknown })).errors[0].pointer,
      '/colour',
    );
    expectProblem(415, await api.post('/v1/imports', { mapping: PLAIN }, { token }));
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expectProblem(400, await api.post('/v1/imports', undefined, { token, raw: '--x\r\nbroken', headers }));
    expectProblem(
      400,
      await api.post('/v1/imports', undefined, { token, raw: 'x', headers: { 'content-type': 'multipart/form-data' } }),
    );
  });

  test('files of more than 200 MB', async () => {
    const problem = expectProblem(413, await send(restaurant.token, new Uint8Array(201_000_000), PLAIN));
    assert.match(problem.detail, /200 MB/);
  });

  test('callers without the right, and other restaurants', async () => {
    const result = await importFile(restaurant.token, csv('1,2024-05-01,Soup,1,4'));
    const other = await api.restaurant();
    expectProblem(404, await api.get(`/v1/imports/${result.id}`, { token: other.token }));
    expectProblem(404, await api.get(`/v1/imports/${randomUUID()}`, { token: restaurant.token }));
    const key = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'reader', scopes: ['orders:read'] }, { token: restaurant.token }),
    );
    expectProblem(403, await send(key.secret, csv('2,2024-05-01,Soup,1,4'), PLAIN));
    expectProblem(403, await api.get(`/v1/imports/${result.id}`, { token: key.secret }));
    expectProblem(401, await send('nonsense', csv('2,2024-05-01,Soup,1,4'), PLAIN));
  });
});

describe('a request', () => {
  test('repeated with its Idempotency-Key gets the first answer, with another file a refusal', async () => {
    const { token } = await api.restaurant();
    const headers = { 'idempotency-key': randomUUID() };
    const file = csv('1,2024-05-01,Soup,1,4');
    const first = await send(token, file, PLAIN, { headers });
    const again = await send(token, file, PLAIN, { headers });
    assert.equal(expectStatus(201, first).ordersCreated, 1);
    assert.deepEqual(expectStatus(201, again), first.body);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    for (const other of [
      send(token, csv('2,2024-05-01,Soup,1,4'), PLAIN, { headers }),
      send(token, file, PLAIN, { headers, dryRun: true }),
    ]) {
      assert.equal(expectProblem(422, await other).code, 'idempotency_key_reused');
    }
  });

  test('sent twice at once with one Idempotency-Key is worked on once', async () => {
    const { token } = await api.restaurant();
    const headers = { 'idempotency-key': randomUUID() };
    const file = csv(...Array.from({ length: 300 }, (_, index) => `${index},2024-05-01,Soup,1,4`));
    const answers = await Promise.all([1, 2, 3].map(() => send(token, file, PLAIN, { headers })));
    for (const answer of answers) {
      if (answer.status === 409) assert.equal(expectProblem(409, answer).code, 'idempotency_key_in_use');
      else assert.equal(expectStatus(201, answer).ordersCreated, 300);
    }
    assert.ok(answers.some((answer) => answer.status === 201));
  });

  test('may carry the mapping as a file, as curl sends it', async () => {
    const { token } = await api.restaurant();
    const form = new FormData();
    form.set('mapping', new Blob([`\uFEFF${JSON.stringify(PLAIN)}`]), 'mapping.json');
    form.set('file', new Blob([csv('1,2024-05-01,Soup,1,4')]), '../../Käse "1".csv');
    form.set('kind', 'orders');
    const result = expectStatus(201, await api.post('/v1/imports', undefined, { token, raw: form }));
    assert.deepEqual([result.ordersCreated, result.fileName, result.kind], [1, 'Käse "1".csv', 'orders']);
  });

  test('leaves no temporary file', async () => {
    const uploads = async () => (await readdir(tmpdir())).filter((name) => /^[0-9a-f]{32}$/.test(name)).sort();
    const { token } = await api.restaurant();
    const before = await uploads();
    await importFile(token, csv('1,2024-05-01,Soup,1,4'));
    await send(token, csv('1,2024-05-01,Soup,1,4'), { ...PLAIN, item: 'nothing' });
    await send(token, csv('1,2024-05-01,Soup,1,4'), 'no json');
    // Deleting begins when the answer is out, so it may end a moment after it.
    for (let tries = 0; tries < 50 && (await uploads()).length > before.length; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(await uploads(), before);
  });

  test('that ended is in the audit log and the event feed, with the menu it made', async () => {
    const { token, id } = await api.restaurant();
    const result = await importFile(token, csv('1,2024-05-01,Soup,1,4'));
    const events = await rows('select type, subject_id, data from events where restaurant_id = $1 order by id', [id]);
    const types = events.map((event) => event.type);
    assert.deepEqual(types.slice(-3), ['category.created', 'menu_item.created', 'import.finished']);
    assert.deepEqual([events.at(-1)?.subject_id, events.at(-1)?.data.ordersCreated], [result.id, 1]);
  });

  test('whose import stopped without a word is shown as interrupted, and its rows are cleared by the next', async () => {
    const { token, id } = await api.restaurant();
    const { id: importId } = await importFile(token, csv('1,2024-05-01,Soup,1,4'));
    const setHeartbeat = (age: string) =>
      rows(
        `update imports set status = 'processing', finished_at = null, heartbeat_at = now() - $2::interval where id = $1`,
        [importId, age],
      );
    const status = async () => expectStatus(200, await api.get(`/v1/imports/${importId}`, { token })).status;
    await setHeartbeat('30 seconds');
    assert.equal(await status(), 'processing');
    await setHeartbeat('2 minutes');
    assert.equal(await status(), 'interrupted');
    await rows(
      `insert into import_rows (restaurant_id, import_id, line, order_key, is_faulty) values ($1, $2, 2, '1', true)`,
      [id, importId],
    );
    await importFile(token, csv('2,2024-05-01,Soup,1,4'));
    assert.deepEqual(await rows('select 1 from import_rows where restaurant_id = $1', [id]), []);
  });
});

describe('the orders of a real chain', () => {
  const { file, skip } = sharedData('chipotle-orders/orders.tsv');

  async function figures({ token, id }: TestRestaurant): Promise<Json> {
    const report = await sales(token, '2015-02-01');
    const bowl = report.data.find((row: Json) => row.label === 'Chicken Bowl');
    const totals = await rows(
      `select external_id, total from orders where restaurant_id = $1 and external_id in ('1', '2', '926', '1443') order by external_id`,
      [id],
    );
    const [lines] = await rows('select count(*)::int as lines from order_lines where restaurant_id = $1', [id]);
    return {
      orders: report.orders,
      lines: lines.lines,
      units: report.units,
      revenue: report.revenue,
      bowl: [bowl.units, bowl.revenue],
      totals: totals.map((row) => [row.external_id, row.total]),
    };
  }

  const EXPECTED = {
    orders: 1834,
    lines: 4622,
    units: 4972,
    revenue: 3_450_016,
    bowl: [761, 734_273],
    totals: [
      ['1', 1156],
      ['1443', 16_074],
      ['2', 1698],
      ['926', 20_525],
    ],
  };

  test('come to its own figures, imported twice the same', { skip }, async () => {
    const restaurant = await api.restaurant({ currency: 'USD', timezone: 'America/Chicago' });
    const content = readFileSync(file);
    const first = await importFile(restaurant.token, content, CHIPOTLE, { name: 'orders.tsv' });
    assert.deepEqual([first.faultyRows, first.menuItemsCreated, first.modifiersCreated], [0, 50, 46]);
    assert.deepEqual(await figures(restaurant), EXPECTED);
    const again = await importFile(restaurant.token, content, CHIPOTLE);
    assert.deepEqual([again.ordersCreated, again.ordersSkipped, again.menuItemsCreated], [0, 1834, 0]);
    assert.deepEqual(await figures(restaurant), EXPECTED);

    const groups = await list(restaurant.token, '/v1/modifier-groups');
    const modifiers = groups.flatMap((group) => group.modifiers);
    assert.equal(modifiers.length, 46);
    assert.deepEqual(
      modifiers.filter((modifier: Json) => modifier.price > 0).map((modifier: Json) => [modifier.name, modifier.price]),
      [['Guacamole', 250]],
    );
    const bowl = (await list(restaurant.token, '/v1/menu-items')).find((item) => item.name === 'Chicken Bowl');
    assert.equal(bowl.price, 875);
  });

  test('come to the same when their lines are shuffled', { skip }, async () => {
    const restaurant = await api.restaurant({ currency: 'USD', timezone: 'America/Chicago' });
    const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    // A fixed permutation: 2017 has no factor in common with the number of lines.
    const shuffled = lines.map((_, index) => lines[(index * 2017) % lines.length]);
    await importFile(restaurant.token, [head, ...shuffled].join('\r\n'), CHIPOTLE);
    assert.deepEqual(await figures(restaurant), EXPECTED);
  });
});
