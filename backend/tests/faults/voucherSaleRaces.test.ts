/**
 * Vouchers of one order under many callers: handed out once, and never worth more than was paid.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool, rowsOf } from '../support/codes.js';
import { Factories } from '../support/factories.js';

describe('races for the vouchers of an order', () => {
  let api: TestApi;
  let other: TestApi;
  let mine: TestRestaurant;
  let token: string;
  let voucher: string;

  before(async () => {
    api = await startApi();
    other = await startApi({ database: api.database });
    mine = await api.restaurant();
    ({ token } = mine);
    const pool = await makePool(api, mine, { kind: 'voucher' });
    voucher = (await api.item(token, { name: 'Voucher', price: 1_000, taxIds: [], voucherPoolId: pool.id })).id;
  });
  after(async () => {
    await other.close();
    await api.close();
  });

  const { post, pay } = new Factories(() => ({ api, token }));
  const sold = async (): Promise<{ sale: Json; path: string; paymentId: string }> => {
    const sale = await api.order(token, [{ menuItemId: voucher, quantity: 2 }]);
    const { id } = await pay(sale.id, 'card', 2_000);
    return { sale, path: `/v1/orders/${sale.id}/lines/${sale.lines[0].id}/vouchers`, paymentId: id };
  };
  const worthOf = async ({ lines }: Json): Promise<number> => {
    const sql =
      'select coalesce(sum(balance), 0)::int as worth from codes where restaurant_id = $1 and order_line_id = $2';
    return (await rowsOf(api, sql, [mine.id, lines[0].id]))[0]!.worth;
  };

  test('many callers at two instances: one gets them', async () => {
    const { sale, path } = await sold();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => (index % 2 ? api : other).post(path, {}, { token })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
    assert.equal(await worthOf(sale), 2_000);
  });

  test('handing out and giving the money back: one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { sale, path, paymentId } = await sold();
      const back = { amount: 2_000, reason: 'returned' };
      const [handed, refunded] = await Promise.all([
        api.post(path, {}, { token }),
        other.post(`/v1/payments/${paymentId}/refunds`, back, { token }),
      ]);
      assert.deepEqual(
        [handed.status, refunded.status].sort((a, b) => a - b),
        [201, 409],
      );
      assert.equal(await worthOf(sale), handed.status === 201 ? 2_000 : 0);
    }
  });

  test('spending a voucher and voiding its line: one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { sale, path } = await sold();
      const [code] = (await post(path, {})).data;
      const [spent, voided] = await Promise.all([
        api.post('/v1/codes/redeem', { code: code.code }, { token }),
        other.delete(`/v1/orders/${sale.id}/lines/${sale.lines[0].id}`, { reason: 'mistake' }, { token }),
      ]);
      assert.deepEqual(
        [spent.status, voided.status].sort((a, b) => a - b),
        [200, 409],
      );
      assert.equal(await worthOf(sale), spent.status === 200 ? 1_000 : 0);
    }
  });
});
