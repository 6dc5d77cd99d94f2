import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';

const DAY_MS = 24 * 3_600_000;
const PASSWORD = 'the password of a member';

let api: TestApi;
let aheadMs = 0;

before(async () => {
  api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
});
after(() => api.close());

interface JoinedMember {
  id: string;
  userId: string;
  email: string;
  token: string;
  refreshToken: string;
}

function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

async function invite(owner: TestRestaurant, role: string, email = newEmail()): Promise<Json> {
  return expectStatus(201, await api.post('/v1/members', { email, name: 'Mia', role }, { token: owner.token }));
}

function accept(token: string, password = PASSWORD, name?: string): Promise<Answer> {
  return api.post('/v1/auth/accept-invitation', { token, password, ...(name === undefined ? {} : { name }) });
}

/** A member who has joined with a new account. */
async function join(owner: TestRestaurant, role: string): Promise<JoinedMember> {
  const member = await invite(owner, role);
  const entry = expectStatus(200, await accept(member.invitation.token));
  const { id, email } = member;
  return { id, userId: entry.user.id, email, token: entry.accessToken, refreshToken: entry.refreshToken };
}

async function read(owner: { token: string }, memberId: string): Promise<Json> {
  return expectStatus(200, await api.get(`/v1/members/${memberId}`, { token: owner.token }));
}

function setRole(token: string, memberId: string, role: string, version: number): Promise<Answer> {
  return api.patch(`/v1/members/${memberId}`, { role }, { token, headers: { 'if-match': `"${version}"` } });
}

async function ownMemberId(owner: TestRestaurant): Promise<string> {
  const { data } = expectStatus(200, await api.get('/v1/members?limit=100', { token: owner.token }));
  return data.find((member: Json) => member.userId === owner.userId).id;
}

function expectRefusal(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

// ---- Inviting and joining

test('an invited person joins with a password of his own and has the role he was given', async () => {
  const owner = await api.restaurant();
  const email = newEmail();
  const member = await invite(owner, 'staff', email);
  assert.deepEqual([member.email, member.name, member.role, member.status], [email, 'Mia', 'staff', 'invited']);
  assert.ok(Math.abs(Date.parse(member.invitation.expiresAt) - Date.now() - 7 * DAY_MS) < 60_000);
  const entry = expectStatus(200, await accept(member.invitation.token, PASSWORD, 'Mia Maier'));
  assert.deepEqual([entry.user.email, entry.user.name, entry.restaurant.id], [email, 'Mia Maier', owner.id]);
  const me = expectStatus(200, await api.get('/v1/me', { token: entry.accessToken }));
  assert.equal(me.role, 'staff');
  assert.ok(me.scopes.includes('orders:write') && !me.scopes.includes('menu:write'));
  const joined = await read(owner, member.id);
  assert.deepEqual([joined.status, joined.name, joined.invitationExpiresAt], ['active', 'Mia Maier', null]);
  expectStatus(200, await api.post('/v1/auth/login', { email, password: PASSWORD }));
});

test('an invitation is good once, even for many at the same time', async () => {
  const owner = await api.restaurant();
  const { invitation } = await invite(owner, 'staff');
  const answers = await Promise.all(Array.from({ length: 5 }, () => accept(invitation.token)));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  for (const answer of answers) if (answer.status !== 200) expectRefusal(answer, 401, 'invalid_token');
  expectRefusal(await accept(invitation.token), 401, 'invalid_token');
});

test('an acceptance repeated under its Idempotency-Key replays', async () => {
  const owner = await api.restaurant();
  const { invitation } = await invite(owner, 'staff');
  const options = { headers: { 'idempotency-key': randomUUID() } };
  const body = { token: invitation.token, password: PASSWORD };
  const first = await api.post('/v1/auth/accept-invitation', body, options);
  const second = await api.post('/v1/auth/accept-invitation', body, options);
  assert.deepEqual(expectStatus(200, second), expectStatus(200, first));
});

test('an invitation is refused after seven days, when replaced, when withdrawn, and when it was never made', async () => {
  const owner = await api.restaurant();
  const late = await invite(owner, 'staff');
  aheadMs = 7 * DAY_MS + 1000;
  const tooLate = await accept(late.invitation.token).finally(() => (aheadMs = 0));
  expectRefusal(tooLate, 401, 'invalid_token');

  const email = newEmail();
  const first = await invite(owner, 'staff', email);
  const second = await invite(owner, 'manager', email);
  assert.equal(second.id, first.id);
  assert.equal(second.role, 'manager');
  expectRefusal(await accept(first.invitation.token), 401, 'invalid_token');

  expectStatus(204, await api.delete(`/v1/members/${second.id}`, undefined, { token: owner.token }));
  expectRefusal(await accept(second.invitation.token), 401, 'invalid_token');
  for (const token of ['x', owner.refreshToken, `inv_${owner.id.replaceAll('-', '')}_${'A'.repeat(43)}`]) {
    expectRefusal(await accept(token), 401, 'invalid_token');
  }
});

test('a person joins with the account whose password he gives, and with another password his account is left alone', async () => {
  const [owner, other] = [await api.restaurant(), await api.restaurant()];
  const first = await invite(owner, 'manager', other.email);
  const entry = expectStatus(200, await accept(first.invitation.token, other.password));
  assert.equal(entry.user.id, other.userId);
  const elsewhere = await api.restaurant();
  const second = await invite(elsewhere, 'staff', other.email);
  assert.notEqual(
    expectStatus(200, await accept(second.invitation.token, 'not the password of his')).user.id,
    other.userId,
  );
  const login = { email: other.email, password: other.password };
  expectStatus(200, await api.post('/v1/auth/login', login));
  const there = await api.post('/v1/auth/login', { ...login, restaurantId: elsewhere.id });
  expectRefusal(there, 401, 'invalid_credentials');
});

test('a new password must be long enough, and the invitation survives the attempt', async () => {
  const owner = await api.restaurant();
  const { invitation } = await invite(owner, 'staff');
  const answer = await accept(invitation.token, 'short');
  expectRefusal(answer, 422, 'invalid_request');
  assert.equal(answer.body.errors[0].pointer, '/password');
  expectStatus(200, await accept(invitation.token));
});

test('whoever was invited and registers on his own keeps the invitation, and joins with his password', async () => {
  const owner = await api.restaurant();
  const email = newEmail();
  const { invitation } = await invite(owner, 'staff', email);
  const fields = { name: 'Self', restaurantName: 'Own Place', currency: 'EUR', timezone: 'Europe/Berlin' };
  const own = expectStatus(
    201,
    await api.post('/v1/auth/register', { email, password: 'my own first password', ...fields }),
  );
  assert.equal(own.user.name, 'Self');
  assert.equal(expectStatus(200, await accept(invitation.token, 'my own first password')).user.id, own.user.id);
});

test('a member cannot be invited twice', async () => {
  const owner = await api.restaurant();
  const member = await join(owner, 'staff');
  const body = { email: member.email.toUpperCase(), name: 'Mia', role: 'owner' };
  expectRefusal(await api.post('/v1/members', body, { token: owner.token }), 409, 'already_exists');
  assert.equal((await read(owner, member.id)).role, 'staff');
});

test('an invitation needs an address, a name and a role that exist', async () => {
  const owner = await api.restaurant();
  const good = { email: newEmail(), name: 'Mia', role: 'staff' };
  for (const [field, value] of Object.entries({ email: 'nobody', name: '', role: 'emperor', salary: 1 })) {
    const answer = await api.post('/v1/members', { ...good, [field]: value }, { token: owner.token });
    expectRefusal(answer, 422, 'invalid_request');
    assert.equal(answer.body.errors[0].pointer, `/${field}`);
  }
});

test('the name a person has elsewhere is not shown before he joins', async () => {
  const [owner, other] = [await api.restaurant(), await api.restaurant()];
  const member = await invite(owner, 'staff', other.email);
  assert.equal(member.name, 'Mia');
  assert.equal((await read(owner, member.id)).name, member.name);
});

// ---- Reading

test('the list goes through all members page by page and shows no secret', async () => {
  const owner = await api.restaurant();
  const ids = [await ownMemberId(owner), (await join(owner, 'staff')).id, (await invite(owner, 'kitchen')).id];
  const seen: string[] = [];
  let cursor = '';
  for (;;) {
    const answer = await api.get(`/v1/members?limit=1${cursor}`, { token: owner.token });
    const page = expectStatus(200, answer);
    assert.ok(!/inv_|hash|argon2|password/i.test(answer.text), answer.text);
    seen.push(...page.data.map((member: Json) => member.id));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  assert.deepEqual(seen, ids);
  const other = await api.restaurant();
  const first = expectStatus(200, await api.get('/v1/members?limit=1', { token: owner.token }));
  const foreign = await api.get(`/v1/members?limit=1&cursor=${first.nextCursor}`, { token: other.token });
  expectRefusal(foreign, 422, 'invalid_request');
});

test('only owners invite, change and remove; managers read; staff and kitchen do neither', async () => {
  const owner = await api.restaurant();
  const ownerId = await ownMemberId(owner);
  for (const role of ['manager', 'staff', 'kitchen']) {
    const { token } = await join(owner, role);
    expectRefusal(
      await api.post('/v1/members', { email: newEmail(), name: 'X', role: 'owner' }, { token }),
      403,
      'forbidden',
    );
    expectRefusal(await setRole(token, ownerId, 'staff', 1), 403, 'forbidden');
    expectRefusal(await api.delete(`/v1/members/${ownerId}`, undefined, { token }), 403, 'forbidden');
    assert.equal((await api.get('/v1/members', { token })).status, role === 'manager' ? 200 : 403);
    assert.equal((await api.get('/v1/audit-log', { token })).status, role === 'manager' ? 200 : 403);
  }
});

test("another restaurant's member is not found on any path", async () => {
  const [owner, stranger] = [await api.restaurant(), await api.restaurant()];
  const member = await join(owner, 'staff');
  const { token } = stranger;
  for (const id of [member.id, randomUUID(), 'no-id']) {
    const answers = [
      await api.get(`/v1/members/${id}`, { token }),
      await setRole(token, id, 'manager', 2),
      await api.delete(`/v1/members/${id}`, undefined, { token }),
    ];
    for (const answer of answers) {
      expectRefusal(answer, 404, 'not_found');
      assert.equal(answer.body.detail, 'No such member.');
    }
  }
  assert.equal((await read(owner, member.id)).role, 'staff');
});

// ---- Roles and removal

test('a new role counts from the next request on, with the token at hand', async () => {
  const owner = await api.restaurant();
  const member = await join(owner, 'kitchen');
  expectRefusal(await api.get('/v1/members', { token: member.token }), 403, 'forbidden');
  const { version } = await read(owner, member.id);
  const answer = await setRole(owner.token, member.id, 'manager', version);
  assert.equal(expectStatus(200, answer).version, version + 1);
  assert.equal(answer.headers.get('etag'), `"${version + 1}"`);
  expectStatus(200, await api.get('/v1/members', { token: member.token }));
  const log = expectStatus(200, await api.get(`/v1/audit-log?subjectId=${member.id}`, { token: owner.token }));
  assert.deepEqual(log.data[0].action, 'member.changed');
  assert.deepEqual(log.data[0].changes, { role: { from: 'kitchen', to: 'manager' } });
  assert.deepEqual(log.data[0].actor, { kind: 'user', id: owner.userId, name: 'Olga Owner' });
});

test('a change of role needs the version that is stored', async () => {
  const owner = await api.restaurant();
  const member = await join(owner, 'staff');
  const { version } = await read(owner, member.id);
  expectRefusal(
    await api.patch(`/v1/members/${member.id}`, { role: 'manager' }, { token: owner.token }),
    428,
    'version_required',
  );
  expectRefusal(await setRole(owner.token, member.id, 'manager', version - 1), 412, 'version_mismatch');
  expectRefusal(await setRole(owner.token, member.id, 'emperor', version), 422, 'invalid_request');
  const race = await Promise.all(
    ['manager', 'kitchen', 'owner', 'manager'].map((role) => setRole(owner.token, member.id, role, version)),
  );
  assert.deepEqual(
    race.map((answer) => answer.status).sort((a, b) => a - b),
    [200, 412, 412, 412],
  );
});

test('a removed member is out at once: access token, refresh token and login', async () => {
  const owner = await api.restaurant();
  const member = await join(owner, 'manager');
  expectStatus(200, await api.get('/v1/me', { token: member.token }));
  expectStatus(204, await api.delete(`/v1/members/${member.id}`, undefined, { token: owner.token }));
  expectRefusal(await api.get('/v1/me', { token: member.token }), 401, 'invalid_token');
  expectRefusal(await api.post('/v1/auth/refresh', { refreshToken: member.refreshToken }), 401, 'invalid_token');
  expectRefusal(
    await api.post('/v1/auth/login', { email: member.email, password: PASSWORD }),
    401,
    'invalid_credentials',
  );
  expectRefusal(await api.get(`/v1/members/${member.id}`, { token: owner.token }), 404, 'not_found');
  expectRefusal(await api.delete(`/v1/members/${member.id}`, undefined, { token: owner.token }), 404, 'not_found');
  const { data } = expectStatus(200, await api.get('/v1/members', { token: owner.token }));
  assert.deepEqual(
    data.map((row: Json) => row.userId),
    [owner.userId],
  );
  const alive = await withClient(api.database.ownerUrl, (client) =>
    client.query('select 1 from sessions where user_id = $1 and revoked_at is null', [member.userId]),
  );
  assert.equal(alive.rowCount, 0);
});

test('a removed member may come back by a new invitation, and his old sessions stay dead', async () => {
  const owner = await api.restaurant();
  const member = await join(owner, 'staff');
  expectStatus(204, await api.delete(`/v1/members/${member.id}`, undefined, { token: owner.token }));
  const again = await invite(owner, 'kitchen', member.email);
  assert.equal(again.id, member.id);
  const entry = expectStatus(200, await accept(again.invitation.token));
  assert.equal(expectStatus(200, await api.get('/v1/me', { token: entry.accessToken })).role, 'kitchen');
  expectRefusal(await api.get('/v1/me', { token: member.token }), 401, 'invalid_token');
});

test('removing a member in one restaurant leaves him in the other', async () => {
  const [owner, other] = [await api.restaurant(), await api.restaurant()];
  const { id, invitation } = await invite(owner, 'staff', other.email);
  expectStatus(200, await accept(invitation.token, other.password));
  expectStatus(204, await api.delete(`/v1/members/${id}`, undefined, { token: owner.token }));
  expectStatus(200, await api.get('/v1/me', { token: other.token }));
});

test('the last owner can be neither removed nor demoted, even with another owner invited', async () => {
  const owner = await api.restaurant();
  const id = await ownMemberId(owner);
  await invite(owner, 'owner');
  expectRefusal(await api.delete(`/v1/members/${id}`, undefined, { token: owner.token }), 409, 'last_owner');
  expectRefusal(await setRole(owner.token, id, 'manager', 1), 409, 'last_owner');
  expectStatus(200, await setRole(owner.token, id, 'owner', 1));
  const second = await join(owner, 'owner');
  expectStatus(204, await api.delete(`/v1/members/${id}`, undefined, { token: second.token }));
  expectRefusal(await api.delete(`/v1/members/${second.id}`, undefined, { token: second.token }), 409, 'last_owner');
});

test('owners who remove and demote each other at the same time always leave one', async () => {
  for (let round = 0; round < 8; round += 1) {
    const owner = await api.restaurant();
    const second = await join(owner, 'owner');
    const third = await join(owner, 'owner');
    const ids = [await ownMemberId(owner), second.id, third.id];
    const tokens = [second.token, third.token, owner.token];
    const answers = await Promise.all([
      ...ids.map((id, index) => api.delete(`/v1/members/${id}`, undefined, { token: tokens[index] as string })),
      ...ids.map((id, index) => setRole(tokens[(index + 1) % 3] as string, id, 'staff', index === 0 ? 1 : 2)),
    ]);
    for (const answer of answers) assert.ok([200, 204, 401, 403, 404, 409, 412].includes(answer.status), answer.text);
    const left = await withClient(api.database.ownerUrl, (client) =>
      client.query(`select 1 from members where restaurant_id = $1 and role = 'owner' and status = 'active'`, [
        owner.id,
      ]),
    );
    assert.ok((left.rowCount ?? 0) >= 1, answers.map((answer) => answer.status).join(' '));
  }
});
