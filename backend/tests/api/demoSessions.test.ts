/**
 * Demo sessions: one call creates a demo, it is isolated, it ends on time, and then every row of it
 * is removed.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { removeDemoSessions } from '../../src/commands/removeDemoSessions.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { inlined } from '../support/description.js';
import { expectProblem } from '../support/problem.js';
import { type Digests, digestRows } from '../support/rows.js';

const HOUR_MS = 3_600_000;
const HOURS = 24;
const MOST = 3;
/**
 * Both clocks must agree that a demo is over, and PostgreSQL's clock cannot be set. The demos of
 * these tests are therefore made in the past.
 */
const START = Math.floor(Date.now() / 1000) * 1000 - 100 * HOUR_MS;

let api: TestApi;
let second: TestApi;
let now = START;

before(async () => {
  const clock = () => new Date(now);
  const demoSessions = { isOn: true, hours: HOURS, most: MOST };
  api = await startApi({ clock, demoSessions });
  second = await startApi({ clock, demoSessions, database: api.database });
});
after(async () => {
  await second.close();
  await api.close();
});
beforeEach(async () => {
  now += (HOURS + 1) * HOUR_MS;
  await api.context.demo.removeExpired();
  now = START;
});

const open = (body: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  api.post('/v1/demo-sessions', body, { headers });
const opened = async (body?: object): Promise<Json> => expectStatus(201, await open(body));
const expire = (): void => void (now += HOURS * HOUR_MS);
const rows = <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
  withClient(api.database.ownerUrl, async (owner) => (await owner.query<T>(sql, values)).rows);

/** Makes records that never change again in an ordinary restaurant: an invoice and a closed day. */
async function makeEvidence(token: string): Promise<void> {
  const [order] = expectStatus(200, await api.get('/v1/orders?status=completed', { token })).data;
  const invoice = { type: 'invoice', orderId: order.id };
  const issued = expectStatus(201, await api.post('/v1/documents?issue=true', invoice, { token }));
  assert.equal(issued.status, 'issued');
  const close = { acceptOpenOrders: true, acceptEarly: true };
  expectStatus(201, await api.post(`/v1/business-days/${order.businessDate}/close`, close, { token }));
}

async function rowsOf(restaurantId: string): Promise<number> {
  const digests = await digestRows(api.database.ownerUrl, restaurantId);
  return Object.values(digests).reduce((sum, digest) => sum + digest.rows, 0);
}

describe('a demo session', () => {
  test('is a restaurant with a menu, stock, recipes and trade of the last days', async () => {
    const demo = await opened();
    const token: string = demo.accessToken;
    assert.equal(demo.expiresAt, new Date(now + HOURS * HOUR_MS).toISOString());
    assert.deepEqual([demo.restaurant.currency, demo.restaurant.demoExpiresAt], ['EUR', demo.expiresAt]);
    const menu = expectStatus(200, await api.get('/v1/menu', { token }));
    assert.ok(menu.categories.length >= 4);
    const orders = expectStatus(200, await api.get('/v1/orders', { token })).data;
    const statuses = orders.map((order: Json) => order.status);
    assert.deepEqual(statuses.slice(0, 2), ['placed', 'accepted'], 'newest first');
    assert.ok(statuses.length > 5 && statuses.slice(2).every((status: string) => status === 'completed'));
    const report = expectStatus(
      200,
      await api.get(`/v1/reports/sales?from=${day(-4)}&to=${day(0)}&groupBy=day`, { token }),
    );
    assert.ok(report.data.length >= 3, JSON.stringify(report));
    const low = expectStatus(200, await api.get('/v1/stock/low', { token })).data;
    assert.deepEqual(
      low.map((item: Json) => item.name),
      ['Burrata'],
    );
  });

  test('takes orders, which take ingredients, in numbers of its own', async () => {
    const [mine, other] = [await opened(), await opened({ currency: 'JPY', timezone: 'Asia/Tokyo' })];
    assert.deepEqual([other.restaurant.currency, other.restaurant.timezone], ['JPY', 'Asia/Tokyo']);
    const numbers = [];
    for (const { accessToken: token } of [mine, other]) {
      const soup = expectStatus(200, await api.get('/v1/menu-items?limit=100', { token })).data.find(
        (item: Json) => item.name === 'Lemon soup',
      );
      const lemons = async () =>
        Number(
          expectStatus(200, await api.get('/v1/inventory-items?limit=100', { token })).data.find(
            (item: Json) => item.name === 'Lemons',
          ).currentQuantity,
        );
      const before = await lemons();
      numbers.push((await api.order(token, [{ menuItemId: soup.id, quantity: 2 }])).number);
      assert.equal(await lemons(), before - 3);
    }
    assert.equal(numbers[0], numbers[1]);
  });

  test('keeps to itself: it neither sees another restaurant nor is seen by one', async () => {
    const demos = [await opened(), await opened()];
    const restaurant = await api.restaurant();
    const tokens = [...demos.map((demo) => demo.accessToken), restaurant.token];
    const seen = await Promise.all(
      tokens.map(async (token) => {
        const lists = ['orders', 'menu-items', 'inventory-items', 'recipes', 'members'];
        const answers = await Promise.all(lists.map((list) => api.get(`/v1/${list}?limit=100`, { token })));
        return new Set(answers.flatMap((answer) => expectStatus(200, answer).data.map((one: Json) => one.id)));
      }),
    );
    assert.ok([...(seen[0] ?? [])].length > 30);
    assert.equal(
      new Set(seen.flatMap((ids) => [...ids])).size,
      seen.reduce((sum, ids) => sum + ids.size, 0),
    );
    const order = expectStatus(200, await api.get('/v1/orders', { token: tokens[0] ?? '' })).data[0];
    for (const token of tokens.slice(1)) expectProblem(404, await api.get(`/v1/orders/${order.id}`, { token }));
  });

  test('may not write to people, multiply its limits or fill the disk', async () => {
    const token: string = (await opened()).accessToken;
    const invitation = { email: 'somebody@example.com', name: 'S', role: 'staff' };
    expectProblem(403, await api.post('/v1/members', invitation, { token }));
    expectProblem(403, await api.post('/v1/api-keys', { name: 'k', scopes: [] }, { token }));
    const raw = new FormData();
    expectProblem(403, await api.post('/v1/imports', undefined, { token, raw }));
    assert.equal(expectStatus(200, await api.get('/v1/me', { token })).role, 'owner');
  });

  test('is not made from a currency or time zone that does not exist, nor with unknown fields', async () => {
    const before = await rows('select count(*) from restaurants');
    for (const body of [{ currency: 'EURO' }, { currency: 'XQQ' }, { timezone: 'Mars/Olympus' }, { name: 'x' }])
      expectProblem(422, await open(body));
    assert.deepEqual(await rows('select count(*) from restaurants'), before);
  });

  test('is another one at each call, under the same key too: a key is no proof of who calls', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [first, again] = [await open({}, headers), await open({}, headers)];
    assert.equal(again.headers.get('idempotent-replayed'), null);
    const [mine, theirs] = [expectStatus(201, first), expectStatus(201, again)];
    assert.notEqual(mine.restaurant.id, theirs.restaurant.id);
    assert.notEqual(mine.accessToken, theirs.accessToken);
    // The document is JSON of OpenAPI.
    const description = (await (await fetch(`${api.url}/openapi.json`)).json()) as Json;
    const { parameters = [] } = inlined(description).paths['/v1/demo-sessions'].post;
    const names = parameters.map(({ name }: Json) => name);
    assert.deepEqual(names, ['cookie'], 'and the description says so');
  });

  test('is counted', async () => {
    const counted = async () => (await api.context.metrics.prometheus()).match(/servio_demo_sessions_total (\d+)/)?.[1];
    const before = Number((await counted()) ?? 0);
    await opened();
    assert.equal(Number(await counted()), before + 1);
  });

  test('can be switched off', async () => {
    const off = await startApi({ demoSessions: { isOn: false, hours: 1, most: 1 }, database: api.database });
    expectProblem(404, await off.post('/v1/demo-sessions', {}));
    await off.close();
  });

  test('is limited by address, as registration is', async () => {
    const limited = await startApi({
      rateLimitMultiplier: 1,
      trustProxyHops: 1,
      database: api.database,
      demoSessions: { isOn: false, hours: 24, most: MOST },
    });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    for (let call = 0; call < 5; call += 1)
      expectProblem(404, await limited.post('/v1/demo-sessions', {}, from('198.51.100.7')));
    expectProblem(429, await limited.post('/v1/demo-sessions', {}, from('198.51.100.7')));
    expectProblem(404, await limited.post('/v1/demo-sessions', {}, from('198.51.100.8')));
    await limited.close();
  });

  test('of as many as there may be, one gets the last place, though two instances are asked for it at once', async () => {
    for (let place = 1; place < MOST; place += 1) await opened();
    const askers = [api, second];
    const answers = await Promise.all(askers.map((instance) => instance.post('/v1/demo-sessions', {})));
    const refused = answers.filter(({ status }) => status !== 201);
    assert.equal(refused.length, askers.length - 1);
    refused.push(await open());
    for (const answer of refused) {
      assert.equal(expectProblem(503, answer).code, 'overloaded');
      assert.equal(answer.headers.get('retry-after'), '3600', 'until one ends, but an hour at most');
    }
    expire();
    await api.context.demo.removeExpired();
    await opened();
  });
});

describe('at its end a demo session', () => {
  test('is over at once: its access token, its refresh token, and every new login', async () => {
    const demo = await opened();
    const token: string = demo.accessToken;
    // The address is no secret. A person who registers with it gets a separate account. Only a
    // password reset allows a login to the demo's account.
    const { email } = demo.user;
    const password = 'a long enough password';
    const registration = { email, password: 'the one of a stranger', name: 'V', restaurantName: 'R' };
    const stranger = await api.post('/v1/auth/register', { ...registration, currency: 'EUR', timezone: 'UTC' });
    assert.notEqual(expectStatus(201, stranger).user.id, demo.user.id);
    now += HOURS * HOUR_MS - 5 * 60_000;
    expectProblem(401, await api.get('/v1/me', { token }));
    const { token: resetToken } = await api.context.account.reset(demo.user);
    expectStatus(204, await api.post('/v1/auth/reset-password', { token: resetToken, password }));
    const login = { email, password, restaurantId: demo.restaurant.id };
    const [first, other] = [await api.post('/v1/auth/login', login), await api.post('/v1/auth/login', login)];
    const { refreshToken: unused } = expectStatus(200, first);
    const refreshed = expectStatus(200, await api.post('/v1/auth/refresh', { refreshToken: unused }));
    assert.equal(refreshed.expiresIn, 300, 'no token outlives the demo');
    const tokens = [refreshed, expectStatus(200, other)];
    for (const { accessToken } of tokens) expectStatus(200, await api.get('/v1/me', { token: accessToken }));
    now += 5 * 60_000 - 1;
    for (const { accessToken } of tokens) expectStatus(200, await api.get('/v1/me', { token: accessToken }));
    now += 1;
    for (const { accessToken, refreshToken } of tokens) {
      assert.equal(expectProblem(401, await api.get('/v1/me', { token: accessToken })).code, 'invalid_token');
      expectProblem(401, await second.get('/v1/me', { token: accessToken }));
      const refusal = await api.post('/v1/auth/refresh', { refreshToken });
      assert.equal(expectProblem(401, refusal).code, 'invalid_token');
    }
  });

  test('is removed from every table, its visitor too, and nothing of anybody else', async () => {
    const restaurant = await api.restaurant();
    const item = await api.item(restaurant.token);
    await api.order(restaurant.token, [{ menuItemId: item.id, quantity: 1 }]);
    const gone = await opened();
    const { id } = gone.restaurant;
    await makeEvidence(gone.accessToken);
    now += HOUR_MS;
    const stays = await opened();
    const others: [string, Digests][] = [];
    for (const one of [restaurant.id, stays.restaurant.id])
      others.push([one, await digestRows(api.database.ownerUrl, one)]);
    now += (HOURS - 1) * HOUR_MS;
    assert.ok((await rowsOf(id)) > 300);
    const report = await api.context.demo.removeExpired();
    assert.equal(report.restaurants, 1);
    assert.equal(await rowsOf(id), 0);
    assert.deepEqual(await rows('select id from users where id = $1', [gone.user.id]), []);
    for (const [one, digests] of others) assert.deepEqual(await digestRows(api.database.ownerUrl, one), digests);
    assert.equal(
      (await rows('select 1 from users where id = any($1)', [[restaurant.userId, stays.user.id]])).length,
      2,
    );
  });

  test('leaves a visitor who has a restaurant of his own by then', async () => {
    const demo = await opened();
    const registration = { email: demo.user.email, password: 'a long enough password', name: 'V', restaurantName: 'R' };
    const own = await api.post('/v1/auth/register', { ...registration, currency: 'EUR', timezone: 'UTC' });
    expire();
    await api.context.demo.removeExpired();
    assert.equal(await rowsOf(demo.restaurant.id), 0);
    const { email, password } = registration;
    const login = expectStatus(200, await api.post('/v1/auth/login', { email, password }));
    assert.equal(login.restaurant.id, expectStatus(201, own).restaurant.id);
  });

  test('is counted and logged as removed, by the command too', async () => {
    await opened();
    expire();
    let out = '';
    const streams = { out: { write: (text: string) => (out += text) }, err: { write: () => undefined } };
    assert.equal(await removeDemoSessions(api.context, streams), 0);
    assert.match(out, /^1 expired demo restaurants removed, \d+ rows\n$/);
    assert.match(await api.context.metrics.prometheus(), /servio_demo_restaurants_removed_total [1-9]/);
  });
});

function day(offset: number): string {
  return new Date(now + offset * 24 * HOUR_MS).toISOString().slice(0, 10);
}
