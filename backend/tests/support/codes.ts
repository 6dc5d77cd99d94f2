/** Code pools for tests: made, filled and read past the API. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, type TestApi, type TestRestaurant } from './api.js';

/** A pool of the restaurant, full up to its target. */
export async function makePool(api: TestApi, restaurant: TestRestaurant, fields: Json): Promise<Json> {
  const body = { name: `Pool ${randomUUID()}`, target: 100, lowWater: 20, batch: 25, ...fields };
  const pool = expectStatus(201, await api.post('/v1/code-pools', body, { token: restaurant.token }));
  await api.context.codePools.refillPool(restaurant.id, pool.id, () => false);
  return pool;
}

export async function statusOf(api: TestApi, token: string, poolId: string): Promise<Json> {
  const status = expectStatus(200, await api.get(`/v1/code-pools/${poolId}/status`, { token }));
  const { generated, available, leased, claimed, abandoned } = status;
  assert.equal(generated, available + leased + claimed + abandoned, JSON.stringify(status));
  assert.ok(Math.min(available, leased, claimed, abandoned) >= 0, JSON.stringify(status));
  return status;
}

/** Rows of the restaurant's table, past row-level security. */
export function rowsOf(api: TestApi, sql: string, values: readonly unknown[]): Promise<Json[]> {
  return withClient(api.database.ownerUrl, async (client) => (await client.query(sql, [...values])).rows);
}
