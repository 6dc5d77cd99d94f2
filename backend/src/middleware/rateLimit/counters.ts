/** Where calls are counted: in Redis while it answers, in this process while it does not. */
import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';

/** Keys counted locally while Redis is away. Beyond it all are forgotten: bounded memory before exactness. */
const MAX_LOCAL_KEYS = 50_000;
/** How long the local counters serve before Redis is tried again. */
const REDIS_PAUSE_MS = 1_000;
/** A connection that stays silent this often is replaced: its server may be gone without a word. */
const SILENT_TRIES_PER_CONNECTION = 3;

/** A bare DECR would leave a count below nothing, and for ever, where the window has ended meanwhile. */
const TAKE_BACK = `
local hits = tonumber(redis.call('GET', KEYS[1]) or '0')
if hits > 0 then redis.call('DECR', KEYS[1]) end
return 0`;

/** The part of a Redis connection that counting needs. It must fail fast. */
export interface RateLimitRedis {
  /** `ready` when commands can be sent. */
  readonly status: string;
  call(command: string, ...args: string[]): Promise<unknown>;
  on(event: 'ready', listener: () => void): unknown;
  disconnect(reconnect: boolean): void;
}

/** The way to Redis, shared by all tiers: where one has waited in vain, none of the others waits. */
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

  /** Calls at every new connection. */
  onOpen(listener: () => void): void {
    this.#onOpen.push(listener);
  }

  /** Changes with every failure; a store made before that is no longer used. */
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

  /** Says how a try in the background ended. */
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
 * Redis while it answers, the process's own memory while it does not. Never fails, never stops limiting. Only the callers
 * who are under way when Redis falls silent wait for it; whether it is back is tried in the background.
 */
export class FallbackStore implements Store {
  readonly #gate: RedisGate | undefined;
  /** Tells the stores of several tiers apart, also to the library, which warns when one counts a request twice. */
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

  async increment(key: string) {
    const remote = this.#reach();
    if (remote) {
      try {
        return await remote.increment(key);
      } catch {
        this.#gate?.close();
      }
    }
    return this.#incrementLocally(key);
  }

  /** Takes one count back. One that is not there any more, or was counted elsewhere, stays at nothing. */
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

  async resetKey(key: string): Promise<void> {
    await this.#reach()
      ?.resetKey(key)
      .catch(() => this.#gate?.close());
    await this.#local.resetKey(key);
  }

  async #incrementLocally(key: string) {
    const counted = this.#local.increment(key);
    // MemoryStore has counted when it returns, and answers an object that later calls go on changing: of ten calls at once,
    // each would take itself for the tenth.
    const { totalHits, resetTime } = this.#local.current.get(key) ?? (await counted);
    if (this.#local.current.size + this.#local.previous.size > MAX_LOCAL_KEYS) await this.#local.resetAll();
    return { totalHits, resetTime };
  }

  #reach(): RedisStore | undefined {
    const gate = this.#gate;
    if (!gate) return undefined;
    if (this.#remote?.generation === gate.generation) return this.#remote.store;
    if (!this.#isLoading && gate.mayTry) void this.#load(gate);
    return undefined;
  }

  /** A store that failed is made anew, because RedisStore keeps a failed script for ever. */
  async #load(gate: RedisGate): Promise<void> {
    if (!this.#options) return;
    this.#isLoading = true;
    const { generation, redis } = gate;
    // rate-limit-redis types its answers more narrowly than a raw connection can.
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
