/** A request sent again under its Idempotency-Key happens once. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { digestRows } from '../support/rows.js';

const SPREAD_MS = 30;
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);

interface StoredKey {
  body: Buffer;
}

describe('Idempotency-Key', () => {
  let api: TestApi;
  /** Another instance on the same database, as after a restart. */
  let second: TestApi;
  let mine: TestRestaurant;
  let item: Json;

  before(async () => {
    api = await startApi();
    second = await startApi({ database: api.database });
    mine = await api.restaurant();
    item = await api.item(mine.token);
  });
  after(async () => {
    await second.close();
    await api.close();
  });

  const keyed = (key: string, token = mine.token, headers: Record<string, string> = {}) => ({
    token,
    headers: { 'idempotency-key': key, ...headers },
  });
  const orderBody = (quantity = 1) => ({ type: 'takeaway', lines: [{ menuItemId: item.id, quantity }] });

  function expectReplay(first: Answer, again: Answer): void {
    assert.equal(first.headers.get('idempotent-replayed'), null);
    assert.equal(again.headers.get('idempotent-replayed'), 'true', again.text);
    assert.deepEqual([again.status, again.text], [first.status, first.text]);
    for (const name of ['content-type', 'etag', 'cache-control'])
      assert.equal(again.headers.get(name), first.headers.get(name), name);
  }

  function storedKeys(key: string): Promise<StoredKey[]> {
    return withClient(api.database.ownerUrl, async (client) => {
      const text = `select body from idempotency_keys where key = $1`;
      return (await client.query<StoredKey>(text, [key])).rows;
    });
  }

  /** Makes answers older by so much. */
  function grow(...ages: [key: string, age: string][]): Promise<void> {
    return withClient(api.database.ownerUrl, async (client) => {
      for (const age of ages)
        await client.query('update idempotency_keys set created_at = created_at - $2::interval where key = $1', age);
    });
  }

  test('replays status, headers and body of every kind of write, and does nothing a second time', async () => {
    const { token } = mine;
    const category = await api.category(token);
    const order = await api.order(token, orderBody().lines);
    const line = order.lines[0].id;
    const group = { name: 'G', modifiers: [{ name: 'M', price: 10 }] };
    const person = { email: `${randomUUID()}@example.com`, name: 'P', role: 'staff' };
    const writes: [method: string, path: string, body?: object, ifMatch?: string][] = [
      ['POST', '/v1/categories', { name: 'C' }],
      ['POST', '/v1/modifier-groups', group],
      ['POST', '/v1/menu-items', { name: 'I', price: 1, categoryId: category.id, variants: [{ name: 'L', price: 2 }] }],
      ['PATCH', `/v1/menu-items/${item.id}`, { name: 'Soup of the day' }, '"1"'],
      ['POST', `/v1/menu-items/${item.id}/availability`, { isAvailable: true, remaining: 1_000_000 }],
      ['PATCH', '/v1/restaurant', { name: 'Other' }, '"1"'],
      ['DELETE', `/v1/categories/${category.id}`],
      ['POST', '/v1/orders', orderBody()],
      ['POST', `/v1/orders/${order.id}/lines`, { menuItemId: item.id, quantity: 2 }],
      ['PATCH', `/v1/orders/${order.id}/lines/${line}`, { quantity: 3 }],
      ['DELETE', `/v1/orders/${order.id}/lines/${line}`],
      ['POST', `/v1/orders/${order.id}/accept`],
      ['POST', `/v1/orders/${order.id}/payments`, { method: 'cash', amount: 500, tip: 20 }],
      ['POST', '/v1/members', person],
      ['POST', '/v1/api-keys', { name: 'K', scopes: ['menu:read'] }],
    ];
    for (const [method, path, body, ifMatch] of writes) {
      // The category that is deleted must be empty.
      if (method === 'DELETE' && path.startsWith('/v1/categories')) {
        const { data } = expectStatus(200, await api.get('/v1/menu-items', { token }));
        for (const one of data)
          if (one.categoryId === category.id) await api.delete(`/v1/menu-items/${one.id}`, undefined, { token });
      }
      const options = keyed(randomUUID(), token, ifMatch === undefined ? {} : { 'if-match': ifMatch });
      const first = await api.request(method, path, body, options);
      assert.ok(first.status >= 200 && first.status < 300, `${method} ${path}: ${first.text}`);
      const stored = await digestRows(api.database.ownerUrl);
      const again = await api.request(method, path, body, options);
      expectReplay(first, again);
      expectReplay(first, await second.request(method, path, body, options));
      assert.deepEqual(await digestRows(api.database.ownerUrl), stored, `${method} ${path} stored something again`);
    }
  });

  test('refuses another body or another path under the same key, and keeps the first answer', async () => {
    const options = keyed(randomUUID());
    const first = await api.post('/v1/orders', orderBody(), options);
    expectStatus(201, first);
    const reused = expectProblem(422, await api.post('/v1/orders', orderBody(2), options));
    assert.equal(reused.code, 'idempotency_key_reused');
    expectReplay(first, await api.post('/v1/orders', orderBody(), options));
    const [one, other] = [first.body, await api.order(mine.token, orderBody().lines)];
    const accept = keyed(randomUUID());
    expectStatus(200, await api.post(`/v1/orders/${one.id}/accept`, undefined, accept));
    expectProblem(422, await api.post(`/v1/orders/${other.id}/accept`, undefined, accept));
    const after = expectStatus(200, await api.get(`/v1/orders/${other.id}`, { token: mine.token }));
    assert.equal(after.status, 'placed');
  });

  test('keeps keys apart by route, caller and restaurant', async () => {
    const key = randomUUID();
    const other = await api.restaurant();
    const theirItem = await api.item(other.token);
    const secret = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'K', scopes: ['orders:write', 'menu:write'] }, { token: mine.token }),
    ).secret;
    const theirBody = { type: 'takeaway', lines: [{ menuItemId: theirItem.id, quantity: 1 }] };
    const answers = [
      await api.post('/v1/orders', orderBody(), keyed(key)),
      await api.post('/v1/orders', orderBody(), keyed(key, secret)),
      await api.post('/v1/orders', theirBody, keyed(key, other.token)),
      await api.post('/v1/categories', { name: 'C' }, keyed(key)),
      await api.post('/v1/taxes', { name: 'T', rate: '7', inclusive: true }, keyed(key)),
    ];
    for (const answer of answers) {
      expectStatus(201, answer);
      assert.equal(answer.headers.get('idempotent-replayed'), null);
    }
    assert.equal(new Set(answers.map((answer) => answer.body.id)).size, answers.length);
    assert.equal((await storedKeys(key)).length, answers.length);
  });

  test('stores no failure: the corrected request goes through under the same key', async () => {
    const key = randomUUID();
    expectProblem(422, await api.post('/v1/orders', orderBody(0), keyed(key)));
    expectProblem(401, await api.post('/v1/orders', orderBody(), keyed(key, 'nobody')));
    const unknown = { type: 'takeaway', lines: [{ menuItemId: randomUUID(), quantity: 1 }] };
    expectProblem(404, await api.post('/v1/orders', unknown, keyed(key)));
    const soldOut = await api.item(mine.token, { availability: { remaining: 0 } });
    const wanted = { type: 'takeaway', lines: [{ menuItemId: soldOut.id, quantity: 1 }] };
    expectProblem(409, await api.post('/v1/orders', wanted, keyed(key)));
    assert.deepEqual(await storedKeys(key), []);
    const available = { isAvailable: true, remaining: 1 };
    await api.post(`/v1/menu-items/${soldOut.id}/availability`, available, { token: mine.token });
    const first = await api.post('/v1/orders', wanted, keyed(key));
    expectStatus(201, first);
    expectReplay(first, await api.post('/v1/orders', wanted, keyed(key)));
  });

  test('registers one restaurant when the registration is repeated, and answers the same tokens', async () => {
    const registration = {
      email: `${randomUUID()}@example.com`,
      password: 'a long enough password',
      name: 'Ida',
      restaurantName: 'Idas',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
    };
    const key = randomUUID();
    const first = await api.post('/v1/auth/register', registration, { headers: { 'idempotency-key': key } });
    expectStatus(201, first);
    expectReplay(first, await second.post('/v1/auth/register', registration, { headers: { 'idempotency-key': key } }));
    const changed = { ...registration, password: 'another long password' };
    const other = await api.post('/v1/auth/register', changed, { headers: { 'idempotency-key': key } });
    assert.equal(expectProblem(422, other).code, 'idempotency_key_reused');
  });

  test('keeps answers encrypted: no secret, token, name or id of them can be read in the database', async () => {
    const key = randomUUID();
    const made = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'Till at the door', scopes: ['menu:read'] }, keyed(key)),
    );
    const registration = {
      email: `${randomUUID()}@example.com`,
      password: 'a long enough password',
      name: 'Ida',
      restaurantName: 'Idas',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
    };
    const headers = { 'idempotency-key': key };
    const entry = expectStatus(201, await api.post('/v1/auth/register', registration, { headers }));
    const rows = await storedKeys(key);
    assert.equal(rows.length, 2);
    const readable = ['Till', 'menu:read', '"id"', 'accessToken', made.secret, made.id, entry.refreshToken, 'Idas'];
    for (const row of rows) {
      assert.ok(row.body.length > 100, 'the answer must be in the row');
      for (const text of readable) assert.equal(row.body.includes(text), false, text);
    }
    const again = expectStatus(
      201,
      await second.post('/v1/api-keys', { name: 'Till at the door', scopes: ['menu:read'] }, keyed(key)),
    );
    assert.equal(again.secret, made.secret);
  });

  test('keeps a key for more than 24 hours and sweeps it away after some days', async () => {
    const [young, old] = [randomUUID(), randomUUID()];
    const first = await api.post('/v1/orders', orderBody(), keyed(young));
    expectStatus(201, first);
    expectStatus(201, await api.post('/v1/orders', orderBody(), keyed(old)));
    await grow([young, '25 hours'], [old, '72 hours']);
    // One write in a few hundred sweeps.
    for (let wave = 0; wave < 150 && (await storedKeys(old)).length > 0; wave += 1)
      await Promise.all(
        Array.from({ length: 20 }, () => api.post('/v1/categories', { name: 'C' }, keyed(randomUUID()))),
      );
    assert.deepEqual(await storedKeys(old), []);
    expectReplay(first, await api.post('/v1/orders', orderBody(), keyed(young)));
  });

  test('repeats no answer after 72 hours, though nobody has swept: the key is as good as new', async () => {
    const [young, old] = [randomUUID(), randomUUID()];
    const first = await api.post('/v1/orders', orderBody(), keyed(young));
    const gone = expectStatus(201, await api.post('/v1/orders', orderBody(), keyed(old)));
    await grow([young, '71 hours'], [old, '400 days']);
    expectReplay(first, await api.post('/v1/orders', orderBody(), keyed(young)));
    const anew = await api.post('/v1/orders', orderBody(3), keyed(old));
    assert.notEqual(expectStatus(201, anew).id, gone.id);
    assert.equal(anew.headers.get('idempotent-replayed'), null);
    expectReplay(anew, await api.post('/v1/orders', orderBody(3), keyed(old)));
  });

  test('forgets the answers of every restaurant in time, also where nobody writes, and no others', async () => {
    const quiet = await api.restaurant();
    const [young, old, stranger] = [randomUUID(), randomUUID(), randomUUID()];
    const category = { name: 'C' };
    expectStatus(201, await api.post('/v1/categories', category, keyed(young, quiet.token)));
    expectStatus(201, await api.post('/v1/categories', category, keyed(old, quiet.token)));
    const { email, password } = quiet;
    const headers = { 'idempotency-key': stranger };
    expectStatus(200, await api.post('/v1/auth/login', { email, password }, { headers }));
    await grow([young, '47 hours'], [old, '49 hours'], [stranger, '49 hours']);
    assert.ok((await api.context.unitOfWork.forgetOldAnswers()) >= 2);
    assert.equal((await storedKeys(young)).length, 1);
    assert.deepEqual([await storedKeys(old), await storedKeys(stranger)], [[], []]);
    assert.equal(await api.context.unitOfWork.forgetOldAnswers(), 0);
  });

  test('forgets nothing that is younger than promised, whatever the database is told', async () => {
    const key = randomUUID();
    expectStatus(201, await api.post('/v1/categories', { name: 'C' }, keyed(key)));
    await withClient(api.database.appUrl, async (client) => {
      const text = `select sum(forgotten)::int as forgotten from forget_answers(now() + interval '1 year', null, 100000)`;
      assert.deepEqual((await client.query(text)).rows, [{ forgotten: 0 }]);
    });
    assert.equal((await storedKeys(key)).length, 1);
  });

  test('shows a secret again for ten minutes, and then says that it was shown; nothing is done a second time', async () => {
    const { email, password } = mine;
    const invitation = { email: `${randomUUID()}@example.com`, name: 'P', role: 'staff' };
    const registration = {
      name: 'O',
      restaurantName: 'B',
      currency: 'EUR',
      timezone: 'UTC',
      password: 'long enough words',
    };
    const { refreshToken } = expectStatus(200, await api.post('/v1/auth/login', { email, password }));
    const writes: Record<string, [path: string, body: object, isStranger?: true]> = {
      key: ['/v1/api-keys', { name: 'K', scopes: ['menu:read'] }],
      member: ['/v1/members', invitation],
      login: ['/v1/auth/login', { email, password }, true],
      refresh: ['/v1/auth/refresh', { refreshToken }, true],
      registration: ['/v1/auth/register', { ...registration, email: `${randomUUID()}@example.com` }, true],
    };
    for (const [what, [path, body, isStranger]] of Object.entries(writes)) {
      const key = randomUUID();
      const options = isStranger ? { headers: { 'idempotency-key': key } } : keyed(key);
      const first = await api.post(path, body, options);
      assert.ok(first.status < 300, first.text);
      await grow([key, '9 minutes']);
      expectReplay(first, await api.post(path, body, options));
      await grow([key, '61 seconds']);
      const rows = await digestRows(api.database.ownerUrl);
      const late = expectProblem(422, await api.post(path, body, options));
      assert.equal(late.code, 'idempotency_key_reused', what);
      assert.match(late.detail, /shown for ten minutes/);
      assert.deepEqual(await digestRows(api.database.ownerUrl), rows, `${what} was done again`);
    }
    const key = randomUUID();
    const order = await api.post('/v1/orders', orderBody(), keyed(key));
    await grow([key, '40 hours']);
    expectReplay(order, await api.post('/v1/orders', orderBody(), keyed(key)));
  });

  test('two strangers who refresh under one key are two callers', async () => {
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const { email, password } = mine;
    const tokens: string[] = [];
    for (let count = 0; count < 2; count += 1)
      tokens.push(expectStatus(200, await api.post('/v1/auth/login', { email, password })).refreshToken);
    for (const refreshToken of tokens) {
      const answer = await api.post('/v1/auth/refresh', { refreshToken }, options);
      expectStatus(200, answer);
      assert.equal(answer.headers.get('idempotent-replayed'), null);
    }
  });

  /**
   * Answers to 30 callers on two instances that send the same request under the same key, and the
   * answer to one more caller afterwards.
   */
  async function race(send: (on: TestApi, options: ReturnType<typeof keyed>) => Promise<Answer>): Promise<void> {
    const options = keyed(randomUUID());
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        // Spread out, so that some arrive just as the first one's answer is stored.
        await sleep(Math.random() * SPREAD_MS);
        return send(index % 2 ? api : second, options);
      }),
    );
    const last = await send(api, options);
    assert.equal(last.headers.get('idempotent-replayed'), 'true', last.text);
    for (const answer of answers) {
      if (answer.status >= 400) {
        const refused = `${answer.status} ${answer.body.code}`;
        assert.equal(refused, '409 idempotency_key_in_use', answer.text);
        assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
      } else assert.equal(answer.text, last.text);
    }
    const fresh = answers.filter((one) => one.status < 400 && one.headers.get('idempotent-replayed') === null);
    assert.equal(fresh.length, 1, 'exactly one caller does the work');
  }

  test('lets one of many simultaneous callers work; the others replay or are told to wait', async () => {
    for (let round = 0; round < Math.ceil(ROUNDS / 5); round += 1) {
      const stored = await digestRows(api.database.ownerUrl, mine.id);
      await race((on, options) => on.post('/v1/orders', orderBody(), options));
      const now = await digestRows(api.database.ownerUrl, mine.id);
      for (const table of ['orders', 'order_lines', 'events', 'audit_log', 'idempotency_keys'])
        assert.equal(now[table]?.rows, (stored[table]?.rows ?? 0) + 1, table);
    }
  });

  test('gives a late caller the answer and not the failure that doing it twice would be', async () => {
    const { token } = mine;
    for (let round = 0; round < ROUNDS; round += 1) {
      const category = await api.category(token);
      await race((on, options) => on.delete(`/v1/categories/${category.id}`, undefined, options));
    }
    const order = await api.order(token, orderBody().lines);
    await race((on, options) => on.post(`/v1/orders/${order.id}/cancel`, undefined, options));
  });
});
