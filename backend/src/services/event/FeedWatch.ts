/**
 * Tells live readers that a restaurant has new events. Hints come from the relay in this process
 * and, through Redis, from those in others. They carry no events, so a lost hint costs a second:
 * that often, the positions of all watched restaurants are read in one query.
 */
import { setMaxListeners } from 'node:events';
import { createRedis, createSubscriber, type RedisClient, type RedisSubscriber } from '../../config/redis.js';
import type { Logger } from '../../config/logger.js';
import type { Call } from '../../domain/shared/call.js';
import { ReaderPlaces } from './ReaderPlaces.js';

const CHANNEL = 'servio:events';
const LOOK_EVERY_MS = 1_000;

export interface Newest {
  restaurantId: string;
  position: number;
}

interface Options {
  redisUrl?: string | undefined;
  log: Logger;
  /** Reads the newest positions of restaurants. */
  look: (restaurantIds: string[]) => Promise<readonly Newest[]>;
  lookEveryMs?: number;
}

type Listener = (position: number) => void;

interface Watched {
  newest: number;
  listeners: Set<Listener>;
}

export class FeedWatch {
  /** Places of all live readers: those of streams and those that wait for a page. */
  readonly places = new ReaderPlaces();
  readonly #options: Options;
  readonly #watched = new Map<string, Watched>();
  readonly #publisher: RedisClient | undefined;
  readonly #subscriber: RedisSubscriber | undefined;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
    // Each waiting reader listens. Node would warn of a leak from the eleventh on.
    setMaxListeners(0, this.#ending.signal);
    const { redisUrl, log } = options;
    if (redisUrl === undefined) return;
    this.#publisher = createRedis(redisUrl, { log });
    const subscriber = createSubscriber(redisUrl, { log });
    this.#subscriber = subscriber;
    subscriber.on('ready', () => {
      subscriber.subscribe(CHANNEL).catch((error: unknown) => {
        log.debug({ err: error }, 'hints of events: not subscribed');
        if (!this.#isClosed && subscriber.status === 'ready') subscriber.disconnect(true);
      });
    });
    subscriber.on('message', (_channel, message) => this.#hear(message));
  }

  /** Aborts when the process stops: live readers end first. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * @param listener is called with the newest position, each time that it has grown, and soon with
   *   the one that is known already. A position is a hint: it may be wrong. Must not throw.
   * @returns a function that ends it, and may be called more than once.
   */
  watch(restaurantId: string, listener: Listener): () => void {
    const watched = this.#watched.get(restaurantId) ?? { newest: 0, listeners: new Set() };
    this.#watched.set(restaurantId, watched);
    watched.listeners.add(listener);
    this.#schedule();
    // Another reader may know it already, and a listener is told only of later ones.
    if (watched.newest > 0) queueMicrotask(() => watched.listeners.has(listener) && listener(watched.newest));
    return () => {
      if (!watched.listeners.delete(listener)) return;
      if (watched.listeners.size === 0) this.#watched.delete(restaurantId);
    };
  }

  /**
   * Corrects a hint. Without this, a hint beyond the feed's end would make its readers ask again
   * and again: there is one after a database was restored while processes serve.
   * @param hinted the newest position as it was known before the feed was read.
   */
  correct(restaurantId: string, hinted: number, newest: number): void {
    const watched = this.#watched.get(restaurantId);
    if (watched?.newest === hinted && newest < hinted) watched.newest = newest;
  }

  /** Notes a newest position for the readers of this process. */
  note(restaurantId: string, position: number): void {
    const watched = this.#watched.get(restaurantId);
    if (!watched || position <= watched.newest) return;
    watched.newest = position;
    for (const listener of watched.listeners) listener(position);
  }

  /** The newest known position of a watched restaurant; 0 when none is known. */
  newestOf(restaurantId: string): number {
    return this.#watched.get(restaurantId)?.newest ?? 0;
  }

  /**
   * Whether a restaurant passes a position before the time is up, its caller leaves or we stop.
   * @throws AppError overloaded when there are too many readers.
   */
  async passes(call: Pick<Call, 'restaurantId' | 'actor' | 'gone'>, position: number, timeoutMs: number) {
    const ends = [this.#ending.signal, ...(call.gone ? [call.gone] : [])];
    if (timeoutMs <= 0 || ends.some(({ aborted }) => aborted)) return false;
    const leave = this.places.take(call);
    try {
      return await new Promise<boolean>((resolve) => {
        const finish = (hasPassed: boolean): void => {
          stop();
          clearTimeout(timer);
          for (const end of ends) end.removeEventListener('abort', giveUp);
          resolve(hasPassed);
        };
        const giveUp = (): void => finish(false);
        const stop = this.watch(call.restaurantId, (newest) => newest > position && finish(true));
        const timer = setTimeout(giveUp, timeoutMs);
        timer.unref();
        for (const end of ends) end.addEventListener('abort', giveUp);
      });
    } finally {
      leave();
    }
  }

  /** Passes on what the relay of this process has done. */
  tell(news: readonly Newest[]): void {
    for (const { restaurantId, position } of news) this.note(restaurantId, position);
    if (news.length === 0 || this.#publisher?.status !== 'ready') return;
    const message = news.map(({ restaurantId, position }) => `${restaurantId}=${position}`).join(',');
    this.#publisher.call('PUBLISH', CHANNEL, message).catch((error: unknown) => {
      this.#options.log.debug({ err: error }, 'hints of events: not sent');
    });
  }

  /** Ends all live readers. */
  end(): void {
    this.#ending.abort();
  }

  close(): void {
    this.end();
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#publisher?.disconnect();
    this.#subscriber?.disconnect();
  }

  #hear(message: string): void {
    for (const entry of message.split(',')) {
      const [restaurantId = '', position = ''] = entry.split('=');
      if (/^\d{1,15}$/.test(position)) this.note(restaurantId, Number(position));
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#lookAround(), this.#options.lookEveryMs ?? LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async #lookAround(): Promise<void> {
    try {
      // The last reader may have left since the last look.
      const news = this.#watched.size > 0 ? await this.#options.look([...this.#watched.keys()]) : [];
      for (const { restaurantId, position } of news) this.note(restaurantId, position);
    } catch (error) {
      this.#options.log.debug({ err: error }, 'positions of events not read, will try again');
    }
    this.#timer = undefined;
    if (this.#watched.size > 0) this.#schedule();
  }
}
