/**
 * Leases of webhooks when very many receivers are slow or fail, and the relay when very many
 * endpoints were deleted. The database's owner is bound by row-level security.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { createContext, type Context } from '../../src/context.js';
import { createLogger } from '../../src/config/logger.js';
import { startApi, type TestApi } from '../support/api.js';
import { createBoundDatabase, type TestDatabase, TEST_SECRET } from '../support/database.js';

/** More than a dispatcher has places for. */
const MANY = 600;
const DELIVERIES_EACH = 8;

describe('leases of webhooks', () => {
  let database: TestDatabase;
  let api: TestApi;
  let context: Context;
  let app: pg.Client;
  let restaurantId: string;

  before(async () => {
    database = await createBoundDatabase();
    api = await startApi({ database });
    api.madeUpEvents = ['restaurant.changed'];
    restaurantId = (await api.restaurant()).id;
    context = createContext({ appUrl: database.appUrl, secret: TEST_SECRET, log: createLogger('silent') });
    await context.events.relay();
    app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    await app.query("select set_config('app.restaurant_id', $1, false)", [restaurantId]);
  });
  after(async () => {
    await app.end();
    await context.close();
    await api.close();
    await database.drop();
  });

  /** Endpoints with due deliveries. */
  async function endpoints(
    count: number,
    {
      failures = 0,
      dueForMinutes = 5,
      isDeleted = false,
    }: { failures?: number; dueForMinutes?: number; isDeleted?: boolean },
  ): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await app.query(
      `insert into webhook_endpoints
         (restaurant_id, id, version, url, nouns, ordered, header_names, state, created_at, updated_at, deleted_at)
       select $1, id, 1, 'https://example.com/', '{restaurant}', true, '{}', 'enabled', now(), now(), case when $3 then now() end
       from unnest($2::uuid[]) id`,
      [restaurantId, ids, isDeleted],
    );
    await app.query(
      `insert into webhook_queues (restaurant_id, endpoint_id, look_at, failures)
       select $1, id, now() - $3 * interval '1 minute', $4 from unnest($2::uuid[]) id`,
      [restaurantId, ids, dueForMinutes, failures],
    );
    await app.query(
      `insert into webhook_deliveries
         (restaurant_id, id, endpoint_id, position, event_id, type, subject_id, status, due_at, created_at)
       select $1, gen_random_uuid(), id, 1000000 + n, gen_random_uuid(), 'order.placed', gen_random_uuid(), 'waiting', now() - $3 * interval '1 minute', now()
       from unnest($2::uuid[]) id, generate_series(1, $4) n`,
      [restaurantId, ids, dueForMinutes, isDeleted ? 0 : DELIVERIES_EACH],
    );
    return ids;
  }

  interface Leased {
    endpointId: string;
    deliveryId: string;
    isFailing: boolean;
  }
  const lease = async (worker: string, most = 512, mostFailing = 256): Promise<Leased[]> => {
    const { rows } = await app.query<Leased>(
      `select leased_endpoint_id as "endpointId", leased_delivery_id as "deliveryId", leased_from_failing as "isFailing"
       from lease_webhooks($1, $2, $3)`,
      [worker, most, mostFailing],
    );
    return rows;
  };

  test('are there for a receiver that works while very many fail', async () => {
    await endpoints(MANY, { failures: 3, dueForMinutes: 60 });
    const [healthy] = await endpoints(1, {});
    const leased = await lease(randomUUID());
    assert.equal(leased.filter(({ isFailing }) => isFailing).length, 256);
    assert.equal(leased.filter(({ endpointId }) => endpointId === healthy).length, DELIVERIES_EACH);
    await app.query('update webhook_queues set look_at = null');
  });

  test('are few for receivers that always answer just in time', async () => {
    const slow = await endpoints(70, { dueForMinutes: 60 });
    const worker = randomUUID();
    const first = await lease(worker);
    assert.equal(first.length, 512, 'nobody knows yet that they are slow');
    await app.query('select renew_webhooks($1, $2::uuid[], $3::uuid[])', [
      worker,
      first.map(() => restaurantId),
      first.map(({ deliveryId }) => deliveryId),
    ]);
    // All answer, and each has as many deliveries again.
    await app.query('update webhook_deliveries set leased_until = null, worker_id = null');
    await app.query("update webhook_queues set look_at = now() - interval '1 hour' where endpoint_id = any ($1)", [
      slow,
    ]);
    const [healthy] = await endpoints(1, {});
    const second = await lease(worker);
    const known = new Set(first.map(({ endpointId }) => endpointId));
    for (const endpointId of known)
      assert.equal(second.filter((one) => one.endpointId === endpointId).length, 2, 'two each, as they are sent');
    assert.ok(second.every(({ endpointId, isFailing }) => isFailing === known.has(endpointId)));
    assert.equal(second.filter(({ endpointId }) => endpointId === healthy).length, DELIVERIES_EACH);
  });

  test('of deleted endpoints are nothing that the relay waits for', async () => {
    const [deleted] = await endpoints(1, { isDeleted: true });
    await app.query(
      `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
       values ($1, $2, 'restaurant.changed', 'restaurant', $1, '{}', now())`,
      [restaurantId, randomUUID()],
    );
    await app.query('begin');
    await app.query('select from webhook_queues where endpoint_id = $1 for update', [deleted]);
    assert.equal(await context.events.relay(), 1);
    await app.query('rollback');
  });
});
