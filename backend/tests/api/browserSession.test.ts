/** Sessions of pages in a browser, whose refresh token is in a cookie. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const OWN = { 'sec-fetch-site': 'same-origin' };
const SECOND_MS = 1_000;
const MOST_ATTEMPTS = 20;

describe('a session in a browser', () => {
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

  const credentials = () => ({ email: mine.email, password: mine.password });
  const enter = (headers: Record<string, string> = OWN) =>
    api.post('/v1/auth/login?cookie=true', credentials(), { headers });
  const refresh = (cookie: string, headers: Record<string, string> = {}, instance = api) =>
    instance.post('/v1/auth/refresh?cookie=true', {}, { headers: { ...OWN, cookie, ...headers } });
  /** The pair that a browser would send back. */
  const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const tokenOf = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1);
  const me = (token: string) => api.get('/v1/me', { token });

  test('has its refresh token in a cookie that no script reads and no other host sets, and not in the answer', async () => {
    const demo = await api.post('/v1/demo-sessions?cookie=true', {}, { headers: OWN });
    for (const answer of [await enter(), demo]) {
      assert.ok(answer.status < 300 && answer.body.accessToken, answer.text);
      assert.equal('refreshToken' in answer.body, false);
      const cookie = answer.headers.get('set-cookie') ?? '';
      assert.match(
        cookie,
        /^__Host-servio_refresh=rt_[\w-]+; Max-Age=2592000; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
      );
      const next = await refresh(cookieOf(answer));
      assert.equal(expectStatus(200, next).refreshToken, undefined);
      assert.notEqual(cookieOf(next), cookieOf(answer));
      assert.equal((await me(next.body.accessToken)).status, 200);
    }
  });

  test('is neither opened, continued nor ended by a page of another origin or port, or by no page', async () => {
    const opened = await enter();
    const cookie = cookieOf(opened);
    const token: string = opened.body.accessToken;
    for (const site of ['same-site', 'cross-site', 'none', '']) {
      const headers: Record<string, string> = site === '' ? {} : { 'sec-fetch-site': site };
      expectProblem(403, await enter(headers), `login from ${site}`);
      const foreign = { headers: { ...headers, cookie } };
      expectProblem(403, await api.post('/v1/auth/refresh?cookie=true', {}, foreign), `refresh from ${site}`);
      const logout = await api.post('/v1/auth/logout?cookie=true', {}, { token, ...foreign });
      expectProblem(403, logout, `logout from ${site}`);
      assert.equal(logout.headers.get('set-cookie'), null);
      // The cookie alone is nothing to any other call.
      expectProblem(401, await api.get('/v1/me', foreign), `me from ${site}`);
    }
    assert.equal((await me(token)).status, 200);
    expectStatus(200, await refresh(cookie));
  });

  test('says what to send when there is no token, or two', async () => {
    for (const [query, body] of [
      ['', {}],
      ['?cookie=true', { refreshToken: 'rt_x' }],
    ] as const) {
      const answer = await api.post(`/v1/auth/refresh${query}`, body, { headers: OWN });
      assert.deepEqual([answer.status, answer.body.errors[0].pointer], [422, '/refreshToken'], answer.text);
    }
    const answer = await api.post('/v1/auth/refresh?cookie=true', {}, { headers: OWN });
    assert.equal(expectProblem(401, answer).code, 'invalid_token');
  });

  test('of two tabs survives fifty refreshes at once, at two servers and under any keys', async () => {
    const cookie = cookieOf(await enter());
    // A busy machine may turn some away with 503. Nothing was done then, so a page sends it again.
    const untilTaken = async (send: () => Promise<Answer>): Promise<Answer> => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await send();
        if (answer.status !== 503 || attempt === MOST_ATTEMPTS) return answer;
        await sleep(200 * Math.random());
      }
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        untilTaken(() =>
          refresh(cookie, index % 3 === 0 ? {} : { 'idempotency-key': `refresh-${index}` }, index % 2 ? api : other),
        ),
      ),
    );
    for (const answer of answers) expectStatus(200, answer);
    const [next = '', ...others] = new Set(answers.map(cookieOf));
    assert.deepEqual(others, [], 'both tabs have one cookie');
    for (const answer of answers) assert.equal((await me(answer.body.accessToken)).status, 200);
    now += 60 * SECOND_MS;
    expectStatus(200, await refresh(next));
  });

  test('survives a tab that is late by several refreshes', async () => {
    const first = cookieOf(await enter());
    const second = cookieOf(await refresh(first));
    const third = cookieOf(await refresh(second));
    now += 20 * SECOND_MS;
    assert.equal(cookieOf(await refresh(first)), third);
    assert.equal(cookieOf(await refresh(second)), third);
    expectStatus(200, await refresh(third));
  });

  test('ends when its cookie is used again later: somebody has a copy', async () => {
    const stolen = cookieOf(await enter());
    const next = await refresh(stolen);
    // The thief gets the same token a moment later, and both parties go on with it.
    assert.equal(cookieOf(await refresh(stolen)), cookieOf(next));
    const last = await refresh(cookieOf(next));
    now += 31 * SECOND_MS;
    const refused = await refresh(cookieOf(next));
    assert.equal(expectProblem(401, refused).code, 'token_reused');
    assert.match(refused.headers.get('set-cookie') ?? '', /^__Host-servio_refresh=; Max-Age=0; Path=\/; Secure;/);
    assert.equal((await me(last.body.accessToken)).status, 401);
    expectProblem(401, await refresh(cookieOf(last)));
  });

  test('gives tokens outside of cookies no second use, in either direction', async () => {
    const plain = expectStatus(200, await api.post('/v1/auth/login', credentials()));
    const next = expectStatus(200, await api.post('/v1/auth/refresh', { refreshToken: plain.refreshToken }));
    const asCookie = await refresh(`__Host-servio_refresh=${plain.refreshToken}`);
    assert.equal(expectProblem(401, asCookie).code, 'token_reused');
    assert.equal((await me(next.accessToken)).status, 401);

    const cookie = cookieOf(await enter());
    const kept = await refresh(cookie);
    const asBody = await api.post('/v1/auth/refresh', { refreshToken: tokenOf(cookie) });
    assert.equal(expectProblem(401, asBody).code, 'token_reused');
    assert.equal((await me(kept.body.accessToken)).status, 401);
  });

  test('ends with its logout, which removes the cookie', async () => {
    const opened = await enter();
    const cookie = cookieOf(opened);
    const headers = { ...OWN, cookie };
    const left = await api.post('/v1/auth/logout?cookie=true', {}, { token: opened.body.accessToken, headers });
    assert.equal(left.status, 204);
    assert.match(left.headers.get('set-cookie') ?? '', /^__Host-servio_refresh=; Max-Age=0;/);
    expectProblem(401, await refresh(cookie));
  });

  test('keeps no token that can be read, and forgets it after its time', async () => {
    const first = cookieOf(await enter());
    const second = cookieOf(await refresh(first));
    const kept = () =>
      withClient(api.database.ownerUrl, async (owner) => {
        const text = 'select successor from refresh_tokens where successor is not null';
        return (await owner.query<{ successor: Buffer }>(text)).rows;
      });
    const sealed = (await kept()).map(({ successor }) => successor.toString('latin1'));
    assert.ok(sealed.length > 0 && sealed.every((text) => !text.includes(tokenOf(second))));
    const before = sealed.length;
    now += 31 * SECOND_MS;
    await refresh(second);
    assert.equal((await kept()).length, before);
  });
});

describe('the limit of a page in a browser', () => {
  test('is its own: three lists each three seconds for minutes, beside the calls of a script', async () => {
    const api = await startApi({ rateLimitMultiplier: 1 });
    try {
      const mine = await api.restaurant();
      const body = { email: mine.email, password: mine.password };
      const { accessToken } = expectStatus(200, await api.post('/v1/auth/login?cookie=true', body, { headers: OWN }));
      for (let count = 0; count < 61; count += 1)
        assert.equal((await api.get('/v1/taxes', { token: accessToken })).status, 200, `call ${count}`);
      const page = await api.get('/v1/taxes', { token: accessToken });
      assert.match(page.headers.get('ratelimit-policy') ?? '', /"console"; q=300; w=60/);
      const script = await api.get('/v1/taxes', { token: mine.token });
      assert.equal(script.status, 200);
      assert.match(script.headers.get('ratelimit-policy') ?? '', /"api"; q=60; w=60/);
    } finally {
      await api.close();
    }
  });
});
