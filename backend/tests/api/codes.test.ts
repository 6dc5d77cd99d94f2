/** Codes that were handed out: redeemed, refused, ended, replaced, and owed. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool, rowsOf, statusOf } from '../support/codes.js';
import { expectProblem } from '../support/problem.js';

const DAY_MS = 86_400_000;

describe('codes', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let token: string;
  let aheadMs = 0;

  before(async () => {
    api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
  });
  beforeEach(async () => {
    aheadMs = 0;
    mine = await api.restaurant();
    token = await api.apiKey(mine.token);
  });
  after(() => api.close());

  const post = async (path: string, body: object = {}, status = 200): Promise<Json> =>
    expectStatus(status, await api.post(path, body, { token }));
  const refused = async (status: number, path: string, body: object = {}, as = token): Promise<Json> =>
    expectProblem(status, await api.post(path, body, { token: as }), path);
  const get = async (path: string): Promise<Json> => expectStatus(200, await api.get(path, { token }));
  const pool = (fields: Json = {}) => makePool(api, mine, { kind: 'voucher', ...fields });
  const claimOne = async (poolId: string, body: object = {}): Promise<Json> =>
    (await post(`/v1/code-pools/${poolId}/claims`, body, 201)).data[0];
  const voucherOf = async (value: number, fields: Json = {}) => claimOne((await pool({ value, ...fields })).id);
  /** A caller who may redeem and nothing else. */
  const stranger = async (): Promise<string> =>
    (await post('/v1/api-keys', { name: 'stranger', scopes: ['codes:redeem'] }, 201)).secret;

  test('a voucher is redeemed in parts, down to zero and never below', async () => {
    const { code, id } = await voucherOf(5_000);
    assert.deepEqual(
      (({ amount, balance }) => ({ amount, balance }))(await post('/v1/codes/redeem', { code, amount: 1_999 })),
      {
        amount: 1_999,
        balance: 3_001,
      },
    );
    const problem = await refused(409, '/v1/codes/redeem', { code, amount: 3_002 });
    assert.match(problem.detail, /30\.01 EUR/);
    assert.equal((await post('/v1/codes/redeem', { code })).amount, 3_001);
    await refused(409, '/v1/codes/redeem', { code, amount: 1 });
    const story = await get(`/v1/codes/${id}`);
    assert.deepEqual(
      story.movements.map(({ kind, amount, balanceAfter }: Json) => [kind, amount, balanceAfter]),
      [
        ['redeem', 3_001, 0],
        ['redeem', 1_999, 3_001],
      ],
    );
    assert.equal((await statusOf(api, token, story.poolId)).redeemed, 2);
  });

  test('it is read however a guest types it', async () => {
    const { code } = await voucherOf(500);
    const typed = ` ${code
      .toLowerCase()
      .replaceAll('0', 'o')
      .replaceAll('1', 'l')
      .replaceAll(/(.{4})/g, '$1-')} `;
    assert.equal((await post('/v1/codes/redeem', { code: typed })).amount, 500);
  });

  test('unknown, spent, expired, void and mistyped codes look alike to strangers', async () => {
    const key = await stranger();
    const { id: poolId } = await pool({ value: 100, expiresAfterDays: 10 });
    const [spent, expired, ended] = [await claimOne(poolId), await claimOne(poolId), await claimOne(poolId)];
    await post('/v1/codes/redeem', { code: spent.code });
    await post(`/v1/codes/${ended.id}/void`, { reason: 'stolen' });
    aheadMs = 11 * DAY_MS;
    const problems = [];
    for (const code of ['0000000000000000', spent.code, expired.code, ended.code, `${spent.code}X`]) {
      const { requestId: _, ...problem } = await refused(409, '/v1/codes/redeem', { code }, key);
      problems.push(problem);
    }
    for (const problem of problems) assert.deepEqual(problem, problems[0]);
    const { detail } = await refused(409, '/v1/codes/redeem', { code: expired.code });
    assert.match(detail, /expired/, 'whoever may read codes is told the reason');
  });

  test('wrong codes are counted by caller; the limit ends after a quarter of an hour', async () => {
    const [key, other] = [await stranger(), await stranger()];
    const { code } = await voucherOf(100);
    const burst = await Promise.all(
      Array.from({ length: 60 }, (_, n) => api.post('/v1/codes/redeem', { code: `WRONG${n}` }, { token: key })),
    );
    const counts = [409, 429].map((status) => burst.filter((answer) => answer.status === status).length);
    assert.deepEqual(counts, [30, 30]);
    const limited = await api.post('/v1/codes/redeem', { code }, { token: key });
    assert.equal(limited.status, 429);
    assert.ok(Number(limited.headers.get('retry-after')) > 0);
    aheadMs = 16 * 60_000;
    assert.equal(expectStatus(200, await api.post('/v1/codes/redeem', { code }, { token: other })).amount, 100);
    assert.equal((await api.post('/v1/codes/redeem', { code }, { token: key })).status, 409);
  });

  test('right codes never use up the limit', async () => {
    const { code } = await voucherOf(100);
    for (let count = 0; count < 40; count += 1) await post('/v1/codes/redeem', { code, amount: 1 });
  });

  test('a voucher without money is used as often as it may be', async () => {
    const once = await claimOne((await pool()).id);
    assert.equal((await post('/v1/codes/redeem', { code: once.code })).usesLeft, 0);
    await refused(409, '/v1/codes/redeem', { code: once.code });
    const thrice = await claimOne((await pool({ usesPerCode: 3 })).id);
    await refused(422, '/v1/codes/redeem', { code: thrice.code, amount: 5 });
    for (const left of [2, 1, 0]) assert.equal((await post('/v1/codes/redeem', { code: thrice.code })).usesLeft, left);
    await refused(409, '/v1/codes/redeem', { code: thrice.code });
  });

  test('only a code of the named pool counts', async () => {
    const { code } = await voucherOf(100);
    const { id: poolId } = await pool();
    await refused(409, '/v1/codes/redeem', { code, poolId });
  });

  test('looking at a code changes nothing', async () => {
    const { code, id } = await voucherOf(100);
    for (let count = 0; count < 2; count += 1) {
      const seen = await post('/v1/codes/look-up', { code });
      assert.deepEqual([seen.id, seen.balance], [id, 100]);
      assert.ok(!JSON.stringify(seen).includes(code));
    }
    await refused(409, '/v1/codes/look-up', { code: 'nothing' });
  });

  test('a void code is over; a released one too, unless it was used', async () => {
    const { id: poolId } = await pool({ value: 100 });
    const [first, second, third] = [await claimOne(poolId), await claimOne(poolId), await claimOne(poolId)];
    assert.equal((await post(`/v1/codes/${first.id}/void`, { reason: 'stolen' })).status, 'void');
    await refused(409, `/v1/codes/${first.id}/void`, { reason: 'again' });
    assert.equal((await post(`/v1/codes/${second.id}/release`, { reason: 'not sold' })).balance, 0);
    await post('/v1/codes/redeem', { code: third.code, amount: 1 });
    await refused(409, `/v1/codes/${third.id}/release`, { reason: 'used' });
  });

  test('a released code from elsewhere returns to its pool and can be claimed again', async () => {
    const { id: poolId } = await makePool(api, mine, { kind: 'imported', target: 0, lowWater: 0 });
    await post(`/v1/code-pools/${poolId}/import`, { codes: ['addrOne', 'addrTwo'] }, 201);
    const one = await claimOne(poolId);
    await claimOne(poolId);
    await post(`/v1/codes/${one.id}/release`, { reason: 'the guest left' });
    assert.equal((await claimOne(poolId)).code, 'addrOne');
    await refused(503, `/v1/code-pools/${poolId}/claims`);
    assert.equal((await post('/v1/codes/redeem', { code: 'addrOne' })).usesLeft, 0);
  });

  test('the last code of a pool is claimed while the next lease is taken', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id: poolId } = await makePool(api, mine, { kind: 'imported', target: 0, lowWater: 0 });
      await post(`/v1/code-pools/${poolId}/import`, { codes: [`first${round}`, `second${round}`] }, 201);
      const one = await claimOne(poolId);
      await claimOne(poolId);
      // A code of a lease of its own: its claim makes the lease end.
      await post(`/v1/codes/${one.id}/release`, { reason: 'the guest left' });
      assert.equal((await claimOne(poolId)).code, `first${round}`, `round ${round}`);
    }
  });

  test('a transfer moves what is left to a new code, once', async () => {
    const { id, code } = await voucherOf(1_000, { expiresAfterDays: 30 });
    await post('/v1/codes/redeem', { code, amount: 400 });
    const fresh = await post(`/v1/codes/${id}/transfer`, { holder: 'Ben' }, 201);
    assert.deepEqual([fresh.value, fresh.code === code], [600, false]);
    await refused(409, '/v1/codes/redeem', { code });
    await refused(409, `/v1/codes/${id}/transfer`);
    assert.equal((await get(`/v1/codes/${id}`)).toCodeId, fresh.id);
    const story = await get(`/v1/codes/${fresh.id}`);
    assert.deepEqual([story.fromCodeId, story.holder], [id, 'Ben']);
    assert.equal((await post('/v1/codes/redeem', { code: fresh.code })).amount, 600);
  });

  test('a transfer at the fixed value of a pool keeps what is left, not the value', async () => {
    const { id, code } = await voucherOf(1_000);
    await post('/v1/codes/redeem', { code, amount: 999 });
    assert.equal((await post(`/v1/codes/${id}/transfer`, {}, 201)).value, 1);
  });

  describe('paying with a voucher', () => {
    async function orderOf(price: number): Promise<Json> {
      const item = await api.item(token, { price });
      return api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    }
    const balanceOf = async (id: string): Promise<number> => (await get(`/v1/codes/${id}`)).balance;

    test('takes the amount and the tip in the transaction of the payment, and the refund returns it', async () => {
      const { code, id } = await voucherOf(5_000);
      const order = await orderOf(2_000);
      const payment = await post(
        `/v1/orders/${order.id}/payments`,
        { method: 'voucher', amount: 2_000, tip: 300, code },
        201,
      );
      assert.equal(payment.reference, `voucher …${code.slice(-4)}`);
      assert.equal(await balanceOf(id), 2_700);
      assert.equal((await get(`/v1/orders/${order.id}`)).paymentStatus, 'paid');
      await post(`/v1/payments/${payment.id}/refunds`, { amount: 500, reason: 'cold' }, 201);
      assert.equal(await balanceOf(id), 3_200);
      await post(`/v1/payments/${payment.id}/refunds`, { amount: 1_800, reason: 'cold' }, 201);
      assert.equal(await balanceOf(id), 5_000);
      await refused(409, `/v1/payments/${payment.id}/refunds`, { amount: 1, reason: 'too much' });
      const kinds = (await get(`/v1/codes/${id}`)).movements.map(({ kind, orderId }: Json) => [kind, orderId]);
      assert.deepEqual(kinds, [
        ['refund', order.id],
        ['refund', order.id],
        ['redeem', order.id],
      ]);
    });

    test('a refund in cash leaves the voucher as it is', async () => {
      const { code, id } = await voucherOf(5_000);
      const order = await orderOf(2_000);
      const payment = await post(`/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 2_000, code }, 201);
      const refund = { amount: 500, reason: 'cold', method: 'cash' };
      assert.equal((await post(`/v1/payments/${payment.id}/refunds`, refund, 201)).method, 'cash');
      assert.equal(await balanceOf(id), 3_000);
      await post(`/v1/payments/${payment.id}/refunds`, { amount: 1_500, reason: 'cold' }, 201);
      assert.equal(await balanceOf(id), 4_500);
    });

    test('a payment that is refused takes nothing', async () => {
      const { code, id } = await voucherOf(1_000);
      const order = await orderOf(2_000);
      await refused(409, `/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 1_500, code });
      await refused(409, `/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 2_500, code });
      await refused(422, `/v1/orders/${order.id}/payments`, { method: 'card', amount: 500, code });
      assert.equal(await balanceOf(id), 1_000);
      assert.equal((await get(`/v1/orders/${order.id}`)).paidTotal, 0);
      await refused(409, `/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 100, code: 'WRONG' });
    });

    test('one key pays once', async () => {
      const { code, id } = await voucherOf(1_000);
      const order = await orderOf(2_000);
      const pay = () =>
        api.post(
          `/v1/orders/${order.id}/payments`,
          { method: 'voucher', amount: 600, code },
          { token, headers: { 'idempotency-key': 'p' } },
        );
      const [first, second] = [expectStatus(201, await pay()), expectStatus(201, await pay())];
      assert.equal(first.id, second.id);
      assert.equal(await balanceOf(id), 400);
    });

    test('a refund follows a transferred voucher, and an expired one is valid again for thirty days', async () => {
      const { code, id } = await voucherOf(1_000, { expiresAfterDays: 10 });
      const order = await orderOf(800);
      const payment = await post(`/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 800, code }, 201);
      const fresh = await post(`/v1/codes/${id}/transfer`, {}, 201);
      aheadMs = 20 * DAY_MS;
      await post(`/v1/payments/${payment.id}/refunds`, { amount: 800, reason: 'cancelled' }, 201);
      assert.equal(await balanceOf(fresh.id), 1_000);
      aheadMs = 49 * DAY_MS;
      assert.equal((await post('/v1/codes/redeem', { code: fresh.code })).amount, 1_000);
    });

    test('nothing can be returned onto a void voucher', async () => {
      const { code, id } = await voucherOf(1_000);
      const order = await orderOf(800);
      const payment = await post(`/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 800, code }, 201);
      await post(`/v1/codes/${id}/void`, { reason: 'stolen' });
      await refused(409, `/v1/payments/${payment.id}/refunds`, { amount: 800, reason: 'cold' });
      assert.equal((await get(`/v1/orders/${order.id}`)).refundedTotal, 0);
    });

    test('a voucher from elsewhere is still only a reference', async () => {
      const order = await orderOf(800);
      const payment = await post(
        `/v1/orders/${order.id}/payments`,
        { method: 'voucher', amount: 800, reference: 'paper 7' },
        201,
      );
      await post(`/v1/payments/${payment.id}/refunds`, { amount: 800, reason: 'cold' }, 201);
    });
  });

  test('the liability report adds up: issued, redeemed, expired and cancelled, by tax kind', async () => {
    const day = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 10);
    const multi = await pool({ value: 1_000, expiresAfterDays: 5 });
    const single = await pool({ value: 300, taxKind: 'single_purpose' });
    const [one, two, three] = [await claimOne(multi.id), await claimOne(multi.id), await claimOne(multi.id)];
    const lunch = await claimOne(single.id);
    await post('/v1/codes/redeem', { code: one.code, amount: 250 });
    await post('/v1/codes/redeem', { code: lunch.code });
    await post(`/v1/codes/${two.id}/void`, { reason: 'stolen' });
    await post(`/v1/codes/${three.id}/transfer`, {}, 201);
    aheadMs = 6 * DAY_MS;
    assert.equal(await api.context.codePools.codes.expire(mine.id, () => false), 2);
    assert.equal(await api.context.codePools.codes.expire(mine.id, () => false), 0);
    const now = await get(`/v1/reports/voucher-liability?from=${day(-DAY_MS)}&to=${day(DAY_MS)}`);
    assert.equal(now.currency, 'EUR');
    assert.deepEqual(now.data, [
      { taxKind: 'single_purpose', opening: 0, issued: 300, redeemed: 300, expired: 0, cancelled: 0, outstanding: 0 },
      {
        taxKind: 'multi_purpose',
        opening: 0,
        issued: 3_000,
        redeemed: 250,
        expired: 0,
        cancelled: 1_000,
        outstanding: 1_750,
      },
    ]);
    const later = await get(`/v1/reports/voucher-liability?from=${day(5 * DAY_MS)}&to=${day(7 * DAY_MS)}`);
    assert.deepEqual(later.data[1], {
      taxKind: 'multi_purpose',
      opening: 1_750,
      issued: 0,
      redeemed: 0,
      expired: 1_750,
      cancelled: 0,
      outstanding: 0,
    });
    const [stored] = await rowsOf(api, 'select sum(balance)::int as owed from codes where restaurant_id = $1', [
      mine.id,
    ]);
    assert.equal(stored?.owed, 0);
  });

  describe('tokens of tables', () => {
    const tables = (cool = 0) => makePool(api, mine, { kind: 'table', target: 0, lowWater: 0, coolDownSeconds: cool });
    const tokenOf = async (poolId: string, table: string): Promise<Json> =>
      (await post(`/v1/code-pools/${poolId}/claims`, { tables: [table] }, 201)).data[0];

    test('a table keeps its token; it is reusable, and names the table', async () => {
      const { id: poolId } = await tables();
      const { data } = await post(`/v1/code-pools/${poolId}/claims`, { tables: ['12', 'Terrace', '12'] }, 201);
      assert.deepEqual(
        data.map(({ table }: Json) => table),
        ['12', 'Terrace', '12'],
      );
      assert.equal(data[0].code, data[2].code);
      assert.equal((await tokenOf(poolId, '12')).code, data[0].code);
      for (let count = 0; count < 3; count += 1)
        assert.equal((await post('/v1/codes/redeem', { code: data[1].code })).table, 'Terrace');
      assert.equal((await statusOf(api, token, poolId)).claimed, 2);
    });

    test('every changed letter is refused: the signature covers all', async () => {
      const { id: poolId } = await tables();
      const { code } = await tokenOf(poolId, '1');
      for (const at of [0, 9, 11, 12, 23]) {
        const letter = code[at] === 'A' ? 'B' : 'A';
        await refused(409, '/v1/codes/redeem', { code: code.slice(0, at) + letter + code.slice(at + 1) });
      }
    });

    test('a revoked token opens nothing; the table gets the next version', async () => {
      const { id: poolId } = await tables();
      const old = await tokenOf(poolId, '7');
      const other = await tokenOf(poolId, '8');
      assert.equal((await post(`/v1/table-tokens/${old.id}/revoke`)).isRevoked, true);
      await refused(409, '/v1/codes/redeem', { code: old.code });
      const fresh = await tokenOf(poolId, '7');
      assert.notEqual(fresh.code, old.code);
      assert.equal((await post('/v1/codes/redeem', { code: fresh.code })).table, '7');
      await refused(409, '/v1/codes/redeem', { code: old.code });
      assert.equal((await post('/v1/codes/redeem', { code: other.code })).table, '8');
    });

    test('cooling down: of twenty scans at once one counts, and the next after the time', async () => {
      const { id: poolId } = await tables(60);
      const { code } = await tokenOf(poolId, '3');
      const scan = () => api.post('/v1/codes/redeem', { code }, { token });
      const scans = await Promise.all(Array.from({ length: 20 }, scan));
      assert.equal(scans.filter(({ status }) => status === 200).length, 1);
      aheadMs = 61_000;
      expectStatus(200, await scan());
    });

    test('only tables have tokens, and a table pool has nothing else', async () => {
      const { id: poolId } = await tables();
      await refused(422, `/v1/code-pools/${poolId}/claims`, { count: 1 });
      await refused(422, `/v1/code-pools/${(await pool()).id}/claims`, { tables: ['1'] });
    });
  });
});
