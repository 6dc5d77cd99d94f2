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
  let food: string;
  let wine: string;

  before(async () => {
    api = await startApi();
    other = await startApi({ database: api.database });
    mine = await api.restaurant({ timezone: 'UTC' });
    ({ token } = mine);
    const pool = await makePool(api, mine, { kind: 'voucher' });
    voucher = (await api.item(token, { name: 'Voucher', price: 1_000, taxIds: [], voucherPoolId: pool.id })).id;
  });
  before(async () => {
    food = (await api.item(token, { name: 'Food', price: 1_000, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 1_000, taxIds: [(await tax('19', true)).id] })).id;
  });
  after(async () => {
    await other.close();
    await api.close();
  });

  const { post, pay, tax } = new Factories(() => ({ api, token }));
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

  test('paying with a single-purpose voucher and refunding its sale: one of them, and its tax once', async () => {
    const taxIds = [(await tax('19', true)).id];
    const pool = await makePool(api, mine, { kind: 'voucher', taxKind: 'single_purpose' });
    const taxed = (await api.item(token, { name: 'Dinner', price: 1_000, taxIds, voucherPoolId: pool.id })).id;
    for (let round = 0; round < 5; round += 1) {
      const sale = await api.order(token, [{ menuItemId: taxed, quantity: 1 }]);
      const { id } = await pay(sale.id, 'card', 1_000);
      const [code] = (await post(`/v1/orders/${sale.id}/lines/${sale.lines[0].id}/vouchers`, {})).data;
      const meal = await api.order(token, [{ menuItemId: food, quantity: 1 }]);
      const body = { method: 'voucher', amount: 1_000, code: code.code };
      // Whoever refunds voids the line first.
      const giveBack = async (): Promise<number> => {
        const path = `/v1/orders/${sale.id}/lines/${sale.lines[0].id}`;
        const dropped = await other.delete(path, { reason: 'mistake' }, { token });
        if (dropped.status !== 200) return dropped.status;
        return (await other.post(`/v1/payments/${id}/refunds`, { amount: 1_000, reason: 'back' }, { token })).status;
      };
      const [paid, back] = await Promise.all([api.post(`/v1/orders/${meal.id}/payments`, body, { token }), giveBack()]);
      assert.deepEqual(
        [paid.status, back].sort((a, b) => a - b),
        [201, 409],
      );
      const [stored] = await rowsOf(api, 'select prepaid from codes where restaurant_id = $1 and id = $2', [
        mine.id,
        code.id,
      ]);
      assert.equal(stored!['prepaid'], null);
      // 10.00 x 19/119, in the payment or gone with the sale.
      if (paid.status === 201) assert.equal(paid.body.prepaid.charges[0].taxes[0].amount, 160);
    }
  });

  test('two payments with one single-purpose voucher at two instances take it once', async () => {
    const taxIds = [(await tax('19', true)).id];
    const pool = await makePool(api, mine, { kind: 'voucher', taxKind: 'single_purpose' });
    const taxed = (await api.item(token, { name: 'Dinner', price: 1_000, taxIds, voucherPoolId: pool.id })).id;
    const sale = await api.order(token, [{ menuItemId: taxed, quantity: 1 }]);
    await pay(sale.id, 'card', 1_000);
    const [code] = (await post(`/v1/orders/${sale.id}/lines/${sale.lines[0].id}/vouchers`, {})).data;
    const meals = await Promise.all(
      Array.from({ length: 8 }, () => api.order(token, [{ menuItemId: food, quantity: 1 }])),
    );
    const answers = await Promise.all(
      meals.map((meal, index) =>
        (index % 2 ? api : other).post(
          `/v1/orders/${meal.id}/payments`,
          { method: 'voucher', amount: 301, code: code.code },
          { token },
        ),
      ),
    );
    const paid = answers.filter(({ status }) => status === 201).map(({ body }) => body.prepaid);
    assert.equal(paid.length, 3);
    const found = (await api.get(`/v1/codes/${code.id}`, { token })).body;
    const taxOf = (prepaid: Json): number => prepaid.charges[0].taxes[0].amount;
    assert.equal(found.prepaid.amount, 97);
    assert.equal(taxOf(found.prepaid) + paid.reduce((sum, one) => sum + taxOf(one), 0), 160);
  });

  test('deposits at two instances never prepay more than the bill, and together have its taxes', async () => {
    const lines = [food, wine].map((menuItemId) => ({ menuItemId, quantity: 1 }));
    const order = await api.order(token, lines);
    const body = { method: 'card', amount: 371, deposit: true };
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        (index % 2 ? api : other).post(`/v1/orders/${order.id}/payments`, body, { token }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 201).length;
    assert.equal(taken, Math.floor(order.total / 371));
    await post(`/v1/orders/${order.id}/payments`, { ...body, amount: order.total - 371 * taken });
    const { payments } = (await api.get(`/v1/orders/${order.id}/payments`, { token })).body;
    const taxes = payments.flatMap(({ prepaid }: Json) => prepaid.charges.flatMap((charge: Json) => charge.taxes));
    const total = taxes.reduce((sum: number, { amount }: Json) => sum + amount, 0);
    assert.equal(total, order.taxTotal);
  });

  test('keeping deposits and giving one back at once: the tax of what is left, once', async () => {
    let today = '';
    for (let round = 0; round < 4; round += 1) {
      const order = await api.order(token, [{ menuItemId: food, quantity: 1 }]);
      today = order.businessDate;
      const deposit = { method: 'card', amount: 500, deposit: true };
      const paid = await post(`/v1/orders/${order.id}/payments`, deposit);
      const path = `/v1/payments/${paid.id}/refunds`;
      const [kept, back] = await Promise.all([
        api.post(`/v1/orders/${order.id}/keep-deposit`, { reason: 'gone', taxed: true }, { token }),
        other.post(path, { amount: 200, reason: 'kind' }, { token }),
      ]);
      assert.deepEqual([kept.status, back.status], [200, 201]);
      const after = (await api.get(`/v1/orders/${order.id}`, { token })).body;
      assert.deepEqual([after.refundedSaleTotal, after.paidTotal - after.refundedTotal], [-300, 300]);
    }
    const { deposits, balance } = (await api.get(`/v1/business-days/${today}`, { token })).body;
    assert.ok(deposits.released.amount > 0);
    assert.equal(balance.salesKept, balance.moneyKept + balance.dueTotal + balance.otherDays);
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
