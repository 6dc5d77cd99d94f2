/**
 * Bodies that no client should send. Each gets the status that the contract names, and nothing is
 * stored.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { openConnection, type RawAnswer, sendRaw } from '../support/rawHttp.js';
import { digestRows } from '../support/rows.js';

interface Endpoint {
  name: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Would be accepted. */
  good: Json;
  /** Changes that make the good body invalid, and the field that the answer must point at. */
  bad: [pointer: string, fields: object][];
}

const NOT_AMOUNTS = [-1, 0.5, 12.345, '1000', null, true, [1000], { value: 1 }, 2 ** 53 + 2, 1e21, -0.01];
const NOT_TEXTS = ['', '   ', 7, false, ['x'], {}, 'x'.repeat(100_000), 'a\u0000b', '\u0000', 'half \ud800', '\udc00'];
/** As long as a text can be in a body from callers without a credential. */
const NOT_STRANGERS_TEXTS = NOT_TEXTS.map((text) => (typeof text === 'string' ? text.slice(0, 15_000) : text));
/** Literals that JSON.stringify does not write. */
const NUMBER_TEXTS = ['1e400', '-1e400', '9007199254740993', '1e-400', '123456789012345678901234567890'];
const NOT_JSON = [
  '{"a":',
  '{"a":NaN}',
  '{"a":Infinity}',
  '{"a":-Infinity}',
  '{"a":undefined}',
  "{'a':1}",
  '{"a":1,}',
  '{"a":01}',
  '{"a":+1}',
  '{"a":0x10}',
  '{"a":"\u0001"}',
  '{}{}',
  'a',
  '[',
  '"\\ud8"',
  '<a/>',
  ' ',
];
const NOT_OBJECTS = ['[]', '[{}]', '"text"', '1', 'true', 'null', '1e400'];

/** Strangers may send small bodies only, and at the door even smaller ones. */
function maxBytesOf({ path, headers }: Endpoint): number {
  if (headers['authorization'] !== undefined) return 1_000_000;
  return path === '/v1/auth/login' ? 4_000 : 16_000;
}

/** Faults that pages in other languages can only say in English. */
const WORDED: readonly string[] = [
  'Give an object.',
  'Give either percent or amount.',
  'Give true or false.',
  'Text must not contain a NUL character or half a surrogate pair.',
];

describe('bad bodies', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let endpoints: Endpoint[];

  before(async () => {
    api = await startApi();
    mine = await api.restaurant();
    endpoints = await makeEndpoints();
  });
  after(() => api.close());

  async function makeEndpoints(): Promise<Endpoint[]> {
    const { token } = mine;
    const group = expectStatus(
      201,
      await api.post(
        '/v1/modifier-groups',
        { name: 'Extras', modifiers: [{ name: 'Egg', price: 100 }], maxSelections: 2 },
        { token },
      ),
    );
    const item = await api.item(token, { modifierGroupIds: [group.id] });
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    const authorization = `Bearer ${token}`;
    const line = { menuItemId: item.id, quantity: 1 };
    return [
      {
        name: 'orders',
        method: 'POST',
        path: '/v1/orders',
        headers: { authorization },
        good: { type: 'takeaway', lines: [line] },
        bad: [
          ...['dinein', '', null, 1, ['takeaway']].map((type): [string, object] => ['/type', { type }]),
          ...[null, {}, 'lines', [], [null], [[]]].map((lines): [string, object] => ['/lines', { lines }]),
          ...[0, -1, 1.5, '1', null, 10_001, 2 ** 53, true].map((quantity): [string, object] => [
            '/lines/0/quantity',
            { lines: [{ ...line, quantity }] },
          ]),
          ...['', 'x', null, 1, randomUUID().slice(1), `${randomUUID()} `].map((menuItemId): [string, object] => [
            '/lines/0/menuItemId',
            { lines: [{ ...line, menuItemId }] },
          ]),
          ...[0, -1, 0.5, 101].map((quantity): [string, object] => [
            '/lines/0/modifiers/0/quantity',
            { lines: [{ ...line, modifiers: [{ modifierId: group.modifiers[0].id, quantity }] }] },
          ]),
          ...NOT_AMOUNTS.filter((tip) => tip !== null).map((tip): [string, object] => ['/tip', { tip }]),
          ...NOT_AMOUNTS.map((amount): [string, object] => ['/discounts/0/amount', { discounts: [{ amount }] }]),
          ...['-1', '100.01', '5.12345', 'NaN', '', '1e1', -1, 101, 0.00001].map((percent): [string, object] => [
            '/discounts/0/percent',
            { discounts: [{ percent }] },
          ]),
          ['/discounts/0', { discounts: [{ amount: 1, percent: '1' }] }],
          ['/discounts/0', { discounts: [{}] }],
          ...NOT_TEXTS.map((notes): [string, object] => ['/notes', { notes }]),
          ...NOT_TEXTS.map((table): [string, object] => ['/table', { table }]),
          ...NOT_TEXTS.map((name): [string, object] => ['/customer/name', { customer: { name } }]),
          ...[
            'tomorrow',
            '2026-02-30T10:00:00Z',
            '2026-01-01',
            5,
            '2026-01-01T00:00:00',
            '+010000-01-01T00:00:00Z',
          ].map((scheduledFor): [string, object] => ['/scheduledFor', { scheduledFor }]),
          ['/scheduledFor', { scheduledFor: '2001-01-01T00:00:00Z' }],
          ['/scheduledFor', { scheduledFor: '9999-12-31T23:59:59.9999Z' }],
          ['/notes', { notes: 'card 4111 1111 1111 1111' }],
          ['/lines', { lines: Array.from({ length: 501 }, () => line) }],
          ['/lines/0/surprise', { lines: [{ ...line, surprise: 1 }] }],
          ['/restaurantId', { restaurantId: randomUUID() }],
          ['/total', { total: 1 }],
        ],
      },
      {
        name: 'menu items',
        method: 'POST',
        path: '/v1/menu-items',
        headers: { authorization },
        good: { name: 'Tea', price: 300, categoryId: item.categoryId },
        bad: [
          ...NOT_AMOUNTS.map((price): [string, object] => ['/price', { price }]),
          ...NOT_AMOUNTS.map((price): [string, object] => ['/variants/0/price', { variants: [{ name: 'L', price }] }]),
          ...[...NOT_TEXTS, null].map((name): [string, object] => ['/name', { name }]),
          ...NOT_TEXTS.map((station): [string, object] => ['/station', { station }]),
          ...NOT_TEXTS.map((allergen): [string, object] => ['/allergens/0', { allergens: [allergen] }]),
          ...[-1, 0.5, '1', 1_000_001].map((position): [string, object] => ['/position', { position }]),
          ...[-1, 0.5, '1', 2 ** 31].map((remaining): [string, object] => [
            '/availability/remaining',
            { availability: { remaining } },
          ]),
          ...['24:00', '7:00', '07:60', ''].map((from): [string, object] => [
            '/schedules/0/from',
            { schedules: [{ days: ['mon'], from, to: '10:00' }] },
          ]),
          ['/schedules/0/days', { schedules: [{ days: [], from: '07:00', to: '10:00' }] }],
          ['/schedules/0/days/0', { schedules: [{ days: ['monday'], from: '07:00', to: '10:00' }] }],
          ['/isAvailable', { isAvailable: 'yes' }],
          ['/modifierGroupIds/0', { modifierGroupIds: ['x'] }],
          ['/currency', { currency: 'USD' }],
          ['/version', { version: 7 }],
        ],
      },
      {
        name: 'payments',
        method: 'POST',
        path: `/v1/orders/${order.id}/payments`,
        headers: { authorization },
        good: { method: 'cash', amount: 100 },
        bad: [
          ...NOT_AMOUNTS.map((amount): [string, object] => ['/amount', { amount }]),
          ...NOT_AMOUNTS.filter((tip) => tip !== null).map((tip): [string, object] => ['/tip', { tip }]),
          ...['gold', '', null, 1].map((method): [string, object] => ['/method', { method }]),
          ...NOT_TEXTS.map((reference): [string, object] => ['/reference', { reference }]),
          ['/reference', { reference: '4111-1111-1111-1111' }],
          ['/amount', { amount: 0 }],
        ],
      },
      {
        name: 'registration',
        method: 'POST',
        path: '/v1/auth/register',
        headers: {},
        good: {
          email: `${randomUUID()}@example.com`,
          password: 'a long enough password',
          name: 'Nora',
          restaurantName: 'Noras',
          currency: 'EUR',
          timezone: 'Europe/Berlin',
        },
        bad: [
          ...['', 'nora', 'nora@', '@x.de', 'a b@example.com', null, 1, 'a\u0000@example.com'].map(
            (email): [string, object] => ['/email', { email }],
          ),
          ...['short', '', null, 12345678901, 'x'.repeat(5000)].map((password): [string, object] => [
            '/password',
            { password },
          ]),
          ...['EURO', 'eur', 'QQQ', '', null].map((currency): [string, object] => ['/currency', { currency }]),
          ...['Mars/Olympus', '', '../etc', null].map((timezone): [string, object] => ['/timezone', { timezone }]),
          ...NOT_STRANGERS_TEXTS.map((restaurantName): [string, object] => ['/restaurantName', { restaurantName }]),
          ['/role', { role: 'owner' }],
        ],
      },
      {
        name: 'login',
        method: 'POST',
        path: '/v1/auth/login',
        headers: {},
        good: { email: mine.email, password: mine.password },
        bad: [
          ...['', null, 1, { $ne: 1 }].map((password): [string, object] => ['/password', { password }]),
          ...['', null, ['a@b.de'], { $gt: '' }].map((email): [string, object] => ['/email', { email }]),
          ['/restaurantId', { restaurantId: "1' or '1'='1" }],
        ],
      },
      {
        name: 'the restaurant',
        method: 'PATCH',
        path: '/v1/restaurant',
        headers: { authorization, 'if-match': '"1"' },
        good: { name: 'Renamed' },
        bad: [
          ...[...NOT_STRANGERS_TEXTS, null].map((name): [string, object] => ['/name', { name }]),
          ...[-1, 24, 1.5, '4', null].map((businessDayCutoffHour): [string, object] => [
            '/businessDayCutoffHour',
            { businessDayCutoffHour },
          ]),
          ...['-1', '101', 'ten'].map((rate): [string, object] => [
            '/serviceCharge/rate',
            { serviceCharge: { rate, orderTypes: ['dine_in'] } },
          ]),
          ['/timezone', { timezone: 'Europe/Nowhere' }],
          ['/currency', { currency: 'USD' }],
          ['/id', { id: randomUUID() }],
        ],
      },
    ];
  }

  function send(endpoint: Endpoint, pieces: Iterable<Uint8Array | string>, headers: object = {}): Promise<RawAnswer> {
    return sendRaw(api.url, {
      method: endpoint.method,
      path: endpoint.path,
      headers: { 'content-type': 'application/json', ...endpoint.headers, ...headers },
      pieces,
    });
  }

  /** Runs refusals on every endpoint and holds every table to what it was before. */
  async function refuseEverywhere(refuse: (endpoint: Endpoint) => Promise<void>): Promise<void> {
    const before = await digestRows(api.database.ownerUrl);
    assert.ok((before['orders']?.rows ?? 0) > 0, 'the tables that are compared must hold something');
    await Promise.all(endpoints.map(refuse));
    assert.deepEqual(await digestRows(api.database.ownerUrl), before);
  }

  test('refuses every field of a wrong type, sign, size or text, points at it and names the rule', async () => {
    const worded = new Set<string>();
    await refuseEverywhere(async (endpoint) => {
      for (const [pointer, fields] of endpoint.bad) {
        const what = `${endpoint.name} ${JSON.stringify(fields).slice(0, 200)}`;
        const { errors } = expectProblem(
          422,
          await send(endpoint, [JSON.stringify({ ...endpoint.good, ...fields })]),
          what,
        );
        for (const one of errors ?? []) if (one.rule === undefined) worded.add(one.message);
        const pointers: string[] = errors?.map((error: { pointer: string }) => error.pointer) ?? [];
        assert.ok(
          pointers.some((found) => found === pointer || found.startsWith(`${pointer}/`)),
          `${what} points at ${pointers.join(' ')} instead of ${pointer}`,
        );
      }
    });
    assert.deepEqual([...worded].sort(), WORDED);
  });

  test('refuses numbers that are not exact, beyond the safe integers or infinite', () =>
    refuseEverywhere(async (endpoint) => {
      const field = Object.entries(endpoint.good).find(([, value]) => typeof value === 'number')?.[0] ?? 'tip';
      for (const number of NUMBER_TEXTS.filter((text) => text !== '1e-400')) {
        const text = JSON.stringify({ ...endpoint.good, [field]: '@' }).replace('"@"', number);
        expectProblem(422, await send(endpoint, [text]), `${endpoint.name} ${field} ${number}`);
      }
    }));

  test('answers 400 to what is no JSON', () =>
    refuseEverywhere(async (endpoint) => {
      for (const text of NOT_JSON) {
        const { code } = expectProblem(400, await send(endpoint, [text]), `${endpoint.name} ${text}`);
        assert.equal(code, 'malformed_request');
      }
    }));

  test('answers 422 to JSON that is no object', () =>
    refuseEverywhere(async (endpoint) => {
      for (const text of NOT_OBJECTS) expectProblem(422, await send(endpoint, [text]), `${endpoint.name} ${text}`);
    }));

  test('answers 422 to a body that is missing, and to one that is empty', () =>
    refuseEverywhere(async (endpoint) => {
      // Nothing is demanded of a change of the restaurant.
      if (endpoint.method === 'PATCH') return;
      expectProblem(422, await send(endpoint, []), endpoint.name);
      expectProblem(422, await send(endpoint, [], { 'transfer-encoding': 'chunked' }), endpoint.name);
      expectProblem(422, await send(endpoint, ['{}']), endpoint.name);
    }));

  test('says of what is missing that it is missing, and what to send', () =>
    refuseEverywhere(async (endpoint) => {
      if (endpoint.method === 'PATCH') return;
      const { errors } = expectProblem(422, await send(endpoint, ['{}']), endpoint.name);
      for (const { pointer, message, rule } of errors) {
        assert.match(message, /^This is missing\./, `${endpoint.name} ${pointer}`);
        assert.equal(rule, 'missing', `${endpoint.name} ${pointer}`);
      }
      const said = JSON.stringify(errors);
      if (endpoint.name === 'payments')
        assert.match(said, /This is missing\. Give one of cash, card, voucher, other\./);
    }));

  test('refuses nesting of 40 and of 100,000 levels', () =>
    refuseEverywhere(async (endpoint) => {
      for (const levels of [40, 100_000]) {
        for (const deep of [
          '['.repeat(levels) + ']'.repeat(levels),
          `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
        ]) {
          const inside = JSON.stringify({ ...endpoint.good, notes: '@' }).replace('"@"', deep);
          const status = inside.length > maxBytesOf(endpoint) ? 413 : 422;
          expectProblem(status, await send(endpoint, [deep]), `${endpoint.name} ${levels} levels`);
          expectProblem(status, await send(endpoint, [inside]), `${endpoint.name} ${levels} levels in a field`);
        }
      }
      for (const levels of [40, 3_000])
        expectProblem(400, await send(endpoint, ['['.repeat(levels)]), `${endpoint.name} never closed`);
      const unclosed = '['.repeat(100_000);
      const status = unclosed.length > maxBytesOf(endpoint) ? 413 : 400;
      expectProblem(status, await send(endpoint, [unclosed]), `${endpoint.name} never closed`);
    }));

  test('refuses field names that are unknown, of Object.prototype or unstorable', () =>
    refuseEverywhere(async (endpoint) => {
      const names = ['surprise', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'a/b~c'];
      for (const name of names) {
        for (const value of ['1', '{"isAdmin":true}', 'null']) {
          const text = JSON.stringify({ ...endpoint.good, '@': 0 }).replace(
            '"@":0',
            `${JSON.stringify(name)}:${value}`,
          );
          const { errors } = expectProblem(422, await send(endpoint, [text]), `${endpoint.name} ${name}`);
          const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
          assert.ok(
            errors.some((error: { pointer: string }) => error.pointer === pointer),
            `${endpoint.name} ${name}: ${JSON.stringify(errors)}`,
          );
        }
      }
      for (const name of ['\\u0000', 'a\\ud800']) {
        const text = JSON.stringify({ ...endpoint.good, '@': 0 }).replace('@', name);
        expectProblem(422, await send(endpoint, [text]), `${endpoint.name} ${name}`);
      }
    }));

  test('answers 400 to bytes that are not UTF-8', () =>
    refuseEverywhere(async (endpoint) => {
      const good = Buffer.from(JSON.stringify(endpoint.good));
      for (const bytes of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
        const body = Buffer.concat([good.subarray(0, 2), Buffer.from(bytes), good.subarray(2)]);
        expectProblem(400, await send(endpoint, [body]), `${endpoint.name} ${bytes.join(' ')}`);
      }
    }));

  test('answers 415 to content types and encodings that are not read', () =>
    refuseEverywhere(async (endpoint) => {
      const good = JSON.stringify(endpoint.good);
      const types = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'text/json',
        'garbage',
        '',
      ];
      const charsets = ['latin1', 'utf-16', 'utf-7', 'utf-32'].map((name) => `application/json; charset=${name}`);
      for (const type of [...types, ...charsets]) {
        expectProblem(415, await send(endpoint, [good], { 'content-type': type }), `${endpoint.name} ${type}`);
      }
      // An empty object as zstd. Newer versions of Node can unpack it, but the answer must not
      // depend on the version of Node.
      const zstd = Buffer.from('28b52ffd20021100007b7d', 'hex');
      for (const [encoding, body] of [
        ['compress', good],
        ['zstd', good],
        ['zstd', zstd],
        ['ZSTD', zstd],
        ['gzip, gzip', good],
        ['garbage', good],
      ] as const) {
        const answer = await send(endpoint, [body], { 'content-encoding': encoding });
        expectProblem(415, answer, `${endpoint.name} ${encoding}`);
      }
    }));

  test('answers 400 to compressed bodies that are damaged or cut off', () =>
    refuseEverywhere(async (endpoint) => {
      const packed = gzipSync(JSON.stringify(endpoint.good));
      const damaged = Buffer.from(packed);
      damaged.writeUInt32LE(0, damaged.length - 8);
      for (const [encoding, body] of [
        ['gzip', Buffer.from(JSON.stringify(endpoint.good))],
        ['gzip', packed.subarray(0, -12)],
        ['gzip', damaged],
        ['deflate', packed],
        ['br', packed],
      ] as const) {
        const answer = await send(endpoint, [body], { 'content-encoding': encoding });
        expectProblem(400, answer, `${endpoint.name} ${encoding} ${body.length}`);
      }
    }));

  test('answers 413 to ten megabytes: declared, in chunks, and as gzip bombs', () =>
    refuseEverywhere(async (endpoint) => {
      const piece = Buffer.alloc(1_000_000, 'x');
      const pieces = ['{"name":"', ...Array.from({ length: 10 }, () => piece), '"}'];
      const whole = Buffer.concat(pieces.map((part) => Buffer.from(part)));
      const bomb = gzipSync(whole);
      assert.ok(bomb.length < 20_000, 'the bomb must be small on the wire');
      expectProblem(413, await send(endpoint, [whole], { 'content-length': String(whole.length) }), endpoint.name);
      expectProblem(413, await send(endpoint, pieces, { 'transfer-encoding': 'chunked' }), `${endpoint.name} chunked`);
      expectProblem(413, await send(endpoint, [bomb], { 'content-encoding': 'gzip' }), `${endpoint.name} bomb`);
    }));

  test('answers 413 to a body of one byte more than the route takes, plain and unpacked, before it has come', () =>
    refuseEverywhere(async (endpoint) => {
      const most = maxBytesOf(endpoint);
      for (const [length, status] of [
        [most, 422],
        [most + 1, 413],
      ] as const) {
        const body = `{"surprise":"${'x'.repeat(length - '{"surprise":""}'.length)}"}`;
        const headers = { 'content-encoding': 'gzip' };
        expectProblem(status, await send(endpoint, [body]), `${endpoint.name} ${length}`);
        expectProblem(status, await send(endpoint, [gzipSync(body)], headers), `${endpoint.name} ${length} packed`);
      }
      const head = Object.entries({ ...endpoint.headers, 'content-type': 'application/json' });
      const request = [
        `${endpoint.method} ${endpoint.path} HTTP/1.1`,
        'Host: x',
        ...head.map((pair) => pair.join(': ')),
        `Content-Length: ${most + 1}`,
        '',
        '{',
      ].join('\r\n');
      const { answer, end } = await openConnection(api.url, request);
      expectProblem(413, await answer, `${endpoint.name} declared`);
      end();
    }));

  test('a field that is not known is named together with those that are, and an e-mail address must be one', async () => {
    const { token } = await api.restaurant();
    const customer = { name: 'Ada', mail: 'ada@example.com', email: 'nowhere' };
    const body = { type: 'quotation', lines: [{ description: 'Tea', quantity: 1, unitPrice: 1 }], customer };
    const { errors } = expectProblem(422, await api.post('/v1/documents', body, { token }));
    assert.deepEqual(
      new Map(errors.map((one: Json) => [one.pointer, one.message])),
      new Map([
        ['/customer/email', 'Give an e-mail address.'],
        [
          '/customer/mail',
          'This field is unknown here. Known fields: name, phone, email, address, vatId, country, postalAddress, electronicAddress, companyId, language.',
        ],
      ]),
    );
    const query = expectProblem(422, await api.get('/v1/orders?limt=5', { token }));
    assert.match(query.detail, /^\?limt: This field is unknown here\. Known fields: .*limit/);
  });

  test('a limit says what it counts', async () => {
    const { token } = await api.restaurant();
    const { errors } = expectProblem(422, await api.get(`/v1/orders?number=${'9'.repeat(51)}`, { token }));
    assert.equal(errors[0].message, 'Give at most 50 characters.');
  });

  test('looks no further at text that is too long', async () => {
    const { token } = await api.restaurant();
    const notes = `4111 1111 1111 1111 ${'x'.repeat(9_000)}`;
    const password = 'ﷺ'.repeat(5_000);
    for (const [path, body, message] of [
      ['/v1/orders', { type: 'takeaway', notes, lines: [] }, /^Give at most/],
      ['/v1/auth/register', { password }, /at most 256 characters/],
    ] as const) {
      const { errors } = expectProblem(422, await api.post(path, body, { token }));
      const faults = errors.filter(({ pointer }: Json) => /notes|password/.test(pointer));
      assert.equal(faults.length, 1, JSON.stringify(faults));
      assert.match(faults[0].message, message);
    }
  });

  test('takes each of the good bodies, so that what was refused above was refused for its fault', async () => {
    for (const endpoint of endpoints) {
      const packed = gzipSync(JSON.stringify(endpoint.good));
      const answer = await send(endpoint, [packed], { 'content-encoding': 'gzip' });
      assert.ok(answer.status === 200 || answer.status === 201, `${endpoint.name}: ${answer.text}`);
    }
  });
});
