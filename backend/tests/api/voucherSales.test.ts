/**
 * Vouchers that are sold with orders: no revenue, handed out when paid, and worth what was paid.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool } from '../support/codes.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';

describe('vouchers sold with orders', () => {
  let api: TestApi;
  let now = new Date(`${DAY}T19:00:00Z`);
  let mine: TestRestaurant;
  let token: string;
  let pool: Json;
  let voucher: string;
  let menu: string;
  let vat: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());
  beforeEach(async () => {
    now = new Date(`${DAY}T19:00:00Z`);
    mine = await api.restaurant();
    token = await api.apiKey(mine.token);
    pool = await makePool(api, mine, { kind: 'voucher' });
    vat = (await tax('19', true)).id;
    voucher = (await api.item(token, { name: 'Voucher 50', price: 5_000, taxIds: [], voucherPoolId: pool.id })).id;
    menu = (await api.item(token, { name: 'Menu', price: 5_000, taxIds: [vat] })).id;
  });

  const { get, post, patch, tax, pay, complete, actOnOrder, refused, issued } = new Factories(() => ({ api, token }));
  const order = (menuItemId: string, quantity = 1, fields: object = {}): Promise<Json> =>
    api.order(token, [{ menuItemId, quantity }], fields);
  const vouchersOf = ({ id, lines }: Json): string => `/v1/orders/${id}/lines/${lines[0].id}/vouchers`;
  const handOut = async (sale: Json): Promise<Json[]> => (await post(vouchersOf(sale), { holder: 'Ada' })).data;
  const drop = ({ id, lines }: Json): Promise<Answer> =>
    api.delete(`/v1/orders/${id}/lines/${lines[0].id}`, { reason: 'mistake' }, { token });
  const voidCode = (code: Json): Promise<Json> => post(`/v1/codes/${code.id}/void`, { reason: 'returned' }, 200);
  const day = (date = DAY): Promise<Json> => get(`/v1/business-days/${date}`);
  const owed = async (): Promise<Json> =>
    (await get(`/v1/reports/voucher-liability?from=${DAY}&to=2026-12-31`)).data.find(
      ({ taxKind }: Json) => taxKind === 'multi_purpose',
    );
  const addsUp = (figures: Json): void => {
    const { grossSales, discountTotal, serviceChargeTotal, taxTotal, taxIncludedTotal, tipTotal } = figures;
    const added = serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal + figures.vouchersSold;
    assert.equal(figures.total, grossSales - discountTotal + added);
    const { goods, serviceCharge, tax: taxBack, tip, vouchers } = figures.refundParts;
    assert.equal(figures.refundTotal, goods + serviceCharge + taxBack + tip + vouchers);
    const { salesKept, moneyKept, dueTotal, otherDays } = figures.balance;
    assert.deepEqual([salesKept, salesKept], [figures.total - figures.refundTotal, moneyKept + dueTotal + otherDays]);
  };
  const paidSale = async (quantity = 1): Promise<Json> => {
    const sale = await order(voucher, quantity);
    await pay(sale.id, 'cash', sale.total);
    return sale;
  };

  test('the sale is no revenue, and the meal that is paid with it is revenue once', async () => {
    const sale = await paidSale();
    const [code] = await handOut(sale);
    await complete(sale.id);
    assert.deepEqual([sale.lines[0].kind, sale.total, sale.taxTotal], ['voucher', 5_000, 0]);
    const meal = await order(menu);
    await post(`/v1/orders/${meal.id}/payments`, { method: 'voucher', amount: 5_000, code: code!.code });
    await complete(meal.id);
    const figures = await day();
    addsUp(figures);
    const { revenue, grossSales, vouchersSold, total, units, taxTotal } = figures;
    assert.deepEqual([revenue, grossSales, vouchersSold, total, units], [5_000, 5_000, 5_000, 10_000, 1]);
    // 50.00 x 19/119
    assert.equal(taxTotal, 798);
    assert.equal(figures.cash.expected, 5_000);
    const report = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}&groupBy=item`);
    assert.deepEqual([report.revenue, report.vouchersSold], [5_000, 5_000]);
    assert.deepEqual(
      report.data.map(({ label, revenue: of, vouchersSold: sold }: Json) => [label, of, sold]),
      [
        ['Menu', 5_000, 0],
        ['Voucher 50', 0, 5_000],
      ],
    );
    const { issued: handedOut, redeemed, outstanding } = await owed();
    assert.deepEqual([handedOut, redeemed, outstanding], [5_000, 5_000, 0]);
    assert.deepEqual(
      (await get(`/v1/reports/menu-engineering?from=${DAY}&to=${DAY}`)).data.map((one: Json) => one.name),
      ['Menu'],
    );
  });

  test('the frozen day shows vouchers apart', async () => {
    const sale = await paidSale(2);
    await complete(sale.id);
    const closed = await post(`/v1/business-days/${DAY}/close`, { acceptEarly: true });
    addsUp(closed);
    assert.deepEqual([closed.vouchersSold, closed.revenue, closed.total], [10_000, 0, 10_000]);
  });

  test('they have no discount, comp, gift or service charge, and no deposit', async () => {
    await patch('/v1/restaurant', { serviceCharge: { rate: '10', taxIds: [], orderTypes: ['dine_in'] } });
    const sale = await order(voucher, 2, { type: 'dine_in', discounts: [{ percent: '50' }] });
    assert.deepEqual([sale.total, sale.serviceChargeTotal, sale.discountTotal], [10_000, 0, 0]);
    await refused(409, `/v1/orders/${sale.id}/lines/${sale.lines[0].id}/comp`, { reason: 'kind' });
    await refused(422, `/v1/orders/${sale.id}/payments`, { method: 'card', amount: 100, deposit: true });
    for (const fields of [{ discounts: [{ amount: 1 }] }, { free: { reason: 'kind' } }, { quantity: -1 }])
      await refused(422, '/v1/orders', {
        type: 'takeaway',
        lines: [{ menuItemId: voucher, quantity: 1, ...fields }],
      });
  });

  test('they are sold on an order of their own, a hundred on a line', async () => {
    const both = [voucher, menu].map((menuItemId) => ({ menuItemId, quantity: 1 }));
    await refused(422, '/v1/orders', { type: 'takeaway', lines: both });
    await refused(422, '/v1/orders/preview', { type: 'takeaway', lines: both });
    await refused(422, '/v1/orders', { type: 'takeaway', lines: [{ menuItemId: voucher, quantity: 101 }] });
    const sale = await order(voucher);
    await refused(422, `/v1/orders/${sale.id}/lines`, { menuItemId: menu, quantity: 1 });
    expectStatus(200, await drop(sale));
    await refused(422, `/v1/orders/${sale.id}/lines`, { menuItemId: menu, quantity: 1 });
    const meal = await order(menu);
    await refused(422, `/v1/orders/${meal.id}/lines`, { menuItemId: voucher, quantity: 1 });
  });

  test('they are handed out once, after the payment, and the same key gives the same codes', async () => {
    const sale = await order(voucher, 3);
    await refused(409, vouchersOf(sale));
    await pay(sale.id, 'card', 14_999);
    await refused(409, vouchersOf(sale));
    await pay(sale.id, 'card', 1);
    const headers = { 'idempotency-key': 'once' };
    const [first, again] = [
      expectStatus(201, await api.post(vouchersOf(sale), {}, { token, headers })).data,
      expectStatus(201, await api.post(vouchersOf(sale), {}, { token, headers })).data,
    ];
    assert.deepEqual(again, first);
    assert.deepEqual(
      first.map(({ value }: Json) => value),
      [5_000, 5_000, 5_000],
    );
    const found = await get(`/v1/codes/${first[0].id}`);
    assert.deepEqual([found.orderLineId, found.balance], [sale.lines[0].id, 5_000]);
    await refused(409, vouchersOf(sale));
    const meal = await order(menu);
    await refused(404, `/v1/orders/${meal.id}/lines/${meal.lines[0].id}/vouchers`);
    const other = await api.restaurant();
    expectProblem(404, await api.post(vouchersOf(sale), {}, { token: other.token }));
  });

  test('money for them goes back only after they are void, and shows apart from refunded goods', async () => {
    const sale = await paidSale(2);
    const codes = await handOut(sale);
    await complete(sale.id);
    const { payments } = await get(`/v1/orders/${sale.id}/payments`);
    const refunds = `/v1/payments/${payments[0].id}/refunds`;
    await refused(409, refunds, { amount: 1, reason: 'returned' });
    await voidCode(codes[0]);
    await refused(409, refunds, { amount: 5_001, reason: 'returned' });
    await post(refunds, { lines: [{ lineId: sale.lines[0].id, quantity: 1 }], reason: 'returned' });
    await refused(409, refunds, { amount: 1, reason: 'returned' });
    const figures = await day();
    addsUp(figures);
    assert.deepEqual(
      [figures.refundParts.vouchers, figures.refundParts.goods, figures.vouchersSold],
      [5_000, 0, 10_000],
    );
    assert.equal((await owed()).outstanding, 5_000);
  });

  test('a spent voucher keeps its line, and a replaced one counts once', async () => {
    const sale = await paidSale();
    const [code] = await handOut(sale);
    const moved = await post(`/v1/codes/${code!.id}/transfer`, {});
    assert.equal((await get(`/v1/codes/${moved.id}`)).orderLineId, sale.lines[0].id);
    await refused(409, vouchersOf(sale));
    const meal = await order(menu);
    await post(`/v1/orders/${meal.id}/payments`, { method: 'voucher', amount: 2_000, code: moved.code });
    expectProblem(409, await drop(sale));
    await voidCode(moved);
    const { payments } = await get(`/v1/orders/${sale.id}/payments`);
    const refunds = `/v1/payments/${payments[0].id}/refunds`;
    await refused(409, refunds, { amount: 3_001, reason: 'returned' });
    await post(refunds, { amount: 3_000, reason: 'returned' });
    addsUp(await day());
  });

  test('voiding a line voids its unused vouchers, and the money can go back', async () => {
    const sale = await paidSale();
    const [code] = await handOut(sale);
    const { payments } = await get(`/v1/orders/${sale.id}/payments`);
    await refused(409, `/v1/payments/${payments[0].id}/refunds`, { amount: 5_000, reason: 'returned' });
    expectStatus(200, await drop(sale));
    assert.equal((await get(`/v1/codes/${code!.id}`)).status, 'void');
    await post(`/v1/payments/${payments[0].id}/refunds`, { amount: 5_000, reason: 'returned' });
    await actOnOrder(sale.id, 'cancel', { reason: 'gone' });
    const figures = await day();
    addsUp(figures);
    assert.deepEqual([figures.vouchersSold, figures.total, figures.refundTotal], [0, 0, 0]);
    assert.equal((await owed()).outstanding, 0);
  });

  test('an invoice of a sale states no tax, and crediting it takes no money back', async () => {
    const sale = await paidSale();
    const [code] = await handOut(sale);
    await complete(sale.id);
    const paper = await issued({ type: 'receipt', orderId: sale.id });
    assert.deepEqual([paper.total, paper.taxTotal], [5_000, 0]);
    await post(`/v1/documents/${paper.id}/credit?issue=true`, { reason: 'name' });
    const { payments } = await get(`/v1/orders/${sale.id}/payments`);
    await refused(409, `/v1/payments/${payments[0].id}/refunds`, { amount: 5_000, reason: 'returned' });
    await voidCode(code);
    await post(`/v1/payments/${payments[0].id}/refunds`, { amount: 5_000, reason: 'returned' });
    const figures = await day();
    addsUp(figures);
    assert.equal(figures.refundParts.vouchers, 5_000);
  });

  test('items that could not sell vouchers are refused with the field', async () => {
    const taxed = await makePool(api, mine, { kind: 'voucher', taxKind: 'single_purpose' });
    const fixed = await makePool(api, mine, { kind: 'voucher', value: 2_500 });
    const pickup = await makePool(api, mine, { kind: 'pickup' });
    const { categoryId } = await get(`/v1/menu-items/${menu}`);
    const item = { name: 'Gift', price: 5_000, categoryId, voucherPoolId: pool.id };
    for (const [status, pointer, fields] of [
      [422, '/taxIds', { voucherPoolId: taxed.id }],
      [404, '/voucherPoolId', { voucherPoolId: pickup.id }],
      [422, '/price', { voucherPoolId: fixed.id }],
      [422, '/price', { price: 0 }],
      [422, '/variants/0/price', { variants: [{ name: 'Small', price: 0 }] }],
      [422, '/taxIds', { taxIds: [vat] }],
      [422, '/unit', { unit: 'kg' }],
      [422, '/isDeposit', { isDeposit: true }],
    ] as const) {
      const problem = await refused(status, '/v1/menu-items', { ...item, ...fields });
      assert.equal(problem.errors[0].pointer, pointer);
    }
    const { version } = await get(`/v1/menu-items/${menu}`);
    const headers = { 'if-match': `"${version}"` };
    const changed = await api.patch(`/v1/menu-items/${menu}`, { voucherPoolId: pool.id }, { token, headers });
    assert.equal(expectProblem(422, changed).errors[0].pointer, '/voucherPoolId');
  });

  test('a pool keeps its tax kind, and is not deleted, while items sell its vouchers', async () => {
    const path = `/v1/code-pools/${pool.id}`;
    const headers = { 'if-match': `"${(await get(path)).version}"` };
    expectProblem(409, await api.patch(path, { taxKind: 'single_purpose' }, { token, headers }));
    expectProblem(409, await api.delete(path, {}, { token, headers }));
    const item = await get(`/v1/menu-items/${voucher}`);
    const sale = await paidSale();
    expectStatus(
      204,
      await api.delete(`/v1/menu-items/${voucher}`, {}, { token, headers: { 'if-match': `"${item.version}"` } }),
    );
    assert.equal((await handOut(sale)).length, 1);
  });
});
