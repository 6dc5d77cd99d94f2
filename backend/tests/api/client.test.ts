/**
 * `servio-client`: its session, its repetitions, its lists and its refusals, against a real server.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ClientOptions, ServioClient, ServioError } from '../../client/src/client.js';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';

const MINUTE_MS = 60_000;

describe('servio-client', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let itemId: string;
  let now = Date.now();

  before(async () => {
    api = await startApi({ clock: () => new Date(now) });
    mine = await api.restaurant();
    itemId = (await api.item(mine.token)).id;
  });
  after(() => api.close());

  const clientOf = (options: Partial<ClientOptions> = {}) =>
    new ServioClient({ baseUrl: api.url, session: { accessToken: mine.token }, ...options });
  const body = () => ({ type: 'takeaway' as const, lines: [{ menuItemId: itemId, quantity: 1 }] });

  /** Counts calls, and lets the answer of some of them get lost. */
  function flaky(isLost: (count: number) => boolean): { fetch: typeof fetch; sent: () => number } {
    let count = 0;
    const flakyFetch: typeof fetch = async (input, init) => {
      count += 1;
      const lost = isLost(count);
      const response = await fetch(input, init);
      if (!lost) return response;
      await response.arrayBuffer();
      throw new TypeError('the connection was lost');
    };
    return { fetch: flakyFetch, sent: () => count };
  }

  test('a press whose answer is lost takes effect once, and so does a press that is sent again after a restart', async () => {
    const { fetch: lossy, sent } = flaky((count) => count < 3);
    const first = await clientOf({ fetch: lossy }).call('placeOrder', { body: body() }, { key: 'press-1' });
    assert.equal(sent(), 3);
    assert.equal(first.isReplayed, true);
    const again = await clientOf().call('placeOrder', { body: body() }, { key: 'press-1' });
    assert.equal(again.data.id, first.data.id);
    const other = await clientOf().call('placeOrder', { body: body() });
    assert.notEqual(other.data.id, first.data.id);
  });

  test('a call without a key is not repeated when its answer is lost', async () => {
    const { fetch: lossy, sent } = flaky(() => true);
    await assert.rejects(clientOf({ fetch: lossy }).call('openDemoSession', { body: {} }), TypeError);
    assert.equal(sent(), 1);
  });

  test('it waits as long as the server asks, and gives up when its patience ends', async () => {
    let answered = 0;
    const busy: typeof fetch = async (input, init) => {
      answered += 1;
      if (answered < 3) return new Response('{}', { status: 503, headers: { 'retry-after': '0' } });
      return fetch(input, init);
    };
    assert.equal((await clientOf({ fetch: busy }).call('listTaxes', {})).status, 200);
    assert.equal(answered, 3);
    const always: typeof fetch = async () => new Response('busy', { status: 429, headers: { 'retry-after': '9' } });
    await assert.rejects(clientOf({ fetch: always, patienceMs: 100 }).call('listTaxes', {}), (error: unknown) => {
      assert.ok(error instanceof ServioError);
      assert.deepEqual([error.problem.status, error.problem.code], [429, 'no_problem']);
      return true;
    });
  });

  test('a refusal is an error with its problem', async () => {
    const wrong = { ...body(), lines: [{ menuItemId: itemId, quantity: 0 }] };
    await assert.rejects(clientOf().call('placeOrder', { body: wrong }), (error: unknown) => {
      assert.ok(error instanceof ServioError);
      assert.equal(error.problem.code, 'invalid_request');
      assert.equal(error.problem.errors?.[0]?.pointer, '/lines/0/quantity');
      return true;
    });
  });

  test('a change is made with the ETag of what was read, and refused when somebody else was faster', async () => {
    const client = clientOf();
    const { data: order, etag = '' } = await client.call('placeOrder', { body: body() });
    const changed = await client.call('changeOrder', { id: order.id, body: { table: '7' }, ifMatch: etag });
    assert.equal(changed.data.table, '7');
    const late = client.call('changeOrder', { id: order.id, body: { table: '8' }, ifMatch: etag });
    await assert.rejects(late, (error: unknown) => error instanceof ServioError && error.problem.status === 412);
  });

  test('a list that has not changed comes from memory', async () => {
    const statuses: number[] = [];
    const watched: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      statuses.push(response.status);
      return response;
    };
    const client = clientOf({ fetch: watched });
    const first = await client.call('listOrders', { query: { limit: 2 } });
    const second = await client.call('listOrders', { query: { limit: 2 } });
    assert.deepEqual(second.data, first.data);
    await client.call('placeOrder', { body: body() });
    const third = await client.call('listOrders', { query: { limit: 2 } });
    assert.notDeepEqual(third.data, first.data);
    assert.deepEqual(statuses, [200, 304, 201, 200]);
  });

  test('all entries of a list come page by page, each once', async () => {
    for (let count = 0; count < 5; count += 1) await clientOf().call('placeOrder', { body: body() });
    const ids: string[] = [];
    for await (const order of clientOf().each('listOrders', { query: { limit: 2 } })) ids.push(order.id);
    const { data } = expectStatus(200, await api.get('/v1/orders?limit=100', { token: mine.token }));
    assert.deepEqual(
      ids,
      data.map(({ id }: { id: string }) => id),
    );
  });

  test('fifty calls that meet an expired token share one refresh, and its answer may get lost', async () => {
    const entry = expectStatus(200, await api.post('/v1/auth/login', { email: mine.email, password: mine.password }));
    let refreshes = 0;
    let isLost = true;
    const lossy: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!response.url.includes('/auth/refresh')) return response;
      refreshes += 1;
      if (!isLost) return response;
      isLost = false;
      await response.arrayBuffer();
      throw new TypeError('the connection was lost');
    };
    const sessions: unknown[] = [];
    const client = clientOf({ session: entry, onSession: (session) => sessions.push(session), fetch: lossy });
    now += 16 * MINUTE_MS;
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.call('getMe', {})));
    assert.ok(answers.every(({ data }) => data.user?.email === mine.email));
    assert.deepEqual([refreshes, sessions.length], [2, 1]);
    now += 16 * MINUTE_MS;
    assert.equal((await client.call('getMe', {})).data.user?.email, mine.email);
    assert.deepEqual([refreshes, sessions.length], [3, 2]);
  });

  test('a session that is over is told as it is', async () => {
    const client = clientOf({ session: { accessToken: 'x.y.z', refreshToken: 'rt_nothing' } });
    await assert.rejects(
      client.call('getMe', {}),
      (error: unknown) => error instanceof ServioError && error.problem.status === 401,
    );
  });

  test('files come as bytes, texts as text', async () => {
    const token = await api.apiKey((await api.restaurant()).token);
    const client = clientOf({ session: { accessToken: token } });
    const menuItemId = (await api.item(token)).id;
    const { data: order } = await client.call('placeOrder', {
      body: { ...body(), lines: [{ menuItemId, quantity: 1 }] },
    });
    const receipt = await client.call('getOrderReceipt', { id: order.id }, { accept: 'application/pdf' });
    const bytes: unknown = receipt.data;
    assert.ok(bytes instanceof Uint8Array && Buffer.from(bytes.subarray(0, 5)).toString() === '%PDF-');
    const text: unknown = (await client.call('getOrderReceipt', { id: order.id }, { accept: 'text/plain' })).data;
    assert.ok(typeof text === 'string' && text.includes('Soup'));
    assert.equal((await client.call('getOrderReceipt', { id: order.id })).data.orderId, order.id);
  });
});
