/**
 * Hears what other instances invalidate, and knows how far it can trust its own hearing.
 *
 * Redis answers a ping on the listening connection after all messages that came before it, on the same wire. So an answered
 * ping proves that everything published before it was *sent* has arrived, and what lies in memory may be used for LEASE_MS
 * from then. No answer, no lease: a Redis that is gone, unreachable or hung ends it by the clock alone, without a message.
 * Without a lease a value in memory counts for LEASE_MS from when it was known to be right. Either way nothing is older than
 * the newest write by more than LEASE_MS.
 */
import type { Logger } from '../../config/logger.js';
import type { RedisSubscriber } from '../../config/redis.js';

const LEASE_MS = 1_000;
/** Three attempts in one lease. */
const PING_INTERVAL_MS = 300;
const SILENT_PINGS_PER_CONNECTION = 3;

interface Options {
  subscriber: RedisSubscriber;
  channel: string;
  log: Logger;
  onMessage: (message: string) => void;
  /** Messages may have been lost; from here on they are heard. */
  onListening: () => void;
}

export class Bus {
  readonly #options: Options;
  #leaseUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #silentPings = 0;
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
    const { subscriber, onMessage } = options;
    subscriber.on('ready', () => void this.#listen());
    subscriber.on('close', () => clearTimeout(this.#timer));
    subscriber.on('message', (_channel, message) => onMessage(message));
  }

  /** Whether a value that was right at an instant of `performance.now()` may be used. */
  covers(knownAt: number): boolean {
    const now = performance.now();
    return now < this.#leaseUntil || now - knownAt < LEASE_MS;
  }

  get isHearing(): boolean {
    return performance.now() < this.#leaseUntil;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#options.subscriber.disconnect();
  }

  async #listen(): Promise<void> {
    const { subscriber, channel, onListening, log } = this.#options;
    try {
      await subscriber.subscribe(channel);
    } catch (error) {
      log.debug({ err: error }, 'cache bus: not subscribed');
      if (!this.#isClosed && subscriber.status === 'ready') subscriber.disconnect(true);
      return;
    }
    onListening();
    this.#silentPings = 0;
    await this.#ping();
  }

  async #ping(): Promise<void> {
    const { subscriber } = this.#options;
    clearTimeout(this.#timer);
    if (this.#isClosed || subscriber.status !== 'ready') return;
    const sentAt = performance.now();
    try {
      await subscriber.call('PING');
      this.#leaseUntil = sentAt + LEASE_MS;
      this.#silentPings = 0;
    } catch {
      this.#silentPings += 1;
    }
    if (this.#isClosed || subscriber.status !== 'ready') return;
    if (this.#silentPings >= SILENT_PINGS_PER_CONNECTION) {
      subscriber.disconnect(true);
      return;
    }
    this.#timer = setTimeout(() => void this.#ping(), PING_INTERVAL_MS);
    this.#timer.unref();
  }
}
