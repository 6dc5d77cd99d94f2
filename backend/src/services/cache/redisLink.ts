/**
 * The breaker around the command connection. The first command that fails or times out (150 ms)
 * opens the breaker for all callers. From then on no caller waits. A background loop probes Redis
 * until it answers, delivers the invalidations that could not be sent, and closes the breaker
 * again.
 *
 * After an outage, entries in Redis are not read for QUARANTINE_MS: another instance may have
 * written to the database meanwhile, and needs time to reconnect and to deliver its own
 * invalidations. Storing entries is allowed at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../../config/redis.js';
import type { Logger } from '../../config/logger.js';

const PROBE_INTERVAL_MS = 250;
const PROBE_KEY = 'servio:cache:probe';
const PROBE_KEY_MS = 1_000;
/**
 * A connection is replaced after this many silent probes: its server may be gone, or another one
 * may have its address.
 */
const PROBES_PER_CONNECTION = 6;
/**
 * Longer than the longest pause between two attempts to reconnect (config/redis.ts) plus a few
 * probes, and shorter than the 5 s within which Redis must be in use again.
 */
const QUARANTINE_MS = 2_000;

export type LinkState = 'absent' | 'connecting' | 'up' | 'quarantine' | 'down';

interface Options {
  client: RedisClient;
  log: Logger;
  /**
   * Runs when Redis answers again, before any other use. A rejection means that Redis does not
   * answer yet.
   */
  beforeUse: (client: RedisClient) => Promise<void>;
}

export class RedisLink {
  readonly #options: Options;
  #state: 'connecting' | 'up' | 'down' | 'closed' = 'connecting';
  #failures = 0;
  #isQuarantined = false;
  #quarantine: NodeJS.Timeout | undefined;
  #isRecovering = false;
  readonly #waiting = new Set<() => void>();

  constructor(options: Options) {
    this.#options = options;
    options.client.on('ready', () => void this.#recover());
    options.client.on('close', () => this.#fail(new Error('the connection was lost')));
  }

  /** True when commands may be sent. */
  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** True when values in Redis may be used. */
  get isReadable(): boolean {
    return this.#state === 'up' && !this.#isQuarantined;
  }

  /** Number of failed commands since the start. */
  get failures(): number {
    return this.#failures;
  }

  get state(): LinkState {
    if (this.#state === 'up') return this.isReadable ? 'up' : 'quarantine';
    return this.#state === 'connecting' ? 'connecting' : 'down';
  }

  /** Resolves when commands may be sent, or after the time. */
  async untilUp(timeoutMs: number): Promise<void> {
    if (this.isUp) return;
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#waiting.add(finish);
    });
  }

  /**
   * Runs one exchange with Redis.
   * @returns undefined when Redis is skipped, or when the exchange failed and opened the breaker.
   */
  async attempt<T>(exchange: (client: RedisClient) => Promise<T>): Promise<T | undefined> {
    if (!this.isUp) return undefined;
    try {
      return await exchange(this.#options.client);
    } catch (error) {
      return this.#onFailure(error);
    }
  }

  /**
   * The path of most reads.
   * @returns undefined when the key is missing, and when Redis is skipped or failed.
   */
  async get(key: string): Promise<string | undefined> {
    try {
      const text = this.isUp ? await this.#options.client.call('GET', key) : undefined;
      return typeof text === 'string' ? text : undefined;
    } catch (error) {
      return this.#onFailure(error);
    }
  }

  /**
   * @returns a value for each key, null for a missing one; undefined when Redis is skipped or
   *   failed.
   */
  async mget(keys: readonly string[]): Promise<readonly unknown[] | undefined> {
    return this.attempt(async (client) => {
      const replies = await client.call('MGET', ...keys);
      return Array.isArray(replies) ? replies : undefined;
    });
  }

  /**
   * Opens the breaker although no command of this link failed. The background loop finds out
   * whether Redis answers.
   */
  suspect(): void {
    if (this.isUp) this.#fail(new Error('another connection waited in vain'));
  }

  #onFailure(error: unknown): undefined {
    this.#failures += 1;
    this.#fail(error);
    return undefined;
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#quarantine);
    this.#release();
    this.#options.client.disconnect();
  }

  #fail(error: unknown): void {
    if (this.#state === 'closed') return;
    const wasUp = this.#state !== 'down';
    this.#state = 'down';
    if (wasUp) this.#options.log.warn({ err: error }, 'redis does not answer: the cache works without it');
    void this.#recover();
  }

  async #recover(): Promise<void> {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    try {
      await this.#probe();
    } finally {
      this.#isRecovering = false;
    }
  }

  /**
   * Ends when Redis answers, or when the connection is lost: then the next `ready` event starts it
   * again.
   */
  async #probe(): Promise<void> {
    const { client, beforeUse } = this.#options;
    for (let probes = 1; this.#state !== 'closed' && client.status === 'ready'; probes += 1) {
      const failures = this.#failures;
      try {
        // Probes with a write: a Redis that is out of memory, or a read-only replica, cannot accept
        // invalidations.
        await client.call('SET', PROBE_KEY, '1', 'PX', PROBE_KEY_MS);
        await beforeUse(client);
        // A command that failed meanwhile may have left an invalidation to deliver.
        if (failures === this.#failures) {
          this.#open();
          return;
        }
      } catch {
        if (probes >= PROBES_PER_CONNECTION) {
          client.disconnect(true);
          return;
        }
        await sleep(PROBE_INTERVAL_MS, undefined, { ref: false });
      }
    }
  }

  #open(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'down') {
      this.#isQuarantined = true;
      clearTimeout(this.#quarantine);
      this.#quarantine = setTimeout(() => (this.#isQuarantined = false), QUARANTINE_MS);
      this.#quarantine.unref();
      this.#options.log.info('redis answers again');
    }
    this.#state = 'up';
    this.#release();
  }

  #release(): void {
    for (const finish of this.#waiting) finish();
  }
}
