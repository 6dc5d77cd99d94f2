import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { csv, HEADINGS, ImportClient, PLAIN } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';

let api: TestApi;
let client: ImportClient;

before(async () => {
  api = await startApi();
  client = new ImportClient(api);
});
after(() => api.close());

describe('the file', () => {
  const cells = [
    ['order', 'time', 'item', 'qty', 'price'],
    ['1', '2024-05-01', 'Café crème', '2', '3.10'],
    ['2', '2024-05-01', 'Soup', '1', '4.50'],
  ];
  const text = (delimiter: string, lineEnd: string) => cells.map((line) => line.join(delimiter)).join(lineEnd);
  const utf16be = (content: string) => Buffer.from(content, 'utf16le').swap16();
  const bytes = (...parts: (number[] | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
  const files: [what: string, content: string | Uint8Array][] = [
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
      const result = await client.run(token, content);
      assert.deepEqual(
        [result.faultyRows, result.ordersCreated, result.revenue],
        [0, 2, 1070],
        JSON.stringify(result.errors),
      );
      assert.equal((await client.ordersByKey(token)).get('1').lines[0].name, 'Café crème');
    });
  }

  test('is read in the encoding that the mapping names', async () => {
    const { token } = await api.restaurant();
    const content = Buffer.concat([
      Buffer.from(`${HEADINGS}\n1,2024-05-01,`),
      Buffer.from([0xd3, 0xf3, 0xef]),
      Buffer.from(',1,4'),
    ]);
    await client.run(token, content, { ...PLAIN, encoding: 'windows-1251' });
    assert.equal((await client.ordersByKey(token)).get('1').lines[0].name, 'Ууп');
  });

  test('may have no headings, and lines before them', async () => {
    const { token } = await api.restaurant();
    const numbers = { orderId: 1, time: { column: 2 }, item: 3, unitPrice: 4 };
    await client.run(token, '1,2024-05-01,Soup,4\n1,2024-05-01,Tea,2\n', { ...numbers, header: false });
    const report = `Export of 2024\nTill 3, all "orders\n${csv('2,2024-05-01,Soup,1,4')}`;
    await client.run(token, report, { ...PLAIN, skipLines: 2 });
    const orders = await client.ordersByKey(token);
    assert.deepEqual([orders.get('1').total, orders.get('2').total], [600, 400]);
  });

  test('may hold quotes that mean nothing, and quoted cells with delimiters and line ends', async () => {
    const { token } = await api.restaurant();
    const tabs = [
      'order\ttime\titem\tqty\tprice',
      '1\t2024-05-01\t"Hot" wings\t1\t4',
      '2\t2024-05-01\t5" pizza\t1\t9',
    ].join('\n');
    await client.run(token, tabs);
    await client.run(token, csv('3,2024-05-01,"Soup, ""large""\nwith bread",1,"1,204.50"'));
    const orders = await client.ordersByKey(token);
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
      ['7,2024-02-30,Soup,1,4,EUR,,delivery,', /"2024-02-30" does not match the format iso/],
      ['7,,Soup,1,4,EUR,,delivery,', /time is empty/],
      ['7,2024-05-01, ,1,4,EUR,,delivery,', /item is empty/],
      [`7,2024-05-01,${'x'.repeat(201)},1,4,EUR,,delivery,`, /item is longer than 200/],
      ['7,2024-05-01,Soup,0,4,EUR,,delivery,', /quantity "0" is not above zero/],
      ['7,2024-05-01,Soup,-1,4,EUR,,delivery,', /quantity "-1" is not above zero/],
      ['7,2024-05-01,Soup,1.5,4,EUR,,delivery,', /quantity "1.5" is not a whole number/],
      ['7,2024-05-01,Soup,1,,EUR,,delivery,', /price is empty/],
      ['7,2024-05-01,Soup,1,abc,EUR,,delivery,', /price "abc" is not an amount of money/],
      ['7,2024-05-01,Soup,1,-4,EUR,,delivery,', /price "-4" is negative/],
      ['7,2024-05-01,Soup,1,4.005,EUR,,delivery,', /two ways/],
      ['7,2024-05-01,Soup,1,4,USD,,delivery,', /currency is "USD", but the restaurant uses EUR/],
      ['7,2024-05-01,Soup,1,4,EUR,[Rice,delivery,', /not a list in brackets/],
      ['7,2024-05-01,Soup,1,4,EUR,,drive-in,', /type "drive-in" is not known/],
      ['7,2024-05-01,Soup,1,4,EUR,,delivery,' + 'y'.repeat(101), /variant is longer than 100/],
      ['7,2024-05-01,Soup,1', /has 4 columns instead of 9/],
      ['7,2024-05-01,Soup,1,4,EUR,,delivery,,more', /has 10 columns instead of 9/],
      ['7,2024-05-01,"Soup,1,4,EUR,,delivery,', /a quote is opened but never closed/],
      ['7,2024-05-01,So\u0000up,1,4,EUR,,delivery,', /contains NUL/],
    ];
    const good = '8,2024-05-01,Soup,2,4.00,eur,[Rice],Delivery,large';
    const file = [headings, ...cases.map(([row]) => row), good].join('\n');
    const result = await client.run(token, file, mapping, { name: 'week 18.csv' });
    assert.deepEqual([result.rows, result.faultyRows, result.ordersCreated], [cases.length + 1, cases.length, 1]);
    for (const [index, [row, reason]] of cases.entries()) {
      const error = result.errors[index];
      assert.deepEqual([error.file, error.line], ['week 18.csv', index + 2], row);
      assert.match(error.reason, reason);
    }
    const order = (await client.ordersByKey(token)).get('8');
    assert.deepEqual([order.type, order.total, order.lines[0].variantName], ['delivery', 800, 'large']);
  });

  test('with bytes that the encoding does not know are told from text that holds a replacement character', async () => {
    const { token } = await api.restaurant();
    const damaged = Buffer.concat([
      Buffer.from(csv('1,2024-05-01,So\uFFFDup,1,4')),
      Buffer.from([0x32, 0x2c, 0xff, 0x0a]),
    ]);
    const result = await client.run(token, damaged, { ...PLAIN, encoding: 'utf-8' });
    assert.deepEqual([result.faultyRows, result.ordersCreated], [2, 0]);
    const sound = await client.run(token, csv('1,2024-05-01,So\uFFFDup,1,4'));
    assert.deepEqual([sound.faultyRows, sound.ordersCreated], [0, 1]);
  });

  test('are all counted, and the first thousand shown', async () => {
    const { token } = await api.restaurant();
    const bad = Array.from({ length: 1500 }, (_, index) => `${index},2024-05-01,Soup,1,none`);
    const result = await client.run(token, csv(...bad, '9999,2024-05-01,Soup,1,4'));
    assert.deepEqual(
      [result.rows, result.faultyRows, result.errors.length, result.ordersCreated],
      [1501, 1500, 1000, 1],
    );
    assert.equal(result.errors.at(-1).line, 1001);
  });

  test('leave an order with thousands of lines out: its id is none', async () => {
    const { token } = await api.restaurant();
    const many = Array.from({ length: 2001 }, () => 'table 1,2024-05-01,Soup,1,4');
    const result = await client.run(token, csv('good,2024-05-01,Soup,1,4', ...many));
    assert.deepEqual([result.faultyRows, result.ordersCreated, result.errors.length], [2001, 1, 1]);
    assert.match(result.errors[0].reason, /order "table 1" has 2001 lines.*orderId/);
    assert.equal(result.errors[0].line, 3);
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
        await client.send(restaurant.token, csv('1,2024-05-01,Soup,1,4'), mapping),
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
    assert.deepEqual(await client.list(restaurant.token, '/v1/orders'), []);
  });

  test('columns the file does not have, with those it has', async () => {
    const answer = await client.send(restaurant.token, csv('1,2024-05-01,Soup,1,4'), { ...PLAIN, item: 'dish' });
    const problem = expectProblem(422, answer);
    assert.match(problem.detail, /There is no column "dish"\. The file has: "order", "time", "item", "qty", "price"\./);
    const twice = await client.send(restaurant.token, 'order,time,item,item,price\n', {
      ...PLAIN,
      quantity: undefined,
    });
    assert.match(expectProblem(422, twice).detail, /2 columns "item".*number, 3 or 4/);
    const spelled = await client.send(
      restaurant.token,
      'ORDER,time,Item,item,qty,price\n1,2024-05-01,a,b,1,2\n',
      PLAIN,
      { dryRun: true },
    );
    assert.equal(spelled.body.linesCreated, 1);
    const more = Array.from({ length: 496 }, (_, index) => `c${index}`).join();
    const wide = await client.send(restaurant.token, `order,time,item,qty,price,${more}\n`, PLAIN);
    assert.match(expectProblem(422, wide).detail, /The file has 501 columns: more than 500 are not read/);
  });

  test('a column that holds no names but notes', async () => {
    const notes = Array.from({ length: 5001 }, (_, index) => `1${index},2024-05-01,note ${index},1,4`);
    const problem = expectProblem(422, await client.send(restaurant.token, csv(...notes), PLAIN));
    assert.match(problem.detail, /\/mapping\/item: This column has more than 5000 different names/);
    assert.deepEqual(await client.list(restaurant.token, '/v1/menu-items'), []);
    const [stored] = await client.rows(
      'select status, failure from imports where restaurant_id = $1 order by created_at desc limit 1',
      [restaurant.id],
    );
    assert.equal(stored.status, 'failed');
    assert.match(stored.failure, /5000 different names/);
  });

  test('more choices taken on more items than any menu has, before any of them is added', async () => {
    const taken = Array.from({ length: 30 }, (_, choice) => `c${choice}`).join('|');
    const rows = Array.from({ length: 700 }, (_, item) => `${item},2024-05-01,item ${item},${taken},4`);
    const mapping = { ...PLAIN, quantity: undefined, choices: { column: 'choices', shape: 'list', separator: '|' } };
    const answer = await client.send(restaurant.token, ['order,time,item,choices,price', ...rows].join('\n'), mapping);
    assert.match(expectProblem(422, answer).detail, /more than 20000 combinations of an item and a choice/);
    assert.deepEqual(await client.list(restaurant.token, '/v1/menu-items'), []);
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
      assert.equal(expectProblem(422, await client.send(token, empty, PLAIN)).errors[0].pointer, '/file');
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
    const problem = expectProblem(413, await client.send(restaurant.token, new Uint8Array(201_000_000), PLAIN));
    assert.match(problem.detail, /200 MB/);
  });

  test('callers without the right, and other restaurants', async () => {
    const result = await client.run(restaurant.token, csv('1,2024-05-01,Soup,1,4'));
    const other = await api.restaurant();
    expectProblem(404, await api.get(`/v1/imports/${result.id}`, { token: other.token }));
    expectProblem(404, await api.get(`/v1/imports/${randomUUID()}`, { token: restaurant.token }));
    const key = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'reader', scopes: ['orders:read'] }, { token: restaurant.token }),
    );
    expectProblem(403, await client.send(key.secret, csv('2,2024-05-01,Soup,1,4'), PLAIN));
    expectProblem(403, await api.get(`/v1/imports/${result.id}`, { token: key.secret }));
    expectProblem(401, await client.send('nonsense', csv('2,2024-05-01,Soup,1,4'), PLAIN));
  });
});
