/**
 * The streams of one restaurant in this process. Each page of the feed is read once for all of
 * them, and kept for those that come a little later.
 */
import type { Logger } from '../../config/logger.js';
import type { EventType } from '../../domain/shared/events.js';
import type { FeedBounds, FeedEvent } from '../../repositories/event/EventFeed.js';
import type { LiveReader } from './LiveReader.js';
import { Page } from './Page.js';

/** Pages that are kept besides the newest: for streams that return together. */
const PAGES = 8;
const KEPT_CHARS = 200_000;
const KEPT_MS = 30_000;
const READ_AGAIN_MS = 1_000;

/** After these, a caller may have lost rights. */
const LOSSES: ReadonlySet<EventType> = new Set([
  'session.ended',
  'session.revoked',
  'member.changed',
  'member.removed',
  'account.password_changed',
  'account.reset',
  'api_key.revoked',
]);

export interface ChannelDependencies {
  log: Logger;
  readPage: (after: number) => Promise<FeedEvent[]>;
  readBounds: () => Promise<FeedBounds>;
  /** The newest known position. */
  newest: () => number;
  /** Tells that the feed ends before the newest known position. */
  correct: (hinted: number, newest: number) => void;
  onDelivered: (events: number) => void;
  onReset: () => void;
}

export class LiveChannel {
  readonly readers = new Set<LiveReader>();
  readonly #deps: ChannelDependencies;
  readonly #reading = new Set<number>();
  #pages: Page[] = [];
  #keptAtMs = 0;

  constructor(deps: ChannelDependencies) {
    this.#deps = deps;
  }

  /** Brings all readers forward, as far as the newest known position. */
  advanceAll(): void {
    for (const reader of this.readers) this.advance(reader);
  }

  advance(reader: LiveReader): void {
    while (reader.canTake && reader.position < this.#deps.newest()) {
      const { position } = reader;
      const page = this.#pages.find(({ after, upTo }) => after <= position && position < upTo);
      if (!page) {
        void this.#read(position);
        return;
      }
      this.#deps.onDelivered(reader.take(page));
    }
  }

  /** Called about once a second. */
  tick(nowMs: number): void {
    for (const reader of this.readers) reader.tick(nowMs);
    if (nowMs - this.#keptAtMs > KEPT_MS) this.#pages = [];
  }

  async #read(after: number): Promise<void> {
    if (this.#reading.has(after)) return;
    this.#reading.add(after);
    const hinted = this.#deps.newest();
    try {
      const events = await this.#deps.readPage(after);
      this.#reading.delete(after);
      const [first] = events;
      if (first?.position === after + 1) this.#keep(new Page(after, events));
      else await this.#findOut(after, hinted, first !== undefined);
      this.advanceAll();
    } catch (error) {
      this.#deps.log.debug({ err: error }, 'events not read, will try again');
      setTimeout(() => {
        this.#reading.delete(after);
        this.advanceAll();
      }, READ_AGAIN_MS).unref();
    }
  }

  #keep(page: Page): void {
    let room = KEPT_CHARS;
    const others = this.#pages.slice(0, PAGES).filter(({ size }) => (room -= size) >= 0);
    this.#pages = [page, ...others];
    this.#keptAtMs = performance.now();
    // The readers get the page first: the event that tells the loss is theirs.
    if (page.has(LOSSES)) setImmediate(() => this.readers.forEach((reader) => reader.check()));
  }

  /**
   * The next event is not there: the hint was wrong, the event is no longer kept, or the database
   * was replaced by a backup.
   */
  async #findOut(after: number, hinted: number, hasGap: boolean): Promise<void> {
    const bounds = await this.#deps.readBounds();
    this.#deps.correct(hinted, bounds.newest);
    if (!hasGap && isKept(after, bounds)) return;
    this.#pages = [];
    for (const reader of this.readers) {
      if (reader.position !== after) continue;
      this.#deps.onReset();
      reader.reset(bounds.newest);
    }
  }
}

/** Whether a reader can continue after a position without missing an event. */
export function isKept(after: number, { oldest, newest }: FeedBounds): boolean {
  return after <= newest && after >= oldest - 1;
}
