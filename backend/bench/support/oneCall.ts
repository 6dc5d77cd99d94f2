/**
 * Baseline: the least that an order costs PostgreSQL and pg. Writes the rows of `POST /v1/orders`
 * by one call of a function each, and nothing else. Prints orders and its processor time as JSON.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Furnished } from './stage.js';

const CALLERS = Number(process.env['BENCH_CALLERS'] ?? 10);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const places = JSON.parse(process.env['BENCH_PLACES'] ?? '[]') as Furnished[]; // Written by orders.ts.
const pool = new pg.Pool({ connectionString: process.env['BENCH_URL'], max: CALLERS });
pool.on('error', () => undefined);

let sent = 0;
async function order(client: pg.PoolClient): Promise<void> {
  sent += 1;
  const { restaurantId, categoryId, itemId } = places[sent % places.length]!;
  const ids = Array.from({ length: 5 }, () => randomUUID());
  await client.query({
    name: 'order',
    text: 'select bench_order($1, $2, $3, $4, $5)',
    values: [restaurantId, categoryId, itemId, ids, new Date()],
  });
}

const endAt = performance.now() + SECONDS * 1000;
const before = process.cpuUsage();
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
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ done, cpuMs: (user + system) / 1000 }));
await pool.end();
