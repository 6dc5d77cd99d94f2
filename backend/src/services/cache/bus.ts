/**
 * Receives invalidations from other instances, and knows how long it can trust that none is
 * missing.
 *
 * Redis answers a ping on the listening connection after all earlier messages on the same
 * connection. So an answered ping proves that everything published before the ping was *sent* has
 * arrived, and values in memory may be used for LEASE_MS from then (the lease). Without an answer
 * there is no lease: when Redis is gone, unreachable or hung, the lease simply runs out, without a
 * message. Without a lease, a value in memory may be used for LEASE_MS after it was known to be
 * right. In both cases no value is older than the newest write by more than LEASE_MS.
 */
import type { Logger } from '../../config/logger.js';
import type { RedisSubscriber } from '../../config/redis.js';

const LEASE_MS = 1_000;
/** Three pings in one lease. */
const PING_INTERVAL_MS = 300;
const SILENT_PINGS_PER_CONNECTION = 3;

interface Options {
  subscriber: RedisSubscriber;
  channel: string;
  log: Logger;
  onMessage: (message: string) => void;
  /** Called when messages may have been lost; from here on they are received. */
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

  /**
   * True when a value may be used that was right at `knownAt`, an instant of `performance.now()`.
   */
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
