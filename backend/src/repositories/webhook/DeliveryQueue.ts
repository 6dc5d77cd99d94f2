/** Sending of webhooks: leases of due deliveries, and the outcome of each attempt. */
import { query, type Tx } from '../../config/database.js';
import type { EventType } from '../../domain/shared/events.js';
import { newId } from '../../utils/ids.js';
import type { DeliveryState } from '../../domain/webhook/webhookEndpoint.js';

/** A delivery that this worker may send, for ten seconds unless the lease is renewed. */
export interface Lease {
  restaurantId: string;
  endpointId: string;
  deliveryId: string;
  /** Whether the last attempt of its endpoint failed, or its answers take long. */
  isFailing: boolean;
}

/** Everything that one attempt needs. */
export interface DueDelivery {
  id: string;
  endpointId: string;
  status: DeliveryState;
  /** Attempts that are over, since it was last made due from outside. */
  attempts: number;
  /** Failed attempts of the endpoint in a row. */
  failures: number;
  /** Whether this is the first attempt of an event that has just happened. */
  isFresh: boolean;
  url: string;
  sealed: Buffer;
  eventId: string;
  position: number;
  type: EventType;
  /** Null when the event is no longer kept. */
  subject: string | null;
  subjectId: string;
  data: Record<string, unknown>;
  createdAt: string;
}

export interface AttemptResult {
  isDelivered: boolean;
  status: number | null;
  durationMs: number;
  fault: string | null;
  /** The beginning of the answer's body. */
  answer: string | null;
  /** Until the next attempt; null when this was the last. */
  againMs: number | null;
  /** How long the whole endpoint rests. */
  restMs: number;
  isGone: boolean;
}

export interface Written {
  /** False when another worker has taken the delivery over. */
  isCounted: boolean;
  /** Set when this attempt disabled the endpoint. */
  disabledFor: 'gone' | 'failures' | null;
}

/** Of all restaurants. */
export interface WebhookBacklog {
  /** Counted up to 10,000. */
  waiting: number;
  /** By how many seconds the oldest due delivery is late, of receivers that work. */
  oldestSeconds: number;
  /** Endpoints that Servio has disabled. */
  disabled: number;
}

const lease = query<Lease>(
  'webhookQueue.lease',
  `select leased_restaurant_id as "restaurantId", leased_endpoint_id as "endpointId", leased_delivery_id as "deliveryId", leased_from_failing as "isFailing"
   from lease_webhooks($1, $2, $3)`,
);

const renew = query('webhookQueue.renew', 'select renew_webhooks($1, $2::uuid[], $3::uuid[])');

const loadDue = query<DueDelivery>(
  'webhookDelivery.loadDue',
  `select d.id, d.endpoint_id as "endpointId", d.status, d.attempts, q.failures,
     d.attempts_total = 0 and d.created_at - f.created_at < interval '1 minute' as "isFresh",
     w.url, w.sealed, d.event_id as "eventId", d.position, d.type, f.subject, d.subject_id as "subjectId",
     f.data, f.created_at as "createdAt"
   from webhook_deliveries d
   join webhook_endpoints w on w.restaurant_id = d.restaurant_id and w.id = d.endpoint_id
   join webhook_queues q on q.restaurant_id = d.restaurant_id and q.endpoint_id = d.endpoint_id
   left join event_feed f on f.restaurant_id = d.restaurant_id and f.position = d.position
   where d.restaurant_id = $1 and d.id = any ($2::uuid[]) and d.worker_id = $3`,
);

const finish = query<Written>(
  'webhookDelivery.finishAttempt',
  `select is_counted as "isCounted", disabled_for as "disabledFor"
   from finish_webhook_attempt($1, $2, $3, $4, $5::smallint, $6, $7, $8, $9::bigint, $10::bigint, $11, $12, $13)`,
);

const measureBacklog = query<WebhookBacklog>(
  'webhookQueue.measureBacklog',
  'select waiting, oldest_seconds as "oldestSeconds", disabled from webhook_backlog()',
);

const forget = query<{ lastRestaurantId: string; forgotten: number }>(
  'webhookQueue.forget',
  'select last_restaurant_id as "lastRestaurantId", forgotten from forget_webhooks($1, $2)',
);

export class DeliveryQueue {
  /**
   * Leases due deliveries of all restaurants, of each endpoint at most eight to one worker.
   * @param most.failing of endpoints whose last attempt failed, or whose answers take long.
   */
  lease(tx: Tx, workerId: string, most: { all: number; failing: number }): Promise<Lease[]> {
    return tx.many(lease, [workerId, most.all, most.failing]);
  }

  /** Keeps leases for another ten seconds. */
  async renew(tx: Tx, workerId: string, leases: readonly Pick<Lease, 'restaurantId' | 'deliveryId'>[]): Promise<void> {
    await tx.run(renew, [
      workerId,
      leases.map(({ restaurantId }) => restaurantId),
      leases.map(({ deliveryId }) => deliveryId),
    ]);
  }

  /** Leased deliveries of one restaurant. */
  load(restaurantId: string, tx: Tx, workerId: string, deliveryIds: readonly string[]): Promise<DueDelivery[]> {
    return tx.many(loadDue, [restaurantId, deliveryIds, workerId]);
  }

  finish(restaurantId: string, tx: Tx, workerId: string, deliveryId: string, result: AttemptResult): Promise<Written> {
    const { isDelivered, status, durationMs, fault, answer, againMs, restMs, isGone } = result;
    const outcome = [isDelivered, status, durationMs, fault, answer, againMs, restMs, isGone];
    // The ids are for the fact that the endpoint was disabled.
    return tx.one(finish, [restaurantId, deliveryId, workerId, ...outcome, newId(), newId()]);
  }

  backlog(tx: Tx): Promise<WebhookBacklog> {
    return tx.one(measureBacklog, []);
  }

  /**
   * Deletes what is over 30 days old, of restaurants after `behind`.
   * @returns undefined when no restaurants are left.
   */
  forget(tx: Tx, behind: string | undefined, mostRows: number) {
    return tx.maybeOne(forget, [behind ?? null, mostRows]);
  }
}
