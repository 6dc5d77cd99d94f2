/**
 * How often a restaurant may call, all its people and keys together. A process takes permits by the hundred from the common
 * count, so that a call costs no exchange with Redis of its own.
 */
import { RATE_TIERS } from '../../domain/people/rateLimits.js';
import type { RedisGate } from './counters.js';

const { windowMs: WINDOW_MS } = RATE_TIERS.restaurant;
/** Permits taken at once are this part of the limit: what a process has taken and not used is lost to the others. */
const LEASES_PER_WINDOW = 20;
const PREFIX = 'servio:limit:restaurant:';

/** KEYS: the count. Takes permits and answers how many had been taken before. */
const TAKE = `
local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
if taken == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return taken - tonumber(ARGV[1])`;

interface Account {
  /** Permits in hand. */
  left: number;
  /** Taken by this process in this window, for when Redis is away. */
  taken: number;
  /** An exchange under way, for all who wait. */
  asking: Promise<void> | undefined;
}

export class RestaurantQuota {
  readonly #gate: RedisGate | undefined;
  readonly #now: () => number;
  /** Of restaurants that called in this window; a new window begins with none. */
  readonly #accounts = new Map<string, Account>();
  #window = -1;

  /** @param now wall clock in milliseconds: windows begin at the same moment in every process. */
  constructor(gate: RedisGate | undefined, now: () => number = Date.now) {
    this.#gate = gate;
    this.#now = now;
  }

  /** @param limit calls in a window. @returns 0 when the call may pass, else the seconds until the next window. Never rejects. */
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

  /** Puts permits into the account, or marks it as used up. */
  async #ask(restaurantId: string, limit: number, account: Account): Promise<void> {
    const wanted = Math.min(limit - account.taken, Math.max(1, Math.floor(limit / LEASES_PER_WINDOW)));
    const before = await this.#takenBefore(restaurantId, wanted);
    const got = before === undefined ? wanted : Math.min(wanted, limit - before);
    account.left += Math.max(0, got);
    account.taken = got > 0 ? account.taken + got : limit;
  }

  /** What all processes had taken; undefined while Redis does not say. */
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
