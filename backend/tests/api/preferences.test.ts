/** Settings of people and devices. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const PATH = '/v1/me/preferences';
const PASSWORD = 'a long enough password';

describe('preferences', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let key: Json;

  before(async () => {
    api = await startApi();
    mine = await api.restaurant();
    const made = { name: 'Pass', kind: 'kitchen_screen', scopes: ['orders:read'] };
    key = expectStatus(201, await api.post('/v1/api-keys', made, { token: mine.token }));
  });
  after(() => api.close());

  const keep = (name: string, value: unknown, token = mine.token) => api.post(PATH, { key: name, value }, { token });
  const list = async (token = mine.token): Promise<Json[]> =>
    expectStatus(200, await api.get(`${PATH}?limit=100`, { token })).data;
  const change = (name: string, value: unknown, version: number) =>
    api.patch(`${PATH}/${name}`, { value }, { token: mine.token, headers: { 'if-match': `"${version}"` } });
  const rows = async (): Promise<number> => {
    const text = 'select 1 from preferences where restaurant_id = $1';
    return withClient(api.database.ownerUrl, async (client) => (await client.query(text, [mine.id])).rowCount ?? 0);
  };

  test('are kept, changed by their version and deleted, and each caller sees its own only', async () => {
    const value = { columns: ['number', 'total'], filter: { open: true, most: 1.5, q: null }, title: 'Grüße 🍜' };
    const kept = expectStatus(201, await keep('orders.view', value));
    assert.deepEqual([kept.key, kept.value, kept.version], ['orders.view', value, 1]);
    assert.equal(expectProblem(409, await keep('orders.view', {})).code, 'already_exists');
    expectStatus(201, await keep('zoom', { percent: 120 }, key.secret));
    assert.deepEqual(
      (await list(key.secret)).map((one) => one.key),
      ['zoom'],
    );
    const theirs = await api.restaurant();
    for (const token of [key.secret, theirs.token]) expectProblem(404, await api.get(`${PATH}/orders.view`, { token }));
    const changed = await change('orders.view', { columns: [] }, 1);
    assert.deepEqual([expectStatus(200, changed).value, changed.headers.get('etag')], [{ columns: [] }, '"2"']);
    // Two tabs: the slower one is told.
    expectProblem(412, await change('orders.view', {}, 1));
    const read = await api.get(`${PATH}/orders.view`, { token: mine.token, headers: { 'if-none-match': '"2"' } });
    assert.equal(read.status, 304);
    expectStatus(204, await api.delete(`${PATH}/orders.view`, undefined, { token: mine.token }));
    expectProblem(404, await api.delete(`${PATH}/orders.view`, undefined, { token: mine.token }));
    assert.deepEqual(await list(), []);
  });

  test('are small: in bytes, in depth, and fifty at most although many calls come at once', async () => {
    const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });
    const bad = [[], 'text', null, deep(8), { text: 'ü'.repeat(4_000) }, { text: 'a\u0000b' }];
    for (const value of bad) {
      const { errors } = expectProblem(422, await keep('bad', value));
      assert.match(errors?.[0]?.pointer ?? '', /^\/value/, JSON.stringify(value).slice(0, 50));
    }
    for (const name of ['', '1st', 'a b', 'x'.repeat(65), '../me']) expectProblem(422, await keep(name, {}));
    expectStatus(201, await keep('deep', deep(7)));
    expectStatus(201, await keep('long', { text: 'ü'.repeat(3_990) }));
    for (let at = 0; at < 43; at += 1) expectStatus(201, await keep(`view.${at}`, {}));
    const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => keep(`more.${at}`, {})));
    assert.equal(answers.filter(({ status }) => status === 201).length, 5, answers.map(({ text }) => text).join());
    for (const answer of answers.filter(({ status }) => status !== 201))
      assert.equal(expectProblem(409, answer).code, 'invalid_state');
    assert.equal((await list()).length, 50);
    const twice = await Promise.all([keep('same', {}, key.secret), keep('same', {}, key.secret)]);
    assert.deepEqual(
      twice.map(({ status }) => status).sort((a, b) => a - b),
      [201, 409],
    );
  });

  test('end with the membership, with the key, and with an expired key when the next one is made', async () => {
    const before = await rows();
    const body = { email: `${randomUUID()}@example.com`, name: 'M', role: 'staff' };
    const member = expectStatus(201, await api.post('/v1/members', body, { token: mine.token }));
    const joining = { token: member.invitation.token, password: PASSWORD };
    const { accessToken } = expectStatus(200, await api.post('/v1/auth/accept-invitation', joining));
    expectStatus(201, await keep('theme', { dark: true }, accessToken));
    const short = { name: 'short', scopes: ['orders:read'], expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    const expiring = expectStatus(201, await api.post('/v1/api-keys', short, { token: mine.token }));
    expectStatus(201, await keep('theme', {}, expiring.secret));
    assert.equal(await rows(), before + 2);
    expectStatus(204, await api.delete(`/v1/members/${member.id}`, undefined, { token: mine.token }));
    assert.equal(await rows(), before + 1);
    await withClient(api.database.ownerUrl, (client) =>
      client.query(`update api_keys set expires_at = created_at where id = $1`, [expiring.id]),
    );
    const next = { name: 'next', scopes: ['orders:read'], expiresAt: null };
    await new Promise((resolve) => setTimeout(resolve, 2));
    expectStatus(201, await api.post('/v1/api-keys', next, { token: mine.token }));
    assert.equal(await rows(), before);
    const ofKey = (await list(key.secret)).length;
    expectStatus(204, await api.delete(`/v1/api-keys/${key.id}`, undefined, { token: mine.token }));
    assert.equal(await rows(), before - ofKey);
  });
});
