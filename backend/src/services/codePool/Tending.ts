/** Background work on the pools of all restaurants. */
import { NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { PoolTask } from '../../repositories/codePool/PoolWork.js';
import type { Clock } from '../../utils/clock.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Codes } from './Codes.js';
import type { Exports } from './Exports.js';
import type { Refill } from './Refill.js';

/** Restaurants that one statement looks at. Each needs three index look-ups. */
const MOST_RESTAURANTS = 500;
/** Claims of codes without value are kept for this long. */
const KEEP_NAMES_MS = 30 * 86_400_000;
const FORGET_AT_ONCE = 1_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  refill: Refill;
  codes: Codes;
  exports: Exports;
  clock: Clock;
  log: { warn(fields: object, message: string): void };
}

export class Tending {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Refills pools that are low, books expired codes, and forgets old exports and names.
   * @param isStopping asked between two steps.
   */
  async run(isStopping: () => boolean): Promise<void> {
    let behind: string | undefined;
    while (!isStopping()) {
      const from = behind;
      const tasks = await this.#deps.unitOfWork.read({ restaurantId: NO_RESTAURANT }, (tx) =>
        this.#deps.repository.work.tasks(tx, this.#deps.clock(), from, MOST_RESTAURANTS),
      );
      for (const task of tasks) {
        if (isStopping()) return;
        await this.#do(task, isStopping);
      }
      behind = tasks.at(-1)?.restaurantId;
      if (behind === undefined) return;
    }
  }

  /** One pool that fails must not keep the others from being refilled. */
  async #do({ restaurantId, poolId, task }: PoolTask, isStopping: () => boolean): Promise<void> {
    const { refill, codes, exports, log } = this.#deps;
    try {
      if (task === 'refill' && poolId !== null) {
        await refill.run(restaurantId, poolId, isStopping);
        await this.#forgetNames(restaurantId, poolId);
      } else if (task === 'expire') await codes.expire(restaurantId, isStopping);
      else if (task === 'forget') await exports.forget(restaurantId);
    } catch (error) {
      log.warn({ err: error, restaurantId, poolId, task }, 'code pool not tended, will try again');
    }
  }

  /** Names that were claimed with a key: their records are of no use after weeks. */
  async #forgetNames(restaurantId: string, poolId: string): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    const before = firstIdOf(clock().getTime() - KEEP_NAMES_MS);
    await unitOfWork.step(systemCall(restaurantId, 'code-pools'), async (tx) => {
      const pool = await repository.pools.find(restaurantId, tx, poolId);
      if (pool?.kind === 'pickup') await repository.claims.forget(restaurantId, tx, poolId, before, FORGET_AT_ONCE);
    });
  }
}

/** The lowest id (UUIDv7) of a millisecond. */
function firstIdOf(ms: number): string {
  const time = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
