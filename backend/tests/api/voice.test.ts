/** Telephone calls over Twilio's webhook. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { closePolicies } from '../../src/utils/resilience.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { FakeOpenAi } from '../support/fakeOpenAi.js';
import { signForm, TWILIO_FROM, TWILIO_SID, TWILIO_TOKEN } from '../support/fakeTwilio.js';

const PUBLIC = 'https://bistro.example';
const CALLER = '+4915112345678';

describe('telephone calls', () => {
  let api: TestApi;
  let model: FakeOpenAi;
  let token: string;
  let soup: Json;
  let call = 0;

  beforeEach(async () => {
    model = await FakeOpenAi.start();
    api = await startApi({
      outside: {
        publicUrl: PUBLIC,
        budget: { restaurant: 1e7, user: 1e7 },
        model: { apiKey: 'k', baseUrl: model.url, model: 'small', api: 'chat' },
        twilio: { accountSid: TWILIO_SID, authToken: TWILIO_TOKEN, from: TWILIO_FROM, baseUrl: 'http://127.0.0.1:9' },
      },
    });
    token = await api.apiKey((await api.restaurant()).token);
    soup = await api.item(token, { name: 'Lentil soup', price: 900 });
    const headers = { 'if-match': '"1"' };
    const change = { answersCalls: true, transferTo: '+4930111111' };
    expectStatus(200, await api.patch('/v1/message-settings', change, { token, headers }));
    call += 1;
  });
  afterEach(async () => {
    closePolicies();
    await api.close();
    await model.close();
  });

  async function say(step: number, said: { digits?: string; speech?: string } = {}): Promise<string> {
    const path = step === 0 ? '/v1/twilio/voice' : `/v1/twilio/voice?step=${step}`;
    const form = {
      CallSid: `CA${call}`,
      From: CALLER,
      ...(said.digits === undefined ? {} : { Digits: said.digits }),
      ...(said.speech === undefined ? {} : { SpeechResult: said.speech }),
    };
    const response = await fetch(api.url + path, {
      method: 'POST',
      headers: {
        'x-twilio-signature': signForm(PUBLIC + path, form),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(form),
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.match(response.headers.get('content-type') ?? '', /^text\/xml/);
    return text;
  }
  const orders = async (): Promise<Json[]> => expectStatus(200, await api.get('/v1/orders', { token })).data;

  test('says the opening hours and the status of the caller’s own order', async () => {
    const order = await api.order(token, [{ menuItemId: soup.id, quantity: 1 }], {
      customer: { phone: '+49 1511 2345678' },
    });
    const other = await api.order(token, [{ menuItemId: soup.id, quantity: 1 }], {
      customer: { phone: '+49 1511 999999' },
    });
    assert.match(await say(0), /Welcome to Test Bistro.*step=1|step=1.*Welcome to Test Bistro/s);
    assert.match(await say(1, { speech: 'When are you open?' }), /always open/);
    assert.match(await say(2, { digits: '2' }), /last digits/);
    assert.match(await say(3, { digits: order.number.slice(-4) }), new RegExp(`${order.number} is placed`));
    await say(4, { digits: '2' });
    assert.match(await say(5, { digits: other.number.slice(-4) }), /no such order/);
  });

  test('takes an order, reads it back, and places it once although each step comes twice', async () => {
    model.behave = () => ({
      calls: [{ name: 'set_lines', arguments: { lines: [{ menuItemId: soup.id, quantity: 2 }] } }],
    });
    await say(0);
    await say(1, { digits: '3' });
    const readBack = await say(2, { speech: 'Two lentil soups please' });
    assert.match(readBack, /2 Lentil soup.*18\.00 EUR/s);
    assert.equal(await say(2, { speech: 'Two lentil soups please' }), readBack);
    assert.equal((await orders()).length, 0);
    const both = await Promise.all([say(3, { speech: 'yes' }), say(3, { speech: 'yes' })]);
    const [order, ...others] = await orders();
    assert.equal(others.length, 0);
    assert.equal(both[0], both[1]);
    assert.match(both[0], new RegExp(`Your order number is ${order!.number}.*<Hangup/>`, 's'));
    assert.deepEqual([order!.type, order!.lines[0].quantity, order!.customer.phone], ['takeaway', 2, CALLER]);
  });

  test('speaks the language of the restaurant, and asks no model where the assistant is off', async () => {
    model.behave = () => ({
      calls: [{ name: 'set_lines', arguments: { lines: [{ menuItemId: soup.id, quantity: 1 }] } }],
    });
    const headers = { 'if-match': '"1"' };
    const change = { language: 'zh', isAssistantOn: false };
    expectStatus(200, await api.patch('/v1/restaurant', change, { token, headers }));
    const welcome = await say(0);
    assert.match(welcome, /<Gather [^>]*language="cmn-Hans-CN".*<Say language="zh-CN">欢迎致电/s);
    assert.match(await say(1, { speech: '营业时间' }), /我们全天营业/);
    await say(2, { digits: '3' });
    assert.match(await say(3, { speech: '一份汤' }), /请问您要外带什么/);
    assert.equal(model.asked.length, 0);
  });

  test('answers with a fixed prompt when the model hangs, and connects a person after two failures', async () => {
    model.behave = () => ({ fault: 'hang' });
    await say(0);
    await say(1, { digits: '3' });
    const startedAt = performance.now();
    assert.match(await say(2, { speech: 'Something with lentils' }), /What would you like/);
    const waitedMs = performance.now() - startedAt;
    assert.ok(waitedMs < 8_000, `${waitedMs} ms`);
    assert.match(await say(3, { speech: 'hello?' }), /<Dial timeout="25">\+4930111111<\/Dial>/);
  });

  test('an item that the model invents, or of another restaurant, is not ordered', async () => {
    const other = await api.restaurant();
    const theirs = await api.item(other.token, { name: 'Secret' });
    model.behave = () => ({
      calls: [{ name: 'set_lines', arguments: { lines: [{ menuItemId: theirs.id, quantity: 1 }] } }],
    });
    await say(0);
    await say(1, { digits: '3' });
    assert.match(await say(2, { speech: 'The secret dish' }), /What would you like/);
    assert.equal(model.bytes.includes('Secret'), false);
  });

  test('only one restaurant answers the calls to a number', async () => {
    const other = await api.restaurant();
    const answer = await api.patch(
      '/v1/message-settings',
      { answersCalls: true },
      { token: other.token, headers: { 'if-match': '"1"' } },
    );
    assert.deepEqual([answer.status, answer.body.code], [409, 'in_use']);
  });
});
