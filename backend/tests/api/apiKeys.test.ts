import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { SCOPES } from '../../src/domain/people/roles.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';

const DAY_MS = 24 * 3_600_000;

let api: TestApi;
let aheadMs = 0;

before(async () => {
  api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
});
after(() => api.close());

function create(
  token: string,
  fields: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return api.post('/v1/api-keys', { name: 'till', scopes: ['orders:read'], ...fields }, { token, headers });
}

async function createKey(token: string, scopes: string[], fields: Record<string, unknown> = {}): Promise<Json> {
  return expectStatus(201, await create(token, { scopes, ...fields }));
}

function expectRefusal(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

test('a key acts for its restaurant, and /v1/me tells whose key it is', async () => {
  const owner = await api.restaurant();
  const key = await createKey(owner.token, ['restaurant:read', 'orders:read']);
  assert.match(key.secret, /^sk_[0-9a-f]{32}_[\w-]{43}$/);
  const me = expectStatus(200, await api.get('/v1/me', { token: key.secret }));
  const scopes = ['restaurant:read', 'orders:read'];
  assert.deepEqual([me.user, me.role, me.scopes], [null, null, scopes]);
  assert.deepEqual(me.apiKey, { id: key.id, name: 'till', kind: 'integration', scopes });
  assert.equal(me.restaurant.id, owner.id);
});

test('a key can do what its scopes say and nothing else', async () => {
  const owner = await api.restaurant();
  const reader = await createKey(owner.token, ['restaurant:read']);
  const token: string = reader.secret;
  expectStatus(200, await api.get('/v1/restaurant', { token }));
  const refused = [
    await api.patch('/v1/restaurant', { name: 'Hacked' }, { token, headers: { 'if-match': '"1"' } }),
    await api.get('/v1/members', { token }),
    await api.post('/v1/members', { email: `${randomUUID()}@example.com`, name: 'X', role: 'owner' }, { token }),
    await api.get('/v1/api-keys', { token }),
    await create(token),
    await api.delete(`/v1/api-keys/${reader.id}`, undefined, { token }),
    await api.get('/v1/audit-log', { token }),
  ];
  for (const answer of refused) {
    expectRefusal(answer, 403, 'forbidden');
    assert.match(answer.body.detail, /scope "[a-z_]+:[a-z]+"/);
  }
  const writer = await createKey(owner.token, ['restaurant:write']);
  expectRefusal(await api.get('/v1/restaurant', { token: writer.secret }), 403, 'forbidden');
  expectStatus(
    200,
    await api.patch('/v1/restaurant', { name: 'New' }, { token: writer.secret, headers: { 'if-match': '"1"' } }),
  );
});

test('what a key does stands in the audit log under its id', async () => {
  const owner = await api.restaurant();
  const key = await createKey(owner.token, ['restaurant:write']);
  const headers = { 'if-match': '"1"', 'x-request-id': 'the-change-by-key' };
  expectStatus(200, await api.patch('/v1/restaurant', { name: 'By key' }, { token: key.secret, headers }));
  const log = expectStatus(200, await api.get('/v1/audit-log?action=restaurant.changed', { token: owner.token }));
  assert.deepEqual(log.data[0].actor, { kind: 'api_key', id: key.id, name: 'till' });
  assert.equal(log.data[0].requestId, 'the-change-by-key');
});

test('a key has no session to log out of', async () => {
  const owner = await api.restaurant();
  const key = await createKey(owner.token, ['orders:read']);
  expectRefusal(await api.post('/v1/auth/logout', undefined, { token: key.secret }), 403, 'forbidden');
});

test('a key that makes keys cannot give away more than it has', async () => {
  const owner = await api.restaurant();
  const maker = await createKey(owner.token, ['api_keys:write', 'orders:read']);
  expectStatus(201, await create(maker.secret, { scopes: ['orders:read'] }));
  const answer = await create(maker.secret, { scopes: ['orders:read', 'refunds:write'] });
  expectRefusal(answer, 403, 'forbidden');
  assert.match(answer.body.detail, /refunds:write/);
});

test('only owners handle keys', async () => {
  const owner = await api.restaurant();
  const key = await createKey(owner.token, ['orders:read']);
  for (const role of ['manager', 'staff', 'kitchen']) {
    const body = { email: `${randomUUID()}@example.com`, name: 'M', role };
    const { invitation } = expectStatus(201, await api.post('/v1/members', body, { token: owner.token }));
    const joining = { token: invitation.token, password: 'a long enough password' };
    const { accessToken: token } = expectStatus(200, await api.post('/v1/auth/accept-invitation', joining));
    expectRefusal(await create(token), 403, 'forbidden');
    expectRefusal(await api.get('/v1/api-keys', { token }), 403, 'forbidden');
    expectRefusal(await api.delete(`/v1/api-keys/${key.id}`, undefined, { token }), 403, 'forbidden');
  }
});

test('the secret is shown once: not in the list, not in the audit log, and stored as a digest only', async () => {
  const owner = await api.restaurant();
  const key = await createKey(owner.token, ['orders:read', 'orders:read', 'menu:read']);
  assert.deepEqual(key.scopes, ['menu:read', 'orders:read']);
  assert.equal(key.hint, key.secret.slice(-4));
  const list = await api.get('/v1/api-keys', { token: owner.token });
  const { secret, ...shown } = key;
  assert.deepEqual(expectStatus(200, list).data, [shown]);
  const log = await api.get(`/v1/audit-log?subjectId=${key.id}`, { token: owner.token });
  assert.equal(expectStatus(200, log).data[0].action, 'api_key.created');
  const stored = await withClient(api.database.ownerUrl, (client) =>
    client.query<{ text: string }>('select row_to_json(k)::text as text from api_keys k where id = $1', [key.id]),
  );
  const random = secret.split('_').slice(2).join('_');
  for (const text of [list.text, log.text, stored.rows[0]?.text ?? '']) {
    assert.ok(text.includes(key.id) && !text.includes(random), text);
  }
});

test('an idempotent creation replays the same secret and makes one key', async () => {
  const owner = await api.restaurant();
  const headers = { 'idempotency-key': randomUUID() };
  const answers = [await create(owner.token, {}, headers), await create(owner.token, {}, headers)];
  assert.equal(expectStatus(201, answers[1] as Answer).secret, expectStatus(201, answers[0] as Answer).secret);
  assert.equal(expectStatus(200, await api.get('/v1/api-keys', { token: owner.token })).data.length, 1);
});

test('a revoked key is refused from the next request on and leaves the list', async () => {
  const owner = await api.restaurant();
  const key = await createKey(owner.token, ['restaurant:read']);
  expectStatus(200, await api.get('/v1/restaurant', { token: key.secret }));
  expectStatus(204, await api.delete(`/v1/api-keys/${key.id}`, undefined, { token: owner.token }));
  expectRefusal(await api.get('/v1/restaurant', { token: key.secret }), 401, 'invalid_token');
  assert.deepEqual(expectStatus(200, await api.get('/v1/api-keys', { token: owner.token })).data, []);
  expectRefusal(await api.delete(`/v1/api-keys/${key.id}`, undefined, { token: owner.token }), 404, 'not_found');
});

test('a key expires when it says', async () => {
  const owner = await api.restaurant();
  const expiresAt = new Date(Date.now() + DAY_MS).toISOString();
  const key = await createKey(owner.token, ['restaurant:read'], { expiresAt });
  assert.equal(key.expiresAt, expiresAt);
  expectStatus(200, await api.get('/v1/restaurant', { token: key.secret }));
  aheadMs = DAY_MS + 1000;
  const late = await api.get('/v1/restaurant', { token: key.secret }).finally(() => (aheadMs = 0));
  expectRefusal(late, 401, 'invalid_token');
});

test('a key needs a name, scopes that are known and an expiry that lies ahead', async () => {
  const owner = await api.restaurant();
  for (const [pointer, fields] of [
    ['/name', { name: '' }],
    ['/name', { name: 'x'.repeat(201) }],
    ['/scopes', { scopes: [] }],
    ['/scopes', { scopes: undefined }],
    ['/scopes/1', { scopes: [SCOPES[0], 'everything:write'] }],
    ['/expiresAt', { expiresAt: 'tomorrow' }],
    ['/expiresAt', { expiresAt: '0000-01-01T00:00:00Z' }],
    ['/expiresAt', { expiresAt: new Date(Date.now() - 1000).toISOString() }],
    ['/secret', { secret: 'of my choice' }],
  ] as const) {
    const answer = await create(owner.token, fields);
    expectRefusal(answer, 422, 'invalid_request');
    assert.equal(answer.body.errors[0].pointer, pointer);
  }
});

test('a key that is wrong in any part is refused', async () => {
  const [owner, other] = [await api.restaurant(), await api.restaurant()];
  const { secret } = await createKey(owner.token, ['restaurant:read']);
  const flipped = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
  const elsewhere = secret.replace(owner.id.replaceAll('-', ''), other.id.replaceAll('-', ''));
  for (const token of [
    flipped,
    elsewhere,
    secret.slice(0, -1),
    `${secret}A`,
    secret.toUpperCase(),
    'sk_',
    secret.replace('sk_', 'rt_'),
  ]) {
    expectRefusal(await api.get('/v1/restaurant', { token }), 401, 'invalid_token');
  }
});

test("another restaurant's key is not found and not listed", async () => {
  const [owner, stranger] = [await api.restaurant(), await api.restaurant()];
  const key = await createKey(owner.token, ['restaurant:read']);
  for (const id of [key.id, randomUUID(), 'no-id']) {
    expectRefusal(await api.delete(`/v1/api-keys/${id}`, undefined, { token: stranger.token }), 404, 'not_found');
  }
  assert.deepEqual(expectStatus(200, await api.get('/v1/api-keys', { token: stranger.token })).data, []);
  expectStatus(200, await api.get('/v1/restaurant', { token: key.secret }));
});

test('the list goes through all keys page by page', async () => {
  const owner = await api.restaurant();
  const ids: string[] = [];
  for (let index = 0; index < 3; index += 1) ids.push((await createKey(owner.token, ['menu:read'])).id);
  const first = expectStatus(200, await api.get('/v1/api-keys?limit=2', { token: owner.token }));
  const second = expectStatus(
    200,
    await api.get(`/v1/api-keys?limit=2&cursor=${first.nextCursor}`, { token: owner.token }),
  );
  assert.deepEqual(
    [...first.data, ...second.data].map((key: Json) => key.id),
    ids,
  );
  assert.equal(second.nextCursor, null);
});
