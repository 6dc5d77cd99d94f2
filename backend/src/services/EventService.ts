import { Track } from '../decorators/Performance.js';
import { visibleTypes } from '../domain/event/audience.js';
import { type Call, NO_RESTAURANT } from '../domain/shared/call.js';
import { AppError, invalid } from '../domain/shared/errors.js';
import type { EventType } from '../domain/shared/events.js';
import type { Database } from '../config/database.js';
import type { Backlog, EventFeed, FeedBounds, FeedEvent } from '../repositories/event/EventFeed.js';
import type { FeedWatch, Newest } from './event/FeedWatch.js';
import type { LiveFeed, StreamHost, StreamQuery } from './event/LiveFeed.js';
import type { UnitOfWork } from './UnitOfWork.js';

export type { FeedEvent } from '../repositories/event/EventFeed.js';

/** Events that one transaction of the relay moves: some 50 ms of work. */
const RELAY_EVENTS = 2_000;
/** Positions that one call looks through for the types it asks for. */
const SCAN_POSITIONS = 10_000;

type RelayFault = (restaurantId: string, fault: string) => void;

interface Dependencies {
  unitOfWork: UnitOfWork;
  database: Database;
  feed: EventFeed;
  watch: FeedWatch;
  live: LiveFeed;
}

export interface EventQuery {
  /** Events after this position; absent: from the oldest that is kept. */
  after?: number | undefined;
  types?: readonly EventType[] | undefined;
  subjectId?: string | undefined;
  limit: number;
}

export interface EventPage {
  data: FeedEvent[];
  /** Position to continue after: all events up to it were looked at. */
  nextAfter: number;
  /** The newest position of the restaurant. */
  latest: number;
}

/** The restaurant's events in their final order. `UnitOfWork.record` writes them. */
export class EventService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Events after a position that the caller may see, the oldest first.
   * @throws AppError events_expired when events after the position are no longer kept;
   *   invalid_request for a position that this restaurant has not reached.
   */
  @Track('event.list')
  list(call: Call, query: EventQuery): Promise<EventPage> {
    const { unitOfWork, feed } = this.#deps;
    const filter = { types: visibleTypes(call.scopes, query.types), subjectId: query.subjectId };
    return unitOfWork.read(call, async (tx) => {
      const bounds = await feed.bounds(call.restaurantId, tx);
      const after = query.after ?? Math.max(0, bounds.oldest - 1);
      assertKept(after, bounds);
      const upTo = Math.min(bounds.newest, after + SCAN_POSITIONS);
      const stretch = { after, upTo, limit: query.limit };
      const data = upTo > after ? await feed.list(call.restaurantId, tx, filter, stretch) : [];
      return { data, nextAfter: data.at(-1)?.position ?? upTo, latest: bounds.newest };
    });
  }

  /**
   * As `list`, but waits for the first event when there is none yet: for receivers that no
   * webhook can reach. @param waitMs longest wait; the page is empty after it.
   */
  @Track('event.await')
  async await(call: Call, query: EventQuery, waitMs: number): Promise<EventPage> {
    const { watch } = this.#deps;
    const until = performance.now() + waitMs;
    let page = await this.list(call, query);
    while (page.data.length === 0) {
      const leftMs = until - performance.now();
      if (page.nextAfter >= page.latest && !(await watch.passes(call, page.nextAfter, leftMs))) break;
      const hinted = watch.newestOf(call.restaurantId);
      page = await this.list(call, { ...query, after: page.nextAfter });
      watch.correct(call.restaurantId, hinted, page.latest);
    }
    return page;
  }

  /**
   * Opens a stream of the events that the caller may see.
   * @throws AppError overloaded when there are too many, or this process stops.
   */
  @Track('event.stream')
  stream(call: Call, query: StreamQuery, host: StreamHost): Promise<void> {
    return this.#deps.live.open(call, query, host);
  }

  /**
   * Moves written events into the feed, in one pass over the restaurants that have some, and tells
   * live readers. Several relays may run at once: each takes other restaurants.
   * @param isStopping asked between two transactions.
   * @param onFault told of restaurants whose events stay where they are; the others' go on.
   * @returns the number of events moved.
   */
  async relay(isStopping: () => boolean = () => false, onFault: RelayFault = () => undefined): Promise<number> {
    const { database, feed, watch } = this.#deps;
    let [moved, behind]: [number, string | undefined] = [0, undefined];
    while (!isStopping()) {
      const relayed = await database.transaction(NO_RESTAURANT, (tx) => feed.relay(tx, behind, RELAY_EVENTS));
      if (relayed.length === 0) break;
      moved += relayed.reduce((sum, { events }) => sum + events, 0);
      behind = relayed.at(-1)?.restaurantId;
      watch.tell(relayed.filter(({ events }) => events > 0));
      for (const { restaurantId, fault } of relayed) if (fault !== null) onFault(restaurantId, fault);
    }
    return moved;
  }

  /**
   * Makes room in the feed for the months ahead, and drops the months that are over 30 days old.
   */
  async keepPartitions(): Promise<void> {
    const { database, feed } = this.#deps;
    await database.transaction(NO_RESTAURANT, (tx) => feed.keepPartitions(tx));
  }

  /** Events that wait for a relay, of all restaurants. */
  backlog(): Promise<Backlog> {
    const { database, feed } = this.#deps;
    return database.read(NO_RESTAURANT, (tx) => feed.backlog(tx));
  }
}

/** @returns a function that reads the newest positions of restaurants, for `FeedWatch`. */
export function positionsOf(database: Database, feed: EventFeed): (ids: string[]) => Promise<readonly Newest[]> {
  return (ids) => database.read(NO_RESTAURANT, (tx) => feed.positions(tx, ids));
}

function assertKept(after: number, { oldest, newest }: FeedBounds): void {
  if (after > newest)
    throw invalid('?after', `The newest event of this restaurant is at position ${newest}. Give that one or less.`);
  if (after === 0 || after >= oldest - 1) return;
  const message = `Events are kept for 30 days, and the oldest kept one is at position ${oldest}. Load the data anew, then continue after position ${newest}.`;
  throw new AppError('events_expired', message, { errors: [{ pointer: '?after', message }] });
}
