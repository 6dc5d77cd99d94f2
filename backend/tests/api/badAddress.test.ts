/**
 * Bad paths, queries, ids, cursors, methods and headers. Each gets the status that the contract
 * names, and nothing is stored.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { type RawAnswer, type RawRequest, sendBytes, sendRaw } from '../support/rawHttp.js';
import { digestRows } from '../support/rows.js';

const LISTS = ['/v1/orders', '/v1/menu-items', '/v1/categories', '/v1/members', '/v1/api-keys', '/v1/audit-log'];
const NO_IDS = ['x', '0', '-1', 'null', "1'--", '%00', 'a%00b', '..%2F..%2Fetc', '%F0%9F%8D%95', 'x'.repeat(3000)];

describe('bad addresses and headers', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let other: TestRestaurant;
  let item: Json;
  let order: Json;
  let theirs: { item: Json; order: Json };

  before(async () => {
    api = await startApi();
    [mine, other] = [await api.restaurant(), await api.restaurant()];
    item = await api.item(mine.token);
    order = await api.order(mine.token, [{ menuItemId: item.id, quantity: 1 }]);
    const theirItem = await api.item(other.token);
    theirs = { item: theirItem, order: await api.order(other.token, [{ menuItemId: theirItem.id, quantity: 1 }]) };
  });
  after(() => api.close());

  const raw = (options: RawRequest): Promise<RawAnswer> =>
    sendRaw(api.url, { ...options, headers: { authorization: `Bearer ${mine.token}`, ...options.headers } });

  async function storesNothing(work: () => Promise<void>): Promise<void> {
    const stored = await digestRows(api.database.ownerUrl);
    await work();
    assert.deepEqual(await digestRows(api.database.ownerUrl), stored);
  }

  test('answers ids that are unknown, foreign, deleted or no ids at all with the very same 404', async () => {
    const removed = await api.item(mine.token);
    await api.delete(`/v1/menu-items/${removed.id}`, undefined, { token: mine.token });
    await storesNothing(async () => {
      for (const [path, ids] of Object.entries({
        orders: [theirs.order.id, order.number],
        'menu-items': [theirs.item.id, theirs.item.id.toUpperCase(), removed.id, order.id],
      })) {
        const bodies = new Set<string>();
        for (const id of [randomUUID(), ...ids, ...NO_IDS]) {
          const body = expectProblem(404, await raw({ path: `/v1/${path}/${id}` }), `${path} ${id}`);
          bodies.add(JSON.stringify({ ...body, requestId: '' }));
        }
        assert.equal(bodies.size, 1, [...bodies].join('\n'));
      }
    });
  });

  test('judges the id in the path the same way whatever else is wrong with the request', async () => {
    for (const send of [
      (id: string) => api.post(`/v1/orders/${id}/payments`, { method: 'gold' }, { token: mine.token }),
      (id: string) => api.post(`/v1/orders/${id}/lines`, {}, { token: mine.token }),
      (id: string) => api.patch(`/v1/orders/${id}`, { notes: 'x' }, { token: mine.token }),
      (id: string) =>
        api.patch(`/v1/orders/${id}`, { notes: 'x' }, { token: mine.token, headers: { 'if-match': '"77"' } }),
      (id: string) => api.get(`/v1/orders/${id}?surprise=1`, { token: mine.token }),
    ]) {
      const refusals = [];
      for (const id of [randomUUID(), theirs.order.id, 'x']) {
        const { requestId: _, ...body } = (await send(id)).body;
        refusals.push(body);
      }
      assert.deepEqual(refusals[1], refusals[0]);
      assert.deepEqual(refusals[2], refusals[0]);
    }
  });

  test('answers 404 to ids in a body that are foreign or unknown, and points at them', () =>
    storesNothing(async () => {
      const line = (fields: object) => ({ type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1, ...fields }] });
      for (const foreign of [theirs.item.id, randomUUID()]) {
        const menuItem = { name: 'Tea', price: 1, categoryId: item.categoryId };
        const cases: [path: string, body: object, pointer: string][] = [
          ['/v1/orders', line({ menuItemId: foreign }), '/lines/0/menuItemId'],
          ['/v1/orders', line({ variantId: foreign }), '/lines/0/variantId'],
          ['/v1/orders', line({ modifiers: [{ modifierId: foreign }] }), '/lines/0/modifiers/0/modifierId'],
          ['/v1/orders/preview', line({ menuItemId: foreign }), '/lines/0/menuItemId'],
          [`/v1/orders/${order.id}/lines`, { menuItemId: foreign, quantity: 1 }, '/menuItemId'],
          ['/v1/menu-items', { ...menuItem, categoryId: foreign }, '/categoryId'],
          ['/v1/menu-items', { ...menuItem, taxIds: [foreign] }, '/taxIds/0'],
          ['/v1/menu-items', { ...menuItem, modifierGroupIds: [foreign] }, '/modifierGroupIds/0'],
          ['/v1/menu-items', { ...menuItem, variants: [{ id: foreign, name: 'L', price: 1 }] }, '/variants/0/id'],
          ['/v1/modifier-groups', { name: 'G', modifiers: [{ id: foreign, name: 'M' }] }, '/modifiers/0/id'],
        ];
        for (const [path, body, pointer] of cases) {
          const problem = expectProblem(404, await api.post(path, body, { token: mine.token }), `${path} ${pointer}`);
          assert.equal(problem.errors?.[0]?.pointer, pointer, path);
        }
      }
    }));

  test('answers 404 to paths that do not exist, 405 with Allow to methods that they do not take', () =>
    storesNothing(async () => {
      const paths = [
        '/console',
        '/v1',
        '/v1/',
        '/v2/orders',
        '/v1/orders/',
        '/V1/orders',
        '/v1/Orders',
        '/v1//orders',
        '//',
      ];
      for (const path of [...paths, `/v1/orders/${order.id}/`, `/v1/orders/${order.id}/nothing`, '/v1/orders%2F'])
        expectProblem(404, await raw({ path }), path);
      const cases: [path: string, method: string, allow: string[]][] = [
        ['/v1/orders', 'DELETE', ['GET', 'HEAD', 'POST']],
        ['/v1/orders', 'PUT', ['GET', 'HEAD', 'POST']],
        ['/v1/orders', 'OPTIONS', ['GET', 'HEAD', 'POST']],
        ['/v1/orders', 'PROPFIND', ['GET', 'HEAD', 'POST']],
        [`/v1/orders/${order.id}`, 'POST', ['GET', 'HEAD', 'PATCH']],
        [`/v1/menu-items/${item.id}`, 'PUT', ['DELETE', 'GET', 'HEAD', 'PATCH']],
        ['/v1/orders/preview', 'DELETE', ['POST']],
        ['/v1/auth/login', 'GET', ['POST']],
        ['/v1/restaurant', 'POST', ['GET', 'HEAD', 'PATCH']],
      ];
      for (const [path, method, allow] of cases) {
        const answer = await raw({ path, method });
        expectProblem(405, answer, `${method} ${path}`);
        const names = (answer.headers.get('allow') ?? '').split(', ');
        for (const name of allow) assert.ok(names.includes(name), `${method} ${path} allows ${names.join(' ')}`);
        assert.ok(!names.includes(method), `${method} ${path} is refused and allowed`);
      }
      assert.equal((await raw({ path: '/v1/auth/login', method: 'HEAD' })).status, 405);
    }));

  test('answers 400 to paths that are not validly encoded', () =>
    storesNothing(async () => {
      for (const id of ['%', '%zz', '%ff', '%ed%a0%80', '%c0%af'])
        expectProblem(400, await raw({ path: `/v1/orders/${id}` }), id);
    }));

  test('answers HEAD like GET, without a body', async () => {
    for (const path of [
      '/v1/orders',
      `/v1/orders/${order.id}`,
      '/v1/menu',
      '/openapi.json',
      '/health',
      '/docs',
      '/console/icon.svg',
    ]) {
      const [head, get] = [await raw({ path, method: 'HEAD' }), await raw({ path })];
      assert.deepEqual([head.status, head.text], [200, ''], path);
      for (const name of ['content-type', 'etag', 'content-length'])
        assert.equal(head.headers.get(name), get.headers.get(name), `${name} of ${path}`);
    }
    assert.equal((await raw({ path: `/v1/orders/${randomUUID()}`, method: 'HEAD' })).status, 404);
    assert.equal((await raw({ path: '/v1/orders', method: 'HEAD', headers: { authorization: 'x' } })).status, 401);
  });

  test('refuses query parameters that are unknown, doubled, wrong or unstorable, on every kind of route', () =>
    storesNothing(async () => {
      const bad = ['limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'limit=ten', 'limit=', 'limit=NaN', 'limit=1e400'];
      const odd = ['limit=5&limit=6', 'limit[]=5', 'limit[a]=5', 'surprise=1', '__proto__=1', 'constructor=1', '=1'];
      const text = ['cursor=', 'cursor=%00', 'cursor=%ff', '%00=1', 'cursor=a&cursor=b', `cursor=${'x'.repeat(1001)}`];
      for (const path of LISTS)
        for (const query of [...bad, ...odd, ...text])
          expectProblem(422, await raw({ path: `${path}?${query}` }), query);
      for (const query of [
        'status=eaten',
        'type=',
        'businessDate=2026-02-30',
        'number=%00',
        'status=placed&status=ready',
      ])
        expectProblem(422, await raw({ path: `/v1/orders?${query}` }), query);
      for (const path of ['/v1/me', '/v1/restaurant', `/v1/orders/${order.id}`, `/v1/menu-items/${item.id}`])
        expectProblem(422, await raw({ path: `${path}?surprise=1` }), path);
      const body = { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1 }] };
      expectProblem(422, await api.post('/v1/orders?dryRun=true', body, { token: mine.token }), 'dryRun');
    }));

  test('takes a cursor for the list, the filter and the restaurant that it was made for, and no other', async () => {
    await api.order(mine.token, [{ menuItemId: item.id, quantity: 1 }]);
    await api.order(other.token, [{ menuItemId: theirs.item.id, quantity: 1 }]);
    const cursorOf = async (path: string, token: string): Promise<string> =>
      expectStatus(200, await api.get(path, { token })).nextCursor;
    const cursor = await cursorOf('/v1/orders?limit=1', mine.token);
    assert.equal((await api.get(`/v1/orders?limit=1&cursor=${cursor}`, { token: mine.token })).status, 200);
    const foreign = await cursorOf('/v1/orders?limit=1', other.token);
    const flipped = (index: number) =>
      cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1);
    const cases = [
      `/v1/orders?cursor=${foreign}`,
      `/v1/orders?status=placed&cursor=${cursor}`,
      `/v1/audit-log?cursor=${cursor}`,
      `/v1/menu-items?cursor=${cursor}`,
      `/v1/orders?cursor=${flipped(0)}`,
      `/v1/orders?cursor=${flipped(50)}`,
      `/v1/orders?cursor=${cursor.slice(0, -4)}`,
      `/v1/orders?cursor=${cursor.slice(0, 43)}`,
      `/v1/orders?cursor=${Buffer.from(order.id).toString('base64url')}`,
      `/v1/orders?cursor=${order.id}`,
    ];
    for (const path of cases) expectProblem(422, await api.get(path, { token: mine.token }), path);
  });

  test('answers 422 to a cursor with letters outside of ASCII', async () => {
    const path = `/v1/orders?cursor=${encodeURIComponent('é'.repeat(43))}`;
    expectProblem(422, await api.get(path, { token: mine.token }));
  });

  test('demands If-Match for whole edits: 428 without, 412 when stale or malformed', () =>
    storesNothing(async () => {
      const edits: [path: string, body: object][] = [
        [`/v1/menu-items/${item.id}`, { name: 'Other' }],
        [`/v1/categories/${item.categoryId}`, { name: 'Other' }],
        [`/v1/orders/${order.id}`, { notes: 'Other' }],
        ['/v1/restaurant', { name: 'Other' }],
      ];
      for (const [path, body] of edits) {
        expectProblem(428, await api.patch(path, body, { token: mine.token }), path);
        for (const stale of ['"0"', '"2"', '"999999999"', '"-1"', 'x', '""', '1.0', '"1", "2"', '9'.repeat(50)]) {
          const answer = await api.patch(path, body, { token: mine.token, headers: { 'if-match': stale } });
          expectProblem(412, answer, `${path} ${stale}`);
        }
      }
      for (const stale of ['"2"', 'x']) {
        const headers = { 'if-match': stale };
        const answer = await api.delete(`/v1/menu-items/${item.id}`, undefined, { token: mine.token, headers });
        expectProblem(412, answer, stale);
      }
    }));

  test('answers 400 to an Idempotency-Key that is empty, too long, doubled or not visible ASCII', () =>
    storesNothing(async () => {
      const body = JSON.stringify({ type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1 }] });
      for (const key of ['', ' ', 'a b', 'x'.repeat(256), 'é', ['one', 'two']]) {
        const headers = { 'content-type': 'application/json', 'idempotency-key': key };
        const answer = await raw({ path: '/v1/orders', method: 'POST', headers, pieces: [body] });
        expectProblem(400, answer, `key ${JSON.stringify(key)}`);
      }
    }));

  test('answers 401 alike to every credential that is none', () =>
    storesNothing(async () => {
      const token = mine.token;
      const credentials = [
        '',
        'Bearer',
        'Bearer ',
        'Basic YTpi',
        token,
        `Token ${token}`,
        `Bearer ${token}x`,
        'Bearer null',
      ];
      const keys = ['Bearer sk_', `Bearer sk_${'0'.repeat(32)}_${'x'.repeat(43)}`, `Bearer ${'x'.repeat(5000)}`];
      for (const authorization of [...credentials, ...keys, `Bearer ${token} ${token}`]) {
        const problem = expectProblem(
          401,
          await raw({ path: '/v1/orders', headers: { authorization } }),
          authorization,
        );
        assert.match(problem.code, /^(unauthenticated|invalid_token)$/);
      }
      expectProblem(401, await sendRaw(api.url, { path: '/v1/orders' }), 'none');
    }));

  test('keeps a caller’s X-Request-Id only when it is harmless', async () => {
    for (const offered of ['abc', 'A1.b:c-d_e', 'x'.repeat(128)]) {
      const answer = await raw({ path: '/v1/nothing', headers: { 'x-request-id': offered } });
      assert.equal(answer.headers.get('x-request-id'), offered);
    }
    const odd = ['', ' ', 'a b', 'x'.repeat(129), '{"a":1}', '<script>', 'a,b', 'é', '../../etc', "';drop table"];
    for (const offered of [...odd, ['one', 'two']]) {
      const answer = await raw({ path: '/v1/nothing', headers: { 'x-request-id': offered } });
      expectProblem(404, answer, JSON.stringify(offered));
      assert.match(answer.headers.get('x-request-id') ?? '', /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
    const injected = `GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: a\rSet-Cookie: b=1\r\n\r\n`;
    const received = await sendBytes(api.url, injected);
    assert.match(received, /^HTTP\/1\.1 400 .*\r\ncontent-type: application\/problem\+json\r\n/s);
    assert.doesNotMatch(received, /set-cookie/i);
  });

  test('answers JSON whatever Accept asks for, and refuses a URL or headers too long to read', async () => {
    for (const accept of ['', '*', 'text/html;q=x', 'image/png', 'a'.repeat(5000), ',,,', 'application/xml']) {
      const answer = await raw({ path: '/v1/orders', headers: { accept } });
      assert.equal(answer.status, 200, accept);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, accept);
    }
    expectProblem(404, await raw({ path: `/v1/${'x'.repeat(10_000)}` }));
    const long = await sendBytes(api.url, `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.match(
      long,
      /^HTTP\/1\.1 431 .*\r\ncontent-type: application\/problem\+json\r\n.*"code":"headers_too_large"/s,
    );
    assert.equal((await raw({ path: '/health' })).status, 200);
  });
});
