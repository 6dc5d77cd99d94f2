/** Receivers of webhooks, and the state of sending to each. */
import { query, type Tx } from '../config/database.js';
import type { WebhookEndpoint } from '../domain/webhook/webhookEndpoint.js';
import { PlainTable } from './plainTable.js';

// Callers make endpoints one after the other: when one place is left, only one caller gets it.
const lockEndpoints = query(
  'webhookEndpoint.lockAll',
  `select pg_advisory_xact_lock(hashtextextended('webhook_endpoints ' || $1::text, 0))`,
);

const countEndpoints = query<{ live: number }>(
  'webhookEndpoint.countLive',
  'select count(*)::int as live from webhook_endpoints where restaurant_id = $1 and deleted_at is null',
);

const insertQueue = query(
  'webhookQueue.insert',
  'insert into webhook_queues (restaurant_id, endpoint_id) values ($1, $2)',
);

// Locked before the endpoint: the relay and the attempts take them in this order too.
const lockQueue = query<{ missedSince: string | null }>(
  'webhookQueue.lock',
  `select missed_since as "missedSince" from webhook_queues
   where restaurant_id = $1 and endpoint_id = $2
   for no key update`,
);

const resetQueue = query(
  'webhookQueue.reset',
  `update webhook_queues set failures = 0, failing_since = null, paused_until = null, missed_since = null
   where restaurant_id = $1 and endpoint_id = $2`,
);

const findSealed = query<{ sealed: Buffer }>(
  'webhookEndpoint.findSealed',
  'select sealed from webhook_endpoints where restaurant_id = $1 and id = $2 and deleted_at is null',
);

const saveSealed = query(
  'webhookEndpoint.saveSealed',
  'update webhook_endpoints set sealed = $3 where restaurant_id = $1 and id = $2',
);

const stopSending = query('webhookQueue.stop', 'select stop_webhook_endpoint($1, $2)');

const settleOrder = query('webhookQueue.settleOrder', 'select settle_webhook_order($1, $2)');

export class WebhookRepository extends PlainTable<WebhookEndpoint> {
  constructor() {
    super({
      noun: 'webhookEndpoint',
      table: 'webhook_endpoints',
      columns: {
        url: 'url',
        types: { column: 'types', write: 'text[]' },
        nouns: { column: 'nouns', write: 'text[]' },
        ordered: 'ordered',
        description: 'description',
        headerNames: { column: 'header_names', write: 'text[]' },
        publicKey: 'public_key',
        state: 'state',
        disabledReason: 'disabled_reason',
        disabledAt: 'disabled_at',
      },
      lock: 'no key update',
    });
  }

  /** Keeps other callers from making an endpoint of the restaurant until the transaction ends. */
  async lockAll(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockEndpoints, [restaurantId]);
  }

  async countLive(restaurantId: string, tx: Tx): Promise<number> {
    return (await tx.one(countEndpoints, [restaurantId])).live;
  }

  /** Makes the row that sending needs. */
  async insertQueue(restaurantId: string, tx: Tx, endpointId: string): Promise<void> {
    await tx.run(insertQueue, [restaurantId, endpointId]);
  }

  /**
   * Keeps the relay and the attempts away from the endpoint's deliveries until the transaction
   * ends.
   * @returns since when a disabled one may have missed events; undefined for an endpoint that never
   * was.
   */
  lockQueue(restaurantId: string, tx: Tx, endpointId: string): Promise<{ missedSince: string | null } | undefined> {
    return tx.maybeOne(lockQueue, [restaurantId, endpointId]);
  }

  async resetQueue(restaurantId: string, tx: Tx, endpointId: string): Promise<void> {
    await tx.run(resetQueue, [restaurantId, endpointId]);
  }

  async sealed(restaurantId: string, tx: Tx, endpointId: string): Promise<Buffer | undefined> {
    return (await tx.maybeOne(findSealed, [restaurantId, endpointId]))?.sealed;
  }

  async saveSealed(restaurantId: string, tx: Tx, endpointId: string, sealed: Buffer): Promise<void> {
    await tx.run(saveSealed, [restaurantId, endpointId, sealed]);
  }

  /** Gives up what waits. The caller has locked the queue. */
  async stopSending(restaurantId: string, tx: Tx, endpointId: string): Promise<void> {
    await tx.run(stopSending, [restaurantId, endpointId]);
  }

  /** Makes due what must be due now. The caller has locked the queue. */
  async settleOrder(restaurantId: string, tx: Tx, endpointId: string): Promise<void> {
    await tx.run(settleOrder, [restaurantId, endpointId]);
  }
}
