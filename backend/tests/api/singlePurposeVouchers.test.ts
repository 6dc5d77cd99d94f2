/**
 * Single-purpose vouchers: taxed and revenue when they are sold, a payment when they are used, and
 * never taxed or sold twice.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool } from '../support/codes.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { SALES_FIELDS } from '../support/salesFields.js';

const SOLD_ON = '2026-11-20';
const EATEN_ON = '2026-11-22';

describe('single-purpose vouchers', () => {
  let api: TestApi;
  let now = new Date(`${SOLD_ON}T19:00:00Z`);
  let mine: TestRestaurant;
  let token: string;
  let vat: Json;
  let voucher: Json;
  let menu: string;

  before(async () => {
    api = await startApi({ clock: () => now });
    mine = await api.restaurant();
    token = await api.apiKey(mine.token);
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    vat = await tax('19', true);
    menu = (await api.item(token, { name: 'Menu', price: 5_000, taxIds: [vat.id] })).id;
    const pool = await makePool(api, mine, { kind: 'voucher', taxKind: 'single_purpose' });
    voucher = await api.item(token, { name: 'Dinner', price: 5_000, taxIds: [vat.id], voucherPoolId: pool.id });
  });
  after(() => api.close());
  beforeEach(() => {
    // Each test has two business days of its own.
    const days = (date: Date) => new Date(date.getTime() + 4 * 86_400_000);
    [sold, eaten] = [sold, eaten].map((date) => days(new Date(date)).toISOString().slice(0, 10)) as [string, string];
    now = new Date(`${sold}T19:00:00Z`);
    // Sessions end; keys do not.
    mine = { ...mine, token };
  });
  let [sold, eaten] = [SOLD_ON, EATEN_ON];

  const { get, post, patch, tax, pay, complete, refused, issued, actOnOrder } = new Factories(() => ({ api, token }));
  const order = (menuItemId: string, quantity = 1, fields: object = {}): Promise<Json> =>
    api.order(token, [{ menuItemId, quantity }], fields);
  const vouchersOf = ({ id, lines }: Json): string => `/v1/orders/${id}/lines/${lines[0].id}/vouchers`;
  /** A sale that is paid and completed, with its codes. */
  const sell = async (quantity = 1): Promise<{ sale: Json; codes: Json[]; payment: Json }> => {
    const sale = await order(voucher.id, quantity);
    const payment = await pay(sale.id, 'cash', sale.total);
    const { data: codes } = await post(vouchersOf(sale), {});
    await complete(sale.id);
    return { sale, codes, payment };
  };
  const payBy = (orderId: string, code: Json, amount: number): Promise<Json> =>
    post(`/v1/orders/${orderId}/payments`, { method: 'voucher', amount, code: code.code });
  const refund = (payment: Json, body: object): Promise<Json> =>
    post(`/v1/payments/${payment.id}/refunds`, { reason: 'cold', ...body });
  const codeOf = ({ id }: Json): Promise<Json> => get(`/v1/codes/${id}`);
  const taxIn = ({ prepaid }: Json): number => sumOf(prepaid.charges.flatMap(({ taxes }: Json) => taxes));
  const sumOf = (taxes: Json[]): number => taxes.reduce((total, { amount }) => total + amount, 0);
  /** Tax of a day as a tax return adds it up. */
  const taxOf = ({ taxes, refundTaxes }: Json): number => sumOf(taxes) - sumOf(refundTaxes);
  /** A day of which every equation holds, and the sales report agrees. */
  const day = async (date: string): Promise<Json> => {
    const figures = await get(`/v1/business-days/${date}`);
    const { grossSales, discountTotal, serviceChargeTotal, taxTotal, taxIncludedTotal, tipTotal } = figures;
    const others = serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal;
    const { vouchersSold, vouchersRedeemed, deposits } = figures;
    assert.equal(figures.total, grossSales - discountTotal + others + vouchersSold + vouchersRedeemed);
    assert.equal(vouchersRedeemed, deposits.vouchers.amount);
    const { salesKept, moneyKept, dueTotal, otherDays } = figures.balance;
    assert.deepEqual([salesKept, salesKept], [figures.total - figures.refundTotal, moneyKept + dueTotal + otherDays]);
    for (const groupBy of ['day', 'hour', 'item', 'category', 'type']) {
      const report = await get(`/v1/reports/sales?from=${date}&to=${date}&groupBy=${groupBy}`);
      for (const field of SALES_FIELDS) assert.equal(report[field], figures[field], field);
      for (const field of ['units', 'grossSales', 'revenue', 'vouchersSold', 'vouchersRedeemed'])
        assert.equal(
          report.data.reduce((total: number, row: Json) => total + row[field], 0),
          report[field],
          `${field} by ${groupBy}`,
        );
    }
    return figures;
  };
  const nextDay = (): void => {
    now = new Date(`${eaten}T19:00:00Z`);
  };

  test('the sale is revenue and taxed at once, and the meal that is paid with it is neither again', async () => {
    const { sale, codes } = await sell();
    assert.deepEqual([sale.lines[0].kind, sale.total, sale.taxTotal], ['taxed_voucher', 5_000, 798]);
    const first = await day(sold);
    assert.deepEqual([first.revenue, first.vouchersSold, taxOf(first), first.units], [5_000, 0, 798, 0]);
    nextDay();
    const meal = await order(menu);
    const paid = await payBy(meal.id, codes[0], 5_000);
    assert.deepEqual(
      [paid.prepaid.kind, paid.prepaid.charges[0].net, paid.prepaid.sold.menuItemId],
      ['voucher', 4_202, voucher.id],
    );
    await complete(meal.id);
    const second = await day(eaten);
    assert.deepEqual([second.revenue, second.total, second.vouchersRedeemed, taxOf(second)], [0, 5_000, 5_000, 0]);
    assert.deepEqual([second.units, second.deposits.vouchers.count, second.cash.expected], [1, 1, 0]);
    const rows = (await get(`/v1/reports/sales?from=${sold}&to=${eaten}&groupBy=item`)).data;
    assert.deepEqual(
      rows.map(({ label, revenue, orders }: Json) => [label, revenue, orders]),
      [
        ['Menu', 5_000, 1],
        ['Dinner', 0, 1],
      ],
    );
    const { prepaid, balance } = await codeOf(codes[0]);
    assert.deepEqual([prepaid, balance], [null, 0]);
    const receipt = await get(`/v1/orders/${meal.id}/receipt`);
    assert.deepEqual([sumOf(receipt.taxes), sumOf(receipt.voucherTaxes)], [798, 798]);
    const of = (await get(`/v1/reports/voucher-liability?from=${sold}&to=${eaten}`)).data;
    const row = of.find(({ taxKind }: Json) => taxKind === 'single_purpose');
    assert.deepEqual([row.issued, row.redeemed, row.outstanding - row.opening], [5_000, 5_000, 0]);
  });

  test('a close freezes these figures, and the sums of its day equal its rows', async () => {
    const { codes } = await sell(3);
    const meal = await order(menu, 2);
    await payBy(meal.id, codes[0], 5_000);
    await payBy(meal.id, codes[1], 5_000);
    await complete(meal.id);
    const before = await day(sold);
    const closed = await post(`/v1/business-days/${sold}/close`, { acceptEarly: true });
    for (const field of ['revenue', 'vouchersRedeemed', 'deposits', 'taxes', 'balance'])
      assert.deepEqual(closed[field], before[field], field);
    // By its sums.
    await day(sold);
    assert.deepEqual([closed.revenue, taxOf(closed)], [15_000, 2_395]);
    const print = await api.get(`/v1/documents/${closed.documentId}.txt`, { token });
    assert.match(print.text, /Vouchers redeemed\s+100\.00/u);
  });

  test('it is used in parts, to the cent, and what returns onto it takes its tax along', async () => {
    const { codes } = await sell();
    nextDay();
    const paid: Json[] = [];
    for (const amount of [1, 1_667, 3_331]) {
      const meal = await order(menu);
      paid.push(await payBy(meal.id, codes[0], amount));
      await pay(meal.id, 'card', 5_000 - amount);
      await complete(meal.id);
    }
    const used = await codeOf(codes[0]);
    assert.equal(used.prepaid.amount, 1);
    // Three meals, less the tax of the sale that the voucher no longer carries.
    assert.equal(taxOf(await day(eaten)), 3 * 798 - (798 - taxIn(used)));
    await refund(paid[1], { amount: 667 });
    await refund(paid[1], { amount: 500, method: 'cash' });
    await refund(paid[1], { amount: 500 });
    const after = await codeOf(codes[0]);
    assert.deepEqual([after.balance, after.prepaid.amount], [1_168, 1_168]);
    // 11.68 x 19/119 = 1.86
    assert.ok(Math.abs(taxIn(after) - 186) <= 1, String(taxIn(after)));
    const figures = await day(eaten);
    assert.equal(figures.vouchersRedeemed, 5_000 - 1_168);
    assert.equal(taxOf(figures), 3 * 798 - sumOf(figures.refundTaxes) - (798 - taxIn(after)));
    assert.equal(sumOf(figures.refundTaxes), 266);
  });

  test('the papers of the meal state no tax twice', async () => {
    const { codes } = await sell();
    nextDay();
    const meal = await order(menu, 2);
    await payBy(meal.id, codes[0], 5_000);
    await complete(meal.id);
    const paper = await issued({ type: 'invoice', orderId: meal.id, customer: { name: 'Ada', country: 'DE' } });
    assert.deepEqual(
      paper.details.deposits.map(({ kind, amount }: Json) => [kind, amount]),
      [['voucher', 5_000]],
    );
    for (const format of ['xml', 'xml?syntax=cii']) {
      const { text, status } = await api.get(`/v1/documents/${paper.id}.${format}`, { token });
      assert.equal(status, 200, text);
      assert.deepEqual(brokenRules(readInvoice(text)), [], format);
    }
  });

  test('it pays no tip, no deposit and no vouchers, and nothing is lost by that', async () => {
    const { codes } = await sell();
    const meal = await order(menu);
    const body = { method: 'voucher', amount: 1_000, code: codes[0].code };
    const tipped = await refused(422, `/v1/orders/${meal.id}/payments`, { ...body, tip: 1 });
    assert.equal(tipped.errors[0].pointer, '/tip');
    await refused(422, `/v1/orders/${meal.id}/payments`, { ...body, deposit: true });
    const other = await order(voucher.id);
    await refused(422, `/v1/orders/${other.id}/payments`, body);
    const { balance, prepaid } = await codeOf(codes[0]);
    assert.deepEqual([balance, prepaid.amount], [5_000, 5_000]);
    for (const id of [meal.id, other.id]) await actOnOrder(id, 'cancel', { reason: 'gone' });
  });

  test('the sale goes back with its tax once its vouchers are void', async () => {
    const { sale, codes, payment } = await sell(2);
    await refused(409, `/v1/payments/${payment.id}/refunds`, { amount: 5_000, reason: 'returned' });
    await post(`/v1/codes/${codes[0].id}/void`, { reason: 'returned' }, 200);
    await refund(payment, { lines: [{ lineId: sale.lines[0].id, quantity: 1 }] });
    const figures = await day(sold);
    assert.deepEqual([figures.refundParts.vouchers, figures.refundTotal, taxOf(figures)], [0, 5_000, 799]);
    await refused(409, `/v1/payments/${payment.id}/refunds`, { amount: 1, reason: 'returned' });
  });

  test('a replaced voucher carries its tax, and an expired one keeps it with the state', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', taxKind: 'single_purpose', expiresAfterDays: 1 });
    const item = await api.item(token, { name: 'Lunch', price: 5_000, taxIds: [vat.id], voucherPoolId: pool.id });
    const sale = await order(item.id);
    await pay(sale.id, 'card', 5_000);
    const { data } = await post(vouchersOf(sale), {});
    await complete(sale.id);
    const moved = await post(`/v1/codes/${data[0].id}/transfer`, {});
    assert.deepEqual([(await codeOf(moved)).prepaid.amount, (await codeOf(data[0])).prepaid], [5_000, null]);
    const meal = await order(menu);
    const paid = await payBy(meal.id, moved, 2_000);
    nextDay();
    assert.equal(await api.context.codePools.codes.expire(mine.id, () => false), 1);
    await refund(paid, { amount: 2_000 });
    const revived = await codeOf(moved);
    assert.deepEqual(
      [revived.prepaid?.amount, taxOf(await day(eaten))],
      [revived.balance, sumOf(paid.prepaid.charges[0].taxes)],
    );
  });

  test('its taxes stay once it was handed out, and it is taxed in its price', async () => {
    const sale = await order(voucher.id);
    await pay(sale.id, 'card', 5_000);
    await post(vouchersOf(sale), {});
    const { version } = await get(`/v1/orders/${sale.id}`);
    const headers = { 'if-match': `"${version}"` };
    const exempt = { taxExemption: { reason: 'Embassy', certificate: '1' } };
    expectStatus(422, await api.patch(`/v1/orders/${sale.id}`, exempt, { token, headers }));
    const added = await tax('8', false);
    const pool = await makePool(api, mine, { kind: 'voucher', taxKind: 'single_purpose' });
    const item = await api.item(token, { name: 'Added', price: 100, taxIds: [added.id], voucherPoolId: pool.id });
    await refused(422, '/v1/orders', { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1 }] });
    await complete(sale.id);
  });
});
