/**
 * The lane past Express's router answers as the router does, byte for byte. An absolute address in
 * the request line is unusual, so it goes through Express.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import express from 'express';
import { pino } from 'pino';
import { expectStatus, startApi, type TestApi } from '../support/api.js';

/** Of no order. */
const ID = '01a22a6c-0c13-76e9-a962-4fcacbfa9667';

describe('the lane past Express', () => {
  let api: TestApi;
  const lines: Record<string, unknown>[] = [];
  let token: string;
  /** Of another restaurant, with limits of its own. */
  let poller: string;
  let keyWithoutScope: string;
  let etag: string;

  before(async () => {
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    api = await startApi({ log, rateLimitMultiplier: 1 });
    ({ token } = await api.restaurant());
    ({ token: poller } = await api.restaurant());
    await api.item(token);
    const made = await api.post('/v1/api-keys', { name: 'report', scopes: ['orders:read'] }, { token });
    keyWithoutScope = expectStatus(201, made).secret;
    etag = (await api.get('/v1/menu', { token })).headers.get('etag') ?? '';
  });
  after(() => api.close());

  /** All bytes of an answer; the connection is closed after it. */
  function bytesOf(target: string, headers: Record<string, string>, body?: string): Promise<Buffer> {
    const { hostname, port, host } = new URL(api.url);
    const head = Object.entries({ host, connection: 'close', 'x-request-id': 'same', ...headers });
    const length = body === undefined ? [] : [`content-length: ${body.length}`];
    const names = [...head.map(([name, value]) => `${name}: ${value}`), ...length];
    const text = [`${body === undefined ? 'GET' : 'POST'} ${target} HTTP/1.1`, ...names, '', body ?? ''].join('\r\n');
    return new Promise((resolve, reject) => {
      const received: Buffer[] = [];
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket.on('data', (piece: Buffer) => received.push(piece));
      socket.on('error', reject);
      socket.on('end', () => resolve(Buffer.concat(received)));
    });
  }

  /** Without the time, the calls left and the seconds left, which differ between two calls. */
  function comparable(answer: Buffer): string {
    return answer
      .toString('latin1')
      .replace(/^Date: .*$/m, 'Date: x')
      .replace(/^(RateLimit: .*?)r=\d+; t=\d+/gim, '$1r=x; t=x');
  }

  const CASES: [name: string, path: string, headers: () => Record<string, string>, status: number][] = [
    ['a menu', '/v1/menu', () => ({ authorization: `Bearer ${token}` }), 200],
    ['a packed menu', '/v1/menu', () => ({ authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' }), 200],
    ['a known menu', '/v1/menu', () => ({ authorization: `Bearer ${token}`, 'if-none-match': etag }), 304],
    ['a menu at a time', '/v1/menu?orderType=takeaway', () => ({ authorization: `Bearer ${token}` }), 200],
    [
      'a traced menu',
      '/v1/menu',
      () => ({ authorization: `Bearer ${token}`, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }),
      200,
    ],
    ['no credential', '/v1/menu', () => ({}), 401],
    ['another kind of credential', '/v1/menu', () => ({ authorization: 'Basic x' }), 401],
    ['an invented token', '/v1/menu', () => ({ authorization: 'Bearer x.y.z' }), 401],
    ['a key without the scope', '/v1/menu', () => ({ authorization: `Bearer ${keyWithoutScope}` }), 403],
    ['an unknown field', '/v1/menu?color=red', () => ({ authorization: `Bearer ${token}` }), 422],
    [
      'a field twice',
      '/v1/menu?orderType=takeaway&orderType=dine_in',
      () => ({ authorization: `Bearer ${token}` }),
      422,
    ],
    ['names in capitals', '/v1/menu', () => ({ AUTHORIZATION: `Bearer ${token}`, 'IF-NONE-MATCH': etag }), 304],
    [
      'one of several known menus',
      '/v1/menu',
      () => ({ authorization: `Bearer ${token}`, 'if-none-match': `"x", ${etag}` }),
      304,
    ],
    ['a credential with spaces', '/v1/menu', () => ({ authorization: `bearer   ${token}` }), 200],
    ['a body', '/v1/menu', () => ({ authorization: `Bearer ${token}`, 'content-length': '0' }), 200],
    [
      'a refused encoding',
      '/v1/menu',
      () => ({ authorization: `Bearer ${token}`, 'accept-encoding': 'gzip;q=0, br' }),
      200,
    ],
    ['an order type in escapes', '/v1/menu?orderType=%64ine_in', () => ({ authorization: `Bearer ${token}` }), 200],
    ['an empty query', '/v1/menu?', () => ({ authorization: `Bearer ${token}` }), 200],
    ['an invalid id of the request', '/v1/menu', () => ({ authorization: `Bearer ${token}`, traceparent: 'x' }), 200],
    ['a probe', '/health/live', () => ({}), 200],
    ['a probe of everything', '/health', () => ({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }), 200],
    ['a probe of the database', '/health/ready', () => ({}), 200],
    ['a list of orders', '/v1/orders?status=placed', () => ({ authorization: `Bearer ${poller}` }), 200],
    ['an order', `/v1/orders/%30${ID.slice(1)}`, () => ({ authorization: `Bearer ${poller}` }), 404],
    ['an order with half an escape', '/v1/orders/%e0%a4', () => ({ authorization: `Bearer ${poller}` }), 400],
    ['the restaurant', '/v1/restaurant', () => ({ authorization: `Bearer ${poller}` }), 200],
    ['events', '/v1/events?limit=1', () => ({ authorization: `Bearer ${poller}` }), 200],
    ['half a character', '/v1/menu?orderType=%ed%a0', () => ({ authorization: `Bearer ${token}` }), 422],
  ];
  for (const [name, path, headers, status] of CASES)
    test(`answers as Express does: ${name}`, async () => {
      // A wrong credential counts differently the first time.
      await bytesOf(path, headers());
      const before = lines.length;
      const byLane = await bytesOf(path, headers());
      const byExpress = await bytesOf(`${api.url}${path}`, headers());
      assert.match(comparable(byLane), new RegExp(`^HTTP/1.1 ${status} `));
      assert.equal(comparable(byLane), comparable(byExpress));
      const [laneLine, expressLine] = lines
        .slice(before)
        .filter(({ requestId }) => requestId === 'same')
        .map(({ time: _time, durationMs: _durationMs, ...line }) => line);
      assert.deepEqual(laneLine, expressLine);
      assert.equal(laneLine?.['status'], status);
    });

  test('takes an order and refuses one as Express does', async () => {
    const sold = (await api.item(poller)).id;
    const lines = [{ menuItemId: sold, quantity: 2 }];
    const sent: [body: string, headers: () => Record<string, string>, status: number][] = [
      [JSON.stringify({ type: 'takeaway', lines }), () => ({}), 201],
      [JSON.stringify({ type: 'takeaway', lines }), () => ({ 'idempotency-key': randomUUID() }), 201],
      [JSON.stringify({ type: 'takeaway', lines: [] }), () => ({}), 422],
      ['{"type":', () => ({}), 400],
      ['{}', () => ({ 'content-type': 'text/plain' }), 415],
      ['{}', () => ({ authorization: 'Bearer x.y.z' }), 401],
    ];
    // Without what is new with each order.
    const withoutNews = (answer: Buffer): string =>
      comparable(answer).replaceAll(/"(?:id|createdAt|updatedAt|number)":"[^"]*"/g, '');
    for (const [body, more, status] of sent) {
      const headers = () => ({ authorization: `Bearer ${poller}`, 'content-type': 'application/json', ...more() });
      const byLane = await bytesOf('/v1/orders', headers(), body);
      const byExpress = await bytesOf(`${api.url}/v1/orders`, headers(), body);
      assert.match(byLane.toString('latin1'), new RegExp(`^HTTP/1.1 ${status} `));
      assert.equal(withoutNews(byLane), withoutNews(byExpress));
    }
  });

  test('takes a menu in memory without a single step of Express', async (t) => {
    const asked = t.mock.method(express.request, 'get');
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
    await bytesOf(api.url + '/v1/menu', headers);
    const byExpress = asked.mock.callCount();
    for (const path of ['/v1/menu', '/v1/menu?orderType=dine_in', '/v1/menu']) await bytesOf(path, headers);
    const warm = asked.mock.callCount();
    for (const path of ['/v1/menu', '/v1/menu?orderType=dine_in']) {
      const answer = await bytesOf(path, headers);
      assert.match(comparable(answer), /^HTTP\/1.1 200 [\s\S]*Content-Encoding: gzip/i);
    }
    assert.ok(byExpress > 0);
    assert.equal(asked.mock.callCount(), warm);
  });

  test('refuses a revoked key, an ended session and a changed menu from the next request on', async () => {
    const { token: owner } = await api.restaurant();
    const made = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'screen', scopes: ['menu:read'] }, { token: owner }),
    );
    const statusOf = async (credential: string) =>
      Number((await bytesOf('/v1/menu', { authorization: `Bearer ${credential}` })).toString('latin1', 9, 12));
    for (const credential of [owner, made.secret, owner, made.secret]) assert.equal(await statusOf(credential), 200);
    expectStatus(204, await api.delete(`/v1/api-keys/${made.id}`, undefined, { token: owner }));
    assert.equal(await statusOf(made.secret), 401);
    await api.item(owner, { name: 'A dish of this minute' });
    const menu = (await bytesOf('/v1/menu', { authorization: `Bearer ${owner}` })).toString();
    assert.match(menu, /A dish of this minute/);
    expectStatus(204, await api.post('/v1/auth/logout', {}, { token: owner }));
    assert.equal(await statusOf(owner), 401);
  });

  test('counts calls of both, and refuses as Express does', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const refusals: Buffer[] = [];
    for (let call = 0; refusals.length < 2 && call < 80; call += 1) {
      const answer = await bytesOf(call % 2 === 0 ? '/v1/menu' : `${api.url}/v1/menu`, headers);
      if (answer.toString('latin1').startsWith('HTTP/1.1 429')) refusals.push(answer);
    }
    const [one, other] = refusals.map((answer) => comparable(answer).replaceAll(/\d+( seconds\.|$)/gm, 'x$1'));
    assert.ok(one !== undefined && /^Retry-After: x\r?$/im.test(one), one);
    assert.equal(one, other);
  });
});
