/**
 * Overload: which requests are refused, and the order in which the others are served. The tests set
 * the clock and the random numbers.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FairQueue } from '../../src/utils/fairQueue.js';
import { Overload, type Priority, priorityOf } from '../../src/utils/overload.js';

const SAMPLE_MS = 20;

describe('overload', () => {
  let nowMs = 0;
  let dice = 0;
  let overload: Overload;

  beforeEach(() => {
    nowMs = 1_000;
    dice = 0;
    mock.timers.enable({ apis: ['setInterval'] });
    mock.method(performance, 'now', () => nowMs);
    overload = new Overload(() => dice);
  });
  afterEach(() => {
    overload.close();
    mock.timers.reset();
    mock.restoreAll();
  });

  /** One sample, for which the event loop came late. */
  function sample(lateMs: number): void {
    nowMs += SAMPLE_MS + lateMs;
    mock.timers.tick(SAMPLE_MS);
  }

  /** Samples until the smoothed delay is what the event loop is late by. */
  function settle(lateMs: number): void {
    for (let count = 0; count < 60; count += 1) sample(lateMs);
    assert.equal(overload.stats().delayMs, lateMs);
  }

  function take(priority: Priority, count: number): number {
    return Array.from({ length: count }, () => overload.admit(priority)).filter(Boolean).length;
  }

  test('a calm event loop takes everything, whatever the dice say', () => {
    settle(150);
    assert.equal(take('normal', 100), 100);
    assert.deepEqual(overload.stats(), { inFlight: 100, delayMs: 150, refused: 0 });
  });

  test('between 150 and 500 ms of delay a growing share of reads is refused, and beyond it all', () => {
    take('always', 8);
    for (const [delayMs, share] of [
      [220, 0.2],
      [325, 0.5],
      [465, 0.9],
    ] as const) {
      settle(delayMs);
      dice = share - 0.01;
      assert.equal(overload.admit('normal'), false, `${delayMs} ms, dice ${dice}`);
      dice = share + 0.01;
      assert.equal(overload.admit('normal'), true, `${delayMs} ms, dice ${dice}`);
    }
    settle(510);
    dice = 0.999;
    assert.equal(overload.admit('normal'), false);
  });

  test('orders and payments are still taken when every read is refused, and refused themselves from 400 ms to 1.5 s', () => {
    take('always', 8);
    settle(400);
    dice = 0.7;
    assert.deepEqual([overload.admit('normal'), overload.admit('high')], [false, true]);
    settle(1_500);
    dice = 0.999;
    assert.equal(overload.admit('high'), false);
    assert.equal(overload.admit('always'), true);
  });

  test('who has waited 600 to 900 ms in line is refused by a growing share, orders from 1.5 to 3 s', () => {
    take('always', 8);
    for (const [priority, waitedMs, share] of [
      ['normal', 750, 0.5],
      ['normal', 870, 0.9],
      ['high', 2_250, 0.5],
    ] as const) {
      dice = share - 0.01;
      assert.equal(overload.admit(priority, waitedMs), false, `${priority} ${waitedMs} ms`);
      dice = share + 0.01;
      assert.equal(overload.admit(priority, waitedMs), true, `${priority} ${waitedMs} ms`);
    }
    dice = 0;
    assert.deepEqual([overload.admit('normal', 600), overload.admit('high', 1_500)], [true, true]);
    dice = 0.999;
    assert.deepEqual([overload.admit('normal', Infinity), overload.admit('always', Infinity)], [false, true]);
  });

  test('refuses nobody while few are under way: the delay is not their doing', () => {
    settle(5_000);
    assert.equal(take('normal', 10), 8);
  });

  test('a peak counts at the next sample, and 100 ms of calm forget it', () => {
    take('always', 8);
    sample(1_000);
    assert.equal(overload.admit('normal'), false);
    for (let calm = 0; calm < 5; calm += 1) sample(0);
    assert.equal(overload.admit('normal'), true);
  });

  test('a turn of the event loop that has gone on for long refuses before the sample that comes after it', () => {
    take('always', 8);
    nowMs += SAMPLE_MS + 149;
    assert.equal(overload.admit('normal'), true);
    nowMs += 351;
    dice = 0.999;
    assert.deepEqual([overload.admit('normal'), overload.admit('high')], [false, true]);
    mock.timers.tick(SAMPLE_MS);
    nowMs += SAMPLE_MS;
    for (let calm = 0; calm < 6; calm += 1) sample(0);
    assert.equal(overload.admit('normal'), true);
  });

  test('what is answered at once counts as much as what stays: of a thousand that came in one late turn, most are refused', () => {
    settle(500);
    dice = 0.999;
    let taken = 0;
    for (let count = 0; count < 1_000; count += 1) {
      if (!overload.admit('normal')) continue;
      taken += 1;
      overload.done();
    }
    assert.equal(taken, 31);
  });

  test('of three times the capacity, all of it answered from memory, it serves four fifths of the capacity and more, each within 1 s', () => {
    const [servingMs, refusingMs, everyMs, forMs] = [1, 0.05, 1 / 3, 5_000];
    const endMs = nowMs + forMs;
    let [arrivedMs, sampleMs, served, slowestMs, seed] = [nowMs, nowMs + SAMPLE_MS, 0, 0, 1];
    while (nowMs < endMs) {
      if (arrivedMs > nowMs) nowMs = arrivedMs;
      // One turn: all that has come by its beginning.
      for (const untilMs = nowMs; arrivedMs <= untilMs; arrivedMs += everyMs) {
        seed = (seed * 16_807) % 2_147_483_647;
        dice = seed / 2_147_483_647;
        const isTaken = overload.admit('normal');
        nowMs += isTaken ? servingMs : refusingMs;
        if (!isTaken) continue;
        overload.done();
        served += 1;
        slowestMs = Math.max(slowestMs, nowMs - arrivedMs);
      }
      if (nowMs < sampleMs) continue;
      mock.timers.tick(SAMPLE_MS);
      sampleMs = nowMs + SAMPLE_MS;
    }
    assert.ok(served >= (0.8 * forMs) / servingMs, `${served} served`);
    assert.ok(slowestMs < 1_000, `${slowestMs} ms`);
  });

  test('400 reads under way are enough, 800 requests of any kind are too many for orders, probes always pass', () => {
    assert.equal(take('normal', 410), 400);
    assert.equal(take('high', 410), 400);
    assert.equal(take('always', 10), 10);
    assert.deepEqual(overload.stats(), { inFlight: 810, delayMs: 0, refused: 20 });
    for (let count = 0; count < 411; count += 1) overload.done();
    assert.equal(take('normal', 2), 1, 'a place that became free is given once');
  });

  test('priorities are read from method and path', () => {
    const cases: [string, string, Priority][] = [
      ['GET', '/health/ready', 'always'],
      ['POST', '/v1/auth/login', 'always'],
      ['POST', '/v1/auth/refresh', 'always'],
      ['POST', '/v1/orders', 'high'],
      ['POST', '/v1/orders/1/payments', 'high'],
      ['POST', '/v1/payments/1/refunds', 'high'],
      ['GET', '/v1/orders', 'normal'],
      ['GET', '/v1/menu', 'normal'],
      ['POST', '/v1/auth/register', 'normal'],
      ['PATCH', '/v1/menu-items/1', 'normal'],
    ];
    for (const [method, path, priority] of cases) assert.equal(priorityOf(method, path), priority, `${method} ${path}`);
  });
});

describe('admission', () => {
  /** Work that ends when told to. */
  function startWork(admission: FairQueue, key: string, name: string, log: string[], waitMs?: number) {
    let settle: (error?: Error) => void = () => undefined;
    const outcome = new Promise<string>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve(name));
    });
    const work = () => {
      log.push(name);
      return outcome;
    };
    const done = admission.run(key, work, waitMs);
    done.catch(() => undefined);
    return { done, finish: settle };
  }

  test('runs no more than its number at once, and those who wait in the order they came', async () => {
    const admission = new FairQueue({ atOnceEach: 2, maxWaitingEach: 10, refusal: 'Too many.' });
    const started: string[] = [];
    const works = ['a', 'b', 'c', 'd', 'e'].map((name) => startWork(admission, 'key', name, started));
    await turn();
    assert.deepEqual(started, ['a', 'b']);
    works[1]?.finish();
    await turn();
    assert.deepEqual(started, ['a', 'b', 'c']);
    works[0]?.finish();
    works[2]?.finish();
    await turn();
    assert.deepEqual(started, ['a', 'b', 'c', 'd', 'e']);
    works[3]?.finish();
    works[4]?.finish();
    assert.deepEqual(await Promise.all(works.map(({ done }) => done)), ['a', 'b', 'c', 'd', 'e']);
  });

  test('refuses whom it has no room for, at once and with a time to come back', async () => {
    const admission = new FairQueue({ atOnceEach: 1, maxWaitingEach: 2, refusal: 'Too many.' });
    const started: string[] = [];
    const works = ['a', 'b', 'c'].map((name) => startWork(admission, 'key', name, started));
    await assert.rejects(startWork(admission, 'key', 'd', started).done, { code: 'overloaded', retryAfterSeconds: 1 });
    for (const { finish, done } of works) {
      finish();
      await done;
    }
    assert.deepEqual(started, ['a', 'b', 'c']);
  });

  test('a full key takes nothing from another one', async () => {
    const admission = new FairQueue({ atOnceEach: 1, maxWaitingEach: 1, refusal: 'Too many.' });
    const started: string[] = [];
    const busy = ['a', 'b'].map((name) => startWork(admission, 'busy', name, started));
    const calm = startWork(admission, 'calm', 'c', started);
    await turn();
    assert.deepEqual(started, ['a', 'c']);
    for (const { finish, done } of [calm, ...busy]) {
      finish();
      await done;
    }
  });

  test('work that fails gives its place back, and its failure to its caller alone', async () => {
    const admission = new FairQueue({ atOnceEach: 1, maxWaitingEach: 10, refusal: 'Too many.' });
    const started: string[] = [];
    const works = ['a', 'b', 'c'].map((name) => startWork(admission, 'key', name, started));
    await turn();
    works[0]?.finish(new Error('broken'));
    await assert.rejects(works[0]?.done ?? Promise.resolve(), /broken/);
    await turn();
    works[1]?.finish();
    await works[1]?.done;
    await turn();
    works[2]?.finish();
    await works[2]?.done;
    const again = startWork(admission, 'key', 'd', started);
    await turn();
    assert.deepEqual(started, ['a', 'b', 'c', 'd'], 'an idle key starts at once');
    again.finish();
    await again.done;
  });

  test('who has waited for his time is refused without his work having begun, and keeps no place', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const admission = new FairQueue({ atOnceEach: 1, maxWaitingEach: 2, refusal: 'Too many.' });
    const started: string[] = [];
    const first = startWork(admission, 'key', 'a', started);
    const hurried = startWork(admission, 'key', 'b', started, 100);
    const patient = startWork(admission, 'key', 'c', started, 1_000);
    context.mock.timers.tick(100);
    await assert.rejects(hurried.done, { code: 'overloaded', retryAfterSeconds: 1 });
    const fourth = startWork(admission, 'key', 'd', started, 1_000);
    first.finish();
    await first.done;
    await turn();
    assert.deepEqual(started, ['a', 'c']);
    context.mock.timers.tick(1_000);
    await assert.rejects(fourth.done, { code: 'overloaded' });
    patient.finish();
    await patient.done;
    assert.deepEqual(started, ['a', 'c']);
  });
});
