/**
 * Limits the calls of a restaurant, all its people and keys together. A process takes permits from
 * the shared count by the hundred, so that not every call needs an exchange with Redis.
 */
import { RATE_TIERS } from '../../domain/people/rateLimits.js';
import type { RedisGate } from './counters.js';

const { windowMs: WINDOW_MS } = RATE_TIERS.restaurant;
/**
 * A process takes 1/20 of the limit at once. Permits that it does not use are lost to the other
 * processes.
 */
const LEASES_PER_WINDOW = 20;
const PREFIX = 'servio:limit:restaurant:';

/** KEYS: the count. Takes permits and returns the number taken before. */
const TAKE = `
local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
if taken == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return taken - tonumber(ARGV[1])`;

interface Account {
  /** Permits left to use. */
  left: number;
  /** Permits taken by this process in this window. This is the count while Redis is unavailable. */
  taken: number;
  /** Exchange under way, shared by all waiting calls. */
  asking: Promise<void> | undefined;
}

export class RestaurantQuota {
  readonly #gate: RedisGate | undefined;
  readonly #now: () => number;
  /** Restaurants that called in this window. A new window starts empty. */
  readonly #accounts = new Map<string, Account>();
  #window = -1;

  /**
   * @param now wall clock in milliseconds, so that windows start at the same time in every process.
   */
  constructor(gate: RedisGate | undefined, now: () => number = Date.now) {
    this.#gate = gate;
    this.#now = now;
  }

  /**
   * Never rejects.
   * @param limit calls in a window.
   * @returns 0 if the call is allowed, otherwise the seconds until the next window.
   */
  take(restaurantId: string, limit: number): number | Promise<number> {
    const account = this.#account(restaurantId);
    if (account.left > 0) {
      account.left -= 1;
      return 0;
    }
    return this.#takeMore(restaurantId, limit, account);
  }

  async #takeMore(restaurantId: string, limit: number, account: Account): Promise<number> {
    if (account.asking) {
      await account.asking;
    } else if (account.taken < limit) {
      account.asking = this.#ask(restaurantId, limit, account).finally(() => {
        account.asking = undefined;
      });
      await account.asking;
    } else {
      return this.#secondsLeft();
    }
    return this.take(restaurantId, limit);
  }

  /** Adds permits to the account, or marks it as used up. */
  async #ask(restaurantId: string, limit: number, account: Account): Promise<void> {
    const wanted = Math.min(limit - account.taken, Math.max(1, Math.floor(limit / LEASES_PER_WINDOW)));
    const before = await this.#takenBefore(restaurantId, wanted);
    const got = before === undefined ? wanted : Math.min(wanted, limit - before);
    account.left += Math.max(0, got);
    account.taken = got > 0 ? account.taken + got : limit;
  }

  /** Permits that all processes took before; undefined if Redis does not answer. */
  async #takenBefore(restaurantId: string, wanted: number): Promise<number | undefined> {
    const gate = this.#gate;
    if (!gate?.mayTry) return undefined;
    const key = `${PREFIX}${restaurantId}:${this.#window}`;
    try {
      return Number(await gate.redis.call('EVAL', TAKE, '1', key, String(wanted), String(2 * WINDOW_MS)));
    } catch {
      gate.close();
      return undefined;
    }
  }

  #account(restaurantId: string): Account {
    const window = Math.floor(this.#now() / WINDOW_MS);
    if (window !== this.#window) {
      this.#window = window;
      this.#accounts.clear();
    }
    let account = this.#accounts.get(restaurantId);
    if (!account) this.#accounts.set(restaurantId, (account = { left: 0, taken: 0, asking: undefined }));
    return account;
  }

  #secondsLeft(): number {
    return Math.ceil((WINDOW_MS - (this.#now() % WINDOW_MS)) / 1_000);
  }
}
