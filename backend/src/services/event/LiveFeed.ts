/**
 * Open streams of events. A stream starts after a position and gets every later event that its
 * caller may see, once and in order, until the client leaves, its credential ends or we stop.
 */
import type { Writable } from 'node:stream';
import type { Database } from '../../config/database.js';
import type { Logger } from '../../config/logger.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { EventType } from '../../domain/shared/events.js';
import type { EventFeed, FeedBounds } from '../../repositories/event/EventFeed.js';
import type { FeedWatch } from './FeedWatch.js';
import { isKept, LiveChannel } from './LiveChannel.js';
import { type EndReason, LiveReader, type Rights } from './LiveReader.js';

const TICK_MS = 1_000;

export interface LiveMetrics {
  opened: () => void;
  closed: () => void;
  /** Events written, added up over a second. */
  delivered: (events: number) => void;
  ended: (reason: EndReason) => void;
  reset: () => void;
}

interface Dependencies {
  database: Database;
  feed: EventFeed;
  watch: FeedWatch;
  log: Logger;
  metrics: LiveMetrics;
}

export interface StreamQuery {
  /** The position after which the stream continues; absent: now. NaN is a foreign one. */
  after?: number | undefined;
  types?: readonly EventType[] | undefined;
}

export interface StreamHost {
  /** Sends the head of the answer. After it, an error can no longer be told. */
  open: () => Writable;
  /** Finds the caller's rights again. @throws AppError invalid_token. */
  identify: () => Promise<Rights>;
}

/** The channel of a restaurant while it has streams, open or about to open. */
interface Entry {
  channel: LiveChannel;
  streams: number;
  stopWatching: () => void;
}

interface Opening {
  call: Call;
  query: StreamQuery;
  host: StreamHost;
  channel: LiveChannel;
  bounds: FeedBounds;
  leave: () => void;
}

export class LiveFeed {
  readonly #deps: Dependencies;
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  #delivered = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    deps.watch.ending.addEventListener('abort', () => {
      for (const { channel } of this.#entries.values()) for (const reader of channel.readers) reader.end('stopping');
      this.#report();
    });
  }

  /**
   * Opens a stream; its events follow by themselves.
   * @throws AppError overloaded when there are too many, or this process stops.
   */
  async open(call: Call, query: StreamQuery, host: StreamHost): Promise<void> {
    const giveBack = this.#deps.watch.places.take(call);
    // Watched before its position is read: a hint between the two is not lost.
    const entry = this.#join(call.restaurantId);
    const leave = (): void => {
      this.#leave(call.restaurantId, entry);
      giveBack();
    };
    try {
      const bounds = await this.#bounds(call.restaurantId, call.gone);
      if (this.#deps.watch.ending.aborted) throw stopping();
      call.gone?.throwIfAborted();
      this.#start({ call, query, host, channel: entry.channel, bounds, leave });
    } catch (error) {
      leave();
      throw error;
    }
  }

  #start({ call, query, host, channel, bounds, leave }: Opening): void {
    const { metrics } = this.#deps;
    const position = query.after ?? bounds.newest;
    const out = host.open();
    const { identify } = host;
    const reader: LiveReader = new LiveReader(
      { scopes: call.scopes, types: query.types, position, out, identify },
      () => channel.advance(reader),
      metrics.ended,
    );
    channel.readers.add(reader);
    metrics.opened();
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
    out.once('close', () => {
      reader.leave();
      channel.readers.delete(reader);
      metrics.closed();
      leave();
    });
    reader.greet(query.after === undefined);
    if (!isKept(position, bounds)) {
      metrics.reset();
      reader.reset(bounds.newest);
    }
    // Known from now on, without waiting for the next look.
    this.#deps.watch.note(call.restaurantId, bounds.newest);
    channel.advance(reader);
  }

  #join(restaurantId: string): Entry {
    let entry = this.#entries.get(restaurantId);
    if (!entry) {
      const channel = this.#channel(restaurantId);
      const stopWatching = this.#deps.watch.watch(restaurantId, () => channel.advanceAll());
      this.#entries.set(restaurantId, (entry = { channel, streams: 0, stopWatching }));
    }
    entry.streams += 1;
    return entry;
  }

  #leave(restaurantId: string, entry: Entry): void {
    entry.streams -= 1;
    if (entry.streams > 0) return;
    entry.stopWatching();
    this.#entries.delete(restaurantId);
    if (this.#entries.size > 0) return;
    this.#report();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #channel(restaurantId: string): LiveChannel {
    const { database, feed, watch, log, metrics } = this.#deps;
    return new LiveChannel({
      log,
      readPage: (after) => database.read(restaurantId, (tx) => feed.listEvery(restaurantId, tx, after)),
      readBounds: () => this.#bounds(restaurantId),
      newest: () => watch.newestOf(restaurantId),
      correct: (hinted, newest) => watch.correct(restaurantId, hinted, newest),
      onDelivered: (events) => {
        this.#delivered += events;
      },
      onReset: metrics.reset,
    });
  }

  #bounds(restaurantId: string, gone?: AbortSignal): Promise<FeedBounds> {
    const { database, feed } = this.#deps;
    return database.read(restaurantId, (tx) => feed.bounds(restaurantId, tx), gone);
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const { channel } of this.#entries.values()) channel.tick(nowMs);
    this.#report();
  }

  #report(): void {
    if (this.#delivered > 0) this.#deps.metrics.delivered(this.#delivered);
    this.#delivered = 0;
  }
}

function stopping(): AppError {
  return new AppError('overloaded', 'This server stops. Connect again: another one answers.', { retryAfterSeconds: 1 });
}
