/**
 * Baseline: the most that PostgreSQL and pg can do. Writes the same rows as `POST /v1/orders`
 * (counter, order, two lines, event, audit entry) in one transaction, one prepared statement after
 * the other, and nothing else. Prints one figure: orders a second.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';

const CALLERS = Number(process.env['BENCH_CALLERS'] ?? 20);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const { restaurantId, categoryId, itemId } = JSON.parse(process.env['BENCH_IDS'] ?? '{}') as Record<string, string>;
const pool = new pg.Pool({ connectionString: process.env['BENCH_URL'], max: CALLERS });
pool.on('error', () => undefined);

async function order(client: pg.PoolClient): Promise<void> {
  const id = randomUUID();
  const now = new Date();
  await client.query(`begin; set local app.restaurant_id = '${restaurantId}'`);
  const line = (position: number) => [restaurantId, id, randomUUID(), position, itemId, categoryId, now];
  for (const position of [1, 2]) {
    await client.query({
      name: 'line',
      text: `insert into order_lines (restaurant_id, order_id, id, position, menu_item_id, category_id, category_name, name, quantity,
               unit_price, gross_amount, discount_amount, amount, tax_amount, created_at)
             values ($1, $2, $3, $4, $5, $6, 'Food', 'Soup', 1, 1000, 1000, 0, 1000, 0, $7)`,
      values: line(position),
    });
  }
  await client.query({
    name: 'event',
    text: `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at) values ($1, $2, 'order.placed', 'order', $3, $4, $5)`,
    values: [restaurantId, randomUUID(), id, JSON.stringify({ orderId: id, total: 2000 }), now],
  });
  await client.query({
    name: 'audit',
    text: `insert into audit_log (restaurant_id, id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at)
           values ($1, $2, 'user', 'bench', 'order.placed', 'order', $3, '{}', 'bench', $4)`,
    values: [restaurantId, randomUUID(), id, now],
  });
  const counter = await client.query<{ last_number: number }>({
    name: 'counter',
    text: `insert into number_counters as c (restaurant_id, series, period, last_number) values ($1, 'RAW', '2026-11', 1)
           on conflict (restaurant_id, series, period) do update set last_number = c.last_number + 1 returning last_number`,
    values: [restaurantId],
  });
  await client.query({
    name: 'order',
    text: `insert into orders (restaurant_id, id, number, status, type, business_date, currency, subtotal, discount_total, service_charge_total,
             tax_total, tax_included_total, order_tip, tip_total, total, created_by, created_at, updated_at)
           values ($1, $2, $3, 'placed', 'takeaway', '2026-11-22', 'EUR', 2000, 0, 0, 0, 0, 0, 0, 2000, 'bench', $4, $4)`,
    values: [restaurantId, id, `RAW-${counter.rows[0]?.last_number}`, now],
  });
  await client.query('commit');
}

const endAt = performance.now() + SECONDS * 1000;
let done = 0;
await Promise.all(
  Array.from({ length: CALLERS }, async () => {
    const client = await pool.connect();
    while (performance.now() < endAt) {
      await order(client);
      done += 1;
    }
    client.release();
  }),
);
console.log(done / SECONDS);
await pool.end();
