/** Deliveries of webhooks as callers see them, and sending them again. */
import { type Query, query, type Tx } from '../../config/database.js';
import type { EventType } from '../../domain/shared/events.js';
import type { DeliveryState } from '../../domain/webhook/webhookEndpoint.js';
import { type Slice, sliceOf } from '../pageSize.js';

export interface DeliveryAttempt {
  number: number;
  at: string;
  /** Of the answer; null without one. */
  status: number | null;
  fault: string | null;
  answer: string | null;
  durationMs: number;
}

export interface Delivery {
  id: string;
  endpointId: string;
  eventId: string;
  position: number;
  type: EventType;
  subjectId: string;
  status: DeliveryState;
  attemptCount: number;
  nextAttemptAt: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** The last ten. */
  attempts: DeliveryAttempt[];
}

export interface DeliveryFilter {
  endpointId?: string | undefined;
  status?: DeliveryState | undefined;
  eventId?: string | undefined;
}

/** A list goes downwards from here. */
export interface DeliveryPlace {
  position: number;
  id: string;
}

/** Events to deliver again. */
export interface Resending {
  /** Events after this position, up to the other. */
  after: number;
  upTo: number;
  /** And of this time or later. */
  since: Date;
  types: readonly EventType[] | null;
  /** Whether those that were delivered are sent again too. */
  withDelivered: boolean;
  most: number;
}

export interface Resent {
  queued: number;
  /** Position of the last event that was looked at; null when none is left. */
  nextAfter: number | null;
}

const listWhere = (condition: string): string =>
  `select d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", d.position, d.type, d.subject_id as "subjectId", d.status,
     d.attempts_total as "attemptCount", d.due_at as "nextAttemptAt", d.created_at as "createdAt", d.finished_at as "finishedAt",
     coalesce((
       select json_agg(json_build_object('number', a.number,
         'at', to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'status', a.status, 'fault', a.fault,
         'answer', a.answer, 'durationMs', a.duration_ms) order by a.number)
       from webhook_attempts a
       where a.restaurant_id = $1 and a.delivery_id = d.id and a.number > d.attempts_total - 10), '[]'::json) as attempts
   from webhook_deliveries d
   where d.restaurant_id = $1 and d.position <= $2::bigint and (d.position, d.id) < ($2::bigint, $3::uuid)${condition}
   order by d.position desc, d.id desc
   limit $4`;

// Separate statements: with optional conditions, the planner would not use their indexes.
const listAll = query<Delivery>('webhookDelivery.list', listWhere(''));
const listOfStatus = query<Delivery>('webhookDelivery.listOfStatus', listWhere(' and d.status = $5'));
const listOfEndpoint = query<Delivery>(
  'webhookDelivery.listOfEndpoint',
  listWhere(' and d.endpoint_id = $5 and ($6::text is null or d.status = $6)'),
);
const listOfEvent = query<Delivery>(
  'webhookDelivery.listOfEvent',
  listWhere(
    ' and d.event_id = $5 and ($6::uuid is null or d.endpoint_id = $6) and ($7::text is null or d.status = $7)',
  ),
);
const find = query<Delivery>('webhookDelivery.find', `${listWhere(' and d.id = $5')}`);

const rearmOne = query(
  'webhookDelivery.rearm',
  `update webhook_deliveries
   set status = 'waiting', attempts = 0, due_at = null, finished_at = null, worker_id = null, leased_until = null
   where restaurant_id = $1 and id = $2 and status <> 'waiting'`,
);

const WANTED = `
   select f.position, f.event_id, f.type, f.subject_id
   from webhook_endpoints w
   join event_feed f on f.restaurant_id = w.restaurant_id
   left join webhook_deliveries d
     on d.restaurant_id = f.restaurant_id and d.endpoint_id = w.id and d.position = f.position
   where w.restaurant_id = $1 and w.id = $2 and f.position > $3 and f.position <= $4
     and f.relayed_at >= $8 and f.type <> 'webhook_endpoint.tested'
     and split_part(f.type, '.', 1) = any (w.nouns) and (w.types is null or f.type = any (w.types))
     and ($5::text[] is null or f.type = any ($5)) and (d.id is null or d.status = any ($6::text[]))
   order by f.position
   limit $7`;

const resend = query<{ looked: number; queued: number; last: number | null }>(
  'webhookDelivery.resend',
  `with wanted as (${WANTED}), made as (
     insert into webhook_deliveries as d
       (restaurant_id, id, endpoint_id, position, event_id, type, subject_id, status, created_at)
     select $1, gen_random_uuid(), $2, t.position, t.event_id, t.type, t.subject_id, 'waiting', now()
     from wanted t
     on conflict on constraint webhook_deliveries_position_key do update
     set status = 'waiting', attempts = 0, due_at = null, finished_at = null, worker_id = null, leased_until = null
     where d.status = any ($6::text[])
     returning 1
   )
   select (select count(*)::int from wanted) as looked, (select count(*)::int from made) as queued,
     (select max(position) from wanted) as last`,
);

const countMissing = query<{ count: number }>(
  'webhookDelivery.countMissing',
  `select count(*)::int as count from (${WANTED}) wanted`,
);

const findSince = query<{ position: number; newest: number }>(
  'webhookDelivery.findSince',
  `select feed_position_since($1, $2) as position,
     coalesce((select c.position from event_cursors c where c.restaurant_id = $1), 0) as newest`,
);

const RESENT = ['given_up'];
const RESENT_WITH_DELIVERED = ['given_up', 'delivered'];

export class DeliveryLog {
  /** Deliveries, the newest event first. */
  async list(
    restaurantId: string,
    tx: Tx,
    { endpointId, status, eventId }: DeliveryFilter,
    { below, limit }: { below: DeliveryPlace; limit: number },
  ): Promise<Slice<Delivery>> {
    const read = (statement: Query<Delivery>, ...filter: unknown[]) =>
      tx.many(statement, [restaurantId, below.position, below.id, limit + 1, ...filter]);
    const page = (): Promise<Delivery[]> => {
      if (eventId !== undefined) return read(listOfEvent, eventId, endpointId ?? null, status ?? null);
      if (endpointId !== undefined) return read(listOfEndpoint, endpointId, status ?? null);
      return status === undefined ? read(listAll) : read(listOfStatus, status);
    };
    return sliceOf(await page(), limit);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Delivery | undefined> {
    return tx.maybeOne(find, [restaurantId, NEWEST_PLACE.position, NEWEST_PLACE.id, 1, id]);
  }

  /** Lets one be sent again. @returns false when it waits already. */
  async rearm(restaurantId: string, tx: Tx, id: string): Promise<boolean> {
    return (await tx.run(rearmOne, [restaurantId, id])) > 0;
  }

  async resend(restaurantId: string, tx: Tx, endpointId: string, events: Resending): Promise<Resent> {
    const { looked, queued, last } = await tx.one(resend, valuesOf(restaurantId, endpointId, events));
    return { queued, nextAfter: looked < events.most ? null : last };
  }

  /** How many `resend` would queue, counted up to `most`. */
  async countMissing(restaurantId: string, tx: Tx, endpointId: string, events: Resending): Promise<number> {
    return (await tx.one(countMissing, valuesOf(restaurantId, endpointId, events))).count;
  }

  /** The position of the first event at about that time or later, and the newest one. */
  since(restaurantId: string, tx: Tx, at: Date): Promise<{ position: number; newest: number }> {
    return tx.one(findSince, [restaurantId, at]);
  }
}

/** Above every delivery. */
export const NEWEST_PLACE: DeliveryPlace = {
  position: Number.MAX_SAFE_INTEGER,
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

function valuesOf(restaurantId: string, endpointId: string, events: Resending): unknown[] {
  const { after, upTo, since, types, withDelivered, most } = events;
  const states = withDelivered ? RESENT_WITH_DELIVERED : RESENT;
  return [restaurantId, endpointId, after, upTo, types, states, most, since];
}
