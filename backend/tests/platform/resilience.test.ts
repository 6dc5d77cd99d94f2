import assert from 'node:assert/strict';
import { afterEach, test, type TestContext } from 'node:test';
import { AppError } from '../../src/domain/shared/errors.js';
import {
  closePolicies,
  observePolicies,
  policy,
  policyStates,
  safeOpenAICall,
  safeTwilioCall,
} from '../../src/utils/resilience.js';
import type { Policy, PolicyOptions } from '../../src/utils/resilience/policies.js';
import { systemTime } from '../../src/utils/resilience/time.js';

afterEach(() => {
  closePolicies();
  observePolicies({});
});

/** Time stands still until `pass` moves it, for our timers and opossum's alike. */
function holdTime(t: TestContext): { pass: (ms: number) => Promise<void> } {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  return {
    async pass(ms) {
      await settle();
      for (let left = ms; left > 0; left -= 250) {
        t.mock.timers.tick(Math.min(250, left));
        await settle();
      }
    },
  };
}

function held(options: Partial<PolicyOptions> = {}): Policy {
  return policy({ name: 'test', random: () => 0.5, time: { ...systemTime, now: () => Date.now() }, ...options });
}

/** Lets promises that can settle do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function httpError(status: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`answered ${status}`), { status, headers });
}

function netError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

/** Work that goes through a list of outcomes, the last one for ever. */
function script(...outcomes: (Error | string)[]): { work: () => Promise<string>; calls: number } {
  const self = {
    calls: 0,
    work: async (): Promise<string> => {
      const outcome = outcomes[Math.min(self.calls, outcomes.length - 1)];
      self.calls += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome ?? '';
    },
  };
  return self;
}

/** Never ends by itself; heeds its signal. */
function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('noticed'))));
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => assert.fail('should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, String(error));
  return error;
}

test('runs no more calls at once than allowed, and all of them in the end', async () => {
  const p = policy({ name: 'test', atOnce: 3 });
  let running = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      p.run(async () => {
        most = Math.max(most, (running += 1));
        await settle();
        running -= 1;
        return index;
      }),
    ),
  );
  assert.equal(most, 3);
  assert.deepEqual(
    results,
    Array.from({ length: 40 }, (_, index) => index),
  );
  assert.equal(p.state().running, 0);
});

test('refuses a call when the queue is full, and says when to come back', async () => {
  const p = policy({ name: 'test', atOnce: 1, maxWaiting: 2 });
  const leave = new AbortController();
  const waiting = [1, 2, 3].map(() => p.run(hang, { signal: leave.signal }).catch(() => 'left'));
  await settle();
  assert.deepEqual([p.state().running, p.state().waiting], [1, 2]);
  const refused = await failure(p.run(async () => 'never'));
  assert.equal(refused.code, 'overloaded');
  assert.equal(refused.retryAfterSeconds, 1);
  leave.abort();
  assert.deepEqual(await Promise.all(waiting), ['left', 'left', 'left']);
});

test('keeps to the rate in every window, repeated calls included', async (t) => {
  const time = holdTime(t);
  const p = held({ atOnce: 100, rate: { maxCalls: 5, windowMs: 10_000 }, baseMs: 500 });
  const startedAt: number[] = [];
  const all = Promise.all(
    Array.from({ length: 12 }, (_, index) => {
      let calls = 0;
      return p.run(async () => {
        startedAt.push(Date.now());
        calls += 1;
        if (index % 4 === 0 && calls === 1) throw httpError(503);
        return calls;
      });
    }),
  );
  await time.pass(40_000);
  assert.deepEqual(await all, [2, 1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1]);
  assert.equal(startedAt.length, 15);
  for (const from of startedAt)
    assert.ok(startedAt.filter((at) => at >= from && at < from + 10_000).length <= 5, `too many after ${from}`);
  assert.ok((startedAt.at(-1) ?? 0) - (startedAt[0] ?? 0) < 21_000, 'and does not dawdle');
});

test('tries three times, waiting half of 1 s and of 2 s with dice that always show the middle', async (t) => {
  const time = holdTime(t);
  const { work, calls } = script(httpError(503), netError('ECONNRESET'), 'done');
  void calls;
  const startedAt: number[] = [];
  const run = held().run(() => {
    startedAt.push(Date.now());
    return work();
  });
  await time.pass(5_000);
  assert.equal(await run, 'done');
  const [first = 0, second = 0, third = 0] = startedAt;
  assert.deepEqual([second - first, third - second], [500, 1_000]);
});

test('gives up after the third failure with the last one as the cause', async (t) => {
  const time = holdTime(t);
  const always = script(httpError(500));
  const failed = failure(held().run(always.work));
  await time.pass(5_000);
  const error = await failed;
  assert.equal(error.code, 'dependency_unavailable');
  assert.ok((error.retryAfterSeconds ?? 0) >= 1);
  assert.match(String(error.cause), /answered 500/);
  assert.equal(always.calls, 3);
});

test('waits for a Retry-After, and hands one on that is too long to wait for', async (t) => {
  const time = holdTime(t);
  const soon = script(httpError(429, { 'Retry-After': '4' }), 'done');
  const run = held().run(soon.work);
  await time.pass(3_900);
  assert.equal(soon.calls, 1);
  await time.pass(1_000);
  assert.equal(await run, 'done');

  const later = script(httpError(429, { 'retry-after': '120' }), 'done');
  const error = await failure(held().run(later.work));
  assert.equal(error.retryAfterSeconds, 120);
  assert.equal(later.calls, 1);

  const dated = script(httpError(503, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }));
  assert.ok(((await failure(held().run(dated.work))).retryAfterSeconds ?? 0) >= 89);
});

test('neither repeats nor counts what the caller did wrong', async () => {
  const p = held({ breaker: { volumeThreshold: 2 } });
  for (let call = 0; call < 20; call += 1) {
    const wrong = script(httpError(call % 2 === 0 ? 400 : 404));
    await assert.rejects(p.run(wrong.work), /answered 40/);
    assert.equal(wrong.calls, 1);
  }
  const ours = script(new AppError('invalid_request', 'no'));
  assert.equal((await failure(p.run(ours.work))).code, 'invalid_request');
  assert.equal(p.state().breaker, 'closed');
});

test('one failure does not open the breaker; when it opens, nothing is called until one probe after 60 s', async (t) => {
  const time = holdTime(t);
  const told: string[] = [];
  observePolicies({ onBreaker: (name, state) => told.push(`${name} ${state}`) });
  const p = held({ maxAttempts: 1, breaker: { volumeThreshold: 5 } });
  const broken = script(httpError(500));
  for (let call = 0; call < 4; call += 1) await failure(p.run(broken.work));
  assert.equal(p.state().breaker, 'closed');
  await failure(p.run(broken.work));
  assert.equal(p.state().breaker, 'open');

  await time.pass(20_000);
  const left = await failure(p.run(broken.work));
  assert.equal(left.code, 'dependency_unavailable');
  assert.equal(left.retryAfterSeconds, 40);
  assert.equal(broken.calls, 5);

  await time.pass(40_000);
  assert.equal(p.state().breaker, 'half_open');
  const probe = deferred();
  let probes = 0;
  const work = (): Promise<string> => {
    probes += 1;
    return probe.promise;
  };
  const callers = Array.from({ length: 8 }, () => p.run(work).catch(() => 'refused'));
  await settle();
  assert.equal(probes, 1);
  probe.resolve('well again');
  assert.deepEqual((await Promise.all(callers)).toSorted(), [
    ...Array.from({ length: 7 }, () => 'refused'),
    'well again',
  ]);
  assert.equal(p.state().breaker, 'closed');
  // First what there is, so that a breaker which never opens is seen as well.
  assert.deepEqual(told, [
    'openai closed',
    'twilio closed',
    'test closed',
    'test open',
    'test half_open',
    'test closed',
  ]);
});

test('a party that hangs is given up after the time limit, and opens the breaker', async (t) => {
  const time = holdTime(t);
  const p = held({ maxAttempts: 1 });
  const aborted: string[] = [];
  const calls = Array.from({ length: 10 }, () =>
    failure(p.run((signal) => hang(signal).catch((error: Error) => aborted.push(error.message)))),
  );
  await time.pass(30_000);
  assert.ok((await Promise.all(calls)).every((error) => error.code === 'dependency_unavailable'));
  assert.equal(aborted.length, 10, 'each was told to stop');
  assert.equal(p.state().breaker, 'open');
});

test('the deadline covers the queue, the waits and all attempts', async (t) => {
  const time = holdTime(t);
  const p = held({ atOnce: 1, timeoutMs: 4_000 });
  const slow = failure(p.run(hang, { deadlineMs: 6_000 }));
  const queued = failure(p.run(hang, { deadlineMs: 1_000 }));
  await time.pass(1_000);
  assert.equal((await queued).code, 'overloaded');
  await time.pass(5_000);
  assert.equal((await slow).code, 'dependency_unavailable');
  assert.equal(p.state().running, 0);
});

test('a caller who goes away ends the call, with the reason given, and does not speak against the other side', async () => {
  const p = held({ breaker: { volumeThreshold: 1 } });
  for (let call = 0; call < 5; call += 1) {
    const caller = new AbortController();
    const seen: unknown[] = [];
    const run = p.run(
      (signal) => {
        signal.addEventListener('abort', () => seen.push(signal.reason));
        return hang(signal);
      },
      { signal: caller.signal },
    );
    await settle();
    const reason = new Error('closed the tab');
    caller.abort(reason);
    await assert.rejects(run, (error) => error === reason);
    assert.deepEqual(seen, [reason]);
  }
  assert.equal(p.state().breaker, 'closed');
  await assert.rejects(p.run(hang, { signal: AbortSignal.abort(new Error('gone before')) }), /gone before/);
});

test('a probe whose caller goes away proves nothing: the breaker opens again', async (t) => {
  const time = holdTime(t);
  const p = held({ maxAttempts: 1, breaker: { volumeThreshold: 1 } });
  await failure(p.run(script(httpError(500)).work));
  await time.pass(60_000);
  assert.equal(p.state().breaker, 'half_open');
  const caller = new AbortController();
  const run = p.run(hang, { signal: caller.signal });
  await settle();
  caller.abort(new Error('gone'));
  await assert.rejects(run, /gone/);
  assert.equal(p.state().breaker, 'open');
});

test('a call that ignores its signal keeps its place for one more time limit', async (t) => {
  const time = holdTime(t);
  const p = held({ atOnce: 1, maxAttempts: 1, timeoutMs: 1_000 });
  const deaf = failure(p.run(() => new Promise<never>(() => undefined)));
  await time.pass(1_000);
  await deaf;
  assert.equal(p.state().running, 1);
  await time.pass(1_000);
  assert.equal(p.state().running, 0);
});

test('a call with effects is repeated only when it surely had none', async (t) => {
  const time = holdTime(t);
  const p = held({ idempotent: false });
  for (const error of [netError('ECONNRESET'), netError('UND_ERR_HEADERS_TIMEOUT'), httpError(500)]) {
    const unclear = script(error, 'twice');
    assert.equal((await failure(p.run(unclear.work))).code, 'dependency_unavailable');
    assert.equal(unclear.calls, 1);
  }
  for (const error of [netError('ECONNREFUSED'), netError('UND_ERR_CONNECT_TIMEOUT'), httpError(429), httpError(503)]) {
    const run = held({ idempotent: false }).run(script(error, 'once').work);
    await time.pass(1_000);
    assert.equal(await run, 'once');
  }
});

test("reports each attempt, and a failure that is nobody's overload comes back as it was", async () => {
  const told: string[] = [];
  observePolicies({ onAttempt: ({ policy: name, outcome }) => told.push(`${name} ${outcome}`) });
  const p = held();
  await p.run(async () => 'ok');
  await assert.rejects(p.run(script(httpError(422)).work), /422/);
  const bug = new RangeError('our bug');
  await assert.rejects(p.run(script(bug).work), (error) => error === bug);
  assert.deepEqual(told, ['test ok', 'test answered', 'test failed']);
});

test('OpenAI and Twilio have one policy each, which health shows before their first call', async () => {
  assert.deepEqual(
    policyStates().map(({ name, breaker }) => `${name} ${breaker}`),
    ['openai closed', 'twilio closed'],
  );
  const peak = { running: 0, most: 0 };
  await Promise.all(
    Array.from({ length: 30 }, () =>
      safeOpenAICall(async () => {
        peak.most = Math.max(peak.most, (peak.running += 1));
        await settle();
        peak.running -= 1;
      }),
    ),
  );
  assert.equal(peak.most, 10);
  assert.equal(await safeTwilioCall(async () => 'sent'), 'sent');
  const [openai] = policyStates();
  assert.equal(openai?.recentCalls, 30);
  assert.equal(openai?.recentAttempts.succeeded, 30);
});

test('a policy that is made again and again is a mistake, and a closed one takes no calls', async () => {
  const made = Array.from({ length: 50 }, () => policy({ name: 'per request' }));
  assert.throws(() => policy({ name: 'per request' }), /Make one and share it/);
  const [first] = made;
  first?.close();
  assert.equal((await failure(first?.run(async () => 1) ?? Promise.reject())).code, 'overloaded');
});

function deferred(): { promise: Promise<string>; resolve: (value: string) => void; reject: (error: Error) => void } {
  let resolve!: (value: string) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<string>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}
