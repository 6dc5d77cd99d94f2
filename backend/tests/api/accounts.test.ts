/**
 * Ownership of accounts: nobody takes over another account by its address, and each user controls
 * their own password and sessions.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { NO_RESTAURANT } from '../../src/domain/shared/call.js';
import { resetAccount } from '../../src/commands/resetAccount.js';
import { AuthRepository } from '../../src/repositories/AuthRepository.js';
import { Accounts } from '../../src/services/auth/accounts.js';
import { Passwords } from '../../src/services/auth/passwords.js';
import { Secrets } from '../../src/utils/secrets.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TEST_SECRET } from '../support/database.js';

const HOUR_MS = 3_600_000;
const MINE = 'the password of the real person';
const THEIRS = 'the password of somebody else';

let api: TestApi;
let aheadMs = 0;

before(async () => {
  api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
});
after(() => api.close());

const newEmail = () => `${randomUUID()}@example.com`;

function register(email: string, password: string): Promise<Answer> {
  const fields = { name: 'Rita', restaurantName: 'Trattoria', currency: 'EUR', timezone: 'Europe/Rome' };
  return api.post('/v1/auth/register', { email, password, ...fields });
}

const login = (email: string, password: string, restaurantId?: string) =>
  api.post('/v1/auth/login', { email, password, ...(restaurantId === undefined ? {} : { restaurantId }) });

async function invite(owner: TestRestaurant, email: string, role = 'staff'): Promise<Json> {
  return expectStatus(201, await api.post('/v1/members', { email, name: 'Mia', role }, { token: owner.token }));
}

const accept = (token: string, password: string) => api.post('/v1/auth/accept-invitation', { token, password });
const me = (token: string) => api.get('/v1/me', { token });
const joinAnother = (token: string, invitation: string, headers: Record<string, string> = {}) =>
  api.post('/v1/me/memberships', { token: invitation }, { token, headers });
const changePassword = (token: string, currentPassword: string, newPassword: string, headers = {}) =>
  api.post('/v1/me/password', { currentPassword, newPassword }, { token, headers });
const setNew = (token: string, password: string) => api.post('/v1/auth/reset-password', { token, password });

function expectRefusal(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

/** The operator's reset, and the new password that its token sets. */
async function reset(user: { id: string; email: string; name: string }, password: string): Promise<void> {
  expectStatus(204, await setNew((await api.context.account.reset(user)).token, password));
}

async function actionsOf(owner: { token: string }, action: string): Promise<Json[]> {
  return expectStatus(200, await api.get(`/v1/audit-log?action=${action}`, { token: owner.token })).data;
}

describe('an address that is not proven', () => {
  /** Ways in which a stranger lays hands on an address before its person comes. */
  const CLAIMS: Record<string, (email: string) => Promise<{ entry: Json; restaurantId: string }>> = {
    'registered by a stranger': async (email) => {
      const entry = expectStatus(201, await register(email, THEIRS));
      return { entry, restaurantId: entry.restaurant.id };
    },
    'invited by a stranger, who accepted himself': async (email) => {
      const stranger = await api.restaurant();
      const { invitation } = await invite(stranger, email, 'owner');
      return { entry: expectStatus(200, await accept(invitation.token, THEIRS)), restaurantId: stranger.id };
    },
    'invited by a stranger, who left it open': async (email) => {
      const stranger = await api.restaurant();
      const { invitation } = await invite(stranger, email, 'owner');
      // Used below, when the real person is there.
      return { entry: { invitation }, restaurantId: stranger.id };
    },
  };

  for (const [how, claim] of Object.entries(CLAIMS)) {
    test(`keeps nobody from registering: ${how}`, async () => {
      const email = newEmail();
      const { entry: theirs, restaurantId } = await claim(email);
      const own = expectStatus(201, await register(email.toUpperCase(), MINE));
      assert.notEqual(own.user.id, theirs.user?.id);
      assert.equal(expectStatus(200, await login(email, MINE)).restaurant.id, own.restaurant.id);
      // Neither gets into what is the other one's.
      expectRefusal(await login(email, MINE, restaurantId), 401, 'invalid_credentials');
      expectRefusal(await login(email, THEIRS, own.restaurant.id), 401, 'invalid_credentials');
      if (theirs.invitation) {
        const late = expectStatus(200, await accept(theirs.invitation.token, THEIRS));
        assert.notEqual(late.user.id, own.user.id);
      }
      expectStatus(200, await me(own.accessToken));
      expectStatus(200, await login(email, MINE));
    });

    test(`keeps nobody from joining who invited the real person: ${how}`, async () => {
      const email = newEmail();
      const { entry: theirs, restaurantId } = await claim(email);
      const employer = await api.restaurant();
      const { id, invitation } = await invite(employer, email, 'manager');
      const own = expectStatus(200, await accept(invitation.token, MINE));
      assert.notEqual(own.user.id, theirs.user?.id);
      const member = expectStatus(200, await api.get(`/v1/members/${id}`, { token: employer.token }));
      assert.deepEqual([member.userId, member.status], [own.user.id, 'active']);
      expectRefusal(await login(email, THEIRS, employer.id), 401, 'invalid_credentials');
      expectRefusal(await login(email, MINE, restaurantId), 401, 'invalid_credentials');
      const sessions = expectStatus(200, await api.get('/v1/me/sessions', { token: own.accessToken })).data;
      assert.deepEqual(
        sessions.map((session: Json) => session.restaurant.id),
        [employer.id],
      );
    });
  }

  test('may be that of several accounts, whose password tells them apart, and no two have the same', async () => {
    const email = newEmail();
    const first = expectStatus(201, await register(email, MINE));
    const second = expectStatus(201, await register(email, THEIRS));
    expectRefusal(await register(email, MINE), 409, 'email_taken');
    expectRefusal(await register(email, THEIRS), 409, 'email_taken');
    for (const [password, entry] of [
      [MINE, first],
      [THEIRS, second],
    ] as const) {
      const found = expectStatus(200, await login(email, password));
      assert.deepEqual([found.user.id, found.restaurant.id], [entry.user.id, entry.restaurant.id]);
    }
    const answer = await changePassword(second.accessToken, THEIRS, MINE);
    expectRefusal(answer, 422, 'invalid_request');
    assert.equal(answer.body.errors[0].pointer, '/newPassword');
    expectStatus(200, await login(email, THEIRS));
  });

  test('an invitation says nothing of the accounts that its address has', async () => {
    const known = await api.restaurant();
    const owner = await api.restaurant();
    const email = known.email.toUpperCase();
    for (const answer of [await invite(owner, email), await invite(owner, newEmail())]) {
      assert.equal(answer.userId, null);
      const { data } = expectStatus(200, await api.get(`/v1/audit-log?subjectId=${answer.id}`, { token: owner.token }));
      assert.ok(!JSON.stringify([answer, data]).includes(known.userId));
    }
    const { data } = expectStatus(200, await api.get('/v1/members', { token: owner.token }));
    // As it was typed here, not as it was there.
    assert.ok(data.some((member: Json) => member.email === email && member.userId === null));
  });

  test('a place in a restaurant is not taken over by another account of the address', async () => {
    const owner = await api.restaurant();
    const email = newEmail();
    const { id, invitation } = await invite(owner, email);
    const first = expectStatus(200, await accept(invitation.token, MINE));
    expectStatus(204, await api.delete(`/v1/members/${id}`, undefined, { token: owner.token }));
    const again = await invite(owner, email);
    assert.equal(again.id, id);
    const second = expectStatus(200, await accept(again.invitation.token, THEIRS));
    assert.notEqual(second.user.id, first.user.id);
    expectRefusal(await me(first.accessToken), 401, 'invalid_token');
    expectRefusal(await login(email, MINE), 401, 'invalid_credentials');
    const { data } = expectStatus(200, await api.get('/v1/members', { token: owner.token }));
    assert.deepEqual(
      data.map((member: Json) => member.userId),
      [owner.userId, second.user.id],
    );
    // And back again: the first account gets its own membership back.
    const [place] = data.slice(1);
    expectStatus(204, await api.delete(`/v1/members/${place.id}`, undefined, { token: owner.token }));
    const third = await invite(owner, email);
    assert.equal(expectStatus(200, await accept(third.invitation.token, MINE)).user.id, first.user.id);
    const active = expectStatus(200, await api.get('/v1/members', { token: owner.token })).data;
    assert.deepEqual(
      active.map((member: Json) => [member.userId, member.id]),
      [
        [owner.userId, active[0].id],
        [first.user.id, id],
      ],
    );
  });

  test('is hashed once for each login, however many accounts it has, and an unknown one as often', async () => {
    let hashed = 0;
    const engine = {
      hash: (password: string, settings: string) => Promise.resolve(`${settings}$${password.length}${(hashed += 1)}`),
      verify: () => Promise.resolve(false),
    };
    const { unitOfWork, clock } = api.context;
    const passwords = new Passwords({ engine });
    const secrets = new Secrets(TEST_SECRET);
    const accounts = new Accounts({ repository: new AuthRepository(), passwords, secrets, clock });
    const crowded = newEmail();
    for (let count = 0; count < 4; count += 1) expectStatus(201, await register(crowded, `${MINE} ${count}`));
    for (const email of [newEmail(), (await api.restaurant()).email, crowded]) {
      hashed = 0;
      await accounts.login((work) => unitOfWork.read({ restaurantId: NO_RESTAURANT }, work), email, MINE);
      assert.equal(hashed, 1, email);
    }
  });

  test('a password that was hashed otherwise is still known, and not given to a second account', async () => {
    const { email, userId, password } = await api.restaurant();
    const older = await new Passwords().hash(password, '$argon2id$v=19$m=8192,t=3,p=1$c29tZSBvdGhlciBzYWx0');
    await withClient(api.database.ownerUrl, (client) =>
      client.query('update users set password_hash = $2 where id = $1', [userId, older]),
    );
    assert.equal(expectStatus(200, await login(email, password)).user.id, userId);
    expectRefusal(await login(email, `${password}!`), 401, 'invalid_credentials');
    expectRefusal(await register(email, password), 409, 'email_taken');
    const second = expectStatus(201, await register(email, MINE));
    assert.equal(expectStatus(200, await login(email, MINE)).user.id, second.user.id);
    assert.equal(expectStatus(200, await login(email, password)).user.id, userId);
  });
});

describe('joining as the person logged in', () => {
  test('makes the account a member and answers a session there', async () => {
    const [person, owner] = [await api.restaurant(), await api.restaurant()];
    const { id, invitation } = await invite(owner, person.email.toUpperCase(), 'manager');
    const entry = expectStatus(201, await joinAnother(person.token, invitation.token));
    assert.deepEqual([entry.user.id, entry.restaurant.id], [person.userId, owner.id]);
    assert.equal(expectStatus(200, await me(entry.accessToken)).role, 'manager');
    const member = expectStatus(200, await api.get(`/v1/members/${id}`, { token: owner.token }));
    assert.deepEqual([member.userId, member.status], [person.userId, 'active']);
    const [joined] = await actionsOf(owner, 'member.joined');
    assert.deepEqual([joined?.subjectId, joined?.actor], [id, { kind: 'user', id: person.userId, name: 'Olga Owner' }]);
    expectRefusal(await joinAnother(person.token, invitation.token), 401, 'invalid_token');
    expectStatus(200, await me(person.token));
  });

  test('repeated under its Idempotency-Key replays', async () => {
    const [person, owner] = [await api.restaurant(), await api.restaurant()];
    const { invitation } = await invite(owner, person.email);
    const headers = { 'idempotency-key': randomUUID() };
    const first = expectStatus(201, await joinAnother(person.token, invitation.token, headers));
    const repeated = await joinAnother(person.token, invitation.token, headers);
    assert.deepEqual(expectStatus(201, repeated), first);
    assert.equal(repeated.headers.get('idempotent-replayed'), 'true');
  });

  test('is for the address that was invited, for people, and for an invitation that is good', async () => {
    const [person, owner] = [await api.restaurant(), await api.restaurant()];
    const { invitation } = await invite(owner, newEmail());
    expectRefusal(await joinAnother(person.token, invitation.token), 403, 'forbidden');
    const key = await api.apiKey(person.token);
    expectRefusal(await joinAnother(key, invitation.token), 403, 'forbidden');
    expectRefusal(await joinAnother(person.token, person.refreshToken), 401, 'invalid_token');
    expectRefusal(await joinAnother(owner.token, (await invite(person, owner.email)).id), 401, 'invalid_token');
    // Nothing was used up.
    expectStatus(200, await accept(invitation.token, MINE));
  });

  test('of many at the same time makes one member', async () => {
    const [person, owner] = [await api.restaurant(), await api.restaurant()];
    const { invitation } = await invite(owner, person.email);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        index % 2 === 0 ? joinAnother(person.token, invitation.token) : accept(invitation.token, person.password),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 200 || status === 201).length, 1);
    const { data } = expectStatus(200, await api.get('/v1/members', { token: owner.token }));
    assert.equal(data.length, 2);
  });
});

describe("the operator's reset", () => {
  test('voids the password, ends all sessions in all restaurants, and lets a new one be set once', async () => {
    const [person, elsewhere] = [await api.restaurant(), await api.restaurant()];
    const other = expectStatus(
      201,
      await joinAnother(person.token, (await invite(elsewhere, person.email)).invitation.token),
    );
    const [account] = await api.context.account.ofAddress(person.email);
    assert.deepEqual([account?.id, account?.isProven, account?.restaurants.length], [person.userId, false, 2]);
    const { token, expiresAt } = await api.context.account.reset(account!);
    assert.ok(Math.abs(expiresAt.getTime() - Date.now() - 24 * HOUR_MS) < 60_000);
    for (const ended of [person.token, other.accessToken]) expectRefusal(await me(ended), 401, 'invalid_token');
    for (const refreshToken of [person.refreshToken, other.refreshToken])
      expectRefusal(await api.post('/v1/auth/refresh', { refreshToken }), 401, 'invalid_token');
    expectRefusal(await login(person.email, person.password), 401, 'invalid_credentials');
    expectRefusal(await setNew(`${token}x`, MINE), 401, 'invalid_token');
    const short = await setNew(token, 'short');
    expectRefusal(short, 422, 'invalid_request');
    assert.equal(short.body.errors[0].pointer, '/password');
    const answers = await Promise.all(Array.from({ length: 4 }, () => setNew(token, MINE)));
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 204).length, 1, statuses.join(' '));
    expectRefusal(await setNew(token, THEIRS), 401, 'invalid_token');
    const entry = expectStatus(200, await login(person.email, MINE));
    assert.equal(entry.user.id, person.userId);
    for (const where of [elsewhere, { token: entry.accessToken }]) {
      const [told] = await actionsOf(where, 'account.reset');
      assert.deepEqual([told?.subjectId, told?.actor.kind], [person.userId, 'system']);
      assert.equal((await actionsOf(where, 'account.password_changed')).length, 1);
    }
  });

  test('is over after a day', async () => {
    const { userId: id, email } = await api.restaurant();
    const { token } = await api.context.account.reset({ id, email, name: '' });
    aheadMs = 24 * HOUR_MS + 1000;
    const late = await setNew(token, MINE).finally(() => (aheadMs = 0));
    expectRefusal(late, 401, 'invalid_token');
    expectStatus(204, await setNew(token, MINE));
  });

  test('proves the address: it has one account to come in with from then on', async () => {
    const email = newEmail();
    const stranger = expectStatus(201, await register(email, THEIRS));
    const own = expectStatus(201, await register(email, MINE));
    await reset(own.user, `${MINE} again`);
    expectRefusal(await register(email, 'a third password of it'), 409, 'email_taken');
    const owner = await api.restaurant();
    const { invitation } = await invite(owner, email);
    for (const password of [THEIRS, 'a third password of it'])
      expectRefusal(await accept(invitation.token, password), 401, 'invalid_credentials');
    expectRefusal(await joinAnother(stranger.accessToken, invitation.token), 403, 'forbidden');
    assert.equal(expectStatus(200, await accept(invitation.token, `${MINE} again`)).user.id, own.user.id);
    // The stranger keeps the restaurant they made, and nothing else.
    assert.equal(expectStatus(200, await login(email, THEIRS)).restaurant.id, stranger.restaurant.id);
    // The operator's later word counts.
    await reset(stranger.user, `${THEIRS} again`);
    const accounts = await api.context.account.ofAddress(email);
    assert.deepEqual(
      accounts.map(({ id, isProven }) => [id, isProven]),
      [
        [stranger.user.id, true],
        [own.user.id, false],
      ],
    );
  });

  test('sets no password that another account of the address has', async () => {
    const email = newEmail();
    expectStatus(201, await register(email, THEIRS));
    const own = expectStatus(201, await register(email, MINE));
    const { token } = await api.context.account.reset(own.user);
    expectRefusal(await setNew(token, THEIRS), 422, 'invalid_request');
    expectStatus(204, await setNew(token, `${MINE} again`));
  });

  test('is a command that says what it did, and does nothing while it is not clear who is meant', async () => {
    const email = newEmail();
    const [first, second] = [
      expectStatus(201, await register(email, MINE)),
      expectStatus(201, await register(email, THEIRS)),
    ];
    const run = async (...argv: string[]) => {
      let [out, err] = ['', ''];
      const streams = {
        out: { write: (text: string) => (out += text) },
        err: { write: (text: string) => (err += text) },
      };
      const code = await resetAccount(argv, api.context, streams);
      return { code, out, err };
    };
    const list = await run('list', '--email', email.toUpperCase());
    assert.equal(list.code, 0);
    assert.match(list.out, new RegExp(`^${first.user.id}  Rita  since \\d{4}-\\d\\d-\\d\\d  not proven  Trattoria\n`));
    assert.ok(list.out.includes(second.user.id));
    const unclear = await run('reset', '--email', email);
    assert.equal(unclear.code, 1);
    assert.ok(unclear.err.includes(first.user.id) && unclear.err.includes('--account'));
    assert.equal((await run('reset', '--email', newEmail())).code, 1);
    assert.equal((await run('reset', '--email', email, '--account', randomUUID())).code, 1);
    for (const wrong of [
      ['reset'],
      ['reset', '--email', email, '--account', 'Rita'],
      ['forget', '--email', email],
      ['reset', '--emial', email],
      [],
    ])
      assert.equal((await run(...wrong)).code, 2);
    for (const { accessToken } of [first, second]) expectStatus(200, await me(accessToken));
    const done = await run('reset', '--email', email, '--account', first.user.id);
    assert.equal(done.code, 0, done.err);
    const [token] = /^pw_[\w-]{43}$/m.exec(done.out) ?? [];
    expectRefusal(await me(first.accessToken), 401, 'invalid_token');
    expectStatus(200, await me(second.accessToken));
    expectStatus(204, await setNew(token ?? '', `${MINE} again`));
    assert.equal(expectStatus(200, await login(email, `${MINE} again`)).user.id, first.user.id);
  });
});

describe('a change of password', () => {
  test('needs the current one, ends all other sessions in all restaurants, and tells the audit log', async () => {
    const [person, elsewhere] = [await api.restaurant(), await api.restaurant()];
    const there = expectStatus(
      201,
      await joinAnother(person.token, (await invite(elsewhere, person.email)).invitation.token),
    );
    const second = expectStatus(200, await login(person.email, person.password));
    const wrong = await changePassword(person.token, THEIRS, MINE);
    expectRefusal(wrong, 422, 'invalid_request');
    assert.equal(wrong.body.errors[0].pointer, '/currentPassword');
    const short = await changePassword(person.token, person.password, 'short');
    expectRefusal(short, 422, 'invalid_request');
    assert.equal(short.body.errors[0].pointer, '/newPassword');
    expectStatus(200, await me(second.accessToken));

    expectStatus(204, await changePassword(person.token, person.password, MINE));
    expectStatus(200, await me(person.token));
    for (const { accessToken, refreshToken } of [second, there]) {
      expectRefusal(await me(accessToken), 401, 'invalid_token');
      expectRefusal(await api.post('/v1/auth/refresh', { refreshToken }), 401, 'invalid_token');
    }
    expectStatus(200, await api.post('/v1/auth/refresh', { refreshToken: person.refreshToken }));
    expectRefusal(await login(person.email, person.password), 401, 'invalid_credentials');
    expectStatus(200, await login(person.email, MINE));
    for (const where of [person, elsewhere]) {
      const [told] = await actionsOf(where, 'account.password_changed');
      assert.deepEqual(
        [told?.subjectId, told?.actor],
        [person.userId, { kind: 'user', id: person.userId, name: 'Olga Owner' }],
      );
      assert.equal((await actionsOf(where, 'session.revoked')).length, 1);
    }
  });

  test('repeated under its Idempotency-Key is done once', async () => {
    const { token, password } = await api.restaurant();
    const headers = { 'idempotency-key': randomUUID() };
    expectStatus(204, await changePassword(token, password, MINE, headers));
    const repeated = await changePassword(token, password, MINE, headers);
    expectStatus(204, repeated);
    assert.equal(repeated.headers.get('idempotent-replayed'), 'true');
  });

  test('of many at the same time one is done', async () => {
    const { token, email, password } = await api.restaurant();
    const wanted = Array.from({ length: 5 }, (_, index) => `${MINE} ${index}`);
    const answers = await Promise.all(wanted.map((one) => changePassword(token, password, one)));
    const done = wanted.filter((_, index) => answers[index]?.status === 204);
    assert.equal(done.length, 1, answers.map(({ text }) => text).join('\n'));
    expectStatus(200, await login(email, done[0] ?? ''));
  });

  test('leaves no session to those who come in by the old one at the same moment', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { token, email, password } = await api.restaurant();
      const [changed, ...entries] = await Promise.all([
        changePassword(token, password, MINE),
        ...Array.from({ length: 6 }, () => login(email, password)),
      ]);
      expectStatus(204, changed);
      for (const { status, body } of entries)
        if (status === 200) expectRefusal(await me(body.accessToken), 401, 'invalid_token');
      const { data } = expectStatus(200, await api.get('/v1/me/sessions', { token }));
      assert.deepEqual(
        data.map((session: Json) => session.isCurrent),
        [true],
      );
    }
  });

  test('is for people, and for a demo that has no password it is none', async () => {
    const owner = await api.restaurant();
    const key = await api.apiKey(owner.token);
    expectRefusal(await changePassword(key, owner.password, MINE), 403, 'forbidden');
    const demo = expectStatus(201, await api.post('/v1/demo-sessions', {}));
    expectRefusal(await changePassword(demo.accessToken, 'anything', MINE), 422, 'invalid_request');
  });
});

describe("one's own sessions", () => {
  test('are listed in all restaurants, the newest first, page by page, and nobody else’s', async () => {
    const [person, elsewhere] = [await api.restaurant(), await api.restaurant()];
    const there = expectStatus(
      201,
      await joinAnother(person.token, (await invite(elsewhere, person.email)).invitation.token),
    );
    const last = expectStatus(200, await login(person.email, person.password));
    const seen: Json[] = [];
    for (let cursor = ''; ; ) {
      const page = expectStatus(200, await api.get(`/v1/me/sessions?limit=2${cursor}`, { token: there.accessToken }));
      seen.push(...page.data);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    assert.deepEqual(
      seen.map(({ restaurant, isCurrent }) => [restaurant.id, isCurrent]),
      [
        [person.id, false],
        [elsewhere.id, true],
        [person.id, false],
      ],
    );
    for (const { createdAt, expiresAt } of seen)
      assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 30 * 24 * HOUR_MS);
    expectStatus(204, await api.post('/v1/auth/logout', undefined, { token: last.accessToken }));
    const left = expectStatus(200, await api.get('/v1/me/sessions', { token: person.token })).data;
    assert.equal(left.length, 2);
  });

  test('are ended one by one, and told to the restaurant that they were for', async () => {
    const [person, elsewhere] = [await api.restaurant(), await api.restaurant()];
    const there = expectStatus(
      201,
      await joinAnother(person.token, (await invite(elsewhere, person.email)).invitation.token),
    );
    const { data } = expectStatus(200, await api.get('/v1/me/sessions', { token: person.token }));
    const { id } = data.find((session: Json) => session.restaurant.id === elsewhere.id);
    const end = (token: string, sessionId: string) => api.delete(`/v1/me/sessions/${sessionId}`, undefined, { token });
    for (const sessionId of [randomUUID(), 'no-id'])
      expectRefusal(await end(person.token, sessionId), 404, 'not_found');
    expectRefusal(await end(elsewhere.token, id), 404, 'not_found');
    expectStatus(200, await me(there.accessToken));
    expectStatus(204, await end(person.token, id));
    expectRefusal(await me(there.accessToken), 401, 'invalid_token');
    expectStatus(200, await me(person.token));
    expectRefusal(await end(person.token, id), 404, 'not_found');
    const [told] = await actionsOf(elsewhere, 'session.revoked');
    assert.deepEqual([told?.subjectId, told?.actor.id], [id, person.userId]);
  });

  test('are ended all at once, the one that asks too', async () => {
    const [person, elsewhere] = [await api.restaurant(), await api.restaurant()];
    const there = expectStatus(
      201,
      await joinAnother(person.token, (await invite(elsewhere, person.email)).invitation.token),
    );
    expectStatus(204, await api.delete('/v1/me/sessions', undefined, { token: there.accessToken }));
    for (const token of [person.token, there.accessToken]) expectRefusal(await me(token), 401, 'invalid_token');
    expectStatus(200, await login(person.email, person.password));
    expectStatus(200, await me(elsewhere.token));
  });

  test('an API key has none', async () => {
    const key = await api.apiKey((await api.restaurant()).token);
    expectRefusal(await api.get('/v1/me/sessions', { token: key }), 403, 'forbidden');
    expectRefusal(await api.delete('/v1/me/sessions', undefined, { token: key }), 403, 'forbidden');
    expectRefusal(await api.delete(`/v1/me/sessions/${randomUUID()}`, undefined, { token: key }), 403, 'forbidden');
  });
});
