/**
 * Orders that are changed after money was given back for them: nothing is taken off the sales, or
 * given to a guest, twice.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';
const NEXT_DAY = '2026-11-21';
const EVENING = new Date(`${DAY}T19:00:00Z`);
const DAY_MS = 24 * 3_600_000;
const MIGRATION = new URL('../../../migrations/0041_refunded_bills.sql', import.meta.url);

describe('orders changed after a refund', () => {
  let api: TestApi;
  let now = EVENING;
  let restaurantId: string;
  let token: string;
  let steak: string;
  let wine: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());
  beforeEach(async () => {
    now = EVENING;
    const restaurant = await api.restaurant();
    restaurantId = restaurant.id;
    token = await api.apiKey(restaurant.token);
    const taxIds = [(await tax('19', true)).id];
    steak = (await api.item(token, { name: 'Steak', price: 3_000, taxIds })).id;
    wine = (await api.item(token, { name: 'Wine', price: 7_000, taxIds })).id;
  });

  const { get, post, tax, pay, issued, actOnOrder } = new Factories(() => ({ api, token }));
  const day = (date = DAY): Promise<Json> => get(`/v1/business-days/${date}`);
  const act = (id: string, action: string): Promise<Json> => actOnOrder(id, action, { reason: 'so' });
  const complete = async (id: string): Promise<Json> => {
    for (const action of ['accept', 'start', 'ready']) await api.post(`/v1/orders/${id}/${action}`, {}, { token });
    return act(id, 'complete');
  };
  const refund = (paymentId: string, amount: number, fields: object = {}) =>
    api.post(`/v1/payments/${paymentId}/refunds`, { amount, reason: 'raw', ...fields }, { token });
  const giveBack = async (paymentId: string, ...amounts: number[]): Promise<void> => {
    for (const amount of amounts) expectStatus(201, await refund(paymentId, amount));
  };
  const takeBack = async (id: string, lineId: string): Promise<Json> =>
    expectStatus(200, await api.delete(`/v1/orders/${id}/lines/${lineId}`, { reason: 'raw' }, { token }));
  const close = (date: string): Promise<Json> =>
    post(`/v1/business-days/${date}/close`, { acceptOpenOrders: true, acceptEarly: true });
  const nextDay = (): void => {
    now = new Date(now.getTime() + DAY_MS);
  };

  /** Steak and wine, paid with 100.00 in cash and completed. */
  async function dinner(tip = 0): Promise<{ order: Json; payment: Json }> {
    const lines = [steak, wine].map((menuItemId) => ({ menuItemId, quantity: 1 }));
    const { id } = await api.order(token, lines);
    const payment = await pay(id, 'cash', 10_000, tip);
    return { order: await complete(id), payment };
  }

  function net({ revenue, refundTotal, taxes, refundTaxes }: Json): { kept: number; vat: number } {
    const sum = (of: Json[]) => of.reduce((total, { amount }) => total + amount, 0);
    return { kept: revenue - refundTotal, vat: sum(taxes) - sum(refundTaxes) };
  }

  test('a dish that was refunded, and voided after reopening, is not owed a second time', async () => {
    for (const amounts of [[3_000], [1_000, 2_000]]) {
      const { order, payment } = await dinner();
      await giveBack(payment.id, ...amounts);
      assert.equal((await act(order.id, 'reopen')).dueTotal, 0);
      const less = await takeBack(order.id, order.lines[0].id);
      assert.deepEqual([less.total, less.dueTotal, less.refundedSaleTotal], [7_000, 0, 0]);
      const { dueTotal, paymentStatus } = await complete(order.id);
      assert.deepEqual([dueTotal, paymentStatus], [0, 'paid']);
      for (const amount of [3_000, 1_000, 1]) {
        const problem = expectProblem(409, await refund(payment.id, amount));
        assert.equal(problem.code, 'already_refunded');
        assert.match(problem.detail, /30\.00 EUR .*acceptFurther/);
      }
      const receipt = await get(`/v1/orders/${order.id}/receipt`);
      assert.deepEqual([receipt.total, receipt.dueTotal], [7_000, 0]);
      const document = await issued({ type: 'receipt', orderId: order.id });
      assert.deepEqual([document.total, document.details.payments[0].amount], [7_000, 7_000]);
    }
    assert.deepEqual(net(await day()), { kept: 14_000, vat: 2 * 1_118 });
    assert.deepEqual(net(await close(DAY)), { kept: 14_000, vat: 2 * 1_118 });
  });

  test('the wine that was corked as well is refunded when that is said', async () => {
    const { order, payment } = await dinner();
    await giveBack(payment.id, 3_000);
    await act(order.id, 'reopen');
    await takeBack(order.id, order.lines[0].id);
    await complete(order.id);
    const { parts } = expectStatus(201, await refund(payment.id, 2_000, { acceptFurther: true }));
    assert.deepEqual([parts.goods + parts.tax, parts.unsettled], [2_000, 0]);
    // More than was given back before cannot be the same money.
    await giveBack(payment.id, 5_000);
    assert.equal(expectProblem(409, await refund(payment.id, 1)).code, 'refund_exceeds_payment');
    assert.deepEqual(net(await day()), { kept: 0, vat: 0 });
  });

  test('refunded in full, at once or in steps, reopened and cancelled, an order leaves nothing in the figures', async () => {
    for (const amounts of [[10_000], [3_333, 3_333, 3_334]]) {
      const { order, payment } = await dinner();
      await giveBack(payment.id, ...amounts);
      await act(order.id, 'reopen');
      const { dueTotal, paymentStatus } = await act(order.id, 'cancel');
      assert.deepEqual([dueTotal, paymentStatus], [0, 'refunded']);
    }
    const { total, refundTotal, refundTaxes, taxes, cash } = await close(DAY);
    assert.deepEqual([total, refundTotal, refundTaxes, taxes, cash.expected], [0, 0, [], [], 0]);
    for (const groupBy of ['day', 'hour', 'item', 'category', 'type']) {
      const report = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}&groupBy=${groupBy}`);
      assert.deepEqual([report.total, report.refundTotal, report.data], [0, 0, []]);
    }
  });

  test('cancelled or lowered on a later day it moves no day but its own, and all of them add up', async () => {
    const { order, payment } = await dinner();
    const other = await dinner();
    nextDay();
    await giveBack(payment.id, 3_000);
    await giveBack(other.payment.id, 10_000);
    const frozen = await close(NEXT_DAY);
    assert.equal(frozen.refundTotal, 13_000);
    nextDay();
    await act(order.id, 'reopen');
    await takeBack(order.id, order.lines[0].id);
    await complete(order.id);
    await act(other.order.id, 'reopen');
    await act(other.order.id, 'cancel');
    assert.deepEqual(await day(NEXT_DAY), frozen);
    const sold = await close(DAY);
    // The money of both days came in on this one, and what went back went on the next.
    assert.deepEqual([sold.total, sold.refundTotal], [7_000, -13_000]);
    const days = [net(sold), net(frozen), net(await day('2026-11-22'))];
    assert.deepEqual(
      [days.reduce((sum, { kept }) => sum + kept, 0), days.reduce((sum, { vat }) => sum + vat, 0)],
      [7_000, 1_118],
    );
    const report = await get(`/v1/reports/sales?from=${DAY}&to=2026-11-22`);
    assert.equal(report.total - report.refundTotal, 7_000);
  });

  test('what is ordered on top after a refund is charged, and charged no more when it is taken back', async () => {
    const { order, payment } = await dinner();
    await giveBack(payment.id, 300);
    await act(order.id, 'reopen');
    const path = `/v1/orders/${order.id}/lines`;
    const more = await post(path, { menuItemId: steak, quantity: 1 });
    assert.equal(more.dueTotal, 3_000);
    const { dueTotal, refundedSaleTotal } = await takeBack(order.id, more.lines[2].id);
    assert.deepEqual([dueTotal, refundedSaleTotal], [0, 300]);
    const doubled = expectStatus(200, await api.patch(`${path}/${order.lines[0].id}`, { quantity: 2 }, { token }));
    assert.equal(doubled.dueTotal, 3_000);
    const lowered = { quantity: 1, reason: 'one is enough' };
    assert.equal(expectStatus(200, await api.patch(`${path}/${order.lines[0].id}`, lowered, { token })).dueTotal, 0);
  });

  test('a discount for what was refunded already is not given twice, and one that is taken back leaves no trace', async () => {
    const { order, payment } = await dinner();
    await giveBack(payment.id, 1_000);
    const { version } = await act(order.id, 'reopen');
    const patch = async (discounts: object[], seen: number) =>
      expectStatus(
        200,
        await api.patch(`/v1/orders/${order.id}`, { discounts }, { token, headers: { 'if-match': `"${seen}"` } }),
      );
    const given = await patch([{ amount: 1_000 }], version);
    assert.deepEqual([given.total, given.dueTotal, given.refundedSaleTotal], [9_000, 0, 0]);
    const back = await patch([], given.version);
    assert.deepEqual([back.total, back.dueTotal, back.refundedSaleTotal], [10_000, 0, 1_000]);
    const larger = await patch([{ amount: 1_500 }], back.version);
    assert.deepEqual([larger.dueTotal, larger.paymentStatus], [-500, 'overpaid']);
  });

  test('a tip goes back when the rest of its payment is reversed, and is owed by nobody', async () => {
    const { order, payment } = await dinner(1_000);
    await giveBack(payment.id, 5_500);
    await act(order.id, 'reopen');
    await giveBack(payment.id, 5_500);
    const open = await get(`/v1/orders/${order.id}`);
    assert.deepEqual([open.total, open.refundedSaleTotal, open.dueTotal], [10_000, 5_500, 4_500]);
  });

  test('money owed to a guest is named by the order, the X report and the close, until it is given back', async () => {
    const lines = [steak, wine].map((menuItemId) => ({ menuItemId, quantity: 1 }));
    const { id, lines: taken } = await api.order(token, lines);
    const payment = await pay(id, 'cash', 10_000);
    await takeBack(id, taken[0].id);
    const { dueTotal, paymentStatus } = await complete(id);
    assert.deepEqual([dueTotal, paymentStatus], [-3_000, 'overpaid']);
    const owed = [{ id, dueTotal: -3_000 }];
    const named = ({ unfinishedOrders: { count, open, dueTotal: due, orders } }: Json) => {
      assert.deepEqual([count, open, due], [1, 0, -3_000]);
      return orders.map((one: Json) => ({ id: one.id, dueTotal: one.dueTotal }));
    };
    assert.deepEqual(named(await day()), owed);
    assert.deepEqual(named(await close(DAY)), owed);
    nextDay();
    assert.equal(expectStatus(201, await refund(payment.id, 3_000)).parts.unsettled, 3_000);
    assert.equal((await get(`/v1/orders/${id}`)).paymentStatus, 'paid');
  });

  test('an order that was cancelled is owed nothing and owes nothing', async () => {
    const { id } = await api.order(token, [{ menuItemId: steak, quantity: 1 }]);
    const { total, dueTotal, paymentStatus } = await act(id, 'cancel');
    assert.deepEqual([total, dueTotal, paymentStatus], [3_000, 0, 'unpaid']);
    assert.equal((await get(`/v1/orders/${id}/receipt`)).dueTotal, 0);
  });

  test('one that a close left open is completed, and its history says what of its refunds was settled', async () => {
    const { order, payment } = await dinner();
    await giveBack(payment.id, 3_000);
    await act(order.id, 'reopen');
    await takeBack(order.id, order.lines[0].id);
    const frozen = await close(DAY);
    nextDay();
    await complete(order.id);
    assert.deepEqual(await day(), frozen);
    const { data } = await get(`/v1/orders/${order.id}/history`);
    const voided = data.find(({ action }: Json) => action === 'order.line_voided');
    assert.deepEqual(voided.changes.refundedSaleTotal, { from: 3_000, to: 0 });
    assert.ok(data.every(({ changes }: Json) => !('refundedBill' in changes)));
  });

  test('orders refunded before bills were kept have the bill that they have now', async () => {
    const { order, payment } = await dinner(500);
    await giveBack(payment.id, 3_000, 400);
    const update = /^update orders o\n[\s\S]*?;/m.exec(await readFile(MIGRATION, 'utf8'))?.[0];
    assert.ok(update);
    const bill = 'select refunded_bill as bill from orders where restaurant_id = $1 and id = $2';
    await withClient(api.database.ownerUrl, async (owner) => {
      const [{ bill: written }] = (await owner.query(bill, [restaurantId, order.id])).rows;
      // Bills of that time knew no names.
      const { named: _, goodwill: __, namedTip: ___, paymentTips: ____, ...older } = written;
      await owner.query('update orders set refunded_bill = null where restaurant_id = $1', [restaurantId]);
      await owner.query(update);
      assert.deepEqual((await owner.query(bill, [restaurantId, order.id])).rows, [{ bill: older }]);
    });
    await act(order.id, 'reopen');
    assert.equal((await takeBack(order.id, order.lines[0].id)).dueTotal, 0);
  });

  test('random lives over open and closed days add up, and closed days stay as they were', async () => {
    const ids: string[] = [];
    const closes: Json[] = [];
    const dates = [DAY, NEXT_DAY, '2026-11-22'];
    for (const date of dates) {
      const fresh = await Promise.all(
        Array.from({ length: 3 }, () =>
          api.order(token, [
            { menuItemId: steak, quantity: randomInt(1, 4) },
            { menuItemId: wine, quantity: 1 },
          ]),
        ),
      );
      ids.push(...fresh.map(({ id }) => id));
      await Promise.all(ids.map((id) => live(id, 7)));
      nextDay();
      if (date !== NEXT_DAY) closes.push(await close(date));
      for (const frozen of closes) assert.deepEqual(await day(frozen['date']), frozen);
    }
    const report = await get(`/v1/reports/sales?from=${DAY}&to=2026-11-23`);
    const orders = await Promise.all(ids.map((id) => get(`/v1/orders/${id}`)));
    const sum = (of: (order: Json) => number) => orders.reduce((total, order) => total + of(order), 0);
    for (const one of orders)
      assert.equal(
        (one['status'] === 'cancelled' ? 0 : one['total']) - one['refundedSaleTotal'],
        one['paidTotal'] - one['refundedTotal'] + one['dueTotal'],
      );
    const kept = sum(({ paidTotal, refundedTotal }) => paidTotal - refundedTotal);
    assert.equal(report.total - report.refundTotal, kept + sum(({ dueTotal }) => dueTotal));
  });

  /**
   * Anything that can befall an order, some of it refused: by its state, its money, or the day
   * being closed.
   */
  async function live(id: string, steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      const [order, { payments }] = await Promise.all([get(`/v1/orders/${id}`), get(`/v1/orders/${id}/payments`)]);
      const line = order.lines.find(({ voidedAt }: Json) => voidedAt === null);
      const payment = payments[randomInt(Math.max(1, payments.length))];
      const path = `/v1/orders/${id}`;
      const choices = [
        () =>
          api.post(
            `${path}/payments`,
            { method: 'card', amount: Math.max(1, order.dueTotal), tip: randomInt(3) },
            { token },
          ),
        () => refund(payment?.id ?? id, randomInt(1, 4_000), { acceptFurther: randomInt(2) === 0 }),
        () =>
          refund(
            payment?.id ?? id,
            Math.max(1, (payment?.amount ?? 0) + (payment?.tip ?? 0) - (payment?.refunded ?? 0)),
          ),
        () => complete(id).then(undefined, () => undefined),
        () => api.post(`${path}/reopen`, {}, { token }),
        () => api.post(`${path}/cancel`, { reason: 'gone' }, { token }),
        () => api.delete(`${path}/lines/${line?.id ?? id}`, { reason: 'gone' }, { token }),
        () => api.patch(`${path}/lines/${line?.id ?? id}`, { quantity: randomInt(1, 4), reason: 'so' }, { token }),
        () => api.post(`${path}/lines`, { menuItemId: steak, quantity: 1 }, { token }),
      ];
      const answer = await choices[randomInt(choices.length)]!();
      if (answer && 'headers' in answer)
        assert.ok(answer.status < 300 || answer.status === 409 || answer.status === 404);
    }
  }
});
