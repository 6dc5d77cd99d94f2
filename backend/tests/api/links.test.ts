/** Short links to files: for one file, as long as their maker has the rights, and for minutes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { SignedLinks } from '../../src/services/auth/SignedLinks.js';
import { Secrets } from '../../src/utils/secrets.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TEST_SECRET } from '../support/database.js';
import { expectProblem } from '../support/problem.js';

describe('a link to a file', () => {
  let api: TestApi;
  /** A second process with the same database, whose clock is ahead by `skewMs`. */
  let other: TestApi;
  let mine: TestRestaurant;
  let document: Json;
  let order: Json;
  let now = Date.now();
  let skewMs = 0;
  const lines: string[] = [];

  before(async () => {
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    api = await startApi({ clock: () => new Date(now), log });
    other = await startApi({ clock: () => new Date(now + skewMs), database: api.database });
    mine = await api.restaurant();
    const { token } = mine;
    const item = await api.item(token);
    order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    const sold = { type: 'invoice', lines: [{ description: 'Dinner', quantity: '1', unitPrice: 900 }] };
    document = expectStatus(201, await api.post('/v1/documents?issue=true', sold, { token }));
  });
  after(async () => {
    await other.close();
    await api.close();
  });

  const pdf = () => `/v1/documents/${document.id}.pdf`;
  const make = (path: string, fields: object = {}, token = mine.token) =>
    api.post('/v1/links', { path, ...fields }, { token });
  const url = async (path: string, fields: object = {}, token = mine.token): Promise<string> =>
    expectStatus(201, await make(path, fields, token)).url;
  const expectDead = (answer: Answer, what?: string) =>
    assert.equal(expectProblem(401, answer, what).code, 'invalid_token', what);

  test('shows the file without a credential, as its own path does, at every server', async () => {
    const own = await api.get(`${pdf()}?language=de`, { token: mine.token });
    const made = expectStatus(201, await make(`${pdf()}?language=de`));
    assert.ok(Math.abs(Date.parse(made.expiresAt) - now - 300_000) < 1_000);
    for (const instance of [api, other]) {
      const seen = await instance.get(made.url);
      assert.equal(seen.status, 200, seen.text);
      assert.equal(seen.text, own.text);
      for (const name of ['content-type', 'content-disposition'])
        assert.equal(seen.headers.get(name), own.headers.get(name), name);
      assert.equal(seen.headers.get('cache-control'), 'private, no-store');
      assert.equal(seen.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(seen.headers.get('etag'), null);
      assert.match(seen.headers.get('ratelimit') ?? '', /^"api"/);
    }
    const head = await api.request('HEAD', made.url, undefined, {});
    assert.deepEqual([head.status, head.text], [200, '']);
    const table = await api.get(await url('/v1/orders?format=csv&limit=1'));
    assert.match(table.headers.get('content-type') ?? '', /^text\/csv/);
    assert.ok(table.text.includes(order.number), table.text);
    // A browser asks for HTML; the link says which form of the receipt it is.
    for (const [type, start] of [
      ['application/pdf', '%PDF'],
      ['text/plain', ''],
    ] as const) {
      const link = await url(`/v1/orders/${order.id}/receipt`, { type });
      const answer = await api.get(link, { headers: { accept: 'text/html,*/*;q=0.8' } });
      assert.equal(answer.status, 200, answer.text);
      assert.ok(answer.headers.get('content-type')?.startsWith(type) && answer.text.startsWith(start));
    }
  });

  test('is for this file, this query, this restaurant and GET alone', async () => {
    const link = await url(`${pdf()}?language=de`);
    const [payload = '', mac = ''] = link.slice('/v1/links/'.length).split('.');
    const fields: unknown[] = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const theirs = await api.restaurant();
    const changed = (index: number, value: unknown) =>
      `/v1/links/${Buffer.from(JSON.stringify(fields.with(index, value))).toString('base64url')}.${mac}`;
    const forged = [
      changed(0, Number(fields[0]) + 60),
      changed(1, theirs.id),
      changed(3, theirs.userId),
      changed(6, 'text/plain'),
      changed(7, `${pdf()}?language=en`),
      changed(7, pdf()),
      changed(7, `/v1/orders/${order.id}/receipt`),
      link.slice(0, -1),
      `${link}x`,
      `${link}.${mac}`,
      `/v1/links/${payload}`,
      '/v1/links/x.y',
    ];
    for (const one of forged) expectDead(await api.get(one), one);
    expectProblem(422, await api.get(`${link}?language=en`));
    for (const method of ['POST', 'PATCH', 'DELETE'])
      expectProblem(405, await api.request(method, link, {}, {}), method);
    assert.equal((await api.get(link)).status, 200);
    // Another restaurant can sign the path, and finds nothing there.
    expectProblem(404, await api.get(await url(pdf(), {}, theirs.token)));
    const rotated = new SignedLinks({
      unitOfWork: api.context.unitOfWork,
      secrets: new Secrets(`${TEST_SECRET} rotated`),
      clock: () => new Date(now),
    });
    const token = link.slice('/v1/links/'.length);
    assert.equal(rotated.open(token), undefined);
    assert.equal(api.context.links.open(token)?.path, `${pdf()}?language=de`);
  });

  test('is refused at once for what is no file, for a wrong query, type or time, and without the scope', async () => {
    const paths = [
      '/v1/orders',
      '/v1/events/stream',
      '/v1/links/x',
      'https://example.com/v1/x.pdf',
      `/v1/../v1/documents/${document.id}.pdf`,
      `${pdf()}?language=xx`,
      `${pdf()}?a=1`,
      `${pdf()}?language=de&language=en`,
      `${pdf()}#x`,
      `${pdf()}?x?y`,
      `${pdf()}\n`.trimStart() + 'x',
      '//x',
      'x'.repeat(501),
    ];
    for (const path of paths)
      assert.equal(expectProblem(422, await make(path), path).errors?.[0]?.pointer, '/path', path);
    for (const [fields, pointer] of [
      [{ type: 'text/html' }, '/type'],
      [{ expiresIn: 901 }, '/expiresIn'],
      [{ expiresIn: 0 }, '/expiresIn'],
    ] as const)
      assert.equal(expectProblem(422, await make(pdf(), fields)).errors?.[0]?.pointer, pointer);
    const poor = await api.post('/v1/api-keys', { name: 'poor', scopes: ['orders:read'] }, { token: mine.token });
    expectProblem(403, await make(pdf(), {}, poor.body.secret));
    expectProblem(401, await api.post('/v1/links', { path: pdf() }));
  });

  test('dies with its time, with the session, the membership and the key, and with the right', async () => {
    const short = await url(pdf(), { expiresIn: 10 });
    // A clock that is ahead ends a link early; one that is behind does not keep it for long.
    skewMs = 11_000;
    expectDead(await other.get(short));
    skewMs = -30_000;
    assert.equal((await other.get(short)).status, 200);
    skewMs = -120_000;
    expectDead(await other.get(await url(pdf(), { expiresIn: 900 })), 'a link from the future');
    skewMs = 0;
    now += 11_000;
    expectDead(await api.get(short), 'expired');

    const body = { email: `${randomUUID()}@example.com`, name: 'M', role: 'staff' };
    const member = expectStatus(201, await api.post('/v1/members', body, { token: mine.token }));
    const joining = { token: member.invitation.token, password: 'a long enough password' };
    const { accessToken } = expectStatus(200, await api.post('/v1/auth/accept-invitation', joining));
    const theirs = await url(pdf(), {}, accessToken);
    assert.equal((await other.get(theirs)).status, 200);
    const role = { role: 'kitchen' };
    expectStatus(
      200,
      await api.patch(`/v1/members/${member.id}`, role, { token: mine.token, headers: { 'if-match': '"2"' } }),
    );
    expectProblem(403, await other.get(theirs));
    expectStatus(204, await api.delete(`/v1/members/${member.id}`, undefined, { token: mine.token }));
    expectDead(await other.get(theirs), 'a removed member');

    const key = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'k', scopes: ['documents:read'] }, { token: mine.token }),
    );
    const byKey = await url(pdf(), {}, key.secret);
    assert.equal((await other.get(byKey)).status, 200);
    expectStatus(204, await api.delete(`/v1/api-keys/${key.id}`, undefined, { token: mine.token }));
    expectDead(await other.get(byKey), 'a revoked key');

    const last = await url(pdf());
    expectStatus(204, await api.post('/v1/auth/logout', undefined, { token: mine.token }));
    expectDead(await other.get(last), 'after a logout');
    const entry = await api.post('/v1/auth/login', { email: mine.email, password: mine.password });
    mine.token = expectStatus(200, entry).accessToken;
  });

  test('counts as a call of its maker, and stands in no line of the log', async () => {
    const link = await url(pdf());
    lines.length = 0;
    assert.equal((await api.get(link)).status, 200);
    expectDead(await api.get(`${link}x`));
    expectProblem(404, await api.get(await url(`/v1/documents/${randomUUID()}.pdf`)));
    const log = lines.join('');
    assert.match(log, /"route":"GET \/v1\/documents\/\{id\}\.pdf"/);
    assert.match(log, /"route":"GET \/v1\/links\/\{token\}"/);
    assert.ok(!log.includes(link.slice('/v1/links/'.length, 60)), log);
    const limited = await startApi({ clock: () => new Date(now), database: api.database, rateLimitMultiplier: 1 });
    try {
      let answers = 0;
      while ((await limited.get(link)).status === 200) answers += 1;
      assert.equal(answers, 60);
      assert.equal((await limited.get('/v1/me', { token: mine.token })).status, 429);
      // Those of a maker without rights count against themselves, and once by address.
      const key = { name: 'k', scopes: ['documents:read'] };
      const { id, secret } = expectStatus(201, await api.post('/v1/api-keys', key, { token: mine.token }));
      const revoked = await url(pdf(), {}, secret);
      expectStatus(204, await api.delete(`/v1/api-keys/${id}`, undefined, { token: mine.token }));
      for (let sent = 0; sent < 100; sent += 1) expectDead(await limited.get(revoked));
      expectProblem(429, await limited.get(revoked));
      // Links that are not valid count by address.
      for (let sent = 1; sent < 100; sent += 1) expectDead(await limited.get('/v1/links/a.b'));
      expectProblem(429, await limited.get('/v1/links/a.b'));
    } finally {
      await limited.close();
    }
  });
});
