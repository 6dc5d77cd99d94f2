/** Cash where small coins are missing: decision 0045. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';

const DAY = '2026-11-04';
const EVENING = new Date(`${DAY}T18:00:00Z`);

describe('cash rounding', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi({ clock: () => EVENING });
  });
  after(() => api.close());

  const { get, post, patch, pay, complete, issued, refused } = new Factories(() => ({ api, token }));

  async function house(currency: string, settings: object = {}): Promise<(price: number) => Promise<Json>> {
    token = (await api.restaurant({ currency })).token;
    if (Object.keys(settings).length > 0) await patch('/v1/restaurant', settings);
    return async (price) => {
      const { id } = await api.item(token, { price, name: `Dish ${price}` });
      return api.order(token, [{ menuItemId: id, quantity: 1 }]);
    };
  }
  const refund = (payment: Json, fields: object) =>
    post(`/v1/payments/${payment.id}/refunds`, { reason: 'cold', ...fields });
  const textOf = async (path: string) =>
    (await api.get(path, { token, headers: { accept: 'text/plain' } })).text.replaceAll(/ +/g, ' ');

  test('rounds the cash that pays a bill, and nothing else of it', async () => {
    const order = await house('CHF');
    const { id, total } = await order(5_803);
    const receipt = await get(`/v1/orders/${id}/receipt`);
    assert.deepEqual([receipt.dueTotal, receipt.cashDue, receipt.roundingTotal], [5_803, 5_805, 0]);
    const paid = await pay(id, 'cash', 6_000);
    assert.deepEqual([paid.amount, paid.rounding, paid.tendered, paid.change], [5_803, 2, 6_000, 195]);
    const after = await get(`/v1/orders/${id}`);
    assert.deepEqual([after.total, after.paidTotal, after.dueTotal, after.paymentStatus], [total, 5_803, 0, 'paid']);
    const shown = await get(`/v1/orders/${id}/receipt`);
    assert.deepEqual([shown.roundingTotal, shown.payments[0].rounding], [2, 2]);
    assert.match(await textOf(`/v1/orders/${id}/receipt`), /Cash 60\.00\s+Rounding 0\.02\s+Change 1\.95/);
    const listed = await get(`/v1/orders/${id}/payments`);
    assert.equal(listed.payments[0].rounding, 2);
  });

  test('rounds only the cash that finishes a split bill, and no card', async () => {
    const order = await house('CHF');
    const { id } = await order(5_803);
    assert.equal((await pay(id, 'cash', 1_934)).rounding, 0);
    assert.equal((await pay(id, 'card', 1_934)).rounding, 0);
    // 19.35 is left.
    assert.deepEqual((await pay(id, 'cash', 1_935)).rounding, 0);
    const other = await order(5_802);
    await pay(other.id, 'card', 4_000);
    assert.equal((await pay(other.id, 'cash', 1_800)).rounding, -2);
    const byCard = await order(5_803);
    assert.equal((await pay(byCard.id, 'card', 5_803)).tendered, 5_803);
  });

  test('a rest below half a coin is paid by nothing, in cash alone', async () => {
    const order = await house('CHF');
    const { id } = await order(4_002);
    await refused(422, `/v1/orders/${id}/payments`, { method: 'cash', amount: 0 });
    await pay(id, 'card', 4_000);
    await refused(422, `/v1/orders/${id}/payments`, { method: 'card', amount: 0 });
    const paid = await pay(id, 'cash', 0);
    assert.deepEqual([paid.amount, paid.rounding, paid.tendered, paid.change], [2, -2, 0, 0]);
    assert.equal((await get(`/v1/orders/${id}`)).dueTotal, 0);
    await refused(422, `/v1/orders/${id}/payments`, { method: 'cash', amount: 0 });
  });

  test('follows the law of the country: a mixed bill is exact in Italy, and two cents are a coin in Slovakia', async () => {
    const italian = await house('EUR', { country: 'IT' });
    const mixed = await italian(5_803);
    await pay(mixed.id, 'card', 5_000);
    const rest = await get(`/v1/orders/${mixed.id}/receipt`);
    assert.deepEqual([rest.dueTotal, rest.cashDue], [803, 803]);
    assert.deepEqual([(await pay(mixed.id, 'cash', 805)).rounding], [0]);
    const alone = await italian(5_803);
    const whole = await pay(alone.id, 'cash', 5_805);
    assert.deepEqual([whole.rounding, (await refund(whole, { amount: 5_803 })).rounding], [2, 2]);
    // The whole of it went back, so it is paid anew, in cash alone.
    assert.equal((await pay(alone.id, 'cash', 5_803)).rounding, 2);
    const slovak = await house('EUR', { country: 'SK' });
    const small = await slovak(1_002);
    await pay(small.id, 'card', 1_000);
    await refused(422, `/v1/orders/${small.id}/payments`, { method: 'cash', amount: 0 });
    const coin = await pay(small.id, 'cash', 2);
    assert.deepEqual([coin.amount, coin.rounding, coin.tendered, coin.change], [2, 3, 5, 0]);
    assert.equal((await refund(coin, { amount: 2 })).rounding, 3);
  });

  test('two tills that finish a bill at once round it once', async () => {
    const order = await house('CHF');
    const { id } = await order(5_803);
    const body = { method: 'cash', amount: 5_805 };
    const answers = await Promise.all([1, 2, 3, 4].map(() => api.post(`/v1/orders/${id}/payments`, body, { token })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(answers.filter(({ status }) => status === 409).length, 3);
    const { payments } = await get(`/v1/orders/${id}/payments`);
    assert.deepEqual(
      payments.map(({ rounding }: Json) => rounding),
      [2],
    );
  });

  test('refunds in cash mirror the payment, by card they are exact', async () => {
    const order = await house('CHF');
    const sold = await order(5_803);
    const paid = await pay(sold.id, 'cash', 5_805);
    await complete(sold.id);
    assert.equal((await refund(paid, { amount: 2_001 })).rounding, -1);
    assert.equal((await refund(paid, { amount: 1_001, method: 'card' })).rounding, 0);
    // Of the cash, 20.00 went back: a card took a part, so the rest is rounded by itself.
    const rest = await refund(paid, { amount: 2_801 });
    assert.deepEqual([rest.amount, rest.rounding], [2_801, -1]);
    const again = await order(5_803);
    const whole = await pay(again.id, 'cash', 5_805);
    await complete(again.id);
    assert.equal((await refund(whole, { amount: 2_001 })).rounding, -1);
    assert.equal((await refund(whole, { amount: 3_802 })).rounding, 3);
    const byCard = await order(5_803);
    const card = await pay(byCard.id, 'card', 5_803);
    await complete(byCard.id);
    assert.equal((await refund(card, { amount: 5_803, method: 'cash' })).rounding, 2);
  });

  test('is a line of its own in the day, its close, its print and the sales report', async () => {
    const order = await house('CHF', { country: 'CH' });
    const sales = [5_803, 5_802, 5_803];
    for (const [index, price] of sales.entries()) {
      const { id } = await order(price);
      const paid = await pay(id, index === 2 ? 'card' : 'cash', price === 5_802 ? 5_800 : 5_803);
      await complete(id);
      if (index === 0) await refund(paid, { amount: 1_003 });
    }
    // +2 for the first, -2 for the second, and 10.05 given back for 10.03.
    const day = await get(`/v1/business-days/${DAY}`);
    assert.equal(day.roundingTotal, 2 - 2 - 2);
    assert.equal(day.cash.expected, 5_805 + 5_800 - 1_005);
    const { salesKept, moneyKept, dueTotal, otherDays } = day.balance;
    assert.equal(salesKept, moneyKept + dueTotal + otherDays);
    assert.equal(moneyKept + day.roundingTotal, 5_805 + 5_800 + 5_803 - 1_005);
    const report = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}`);
    assert.deepEqual([report.roundingTotal, report.total], [-2, 17_408]);
    const closed = await post(`/v1/business-days/${DAY}/close`, { countedCash: 10_600, acceptEarly: true });
    assert.deepEqual([closed.roundingTotal, closed.cash.difference], [-2, 0]);
    assert.match(await textOf(`/v1/documents/${closed.documentId}.txt`), /Rounding -0\.02/);
  });

  test('is printed on receipts, and no part of an invoice', async () => {
    const order = await house('CHF', { country: 'CH', vatId: 'CHE123456789MWST' });
    const { id } = await order(5_803);
    const paid = await pay(id, 'cash', 5_805);
    await complete(id);
    const made = await issued({ type: 'receipt', orderId: id });
    assert.deepEqual([made.total, made.details.payments[0].rounding], [5_803, 2]);
    assert.match(await textOf(`/v1/documents/${made.id}.txt`), /Cash 58\.05\s+Rounding 0\.02/);
    const invoice = await issued({ type: 'invoice', orderId: id, customer: { name: 'Firma', country: 'CH' } });
    const xml = (await api.get(`/v1/documents/${invoice.id}.xml`, { token })).text;
    assert.match(xml, /<cbc:PrepaidAmount[^>]*>58\.03</);
    assert.match(xml, /<cbc:PayableAmount[^>]*>0\.00</);
    assert.equal(paid.rounding, 2);
  });

  test('a reversed payment in cash leaves no difference behind', async () => {
    const order = await house('CHF');
    const { id } = await order(5_803);
    const paid = await pay(id, 'cash', 5_805);
    assert.equal((await refund(paid, { amount: 5_803 })).rounding, 2);
    await pay(id, 'card', 5_803);
    await complete(id);
    const made = await issued({ type: 'receipt', orderId: id });
    assert.deepEqual(made.details.payments, [{ method: 'card', amount: 5_803, tip: 0, tendered: 5_803, change: 0 }]);
    assert.equal((await get(`/v1/business-days/${DAY}`)).roundingTotal, 0);
  });

  test('is a setting of the restaurant, with the rule of its currency and country as the default', async () => {
    const order = await house('CHF');
    assert.deepEqual(
      [(await get('/v1/restaurant')).cashRounding, (await get('/v1/restaurant')).cashIncrement],
      [null, 5],
    );
    assert.equal((await patch('/v1/restaurant', { cashRounding: 0 })).cashIncrement, 0);
    const { id } = await order(5_803);
    assert.deepEqual((await pay(id, 'cash', 5_805)).change, 2);
    const euros = await house('EUR');
    assert.equal((await get('/v1/restaurant')).cashIncrement, 0);
    assert.equal((await patch('/v1/restaurant', { country: 'FI' })).cashIncrement, 5);
    assert.equal((await patch('/v1/restaurant', { country: 'NL' })).cashIncrement, 0);
    assert.equal((await patch('/v1/restaurant', { cashRounding: 5 })).cashIncrement, 5);
    assert.equal((await pay((await euros(1_002)).id, 'cash', 1_000)).rounding, -2);
    for (const cashRounding of [-1, 1_000_001, 0.05, '5']) {
      const { version } = await get('/v1/restaurant');
      const headers = { 'if-match': `"${version}"` };
      const problem = expectStatus(422, await api.patch('/v1/restaurant', { cashRounding }, { token, headers }));
      assert.match(problem.errors[0].message, /smallest amount in cash/);
    }
  });

  test('the database keeps what is handed over equal to its parts', async () => {
    const order = await house('CHF');
    const { id } = await order(5_803);
    await pay(id, 'cash', 5_805);
    const { ownerUrl } = api.database;
    await withClient(ownerUrl, async (client) => {
      await assert.rejects(
        client.query('update payments set rounding = 7 where order_id = $1', [id]),
        /payments_tender_check/,
      );
    });
  });
});
