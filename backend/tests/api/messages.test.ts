/** Texts and mails, from the door to a provider that fails in every way. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { closePolicies } from '../../src/utils/resilience.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { FakeTwilio, signForm, signJson, TWILIO_FROM, TWILIO_SID, TWILIO_TOKEN } from '../support/fakeTwilio.js';
import { Mailbox } from '../support/mailbox.js';
import { expectProblem } from '../support/problem.js';

const PUBLIC = 'https://bistro.example';
const PHONE = '+4915112345678';
const MINUTE = 60_000;

describe('messages', () => {
  let now: Date;
  let twilio: FakeTwilio;
  let mailbox: Mailbox;
  let api: TestApi;
  let owner: TestRestaurant;
  let token: string;

  beforeEach(async () => {
    now = new Date('2026-11-27T12:00:00Z');
    twilio = await FakeTwilio.start();
    twilio.now = () => now;
    mailbox = await Mailbox.start();
    api = await startApi({
      clock: () => now,
      outside: {
        publicUrl: PUBLIC,
        budget: { restaurant: 1e6, user: 1e6 },
        twilio: { accountSid: TWILIO_SID, authToken: TWILIO_TOKEN, from: TWILIO_FROM, baseUrl: twilio.url },
        mail: mailbox.settings,
      },
    });
    owner = await api.restaurant();
    token = await api.apiKey(owner.token);
  });
  afterEach(async () => {
    await api.close();
    await twilio.close();
    await mailbox.close();
    assert.deepEqual(twilio.faults, []);
  });

  const relay = () => api.context.events.relay(() => false);
  const dispatch = () => api.context.messaging.dispatch();
  const later = (ms: number): void => {
    now = new Date(now.getTime() + ms);
  };
  async function settings(change: object): Promise<Json> {
    const { version } = expectStatus(200, await api.get('/v1/message-settings', { token }));
    const headers = { 'if-match': `"${version}"` };
    return expectStatus(200, await api.patch('/v1/message-settings', change, { token, headers }));
  }
  const consent = async (phone = PHONE, fields: object = {}) =>
    expectStatus(201, await api.post('/v1/consents', { phone, ...fields }, { token }));
  const list = async (): Promise<Json[]> => expectStatus(200, await api.get('/v1/messages?limit=100', { token })).data;
  const remind = async (text: string, to = PHONE) =>
    expectStatus(201, await api.post('/v1/messages', { kind: 'reminder', to, text }, { token }));

  /** A webhook of Twilio, signed unless told otherwise. */
  function hook(path: string, form: Record<string, string>, signature = signForm(PUBLIC + path, form)) {
    return fetch(api.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body: new URLSearchParams(form),
    });
  }
  const report = async (text: { statusCallback: string; sid: string }, status: string, code?: number) => {
    const path = text.statusCallback.slice(PUBLIC.length);
    const form = {
      MessageSid: text.sid,
      MessageStatus: status,
      ...(code === undefined ? {} : { ErrorCode: String(code) }),
    };
    assert.equal((await hook(path, form)).status, 200);
  };

  async function readyOrder(phone = PHONE): Promise<Json> {
    const soup = await api.item(token);
    const order = await api.order(token, [{ menuItemId: soup.id, quantity: 1 }], {
      customer: { name: 'Erika', phone },
    });
    for (const step of ['accept', 'start', 'ready'])
      expectStatus(200, await api.post(`/v1/orders/${order.id}/${step}`, {}, { token }));
    await relay();
    return order;
  }

  test('a guest who agreed is told once that the order is ready', async () => {
    await settings({ orderReady: true });
    await consent(PHONE, { language: 'de' });
    const order = await readyOrder('0049 (151) 1234-5678');
    await dispatch();
    await dispatch();
    const [text, ...others] = twilio.texts;
    assert.equal(others.length, 0);
    assert.equal(text?.to, PHONE);
    assert.match(text.body, new RegExp(`^Test Bistro: Ihre Bestellung ${order.number} ist fertig\\. #[2-9A-Z]{6}$`));
    const [message] = await list();
    assert.deepEqual([message!.status, message!.segments, message!.kind], ['sent', 1, 'order_ready']);
    await report(text, 'delivered');
    await report(text, 'sent');
    await report(text, 'failed', 30005);
    assert.equal((await list())[0]!.status, 'delivered');
    assert.match(
      await api.context.metrics.prometheus(),
      /messages_total\{kind="order_ready",channel="sms",status="delivered"\} 1/,
    );
  });

  test('nobody is texted without consent', async () => {
    await settings({ orderReady: true });
    await readyOrder();
    await dispatch();
    assert.equal(twilio.creates, 0);
    assert.deepEqual(
      (await list()).map(({ status, reason }) => [status, reason]),
      [['suppressed', 'no_consent']],
    );
    expectProblem(409, await api.post('/v1/messages', { kind: 'reminder', to: PHONE, text: 'Hi' }, { token }));
  });

  test('STOP withdraws for good in every restaurant, and drops what waits; only START lifts it', async () => {
    const other = await api.restaurant();
    await consent();
    expectStatus(201, await api.post('/v1/consents', { phone: PHONE }, { token: await api.apiKey(other.token) }));
    await remind('See you at eight');
    const stop = { MessageSid: 'SM1', From: PHONE, To: TWILIO_FROM, Body: 'Stopp!' };
    assert.equal((await hook('/v1/twilio/sms', stop)).status, 200);
    await dispatch();
    assert.equal(twilio.creates, 0);
    assert.equal((await list())[0]!.status, 'suppressed');
    const [known] = expectStatus(200, await api.get('/v1/consents', { token })).data;
    assert.deepEqual([known.status, known.isFinal, known.source], ['withdrawn', true, 'stop']);
    expectProblem(409, await api.post('/v1/consents', { phone: PHONE }, { token }));
    expectProblem(404, await api.delete(`/v1/consents/${known.id}`, undefined, { token }));
    const start = { MessageSid: 'SM2', From: PHONE, To: TWILIO_FROM, Body: 'ok', OptOutType: 'START' };
    await hook('/v1/twilio/sms', start);
    await remind('Back again');
    // A repeated webhook has no effect: STOP came before START.
    await hook('/v1/twilio/sms', stop);
    await dispatch();
    assert.equal(twilio.texts.length, 1);
  });

  test('webhooks that are not signed for PUBLIC_URL are refused', async () => {
    const path = '/v1/twilio/sms';
    const form = { MessageSid: 'SM1', From: PHONE, Body: 'STOP' };
    const bad = [
      '',
      'AAAA',
      signForm(`http://bistro.example${path}`, form),
      signForm(`${PUBLIC}${path}/`, form),
      signForm(`${api.url}${path}`, form),
      signForm(PUBLIC + path, { ...form, Body: 'START' }),
      signForm(PUBLIC + path, form, 'another token'),
    ];
    for (const signature of bad) {
      const answer = await hook(path, form, signature);
      assert.equal(answer.status, 403, signature);
      assert.equal(((await answer.json()) as Json).code, 'forbidden');
    }
    assert.equal((await hook(path, form, signForm(`https://bistro.example:443${path}`, form))).status, 200);
    const body = JSON.stringify(form);
    const { url, signature } = signJson(PUBLIC + path, body);
    const sendJson = (sent: string) =>
      fetch(api.url + url.slice(PUBLIC.length), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-twilio-signature': signature },
        body: sent,
      });
    assert.equal((await sendJson(body)).status, 200);
    assert.equal((await sendJson(body.replace('STOP', 'START'))).status, 403);
  });

  test('a text whose answer was lost is found in the list and never sent again', async () => {
    await consent();
    twilio.behave = () => 'lost';
    await remind('Come at eight');
    await dispatch();
    assert.equal(twilio.texts.length, 1);
    assert.equal((await list())[0]!.status, 'unknown');
    twilio.behave = () => 'take';
    twilio.isListAway = true;
    later(2 * MINUTE);
    await dispatch();
    assert.equal((await list())[0]!.status, 'unknown');
    twilio.isListAway = false;
    later(10 * MINUTE);
    await dispatch();
    assert.equal((await list())[0]!.status, 'sent');
    assert.equal(twilio.texts.length, 1);
  });

  test('a text that hung and is in no list goes out once more, later', async () => {
    await consent();
    // Longer than the test may take: the policy's own limit is cut by closing it.
    twilio.behave = () => ({ status: 500 });
    await remind('Come at eight');
    await dispatch();
    assert.equal((await list())[0]!.status, 'unknown');
    twilio.behave = () => 'take';
    later(2 * MINUTE);
    await dispatch();
    assert.deepEqual([twilio.texts.length, (await list())[0]!.status], [1, 'sent']);
  });

  test('error codes do what they demand', async () => {
    const phones = ['+491511000001', '+491511000002', '+491511000003', '+491511000004', '+491511000005'];
    for (const phone of phones) await consent(phone);
    const codes: Record<string, number> = { [phones[0]!]: 21610, [phones[1]!]: 21211, [phones[2]!]: 21614 };
    twilio.behave = (to) => (codes[to] === undefined ? 'take' : { status: 400, code: codes[to] });
    for (const phone of phones) await remind('Hello', phone);
    await dispatch();
    const statuses = Object.fromEntries((await list()).map(({ recipient, status }) => [recipient, status]));
    assert.deepEqual(
      phones.map((phone) => statuses[phone]),
      ['failed', 'failed', 'failed', 'sent', 'sent'],
    );
    const consents = expectStatus(200, await api.get('/v1/consents', { token })).data;
    assert.equal(consents.find((one: Json) => one.phone === phones[0]).isFinal, true);
    // 30003: once more, a quarter of an hour later, and never a third time.
    const [away, filtered] = [
      twilio.texts.find(({ to }) => to === phones[3])!,
      twilio.texts.find(({ to }) => to === phones[4])!,
    ];
    await report(away, 'undelivered', 30003);
    await report(away, 'undelivered', 30003);
    const before = twilio.texts.length;
    await dispatch();
    assert.equal(twilio.texts.length, before);
    later(16 * MINUTE);
    await dispatch();
    assert.equal(twilio.texts.length, before + 1);
    const second = twilio.texts.at(-1)!;
    await report(second, 'undelivered', 30003);
    later(16 * MINUTE);
    await dispatch();
    assert.equal(twilio.texts.length, before + 1);
    // 30007: the carrier filters; nothing more goes out until a person resumes.
    await report(filtered, 'undelivered', 30007);
    const paused = expectStatus(200, await api.get('/v1/message-settings', { token }));
    assert.deepEqual([paused.pauseCode, paused.pausedAt !== null], [30007, true]);
    await remind('One more', phones[3]);
    await dispatch();
    assert.equal(twilio.texts.length, before + 1);
    assert.match(await api.context.metrics.prometheus(), /messages_paused_total\{code="30007"\} 1/);
    await settings({ isPaused: false });
    await dispatch();
    assert.equal(twilio.texts.length, before + 2);
  });

  test('20429 waits for Retry-After', async () => {
    await consent();
    twilio.behave = (_to, index) => (index < 2 ? { status: 429, code: 20429, retryAfter: 100 } : 'take');
    await remind('Hello');
    await dispatch();
    const { creates } = twilio;
    later(90_000);
    await dispatch();
    assert.equal(twilio.creates, creates);
    twilio.behave = () => 'take';
    later(20_000);
    await dispatch();
    assert.equal((await list())[0]!.status, 'sent');
  });

  test('reminders wait for the morning, a ready order does not', async () => {
    await settings({ orderReady: true });
    await consent();
    now = new Date('2026-11-27T21:30:00Z');
    await remind('Tomorrow at eight');
    await readyOrder();
    await dispatch();
    assert.deepEqual(
      twilio.texts.map(({ body }) => /order/.test(body)),
      [true],
    );
    // 08:00 in Berlin.
    now = new Date('2026-11-28T06:59:00Z');
    await dispatch();
    assert.equal(twilio.texts.length, 1);
    now = new Date('2026-11-28T07:00:00Z');
    await dispatch();
    assert.equal(twilio.texts.length, 2);
  });

  test('a restaurant’s own words are used, with plain marks, and bad fields are refused', async () => {
    const path = '/v1/message-templates';
    const body = 'It’s “{number}” – come to {restaurant}';
    expectStatus(201, await api.post(path, { kind: 'order_ready', language: 'en', body }, { token }));
    expectProblem(422, await api.post(path, { kind: 'order_ready', language: 'de', body: '{nope}' }, { token }));
    expectProblem(409, await api.post(path, { kind: 'order_ready', language: 'en', body }, { token }));
    await settings({ orderReady: true });
    await consent(PHONE, { language: 'en' });
    const { number } = await readyOrder();
    await dispatch();
    assert.match(twilio.texts[0]!.body, new RegExp(`^It's "${number}" - come to Test Bistro #`));
  });

  test('the digest of low stock and the closed day with its hash go to those who want them', async () => {
    await settings({ digestTo: ['chef@example.com'], dayCloseTo: ['boss@example.com'] });
    const salt = { name: 'Salt', unit: 'kg', openingQuantity: '5', reorderPoint: '4' };
    const { id } = expectStatus(201, await api.post('/v1/inventory-items', salt, { token }));
    const waste = { reason: 'spoiled', lines: [{ inventoryItemId: id, quantity: '3' }] };
    await api.post('/v1/stock/waste', waste, { token });
    const closed = expectStatus(201, await api.post('/v1/business-days/2026-11-26/close', {}, { token }));
    await relay();
    await dispatch();
    await dispatch();
    const close = mailbox.mails.find(({ to }) => to === 'boss@example.com');
    assert.match(close?.text ?? '', /Hash [0-9a-f]{16,}/i);
    assert.equal(close?.text.includes(closed.number), true);
    const digests = mailbox.mails.filter(({ to }) => to === 'chef@example.com');
    assert.equal(digests.length, 1);
    assert.match(digests[0]!.text, /Salt: 2/);
  });

  test('an invitation and a reset of a password work end to end by mail', async () => {
    const email = 'mia@example.com';
    const invited = expectStatus(
      201,
      await api.post('/v1/members', { email, name: 'Mia', role: 'staff' }, { token: owner.token }),
    );
    await dispatch();
    const [invitation] = mailbox.mails;
    assert.deepEqual([invitation?.to, invitation?.subject], [email, 'Invitation to Test Bistro']);
    const code = /inv_\S+/.exec(invitation!.text)?.[0];
    assert.equal(code, invited.invitation.token);
    const password = 'the first password of Mia';
    expectStatus(200, await api.post('/v1/auth/accept-invitation', { token: code, password }));
    expectStatus(204, await api.post('/v1/auth/forgot-password', { email }));
    expectStatus(204, await api.post('/v1/auth/forgot-password', { email }));
    expectStatus(204, await api.post('/v1/auth/forgot-password', { email: 'nobody@example.com' }));
    await dispatch();
    assert.equal(mailbox.mails.length, 2);
    const [, reset] = mailbox.mails;
    assert.match(reset!.text, /Test Bistro/);
    // The old password works until the token is used.
    expectStatus(200, await api.post('/v1/auth/login', { email, password }));
    const resetCode = /pw_\S+/.exec(reset!.text)?.[0];
    const next = 'the second password of Mia';
    expectStatus(204, await api.post('/v1/auth/reset-password', { token: resetCode, password: next }));
    expectProblem(401, await api.post('/v1/auth/login', { email, password }));
    expectStatus(200, await api.post('/v1/auth/login', { email, password: next }));
    expectProblem(401, await api.post('/v1/auth/reset-password', { token: resetCode, password: next }));
  });

  test('a receipt is mailed once to an address, and again with the same id after a refusal for now', async () => {
    const soup = await api.item(token, { name: 'Soup' });
    const order = await api.order(token, [{ menuItemId: soup.id, quantity: 2 }]);
    const wanted = { kind: 'receipt', to: 'guest@example.com', orderId: order.id };
    const { id } = expectStatus(201, await api.post('/v1/messages', wanted, { token }));
    expectProblem(409, await api.post('/v1/messages', wanted, { token }));
    mailbox.refusal = 451;
    await dispatch();
    assert.equal((await list())[0]!.status, 'queued');
    mailbox.refusal = undefined;
    later(MINUTE);
    await dispatch();
    assert.equal(mailbox.mails.length, 1);
    assert.match(mailbox.mails[0]!.text, /Soup/);
    assert.match(mailbox.mails[0]!.id, new RegExp(id));
    const other = { ...wanted, to: 'other@example.com' };
    expectStatus(201, await api.post('/v1/messages', other, { token }));
    mailbox.refusal = 550;
    await dispatch();
    assert.deepEqual([(await list())[0]!.status, (await list())[0]!.errorCode], ['failed', 550]);
  });

  test('after an hour without Twilio everything goes out once, in order, and not to those who said STOP', async () => {
    const phones = Array.from({ length: 6 }, (_, index) => `+49151100000${index}`);
    for (const phone of phones) await consent(phone);
    // Some are lost on the way, some are never reached.
    twilio.behave = (_to, index) => (index % 3 === 0 ? 'lost' : { status: 503 });
    twilio.isListAway = true;
    for (let minute = 0; minute < 60; minute += 5) {
      for (const phone of phones) await remind(`note ${minute}`, phone);
      await dispatch();
      later(5 * MINUTE);
      if (minute % 15 === 0) closePolicies();
    }
    await hook('/v1/twilio/sms', { MessageSid: 'SM9', From: phones[5]!, To: TWILIO_FROM, Body: 'STOP' });
    const stoppedAfter = twilio.texts.filter(({ to }) => to === phones[5]).length;
    twilio.behave = () => 'take';
    twilio.isListAway = false;
    for (let minute = 0; minute < 60; minute += 1) {
      closePolicies();
      await dispatch();
      later(MINUTE);
    }
    for (const phone of phones.slice(0, 5)) {
      const notes = twilio.texts
        .filter(({ to }) => to === phone)
        .map(({ body }) => Number(/note (\d+)/.exec(body)?.[1]));
      assert.deepEqual(notes, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55], phone);
    }
    assert.equal(twilio.texts.filter(({ to }) => to === phones[5]).length, stoppedAfter);
    const messages = await list();
    assert.equal(messages.filter(({ status }) => status === 'sent' || status === 'suppressed').length, 72);
  });
});
