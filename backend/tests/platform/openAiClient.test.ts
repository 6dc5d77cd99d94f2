/** The client of language models against a server with every fault. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OpenAiClient } from '../../src/clients/OpenAiClient.js';
import type { ModelRequest, ModelUsage } from '../../src/clients/openAi/model.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { HttpClientService } from '../../src/services/HttpClientService.js';
import { closePolicies, policy, policyStates } from '../../src/utils/resilience.js';
import { FakeOpenAi } from '../support/fakeOpenAi.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  closePolicies();
  for (const close of closers.splice(0).reverse()) await close();
});

type Options = Partial<ConstructorParameters<typeof OpenAiClient>[0]>;

async function start(options: Options = {}) {
  const fake = await FakeOpenAi.start();
  closers.push(() => fake.close());
  const http = new HttpClientService({
    allowedHosts: [fake.hostPort],
    onlyAllowedHosts: true,
    onCall: () => undefined,
  });
  closers.push(() => http.close());
  const usages: (ModelUsage | undefined)[] = [];
  const client = new OpenAiClient({
    apiKey: 'sk-test',
    baseUrl: fake.url,
    model: 'small',
    api: 'chat',
    fetch: http.fetchAs('openai'),
    onCall: ({ usage }) => usages.push(usage),
    ...options,
  });
  return { fake, http, client, usages };
}

const QUESTION: ModelRequest = {
  messages: [
    { role: 'system', content: 'You help.' },
    { role: 'user', content: 'What sold best?' },
  ],
  tools: [{ name: 'sales', description: 'Sales.', parameters: { type: 'object', properties: {} } }],
  maxOutputTokens: 500,
};
/** HUNG_CALLS=10000 for the figure of the decision page. */
const HUNG_CALLS = Number(process.env['HUNG_CALLS'] ?? 2_000);
/** A kept call takes 6 kB; the heap of a process of many test files varies by 2.5 MB. */
const ROOM_BYTES = Math.max(4_000_000, HUNG_CALLS * 400);
const SHORT = { firstMs: 150, silenceMs: 150, wholeMs: 400 };

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => assert.fail('should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, String(error));
  return error;
}

for (const api of ['chat', 'responses'] as const) {
  test(`${api}: text, calls and usage arrive whole, with one request`, async () => {
    const { fake, client, usages } = await start({ api });
    const calls = [
      { name: 'sales', arguments: { from: '2026-01-01', to: '2026-01-31' } },
      { name: 'sales', arguments: '{"from":' },
    ];
    fake.behave = () => ({ text: 'Let me look.', calls });
    const pieces: string[] = [];
    const reply = await client.reply({ ...QUESTION, onText: (piece) => pieces.push(piece) });
    assert.equal(reply.text, 'Let me look.');
    assert.equal(pieces.join(''), 'Let me look.');
    assert.ok(pieces.length > 1);
    assert.deepEqual(
      reply.toolCalls.map((call) => [call.id, call.name, call.arguments]),
      [
        ['call_0', 'sales', '{"from":"2026-01-01","to":"2026-01-31"}'],
        ['call_1', 'sales', '{"from":'],
      ],
    );
    assert.deepEqual(usages, [{ input: 100, output: 20, isEstimated: false }]);
    assert.equal(fake.asked.length, 1);
    assert.equal(fake.asked[0]?.api, api);
    assert.equal(fake.asked[0]?.headers['authorization'], 'Bearer sk-test');
    // The turn goes on with the calls and their results.
    fake.behave = () => ({ text: 'Soup.', withoutUsage: true });
    const next = await client.reply({
      ...QUESTION,
      messages: [
        ...QUESTION.messages,
        { role: 'assistant', content: reply.text, toolCalls: reply.toolCalls },
        { role: 'tool', toolCallId: 'call_0', content: '{"rows":[]}' },
        { role: 'tool', toolCallId: 'call_1', content: '{"error":"not JSON"}' },
      ],
    });
    assert.equal(next.text, 'Soup.');
    assert.equal(next.usage.isEstimated, true);
    assert.ok(next.usage.input > 50 && next.usage.output > 0);
  });

  test(`${api}: a cut stream fails, and no half call comes out`, async () => {
    for (const fault of ['cut', 'cutInCall'] as const) {
      const { fake, client } = await start({ api });
      fake.behave = () => ({ fault });
      const pieces: string[] = [];
      const error = await refusal(client.reply({ ...QUESTION, onText: (piece) => pieces.push(piece) }));
      assert.equal(error.code, 'dependency_unavailable');
      // Text was handed on, so the call was not repeated.
      assert.ok(pieces.length > 0);
      assert.equal(fake.asked.length, 1);
    }
  });
}

test('a stream that ends without its end fails too', async () => {
  const { fake, client } = await start();
  fake.behave = () => ({ fault: 'garbage' });
  assert.equal((await refusal(client.reply(QUESTION))).code, 'dependency_unavailable');
});

test('429 and 500 are repeated once, by Retry-After', async () => {
  const { fake, client } = await start();
  const statuses = [429, 500];
  for (const status of statuses) {
    fake.asked.length = 0;
    fake.behave = (_asked, index) => (index === 0 ? { status, headers: { 'retry-after': '0' } } : { text: 'Yes.' });
    assert.equal((await client.reply(QUESTION)).text, 'Yes.');
    assert.equal(fake.asked.length, 2);
  }
  fake.asked.length = 0;
  fake.behave = () => ({ status: 429, headers: { 'retry-after': '120' } });
  const error = await refusal(client.reply(QUESTION));
  assert.deepEqual([error.code, error.retryAfterSeconds], ['dependency_unavailable', 120]);
  assert.equal(fake.asked.length, 1);
});

test('a refusal of the server names its status and is not repeated', async () => {
  const { fake, client } = await start();
  fake.behave = () => ({ status: 401 });
  const error = await refusal(client.reply(QUESTION));
  assert.match(error.message, /status 401.*assistant check/);
  assert.equal(fake.asked.length, 1);
});

test('silence, drips and endless answers end in time and give their place back', async () => {
  for (const fault of ['hang', 'drip', 'endless'] as const) {
    const { fake, client } = await start({ limits: SHORT });
    fake.behave = () => ({ fault });
    const startedAt = performance.now();
    assert.equal((await refusal(client.reply(QUESTION))).code, 'dependency_unavailable');
    assert.ok(performance.now() - startedAt < 2_000, fault);
    await until(() => fake.running === 0);
    const state = policyStates().find((one) => one.name === 'openai');
    assert.deepEqual([state?.running, state?.waiting], [0, 0]);
    closePolicies();
  }
});

test('a caller that leaves ends the call and proves nothing against the model', async () => {
  const { fake, client } = await start();
  fake.behave = () => ({ fault: 'drip' });
  const leaving = new AbortController();
  const asking = client.reply({ ...QUESTION, signal: leaving.signal });
  await until(() => fake.running === 1);
  leaving.abort(new Error('gone'));
  await assert.rejects(asking, /gone/);
  await until(() => fake.running === 0);
  const state = policyStates().find((one) => one.name === 'openai');
  assert.deepEqual(state?.recentAttempts.failed, 0);
  assert.equal(state?.running, 0);
});

test('of 300 callers at once, 10 are under way, 50 wait, and 240 are refused at once', async () => {
  const { fake, client } = await start({ limits: { firstMs: 5_000, silenceMs: 5_000, wholeMs: 5_000 } });
  // Long enough for ten connections to be there at once on a busy machine.
  fake.behave = () => ({ text: 'Yes.', delayMs: 300 });
  let done = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const startedAt = performance.now();
      const code = await client.reply(QUESTION).then(
        () => 'ok',
        (error: AppError) => `${error.code} ${error.retryAfterSeconds}`,
      );
      done += 1;
      return { code, done, ms: performance.now() - startedAt };
    }),
  );
  const refused = outcomes.filter(({ code }) => code === 'overloaded 1');
  assert.equal(outcomes.filter(({ code }) => code === 'ok').length, 60);
  assert.equal(refused.length, 240);
  assert.ok(Math.max(...refused.map(({ done: at }) => at)) <= 240, 'a refusal waited for an answer');
  assert.equal(fake.mostRunning, 10);
  assert.ok(fake.mostSockets <= 50);
});

test('the breaker opens after ten real failures, half-opens after 60 s and closes', async () => {
  const { fake, client } = await start({ limits: SHORT });
  fake.behave = () => ({ status: 401 });
  for (let count = 0; count < 20; count += 1) await refusal(client.reply(QUESTION));
  const state = () => policyStates().find((one) => one.name === 'openai');
  assert.equal(state()?.breaker, 'closed', 'answers below 500 are no failures');
  closePolicies();
  fake.behave = () => ({ fault: 'hang' });
  await Promise.all(Array.from({ length: 10 }, () => refusal(client.reply(QUESTION))));
  assert.equal(state()?.breaker, 'open');
  const before = fake.asked.length;
  const startedAt = performance.now();
  const error = await refusal(client.reply(QUESTION));
  assert.ok(performance.now() - startedAt < 20, 'not refused at once');
  assert.equal(error.code, 'dependency_unavailable');
  assert.ok((error.retryAfterSeconds ?? 0) > 50);
  assert.equal(fake.asked.length, before);
  // The same policy with a short rest: it lets one through, and closes.
  const quick = policy({ name: 'quick', maxAttempts: 1, breaker: { resetMs: 30 } });
  const { client: second, fake: other } = await start({
    limits: SHORT,
    run: (work, options) => quick.run(work, options),
  });
  other.behave = () => ({ status: 500 });
  for (let count = 0; count < 10; count += 1) await refusal(second.reply(QUESTION));
  assert.equal(quick.state().breaker, 'open');
  await sleep(50);
  assert.equal(quick.state().breaker, 'half_open');
  other.behave = () => ({ text: 'Back.' });
  assert.equal((await second.reply(QUESTION)).text, 'Back.');
  assert.equal(quick.state().breaker, 'closed');
});

test('hung calls leave no memory, no socket and no place taken', async () => {
  const guard = policy({ name: 'hung', atOnce: 50, maxWaiting: 500, breaker: { volumeThreshold: 1e9 } });
  const { fake, client } = await start({
    limits: { firstMs: 30, silenceMs: 30, wholeMs: 60 },
    run: (work, options) => guard.run(work, { ...options, maxAttempts: 1 }),
  });
  fake.behave = () => ({ fault: 'hang' });
  const { most, stop } = countSockets();
  closers.push(stop);
  const round = async (calls: number): Promise<void> => {
    for (let left = calls; left > 0; left -= 50)
      await Promise.all(Array.from({ length: 50 }, () => refusal(client.reply(QUESTION))));
    fake.asked.length = 0;
  };
  await round(HUNG_CALLS / 5);
  const before = await heapBytes();
  await round(HUNG_CALLS);
  // undici and Node let go of ended connections only after seconds.
  let grown = Infinity;
  for (let patience = 25; patience > 0 && grown > ROOM_BYTES; patience -= 1) grown = (await heapBytes()) - before;
  assert.ok(grown <= ROOM_BYTES, `the heap grew by ${grown} bytes`);
  assert.ok(most() <= 60, `${most()} sockets`);
  await until(() => fake.sockets.size === 0);
  assert.deepEqual([guard.state().running, guard.state().waiting], [0, 0]);
});

test('the client of one host calls no other, public or not', async () => {
  const { fake, http } = await start();
  const other = await FakeOpenAi.start();
  closers.push(() => other.close());
  const error = await refusal(http.request('x', other.url));
  assert.equal(error.code, 'forbidden');
  assert.match(error.message, /is not the server that this client was set to/);
  assert.equal(fake.sockets.size, 0);
  assert.equal(other.sockets.size, 0);
});

/** Connections that the client has open at once. Its server learns later that one was closed. */
function countSockets(): { most: () => number; stop: () => Promise<void> } {
  const open = new Set<Socket>();
  let most = 0;
  const count = (message: unknown) => {
    open.add((message as { socket: Socket }).socket);
    for (const socket of open) if (socket.destroyed) open.delete(socket);
    most = Math.max(most, open.size);
  };
  subscribe('undici:client:connected', count);
  return {
    most: () => most,
    stop: async () => {
      unsubscribe('undici:client:connected', count);
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!isSo()) {
    assert.ok(performance.now() < deadline, 'it never became so');
    await sleep(5);
  }
}

/** The collector of garbage, which Node shows only when asked. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

async function heapBytes(): Promise<number> {
  for (let count = 0; count < 3; count += 1) {
    collect();
    await sleep(100);
  }
  return process.memoryUsage().heapUsed;
}
