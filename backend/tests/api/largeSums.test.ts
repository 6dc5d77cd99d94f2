/**
 * The largest allowed amounts, and sums that exceed a safe number: counted, returned, closed and
 * printed exactly.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { csv, ImportClient, PLAIN } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';

const MOST = 100_000_000_000;
const DAY = '2026-11-10';
const NOON = new Date(`${DAY}T12:00:00Z`);

describe('large amounts', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi({ clock: () => NOON });
    token = await api.apiKey((await api.restaurant({ currency: 'IDR' })).token);
  });
  after(() => api.close());

  const { get, post, supplier, ingredient, refused } = new Factories(() => ({ api, token }));
  const refuse = async (path: string, body: object, said: RegExp) => {
    const { code, detail } = await refused(422, path, body);
    assert.equal(code, 'invalid_request');
    assert.match(detail, said);
  };

  test('of an order are bounded, before discounts as after, on every way to a larger one', async () => {
    const { id: palace } = await api.item(token, { price: MOST });
    const { id: half } = await api.item(token, { price: MOST / 2 });
    const order = (lines: object[], fields: object = {}) => ({ type: 'takeaway', lines, ...fields });
    const free = [{ percent: '100' }];
    for (const path of ['/v1/orders', '/v1/orders/preview']) {
      await refuse(path, order([{ menuItemId: palace, quantity: 2 }]), /An order can total at most 100000000000/);
      await refuse(
        path,
        order([{ menuItemId: palace, quantity: 2 }], { discounts: free }),
        /before and after discounts/,
      );
      await refuse(path, order([{ menuItemId: palace, quantity: 1 }], { tip: 1 }), /An order can total at most/);
    }
    const placed = await api.order(token, [{ menuItemId: half, quantity: 1 }]);
    const path = `/v1/orders/${placed.id}`;
    await refuse(`${path}/lines`, { menuItemId: palace, quantity: 1 }, /An order can total at most/);
    await refuse(`${path}/payments`, { method: 'card', amount: 1, tip: MOST / 2 + 1 }, /With this tip/);
    const more = await api.patch(`${path}/lines/${placed.lines[0].id}`, { quantity: 3 }, { token });
    assert.match(expectProblem(422, more).detail, /An order can total at most/);
    const tipped = await api.patch(path, { tip: MOST }, { token, headers: { 'if-match': '"1"' } });
    assert.match(expectProblem(422, tipped).detail, /An order can total at most/);
    assert.equal((await post(`${path}/payments`, { method: 'card', amount: 1, tip: MOST / 2 })).tip, MOST / 2);
    assert.equal((await get(path)).total, MOST);
  });

  test('of documents, purchase orders and deliveries are bounded likewise', async () => {
    const line = { description: 'Palace', quantity: '1.5', unitPrice: MOST };
    await refuse('/v1/documents', { type: 'invoice', lines: [line] }, /A document can total at most/);
    const draft = await post('/v1/documents', { type: 'invoice', lines: [{ ...line, quantity: '1' }] });
    const headers = { 'if-match': '"1"' };
    const grown = await api.patch(`/v1/documents/${draft.id}`, { lines: [line] }, { token, headers });
    assert.match(expectProblem(422, grown).detail, /A document can total at most/);
    const { id: supplierId } = await supplier({ name: 'Sums' });
    const { id: inventoryItemId } = await ingredient({ name: 'Gold', unit: 'g' });
    const bought = (quantity: string, unitPrice: number) => ({
      supplierId,
      lines: [{ inventoryItemId, quantity, unitPrice }],
    });
    await refuse('/v1/purchase-orders', bought('323', 2_147_483_647), /A purchase order can total at most/);
    await refuse('/v1/goods-receipts', bought('323', 2_147_483_647), /A delivery can total at most/);
    const order = await post('/v1/purchase-orders', bought('1', MOST));
    assert.equal(order.total, MOST);
    const lines = bought('2', MOST).lines;
    const changed = await api.patch(`/v1/purchase-orders/${order.id}`, { lines }, { token, headers });
    assert.match(expectProblem(422, changed).detail, /A purchase order can total at most/);
    assert.equal((await post('/v1/goods-receipts', bought('1', MOST))).total, MOST);
  });

  test('of an imported order are bounded, and the others of its file come in', async () => {
    const palace = (order: string) => `${order},2026-11-09T11:00:00Z,Palace,1,1000000000`;
    const { status, body, text } = await new ImportClient(api).send(
      token,
      csv(palace('A1'), palace('A2'), palace('A2'), 'A3,2026-11-09T11:00:00Z,Palace,2,1000000000'),
      PLAIN,
    );
    assert.equal(status, 201, text);
    assert.deepEqual([body.ordersCreated, body.revenue], [1, MOST]);
    assert.match(text, /order \\"A2\\" totals more than 100000000000 minor units/);
    assert.match(text, /price times quantity is too large/);
  });

  test('lowers what was larger before there was a bound', async () => {
    const { id: menuItemId } = await api.item(token, { price: 1000 });
    const placed = await api.order(token, [{ menuItemId, quantity: 10 }]);
    await grow(placed.id, MOST);
    const path = `/v1/orders/${placed.id}/lines/${placed.lines[0].id}`;
    assert.equal(expectStatus(200, await api.patch(path, { quantity: 5 }, { token })).total, 5 * MOST);
    expectStatus(200, await api.patch(path, { notes: 'hot' }, { token }));
    expectProblem(422, await api.patch(path, { quantity: 6 }, { token }));
    expectStatus(200, await api.delete(path, undefined, { token }));
  });

  test('that add up beyond what a number holds are told exactly, closed, and printed', async () => {
    token = await api.apiKey((await api.restaurant({ currency: 'IDR' })).token);
    const { id: menuItemId } = await api.item(token, { price: 1 });
    const price = 6_000_000_000_000_001;
    for (let count = 0; count < 2; count += 1)
      await grow((await api.order(token, [{ menuItemId, quantity: 1 }])).id, price);
    const sum = '12000000000000002';
    const period = `from=${DAY}&to=${DAY}`;
    for (const groupBy of ['day', 'hour', 'item', 'category', 'type']) {
      const report = await get(`/v1/reports/sales?${period}&groupBy=${groupBy}`);
      assert.deepEqual([report.total, report.revenue, report.data[0].grossSales], [sum, sum, sum], groupBy);
    }
    const open = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual([open.total, open.unfinishedOrders.dueTotal, open.taxTotal], [sum, sum, 0]);
    const closed = await post(`/v1/business-days/${DAY}/close`, { acceptEarly: true, acceptOpenOrders: true });
    assert.equal(closed.total, sum);
    assert.equal((await get(`/v1/business-days/${DAY}`)).total, sum);
    const document = await get(`/v1/documents/${closed.documentId}`);
    assert.deepEqual([document.total, document.subtotal, document.details.dayClose.grossSales], [sum, sum, sum]);
    const text = await api.get(`/v1/documents/${closed.documentId}.txt`, { token });
    assert.ok(text.text.includes('120,000,000,000,000.02'), text.text);
    const pdf = await api.get(`/v1/documents/${closed.documentId}.pdf`, { token });
    assert.equal(pdf.status, 200);
    const list = await get('/v1/business-days');
    assert.equal(list.data[0].total, sum);
    const audit = await get(`/v1/document-series/${document.seriesId}/audit`);
    assert.deepEqual([audit.chainIntact, audit.gapCount, audit.count], [true, 0, 1]);
  });

  test('that add up beyond what the database holds in eight bytes are told exactly', async () => {
    token = await api.apiKey((await api.restaurant({ currency: 'IDR' })).token);
    const { id: menuItemId } = await api.item(token, { price: 1 });
    const placed = await api.order(token, [{ menuItemId, quantity: 1 }]);
    await post(`/v1/orders/${placed.id}/payments`, { method: 'card', amount: 1 });
    const price = 9_000_000_000_000_001;
    await grow(placed.id, price);
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query('update payments set amount = $2, tendered = $2 where order_id = $1', [placed.id, price]);
      for (const table of ['order_lines', 'payments'])
        await owner.query(
          `insert into ${table}
           select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'position', n))).*
           from ${table} t
           cross join generate_series(2, 1100) n
           where t.order_id = $1`,
          [placed.id],
        );
    });
    const sum = String(1100n * BigInt(price));
    const period = `from=${DAY}&to=${DAY}`;
    const { revenue, data } = await get(`/v1/reports/sales?${period}&groupBy=item`);
    assert.deepEqual([revenue, data[0].grossSales], [sum, sum]);
    const { payments } = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual(
      payments.map(({ method, amount }: Json) => [method, amount]),
      [['card', sum]],
    );
    const { totals } = await get(`/v1/reports/cost-of-goods?${period}`);
    assert.deepEqual([totals.netRevenue, totals.cost, totals.grossMargin], [sum, 0, sum]);
    const { data: dishes } = await get(`/v1/reports/menu-engineering?${period}`);
    assert.deepEqual([dishes[0].netRevenue, dishes[0].unitPrice, dishes[0].class], [sum, price, null]);
  });

  /**
   * Stores an order of one unit with this price, as it could be placed before there was a limit.
   */
  function grow(orderId: string, price: number): Promise<void> {
    return withClient(api.database.ownerUrl, async (owner) => {
      await owner.query(
        `update order_lines set unit_price = $2, gross_amount = $2::bigint * quantity, amount = $2::bigint * quantity, taxes = '[]', tax_amount = 0
         where order_id = $1`,
        [orderId, price],
      );
      await owner.query(
        `update orders o set subtotal = l.amount, total = l.amount, tax_total = 0, tax_included_total = 0, taxes = '[]'
         from order_lines l
         where o.id = $1 and l.order_id = o.id`,
        [orderId],
      );
    });
  }
});
