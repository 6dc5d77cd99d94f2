/** Lists and reports as CSV and XLSX, held against the lists themselves. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import readline from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { currencyDecimals } from '../../src/domain/number/money.js';
import { readWallClock } from '../../src/domain/restaurant/wallClock.js';
import type { Request, Response } from 'express';
import type { Call } from '../../src/domain/shared/call.js';
import { ListExports } from '../../src/routes/support/export/ListExports.js';
import type { RestaurantService } from '../../src/services/RestaurantService.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { inlined } from '../support/description.js';
import { expectProblem } from '../support/problem.js';
import { SERVER_CHILD } from '../support/serverChild.js';
import { hasPython, readCsv, readXlsx, type SheetCell } from '../support/spreadsheets.js';

/** 100,000 take some minutes: they are for whoever changes the exports. */
const MANY = Number(process.env['SERVIO_EXPORT_ROWS'] ?? 2_000);
/** The server itself takes some 60 MB of it; 2,000 orders at once would take as much again. */
const HEAP_MB = 96;
const NAMES = [
  '=1+1',
  '+SUM(A1)',
  '-5 apples',
  '-12.50',
  '@cmd',
  "'=quoted",
  "'n Bier",
  'a,b;"c"',
  'مطعم الشرق',
  '🍜 麺',
  'tab\there',
];
/** Fields of money, by name: the export must take the same for money. */
const MONEY =
  /(?:^|\.)(?:gain|loss|net|amount|refundAmount|price|balance|opening|issued|redeemed|expired|cancelled|outstanding|goods|serviceCharge|tax|vouchers|orderTip|revenue|netRevenue|vouchersSold|vouchersRedeemed|cost|contributionMargin|grossMargin|totalMargin|minimumOrder|value|tip|tendered|change|refunded|rounding|net|unitCost|openingFloat|expected|counted|difference|salesKept|moneyKept|otherDays|\w*(?:Total|Sales|Price|Cost|Value|Difference)|total|subtotal)$/;
/** They are no money, though their names say so. */
const NO_MONEY = /^(?:unitsWithoutCost|countDifference|cancelledOrders\.count|deposits\.\w+\.count)$/;
/** Amounts that are stated as decimal text, or inside of a list. */
const AS_STATED = /^totals\./;

/** The one that makes a formula a text. */
const APOSTROPHE = /^'(?='*[=+\-@\t\r\n])/;

const INSERT_ORDERS = `
  insert into orders (restaurant_id, id, number, status, type, business_date, currency, table_name, customer, subtotal, discount_total,
    service_charge_total, tax_total, tax_included_total, order_tip, tip_total, total, paid_total, refunded_total, refunded_sale_total,
    created_by, created_at, updated_at)
  select $1, ('019a3c00-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'M-' || n, case when n % 3 = 0 then 'completed' else 'placed' end,
    'takeaway', date '2026-11-01' + n % 20, 'EUR', null, null, n, 0, 0, 0, 0, 0, 0, n, 0, 0, 0, 'user:1', now(), now()
  from generate_series(1, $2::int) n`;

describe('exports', () => {
  let api: TestApi;
  let demo: Json;
  let lists: { path: string; parameters: Json[] }[];

  before(async () => {
    api = await startApi({ demoSessions: { isOn: true, hours: 24, most: 3 } });
    demo = expectStatus(201, await api.post('/v1/demo-sessions', {}));
    const document = inlined(expectStatus(200, await api.get('/openapi.json')));
    lists = Object.entries<Json>(document.paths).flatMap(([path, { get }]) => {
      const parameters: Json[] = get?.parameters ?? [];
      return parameters.some(({ name }) => name === 'format') ? [{ path, parameters }] : [];
    });
  });
  after(() => api.close());

  const withQuery = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query).toString()}`;

  async function everyPage(path: string, query: Record<string, string>, token: string): Promise<Json> {
    const data: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more: Record<string, string> = cursor === '' ? {} : { cursor };
      const page: Json = expectStatus(200, await api.get(withQuery(path, { ...query, ...more }), { token }));
      data.push(...(page.data ?? page.days));
      cursor = page.nextCursor ?? null;
      if (cursor === null) return { ...page, data };
    }
  }

  /** The bytes of an export: `text()` would take the byte order mark off. */
  async function fileOf(path: string, query: Record<string, string>, token: string): Promise<Buffer> {
    const response = await fetch(api.url + withQuery(path, query), { headers: { authorization: `Bearer ${token}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, bytes.toString());
    return bytes;
  }

  const csvOf = async (path: string, query: Record<string, string>, token: string) =>
    readCsv((await fileOf(path, { ...query, format: 'csv' }, token)).toString());

  /** Workbooks with the rows that they should have, all read by one Python. */
  const workbooks: { path: string; bytes: Buffer; rows: string[][] }[] = [];
  async function assertWorkbooks(): Promise<void> {
    const some = workbooks.splice(0);
    const textOf = (cell: SheetCell) => (Array.isArray(cell) ? cell[1] : cell);
    const found = hasPython ? await readXlsx(...some.map(({ bytes }) => bytes)) : [];
    for (const [index, sheets] of found.entries()) {
      const texts = sheets[0]?.rows.map((row) => row.map(textOf));
      assert.deepEqual(texts, some[index]?.rows, some[index]?.path);
    }
  }

  /** The text of a field in an export, made from the JSON answer by the name of its column. */
  function expected(row: Json, column: string, page: Json): string {
    const path = column.split('.');
    const value = path.reduce((found: Json, field) => found?.[field], row);
    if (column === 'currency') return value ?? page.currency ?? 'EUR';
    if (value === null || value === undefined) return '';
    if (MONEY.test(column) && !NO_MONEY.test(column) && !AS_STATED.test(column) && /^-?[\d.]+$/.test(String(value))) {
      const digits = currencyDecimals(row.currency ?? page.currency ?? 'EUR');
      const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
      const padded = whole.padStart(digits + 1, '0');
      return `${sign}${padded.slice(0, padded.length - digits)}.${padded.slice(padded.length - digits)}${fraction}`;
    }
    if (typeof value === 'object') {
      if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
      return JSON.stringify(value);
    }
    if (/^\d{4}-\d\d-\d\dT.*Z$/.test(String(value))) {
      const { hour } = readWallClock(new Date(value), demo.restaurant.timezone);
      return `T${String(hour).padStart(2, '0')}${String(value).slice(13, -1)}`;
    }
    return String(value);
  }

  /**
   * The text without the apostrophe that makes it safe; of a time, the part that `expected` has.
   */
  function unsafe(text: string): string {
    const time = /^\d{4}-\d\d-\d\d(T.*)[+-]\d\d:\d\d$/.exec(text)?.[1];
    return time ?? text.replace(APOSTROPHE, '');
  }

  async function assertSame(path: string, query: Record<string, string>, token: string): Promise<Json[]> {
    const page = await everyPage(path, query, token);
    const [header = [], ...records] = await csvOf(path, query, token);
    assert.equal(new Set(header).size, header.length);
    const wanted = page.data.map((row: Json) => header.map((column) => expected(row, column, page)));
    assert.deepEqual(
      records.map((record) => record.map(unsafe)),
      wanted,
      path,
    );
    const rows = [header, ...records.map((record) => record.map((text) => text.replace(APOSTROPHE, '')))];
    workbooks.push({ path, bytes: await fileOf(path, { ...query, format: 'xlsx' }, token), rows });
    return page.data;
  }

  test('equal each list and report, field by field and to the cent', async (context) => {
    if (!hasPython) context.diagnostic('XLSX is not read: there is no python3.');
    // The demo has trade; its owner may not do all that another owner may.
    const { token: owner } = await api.restaurant();
    expectStatus(201, await api.post('/v1/api-keys', { name: 'till', scopes: ['orders:read'] }, { token: owner }));
    const pool = { name: 'Gift cards', kind: 'voucher', value: 5050, expiresAfterDays: 100 };
    const { id: poolId } = expectStatus(201, await api.post('/v1/code-pools', pool, { token: owner }));
    const token: string = demo.accessToken;
    const filled: string[] = [];
    for (const { path, parameters } of lists) {
      const needsDays = parameters.some(({ name, required }) => name === 'from' && required);
      const days: Record<string, string> = needsDays ? { from: '2026-10-01', to: '2026-12-31' } : {};
      const collection = /^(\/v1\/[\w-]+)\/\{id\}/.exec(path)?.[1];
      let found = poolId;
      if (collection !== undefined && collection !== '/v1/code-pools') {
        [found] = expectStatus(200, await api.get(`${collection}?limit=1`, { token })).data.map(({ id }: Json) => id);
        if (found === undefined) continue;
      }
      const target = path.replace('{id}', found);
      const isDemo = (await api.get(withQuery(target, days), { token })).status === 200;
      const rows = await assertSame(target, days, isDemo ? token : owner);
      if (rows.length > 0) filled.push(path);
    }
    await assertWorkbooks();
    assert.ok(lists.length > 35, `only ${lists.length} lists are exported`);
    assert.ok(filled.length > 20, `only ${filled.length} lists have rows: ${filled.join(' ')}`);
  });

  test('are safe to open: formulas are text, and all else is as it was written', async () => {
    const { token } = await api.restaurant();
    for (const name of NAMES)
      expectStatus(201, await api.post('/v1/suppliers', { name, notes: `1\n"${name}"` }, { token }));
    const [header = [], ...records] = await csvOf('/v1/suppliers', {}, token);
    const column = header.indexOf('name');
    assert.deepEqual(records.map((record) => record[column] ?? '').sort(), [
      "''=quoted",
      "'+SUM(A1)",
      "'-5 apples",
      "'=1+1",
      "'@cmd",
      "'n Bier",
      '-12.50',
      'a,b;"c"',
      'tab\there',
      'مطعم الشرق',
      '🍜 麺',
    ]);
    assert.deepEqual(
      records.map((record) => record[header.indexOf('notes')] ?? '').sort(),
      NAMES.map((name) => `1\n"${name}"`).sort(),
    );
    if (!hasPython) return;
    const [[sheet] = []] = await readXlsx(await fileOf('/v1/suppliers', { format: 'xlsx' }, token));
    const names = sheet?.rows.slice(1).map((row) => row[column]);
    assert.deepEqual(names?.sort(), [...NAMES].sort());
  });

  test('have the filters of the view and all of its pages, and come as a file', async () => {
    const { token, id } = await api.restaurant({ currency: 'JPY' });
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query(`select set_config('app.restaurant_id', $1, false)`, [id]);
      await owner.query(INSERT_ORDERS, [id, 1_700]);
    });
    const query = { status: 'completed', from: '2026-11-02', to: '2026-11-19', sort: 'businessDate', lines: 'false' };
    const rows = await assertSame('/v1/orders', { ...query, limit: '100' }, token);
    assert.ok(rows.length > 500, `only ${rows.length}`);
    await assertWorkbooks();
    const answer = await api.get(withQuery('/v1/orders', { ...query, format: 'csv' }), { token });
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const disposition = 'attachment; filename="orders-2026-11-02-2026-11-19.csv"';
    assert.equal(answer.headers.get('content-disposition'), disposition);
    const head = await api.request('HEAD', withQuery('/v1/orders', { format: 'xlsx' }), undefined, { token });
    assert.deepEqual([head.status, head.text], [200, '']);
    expectProblem(422, await api.get('/v1/orders?format=pdf', { token }));
    expectProblem(422, await api.get('/v1/orders?format=csv&status=eaten', { token }));
    expectProblem(422, await api.get('/v1/orders?format=csv&cursor=x', { token }));
    expectProblem(422, await api.get('/v1/restaurant?format=csv', { token }));
    const key = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'k', scopes: ['menu:read'] }, { token }),
    ).secret;
    expectProblem(403, await api.get('/v1/orders?format=csv', { token: key }));
  });

  test('write no warning of Node into the log', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void (message.includes('ServerResponse') && warnings.push(message));
    process.on('warning', note);
    // A server that listens alone adds some more to each answer than this one.
    const usual = EventEmitter.defaultMaxListeners;
    EventEmitter.defaultMaxListeners = 7;
    try {
      for (const format of ['csv', 'xlsx']) await fileOf('/v1/orders', { format }, demo['accessToken']);
      await new Promise(setImmediate);
    } finally {
      EventEmitter.defaultMaxListeners = usual;
      process.off('warning', note);
    }
    assert.deepEqual(warnings, []);
  });

  test('run two at a time for a restaurant, and further ones wait for their end', async () => {
    const settings = { currency: 'EUR', timezone: 'UTC' };
    // Only `get` is asked.
    const exports = new ListExports({
      restaurants: { get: () => Promise.resolve(settings) } as unknown as RestaurantService,
    });
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const start = (restaurantId: string) =>
      exports.send({
        table: { rows: 'data', columns: [], isPaged: true, pageRows: 1, addsCurrency: false },
        format: 'csv',
        path: '/v1/orders',
        query: {},
        // The parts of a call, a request and a response that an export reads.
        call: { restaurantId } as Call,
        request: { method: 'HEAD' } as Request,
        response: { status: () => ({ set: () => undefined }), end: () => undefined } as unknown as Response,
        read: () => {
          begun.push(restaurantId);
          return new Promise((resolve) => ends.push(() => resolve({ data: [], nextCursor: null })));
        },
      });
    const sent = ['a', 'a', 'a', 'b'].map(start);
    await new Promise(setImmediate);
    assert.deepEqual(begun, ['a', 'a', 'b']);
    ends.shift()?.();
    await sent[0];
    await new Promise(setImmediate);
    assert.deepEqual(begun, ['a', 'a', 'b', 'a']);
    for (const end of ends) end();
    await Promise.all(sent);
  });

  test(`of ${MANY} orders take little memory, while nobody reads them and then`, async () => {
    const { token, id } = await api.restaurant();
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query(`select set_config('app.restaurant_id', $1, false)`, [id]);
      await owner.query(INSERT_ORDERS, [id, MANY]);
    });
    const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, SERVER_CHILD, api.database.appUrl], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const port = String((await lines.next()).value);
      const open = (format: string) =>
        fetch(`http://127.0.0.1:${port}/v1/orders?format=${format}`, { headers: { authorization: `Bearer ${token}` } });
      // Nobody reads the first two yet, so they keep both places of the restaurant.
      const [csv, xlsx] = await Promise.all([open('csv'), open('xlsx')]);
      if (MANY > 20_000) assert.equal((await open('csv')).status, 503);
      let sum = 0n;
      const records = readCsv(Buffer.from(await csv.arrayBuffer()).toString());
      const column = records[0]?.indexOf('total') ?? -1;
      for (const record of records.slice(1)) sum += BigInt(record[column]?.replace('.', '') ?? '');
      assert.equal(sum, (BigInt(MANY) * BigInt(MANY + 1)) / 2n);
      const bytes = new Uint8Array(await xlsx.arrayBuffer());
      if (hasPython) assert.equal((await readXlsx(bytes))[0]?.[0]?.rows.length, MANY + 1);
      child.stdin.end();
      const rss = Number((await lines.next()).value);
      if (MANY > 20_000) console.log(`${MANY} orders: ${rss / 1e6} MB at most, XLSX ${bytes.length / 1e6} MB`);
      await once(child, 'exit');
      assert.equal(child.exitCode, 0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
