import { query, type Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import type { Fact } from '../domain/shared/events.js';
import { newId } from '../utils/ids.js';

// The facts get their places in the event feed in the order in which they are given. A fact of an
// order includes the order's number. A new order gets it in the statement before this
// one.
const appendFacts = query(
  'event.append',
  `with fact as (
     select * from rows from (jsonb_to_recordset($2::jsonb) as (
       event_id uuid, audit_id uuid, type text, subject text, subject_id uuid, data jsonb, changes jsonb, actor_kind text, actor_id text,
       request_id text)) with ordinality as f(
       event_id, audit_id, type, subject, subject_id, data, changes, actor_kind, actor_id, request_id, place)
   ), event as (
     insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
     select $1::uuid, f.event_id, f.type, f.subject, f.subject_id,
       case when f.subject = 'order'
         then jsonb_build_object('number', (select o.number from orders o where o.restaurant_id = $1::uuid and o.id = f.subject_id)) || f.data
         else f.data
       end,
       $3::timestamptz
     from fact f
     order by f.place
   )
   insert into audit_log (restaurant_id, id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at)
   select $1::uuid, audit_id, actor_kind, actor_id, type, subject, subject_id, changes, request_id, $3::timestamptz from fact`,
);

/** A fact and its call. A shared transaction contains facts of several callers. */
export interface CalledFact {
  call: Call;
  fact: Fact;
}

/**
 * Stores facts for consumers (events) and for the owner (audit log): two rows per fact, in one
 * statement.
 */
export class EventRepository {
  async append(restaurantId: string, tx: Tx, at: Date, facts: readonly CalledFact[]): Promise<void> {
    const rows = facts.map(({ call, fact }) => ({
      event_id: newId(),
      audit_id: newId(),
      type: fact.type,
      subject: fact.subject,
      subject_id: fact.subjectId,
      data: fact.data,
      changes: fact.changes ?? {},
      actor_kind: call.actor.kind,
      actor_id: call.actor.id,
      request_id: call.requestId,
    }));
    await tx.run(appendFacts, [restaurantId, JSON.stringify(rows), at]);
  }
}
