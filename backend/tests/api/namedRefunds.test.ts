/**
 * Refunds that say what they are for: lines with their own taxes, goodwill, a tip, and a method.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';

describe('refunds that name what they are for', () => {
  let api: TestApi;
  let token: string;
  let food: string;
  let wine: string;
  let taxed: string;

  before(async () => {
    api = await startApi({ clock: () => new Date(`${DAY}T19:00:00Z`) });
  });
  after(() => api.close());
  beforeEach(async () => {
    token = await api.apiKey((await api.restaurant()).token);
    food = (await api.item(token, { name: 'Food', price: 5_000, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 5_000, taxIds: [(await tax('19', true)).id] })).id;
    taxed = (await api.item(token, { name: 'Box', price: 1_000, taxIds: [(await tax('8.875', false)).id] })).id;
  });

  const { get, post, tax, pay, complete, actOnOrder } = new Factories(() => ({ api, token }));
  const refund = (paymentId: string, fields: object) =>
    api.post(`/v1/payments/${paymentId}/refunds`, { reason: 'corked', ...fields }, { token });
  const refunded = async (paymentId: string, fields: object): Promise<Json> =>
    expectStatus(201, await refund(paymentId, fields));
  const takeBack = async (id: string, lineId: string): Promise<Json> =>
    expectStatus(200, await api.delete(`/v1/orders/${id}/lines/${lineId}`, { reason: 'corked' }, { token }));
  const ratesOf = (taxes: Json[]) => Object.fromEntries(taxes.map(({ rate, amount }) => [rate, amount]));

  async function dinner(tip = 1_000, ids = [food, wine], quantity = 1): Promise<{ order: Json; payment: Json }> {
    const { id, dueTotal } = await api.order(
      token,
      ids.map((menuItemId) => ({ menuItemId, quantity })),
    );
    const payment = await pay(id, 'card', dueTotal, tip);
    return { order: await complete(id), payment };
  }

  test('a corked wine takes its own tax, and neither that of the food nor the tip', async () => {
    const { order, payment } = await dinner();
    const wineLine = order.lines[1].id;
    const { amount, parts, taxes, lines } = await refunded(payment.id, { lines: [{ lineId: wineLine }] });
    assert.deepEqual(parts, { goods: 4_202, serviceCharge: 0, tax: 798, tip: 0, unsettled: 0 });
    assert.deepEqual([amount, ratesOf(taxes)], [5_000, { 19: 798 }]);
    assert.deepEqual(lines, [{ lineId: wineLine, name: 'Wine', quantity: null, amount: 5_000 }]);
    const day = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual(ratesOf(day.refundTaxes), { 19: 798 });
    const again = expectProblem(409, await refund(payment.id, { lines: [{ lineId: wineLine }] }));
    assert.deepEqual([again.code, again.errors[0].pointer], ['already_refunded', '/lines/0/lineId']);
  });

  test('a line that was refunded is not owed again when it is voided, and goodwill is', async () => {
    const named = await dinner();
    await refunded(named.payment.id, { lines: [{ lineId: named.order.lines[1].id }] });
    const other = await dinner();
    await refunded(other.payment.id, { amount: 500, goodwill: true });
    for (const [{ order }, due] of [
      [named, 0],
      [other, -5_000],
    ] as const) {
      await actOnOrder(order.id, 'reopen');
      assert.equal((await takeBack(order.id, order.lines[1].id)).dueTotal, due);
    }
    // Another line than the refunded one is owed in full.
    const third = await dinner();
    await refunded(third.payment.id, { lines: [{ lineId: third.order.lines[1].id }] });
    await actOnOrder(third.order.id, 'reopen');
    const { dueTotal, refundedSaleTotal } = await takeBack(third.order.id, third.order.lines[0].id);
    assert.deepEqual([dueTotal, refundedSaleTotal], [-5_000, 5_000]);
  });

  test('units and amounts of lines return them exactly, in any number of steps', async () => {
    const { order, payment } = await dinner(0, [taxed, wine], 3);
    const [box, bottle] = order.lines.map(({ id }: Json) => id);
    const steps = [{ quantity: 1 }, { quantity: 1 }, { quantity: 1 }];
    for (const step of steps) await refunded(payment.id, { lines: [{ lineId: box, ...step }] });
    await refunded(payment.id, { lines: [{ lineId: bottle, amount: 3_333 }] });
    await refunded(payment.id, { lines: [{ lineId: bottle, quantity: 1 }] });
    await refunded(payment.id, { amount: 4_000, lines: [{ lineId: bottle }] });
    const { refunds } = await get(`/v1/orders/${order.id}/payments`);
    const ofBox = refunds.slice(0, 3).reduce((sum: number, one: Json) => sum + one.amount, 0);
    assert.equal(ofBox, 3_000 + order.lines[0].taxAmount);
    await refunded(payment.id, { lines: [{ lineId: bottle }] });
    const day = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual(ratesOf(day.refundTaxes), ratesOf(day.taxes));
    assert.deepEqual([day.refundTotal, (await get(`/v1/orders/${order.id}`)).paymentStatus], [day.total, 'refunded']);
  });

  test('an amount leaves the tip alone until nothing else is left, and a named tip goes back as tip', async () => {
    const { payment } = await dinner();
    assert.equal((await refunded(payment.id, { amount: 5_000 })).parts.tip, 0);
    const named = await refunded(payment.id, { tip: 300 });
    assert.deepEqual([named.amount, named.parts.tip], [300, 300]);
    const both = await refunded(payment.id, { amount: 1_000, tip: 100 });
    assert.deepEqual([both.amount, both.parts.tip], [1_100, 100]);
    assert.equal(expectProblem(409, await refund(payment.id, { tip: 601 })).code, 'refund_exceeds_payment');
    const rest = await refunded(payment.id, { amount: 4_600 });
    assert.deepEqual([rest.parts.tip, rest.parts.unsettled], [600, 0]);
  });

  test('after goodwill, a line returns what is left of it and of its tax', async () => {
    const { order, payment } = await dinner(0);
    await refunded(payment.id, { amount: 5_000, goodwill: true });
    const lines = [{ lineId: order.lines[1].id }];
    assert.equal(
      expectProblem(409, await refund(payment.id, { lines: [{ ...lines[0], amount: 2_501 }] })).code,
      'refund_exceeds_payment',
    );
    const { amount, taxes } = await refunded(payment.id, { lines });
    assert.deepEqual([amount, ratesOf(taxes)], [2_500, { 19: 399 }]);
    const { refundTaxes, taxes: sold } = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual([ratesOf(refundTaxes)['19'], ratesOf(sold)['19']], [798, 798]);
  });

  test('a card payment that is given back in cash comes out of the drawer', async () => {
    const { order, payment } = await dinner(0);
    const { method } = await refunded(payment.id, { lines: [{ lineId: order.lines[1].id }], method: 'cash' });
    assert.equal(method, 'cash');
    assert.equal((await refunded(payment.id, { amount: 100 })).method, 'card');
    const { cash, refunds } = await get(`/v1/business-days/${DAY}`);
    assert.equal(cash.expected, -5_000);
    assert.deepEqual(refunds, [
      { method: 'card', count: 1, amount: 100 },
      { method: 'cash', count: 1, amount: 5_000 },
    ]);
    const closed = await post(`/v1/business-days/${DAY}/close`, { acceptEarly: true, countedCash: -5_000 });
    assert.deepEqual(closed.cash, { expected: -5_000, counted: -5_000, difference: 0 });
  });

  test('on an order that is still open a line takes the sale back, and an amount reverses the payment', async () => {
    const { id, lines } = await api.order(
      token,
      [food, wine].map((menuItemId) => ({ menuItemId, quantity: 1 })),
    );
    const payment = await pay(id, 'card', 10_000);
    const named = await refunded(payment.id, { lines: [{ lineId: lines[1].id }] });
    assert.equal(named.parts.unsettled, 0);
    assert.equal((await get(`/v1/orders/${id}`)).dueTotal, 0);
    assert.equal((await refunded(payment.id, { amount: 1_000 })).parts.unsettled, 1_000);
    assert.equal((await get(`/v1/orders/${id}`)).dueTotal, 1_000);
  });

  test('refuses lines that are not there, sums that do not agree, and bodies that say nothing', async () => {
    const { order, payment } = await dinner();
    const [first, second] = order.lines.map(({ id }: Json) => ({ lineId: id }));
    const refusals: [object, number, string][] = [
      [{ lines: [{ lineId: order.id }] }, 404, '/lines/0/lineId'],
      [{ lines: [first, first] }, 422, '/lines/1/lineId'],
      [{ lines: [{ ...first, quantity: 2 }] }, 422, '/lines/0/quantity'],
      [{ lines: [{ ...first, quantity: 1, amount: 5_001 }] }, 422, '/lines/0/amount'],
      [{ lines: [first, second], amount: 9_999 }, 422, '/amount'],
      [{ lines: [first], amount: 5_001 }, 409, '/lines/0'],
      [{ lines: [first], goodwill: true }, 422, ''],
      [{}, 422, ''],
      [{ tip: 0 }, 422, ''],
      [{ lines: [] }, 422, '/lines'],
    ];
    for (const [body, status, pointer] of refusals) {
      const problem = expectProblem(status, await refund(payment.id, body));
      assert.equal(problem.errors?.[0]?.pointer, pointer, JSON.stringify(body));
    }
    await actOnOrder(order.id, 'reopen');
    await takeBack(order.id, order.lines[1].id);
    assert.equal(expectProblem(409, await refund(payment.id, { lines: [second] })).code, 'invalid_state');
    assert.deepEqual((await get(`/v1/orders/${order.id}/payments`)).refunds, []);
  });
});
