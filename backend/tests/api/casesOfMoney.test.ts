/** Deposits and vouchers in the forms in which public bug reports of other tills describe them. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool } from '../support/codes.js';
import { Factories } from '../support/factories.js';

const TODAY = '2026-11-20';
const MEAL = '2026-11-28';

describe('money before the meal', () => {
  let api: TestApi;
  let now = new Date(`${TODAY}T18:00:00Z`);
  let mine: TestRestaurant;
  let token: string;
  let food: string;
  let wine: string;
  let voucher: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());
  beforeEach(async () => {
    now = new Date(`${TODAY}T18:00:00Z`);
    mine = await api.restaurant();
    token = await api.apiKey(mine.token);
    await patch('/v1/restaurant', { country: 'DE', vatId: 'DE123456789' });
    food = (await api.item(token, { name: 'Buffet', price: 60_000, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 40_000, taxIds: [(await tax('19', true)).id] })).id;
    const pool = await makePool(api, mine, { kind: 'voucher' });
    voucher = (await api.item(token, { name: 'Voucher', price: 40_000, voucherPoolId: pool.id })).id;
  });

  const { get, post, patch, tax, pay, complete, refused, issued, actOnOrder } = new Factories(() => ({ api, token }));
  const order = (ids: string[], fields: object = {}): Promise<Json> =>
    api.order(
      token,
      ids.map((menuItemId) => ({ menuItemId, quantity: 1 })),
      fields,
    );
  const banquet = (): Promise<Json> => order([food, wine], { scheduledFor: `${MEAL}T18:00:00Z` });
  const deposit = (id: string, amount: number): Promise<Json> =>
    post(`/v1/orders/${id}/payments`, { method: 'card', amount, deposit: true });
  const refund = (payment: Json, amount: number): Promise<Json> =>
    post(`/v1/payments/${payment.id}/refunds`, { amount, reason: 'ill' });
  const sumOf = (taxes: Json[]): number => taxes.reduce((total, { amount }) => total + amount, 0);
  /** Tax by rate, as a tax return adds it up; only what is not zero. */
  const taxesOf = (figures: Json): Record<string, number> => {
    const rates: Record<string, number> = {};
    const add = (taxes: Json[], sign: number) => {
      for (const { rate, amount } of taxes) rates[rate] = (rates[rate] ?? 0) + sign * amount;
    };
    add(figures.taxes, 1);
    add(figures.refundTaxes, -1);
    return Object.fromEntries(Object.entries(rates).filter(([, amount]) => amount !== 0));
  };
  /** A day whose two sides agree. */
  const day = async (date: string): Promise<Json> => {
    const figures = await get(`/v1/business-days/${date}`);
    const { salesKept, moneyKept, dueTotal, otherDays } = figures.balance;
    assert.deepEqual([salesKept, salesKept], [figures.total - figures.refundTotal, moneyKept + dueTotal + otherDays]);
    return figures;
  };
  const dinner = (): void => {
    now = new Date(`${MEAL}T19:00:00Z`);
  };
  /** Tax of a bill of 600.00 at 7 % and 400.00 at 19 %. */
  const WHOLE = { '7': 3_925, '19': 6_387 };

  test('a voucher that is sold is no revenue; two rates, partly paid with it, and refunded', async () => {
    const sale = await order([voucher]);
    await pay(sale.id, 'cash', 40_000);
    const { data } = await post(`/v1/orders/${sale.id}/lines/${sale.lines[0].id}/vouchers`);
    await complete(sale.id);
    assert.deepEqual([(await day(TODAY)).revenue, taxesOf(await day(TODAY))], [0, {}]);
    const meal = await order([food, wine]);
    const body = { method: 'voucher', amount: 40_000, code: data[0].code };
    const byVoucher = await post(`/v1/orders/${meal.id}/payments`, body);
    await pay(meal.id, 'card', 60_000);
    await complete(meal.id);
    const eaten = await day(TODAY);
    assert.deepEqual([eaten.revenue, eaten.vouchersSold, taxesOf(eaten)], [100_000, 40_000, WHOLE]);
    await refund(byVoucher, 10_000);
    assert.equal((await get(`/v1/codes/${data[0].id}`)).balance, 10_000);
    const after = await day(TODAY);
    // A tenth of the bill, by rate.
    assert.deepEqual([after.refundTotal, taxesOf(after)], [10_000, { '7': 3_925 - 392, '19': 6_387 - 639 }]);
  });

  test('a deposit has its taxes on its day, and only the rest of them on the day of the meal', async () => {
    const meal = await banquet();
    assert.equal((await deposit(meal.id, 20_000)).businessDate, TODAY);
    // 120.00 x 7/107 and 80.00 x 19/119.
    assert.deepEqual(taxesOf(await day(TODAY)), { '7': 785, '19': 1_277 });
    const invoice = await issued({ type: 'invoice', orderId: meal.id, customer: { name: 'Firma', country: 'DE' } });
    const { text } = await api.get(`/v1/documents/${invoice.id}.xml`, { token });
    assert.equal(/<cbc:PayableAmount[^>]*>([^<]*)</.exec(text)?.[1], '800.00');
    dinner();
    await pay(meal.id, 'card', 80_000);
    await complete(meal.id);
    assert.deepEqual(taxesOf(await day(MEAL)), { '7': WHOLE['7'] - 785, '19': WHOLE['19'] - 1_277 });
  });

  test('several deposits that pay the whole bill have its taxes to the cent, and the meal has none left', async () => {
    const meal = await banquet();
    for (const amount of [33_333, 33_333, 1, 33_333]) await deposit(meal.id, amount);
    await refused(409, `/v1/orders/${meal.id}/payments`, { method: 'card', amount: 1, deposit: true });
    assert.deepEqual(taxesOf(await day(TODAY)), WHOLE);
    dinner();
    await complete(meal.id);
    assert.deepEqual(taxesOf(await day(MEAL)), {});
  });

  test('a deposit greater than the bill is refused, and one that becomes greater is given back in part', async () => {
    const meal = await banquet();
    await refused(409, `/v1/orders/${meal.id}/payments`, { method: 'card', amount: 100_001, deposit: true });
    const paid = await deposit(meal.id, 80_000);
    const before = sumOf(paid.prepaid.charges.flatMap(({ taxes }: Json) => taxes));
    const [, line] = meal.lines;
    expectStatus(200, await api.delete(`/v1/orders/${meal.id}/lines/${line.id}`, { reason: 'dry' }, { token }));
    assert.equal((await get(`/v1/orders/${meal.id}`)).dueTotal, -20_000);
    await refund(paid, 20_000);
    const kept = sumOf(Object.values(taxesOf(await day(TODAY))).map((amount) => ({ amount })));
    assert.ok(kept < before && kept > 0, `${kept} of ${before}`);
    dinner();
    await complete(meal.id);
    // Over both days, the food alone was sold.
    const days = [await day(TODAY), await day(MEAL)].map(taxesOf);
    const total = (rate: string) => days.reduce((sum, taxes) => sum + (taxes[rate] ?? 0), 0);
    assert.deepEqual([total('7'), total('19')], [WHOLE['7'], 0]);
  });

  test('a deposit that goes back, or one of a cancelled order, leaves no tax on any day', async () => {
    const meal = await banquet();
    const paid = await deposit(meal.id, 50_001);
    const second = await deposit(meal.id, 7);
    await refused(409, `/v1/orders/${meal.id}/cancel`, { reason: 'gone' });
    now = new Date('2026-11-21T18:00:00Z');
    for (const amount of [1, 20_000, 30_000]) await refund(paid, amount);
    await refund(second, 7);
    await actOnOrder(meal.id, 'cancel', { reason: 'gone' });
    const days = await Promise.all([TODAY, '2026-11-21', MEAL].map(day));
    assert.deepEqual(taxesOf(days[2]), {});
    for (const rate of ['7', '19'])
      assert.equal(
        days.reduce((sum, figures) => sum + (taxesOf(figures)[rate] ?? 0), 0),
        0,
      );
  });
});
