/**
 * Z reports of random days against sums over the stored rows, and all Z reports together against
 * the sales report.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { SALES_FIELDS } from '../support/salesFields.js';

const NOON = new Date('2026-11-10T11:00:00Z');
const DAY_MS = 24 * 3_600_000;
const DAYS = 3;
const ORDERS_A_DAY = 8;

/**
 * Computed from the rows alone. `$1` is the restaurant, `$2` the date. A refund's parts are those
 * that took a sale back.
 */
const SUMS = `
  with o as (select * from orders where restaurant_id = $1 and business_date = $2 and status <> 'cancelled'),
    l as (select l.* from order_lines l join o on o.id = l.order_id where l.voided_at is null),
    r as (select * from refunds where restaurant_id = $1 and business_date = $2)
  select
    (select count(*)::int from o) as orders,
    (select coalesce(sum(quantity), 0)::int from l) as units,
    (select coalesce(sum(gross_amount), 0)::int from l) as "grossSales",
    (select coalesce(sum(discount_amount), 0)::int from l) as "discountTotal",
    (select coalesce(sum(service_charge_total), 0)::int from o) as "serviceChargeTotal",
    (select coalesce(sum(tax_total), 0)::int from o) as "taxTotal",
    (select coalesce(sum(tax_included_total), 0)::int from o) as "taxIncludedTotal",
    (select coalesce(sum(tip_total), 0)::int from o) as "tipTotal",
    (select coalesce(sum(total), 0)::int from o) as total,
    (select coalesce(sum((parts ->> 'goods')::int + (parts ->> 'serviceCharge')::int + (parts ->> 'tax')::int + (parts ->> 'tip')::int), 0)::int
     from r) as "refundTotal",
    (select coalesce(sum((parts ->> 'tax')::int), 0)::int from r) as "refundedTax",
    (select coalesce(sum(amount + tip), 0)::int from payments where restaurant_id = $1 and business_date = $2) as taken,
    (select coalesce(sum(amount + tip), 0)::int from payments where restaurant_id = $1 and business_date = $2 and method = 'cash')
      - (select coalesce(sum(r.amount), 0)::int from r join payments p on p.id = r.payment_id and p.method = 'cash') as cash,
    (select coalesce(sum(amount), 0)::int from r) as returned`;

const sum = (rows: readonly Json[], of: (row: Json) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);
const oneOf = <T>(choices: readonly T[]): T => choices[randomInt(choices.length)]!;

describe('the figures of random days', () => {
  let api: TestApi;
  let now = NOON;
  let token: string;
  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());

  const { get, post, patch, tax, pay, issued } = new Factories(() => ({ api, token }));

  async function menu(): Promise<string[]> {
    const taxes: string[] = [];
    for (const [rate, inclusive] of [
      ['7', true],
      ['19', true],
      ['8.875', false],
    ] as const)
      taxes.push((await tax(rate, inclusive)).id);
    const serviceCharge = { rate: '12.5', orderTypes: ['dine_in'], taxIds: [taxes[1], taxes[2]] };
    await patch('/v1/restaurant', { serviceCharge });
    const sets = [[], [taxes[0]], [taxes[1]], [taxes[2]], [taxes[0], taxes[2]]];
    const items = await Promise.all(
      sets.map((taxIds, index) => api.item(token, { name: `Dish ${index}`, price: randomInt(1, 3_000), taxIds })),
    );
    return items.map(({ id }) => id);
  }

  /**
   * A random order with everything an order can have, paid in parts and partly refunded, which then
   * ends in one of several ways.
   */
  async function trade(items: readonly string[]): Promise<void> {
    const lines = Array.from({ length: randomInt(1, 4) }, () => ({
      menuItemId: oneOf(items),
      quantity: randomInt(1, 5),
      discounts: oneOf([[], [{ percent: '12.5' }], [{ amount: randomInt(1, 300) }]]),
    }));
    const fields = {
      type: oneOf(['dine_in', 'takeaway']),
      tip: oneOf([0, 123]),
      discounts: oneOf([[], [{ percent: '33.3333' }]]),
    };
    const order = await api.order(token, lines, fields);
    const path = `/v1/orders/${order.id}`;
    const end = oneOf(['cancel', 'open', 'complete', 'complete', 'complete'] as const);
    if (end === 'cancel') return void (await post(`${path}/cancel`, { reason: 'gone' }, 200));
    if (lines.length > 1)
      expectStatus(200, await api.delete(`${path}/lines/${order.lines[0].id}`, { reason: 'gone' }, { token }));
    const { total } = await get(path);
    const parts = [Math.floor(total / 3), total - Math.floor(total / 3)].filter((amount) => amount > 0);
    const payments: Json[] = [];
    for (const amount of parts)
      payments.push(await post(`${path}/payments`, { method: oneOf(['cash', 'card']), amount, tip: randomInt(0, 99) }));
    const giveBack = async () => {
      const { id, amount } = oneOf(payments);
      if (amount > 3)
        await post(
          `/v1/payments/${id}/refunds`,
          { amount: randomInt(1, Math.max(2, Math.floor(amount / 3))), reason: 'cold' },
          201,
        );
    };
    if (payments.length > 0 && oneOf([true, false])) await giveBack();
    if (end === 'open') return;
    for (const action of ['accept', 'start', 'ready', 'complete']) await post(`${path}/${action}`, {}, 200);
    if (payments.length > 0 && oneOf([true, false])) await giveBack();
  }

  for (const currency of ['EUR', 'JPY', 'KWD'])
    test(`are the sums of the rows, before and after the close, in ${currency}`, async () => {
      now = NOON;
      const restaurant = await api.restaurant({ currency });
      token = await api.apiKey(restaurant.token);
      const items = await menu();
      const closes: Json[] = [];
      for (let made = 0; made < DAYS; made += 1) {
        await Promise.all(Array.from({ length: ORDERS_A_DAY }, () => trade(items)));
        const date = now.toISOString().slice(0, 10);
        const {
          status: _s,
          number: _n,
          documentId: _d,
          closedAt: _at,
          closedBy: _by,
          ...live
        } = await get(`/v1/business-days/${date}`);
        now = new Date(now.getTime() + DAY_MS);
        const frozen = await post(`/v1/business-days/${date}/close`, { acceptOpenOrders: true });
        assert.deepEqual({ ...frozen, ...live }, frozen);
        assert.equal(frozen.currency, currency);
        const { rows } = await withClient(api.database.ownerUrl, (owner) => owner.query(SUMS, [restaurant.id, date]));
        const { refundedTax, taken, cash, returned, ...sums } = rows[0];
        for (const [field, value] of Object.entries(sums)) assert.equal(frozen[field], value, `${field} of ${date}`);
        assert.equal(
          sum(frozen.taxes, ({ amount }) => amount),
          frozen.taxTotal,
        );
        assert.equal(
          sum(
            frozen.taxes.filter(({ inclusive }: Json) => inclusive),
            ({ amount }) => amount,
          ),
          frozen.taxIncludedTotal,
        );
        assert.equal(
          sum(frozen.refundTaxes, ({ amount }) => amount),
          refundedTax,
        );
        assert.equal(
          sum(frozen.payments, ({ amount, tip }) => amount + tip),
          taken,
        );
        assert.equal(
          sum(frozen.refunds, ({ amount }) => amount),
          returned,
        );
        assert.equal(frozen.cash.expected, cash);
        const added = frozen.serviceChargeTotal + frozen.taxTotal - frozen.taxIncludedTotal + frozen.tipTotal;
        assert.equal(frozen.total, frozen.grossSales - frozen.discountTotal + added);
        closes.push(frozen);
      }
      const report = await get(`/v1/reports/sales?from=${closes[0]?.['date']}&to=${closes.at(-1)?.['date']}`);
      for (const field of SALES_FIELDS)
        assert.equal(
          sum(closes, (close) => close[field]),
          report[field],
          field,
        );
    });

  test('are told however high the prices: the answers hold to their schema', async () => {
    now = NOON;
    token = await api.apiKey((await api.restaurant({ currency: 'IDR' })).token);
    const price = 100_000_000_000;
    const { id: menuItemId } = await api.item(token, { price });
    const orders = await Promise.all(Array.from({ length: 3 }, () => api.order(token, [{ menuItemId, quantity: 1 }])));
    for (const { id } of orders) await pay(id, 'card', price);
    const lines = [{ description: 'Palace', quantity: '1', unitPrice: price }];
    assert.equal((await issued({ type: 'invoice', lines })).total, price);
    const day = await post('/v1/business-days/2026-11-10/close', { acceptEarly: true, acceptOpenOrders: true });
    assert.deepEqual([day.total, day.payments[0].amount], [3 * price, 3 * price]);
    assert.equal((await get('/v1/reports/sales?from=2026-11-10&to=2026-11-10&groupBy=item')).total, 3 * price);
    assert.equal((await get(`/v1/orders/${orders[0]?.id}/receipt`)).total, price);
  });
});
