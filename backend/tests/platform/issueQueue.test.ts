/**
 * Waiting for a document number on a clock that the test sets: deadline, attempts, breaker, and
 * which requests are issued together.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { type Call, systemCall } from '../../src/domain/shared/call.js';
import type { Document } from '../../src/domain/document/document.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { IssueQueue } from '../../src/services/document/IssueQueue.js';
import type { IssueRequest } from '../../src/services/document/issuing.js';
import type { Outcome } from '../../src/utils/batcher.js';
import { TestTime } from '../support/testTime.js';

const RESTAURANT = '01941f29-7c00-7000-8000-000000000000';
type Attempt = (requests: readonly IssueRequest[], deadlineMs: number) => Promise<Map<IssueRequest, Outcome<Document>>>;

function queueOf(attempt: Attempt) {
  const time = new TestTime();
  const states: string[] = [];
  let retries = 0;
  let told = 0;
  const metrics = {
    issued: () => (told += 1),
    retried: () => (retries += 1),
    breaker: (state: string) => states.push(state),
  };
  const issuing = {
    attempt: (_id: string, requests: readonly IssueRequest[], ms: number) => attempt(requests, ms),
    within: () => Promise.reject(new Error('not asked for here')),
  };
  const queue = new IssueQueue({ issuing, metrics, log: createLogger('silent'), time });
  let made = 0;
  const issue = (documentId = `document ${(made += 1)}`, call: Call = systemCall(RESTAURANT, 'test')) =>
    queue.issue({ call, documentId, isOwn: false }).then(
      ({ number }) => String(number),
      (error: unknown) => (error instanceof AppError ? error : new Error('no AppError', { cause: error })),
    );
  const order = { call: systemCall(RESTAURANT, 'test'), isOwn: true };
  const write = (writing: Promise<{ id: string }>) =>
    queue.writeAndIssue(order, () => writing).then(({ number }) => String(number));
  return { time, issue, write, states, retries: () => retries, told: () => told };
}

/** Numbers are those of the documents' ids: enough to see who got which. */
const answer = (requests: readonly IssueRequest[]) =>
  new Map(requests.map((one) => [one, { value: { number: one.documentId } as Document }]));
const unavailable = (code: string) =>
  new AppError('database_unavailable', 'away', { cause: Object.assign(new Error(code), { code }) });

describe('the queue for numbers', () => {
  test('takes up to fifty of a turn together, and a document once', async () => {
    const sizes: number[] = [];
    const { time, issue } = queueOf(async (requests) => {
      sizes.push(requests.length);
      return answer(requests);
    });
    const asked = [...Array.from({ length: 102 }, () => issue()), issue('document 5'), issue('document 5')];
    await time.advance(10);
    assert.equal(
      (await Promise.all(asked)).every((one) => typeof one === 'string'),
      true,
    );
    assert.deepEqual(sizes, [50, 50, 3, 1]);
  });

  test('repeats what a lost connection undid, eight times, with longer and longer waits', async () => {
    const { time, issue, retries } = queueOf(() => Promise.reject(unavailable('ECONNRESET')));
    const asked = issue();
    await time.advance(3_000);
    const error = await asked;
    assert.ok(error instanceof AppError && error.code === 'database_unavailable');
    assert.match(error.message, /kept as a draft/);
    assert.equal(retries(), 8);
    assert.deepEqual(
      time.waits,
      Array.from({ length: 8 }, (_, retry) => 15 * 1.5 ** retry),
    );
    assert.ok(time.ms <= 3_000);
  });

  test('tells of no number that was lost with its connection and not drawn again', async () => {
    let attempts = 0;
    const { time, issue, told } = queueOf(([request]) => {
      request!.lockWaitMs = 1;
      attempts += 1;
      if (attempts === 1) return Promise.reject(unavailable('ECONNRESET'));
      // The first attempt, which nobody has told that it is over, still holds the key.
      const error = new AppError('idempotency_key_in_use', 'in use');
      return Promise.resolve(new Map([[request!, attempts === 2 ? { error } : { value: {} as Document }]]));
    });
    for (const expected of [0, 1]) {
      const asked = issue();
      await time.advance(100);
      await asked;
      assert.equal(told(), expected);
    }
  });

  test('repeats nothing that would fail again', async () => {
    let attempts = 0;
    const { time, issue } = queueOf(() => {
      attempts += 1;
      return Promise.reject(new AppError('database_unavailable', 'full', { cause: new Error('disk full') }));
    });
    const asked = issue();
    await time.advance(100);
    assert.ok((await asked) instanceof AppError);
    assert.equal(attempts, 1);
  });

  test('answers after three seconds whatever the database does', async () => {
    const deadlines: number[] = [];
    const { time, issue } = queueOf((_requests, deadlineMs) => {
      deadlines.push(deadlineMs);
      return new Promise(() => undefined);
    });
    const asked = [issue(), issue()];
    await time.advance(2_999);
    let isAnswered = false;
    void Promise.race(asked).then(() => (isAnswered = true));
    await time.advance(0);
    assert.equal(isAnswered, false);
    await time.advance(1);
    for (const error of await Promise.all(asked))
      assert.ok(error instanceof AppError && error.code === 'database_unavailable' && error.retryAfterSeconds === 1);
    assert.deepEqual(deadlines, [3_000]);
  });

  test('a draft that takes two seconds to be written leaves one for its number, and one that takes four gets none', async () => {
    const deadlines: number[] = [];
    const { time, write } = queueOf(async (requests, deadlineMs) => {
      deadlines.push(deadlineMs);
      return answer(requests);
    });
    const writing = (id: string, ms: number) =>
      new Promise<{ id: string }>((resolve) => time.after(ms, () => resolve({ id })));
    const [quick, slow] = [write(writing('quick', 2_000)), write(writing('slow', 4_000))];
    const refused = assert.rejects(slow, { code: 'database_unavailable', retryAfterSeconds: 1 });
    await time.advance(3_000);
    await refused;
    await time.advance(2_000);
    assert.equal(await quick, 'quick');
    assert.deepEqual(deadlines, [1_000]);
  });

  test('a member that makes the database fail goes alone, and takes neither the others nor their numbers with it', async () => {
    const { time, issue } = queueOf(async (requests) => {
      if (requests.some(({ documentId }) => documentId === 'poison')) throw new Error('a constraint');
      return answer(requests);
    });
    const asked = [issue(), issue('good 1'), issue('poison'), issue('good 2')];
    await time.advance(10);
    const [, one, poison, two] = await Promise.all(asked);
    assert.deepEqual([one, two], ['good 1', 'good 2']);
    assert.ok(poison instanceof Error);
  });

  test('after three failures nobody asks for thirty seconds; then one success is enough', async () => {
    let attempts = 0;
    let isAway = true;
    const { time, issue, states } = queueOf(async (requests) => {
      attempts += 1;
      if (isAway) throw new AppError('database_unavailable', 'away', { cause: new Error('disk full') });
      return answer(requests);
    });
    for (let count = 0; count < 3; count += 1) {
      const asked = issue();
      await time.advance(10);
      await asked;
    }
    const refused = await issue();
    assert.ok(refused instanceof AppError && refused.retryAfterSeconds === 30, String(refused));
    assert.equal(attempts, 3);
    await time.advance(29_000);
    assert.ok((await issue()) instanceof AppError);
    assert.equal(attempts, 3);
    isAway = false;
    await time.advance(1_000);
    const asked = issue('back');
    await time.advance(10);
    assert.equal(await asked, 'back');
    assert.deepEqual(states, ['closed', 'open', 'closed']);
  });
});
