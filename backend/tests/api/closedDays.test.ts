/**
 * Closed business days against writers that bypass the services: raw statements with the
 * application's own role.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type SetupClient, withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';

const CLOSED = '2026-11-20';
const OPEN = '2026-11-21';
const EVENING = new Date(`${CLOSED}T19:00:00Z`);
const NEXT_NOON = new Date(`${OPEN}T11:00:00Z`);

const COPIED_LINE = `insert into order_lines (restaurant_id, id, order_id, position, menu_item_id, category_id, category_name, name, quantity,
    unit_price, gross_amount, discount_amount, amount, tax_amount, created_at)
  select restaurant_id, gen_random_uuid(), order_id, 9, menu_item_id, category_id, category_name, name, quantity, unit_price, gross_amount,
    discount_amount, amount, tax_amount, created_at
  from order_lines where order_id = $1`;

describe('the database, on closed days', () => {
  let api: TestApi;
  let now = EVENING;
  let token: string;
  let restaurantId: string;
  let sold: Json;
  let later: Json;

  before(async () => {
    api = await startApi({ clock: () => now });
    const restaurant = await api.restaurant();
    restaurantId = restaurant.id;
    token = await api.apiKey(restaurant.token);
    const lines = [{ menuItemId: (await api.item(token)).id, quantity: 2 }];
    sold = await api.order(token, lines);
    const payment = await pay(sold.id, 'cash', 2_000);
    await complete(sold.id);
    await post(`/v1/payments/${payment.id}/refunds`, { amount: 100, reason: 'cold' });
    now = NEXT_NOON;
    await post(`/v1/business-days/${CLOSED}/close`, {});
    later = await api.order(token, lines);
    await pay(later.id, 'cash', 1_000);
  });
  after(() => api.close());

  const { post, pay, complete, issued } = new Factories(() => ({ api, token }));
  const asApp = (work: (client: SetupClient) => Promise<void>): Promise<void> =>
    withClient(api.database.appUrl, async (client) => {
      await client.query(`select set_config('app.restaurant_id', $1, false)`, [restaurantId]);
      await work(client);
    });

  test('refuse every statement that would move a figure', async () => {
    await asApp(async (client) => {
      for (const [sql, id] of [
        [`update orders set status = 'cancelled' where id = $1`, sold.id],
        [`update orders set tip_total = tip_total + 5, total = total + 5 where id = $1`, sold.id],
        [`update orders set discount_total = 1, total = total - 1 where id = $1`, sold.id],
        [`update orders set taxes = '[1]' where id = $1`, sold.id],
        [`update orders set settled_refund = refunded_bill -> 'refunded' where id = $1`, sold.id],
        ['update orders set deleted_at = now() where id = $1', sold.id],
        [`update orders set business_date = '${OPEN}' where id = $1`, sold.id],
        [`update orders set business_date = '${CLOSED}' where id = $1`, later.id],
        ['update order_lines set quantity = quantity + 1 where order_id = $1', sold.id],
        ['update order_lines set voided_at = now() where order_id = $1', sold.id],
        [`update order_lines set order_id = '${later.id}' where order_id = $1`, sold.id],
        [`update order_lines set order_id = '${sold.id}' where order_id = $1`, later.id],
        ['delete from order_lines where order_id = $1', sold.id],
        [COPIED_LINE, sold.id],
        [`update payments set business_date = '${OPEN}' where order_id = $1`, sold.id],
        [`update payments set business_date = '${CLOSED}' where order_id = $1`, later.id],
        [`update payments set method = 'card' where order_id = $1`, sold.id],
        ['update payments set amount = amount - 1, tendered = tendered - 1 where order_id = $1', sold.id],
      ] as const)
        await assert.rejects(client.query(sql, [id]), { constraint: 'business_day_closed', detail: CLOSED }, sql);
      for (const table of ['business_days', 'refunds']) {
        const sql = `update ${table} set business_date = '${OPEN}'`;
        await assert.rejects(client.query(sql), /append-only|permission denied/, sql);
      }
    });
  });

  test('keep a day closed by its own close, which is never void', async () => {
    const body = { type: 'invoice', lines: [{ description: 'Dinner', quantity: '1', unitPrice: 100 }] };
    const invoice = await issued(body);
    const { documentId } = expectStatus(200, await api.get(`/v1/business-days/${CLOSED}`, { token }));
    const close = 'insert into business_days (restaurant_id, business_date, document_id) values ($1, $2, $3)';
    await asApp(async (client) => {
      await assert.rejects(client.query(`update documents set status = 'voided' where id = $1`, [documentId]), {
        message: 'an issued document is never changed',
      });
      for (const [date, id] of [
        [OPEN, invoice.id],
        ['2026-11-19', documentId],
      ])
        await assert.rejects(
          client.query(close, [restaurantId, date, id]),
          /business_days_(?:close|document_key)|own close/,
        );
    });
  });

  test('let through what moves none', async () => {
    await asApp(async (client) => {
      for (const [sql, id] of [
        [`update order_lines set stock_use = '{}' where order_id = $1`, sold.id],
        ['update orders set version = version + 1 where id = $1', sold.id],
        ['update payments set refunded = refunded + 1 where order_id = $1', sold.id],
        [COPIED_LINE, later.id],
        ['delete from order_lines where order_id = $1', later.id],
      ] as const)
        assert.ok((await client.query(sql, [id])).rowCount, sql);
    });
  });
});
