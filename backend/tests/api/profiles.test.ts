/** Profiles of people, and their way from one restaurant to another. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const OWN = { 'sec-fetch-site': 'same-origin' };

describe('a person in two restaurants', () => {
  let api: TestApi;
  /** Token of the person, who is the owner here and staff there. */
  let mine: TestRestaurant;
  let there: TestRestaurant;

  before(async () => {
    api = await startApi();
    mine = await api.restaurant();
    there = await api.restaurant();
    await join(api.post.bind(api), '');
  });
  after(() => api.close());

  async function join(post: TestApi['post'], query: string): Promise<Json> {
    const body = { email: mine.email, name: 'Invited', role: 'staff' };
    const { invitation } = expectStatus(201, await post('/v1/members', body, { token: there.token }));
    const joined = await post(
      `/v1/me/memberships${query}`,
      { token: invitation.token },
      { token: mine.token, headers: OWN },
    );
    expectStatus(201, joined);
    return joined;
  }
  const login = async (headers: Record<string, string> = {}, query = ''): Promise<Json> => {
    const body = { email: mine.email, password: mine.password, restaurantId: mine.id };
    return expectStatus(200, await api.post(`/v1/auth/login${query}`, body, { headers }));
  };
  const go = (token: string, restaurantId: string, query = '', headers: Record<string, string> = OWN) =>
    api.post(`/v1/me/sessions${query}`, { restaurantId }, { token, headers });
  const me = (token: string) => api.get('/v1/me', { token });

  test('changes name and language once for all of them, and each has it in its audit log', async () => {
    const change = (fields: object, token = mine.token) => api.patch('/v1/me', fields, { token });
    const changed = expectStatus(200, await change({ name: ' Olga O. ', language: 'de' }));
    assert.deepEqual([changed.name, changed.language, changed.email], ['Olga O.', 'de', mine.email]);
    expectStatus(200, await change({ language: 'de' }));
    assert.deepEqual(expectStatus(200, await me(mine.token)).user, changed);
    for (const { token, id } of [mine, there]) {
      const log = expectStatus(200, await api.get('/v1/audit-log?action=account.changed', { token }));
      assert.deepEqual(
        log.data.map((one: Json) => one.changes.language),
        [{ from: null, to: 'de' }],
        id,
      );
    }
    assert.equal(expectStatus(200, await change({ language: null })).language, null);
    for (const [fields, pointer] of [
      [{ name: '' }, '/name'],
      [{ language: 'xx' }, '/language'],
      [{ email: 'new@example.com' }, '/email'],
      [{}, ''],
    ] as const)
      assert.equal(expectProblem(422, await change(fields)).errors?.[0]?.pointer, pointer);
    expectProblem(403, await change({ name: 'Till' }, await api.apiKey(mine.token)));
  });

  test('sees both and goes from one to the other without a password, with the role of each', async () => {
    const { accessToken } = await login();
    const list = (token: string, query = '') => api.get(`/v1/me/memberships${query}`, { token });
    const { data } = expectStatus(200, await list(accessToken));
    assert.deepEqual(data, [
      { restaurant: { id: mine.id, name: 'Test Bistro' }, role: 'owner', isCurrent: true },
      { restaurant: { id: there.id, name: 'Test Bistro' }, role: 'staff', isCurrent: false },
    ]);
    const page = expectStatus(200, await list(accessToken, '?limit=1'));
    const rest = expectStatus(200, await list(accessToken, `?limit=1&cursor=${page.nextCursor}`));
    assert.deepEqual([...page.data, ...rest.data, rest.nextCursor], [...data, null]);
    const entry = expectStatus(201, await go(accessToken, there.id));
    assert.equal(entry.restaurant.id, there.id);
    assert.equal(expectStatus(200, await me(entry.accessToken)).role, 'staff');
    // Both sessions go on.
    expectStatus(200, await me(accessToken));
    expectStatus(200, await api.post('/v1/auth/refresh', { refreshToken: entry.refreshToken }));
    const stranger = await api.restaurant();
    assert.equal(expectProblem(404, await go(accessToken, stranger.id)).errors?.[0]?.pointer, '/restaurantId');
    expectProblem(403, await go(await api.apiKey(mine.token), there.id));
    expectProblem(403, await list(await api.apiKey(mine.token)));
  });

  test('goes there in a browser: the cookie is replaced, and the session before has ended', async () => {
    const { accessToken, refreshToken } = await login(OWN, '?cookie=true');
    assert.equal(refreshToken, undefined);
    expectProblem(403, await go(accessToken, there.id, '?cookie=true', { 'sec-fetch-site': 'same-site' }));
    const moved = await go(accessToken, there.id, '?cookie=true');
    const { restaurant, refreshToken: inBody } = expectStatus(201, moved);
    assert.deepEqual([restaurant.id, inBody], [there.id, undefined]);
    expectProblem(401, await me(accessToken));
    const cookie = moved.headers.get('set-cookie')?.split(';')[0] ?? '';
    const refreshed = await api.post('/v1/auth/refresh?cookie=true', {}, { headers: { ...OWN, cookie } });
    assert.equal(expectStatus(200, refreshed).restaurant.id, there.id);
    const members = expectStatus(200, await api.get('/v1/members', { token: there.token })).data;
    const { id } = members.find((one: Json) => one.userId === mine.userId);
    expectStatus(204, await api.delete(`/v1/members/${id}`, undefined, { token: there.token }));
    expectProblem(401, await api.post('/v1/auth/refresh?cookie=true', {}, { headers: { ...OWN, cookie } }));
    const rejoined = await join(api.post.bind(api), '?cookie=true');
    assert.match(rejoined.headers.get('set-cookie') ?? '', /^__Host-servio_refresh=rt_/);
    assert.equal(rejoined.body.refreshToken, undefined);
  });

  test('sees by which browser each session began and when it was used', async () => {
    const { refreshToken } = await login({ 'user-agent': `Servio Test \u00fc ${'x'.repeat(300)}` });
    const newest = async (): Promise<Json> =>
      expectStatus(200, await api.get('/v1/me/sessions?limit=1', { token: mine.token })).data[0];
    const session = await newest();
    assert.match(session.userAgent, /^Servio Test {2}x{180,187}$/);
    assert.equal(session.lastUsedAt, session.createdAt);
    expectStatus(200, await api.post('/v1/auth/refresh', { refreshToken }));
    assert.ok((await newest()).lastUsedAt > session.createdAt);
  });

  test('has no session left when it ends all of them while it goes from one restaurant to the other', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { accessToken } = await login();
      const end = () => api.delete('/v1/me/sessions', undefined, { token: accessToken });
      const [moved, ended] = await Promise.all([go(accessToken, there.id), end()]);
      expectStatus(204, ended);
      if (moved.status === 201) expectProblem(401, await me(moved.body.accessToken));
      else expectProblem(401, moved);
    }
  });
});
