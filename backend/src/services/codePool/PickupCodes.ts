import type { PickupSetting } from '../../domain/restaurant/restaurant.js';
import type { CodeMetrics } from './codeMetrics.js';
import type { Shelves } from './Shelves.js';

/** An order waits this long for a lease, once per process and pool; then it goes without a code. */
const WAIT_MS = 500;

interface Dependencies {
  shelves: Shelves;
  metrics: CodeMetrics;
}

/** There is no pick-up code in memory: the order's transaction ends, and begins again with one. */
export class NoPickupCode extends Error {
  readonly poolId: string;

  constructor(poolId: string) {
    super(`no code of the pool ${poolId} is in memory`);
    this.poolId = poolId;
  }
}

/**
 * The pick-up code of one order: the same one of a pool, however often its transaction is repeated.
 * The first attempt may know an older setting: its code, of another pool, is used up.
 */
export class PickupClaim {
  readonly #deps: Dependencies;
  readonly #restaurantId: string;
  #claimed: { poolId: string; code: string } | undefined;
  #hasWaited = false;

  constructor(deps: Dependencies, restaurantId: string) {
    this.#deps = deps;
    this.#restaurantId = restaurantId;
  }

  /**
   * A code from memory, if orders of this type get one. Asks no database.
   * @throws NoPickupCode before `wait` was called.
   */
  of(setting: PickupSetting | null, orderType: string): string | null {
    if (!setting?.orderTypes.includes(orderType)) return null;
    if (this.#claimed?.poolId === setting.poolId) return this.#claimed.code;
    const shelf = this.#deps.shelves.known(this.#restaurantId, setting.poolId);
    const popped = shelf && this.#deps.shelves.pop(shelf);
    if (popped) {
      popped.lease.untold += 1;
      this.#deps.metrics.claimed('pickup', 'memory', 1);
      this.#claimed = { poolId: setting.poolId, code: popped.code };
      return popped.code;
    }
    if (!this.#hasWaited) throw new NoPickupCode(setting.poolId);
    return null;
  }

  /** Fetches codes of the pool into memory, outside of the order's transaction. */
  async wait({ poolId }: NoPickupCode): Promise<void> {
    this.#hasWaited = true;
    let timer: NodeJS.Timeout | undefined;
    const timeIsUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, WAIT_MS);
    });
    await Promise.race([this.#fetch(poolId).catch(() => undefined), timeIsUp]);
    clearTimeout(timer);
  }

  async #fetch(poolId: string): Promise<void> {
    const { shelves } = this.#deps;
    const shelf = await shelves.open(this.#restaurantId, poolId);
    await shelves.ensure(shelf, 1);
    if (shelf.count === 0) shelves.emptyError(shelf);
  }
}

/** Pick-up codes for orders. */
export class PickupCodes {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  forOrder(restaurantId: string): PickupClaim {
    return new PickupClaim(this.#deps, restaurantId);
  }
}
