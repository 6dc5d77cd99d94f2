/** A person's way to another e-mail address, against strangers, races and mistakes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { Mailbox } from '../support/mailbox.js';
import { expectProblem } from '../support/problem.js';

const MINUTE_MS = 60_000;
const NEXT = 'another password of the person';

describe('a change of the e-mail address', () => {
  let now = new Date('2026-11-27T12:00:00Z');
  let mailbox: Mailbox;
  let api: TestApi;

  before(async () => {
    mailbox = await Mailbox.start();
    api = await startApi({
      clock: () => now,
      outside: { budget: { restaurant: 1e6, user: 1e6 }, mail: mailbox.settings },
    });
  });
  after(async () => {
    await api.close();
    await mailbox.close();
  });

  const later = (ms: number): void => {
    now = new Date(now.getTime() + ms);
  };
  const newEmail = () => `${randomUUID()}@example.com`;
  const ask = ({ token, password }: TestRestaurant, email: string, headers: Record<string, string> = {}) =>
    api.post('/v1/me/email', { email, password }, { token, headers });
  const confirm = (token: string, headers: Record<string, string> = {}) =>
    api.post('/v1/auth/confirm-email', { token }, { headers });
  const login = (email: string, password: string) => api.post('/v1/auth/login', { email, password });
  const emailOf = async (token: string): Promise<string> =>
    expectStatus(200, await api.get('/v1/me', { token })).user.email;
  const expectCode = (status: number, answer: Answer, code: string): void =>
    assert.equal(expectProblem(status, answer).code, code);

  /** Texts that came to an address. */
  async function mailsTo(email: string): Promise<string[]> {
    await api.context.messaging.dispatch();
    return mailbox.mails.filter(({ to }) => to === email).map(({ text }) => text);
  }

  async function codeFor(person: TestRestaurant, email: string): Promise<string> {
    expectStatus(204, await ask(person, email));
    // Each address gets its codes one after the other.
    return /em_\S+/.exec((await mailsTo(email)).at(-1) ?? '')?.[0] ?? '';
  }

  async function entriesOf(owner: { token: string }, action: string): Promise<Json[]> {
    return expectStatus(200, await api.get(`/v1/audit-log?action=${action}`, { token: owner.token })).data;
  }

  /** Makes a person a member of one more restaurant. */
  async function join(person: TestRestaurant, elsewhere: TestRestaurant): Promise<void> {
    const body = { email: person.email, name: 'Mia', role: 'staff' };
    const { invitation } = expectStatus(201, await api.post('/v1/members', body, { token: elsewhere.token }));
    expectStatus(201, await api.post('/v1/me/memberships', { token: invitation.token }, { token: person.token }));
  }

  test('needs the code of the new mailbox, tells the old one, and keeps the sessions', async () => {
    const person = await api.restaurant();
    const elsewhere = await api.restaurant();
    const stranger = await api.restaurant();
    await join(person, elsewhere);
    const other = expectStatus(200, await login(person.email, person.password));
    const email = newEmail();
    const code = await codeFor(person, email);
    const told = (await mailsTo(person.email)).join();
    assert.ok(told.includes(email), told);
    assert.ok(!told.includes('em_'), told);
    // Nothing has changed yet.
    assert.equal(await emailOf(person.token), person.email);
    expectCode(401, await login(email, person.password), 'invalid_credentials');
    expectStatus(204, await confirm(code));
    for (const token of [person.token, other.accessToken]) assert.equal(await emailOf(token), email);
    assert.equal(expectStatus(200, await login(email.toUpperCase(), person.password)).user.id, person.userId);
    expectCode(401, await login(person.email, person.password), 'invalid_credentials');
    expectCode(401, await confirm(code), 'invalid_token');
    const [account] = await api.context.account.ofAddress(email);
    assert.equal(account?.isProven, true);
    const changes = { email: { from: person.email, to: email } };
    for (const where of [person, elsewhere]) {
      const [entry, ...more] = await entriesOf(where, 'account.email_changed');
      assert.deepEqual([entry?.actor.id, entry?.changes, more], [person.userId, changes, []]);
    }
    assert.equal((await entriesOf(person, 'account.email_asked')).length, 1);
    // Others learn nothing: no restaurant that the person only visits, and no stranger.
    assert.deepEqual(await entriesOf(elsewhere, 'account.email_asked'), []);
    assert.deepEqual(await entriesOf(stranger, 'account.email_changed'), []);
    expectCode(409, await api.post('/v1/auth/register', registration(email)), 'email_taken');
  });

  test('gives the old address free, for registrations and for invitations to the same restaurant', async () => {
    const person = await api.restaurant();
    const elsewhere = await api.restaurant();
    await join(person, elsewhere);
    const email = newEmail();
    expectStatus(204, await confirm(await codeFor(person, email)));
    const invite = (to: string) =>
      api.post('/v1/members', { email: to, name: 'N', role: 'staff' }, { token: elsewhere.token });
    expectCode(409, await invite(email), 'already_exists');
    const { invitation } = expectStatus(201, await invite(person.email));
    const successor = { token: invitation.token, password: person.password };
    const entry = expectStatus(200, await api.post('/v1/auth/accept-invitation', successor));
    assert.notEqual(entry.user.id, person.userId);
    const { data } = expectStatus(200, await api.get('/v1/members', { token: elsewhere.token }));
    assert.deepEqual(
      data.map((member: Json) => member.email),
      [elsewhere.email, email, person.email],
    );
  });

  test('is refused without the password, for the own address, for a proven one, and for an API key', async () => {
    const person = await api.restaurant();
    const wrong = await api.post('/v1/me/email', { email: newEmail(), password: 'wrong' }, { token: person.token });
    assert.deepEqual(
      expectProblem(422, wrong).errors.map((one: Json) => one.pointer),
      ['/password'],
    );
    const own = await ask(person, person.email.toUpperCase());
    assert.deepEqual(
      expectProblem(422, own).errors.map((one: Json) => one.pointer),
      ['/email'],
    );
    assert.deepEqual(expectProblem(422, await ask(person, 'nowhere')).errors[0].pointer, '/email');
    const proven = await api.restaurant();
    const theirs = newEmail();
    expectStatus(204, await confirm(await codeFor(proven, theirs)));
    const mails = mailbox.mails.length;
    expectCode(409, await ask(person, theirs), 'email_taken');
    // A stranger's unproven claim is no obstacle, unless it has the very same password.
    const claimed = newEmail();
    expectStatus(201, await api.post('/v1/auth/register', { ...registration(claimed), password: person.password }));
    expectCode(409, await ask(person, claimed), 'email_taken');
    const key = await api.apiKey(person.token);
    const byKey = await api.post('/v1/me/email', { email: newEmail(), password: 'x' }, { token: key });
    expectCode(403, byKey, 'forbidden');
    await api.context.messaging.dispatch();
    assert.equal(mailbox.mails.length, mails);
    expectCode(401, await confirm('em_unknown'), 'invalid_token');
    assert.equal(await emailOf(person.token), person.email);
  });

  test('ends after an hour, by a later code, and by a new password', async () => {
    const person = await api.restaurant();
    const [late, first, second, third] = [newEmail(), newEmail(), newEmail(), newEmail()];
    const expired = await codeFor(person, late);
    later(60 * MINUTE_MS);
    expectCode(401, await confirm(expired), 'invalid_token');
    const token = expectStatus(200, await login(person.email, person.password)).accessToken;
    const back = { ...person, token };
    const replaced = await codeFor(back, first);
    const good = await codeFor(back, second);
    expectCode(401, await confirm(replaced), 'invalid_token');
    expectStatus(204, await confirm(good));
    const open = await codeFor(back, third);
    const change = { currentPassword: person.password, newPassword: NEXT };
    expectStatus(204, await api.post('/v1/me/password', change, { token }));
    expectCode(401, await confirm(open), 'invalid_token');
    assert.equal(expectStatus(200, await login(second, NEXT)).user.email, second);
  });

  test('leaves no way in by a reset that was mailed to the old address', async () => {
    const person = await api.restaurant();
    expectStatus(204, await api.post('/v1/auth/forgot-password', { email: person.email }));
    const reset = /pw_\S+/.exec((await mailsTo(person.email)).join())?.[0];
    assert.ok(reset);
    const email = newEmail();
    expectStatus(204, await confirm(await codeFor(person, email)));
    const stolen = await api.post('/v1/auth/reset-password', { token: reset, password: NEXT });
    expectCode(401, stolen, 'invalid_token');
    expectStatus(200, await login(email, person.password));
  });

  test('mails an address one code in five minutes, and says when the next one may be asked for', async () => {
    now = new Date('2026-11-28T12:00:00Z');
    const person = await api.restaurant();
    const email = newEmail();
    const code = await codeFor(person, email);
    const again = await ask(person, email);
    expectCode(429, again, 'rate_limited');
    assert.equal(again.headers.get('retry-after'), '300');
    assert.equal((await mailsTo(email)).length, 1);
    // The code that was mailed is still good.
    expectStatus(204, await confirm(code));
  });

  test('asked for or confirmed again under its Idempotency-Key changes nothing more', async () => {
    const person = await api.restaurant();
    const email = newEmail();
    const headers = { 'idempotency-key': randomUUID() };
    expectStatus(204, await ask(person, email, headers));
    const repeated = await ask(person, email, headers);
    assert.deepEqual([repeated.status, repeated.headers.get('idempotent-replayed')], [204, 'true']);
    const [text = ''] = await mailsTo(email);
    const code = /em_\S+/.exec(text)?.[0] ?? '';
    const key = { 'idempotency-key': randomUUID() };
    expectStatus(204, await confirm(code, key));
    expectStatus(204, await confirm(code, key));
    assert.equal((await entriesOf(person, 'account.email_changed')).length, 1);
  });

  test('confirmed many times at once happens once', async () => {
    const person = await api.restaurant();
    const email = newEmail();
    const code = await codeFor(person, email);
    const answers = await Promise.all(Array.from({ length: 6 }, () => confirm(code)));
    assert.deepEqual(statusesOf(answers), [204, 401, 401, 401, 401, 401]);
    assert.equal(await emailOf(person.token), email);
    assert.equal((await entriesOf(person, 'account.email_changed')).length, 1);
  });

  test('of two people to one address at once succeeds for one, and the other keeps theirs', async () => {
    const email = newEmail();
    const people = [await api.restaurant(), await api.restaurant()];
    const codes: string[] = [];
    for (const person of people) codes.push(await codeFor(person, email));
    const answers = await Promise.all(codes.map((code) => confirm(code)));
    assert.deepEqual(statusesOf(answers), [204, 409]);
    const lost = answers.findIndex(({ status }) => status === 409);
    expectCode(409, answers[lost]!, 'email_taken');
    const [winner, loser] = [people[1 - lost]!, people[lost]!];
    assert.deepEqual([await emailOf(winner.token), await emailOf(loser.token)], [email, loser.email]);
    expectStatus(200, await login(loser.email, loser.password));
    expectCode(409, await confirm(codes[lost]!), 'email_taken');
  });

  test('without a mail server says what to do', async () => {
    const silent = await startApi();
    try {
      const { token, password } = await silent.restaurant();
      const answer = await silent.post('/v1/me/email', { email: newEmail(), password }, { token });
      const problem = expectProblem(503, answer);
      assert.equal(problem.code, 'messages_not_configured');
      assert.match(problem.detail, /SMTP_URL/);
    } finally {
      await silent.close();
    }
  });
});

const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);
const registration = (email: string) => ({
  email,
  password: 'the password of somebody else',
  name: 'S',
  restaurantName: 'Elsewhere',
  currency: 'EUR',
  timezone: 'Europe/Rome',
});
