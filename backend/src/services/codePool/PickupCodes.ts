import type { PickupSetting } from '../../domain/restaurant/restaurant.js';
import type { CodeMetrics } from './codeMetrics.js';
import type { Shelf } from './Shelf.js';
import type { Shelves } from './Shelves.js';

/** An order waits this long for a code of its own; then it goes without one. */
const WAIT_MS = 2_000;

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
    const code = shelf && this.#take(shelf);
    if (code !== undefined) return code;
    if (!this.#hasWaited) throw new NoPickupCode(setting.poolId);
    return null;
  }

  /**
   * Claims a code of the pool outside of the order's transaction, fetching a lease when memory has
   * none. It is claimed here, not later: more orders may wait for a lease than it has codes.
   */
  async wait({ poolId }: NoPickupCode): Promise<void> {
    this.#hasWaited = true;
    const timeIsUp = new AbortController();
    const timer = setTimeout(() => timeIsUp.abort(), WAIT_MS);
    const isOver = new Promise((resolve) => timeIsUp.signal.addEventListener('abort', resolve));
    await Promise.race([this.#fetch(poolId, timeIsUp.signal).catch(() => undefined), isOver]);
    clearTimeout(timer);
  }

  async #fetch(poolId: string, timeIsUp: AbortSignal): Promise<void> {
    const { shelves } = this.#deps;
    const shelf = await shelves.open(this.#restaurantId, poolId);
    while (!timeIsUp.aborted && this.#take(shelf) === undefined) {
      await shelves.ensure(shelf, 1);
      // No code though the pool is not empty: others were quicker.
      if (shelf.count > 0 || performance.now() >= shelf.emptyUntil) continue;
      shelves.emptyError(shelf);
      return;
    }
  }

  #take(shelf: Shelf): string | undefined {
    const popped = this.#deps.shelves.pop(shelf);
    if (!popped) return undefined;
    popped.lease.untold += 1;
    this.#deps.metrics.claimed('pickup', 'memory', 1);
    this.#claimed = { poolId: shelf.pool.id, code: popped.code };
    return popped.code;
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
