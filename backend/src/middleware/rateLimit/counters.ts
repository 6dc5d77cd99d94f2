/** Counters for calls: in Redis while it answers, otherwise in this process. */
import { MemoryStore, type Options } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';

/**
 * Most keys counted locally. Above it, all are forgotten: bounded memory is more important than
 * exact counts.
 */
const MAX_LOCAL_KEYS = 50_000;
/** Time on the local counters before Redis is tried again. */
const REDIS_PAUSE_MS = 1_000;
/**
 * A connection is replaced after this many tries without an answer: its server may have vanished.
 */
const SILENT_TRIES_PER_CONNECTION = 3;

/** A bare DECR after the end of the window would leave a negative count that never expires. */
const TAKE_BACK = `
local hits = tonumber(redis.call('GET', KEYS[1]) or '0')
if hits > 0 then redis.call('DECR', KEYS[1]) end
return 0`;

export interface Counted {
  totalHits: number;
  resetTime: Date | undefined;
}

/** The parts of a Redis connection that counting needs. Calls must fail fast. */
export interface RateLimitRedis {
  /** `ready` when commands can be sent. */
  readonly status: string;
  call(command: string, ...args: string[]): Promise<unknown>;
  on(event: 'ready', listener: () => void): unknown;
  disconnect(reconnect: boolean): void;
}

/**
 * Access to Redis, shared by all tiers: once one tier got no answer, the others do not wait either.
 */
export class RedisGate {
  readonly redis: RateLimitRedis;
  readonly #onSilent: (() => void) | undefined;
  readonly #onOpen: (() => void)[] = [];
  #generation = 0;
  #silentTries = 0;
  #closedUntilMs = 0;

  constructor(redis: RateLimitRedis, onSilent?: () => void) {
    this.redis = redis;
    this.#onSilent = onSilent;
    redis.on('ready', () => {
      this.#closedUntilMs = 0;
      for (const open of this.#onOpen) open();
    });
  }

  /** Registers a listener for every new connection. */
  onOpen(listener: () => void): void {
    this.#onOpen.push(listener);
  }

  /** Changes with every failure. Stores from before the change are no longer used. */
  get generation(): number {
    return this.#generation;
  }

  get mayTry(): boolean {
    return this.redis.status === 'ready' && performance.now() >= this.#closedUntilMs;
  }

  close(): void {
    this.#onSilent?.();
    this.#generation += 1;
    this.#closedUntilMs = performance.now() + REDIS_PAUSE_MS;
  }

  /** Records the result of a try in the background. */
  tried(isAnswered: boolean): void {
    this.#silentTries = isAnswered ? 0 : this.#silentTries + 1;
    if (isAnswered) return;
    this.close();
    if (this.#silentTries < SILENT_TRIES_PER_CONNECTION || this.redis.status !== 'ready') return;
    this.#silentTries = 0;
    this.redis.disconnect(true);
  }
}

/**
 * Counts in Redis while it answers, otherwise in this process. It never fails and never stops
 * limiting. Only calls under way when Redis falls silent wait for it. Reconnection is tried in the
 * background.
 */
export class FallbackStore {
  readonly #gate: RedisGate | undefined;
  /** Separates the tiers, also for the library, which warns if one store counts a request twice. */
  readonly prefix: string;
  readonly #local = new MemoryStore();
  #options: Options | undefined;
  #remote: { store: RedisStore; generation: number } | undefined;
  #isLoading = false;

  constructor(gate: RedisGate | undefined, prefix: string) {
    this.#gate = gate;
    this.prefix = prefix;
  }

  init(options: Options): void {
    this.#options = options;
    this.#local.init(options);
    this.#gate?.onOpen(() => this.#reach());
  }

  /** @returns the count at once where it is kept here: waiting for nothing would cost 1 µs. */
  increment(key: string): Promise<Counted> | Counted {
    const remote = this.#reach();
    return remote ? this.#incrementRemotely(remote, key) : this.#incrementLocally(key);
  }

  /** Takes back one count. A count that expired, or that is in the other store, stays at zero. */
  async decrement(key: string): Promise<void> {
    const gate = this.#gate;
    if (gate && this.#reach()) {
      try {
        await gate.redis.call('EVAL', TAKE_BACK, '1', this.prefix + key);
      } catch {
        gate.close();
      }
    } else if ((this.#local.current.get(key) ?? this.#local.previous.get(key))?.totalHits) {
      await this.#local.decrement(key);
    }
  }

  async #incrementRemotely(remote: RedisStore, key: string): Promise<Counted> {
    try {
      return await remote.increment(key);
    } catch {
      this.#gate?.close();
      return this.#incrementLocally(key);
    }
  }

  #incrementLocally(key: string): Counted {
    // MemoryStore counts before its promise resolves. Later calls change the object of the count:
    // of ten calls at once, each would see itself as the tenth.
    void this.#local.increment(key);
    // It is in `current` from the first count on.
    const { totalHits, resetTime } = this.#local.current.get(key) as Counted;
    if (this.#local.current.size + this.#local.previous.size > MAX_LOCAL_KEYS) void this.#local.resetAll();
    return { totalHits, resetTime };
  }

  #reach(): RedisStore | undefined {
    const gate = this.#gate;
    if (!gate) return undefined;
    if (this.#remote?.generation === gate.generation) return this.#remote.store;
    if (!this.#isLoading && gate.mayTry) void this.#load(gate);
    return undefined;
  }

  /** Replaces a failed store, because RedisStore keeps a failed script forever. */
  async #load(gate: RedisGate): Promise<void> {
    if (!this.#options) return;
    this.#isLoading = true;
    const { generation, redis } = gate;
    // The types of rate-limit-redis are narrower than those of a raw connection.
    const sendCommand = (command: string, ...args: string[]) => redis.call(command, ...args) as Promise<string>;
    const store = new RedisStore({ prefix: this.prefix, sendCommand });
    try {
      await store.init(this.#options);
      this.#remote = { store, generation };
      gate.tried(true);
    } catch {
      gate.tried(false);
    } finally {
      this.#isLoading = false;
    }
  }
}
