/** The assistant over HTTP, with a language model that does what each test says. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi } from '../support/api.js';
import { type AssistantHouse, join, startAssistant } from '../support/assistant.js';
import { expectProblem } from '../support/problem.js';

const ASK = '/v1/assistant/messages';
const TODAY = '2026-11-27';

test('without a key the assistant is not configured, and all else works', async () => {
  const api = await startApi();
  try {
    const { token } = await api.restaurant();
    const refused = expectProblem(503, await api.post(ASK, { text: 'Hello?' }, { token }));
    assert.equal(refused.code, 'assistant_not_configured');
    await api.item(token);
  } finally {
    await api.close();
  }
});

describe('the assistant', () => {
  let house: AssistantHouse;
  let now: Date;

  beforeEach(async () => {
    now = new Date(`${TODAY}T12:00:00Z`);
    house = await startAssistant({ clock: () => now });
  });
  afterEach(() => house.close());

  const names = (index: number): string[] => house.fake.asked[index]!.tools.map((one) => one.name).sort();

  test('is off where the restaurant says so, and the audit log tells who said it', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    const other = await api.restaurant();
    expectStatus(200, await api.post(ASK, { text: 'Hello?' }, { token }));
    const change = (isAssistantOn: boolean, version: number) =>
      api.patch('/v1/restaurant', { isAssistantOn }, { token, headers: { 'if-match': `"${version}"` } });
    assert.equal(expectStatus(200, await change(false, 1)).isAssistantOn, false);
    const asked = fake.asked.length;
    const refused = expectProblem(403, await api.post(ASK, { text: 'Hello?' }, { token }));
    assert.match(refused.detail, /switched off in this restaurant/);
    assert.equal(fake.asked.length, asked, 'nothing was sent, and no stored answer was shown');
    expectStatus(200, await api.post(ASK, { text: 'Hello?' }, { token: other.token }));
    const log = expectStatus(200, await api.get('/v1/audit-log?limit=100', { token }));
    const entry = log.data.find(({ action }: Json) => action === 'restaurant.changed');
    assert.deepEqual(entry.changes.isAssistantOn, { from: true, to: false });
    expectStatus(200, await change(true, 2));
    expectStatus(200, await api.post(ASK, { text: 'Hello again?' }, { token }));
  });

  test('answers from a tool of the caller, and names its figures and their address', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    const soup = await api.item(token, { name: 'Lentil soup', price: 900 });
    await api.order(token, [{ menuItemId: soup.id, quantity: 3 }]);
    const args = { from: TODAY, to: TODAY, groupBy: 'item' };
    fake.behave = (_asked, index) =>
      index === 0 ? { calls: [{ name: 'sales_report', arguments: args }] } : { text: 'Lentil soup: 27.00 EUR.' };
    const answer = expectStatus(200, await api.post(ASK, { text: 'What sold best today?' }, { token }));
    assert.equal(answer.text, 'Lentil soup: 27.00 EUR.');
    assert.deepEqual(answer.sources, [
      {
        tool: 'sales_report',
        arguments: args,
        figures: { revenue: '2700', currency: 'EUR', orders: 1, units: 3 },
        href: `/v1/reports/sales?from=${TODAY}&to=${TODAY}&groupBy=item`,
      },
    ]);
    assert.deepEqual(answer.usage, { inputTokens: 200, outputTokens: 40, isEstimated: false });
    // The address leads to the same figures.
    const report = expectStatus(200, await api.get(answer.sources[0].href, { token }));
    assert.equal(report.revenue, 2700);
    const [first, second] = fake.asked;
    assert.match(first!.messages[0]!.content, /2026-11-27, a friday.*EUR/is);
    assert.match(second!.messages.at(-1)!.content, /"label":"Lentil soup"/);
  });

  test('offers each role the tools of its scopes, and no others work', async () => {
    const { api, fake } = house;
    const owner = await api.restaurant();
    const kitchen = await join(api, owner, 'kitchen');
    fake.behave = (_asked, index) =>
      index === 0
        ? {
            calls: [
              { name: 'sales_report', arguments: { from: TODAY, to: TODAY } },
              { name: 'propose_set_price', arguments: { menuItemId: owner.id, price: 1 } },
              { name: 'stock', arguments: { limit: 5, restaurantId: owner.id } },
              { name: 'stock', arguments: '{"limit":' },
              { name: 'stock', arguments: {} },
            ],
          }
        : { text: 'Fine.' };
    const answer = expectStatus(200, await api.post(ASK, { text: 'How are sales?' }, { token: kitchen }));
    assert.deepEqual(
      answer.sources.map((source: { tool: string }) => source.tool),
      ['stock'],
    );
    assert.deepEqual(names(0), [
      'dish_portions',
      'low_stock',
      'menu_items',
      'orders',
      'propose_open_stock_count',
      'propose_set_availability',
      'stock',
    ]);
    const results = fake.asked[1]!.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    assert.match(results[0]!, /no such tool/);
    assert.match(results[1]!, /no such tool/);
    assert.match(results[2]!, /restaurantId/);
    assert.match(results[3]!, /not JSON/);
    assert.match(results[4]!, /"items":\[\]/);
  });

  test('streams tokens and tool steps, and ends with the whole answer', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    fake.behave = (_asked, index) =>
      index === 0 ? { text: 'Let me look.', calls: [{ name: 'stock', arguments: {} }] } : { text: 'All is well here.' };
    const events = await streamed(token, 'Is all well?');
    const kinds = events.map(({ event }) => event);
    assert.ok(kinds.filter((kind) => kind === 'token').length >= 3, kinds.join());
    assert.deepEqual(events.find(({ event }) => event === 'tool')?.data, { name: 'stock', outcome: 'ok' });
    const { event, data } = events.at(-1)!;
    assert.equal(event, 'done');
    assert.equal(data.text, 'All is well here.');
    const tokens = events.flatMap((one) => (one.event === 'token' ? [one.data.text] : [])).join('');
    assert.equal(tokens, 'Let me look.All is well here.');
  });

  test('a stream that the model cuts ends with an error event', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    fake.behave = () => ({ fault: 'cut' });
    const events = await streamed(token, 'Hello?');
    // The first word was not complete, so nothing was said before the failure.
    assert.ok(events.length === 0 || events.at(-1)?.data.code === 'dependency_unavailable', JSON.stringify(events));
    fake.behave = () => ({ status: 500 });
    const refused = await api.post(ASK, { text: 'Hello?' }, { token, headers: { accept: 'text/event-stream' } });
    assert.equal(expectProblem(503, refused).code, 'dependency_unavailable');
  });

  async function streamed(token: string, text: string) {
    const response = await fetch(house.api.url + ASK, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return [];
    return (await response.text())
      .split('\n\n')
      .filter(Boolean)
      .map((block) => {
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
        return { event, data: JSON.parse(data) };
      });
  }

  test('names and numbers of guests never reach the model, and the caller sees them', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    const soup = await api.item(token);
    const customer = {
      name: 'Erika Mustermann',
      phone: '+49 170 1234567',
      email: 'erika@example.org',
      address: 'Lindenweg 7',
    };
    const notes = 'Call Mustermann on 030/1234567 or e.m@example.net, Erika Mustermann pays by 4111 1111 1111 1112';
    await api.order(token, [{ menuItemId: soup.id, quantity: 1, notes: 'for Erika Mustermann' }], { customer, notes });
    fake.behave = (asked, index) => {
      if (index % 2 === 0) return { calls: [{ name: 'orders', arguments: {} }] };
      const mark = /\[guest-\w+\]/.exec(asked.messages.at(-1)!.content)?.[0];
      return { text: `The order is of ${mark}.` };
    };
    const text = 'What did Erika Mustermann (0170 7654321, x@y.example) order?';
    const first = expectStatus(200, await api.post(ASK, { text }, { token }));
    assert.equal(first.text, 'The order is of Erika Mustermann.');
    const { conversationId } = first;
    expectStatus(200, await api.post(ASK, { text: 'And before?', conversationId }, { token }));
    for (const secret of ['Mustermann', '1234567', '7654321', 'erika@', 'Lindenweg', 'e.m@', 'y.example', '4111'])
      assert.ok(!fake.bytes.includes(secret), `${secret} was sent`);
    // The same guest has the same mark in every turn.
    const marks = new Set(fake.bytes.match(/\[guest-\w+\]/g));
    // One more is the example in the standing instruction.
    assert.equal(marks.size, 2);
    const stored = expectStatus(200, await api.get(`/v1/assistant/conversations/${conversationId}`, { token }));
    assert.equal(stored.turns[0].answer, first.text);
  });

  test('conversations belong to one person, are bounded, and can be deleted', async () => {
    const { api, fake } = house;
    const owner = await api.restaurant();
    const manager = await join(api, owner, 'manager');
    const stranger = await api.restaurant();
    fake.behave = (asked) => ({ text: `I heard ${asked.messages.length} messages.` });
    const { conversationId } = expectStatus(200, await api.post(ASK, { text: 'One' }, owner));
    const path = `/v1/assistant/conversations/${conversationId}`;
    for (const token of [manager, stranger.token]) {
      expectProblem(404, await api.get(path, { token }));
      expectProblem(404, await api.delete(path, undefined, { token }));
      expectProblem(404, await api.post(ASK, { text: 'Two', conversationId }, { token }));
    }
    for (let turn = 0; turn < 8; turn += 1)
      expectStatus(200, await api.post(ASK, { text: 'x'.repeat(2_000), conversationId }, owner));
    const sent = fake.asked.at(-1)!;
    assert.equal(sent.messages.length, 1 + 2 * 6 + 1);
    assert.equal(expectStatus(200, await api.get(path, owner)).turns.length, 9);
    expectStatus(204, await api.delete(path, undefined, owner));
    expectProblem(404, await api.get(path, owner));
  });

  test('conversations are listed by their last use, searched, and paged, each person its own', async () => {
    const { api, fake } = house;
    const owner = await api.restaurant();
    const manager = await join(api, owner, 'manager');
    fake.behave = () => ({ text: 'Rhubarb_cake sold best.' });
    const LIST = '/v1/assistant/conversations';
    const ask = async (text: string, more: object = {}): Promise<string> =>
      expectStatus(200, await api.post(ASK, { text, ...more }, owner)).conversationId;
    const first = await ask('What sold best in May?');
    fake.behave = () => ({ text: 'Nothing.' });
    const second = await ask('What runs low?');
    now = new Date(now.getTime() + 1);
    await ask('And 100% of it?', { conversationId: first });
    const titles = async (query: string, options = { token: owner.token }): Promise<Json[]> =>
      expectStatus(200, await api.get(`${LIST}${query}`, options)).data.map((one: Json) => [one.id, one.title]);
    const [MAY, LOW] = [
      [first, 'What sold best in May?'],
      [second, 'What runs low?'],
    ];
    assert.deepEqual(await titles(''), [MAY, LOW], 'the first one was used last');
    assert.deepEqual(await titles('?q=RHUBARB_cake'), [MAY]);
    assert.deepEqual(await titles('?q=100%25'), [MAY], 'no sign is a wildcard');
    assert.deepEqual(await titles('?q=%25'), [MAY]);
    assert.deepEqual(await titles('?q=runs'), [LOW]);
    assert.deepEqual(await titles('', { token: manager }), [], 'nobody sees those of others');
    const page = expectStatus(200, await api.get(`${LIST}?limit=1`, owner));
    assert.deepEqual(await titles(`?limit=1&cursor=${page.nextCursor}`), [LOW]);
    expectProblem(422, await api.get(`${LIST}?limit=1&q=May&cursor=${page.nextCursor}`, owner));
    expectProblem(422, await api.get(`${LIST}?limit=1&cursor=${page.nextCursor}`, { token: manager }));
  });

  test('a repeated Idempotency-Key gives the same answer, and the model is asked once', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    const options = { token, headers: { 'idempotency-key': 'k1' } };
    const first = expectStatus(200, await api.post(ASK, { text: 'One', conversationId: undefined }, options));
    const again = await api.post(ASK, { text: 'One' }, options);
    assert.deepEqual(expectStatus(200, again), first);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.equal(fake.asked.length, 1);
  });

  test('an answer is cached until its own kind of data changes', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    const other = await api.restaurant();
    const soup = await api.item(token, { name: 'Soup' });
    const relay = () => api.context.events.relay(() => false);
    fake.behave = (asked) =>
      asked.messages.at(-1)!.role === 'tool' ? { text: 'Soup.' } : { calls: [{ name: 'menu_items', arguments: {} }] };
    const ask = async (text: string, who = token) => expectStatus(200, await api.post(ASK, { text }, { token: who }));
    await relay();
    assert.equal((await ask('What is on the menu?')).isCached, false);
    const again = await ask('  what is on the MENU ');
    assert.deepEqual([again.isCached, again.text, again.sources.length], [true, 'Soup.', 1]);
    // An order changes orders and stock, not the menu.
    await api.order(token, [{ menuItemId: soup.id, quantity: 1 }]);
    await relay();
    assert.equal((await ask('What is on the menu?')).isCached, true);
    assert.equal((await ask('What is on the menu?', other.token)).isCached, false);
    const kitchen = await join(api, { token }, 'kitchen');
    assert.equal((await ask('What is on the menu?', kitchen)).isCached, false, 'other rights');
    await api.patch(`/v1/menu-items/${soup.id}`, { price: 5 }, { token, headers: { 'if-match': '"1"' } });
    await relay();
    assert.equal((await ask('What is on the menu?')).isCached, false);
    assert.equal((await ask('What is on the menu?')).isCached, true);
    now = new Date('2026-11-28T12:00:00Z');
    const later = await api.post('/v1/auth/login', { email: other.email, password: other.password });
    assert.equal((await ask('What is on the menu?', later.body.accessToken)).isCached, false, 'another day');
  });

  test('sales of earlier days stay cached while orders come in, until one of them is corrected', async () => {
    const { api, fake } = house;
    const { token } = await api.restaurant();
    const soup = await api.item(token, { name: 'Soup' });
    const key = await api.apiKey(token);
    const old = await api.order(key, [{ menuItemId: soup.id, quantity: 1 }]);
    now = new Date('2026-11-29T12:00:00Z');
    // The database's clock decides which day is running: the order is of an earlier one.
    const relay = () => api.context.events.relay(() => false);
    const args = { from: TODAY, to: '2026-11-28', groupBy: 'item' };
    fake.behave = (asked) =>
      asked.messages.at(-1)!.role === 'tool'
        ? { text: '10.00' }
        : { calls: [{ name: 'sales_report', arguments: args }] };
    const ask = async () => expectStatus(200, await api.post(ASK, { text: 'Sales until yesterday?' }, { token: key }));
    await relay();
    assert.equal((await ask()).isCached, false);
    assert.equal((await ask()).isCached, true);
    const versions = () =>
      api.context.database.read(old.restaurantId ?? '', async () => undefined).catch(() => undefined);
    await versions();
    await api.post(`/v1/orders/${old.id}/cancel`, { reason: 'mistake' }, { token: key });
    await relay();
    assert.equal((await ask()).isCached, false);
  });
});

test('a budget refuses before the call, with the time of its reset', async () => {
  const clock = () => new Date('2026-11-27T23:50:00Z');
  const house = await startAssistant({ clock, budget: { restaurant: 20_000, user: 8_000 } });
  const { api, fake } = house;
  try {
    const owner = await api.restaurant();
    fake.behave = () => ({ text: 'Yes.' });
    let asked = 0;
    let refused = await api.post(ASK, { text: 'x0' }, owner);
    // 120 tokens each as reported, while an estimate of a few thousand is held during the call.
    for (; refused.status === 200 && asked < 200; asked += 1)
      refused = await api.post(ASK, { text: `x${asked + 1}` }, owner);
    assert.ok(asked > 10, `${asked} answers`);
    const problem = expectProblem(429, refused);
    assert.match(problem.detail, /^You have used up/);
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(seconds > 590 && seconds <= 600, `${seconds}`);
    const before = fake.asked.length;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => api.post(ASK, { text: 'more' }, owner)));
    assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set([429]));
    assert.equal(fake.asked.length, before);
  } finally {
    await house.close();
  }
});
