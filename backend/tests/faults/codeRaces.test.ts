/**
 * Many callers, one winner: single-use vouchers, balances, refunds, transfers, and leases that two
 * instances believe to hold. `CODE_ROUNDS=200` is the long version.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool, rowsOf, statusOf } from '../support/codes.js';

const ROUNDS = Number(process.env['CODE_ROUNDS'] ?? 10);
const CALLERS = 50;
const KEYS = 5;

describe('races for codes', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let token: string;
  let keys: string[];
  let aheadMs = 0;

  before(async () => {
    api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
    mine = await api.restaurant();
    token = await api.apiKey(mine.token);
    keys = await Promise.all(Array.from({ length: KEYS }, () => api.apiKey(mine.token)));
    // The clock goes on: an access token would expire.
    mine = { ...mine, token };
  });
  after(() => api.close());

  const post = async (path: string, body: object = {}, status = 201): Promise<Json> =>
    expectStatus(status, await api.post(path, body, { token }));
  const voucherOf = async (value: number, fields: Json = {}): Promise<Json> => {
    const pool = await makePool(api, mine, { kind: 'voucher', value, target: 5, lowWater: 0, ...fields });
    return (await post(`/v1/code-pools/${pool.id}/claims`)).data[0];
  };
  const get = async (path: string): Promise<Json> => expectStatus(200, await api.get(path, { token }));
  const count = (answers: readonly Answer[], status: number) => answers.filter((one) => one.status === status).length;

  /** What the ledger says of a code is what the code says of itself. */
  async function assertBalanced(id: string): Promise<Json> {
    const code = await get(`/v1/codes/${id}`);
    const moved = await rowsOf(
      api,
      `select coalesce(sum(case when kind = 'refund' then amount else -amount end), 0)::int as sum, min(balance_after)::int as least
       from code_movements where restaurant_id = $1 and code_id = $2`,
      [mine.id, id],
    );
    assert.equal(code.balance, code.value + moved[0]?.sum);
    assert.ok(code.balance >= 0 && (moved[0]?.least ?? 0) >= 0);
    return code;
  }

  test(`${ROUNDS} rounds of ${CALLERS} who redeem one single-use voucher: one wins each`, {
    timeout: 600_000,
  }, async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', usesPerCode: 1, target: ROUNDS, lowWater: 0 });
    for (let round = 0; round < ROUNDS; round += 1) {
      const [{ code, id }] = (await post(`/v1/code-pools/${pool.id}/claims`, round % 2 === 0 ? { value: 900 } : {}))
        .data;
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, (_, n) =>
          api.post('/v1/codes/redeem', { code }, { token: keys[n % KEYS] ?? '' }),
        ),
      );
      assert.deepEqual([count(answers, 200), count(answers, 409)], [1, CALLERS - 1], `round ${round}`);
      const { usesLeft, balance } = await assertBalanced(id);
      assert.deepEqual([usesLeft, balance], [0, 0]);
      // The limit of wrong codes is another test's.
      aheadMs += 16 * 60_000;
    }
    assert.equal((await statusOf(api, token, pool.id)).redeemed, ROUNDS);
  });

  test('fifty who take 300 of 1,000 at once: three get it, and 100 are left', async () => {
    const { code, id } = await voucherOf(1_000);
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, n) =>
        api.post('/v1/codes/redeem', { code, amount: 300 }, { token: keys[n % KEYS] ?? '' }),
      ),
    );
    assert.deepEqual([count(answers, 200), count(answers, 409)], [3, CALLERS - 3]);
    assert.equal((await assertBalanced(id)).balance, 100);
    aheadMs += 16 * 60_000;
  });

  test('ten orders paid at once with a voucher that is enough for four', async () => {
    const item = await api.item(token, { price: 500 });
    const { code, id } = await voucherOf(2_300);
    const orders = await Promise.all(
      Array.from({ length: 10 }, () => api.order(token, [{ menuItemId: item.id, quantity: 1 }])),
    );
    const answers = await Promise.all(
      orders.map((order, n) =>
        api.post(
          `/v1/orders/${order.id}/payments`,
          { method: 'voucher', amount: 500, code },
          { token: keys[n % KEYS] ?? '' },
        ),
      ),
    );
    assert.deepEqual([count(answers, 201), count(answers, 409)], [4, 6]);
    assert.equal((await assertBalanced(id)).balance, 300);
    const paid = await Promise.all(orders.map(({ id: orderId }) => get(`/v1/orders/${orderId}`)));
    assert.equal(paid.filter(({ paidTotal }) => paidTotal === 500).length, 4);
  });

  test('refunds, redemptions and payments of one voucher at once: the ledger and both sides agree', async () => {
    const item = await api.item(token, { price: 1_000 });
    for (let round = 0; round < Math.min(5, ROUNDS); round += 1) {
      const { code, id } = await voucherOf(1_500);
      const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
      const payment = await post(`/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 1_000, code });
      const answers = await Promise.all([
        ...Array.from({ length: 10 }, (_, n) =>
          api.post(
            `/v1/payments/${payment.id}/refunds`,
            { amount: 300, reason: 'cold' },
            { token: keys[n % KEYS] ?? '' },
          ),
        ),
        ...Array.from({ length: 10 }, (_, n) =>
          api.post('/v1/codes/redeem', { code, amount: 400 }, { token: keys[n % KEYS] ?? '' }),
        ),
      ]);
      const refunds = count(answers.slice(0, 10), 201);
      assert.equal(refunds, 3, 'a refund of more than was paid');
      const redeemed = count(answers.slice(10), 200);
      assert.equal((await assertBalanced(id)).balance, 500 + 900 - redeemed * 400);
      assert.equal((await get(`/v1/orders/${order.id}`)).refundedTotal, 900);
      aheadMs += 16 * 60_000;
    }
  });

  test('a transfer and redemptions at once: no money is made or lost', async () => {
    for (let round = 0; round < Math.min(5, ROUNDS); round += 1) {
      const { code, id } = await voucherOf(1_000);
      const [transfer, ...redeemed] = await Promise.all([
        api.post(`/v1/codes/${id}/transfer`, {}, { token }),
        ...Array.from({ length: 10 }, (_, n) =>
          api.post('/v1/codes/redeem', { code, amount: 150 }, { token: keys[n % KEYS] ?? '' }),
        ),
      ]);
      const left = 1_000 - 150 * count(redeemed, 200);
      if (transfer?.status === 201) assert.equal(transfer.body.value, left);
      else assert.equal((await assertBalanced(id)).balance, left);
      aheadMs += 16 * 60_000;
    }
  });

  test('twenty voids and releases of one code at once: one ends it', async () => {
    const { id } = await voucherOf(1_000);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        api.post(
          `/v1/codes/${id}/${n % 2 === 0 ? 'void' : 'release'}`,
          { reason: 'x' },
          { token: keys[n % KEYS] ?? '' },
        ),
      ),
    );
    assert.deepEqual([count(answers, 200), count(answers, 409)], [1, 19]);
    assert.equal((await assertBalanced(id)).balance, 0);
  });

  test('an instance that seemed dead goes on: its old lease gives nothing any more, and nothing twice', async () => {
    const pool = await makePool(api, mine, { kind: 'imported', target: 0, lowWater: 0, batch: 30 });
    const codes = Array.from({ length: 100 }, (_, n) => `addr${n}`);
    await post(`/v1/code-pools/${pool.id}/import`, { codes });
    // Without the background job, nobody sends a heartbeat: after 50 ms each holds the other for
    // dead.
    const instances = await Promise.all(
      Array.from({ length: 2 }, () => startApi({ database: api.database, codesDeadAfterMs: 50 })),
    );
    const given: string[] = [];
    try {
      for (let round = 0; round < 12; round += 1) {
        const at = instances[round % 2];
        const answer = await at?.post(`/v1/code-pools/${pool.id}/claims`, { count: 5 }, { token });
        if (answer?.status === 201) given.push(...answer.body.data.map(({ code }: Json) => code));
        await sleep(60);
      }
      assert.ok(given.length >= 50, `${given.length} of 60 codes were given`);
      for (let misses = 0; given.length < 100 && misses < 20; ) {
        const answer = await instances[misses % 2]?.post(`/v1/code-pools/${pool.id}/claims`, {}, { token });
        if (answer?.status === 201) given.push(...answer.body.data.map(({ code }: Json) => code));
        else {
          misses += 1;
          await sleep(60);
        }
      }
    } finally {
      for (const instance of instances) await instance.close();
    }
    assert.deepEqual([...given].sort(), [...codes].sort());
  });

  test('claims of fifty callers at two instances are all different', async () => {
    const second = await startApi({ database: api.database });
    try {
      for (const kind of ['pickup', 'voucher']) {
        const pool = await makePool(api, mine, { kind, target: 2_000, lowWater: 100 });
        const answers = await Promise.all(
          Array.from({ length: 200 }, (_, n) =>
            (n % 2 === 0 ? api : second).post(`/v1/code-pools/${pool.id}/claims`, { count: 3 }, { token }),
          ),
        );
        const given = answers.flatMap((answer) =>
          (answer.status === 201 ? answer.body.data : []).map(({ code }: Json) => code),
        );
        assert.equal(given.length, 600);
        assert.equal(new Set(given).size, 600);
      }
    } finally {
      await second.close();
    }
  });
});
