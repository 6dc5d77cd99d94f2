/**
 * Payments that come before the business day of their order: deposits, unless the caller says
 * otherwise (decision 0073).
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool } from '../support/codes.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';

const TODAY = '2026-11-20';
const MEAL = '2026-11-22';
const EVENING = new Date(`${TODAY}T18:00:00Z`);
const DINNER = new Date(`${MEAL}T18:30:00Z`);

describe('a payment before the day of its order', () => {
  let api: TestApi;
  let now = EVENING;
  let mine: TestRestaurant;
  let token: string;
  let steak: string;
  let wine: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());
  beforeEach(() => house());

  const { get, post, patch, tax, pay, complete, issued, refused, actOnOrder } = new Factories(() => ({ api, token }));
  const day = (date: string): Promise<Json> => get(`/v1/business-days/${date}`);
  const paid = (orderId: string, fields: object): Promise<Json> =>
    post(`/v1/orders/${orderId}/payments`, { method: 'card', ...fields });
  const refund = (paymentId: string, fields: object): Promise<Json> =>
    post(`/v1/payments/${paymentId}/refunds`, { reason: 'ill', ...fields });
  /** 100.00: 30.00 at 7 %, 70.00 at 19 %. */
  const banquet = (scheduledFor = DINNER.toISOString()): Promise<Json> =>
    post('/v1/orders', {
      type: 'catering',
      lines: [steak, wine].map((menuItemId) => ({ menuItemId, quantity: 1 })),
      scheduledFor,
    });
  const kindOf = ({ prepaid }: Json): string | undefined => prepaid?.kind;

  /** A restaurant of its own with two dishes; the clock is back at the evening before. */
  async function house(place: { currency?: string; timezone?: string } = {}, settings: object = {}): Promise<void> {
    now = EVENING;
    mine = await api.restaurant(place);
    token = await api.apiKey(mine.token);
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE', ...settings });
    steak = (await api.item(token, { name: 'Steak', price: 3_000, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 7_000, taxIds: [(await tax('19', true)).id] })).id;
  }

  /** VAT of a day as a tax return adds it up. */
  async function vatOf(date: string): Promise<number> {
    const { taxes, refundTaxes, balance, total, refundTotal } = await day(date);
    assert.equal(balance.salesKept, balance.moneyKept + balance.dueTotal + balance.otherDays, date);
    assert.equal(balance.salesKept, total - refundTotal);
    const sumOf = (rows: Json[]): number => rows.reduce((sum, { amount }) => sum + amount, 0);
    return sumOf(taxes) - sumOf(refundTaxes);
  }

  test('is a deposit: taxed when it comes, deducted on the day of the meal, paid in the invoice', async () => {
    const { id } = await banquet();
    const path = `/v1/orders/${id}/payments`;
    const headers = { 'idempotency-key': 'one-deposit' };
    const body = { method: 'card', amount: 4_000 };
    const [first, again] = [
      expectStatus(201, await api.post(path, body, { token, headers })),
      expectStatus(201, await api.post(path, body, { token, headers })),
    ];
    assert.deepEqual(again, first);
    assert.deepEqual([kindOf(first), first.prepaid.amount], ['deposit', 4_000]);
    // 12.00 at 7 % and 28.00 at 19 %.
    assert.equal(await vatOf(TODAY), 79 + 447);
    const paper = await issued({ type: 'invoice', orderId: id, customer: { name: 'Firm', country: 'DE' } });
    const { totals } = readInvoice((await api.get(`/v1/documents/${paper.id}.xml`, { token })).text);
    assert.deepEqual([totals.gross, totals.paid, totals.payable], ['100.00', '40.00', '60.00']);
    // The customer pays that invoice before the meal, too, in two parts.
    assert.deepEqual(
      [kindOf(await paid(id, { amount: 2_000 })), kindOf(await paid(id, { amount: 4_000 }))],
      ['deposit', 'deposit'],
    );
    assert.equal(await vatOf(TODAY), 196 + 1_118);
    now = DINNER;
    await complete(id);
    assert.equal(await vatOf(MEAL), 0);
    assert.deepEqual((await day(MEAL)).deposits.deducted, { count: 3, amount: 10_000 });
  });

  test('is what the caller says, if it says so', async () => {
    const { id } = await banquet();
    assert.equal((await paid(id, { amount: 4_000, deposit: false })).prepaid, null);
    assert.equal(await vatOf(TODAY), 0);
    assert.equal(kindOf(await paid(id, { amount: 1_000, deposit: true })), 'deposit');
    const other = await api.order(token, [{ menuItemId: steak, quantity: 1 }]);
    assert.equal((await paid(other.id, { amount: 1_000 })).prepaid, null);
    assert.equal(kindOf(await paid(other.id, { amount: 1_000, deposit: true })), 'deposit');
  });

  test('is told by business days: of the place, and up to the hour at which its day ends', async () => {
    // 07:00 on the 21st in Auckland, but the 20th in UTC.
    await house({ timezone: 'Pacific/Auckland' }, { businessDayCutoffHour: 0 });
    const night = await banquet('2026-11-21T10:30:00Z');
    assert.deepEqual([night.businessDate, (await paid(night.id, { amount: 100 })).prepaid], ['2026-11-21', null]);
    const next = await banquet('2026-11-21T11:00:00Z');
    assert.deepEqual([next.businessDate, kindOf(await paid(next.id, { amount: 100 }))], ['2026-11-22', 'deposit']);
    // 02:00 in Berlin on a night whose day ends at 04:00.
    await house({}, { businessDayCutoffHour: 4 });
    now = new Date('2026-11-21T01:00:00Z');
    const late = await banquet('2026-11-21T02:59:00Z');
    assert.deepEqual([late.businessDate, (await paid(late.id, { amount: 100 })).prepaid], [TODAY, null]);
    const breakfast = await banquet('2026-11-21T03:00:00Z');
    const deposit = await paid(breakfast.id, { amount: 100 });
    assert.deepEqual([breakfast.businessDate, deposit.businessDate, kindOf(deposit)], ['2026-11-21', TODAY, 'deposit']);
  });

  test('has the taxes of its amount in a currency without decimals, and all of them in the end', async () => {
    await house({ currency: 'JPY', timezone: 'Asia/Tokyo' }, { vatId: null, country: 'JP', businessDayCutoffHour: 0 });
    const ten = (await tax('10', true)).id;
    const bento = (await api.item(token, { name: 'Bento', price: 1_001, taxIds: [ten] })).id;
    // It is 03:00 on the 21st in Tokyo.
    const { id, businessDate } = await post('/v1/orders', {
      type: 'takeaway',
      lines: [{ menuItemId: bento, quantity: 3 }],
      scheduledFor: '2026-11-21T16:00:00Z',
    });
    assert.equal(businessDate, '2026-11-22');
    // 1,000 x 10 / 110 = 90.9; all of it 273.
    const taxes = [];
    for (const amount of [1_000, 1_000, 1_003])
      taxes.push((await paid(id, { amount })).prepaid.charges[0].taxes[0].amount);
    assert.deepEqual(taxes, [91, 91, 91]);
    assert.equal(await vatOf('2026-11-21'), 273);
    now = new Date('2026-11-21T16:00:00Z');
    await complete(id);
    assert.equal(await vatOf('2026-11-22'), 0);
  });

  test('may have a tip beside it, which is taxed on no day and goes back last', async () => {
    const { id } = await banquet();
    const payment = await paid(id, { amount: 4_000, tip: 500 });
    assert.deepEqual([payment.prepaid.amount, payment.tip], [4_000, 500]);
    assert.equal(await vatOf(TODAY), 79 + 447);
    const paper = await issued({ type: 'deposit', paymentId: payment.id, customer: { name: 'Ada', country: 'DE' } });
    assert.equal(paper.total, 4_000);
    now = DINNER;
    await complete(id);
    assert.equal(await vatOf(MEAL), 196 + 1_118 - 79 - 447);
    const invoice = await issued({ type: 'invoice', orderId: id, customer: { name: 'Ada', country: 'DE' } });
    const file = readInvoice((await api.get(`/v1/documents/${invoice.id}.xml`, { token })).text);
    assert.deepEqual(brokenRules(file), []);
    // 105.00 with the tip, less the deposit of 40.00; the tip is paid.
    assert.deepEqual([file.totals.paid, file.totals.payable], ['5.00', '60.00']);
    const { text } = await api.get(`/v1/documents/${invoice.id}.txt?language=en`, { token });
    assert.match(text, new RegExp(`Deposit ${paper.number} +40\\.00\\s+Card +5\\.00`));
    assert.match(text, /To pay +60\.00/);

    now = EVENING;
    const other = await banquet();
    const mixed = await paid(other.id, { amount: 4_000, tip: 500 });
    assert.equal((await refund(mixed.id, { amount: 4_200 })).prepaid.amount, 4_000);
    assert.equal((await refund(mixed.id, { amount: 300 })).prepaid, null);
    await actOnOrder(other.id, 'cancel', { reason: 'ill' });
    assert.equal(await vatOf(TODAY), 79 + 447);

    const third = await banquet();
    const kept = await paid(third.id, { amount: 4_000, tip: 500 });
    const keep = `/v1/orders/${third.id}/keep-deposit`;
    assert.match((await refused(409, keep, { reason: 'x', taxed: true })).detail, /tips first/);
    await refund(kept.id, { tip: 500 });
    const order = await post(keep, { reason: 'x', taxed: true }, 200);
    assert.deepEqual([order.status, order.refundedSaleTotal, order.dueTotal], ['cancelled', -4_000, 0]);
    assert.equal(await vatOf(TODAY), 2 * (79 + 447));
  });

  test('behind an invoice is taxed when it comes, goes back, and has no document beside that invoice', async () => {
    const { id } = await banquet();
    const invoice = await issued({ type: 'invoice', orderId: id, customer: { name: 'Firm', country: 'DE' } });
    const payment = await paid(id, { amount: 10_000 });
    assert.equal(await vatOf(TODAY), 196 + 1_118);
    const document = { type: 'deposit', paymentId: payment.id };
    assert.equal((await refused(409, '/v1/documents', document)).code, 'order_has_documents');
    assert.equal((await refund(payment.id, { amount: 10_000 })).prepaid.amount, 10_000);
    assert.equal(await vatOf(TODAY), 0);
    const second = await paid(id, { amount: 6_000, deposit: true });
    now = DINNER;
    await pay(id, 'cash', 4_000);
    await complete(id);
    assert.equal(await vatOf(MEAL), 196 + 1_118 - sumOfTaxes(second));
    await post(`/v1/documents/${invoice.id}/credit?issue=true`, { reason: 'all of it' });
    assert.equal(await vatOf(MEAL), -sumOfTaxes(second));
  });

  test('is none where no deposit can be: of vouchers, by taxed vouchers, after the meal', async () => {
    const vat = (await tax('19', true)).id;
    const session = { ...mine, token };
    const [taxed, plain] = [
      await makePool(api, session, { kind: 'voucher', taxKind: 'single_purpose' }),
      await makePool(api, session, { kind: 'voucher' }),
    ];
    const gifts = [
      await api.item(token, { name: 'Dinner', price: 5_000, taxIds: [vat], voucherPoolId: taxed.id }),
      await api.item(token, { name: 'Gift', price: 5_000, voucherPoolId: plain.id }),
    ];
    const codes: string[] = [];
    for (const { id: menuItemId } of gifts) {
      const lines = [{ menuItemId, quantity: 1 }];
      const sale = await post('/v1/orders', { type: 'takeaway', lines, scheduledFor: DINNER.toISOString() });
      assert.equal((await paid(sale.id, { amount: 5_000 })).prepaid, null);
      const handed = await post(`/v1/orders/${sale.id}/lines/${sale.lines[0].id}/vouchers`);
      codes.push(handed.data[0].code);
    }
    const { id } = await banquet();
    const kinds = [];
    for (const code of codes) kinds.push(kindOf(await paid(id, { method: 'voucher', amount: 2_000, code })));
    assert.deepEqual(kinds, ['voucher', 'deposit']);

    // Eaten early and paid: refunded and reopened, the deposit has paid all taxes already.
    const early = await banquet();
    const all = await paid(early.id, { amount: 10_000 });
    await complete(early.id);
    await refund(all.id, { amount: 3_000 });
    await actOnOrder(early.id, 'reopen');
    const { dueTotal, businessDate } = await get(`/v1/orders/${early.id}`);
    assert.equal(businessDate, MEAL);
    if (dueTotal > 0) assert.equal((await paid(early.id, { amount: dueTotal })).prepaid, null);

    // Completed after today was closed early: it counts tomorrow, and is no deposit.
    const last = await banquet();
    const close = { acceptEarly: true, acceptOpenOrders: true };
    await post(`/v1/business-days/${TODAY}/close`, close);
    await complete(last.id);
    assert.equal((await get(`/v1/orders/${last.id}`)).businessDate, '2026-11-21');
    const answer = await api.post(`/v1/orders/${last.id}/payments`, { method: 'card', amount: 100 }, { token });
    assert.equal(answer.body.code, 'business_day_closed');
  });

  function sumOfTaxes({ prepaid }: Json): number {
    return prepaid.charges
      .flatMap(({ taxes }: Json) => taxes)
      .reduce((sum: number, { amount }: Json) => sum + amount, 0);
  }
});
