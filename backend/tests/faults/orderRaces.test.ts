/** Many callers at once, one truth. `RACE_ROUNDS` sets the number of rounds. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi } from '../support/api.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);

describe('order races', () => {
  let first: TestApi;
  let second: TestApi;
  let token: string;
  before(async () => {
    first = await startApi();
    // Another instance of Servio on the same database.
    second = await startApi({ database: first.database });
    token = (await first.restaurant()).token;
  });
  after(async () => {
    await second.close();
    await first.close();
  });

  const either = (index: number) => (index % 2 === 0 ? first : second);

  test('50 callers on one idempotency key make one order', async () => {
    const item = await first.item(token);
    for (let round = 0; round < Math.ceil(ROUNDS / 10); round += 1) {
      const body = { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1 }] };
      const headers = { 'idempotency-key': randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => either(index).post('/v1/orders', body, { token, headers })),
      );
      const made = answers.filter((answer) => answer.status === 201);
      assert.ok(made.length > 0);
      assert.equal(new Set(made.map((answer) => answer.body.id)).size, 1);
      // 503: turned away by a machine with too much to do.
      assert.ok(
        answers.every(({ status, body: { code } }) => [201, 503].includes(status) || code === 'idempotency_key_in_use'),
      );
      const later = await first.post('/v1/orders', body, { token, headers });
      assert.equal(later.headers.get('idempotent-replayed'), 'true');
      assert.equal(later.body.id, made[0]?.body.id);
    }
  });

  test('50 orders at once are numbered without a gap or a duplicate', async () => {
    const other = await first.restaurant();
    const item = await first.item(other.token, { availability: { remaining: 1_000_000 } });
    const refusedItem = await first.item(other.token, { isAvailable: false });
    const rounds = Math.ceil(ROUNDS / 5);
    const told: string[] = [];
    let busy = 0;
    for (let round = 0; round < rounds; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          either(index).post(
            '/v1/orders',
            { type: 'takeaway', lines: [{ menuItemId: index % 10 === 9 ? refusedItem.id : item.id, quantity: 1 }] },
            { token: other.token },
          ),
        ),
      );
      told.push(...answers.filter(({ status }) => status === 201).map(({ body }) => body.number));
      // A machine with too much to do turns some away. Not one of them may leave a gap.
      busy += answers.filter(({ status }) => status === 503).length;
    }
    assert.ok(told.length > 0 && told.length + busy >= rounds * 45, `${told.length} orders, ${busy} turned away`);
    const stored: string[] = [];
    for (let cursor = ''; ; ) {
      const page = expectStatus(200, await first.get(`/v1/orders?limit=100${cursor}`, { token: other.token }));
      stored.push(...page.data.map((order: { number: string }) => order.number));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    assert.deepEqual(
      stored.map((number) => Number(number.split('-')[3])).sort((a, b) => a - b),
      Array.from({ length: stored.length }, (_, index) => index + 1),
    );
    assert.deepEqual(
      told.filter((number) => !stored.includes(number)),
      [],
    );
    // A caller that got 503 at the very end may still have its order.
    assert.ok(stored.length <= told.length + busy, `${stored.length} stored, ${told.length} told, ${busy} turned away`);
    assert.equal(new Set(told).size, told.length);
  });

  test('the last portion is sold once', async () => {
    const other = await first.restaurant();
    for (let round = 0; round < ROUNDS; round += 1) {
      const item = await first.item(other.token, { availability: { remaining: 1 } });
      const answers = await Promise.all(
        Array.from({ length: 4 }, (_, index) =>
          either(index).post(
            '/v1/orders',
            { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1 }] },
            { token: other.token },
          ),
        ),
      );
      assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
      assert.equal(answers.filter((answer) => answer.status === 409).length, 3);
    }
  });

  test('two waiters adding, changing and voiding lines lose none', async () => {
    const other = await first.restaurant();
    const item = await first.item(other.token, { price: 100 });
    const order = await first.order(other.token, [{ menuItemId: item.id, quantity: 1 }]);
    const waiter = async (api: TestApi, name: string) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const path = `/v1/orders/${order.id}/lines`;
        const notes = `${name} ${round}`;
        const added = expectStatus(
          201,
          await api.post(path, { menuItemId: item.id, quantity: 1, notes }, { token: other.token }),
        );
        const mine = added.lines.find((line: { notes: string }) => line.notes === notes);
        if (round % 3 === 1)
          expectStatus(200, await api.patch(`${path}/${mine.id}`, { quantity: 3 }, { token: other.token }));
        if (round % 3 === 2)
          expectStatus(200, await api.delete(`${path}/${mine.id}`, { reason: 'race' }, { token: other.token }));
      }
    };
    await Promise.all([waiter(first, 'Ann'), waiter(second, 'Ben')]);
    const after = expectStatus(200, await first.get(`/v1/orders/${order.id}`, { token: other.token }));
    assert.equal(after.lines.length, 1 + 2 * ROUNDS);
    assert.equal(new Set(after.lines.map((line: { position: number }) => line.position)).size, after.lines.length);
    const units = Array.from({ length: ROUNDS }, (_, round) => [1, 3, 0][round % 3] ?? 0).reduce(
      (sum, count) => sum + count,
      0,
    );
    assert.equal(after.total, 100 * (1 + 2 * units));
    assert.equal(
      after.version,
      1 +
        2 *
          Array.from({ length: ROUNDS }, (_, round) => (round % 3 === 0 ? 1 : 2)).reduce(
            (sum, count) => sum + count,
            0,
          ),
    );
  });

  test('orders of the same items in opposite order of lines never deadlock into a failure', async () => {
    const other = await first.restaurant();
    const a = await first.item(other.token, { availability: { remaining: 1_000_000 } });
    const b = await first.item(other.token, { availability: { remaining: 1_000_000 } });
    const lines = [
      { menuItemId: a.id, quantity: 1 },
      { menuItemId: b.id, quantity: 1 },
    ];
    const statuses = new Set<number>();
    for (let round = 0; round < Math.ceil(ROUNDS / 5); round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          either(index).post(
            '/v1/orders',
            { type: 'takeaway', lines: index % 3 === 0 ? lines : lines.toReversed() },
            { token: other.token },
          ),
        ),
      );
      for (const answer of answers) statuses.add(answer.status);
    }
    assert.deepEqual([...statuses], [201]);
  });
});
