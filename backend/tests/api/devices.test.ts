/** Screens and tills without a login: pairing by a code, their keys, and when they were seen. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { DEVICE_SCOPES, readUserCode } from '../../src/domain/people/devices.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const MINUTE_MS = 60_000;

describe('a device without a login', () => {
  let api: TestApi;
  /** A second process with the same database. */
  let other: TestApi;
  let mine: TestRestaurant;
  let now = Date.now();

  before(async () => {
    api = await startApi({ clock: () => new Date(now) });
    other = await startApi({ clock: () => new Date(now), database: api.database });
    mine = await api.restaurant();
  });
  after(async () => {
    await other.close();
    await api.close();
  });

  const start = async (): Promise<Json> => expectStatus(201, await api.post('/v1/devices/pairings'));
  const confirm = (userCode: string, fields: object = {}, token = mine.token, instance = api) =>
    instance.post(
      '/v1/devices/pairings/confirm',
      { userCode, name: 'Pass', kind: 'kitchen_screen', ...fields },
      { token },
    );
  const collect = (secret: string, headers: Record<string, string> = {}, instance = api) =>
    instance.post('/v1/devices/pairings/collect', { secret }, { headers });
  const me = (token: string, instance = api) => instance.get('/v1/me', { token });
  const devices = async (): Promise<Json[]> =>
    expectStatus(200, await api.get('/v1/devices?limit=100', { token: mine.token })).data;
  const owner = <T extends object>(text: string, values: unknown[] = []) =>
    withClient(api.database.ownerUrl, async (client) => (await client.query<T>(text, values)).rows);

  async function pair(kind = 'kitchen_screen'): Promise<Json> {
    const { userCode, secret } = await start();
    expectStatus(200, await confirm(userCode, { kind }));
    return expectStatus(200, await collect(secret));
  }

  async function member(role: string): Promise<string> {
    const body = { email: `${randomUUID()}@example.com`, name: 'M', role };
    const { invitation } = expectStatus(201, await api.post('/v1/members', body, { token: mine.token }));
    const joining = { token: invitation.token, password: 'a long enough password' };
    return expectStatus(200, await api.post('/v1/auth/accept-invitation', joining)).accessToken;
  }

  test('shows a code, waits for a member to enter it, and gets a key of its kind once', async () => {
    const { userCode, secret, interval, expiresAt } = await start();
    assert.match(userCode, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    assert.deepEqual([interval, Date.parse(expiresAt) - now], [5, 10 * MINUTE_MS]);
    const early = await collect(secret);
    assert.equal(expectProblem(409, early).code, 'pairing_pending');
    assert.equal(early.headers.get('retry-after'), '5');
    const typed = ` ${userCode.toLowerCase().replace('-', ' ')}`;
    const confirmed = expectStatus(200, await confirm(typed, {}, mine.token, other));
    assert.deepEqual(confirmed, { name: 'Pass', kind: 'kitchen_screen', expiresAt });
    const { secret: key, restaurant, ...shown } = expectStatus(200, await collect(secret));
    assert.deepEqual(restaurant, { id: mine.id, name: 'Test Bistro' });
    assert.deepEqual(new Set(shown.scopes), new Set(DEVICE_SCOPES.kitchen_screen));
    assert.deepEqual(
      (await devices()).find(({ id }) => id === shown.id),
      shown,
    );
    assert.equal(expectStatus(200, await me(key, other)).apiKey.kind, 'kitchen_screen');
    expectProblem(403, await api.post('/v1/orders', { type: 'takeaway', lines: [] }, { token: key }));
    assert.equal(expectProblem(401, await collect(secret)).code, 'invalid_token');
    // The member stands in the audit log, not the stranger that fetched the key.
    const log = expectStatus(200, await api.get(`/v1/audit-log?subjectId=${shown.id}`, { token: mine.token }));
    assert.deepEqual(log.data[0].actor, { kind: 'user', id: mine.userId, name: 'Olga Owner' });
    const stored = await owner('select * from device_pairings');
    assert.ok(
      !JSON.stringify(stored).includes(readUserCode(userCode) ?? '') && !JSON.stringify(stored).includes(secret),
    );
  });

  test('is paired once although two restaurants enter its code at once, and fetches one key of many', async () => {
    const theirs = await api.restaurant();
    for (let round = 0; round < 5; round += 1) {
      const { userCode, secret } = await start();
      const answers = await Promise.all([
        confirm(userCode),
        confirm(userCode, {}, theirs.token, other),
        confirm(userCode, { kind: 'till' }, mine.token, other),
      ]);
      const refused = answers.filter(({ status }) => status !== 200);
      assert.equal(refused.length, 2, answers.map(({ text }) => text).join());
      for (const { status, body } of refused) assert.deepEqual([status, body.errors[0].pointer], [422, '/userCode']);
      const before = await owner('select id from api_keys');
      const fetched = await Promise.all([
        collect(secret),
        collect(secret, {}, other),
        collect(secret),
        collect(secret, {}, other),
      ]);
      const [won] = fetched.filter(({ status }) => status === 200);
      assert.equal(fetched.filter(({ status }) => status === 401).length, 3);
      const winner = answers.findIndex(({ status }) => status === 200);
      assert.equal(won?.body.restaurant.id, winner === 1 ? theirs.id : mine.id);
      assert.equal((await owner('select id from api_keys')).length, before.length + 1);
    }
  });

  test('repeats a lost answer by its key, and leaves a key that nobody has when it cannot', async () => {
    const { userCode, secret } = await start();
    const headers = { 'idempotency-key': 'collect-1' };
    assert.equal(expectProblem(409, await collect(secret, headers)).code, 'pairing_pending');
    expectStatus(200, await confirm(userCode));
    const first = expectStatus(200, await collect(secret, headers));
    const again = await collect(secret, headers, other);
    assert.deepEqual(expectStatus(200, again), first);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    expectStatus(200, await me(again.body.secret));
    const stolen = await start();
    expectProblem(401, await collect(stolen.secret.replace(/.$/, '!'), headers), 'another secret under the same key');
  });

  test('gets nothing by a code that is wrong or old, or when its member may no longer pair', async () => {
    const { userCode, secret } = await start();
    for (const wrong of ['BCDF-GHJK', 'AEIO-UAEI', 'short'])
      assert.equal(expectProblem(422, await confirm(wrong)).errors?.[0]?.pointer, '/userCode');
    for (const role of ['manager', 'staff', 'kitchen'])
      expectProblem(403, await confirm(userCode, {}, await member(role)));
    expectProblem(403, await confirm(userCode, {}, await api.apiKey(mine.token)), 'a key is no person');
    now += 10 * MINUTE_MS;
    expectProblem(422, await confirm(userCode), 'an expired code');
    expectProblem(401, await collect(secret), 'an expired pairing');
    const left = await start();
    assert.equal((await owner('select 1 from device_pairings')).length, 1, 'expired rows are gone');
    const { accessToken, user } = expectStatus(
      200,
      await api.post('/v1/auth/login', { email: mine.email, password: mine.password }),
    );
    assert.equal(user.id, mine.userId);
    mine.token = accessToken;
    const partner = await member('owner');
    expectStatus(200, await confirm(left.userCode, {}, partner));
    const { data } = expectStatus(200, await api.get('/v1/members?limit=100', { token: mine.token }));
    const { id } = data.find((one: Json) => one.role === 'owner' && one.userId !== mine.userId);
    expectStatus(204, await api.delete(`/v1/members/${id}`, undefined, { token: mine.token }));
    expectProblem(401, await collect(left.secret), 'the member was removed');
  });

  test('is told apart by its name, and is refused at every server once it is revoked', async () => {
    const till = await pair('till');
    const { id, secret: key } = till;
    const path = `/v1/devices/${id}`;
    const rename = (name: string, version: number) =>
      api.patch(path, { name }, { token: mine.token, headers: { 'if-match': `"${version}"` } });
    const renamed = expectStatus(200, await rename('Bar', 1));
    assert.deepEqual([renamed.name, renamed.version], ['Bar', 2]);
    expectProblem(412, await rename('Garden', 1));
    const integration = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'shop', scopes: ['menu:read'] }, { token: mine.token }),
    );
    expectProblem(404, await api.delete(`/v1/devices/${integration.id}`, undefined, { token: mine.token }));
    assert.ok((await devices()).every((one) => one.id !== integration.id));
    expectStatus(200, await me(key, other));
    expectStatus(204, await api.delete(path, undefined, { token: mine.token }));
    expectProblem(401, await me(key));
    assert.ok((await devices()).every((one) => one.id !== id));
  });

  test('is noted as seen once a minute, behind its calls and whichever server it calls', async () => {
    const { id, secret: key, lastSeenAt } = await pair();
    assert.equal(lastSeenAt, null);
    const seen = async (instance: TestApi): Promise<string> => {
      expectStatus(200, await me(key, instance));
      await instance.context.lastSeen.write();
      return (await devices()).find((one) => one.id === id)?.lastSeenAt;
    };
    const first = await seen(api);
    assert.equal(first, new Date(now).toISOString());
    now += 40_000;
    assert.deepEqual([await seen(api), await seen(other)], [first, first]);
    now += 21_000;
    assert.equal(await seen(api), new Date(now).toISOString());
  });

  test('renews its key, whose old secret works ten more minutes; another caller ends the old one at once', async () => {
    const { id, secret: old } = await pair();
    const rotate = (token: string) => api.post('/v1/me/api-key/rotate', undefined, { token });
    const renewed = expectStatus(200, await rotate(old));
    assert.deepEqual([renewed.id, renewed.version, renewed.hint], [id, 2, renewed.secret.slice(-4)]);
    for (const key of [old, renewed.secret]) expectStatus(200, await me(key, other));
    now += 10 * MINUTE_MS;
    expectProblem(401, await me(old));
    expectProblem(401, await me(old, other));
    expectStatus(200, await me(renewed.secret));
    const byOwner = (token = mine.token) => api.post(`/v1/api-keys/${id}/rotate`, undefined, { token });
    mine.token = expectStatus(
      200,
      await api.post('/v1/auth/login', { email: mine.email, password: mine.password }),
    ).accessToken;
    const { secret: last } = expectStatus(200, await byOwner());
    expectProblem(401, await me(renewed.secret));
    expectStatus(200, await me(last));
    // A key that makes keys must not come by the rights of a stronger one.
    const weak = { name: 'weak', scopes: ['api_keys:write', 'menu:read'] };
    const { secret: weakKey } = expectStatus(201, await api.post('/v1/api-keys', weak, { token: mine.token }));
    expectProblem(403, await byOwner(weakKey));
    expectProblem(403, await rotate(mine.token));
  });

  test('cannot be guessed: codes of a restaurant, questions of a device and new codes are limited', async () => {
    const limited = await startApi({ database: api.database, rateLimitMultiplier: 1 });
    try {
      const count = async (send: () => Promise<Answer>): Promise<number> => {
        for (let sent = 0; ; sent += 1) if ((await send()).status === 429) return sent;
      };
      const theirs = await api.restaurant();
      const guess = () => confirm('BCDF-GHJK', {}, theirs.token, limited);
      assert.equal(await count(guess), 30);
      const key = (
        await api.post('/v1/api-keys', { name: 'k', kind: 'till', scopes: ['api_keys:write'] }, { token: theirs.token })
      ).body;
      assert.equal((await confirm('BCDF-GHJK', {}, key.secret, limited)).status, 429, 'all of a restaurant together');
      const { secret } = await start();
      assert.equal(await count(() => collect(secret, {}, limited)), 20);
      assert.equal(await count(() => limited.post('/v1/devices/pairings')), 30);
      await owner(`insert into device_pairings (restaurant_id, device_hash, code_hash, expires_at)
        select '00000000-0000-0000-0000-000000000000', n, n, '${new Date(now + MINUTE_MS).toISOString()}'
        from generate_series(1, 10000) n`);
      const full = await api.post('/v1/devices/pairings');
      assert.deepEqual([full.status, full.headers.get('retry-after')], [503, '60']);
      now += MINUTE_MS;
      await start();
    } finally {
      await limited.close();
    }
  });
});
