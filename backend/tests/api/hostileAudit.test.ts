/**
 * Bills that are changed in odd orders: tips, comps, types, exemptions, credit notes, vouchers and
 * write-offs, each before or after money moved. Every step must leave orders, days, taxes and
 * papers that agree with one another.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool } from '../support/codes.js';
import { Factories } from '../support/factories.js';

describe('an auditor who looks at odd bills', () => {
  let api: TestApi;
  let now = new Date('2026-03-01T18:00:00Z');
  let mine: TestRestaurant;
  let token: string;
  let food: string;
  let wine: string;
  let voucher: string;
  let sale: Json;
  /** Days and orders of the running test. */
  let days: string[] = [];
  let orders: string[] = [];

  before(async () => {
    api = await startApi({ clock: () => now });
    mine = await api.restaurant();
    token = await api.apiKey(mine.token);
    const seven = (await tax('7', true)).id;
    const drinks = (await tax('19', true)).id;
    const serviceCharge = { rate: '10', taxIds: [drinks], orderTypes: ['dine_in'] };
    await patch('/v1/restaurant', { country: 'DE', vatId: 'DE123456789', serviceCharge });
    food = (await api.item(token, { name: 'Steak', price: 3_333, taxIds: [seven] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 6_667, taxIds: [drinks] })).id;
    const pool = await makePool(api, mine, { kind: 'voucher', taxKind: 'single_purpose', target: 200 });
    voucher = (await api.item(token, { name: 'Dinner', price: 5_000, taxIds: [seven], voucherPoolId: pool.id })).id;
  });
  after(() => api.close());
  beforeEach(() => nextDay(true));

  const { get, post, tax, patch, pay, complete, refused, issued, actOnOrder } = new Factories(() => ({ api, token }));
  function nextDay(isFirst = false): void {
    now = new Date(now.getTime() + 86_400_000);
    if (isFirst) [days, orders] = [[], []];
    days.push(now.toISOString().slice(0, 10));
  }
  const order = async (ids: string[], type = 'takeaway', fields: object = {}): Promise<Json> => {
    const lines = ids.map((menuItemId) => ({ menuItemId, quantity: 1 }));
    const made = await api.order(token, lines, { type, ...fields });
    orders.push(made.id);
    return made;
  };
  const read = (id: string): Promise<Json> => get(`/v1/orders/${id}`);
  const refund = (payment: Json, body: object): Promise<Json> =>
    post(`/v1/payments/${payment.id}/refunds`, { reason: 'audit', ...body });
  const drop = async (o: Json, place: number): Promise<Json> =>
    expectStatus(
      200,
      await api.delete(`/v1/orders/${o.id}/lines/${o.lines[place].id}`, { reason: 'audit' }, { token }),
    );
  const reopen = (id: string): Promise<Json> => actOnOrder(id, 'reopen');
  const finish = async (id: string): Promise<void> => {
    for (const action of ['start', 'ready', 'complete']) await actOnOrder(id, action);
  };
  const code = async (): Promise<Json> => {
    sale = await order([voucher]);
    await pay(sale.id, 'card', 5_000);
    const { data } = await post(`/v1/orders/${sale.id}/lines/${sale.lines[0].id}/vouchers`);
    await complete(sale.id);
    return data[0];
  };
  const byVoucher = (id: string, { code: text }: Json, amount: number): Promise<Json> =>
    post(`/v1/orders/${id}/payments`, { method: 'voucher', amount, code: text });
  const invoice = (orderId: string): Promise<Json> =>
    issued({ type: 'invoice', orderId, customer: { name: 'Ada', country: 'DE' } });
  const sumOf = (rows: Json[], of: (row: Json) => number): number => rows.reduce((total, row) => total + of(row), 0);

  /** @returns the tax of the days by rate, as a tax return has it. */
  async function audit(): Promise<Record<string, number>> {
    const taxes: Record<string, { base: number; amount: number }> = {};
    let [sales, money, due] = [0, 0, 0];
    for (const date of days) {
      const day = await get(`/v1/business-days/${date}`);
      const { salesKept, moneyKept, dueTotal, otherDays } = day.balance;
      assert.equal(salesKept, moneyKept + dueTotal + otherDays, `both sides of ${date}`);
      assert.equal(salesKept, day.total - day.refundTotal);
      const added = day.serviceChargeTotal + day.taxTotal - day.taxIncludedTotal + day.tipTotal;
      assert.equal(day.total, day.grossSales - day.discountTotal + added + day.vouchersSold + day.vouchersRedeemed);
      const { goods, serviceCharge, tax: back, tip, vouchers } = day.refundParts;
      assert.equal(day.refundTotal, goods + serviceCharge + back + tip + vouchers);
      assert.equal(
        back,
        sumOf(day.refundTaxes, ({ amount }) => amount),
      );
      assert.equal(
        day.taxTotal + sumOf(day.deposits.taxes, ({ amount }) => amount),
        sumOf(day.taxes, ({ amount }) => amount),
      );
      const report = await get(`/v1/reports/sales?from=${date}&to=${date}&groupBy=item`);
      assert.equal(
        sumOf(report.data, ({ revenue }) => revenue),
        day.revenue,
      );
      [sales, money, due] = [sales + salesKept, money + moneyKept, due + dueTotal];
      const add = (rows: Json[], sign: number): void => {
        for (const { rate, base, amount } of rows) {
          const sum = (taxes[rate] ??= { base: 0, amount: 0 });
          sum.base += sign * base;
          sum.amount += sign * amount;
        }
      };
      add(day.taxes, 1);
      add(day.refundTaxes, -1);
    }
    assert.equal(sales, money + due, 'all days together');
    for (const [rate, { base, amount }] of Object.entries(taxes))
      assert.ok(Math.abs((base * Number(rate)) / 100 - amount) <= 3, `${amount} is not ${rate} % of ${base}`);
    for (const id of orders) await auditOrder(id);
    return Object.fromEntries(Object.entries(taxes).map(([rate, { amount }]) => [rate, amount]));
  }

  async function auditOrder(id: string): Promise<void> {
    const o = await read(id);
    const total = o.status === 'cancelled' ? 0 : o.total;
    assert.equal(total - o.refundedSaleTotal, o.paidTotal - o.refundedTotal + o.dueTotal, 'the equation of the order');
    const receipt = await get(`/v1/orders/${id}/receipt`);
    assert.equal(receipt.dueTotal, o.dueTotal);
    for (const { rate, amount } of receipt.taxes) {
      const back = sumOf(receipt.refundTaxes, (one) => (one.rate === rate ? one.amount : 0));
      assert.ok(back >= 0 && back <= amount, `${rate}: ${back} of ${amount}`);
    }
    for (const { id: paper, type, status } of (await get(`/v1/documents?orderId=${id}`)).data) {
      if (status !== 'issued') continue;
      const text = await api.get(`/v1/documents/${paper}.txt`, { token });
      assert.equal(text.status, 200, type);
    }
  }

  test('changes the tip after the payment, then refunds a line, then the tip', async () => {
    const o = await order([food, wine], 'dine_in', { tip: 500 });
    const paid = await pay(o.id, 'card', o.total, 200);
    await complete(o.id);
    await reopen(o.id);
    await patch(`/v1/orders/${o.id}`, { tip: 100 });
    await finish(o.id);
    await audit();
    assert.equal((await read(o.id)).dueTotal, -400);
    await refund(paid, { amount: 400 });
    await refund(paid, { lines: [{ lineId: o.lines[1].id }] });
    await refund(paid, { tip: 300 });
    await audit();
    await refused(409, `/v1/payments/${paid.id}/refunds`, { tip: 1, reason: 'again' });
    const left = await read(o.id);
    await refund(paid, { amount: left.paidTotal - left.refundedTotal });
    assert.deepEqual(await audit(), { '7': 0, '19': 0 });
  });

  test('comps a dish of a discounted bill, before and after its payment', async () => {
    const o = await order([food, wine], 'dine_in', { discounts: [{ percent: '33.3333' }] });
    await post(`/v1/orders/${o.id}/lines/${o.lines[0].id}/comp`, { reason: 'late' }, 200);
    const half = await read(o.id);
    const paid = await pay(o.id, 'card', half.total);
    await complete(o.id);
    await audit();
    await reopen(o.id);
    await post(`/v1/orders/${o.id}/lines/${o.lines[1].id}/comp`, { reason: 'later' }, 200);
    await finish(o.id);
    const none = await read(o.id);
    assert.deepEqual([none.total, none.dueTotal], [0, -half.total]);
    await refund(paid, { amount: half.total });
    assert.deepEqual(await audit(), { '7': 0, '19': 0 });
  });

  test('changes the type of an order that has a deposit and a voucher', async () => {
    const gift = await code();
    const o = await order([food, wine], 'dine_in');
    await post(`/v1/orders/${o.id}/payments`, { method: 'cash', amount: 4_000, deposit: true });
    await byVoucher(o.id, gift, 2_500);
    await patch(`/v1/orders/${o.id}`, { type: 'takeaway' });
    nextDay();
    const { dueTotal } = await read(o.id);
    await pay(o.id, 'card', dueTotal);
    await complete(o.id);
    const taxes = await audit();
    const billed = (await read(o.id)).taxes;
    const all = sumOf(billed, ({ amount }) => amount);
    // Each is taxed once: the bill, and the half of the voucher that nobody has used.
    const onVoucher = (await get(`/v1/codes/${gift.id}`)).prepaid.charges[0].taxes[0].amount;
    assert.equal(taxes['7']! + taxes['19']!, all + onVoucher);
  });

  test('exempts a customer from tax after a part was paid, in money and by voucher', async () => {
    const gift = await code();
    const o = await order([food, wine], 'dine_in');
    await pay(o.id, 'card', 3_000);
    const used = await byVoucher(o.id, gift, 5_000);
    const exempt = { taxExemption: { reason: 'Embassy', certificate: 'A1' } };
    const { version } = await read(o.id);
    const options = { token, headers: { 'if-match': `"${version}"` } };
    // The tax of the voucher was due when it was sold.
    expectStatus(409, await api.patch(`/v1/orders/${o.id}`, exempt, options));
    await refund(used, { amount: 5_000 });
    await patch(`/v1/orders/${o.id}`, exempt);
    await refused(422, `/v1/orders/${o.id}/payments`, { method: 'voucher', amount: 1, code: gift.code });
    await audit();
    const { dueTotal } = await read(o.id);
    await pay(o.id, 'card', dueTotal);
    await complete(o.id);
    assert.deepEqual(await audit(), { '0': 0, '7': 327 });
    assert.equal((await get(`/v1/codes/${gift.id}`)).balance, 5_000);
  });

  test('applies a credit note to the order and then refunds, by voucher and by card', async () => {
    const gift = await code();
    const o = await order([food, wine]);
    const used = await byVoucher(o.id, gift, 5_000);
    const card = await pay(o.id, 'card', 5_000);
    await complete(o.id);
    const paper = await invoice(o.id);
    const credit = { reason: 'corked', lines: [{ position: 2, quantity: '1' }], applyToOrder: true };
    await post(`/v1/documents/${paper.id}/credit?issue=true`, credit);
    await audit();
    assert.equal((await read(o.id)).dueTotal, -6_667);
    await refund(card, { amount: 5_000 });
    await refund(used, { amount: 1_667 });
    await audit();
    nextDay();
    await post(`/v1/documents/${paper.id}/credit?issue=true`, { reason: 'wrong name' });
    await audit();
    assert.equal((await read(o.id)).dueTotal, -3_333);
    const again = await invoice(o.id);
    // The credit note took the voucher back: it is a paid amount now.
    assert.equal(again.details.deposits, undefined);
    await audit();
    await post(`/v1/documents/${again.id}/credit?issue=true`, { reason: 'cold' });
    await refund(used, { amount: 3_333 });
    const taxes = await audit();
    // The sale of the voucher alone is left.
    assert.deepEqual(taxes, { '7': 327 });
    assert.equal((await get(`/v1/codes/${gift.id}`)).balance, 5_000);
  });

  test('waives the service charge after a voucher has paid it', async () => {
    const gift = await code();
    const o = await order([food], 'dine_in');
    const used = await byVoucher(o.id, gift, o.total);
    await patch(`/v1/orders/${o.id}`, { serviceCharge: null });
    await complete(o.id);
    const { dueTotal } = await read(o.id);
    assert.ok(dueTotal < 0);
    await audit();
    await refund(used, { amount: -dueTotal });
    await audit();
    nextDay();
    await refund(used, { lines: [{ lineId: o.lines[0].id }], method: 'cash' });
    const taxes = await audit();
    // The meal came back in money, and the used part of the voucher keeps its tax.
    assert.equal(taxes['7'], 327 - used.prepaid.charges[0].taxes[0].amount + (await onVoucherBack(used)));
  });
  /** Tax that came back onto the voucher of a payment. */
  async function onVoucherBack(payment: Json): Promise<number> {
    const { refunds } = await get(`/v1/orders/${payment.orderId}/payments`);
    return sumOf(refunds, ({ prepaid }) => prepaid?.charges[0].taxes[0].amount ?? 0);
  }

  test('writes a debt off and then wants to pay it', async () => {
    const o = await order([food, wine], 'dine_in');
    await pay(o.id, 'card', 1_000);
    await complete(o.id);
    nextDay();
    await post(`/v1/orders/${o.id}/write-off`, { reason: 'gone' }, 200);
    await audit();
    await refused(409, `/v1/orders/${o.id}/payments`, { method: 'card', amount: 1 });
    await refused(409, `/v1/orders/${o.id}/write-off`, { reason: 'gone' });
    const { payments } = await get(`/v1/orders/${o.id}/payments`);
    await refund(payments[0], { amount: 1_000 });
    assert.deepEqual(await audit(), { '7': 0, '19': 0 });
  });

  test('voids and comps what a voucher has paid, on an open order', async () => {
    const gift = await code();
    const o = await order([food, wine]);
    const used = await byVoucher(o.id, gift, 5_000);
    await drop(o, 1);
    assert.equal((await read(o.id)).dueTotal, 3_333 - 5_000);
    await audit();
    await refund(used, { amount: 1_667 });
    await post(`/v1/orders/${o.id}/lines/${o.lines[0].id}/comp`, { reason: 'cold' }, 200);
    await refund(used, { amount: 3_333 });
    await actOnOrder(o.id, 'cancel', { reason: 'left' });
    assert.deepEqual(await audit(), { '7': 327 });
    assert.equal((await get(`/v1/codes/${gift.id}`)).balance, 5_000);
  });

  test('keeps a deposit of an order that a voucher has paid in part', async () => {
    const gift = await code();
    const o = await order([food, wine]);
    await post(`/v1/orders/${o.id}/payments`, { method: 'card', amount: 2_000, deposit: true });
    const used = await byVoucher(o.id, gift, 1_000);
    await refused(409, `/v1/orders/${o.id}/keep-deposit`, { reason: 'gone', taxed: true });
    await refund(used, { amount: 1_000 });
    await post(`/v1/orders/${o.id}/keep-deposit`, { reason: 'gone', taxed: true }, 200);
    const taxes = await audit();
    // 20.00 in proportion: 6.67 at 7 % and 13.33 at 19 %.
    assert.deepEqual(taxes, { '7': 327 + 44, '19': 213 });
  });

  test('gives a tip back that covers goodwill, on a bill with returned bottles', async () => {
    const bottle = await api.item(token, { name: 'Bottle', price: 100, isDeposit: true });
    const o = await order([wine]);
    await post(`/v1/orders/${o.id}/lines`, { menuItemId: bottle.id, quantity: -10 });
    const first = await pay(o.id, 'card', 5_667);
    await refund(first, { amount: 5_500, goodwill: true });
    await refund(first, { amount: 167 });
    const second = await pay(o.id, 'card', 167, 500);
    await patch(`/v1/orders/${o.id}`, { discounts: [{ amount: 300 }] });
    await audit();
    // Without its tip, the bill would be 53.67, and 55.00 was refunded of it.
    const body = { amount: 667, reason: 'audit' };
    const { code: problem } = await refused(409, `/v1/payments/${second.id}/refunds`, body);
    assert.equal(problem, 'refund_exceeds_payment');
    await refund(second, { amount: 167 + 367 });
    await audit();
    assert.equal((await read(o.id)).refundedSaleTotal, 5_500);
  });

  test('refunds rounded cash in parts, after a card has paid the rest', async () => {
    await patch('/v1/restaurant', { cashRounding: 5 });
    const o = await order([food, wine], 'dine_in', { discounts: [{ amount: 1 }] });
    const card = await pay(o.id, 'card', 5_000);
    const cash = await pay(o.id, 'cash', o.total - 5_000);
    await complete(o.id);
    await audit();
    const parts = [1_001, 2, 1_999];
    for (const amount of parts) await refund(cash, { amount });
    await refund(cash, { amount: cash.amount - 3_002 });
    await refund(card, { amount: 5_000 });
    const day = await get(`/v1/business-days/${days[0]}`);
    assert.deepEqual([day.roundingTotal, day.cash.expected], [0, 0]);
    assert.deepEqual(await audit(), { '7': 0, '19': 0 });
    await patch('/v1/restaurant', { cashRounding: null });
  });
});
