/** The feed of events by position, and the relay that fills it. Rows of the feed never change. */
import { query, type Tx } from '../../config/database.js';
import type { EventType } from '../../domain/shared/events.js';

/** One event of a restaurant, at its position: dense, and in order for each subject. */
export interface FeedEvent {
  position: number;
  id: string;
  type: EventType;
  /** Kind of the affected resource, e.g. `order`. */
  subject: string;
  subjectId: string;
  data: Record<string, unknown>;
  createdAt: string;
}

export interface FeedFilter {
  types: readonly EventType[];
  subjectId?: string | undefined;
}

/** A stretch of positions: those above `after`, up to `upTo`. */
export interface Stretch {
  after: number;
  upTo: number;
  limit: number;
}

/** A restaurant's newest position, and the oldest one that is kept: one more when none is kept. */
export interface FeedBounds {
  oldest: number;
  newest: number;
}

export interface Relayed {
  restaurantId: string;
  position: number;
  events: number;
  /** Why the restaurant's events could not be moved; else null. */
  fault: string | null;
}

/** Events that wait for the relay, counted up to 10,000, and the age of the oldest. */
export interface Backlog {
  waiting: number;
  oldestSeconds: number;
}

/** Of the events of a page, as PostgreSQL writes them. */
const PAGE_BYTES = 1_000_000;
/** A page is buffered for each slow reader of a stream. */
const STREAM_PAGE_BYTES = 64_000;
const STREAM_PAGE_EVENTS = 200;

const COLUMNS = 'position, event_id as id, type, subject, subject_id as "subjectId", data, created_at as "createdAt"';

// The size ends a page of large events early; a first event has room whatever its size.
const page = (condition: string, bytes = PAGE_BYTES): string =>
  `select position, id, type, subject, "subjectId", data, "createdAt"
   from (
     select ${COLUMNS}, sum(octet_length(data::text)) over (order by position) - octet_length(data::text) as size_before
     from event_feed
     where restaurant_id = $1 and position > $2 and position <= $3${condition}
     order by position
     limit $4
   ) e
   where size_before < ${bytes}
   order by position`;

const listPage = query<FeedEvent>('eventFeed.list', page(' and type = any ($5)'));

// A separate statement: with an optional subject, the planner would not use the subject's index.
const listPageOfSubject = query<FeedEvent>('eventFeed.listOfSubject', page(' and type = any ($5) and subject_id = $6'));

// Types that only a newer version knows are in it: without them, positions would have gaps.
const listEveryPage = query<FeedEvent>('eventFeed.listEvery', page('', STREAM_PAGE_BYTES));

const findBounds = query<FeedBounds>(
  'eventFeed.findBounds',
  `select coalesce((select min(f.position) from event_feed f where f.restaurant_id = $1 and f.position > 0), c.position + 1, 1) as oldest,
     coalesce(c.position, 0) as newest
   from (select $1::uuid as restaurant_id) r
   left join event_cursors c on c.restaurant_id = r.restaurant_id`,
);

const relay = query<Relayed>(
  'eventFeed.relay',
  `select relayed_restaurant_id as "restaurantId", relayed_position as position, relayed_events as events, relayed_fault as fault
   from relay_events($1, $2)`,
);

const listPositions = query<{ restaurantId: string; position: number }>(
  'eventFeed.listPositions',
  'select restaurant_id as "restaurantId", newest_position as position from event_positions($1::uuid[])',
);

const measureBacklog = query<Backlog>(
  'eventFeed.measureBacklog',
  'select waiting, oldest_seconds as "oldestSeconds" from event_backlog()',
);

const keepPartitions = query<{ made: number; dropped: number }>(
  'eventFeed.keepPartitions',
  'select made, dropped from keep_event_partitions()',
);

export class EventFeed {
  /** Events of a stretch in order of position; fewer than the limit when they are large. */
  list(restaurantId: string, tx: Tx, filter: FeedFilter, { after, upTo, limit }: Stretch): Promise<FeedEvent[]> {
    const values = [restaurantId, after, upTo, limit, filter.types];
    return filter.subjectId === undefined
      ? tx.many(listPage, values)
      : tx.many(listPageOfSubject, [...values, filter.subjectId]);
  }

  /**
   * All events that follow a position, whatever their type, as far as one page of a stream has
   * room.
   */
  listEvery(restaurantId: string, tx: Tx, after: number): Promise<FeedEvent[]> {
    return tx.many(listEveryPage, [restaurantId, after, after + STREAM_PAGE_EVENTS, STREAM_PAGE_EVENTS]);
  }

  bounds(restaurantId: string, tx: Tx): Promise<FeedBounds> {
    return tx.one(findBounds, [restaurantId]);
  }

  /**
   * Moves about `mostEvents` written events into the feed, of restaurants after `behind` in id
   * order. @returns the restaurants that got events, or could not; none when there are no more.
   */
  relay(tx: Tx, behind: string | undefined, mostEvents: number): Promise<Relayed[]> {
    return tx.many(relay, [behind ?? null, mostEvents]);
  }

  /** The newest position of each restaurant that has events. */
  positions(tx: Tx, restaurantIds: readonly string[]): Promise<{ restaurantId: string; position: number }[]> {
    return tx.many(listPositions, [restaurantIds]);
  }

  backlog(tx: Tx): Promise<Backlog> {
    return tx.one(measureBacklog, []);
  }

  /** Makes the months ahead, and drops those that have not been needed for 30 days. */
  keepPartitions(tx: Tx): Promise<{ made: number; dropped: number }> {
    return tx.one(keepPartitions, []);
  }
}
