/** Waiting for the transaction of an order, on a clock that the test sets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemCall } from '../../src/domain/shared/call.js';
import type { Order } from '../../src/domain/order/order.js';
import { AppError, invalid } from '../../src/domain/shared/errors.js';
import type { Placed } from '../../src/services/order/Placing.js';
import { PlacingQueue } from '../../src/services/order/PlacingQueue.js';
import type { Outcome } from '../../src/utils/batcher.js';
import { TestTime } from '../support/testTime.js';

const [HERE, THERE] = ['01941f29-7c00-7000-8000-000000000000', '01941f29-7c00-7000-8000-000000000001'];
type Attempt = (placed: readonly Placed[], restaurantId: string, deadlineMs: number) => Promise<Outcomes>;
type Outcomes = Map<Placed, Outcome<Order>>;

interface Wish {
  restaurantId?: string;
  lines?: number;
  key?: string;
}

function queueOf(attempt: Attempt) {
  const time = new TestTime();
  const queue = new PlacingQueue({ attempt: (id, placed, ms) => attempt(placed, id, ms) }, time);
  let made = 0;
  const place = ({ restaurantId = HERE, lines = 1, key }: Wish = {}) => {
    const claim = { route: 'POST /v1/orders', status: 201, requestHash: 'same', replayed: false };
    const call = {
      ...systemCall(restaurantId, 'test'),
      ...(key === undefined ? {} : { idempotency: { ...claim, key } }),
    };
    const request = { type: 'takeaway', notes: String((made += 1)), lines: Array.from({ length: lines }) };
    // The queue looks at nothing else of them.
    return queue.place({ call, request, pickup: {} } as unknown as Placed).then(
      ({ number }) => number,
      (error: unknown) => (error instanceof AppError ? error.code : assert.fail(String(error))),
    );
  };
  return { time, place };
}

const nameOf = ({ request }: Placed) => String(request.notes);
const stored = (placed: readonly Placed[]): Outcomes =>
  new Map(placed.map((one) => [one, { value: { number: nameOf(one) } as Order }]));

describe('the queue for orders', () => {
  test('takes up to fifty of a turn together in order of arrival, and a key once', async () => {
    const taken: string[][] = [];
    const { time, place } = queueOf(async (placed) => {
      taken.push(placed.map(nameOf));
      return stored(placed);
    });
    const asked = [...Array.from({ length: 60 }, () => place()), place({ key: 'a' }), place({ key: 'a' })];
    await time.advance(10);
    assert.deepEqual(
      await Promise.all(asked),
      Array.from({ length: 62 }, (_, index) => String(index + 1)),
    );
    assert.deepEqual(
      taken.map(({ length }) => length),
      [50, 11, 1],
    );
    assert.deepEqual(taken.flat(), await Promise.all(asked));
  });

  test('takes at most 500 lines together, and a larger order alone', async () => {
    const sizes: number[] = [];
    const { time, place } = queueOf(async (placed) => {
      sizes.push(placed.reduce((sum, { request }) => sum + request.lines.length, 0));
      return stored(placed);
    });
    const asked = [1, 200, 200, 200, 600, 5].map((lines) => place({ lines }));
    await time.advance(10);
    await Promise.all(asked);
    assert.deepEqual(sizes, [401, 200, 600, 5]);
  });

  test('keeps restaurants apart: one whose transaction hangs delays no other', async () => {
    const { time, place } = queueOf((placed, id) =>
      id === HERE ? new Promise(() => undefined) : Promise.resolve(stored(placed)),
    );
    const [hanging, other] = [place(), place({ restaurantId: THERE })];
    await time.advance(10);
    assert.equal(await other, '2');
    await time.advance(5_000);
    assert.equal(await hanging, 'database_unavailable');
  });

  test('refuses after three seconds what has not begun, and begins it no more', async () => {
    const begun: string[] = [];
    const { time, place } = queueOf(async (placed) => {
      begun.push(...placed.map(nameOf));
      await new Promise<void>((resolve) => void time.after(4_000, resolve));
      return stored(placed);
    });
    const asked = [place()];
    await time.advance(0);
    asked.push(place(), place());
    await time.advance(4_500);
    assert.deepEqual(await Promise.all(asked), ['1', 'overloaded', 'overloaded']);
    assert.deepEqual(begun, ['1']);
    const later = place();
    await time.advance(4_500);
    assert.equal(await later, '4');
  });

  test('lets 500 wait and no more', async () => {
    const { time, place } = queueOf(async (placed) => stored(placed));
    const asked = Array.from({ length: 501 }, () => place());
    await time.advance(10);
    const answers = await Promise.all(asked);
    assert.deepEqual(answers.slice(-2), ['500', 'overloaded']);
  });

  test('runs each alone, in order of arrival, when one makes the database fail', async () => {
    const taken: string[][] = [];
    const { time, place } = queueOf(async (placed) => {
      taken.push(placed.map(nameOf));
      if (placed.some((one) => nameOf(one) === '3')) throw invalid('/lines', 'a row that the database refuses');
      return stored(placed);
    });
    const asked = [place(), place(), place(), place()];
    await time.advance(10);
    assert.deepEqual(await Promise.all(asked), ['1', '2', 'invalid_request', '4']);
    assert.deepEqual(taken, [['1', '2', '3', '4'], ['1'], ['2'], ['3'], ['4']]);
  });

  test('repeats nothing when the database is away: its outcome may be unknown', async () => {
    let attempts = 0;
    const { time, place } = queueOf(async () => {
      attempts += 1;
      throw new AppError('database_unavailable', 'away');
    });
    const asked = [place(), place(), place()];
    await time.advance(10);
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(['database_unavailable']));
    assert.equal(attempts, 1);
  });

  test('gives a transaction the time of its newest order, and each caller an answer in its own', async () => {
    const times: number[] = [];
    let isFirst = true;
    const { time, place } = queueOf(async (placed, _id, deadlineMs) => {
      times.push(deadlineMs);
      await new Promise<void>((resolve) => void time.after(isFirst ? 2_500 : 4_900, resolve));
      isFirst = false;
      return stored(placed);
    });
    const asked = [place()];
    await time.advance(0);
    asked.push(place());
    await time.advance(2_400);
    asked.push(place());
    await time.advance(10_000);
    assert.deepEqual(await Promise.all(asked), ['1', 'database_unavailable', 'database_unavailable']);
    assert.deepEqual(times, [5_000, 4_900]);
  });
});
