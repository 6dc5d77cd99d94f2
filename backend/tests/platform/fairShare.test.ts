/** Connections are shared: no restaurant takes what another one needs, reading or writing. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/domain/shared/errors.js';
import { FairShare, type Use } from '../../src/utils/fairShare.js';
import { startApi, type TestApi } from '../support/api.js';

const LONG_MS = 60_000;

/** Work that is told when to end. */
class Hold {
  begun = 0;
  readonly #ends: (() => void)[] = [];

  readonly work = (): Promise<void> => {
    this.begun += 1;
    return new Promise((resolve) => this.#ends.push(resolve));
  };

  /** Ends one, or all. */
  async end(count = this.#ends.length): Promise<void> {
    for (const end of this.#ends.splice(0, count)) end();
    await turn();
  }
}

/** As many as are asked for, of which some begin. */
function start(shares: FairShare, key: string, use: Use, count: number): { hold: Hold; all: Promise<unknown> } {
  const hold = new Hold();
  const all = Promise.all(Array.from({ length: count }, () => shares.run(key, use, LONG_MS, hold.work)));
  return { hold, all };
}

describe('twenty places', () => {
  test('are half of them for one who wants all, and of those reads leave some to writes', async () => {
    const shares = new FairShare(20, 500);
    const reads = start(shares, 'one', 'read', 30);
    assert.equal(reads.hold.begun, 7);
    const writes = start(shares, 'one', 'write', 30);
    assert.equal(writes.hold.begun, 3);
    assert.equal(shares.waiting, 50);
    while (shares.waiting > 0) {
      await reads.hold.end();
      await writes.hold.end();
    }
    await Promise.all([reads.hold.end(), writes.hold.end()]);
    await Promise.all([reads.all, writes.all]);
  });

  test('are not filled by three, who came when nobody else was there: whoever comes next gets one at once', async () => {
    const shares = new FairShare(20, 500);
    const greedy = ['a', 'b', 'c'].map((key) => start(shares, key, 'write', 40));
    assert.deepEqual(
      greedy.map(({ hold }) => hold.begun),
      [10, 5, 3],
    );
    const next = start(shares, 'next', 'read', 1);
    assert.equal(next.hold.begun, 1);
    await next.hold.end();
    await next.all;
    while (shares.waiting > 0) for (const { hold } of greedy) await hold.end();
    for (const { hold } of greedy) await hold.end();
    await Promise.all(greedy.map(({ all }) => all));
  });

  test('go first to whoever has the fewest, in the order of arrival', async () => {
    const shares = new FairShare(4, 500);
    const greedy = start(shares, 'greedy', 'write', 5);
    const others = ['a', 'b', 'c'].map((key) => start(shares, key, 'write', 1));
    assert.deepEqual([greedy.hold.begun, ...others.map(({ hold }) => hold.begun)], [2, 1, 1, 0]);
    await greedy.hold.end(1);
    assert.deepEqual([greedy.hold.begun, ...others.map(({ hold }) => hold.begun)], [2, 1, 1, 1]);
    while (shares.waiting > 0) for (const { hold } of [greedy, ...others]) await hold.end();
    for (const { hold } of [greedy, ...others]) await hold.end();
    await Promise.all([greedy, ...others].map(({ all }) => all));
  });

  test('refuse who has waited too long, and who finds too many waiting; the work has not begun', async () => {
    const shares = new FairShare(2, 1);
    const held = start(shares, 'one', 'write', 1);
    const never = new Hold();
    const isOverloaded = (error: unknown) => error instanceof AppError && error.code === 'overloaded';
    const late = shares.run('one', 'write', 0, never.work);
    await assert.rejects(shares.run('one', 'write', LONG_MS, never.work), isOverloaded);
    await assert.rejects(late, isOverloaded);
    assert.deepEqual([never.begun, shares.waiting], [0, 0]);
    await held.hold.end();
    await held.all;
  });

  test('never are more taken than there are, and all who wait have their turn, in whatever order they come and go', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      use: fc.constantFrom<Use>('read', 'write'),
      ends: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const shares = new FairShare(6, 500);
        const ends: (() => void)[] = [];
        let [running, done] = [0, 0];
        const all = steps.map(async ({ key, use, ends: ending }) => {
          const result = shares.run(key, use, LONG_MS, async () => {
            running += 1;
            assert.ok(running <= 6);
            await new Promise<void>((resolve) => ends.push(resolve));
            running -= 1;
            done += 1;
          });
          for (const end of ends.splice(0, ending)) end();
          await result;
        });
        while (done < steps.length) {
          for (const end of ends.splice(0)) end();
          await turn();
        }
        await Promise.all(all);
        assert.equal(shares.waiting, 0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the connections of a server', () => {
  let api: TestApi;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());

  test('are not filled by three restaurants that read and write as much as they can', async () => {
    const { database } = api.context;
    const hold = new Hold();
    const greedy = Array.from({ length: 3 }, () => randomUUID()).flatMap((id) =>
      Array.from({ length: 30 }, (_, index) =>
        index % 2 === 0 ? database.read(id, hold.work) : database.transaction(id, hold.work),
      ),
    );
    try {
      assert.equal(database.stats().level, 'saturated');
      const neighbour = await api.restaurant();
      assert.equal((await api.get('/v1/menu', { token: neighbour.token })).status, 200);
      assert.ok(hold.begun <= 18, `${hold.begun} connections in three hands`);
    } finally {
      while (hold.begun < greedy.length) await hold.end();
      await hold.end();
      await Promise.all(greedy);
    }
  });
});
