import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { createApp } from '../../src/app.js';
import { Database, withClient } from '../../src/config/database.js';
import { createContext } from '../../src/context.js';
import { NO_RESTAURANT, systemCall } from '../../src/domain/shared/call.js';
import { AuthRepository } from '../../src/repositories/AuthRepository.js';
import { EventRepository } from '../../src/repositories/EventRepository.js';
import { IdempotencyRepository } from '../../src/repositories/IdempotencyRepository.js';
import { AccessTokens } from '../../src/services/auth/accessTokens.js';
import { Accounts } from '../../src/services/auth/accounts.js';
import { Passwords } from '../../src/services/auth/passwords.js';
import { ProvenTokens } from '../../src/services/auth/provenTokens.js';
import { Sessions } from '../../src/services/auth/sessions.js';
import { AuthService, type Entry } from '../../src/services/AuthService.js';
import { CacheService } from '../../src/services/CacheService.js';
import { UnitOfWork } from '../../src/services/UnitOfWork.js';
import { Secrets } from '../../src/utils/secrets.js';
import { type Answer, expectStatus, startApi, type TestApi } from '../support/api.js';
import { TEST_SECRET } from '../support/database.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let api: TestApi;
let aheadMs = 0;

before(async () => {
  api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
});
after(() => api.close());

/** Runs `work` with the server's clock ahead of time. */
async function later(ms: number, work: () => Promise<void>): Promise<void> {
  aheadMs = ms;
  try {
    await work();
  } finally {
    aheadMs = 0;
  }
}

function registration(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    email: `${randomUUID()}@example.com`,
    password: 'a long enough password',
    name: 'Rita',
    restaurantName: 'Trattoria',
    currency: 'EUR',
    timezone: 'Europe/Rome',
    ...fields,
  };
}

function refusal(answer: Answer): { status: number; code: string; detail: string } {
  return { status: answer.status, code: answer.body.code, detail: answer.body.detail };
}

function expectRefusal(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

const refresh = (refreshToken: string, headers: Record<string, string> = {}) =>
  api.post('/v1/auth/refresh', { refreshToken }, { headers });

const login = (email: string, password: string, restaurantId?: string) =>
  api.post('/v1/auth/login', { email, password, ...(restaurantId === undefined ? {} : { restaurantId }) });

async function rowCount(table: string): Promise<number> {
  const result = await withClient(api.database.ownerUrl, (client) =>
    client.query<{ count: number }>(`select count(*)::int as count from ${table}`),
  );
  return result.rows[0]?.count ?? -1;
}

// ---- Registration

test('registration makes an account, its restaurant and a session that works', async () => {
  const body = registration({ email: '  Rita.Long@Example.com ' });
  const entry = expectStatus(201, await api.post('/v1/auth/register', body));
  assert.equal(entry.user.email, 'Rita.Long@Example.com');
  assert.equal(entry.user.name, 'Rita');
  assert.ok(entry.expiresIn > 0 && entry.expiresIn <= 900);
  assert.deepEqual(
    [
      entry.restaurant.name,
      entry.restaurant.currency,
      entry.restaurant.timezone,
      entry.restaurant.businessDayCutoffHour,
    ],
    ['Trattoria', 'EUR', 'Europe/Rome', 4],
  );
  const me = expectStatus(200, await api.get('/v1/me', { token: entry.accessToken }));
  assert.deepEqual([me.user, me.role, me.apiKey], [entry.user, 'owner', null]);
  assert.ok(me.scopes.includes('members:write'));
  assert.deepEqual(me.restaurant, entry.restaurant);
});

test('registration refuses an e-mail address that is taken, in whatever case it is typed', async () => {
  const body = registration({ email: `Mixed-${randomUUID()}@example.com` });
  expectStatus(201, await api.post('/v1/auth/register', body));
  const again = await api.post('/v1/auth/register', { ...body, email: String(body['email']).toUpperCase() });
  expectRefusal(again, 409, 'email_taken');
});

test('of many simultaneous registrations of one address exactly one wins, and the others leave nothing behind', async () => {
  const before = await rowCount('restaurants');
  const body = registration();
  const answers = await Promise.all(Array.from({ length: 6 }, () => api.post('/v1/auth/register', body)));
  assert.deepEqual(
    answers.map((answer) => answer.status).sort((a, b) => a - b),
    [201, 409, 409, 409, 409, 409],
  );
  assert.equal(await rowCount('restaurants'), before + 1);
});

test('registration names each field that is not right', async () => {
  for (const [field, value] of [
    ['email', 'not an address'],
    ['email', `${'x'.repeat(250)}@example.com`],
    ['password', 'too short'],
    ['password', 'x'.repeat(257)],
    ['name', '   '],
    ['restaurantName', ''],
    ['currency', 'eur'],
    ['currency', 'XQX'],
    ['timezone', 'Mars/Olympus'],
    ['plan', 'gold'],
  ] as const) {
    const answer = await api.post('/v1/auth/register', registration({ [field]: value }));
    expectRefusal(answer, 422, 'invalid_request');
    assert.equal(answer.body.errors[0].pointer, `/${field}`);
    if (field === 'password') assert.ok(!answer.text.includes(value), 'a password is not echoed');
  }
});

test('registration names all that is not right at once', async () => {
  const body = registration({ password: 'weak', currency: 'XQX', timezone: 'Mars/Olympus', name: '' });
  const answer = await api.post('/v1/auth/register', body);
  expectRefusal(answer, 422, 'invalid_request');
  const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
  assert.deepEqual(new Set(pointers), new Set(['/password', '/currency', '/timezone', '/name']));
});

test('an idempotent registration replays the same tokens and makes one restaurant', async () => {
  const body = registration();
  const headers = { 'idempotency-key': randomUUID() };
  const before = await rowCount('restaurants');
  const first = await api.post('/v1/auth/register', body, { headers });
  const second = await api.post('/v1/auth/register', body, { headers });
  assert.deepEqual(expectStatus(201, second), expectStatus(201, first));
  assert.equal(second.headers.get('idempotent-replayed'), 'true');
  assert.equal(await rowCount('restaurants'), before + 1);
  const other = await api.post('/v1/auth/register', { ...body, name: 'Another' }, { headers });
  expectRefusal(other, 422, 'idempotency_key_reused');
});

// ---- Login

test('login takes the address in any case and answers with a session of its own', async () => {
  const owner = await api.restaurant();
  const entry = expectStatus(200, await login(` ${owner.email.toUpperCase()}`, owner.password));
  assert.equal(entry.user.id, owner.userId);
  assert.equal(entry.restaurant.id, owner.id);
  assert.notEqual(decodeJwt(entry.accessToken)['sid'], decodeJwt(owner.token)['sid']);
  expectStatus(200, await api.get('/v1/me', { token: entry.accessToken }));
});

test('login answers the same to a wrong password, an unknown user and a restaurant that is not his', async () => {
  const [owner, stranger] = [await api.restaurant(), await api.restaurant()];
  const answers = [
    await login(owner.email, 'a wrong password'),
    await login(`${randomUUID()}@example.com`, owner.password),
    await login(owner.email, owner.password, stranger.id),
    await login(owner.email, owner.password, randomUUID()),
    await login(owner.email, 'x'.repeat(1000)),
  ];
  for (const answer of answers) assert.deepEqual(refusal(answer), refusal(answers[0] as Answer));
  expectRefusal(answers[0] as Answer, 401, 'invalid_credentials');
});

test('an invited person without a password cannot log in', async () => {
  const owner = await api.restaurant();
  const email = `${randomUUID()}@example.com`;
  expectStatus(201, await api.post('/v1/members', { email, name: 'Ina', role: 'staff' }, { token: owner.token }));
  expectRefusal(await login(email, 'a long enough password'), 401, 'invalid_credentials');
});

test('login goes to the restaurant joined first, or to the one it names', async () => {
  const [first, second] = [await api.restaurant(), await api.restaurant()];
  const invited = expectStatus(
    201,
    await api.post('/v1/members', { email: first.email, name: 'Olga', role: 'staff' }, { token: second.token }),
  );
  expectStatus(
    200,
    await api.post('/v1/auth/accept-invitation', { token: invited.invitation.token, password: first.password }),
  );
  assert.equal(expectStatus(200, await login(first.email, first.password)).restaurant.id, first.id);
  const named = expectStatus(200, await login(first.email, first.password, second.id.toUpperCase()));
  assert.equal(named.restaurant.id, second.id);
  const me = expectStatus(200, await api.get('/v1/me', { token: named.accessToken }));
  assert.deepEqual([me.role, me.restaurant.id], ['staff', second.id]);
});

// ---- Access tokens

test('an access token is good for 15 minutes and says so when they are over', async () => {
  const owner = await api.restaurant();
  await later(14 * MINUTE_MS, async () => {
    expectStatus(200, await api.get('/v1/me', { token: owner.token }));
  });
  await later(16 * MINUTE_MS, async () => {
    const answer = await api.get('/v1/me', { token: owner.token });
    expectRefusal(answer, 401, 'invalid_token');
    assert.match(answer.body.detail, /expired/);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
  });
});

test('a forged token is refused, whatever it claims and however it is signed', async () => {
  const owner = await api.restaurant();
  const claims = decodeJwt(owner.token);
  const key = new Secrets(TEST_SECRET).key('access-token');
  const sign = (changes: object, header: object = {}, withKey: Uint8Array = key) =>
    new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header }).sign(withKey);
  const [head = '', body = '', signature = ''] = owner.token.split('.');
  const otherBody = Buffer.from(JSON.stringify({ ...claims, sub: randomUUID() })).toString('base64url');
  const forged: Record<string, string> = {
    'alg none': new UnsecuredJWT(claims).setIssuer('servio').setAudience('servio-api').encode(),
    'alg none without a signature': `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`,
    'another key': await sign({}, {}, Buffer.alloc(32, 1)),
    'the secret itself as key': await sign({}, {}, Buffer.from(TEST_SECRET)),
    'another algorithm': await sign({}, { alg: 'HS512' }, Buffer.concat([key, key])),
    'another type': await sign({}, { typ: 'JWT' }),
    'another issuer': await sign({ iss: 'someone' }),
    'another audience': await sign({ aud: 'another-api' }),
    'no expiry': await sign({ exp: undefined }),
    'no audience': await sign({ aud: undefined }),
    'not yet valid': await sign({ nbf: Math.floor(Date.now() / 1000) + 600 }),
    'another user': await sign({ sub: randomUUID() }),
    'another session': await sign({ sid: randomUUID() }),
    'another restaurant': await sign({ rid: (await api.restaurant()).id }),
    'no uuid for a restaurant': await sign({ rid: "'; drop table users; --" }),
    'changed body': `${head}.${otherBody}.${signature}`,
    'no signature': `${head}.${body}.`,
    'half a token': `${head}.${body}`,
    'no token at all': 'nonsense',
    'a refresh token': owner.refreshToken,
  };
  const details = new Set<string>();
  for (const [name, token] of Object.entries(forged)) {
    const answer = await api.get('/v1/me', { token });
    assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_token'], `${name}: ${answer.text}`);
    details.add(answer.body.detail);
  }
  assert.equal(details.size, 1, [...details].join('\n'));
  // The token that the forgeries are based on is valid.
  expectStatus(200, await api.get('/v1/me', { token: await sign({}) }));
});

test('a request without a credential, or with another scheme, is told what to send', async () => {
  expectRefusal(await api.get('/v1/me'), 401, 'unauthenticated');
  const basic = await api.get('/v1/me', { headers: { authorization: 'Basic b2xnYTpzZWNyZXQ=' } });
  expectRefusal(basic, 401, 'unauthenticated');
  assert.match(basic.headers.get('www-authenticate') ?? '', /^Bearer/);
});

// ---- Refresh and logout

test('a refresh answers new tokens for the same session, whose absolute end does not move', async () => {
  const owner = await api.restaurant();
  const entry = expectStatus(200, await refresh(owner.refreshToken));
  assert.notEqual(entry.refreshToken, owner.refreshToken);
  assert.equal(decodeJwt(entry.accessToken)['sid'], decodeJwt(owner.token)['sid']);
  assert.deepEqual([entry.user.id, entry.restaurant.id], [owner.userId, owner.id]);
  let latest = entry.refreshToken;
  await later(29 * DAY_MS, async () => {
    latest = expectStatus(200, await refresh(latest)).refreshToken;
  });
  await later(30 * DAY_MS + MINUTE_MS, async () => {
    expectRefusal(await refresh(latest), 401, 'invalid_token');
  });
});

test('a replayed refresh token ends the session with every token of its family, and other sessions live on', async () => {
  const owner = await api.restaurant();
  const other = expectStatus(200, await login(owner.email, owner.password));
  const second = expectStatus(200, await refresh(owner.refreshToken));
  const third = expectStatus(200, await refresh(second.refreshToken));
  expectRefusal(await refresh(owner.refreshToken), 401, 'token_reused');
  expectRefusal(await refresh(third.refreshToken), 401, 'invalid_token');
  for (const token of [owner.token, second.accessToken, third.accessToken]) {
    expectRefusal(await api.get('/v1/me', { token }), 401, 'invalid_token');
  }
  const log = expectStatus(200, await api.get('/v1/audit-log?action=session.revoked', { token: other.accessToken }));
  assert.deepEqual(
    log.data.map((row: { subjectId: string }) => row.subjectId),
    [decodeJwt(owner.token)['sid']],
  );
});

test('of simultaneous refreshes of one token exactly one wins, and the replays end the session', async () => {
  const owner = await api.restaurant();
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(owner.refreshToken)));
  const winners = answers.filter((answer) => answer.status === 200);
  assert.equal(winners.length, 1);
  for (const answer of answers) if (answer.status !== 200) expectRefusal(answer, 401, 'token_reused');
  expectRefusal(await refresh(winners[0]?.body.refreshToken), 401, 'invalid_token');
  expectRefusal(await api.get('/v1/me', { token: winners[0]?.body.accessToken }), 401, 'invalid_token');
});

test('a refresh repeated under its Idempotency-Key replays and is no reuse, even many at once', async () => {
  const owner = await api.restaurant();
  let latest = owner.refreshToken;
  // Many rounds: the repetition that comes just before the commit is rare.
  for (let round = 0; round < 15; round += 1) {
    const headers = { 'idempotency-key': randomUUID() };
    const token = latest;
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(token, headers)));
    for (const answer of answers) {
      if (answer.status !== 200) expectRefusal(answer, 409, 'idempotency_key_in_use');
    }
    const repeated = await refresh(token, headers);
    latest = expectStatus(200, repeated).refreshToken;
    assert.equal(repeated.headers.get('idempotent-replayed'), 'true');
  }
  expectStatus(200, await refresh(latest));
});

test('a repetition that misses the stored answer by a moment looks again instead of crying theft', async () => {
  const owner = await api.restaurant();
  const { restaurants, members, apiKeys } = api.context;
  // Reads as if its snapshot were older than the commit of the first refresh: once.
  class LateReader extends IdempotencyRepository {
    isLate = false;

    override async claim(
      ...args: Parameters<IdempotencyRepository['claim']>
    ): ReturnType<IdempotencyRepository['claim']> {
      const stored = await super.claim(...args);
      if (!this.isLate) return stored;
      this.isLate = false;
      return undefined;
    }
  }
  const idempotency = new LateReader();
  const clock = () => new Date();
  const secrets = new Secrets(TEST_SECRET);
  const database = new Database({ url: api.database.appUrl, log: pino({ level: 'silent' }) });
  const cache = new CacheService({ redisUrl: undefined, log: pino({ level: 'silent' }) });
  const unitOfWork = new UnitOfWork({
    database,
    events: new EventRepository(),
    idempotency,
    secrets,
    clock,
    cache,
    onFact: () => undefined,
  });
  const repository = new AuthRepository();
  const accessTokens = new AccessTokens({ secrets, clock });
  const accounts = new Accounts({ repository, passwords: new Passwords(), secrets, clock });
  const tokens = new ProvenTokens({ secrets });
  const sessions = new Sessions({ repository, accessTokens, tokens, secrets, clock });
  const auth = new AuthService({
    unitOfWork,
    accounts,
    sessions,
    accessTokens,
    tokens,
    restaurants,
    members,
    apiKeys,
    cache,
  });
  const repeat = (key: string): Promise<Entry> => {
    const answer = { route: 'POST /v1/auth/refresh', status: 200, showsSecret: true };
    const idempotency = { ...answer, key, requestHash: 'the same', replayed: false };
    return auth.refresh({ ...systemCall(NO_RESTAURANT, 'test'), idempotency }, owner.refreshToken);
  };
  try {
    const first = await repeat('one key');
    idempotency.isLate = true;
    assert.deepEqual(await repeat('one key'), first);
    expectStatus(200, await api.get('/v1/me', { token: first.accessToken }));
    await assert.rejects(repeat('another key'), { code: 'token_reused' });
  } finally {
    await database.close();
  }
});

test('a stolen refresh token sent with a key of the thief counts as reuse', async () => {
  const owner = await api.restaurant();
  const entry = expectStatus(200, await refresh(owner.refreshToken, { 'idempotency-key': randomUUID() }));
  const headers = { 'idempotency-key': randomUUID() };
  expectRefusal(await refresh(owner.refreshToken, headers), 401, 'token_reused');
  // The refusal was not stored as if it were the answer of a success.
  expectRefusal(await refresh(owner.refreshToken, headers), 401, 'token_reused');
  expectRefusal(await refresh(entry.refreshToken), 401, 'invalid_token');
});

test('an unknown, malformed or foreign refresh token is refused', async () => {
  const [owner, other] = [await api.restaurant(), await api.restaurant()];
  const inOtherTenant = owner.refreshToken.replace(owner.id.replaceAll('-', ''), other.id.replaceAll('-', ''));
  for (const token of ['x', `rt_${'0'.repeat(32)}_${'A'.repeat(43)}`, inOtherTenant, owner.token.slice(0, 100)]) {
    expectRefusal(await refresh(token), 401, 'invalid_token');
  }
  expectRefusal(await api.post('/v1/auth/refresh', {}), 422, 'invalid_request');
  expectStatus(200, await refresh(owner.refreshToken));
});

test('logout ends its session at once and no other', async () => {
  const owner = await api.restaurant();
  const other = expectStatus(200, await login(owner.email, owner.password));
  const answer = await api.post('/v1/auth/logout', undefined, { token: owner.token });
  expectStatus(204, answer);
  assert.equal(answer.text, '');
  expectRefusal(await api.get('/v1/me', { token: owner.token }), 401, 'invalid_token');
  expectRefusal(await refresh(owner.refreshToken), 401, 'invalid_token');
  expectStatus(200, await api.get('/v1/me', { token: other.accessToken }));
});

// ---- Secrets

test('passwords and tokens appear in no log line, no audit entry, no event and no table', async () => {
  const lines: string[] = [];
  // Without the redaction of config/logger: nothing may be handed to the log in the first place.
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const context = createContext({ appUrl: api.database.appUrl, secret: TEST_SECRET, log });
  const server = createServer(
    createApp(context, { version: 'test', trustProxyHops: 0, rateLimitMultiplier: 10_000, production: false }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = async (path: string, body: object, token?: string) => {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return JSON.parse((await response.text()) || '{}');
  };
  try {
    const password = 'the one secret password';
    const body = registration({ password });
    const entry = await send('/v1/auth/register', body);
    await send('/v1/auth/register', body);
    await send('/v1/auth/login', { email: body['email'], password: `${password} wrong` });
    const key = await send('/v1/api-keys', { name: 'till', scopes: ['orders:read'] }, entry.accessToken);
    const member = await send(
      '/v1/members',
      { email: `${randomUUID()}@example.com`, name: 'M', role: 'staff' },
      entry.accessToken,
    );
    const joined = await send('/v1/auth/accept-invitation', { token: member.invitation.token, password });
    const renewed = await send('/v1/auth/refresh', { refreshToken: entry.refreshToken });
    await send('/v1/auth/refresh', { refreshToken: entry.refreshToken });
    const { token: resetToken } = await context.account.reset(entry.user);
    const newPassword = `${password}, the second`;
    await send('/v1/auth/reset-password', { token: resetToken, password: newPassword });
    const back = await send('/v1/auth/login', { email: body['email'], password: newPassword });
    const change = { currentPassword: newPassword, newPassword: `${password}, the third` };
    await send('/v1/me/password', change, back.accessToken);
    const secrets = [
      password,
      resetToken,
      back.refreshToken,
      entry.accessToken,
      entry.refreshToken,
      renewed.refreshToken,
      joined.refreshToken,
      key.secret,
      member.invitation.token,
    ];
    for (const secret of secrets) assert.ok(typeof secret === 'string' && secret.length > 20);
    assert.ok(lines.length >= 8);
    const kept = [...lines, ...(await everythingStored())].join('\n');
    for (const secret of secrets) assert.ok(!kept.includes(secret), `${secret.slice(0, 3)}… was kept in the clear`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await context.close();
  }
});

async function everythingStored(): Promise<string[]> {
  const tables = [
    'users',
    'members',
    'sessions',
    'refresh_tokens',
    'api_keys',
    'events',
    'audit_log',
    'idempotency_keys',
  ];
  return withClient(api.database.ownerUrl, async (client) => {
    const texts: string[] = [];
    for (const table of tables) {
      const { rows } = await client.query<{ text: string }>(`select row_to_json(t)::text as text from ${table} t`);
      texts.push(...rows.map((row) => row.text));
    }
    return texts;
  });
}
