import assert from 'node:assert/strict';
import { afterEach, test, type TestContext } from 'node:test';
import {
  configurePerformance,
  currentSignal,
  Memoize,
  RateLimit,
  Retry,
  Timeout,
  Track,
} from '../../src/decorators/Performance.js';
import { AppError } from '../../src/domain/shared/errors.js';

let disconnect = (): void => undefined;
afterEach(() => disconnect());

function connect(parts: Parameters<typeof configurePerformance>[0]): void {
  disconnect = configurePerformance(parts);
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(value?: T): void => void value;

interface Order {
  id: string;
  total: bigint;
}

class Orders {
  readonly loads: string[] = [];
  readonly #prefix = 'order';

  @Track('orders.find')
  @RateLimit({ maxCalls: 1_000, windowMs: 1_000 })
  @Retry({ maxAttempts: 2 })
  @Timeout(1_000, 'Try again.')
  async find(restaurantId: string, id: string, options?: { lock: boolean }): Promise<Order> {
    this.loads.push(`${this.#prefix} ${restaurantId} ${id} ${options?.lock ?? false}`);
    return { id, total: 1n };
  }

  @Track('orders.map')
  async map<T, U>(values: readonly T[], change: (value: T) => U): Promise<U[]> {
    return values.map(change);
  }

  @Memoize(1_000)
  async rate(currency: string, percent: number): Promise<[string, number]> {
    return [currency, percent];
  }

  @Track('orders.of')
  static async of(...ids: string[]): Promise<number> {
    return ids.length;
  }
}

test('decorated methods keep their types and their instance', async () => {
  const orders = new Orders();
  isTrue<
    Equal<typeof orders.find, (restaurantId: string, id: string, options?: { lock: boolean }) => Promise<Order>>
  >();
  isTrue<Equal<typeof orders.rate, (currency: string, percent: number) => Promise<[string, number]>>>();
  isTrue<Equal<typeof orders.map, <T, U>(values: readonly T[], change: (value: T) => U) => Promise<U[]>>>();
  isTrue<Equal<typeof Orders.of, (...ids: string[]) => Promise<number>>>();
  assert.deepEqual(await orders.find('r', 'o', { lock: true }), { id: 'o', total: 1n });
  assert.deepEqual(orders.loads, ['order r o true']);
  assert.deepEqual(await orders.map([1, 2], String), ['1', '2']);
  assert.equal(await Orders.of('a', 'b'), 2);
});

test('what does not fit does not compile', () => {
  class Misuse {
    // @ts-expect-error a method that is not async cannot be tracked
    @Track('sync')
    sync(): number {
      return 1;
    }

    // @ts-expect-error an object is no key
    @Memoize(1)
    async memoized(filter: { id: string }): Promise<string> {
      return filter.id;
    }

    // @ts-expect-error a field is no method
    @Timeout(1, '')
    field = 1;
  }
  assert.ok(Misuse);
});

test('@Track reports time and outcome of each call and hands on the same promise', async () => {
  const told: [string, string][] = [];
  connect({
    metrics: {
      methodFinished: (name, durationMs, outcome) => {
        assert.ok(durationMs >= 0);
        told.push([name, outcome]);
      },
    },
  });
  const promise = Promise.resolve('the same');
  class Service {
    @Track('fine')
    fine(): Promise<string> {
      return promise;
    }
    @Track('bad')
    async bad(): Promise<void> {
      throw new Error('as it was');
    }
  }
  const service = new Service();
  assert.equal(service.fine(), promise);
  await promise;
  await assert.rejects(service.bad(), /as it was/);
  assert.deepEqual(told, [
    ['fine', 'ok'],
    ['bad', 'failed'],
  ]);
});

class Flaky {
  calls = 0;
  failures: Error[] = [];

  async #work(): Promise<number> {
    const error = this.failures[this.calls];
    this.calls += 1;
    if (error) throw error;
    return this.calls;
  }

  @Retry({ maxAttempts: 3, exponentialBackoff: true })
  async usual(_options?: { signal?: AbortSignal }): Promise<number> {
    return this.#work();
  }
  @Retry({ maxAttempts: 3, retryableErrors: [RangeError, 'dependency_unavailable', 'not_found'] })
  async chosen(): Promise<number> {
    return this.#work();
  }
  @Retry({ maxAttempts: 3, retryableErrors: () => true })
  async anything(): Promise<number> {
    return this.#work();
  }
}

function flaky(t: TestContext, ...failures: Error[]): Flaky {
  t.mock.method(Math, 'random', () => 0);
  return Object.assign(new Flaky(), { failures });
}

test('@Retry calls again after failures that may pass, up to its number of attempts', async (t) => {
  const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  assert.equal(await flaky(t, new AppError('database_unavailable', ''), reset).usual(), 3);
  const often = flaky(t, reset, reset, reset);
  await assert.rejects(often.usual(), /reset/);
  assert.equal(often.calls, 3);
  assert.equal(await flaky(t, new RangeError(), new AppError('dependency_unavailable', '')).chosen(), 3);
});

test('@Retry never repeats the mistake of a caller, nor what a policy has tried already', async (t) => {
  const theirs = Object.assign(new Error('answered 404'), { status: 404 });
  for (const error of [new AppError('invalid_request', 'no'), new AppError('not_found', 'no'), theirs]) {
    for (const method of ['usual', 'chosen', 'anything'] as const) {
      const service = flaky(t, error);
      await assert.rejects(service[method](), (thrown) => thrown === error);
      assert.equal(service.calls, 1);
    }
  }
  const tried = flaky(t, new AppError('dependency_unavailable', 'tried'));
  await assert.rejects(tried.usual(), /tried/);
  assert.equal(tried.calls, 1);
});

test('@Retry stops for an aborted signal, also while it waits', async () => {
  const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  const gone = Object.assign(new Flaky(), { failures: [reset] });
  await assert.rejects(gone.usual({ signal: AbortSignal.abort(new Error('gone')) }), /reset/);
  assert.equal(gone.calls, 1);

  const waiting = Object.assign(new Flaky(), {
    failures: [Object.assign(new Error('busy'), { status: 429, headers: { 'retry-after': '4' } })],
  });
  const caller = new AbortController();
  const call = waiting.usual({ signal: caller.signal });
  setImmediate(() => caller.abort(new Error('left')));
  await assert.rejects(call, /left/);
  assert.equal(waiting.calls, 1);
});

test('@RateLimit lets so many calls through in any window, for each instance and method', async () => {
  let now = 0;
  connect({ now: () => now });
  class Limited {
    @RateLimit({ maxCalls: 3, windowMs: 60_000 })
    async one(): Promise<string> {
      return 'one';
    }
    @RateLimit({ maxCalls: 1, windowMs: 60_000 })
    async other(): Promise<string> {
      return 'other';
    }
  }
  const limited = new Limited();
  for (now of [0, 20_000, 59_000]) assert.equal(await limited.one(), 'one');
  const isRefused =
    (seconds: number) =>
    (error: unknown): boolean =>
      error instanceof AppError && error.code === 'rate_limited' && error.retryAfterSeconds === seconds;
  await assert.rejects(limited.one(), isRefused(1));
  assert.equal(await limited.other(), 'other');
  assert.equal(await new Limited().one(), 'one');
  now = 60_000;
  assert.equal(await limited.one(), 'one');
  await assert.rejects(limited.one(), isRefused(20));
});

class Slow {
  signal: AbortSignal | undefined;
  finish = deferred();

  @Timeout(50, 'Ask for less.')
  async work(_given?: { signal: AbortSignal }): Promise<string> {
    await Promise.resolve();
    this.signal = currentSignal();
    return this.finish.promise;
  }

  @Timeout(1_000, 'Outer.')
  async nested(): Promise<string> {
    return this.work();
  }
}

test('@Timeout ends the wait, aborts the signal of the work and ignores what comes late', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const late = new Slow();
  const call = late.work();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(late.signal?.aborted, false);
  t.mock.timers.tick(50);
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof AppError);
    assert.deepEqual([error.code, error.message, error.name], ['overloaded', 'Ask for less.', 'TimeoutError']);
    assert.equal(late.signal?.reason, error);
    return true;
  });
  late.finish.reject(new Error('nobody waits for this'));
  await new Promise((resolve) => setImmediate(resolve));

  const early = new Slow();
  early.finish.resolve('in time');
  assert.equal(await early.work(), 'in time');
  t.mock.timers.tick(1_000);
  assert.equal(early.signal?.aborted, false);
  assert.equal(currentSignal(), undefined);
});

test('@Timeout passes on the abort of a caller and of a time limit further out', async () => {
  const slow = new Slow();
  const caller = new AbortController();
  const call = slow.work({ signal: caller.signal });
  await new Promise((resolve) => setImmediate(resolve));
  caller.abort(new Error('left'));
  await assert.rejects(call, /left/);
  assert.match(String(slow.signal?.reason), /left/);

  const before = new Slow();
  await assert.rejects(before.work({ signal: AbortSignal.abort(new Error('left before')) }), /left before/);
  assert.equal(before.signal, undefined, 'never ran');
  await assert.rejects(new Slow().nested(), /Ask for less/);
});

test('what many share is not ended by the time limit of one', async () => {
  const inner = deferred();
  const signals: (AbortSignal | undefined)[] = [];
  class Shared {
    @Memoize(1_000)
    async load(): Promise<string> {
      signals.push(currentSignal());
      return inner.promise;
    }
    @Timeout(5, 'too long')
    async hurried(): Promise<string> {
      return this.load();
    }
  }
  const shared = new Shared();
  const patient = shared.hurried().catch((error: Error) => error.message);
  assert.equal(await patient, 'too long');
  const second = shared.load();
  inner.resolve('there');
  assert.equal(await second, 'there');
  assert.deepEqual(signals, [undefined]);
});

class Remembering {
  calls: string[] = [];
  fail = false;

  @Memoize(1_000)
  async look(...args: (string | number | undefined)[]): Promise<object> {
    this.calls.push(args.join());
    if (this.fail) throw new Error('not this time');
    return {};
  }
}

test('@Memoize shares one result per arguments and instance while it is fresh', async () => {
  let now = 0;
  connect({ now: () => now });
  const one = new Remembering();
  const [first, second] = await Promise.all([one.look('a'), one.look('a')]);
  assert.equal(first, second);
  assert.notEqual(await new Remembering().look('a'), first);
  const others = [[], [1], ['1'], ['a', 'b'], ['a,b'], ['a', undefined], ['ms1:a'], ['s', 'a']];
  const results = new Set([first]);
  for (const args of others) results.add(await one.look(...args));
  assert.equal(results.size, others.length + 1);
  now = 999;
  assert.equal(await one.look('a'), first);
  now = 1_000;
  assert.notEqual(await one.look('a'), first);
});

test('@Memoize forgets rejections, and the oldest of more than a hundred results', async () => {
  const one = new Remembering();
  one.fail = true;
  await assert.rejects(one.look('x'));
  one.fail = false;
  await one.look('x');
  assert.equal(one.calls.length, 2);
  for (let key = 0; key < 100; key += 1) await one.look(key);
  await one.look(99);
  assert.equal(one.calls.length, 102);
  await one.look('x');
  assert.equal(one.calls.length, 103);
});

test('@Memoize lets nobody wait for a call that does not end: after 30 s the next one begins anew', async () => {
  let now = 0;
  connect({ now: () => now });
  const calls = [deferred(), deferred()];
  class Hanging {
    @Memoize(3_600_000)
    look(): Promise<string> {
      return calls.shift()?.promise ?? Promise.resolve('third');
    }
  }
  const [hangs, answers] = calls;
  const one = new Hanging();
  const first = one.look();
  now = 29_999;
  assert.equal(one.look(), first);
  now = 30_000;
  const second = one.look();
  assert.notEqual(second, first);
  answers?.resolve('second');
  assert.equal(await second, 'second');
  hangs?.resolve('too late');
  assert.equal(await first, 'too late');
  assert.equal(await one.look(), 'second');
});

function deferred(): { promise: Promise<string>; resolve: (value: string) => void; reject: (error: Error) => void } {
  let resolve!: (value: string) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<string>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}
