/**
 * Tells live readers that a restaurant has new events. Hints come from the relay in this process
 * and, through Redis, from those in others. They carry no events, so a lost hint costs a second:
 * that often, the positions of all watched restaurants are read in one query.
 */
import { createRedis, createSubscriber, type RedisClient, type RedisSubscriber } from '../../config/redis.js';
import type { Logger } from '../../config/logger.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';

const CHANNEL = 'servio:events';
const LOOK_EVERY_MS = 1_000;
/** Live readers of one restaurant, and of all in this process: each has an open connection. */
const READERS_EACH = 100;
const READERS = 2_000;

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

interface Watched {
  newest: number;
  listeners: Set<(position: number) => void>;
}

export class FeedWatch {
  readonly #options: Options;
  readonly #watched = new Map<string, Watched>();
  readonly #publisher: RedisClient | undefined;
  readonly #subscriber: RedisSubscriber | undefined;
  readonly #ending = new AbortController();
  #readers = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
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

  /** Number of live readers in this process. */
  get readers(): number {
    return this.#readers;
  }

  /** Aborts when the process stops: live readers end first. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * @param listener is called with the newest position, each time that it has grown.
   * @returns a function that ends it, and may be called more than once.
   * @throws AppError overloaded when there are too many readers.
   */
  watch(restaurantId: string, listener: (position: number) => void): () => void {
    const watched = this.#watched.get(restaurantId) ?? { newest: 0, listeners: new Set() };
    if (watched.listeners.size >= READERS_EACH || this.#readers >= READERS)
      throw new AppError(
        'overloaded',
        `Too many live readers are connected: at most ${READERS_EACH} of one restaurant. Close some, or try again shortly.`,
        { retryAfterSeconds: 5 },
      );
    this.#watched.set(restaurantId, watched);
    watched.listeners.add(listener);
    this.#readers += 1;
    this.#schedule();
    // Another reader may know it already, and is told only of later ones.
    if (watched.newest > 0) queueMicrotask(() => listener(watched.newest));
    return () => {
      if (!watched.listeners.delete(listener)) return;
      this.#readers -= 1;
      if (watched.listeners.size === 0) this.#watched.delete(restaurantId);
    };
  }

  /** Whether a restaurant passes a position before the time is up, its caller leaves or we stop. */
  passes(call: Pick<Call, 'restaurantId' | 'gone'>, position: number, timeoutMs: number): Promise<boolean> {
    const ends = [this.#ending.signal, ...(call.gone ? [call.gone] : [])];
    if (timeoutMs <= 0 || ends.some(({ aborted }) => aborted)) return Promise.resolve(false);
    return new Promise((resolve) => {
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
  }

  /** Passes on what the relay of this process has done. */
  tell(news: readonly Newest[]): void {
    for (const { restaurantId, position } of news) this.#grow(restaurantId, position);
    if (!this.#publisher || this.#publisher.status !== 'ready') return;
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
      if (/^\d+$/.test(position)) this.#grow(restaurantId, Number(position));
    }
  }

  #grow(restaurantId: string, position: number): void {
    const watched = this.#watched.get(restaurantId);
    if (!watched || position <= watched.newest) return;
    watched.newest = position;
    for (const listener of watched.listeners) listener(position);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#lookAround(), this.#options.lookEveryMs ?? LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async #lookAround(): Promise<void> {
    try {
      const news = await this.#options.look([...this.#watched.keys()]);
      for (const { restaurantId, position } of news) this.#grow(restaurantId, position);
    } catch (error) {
      this.#options.log.debug({ err: error }, 'positions of events not read, will try again');
    }
    this.#timer = undefined;
    if (this.#watched.size > 0) this.#schedule();
  }
}
