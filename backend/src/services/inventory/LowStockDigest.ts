/**
 * Once a day, in the morning of each restaurant: one fact that lists its low items. Whoever sends
 * messages reads the fact; nothing is sent here.
 */
import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Attempt } from '../../domain/job/jobKinds.js';
import { NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import type { InventoryRepository } from '../../repositories/InventoryRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { JobService } from '../JobService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';

const MORNING_HOUR = 6;
const RESTAURANTS_AT_ONCE = 500;
/** The rest is counted. A longer list is no message. */
const MOST_LISTED = 50;
/** The hour is sent once, however often its job runs. */
const ONCE_SECONDS = 12 * 3_600;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: Pick<InventoryRepository, 'low'>;
  restaurants: Pick<RestaurantService, 'atHour'>;
  jobs: Pick<JobService, 'sendAll' | 'finish'>;
  clock: Clock;
}

export class LowStockDigest {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Sends a job to each restaurant whose morning it is. @param isStopping asked between two steps.
   */
  @Track('stockDigest.sendDue')
  async sendDue(isStopping: () => boolean): Promise<void> {
    const at = this.#deps.clock();
    let behind: string | undefined;
    do behind = await this.#sendSome(at, behind);
    while (behind !== undefined && !isStopping());
  }

  /** Records the low items of a restaurant, and completes the job, in one transaction. */
  @Track('stockDigest.record')
  record(attempt: Attempt, restaurantId: string): Promise<void> {
    const { unitOfWork, repository, jobs } = this.#deps;
    const call = systemCall(restaurantId, 'stock digest');
    return unitOfWork.run(call, async (tx) => {
      const low = await repository.low(restaurantId, tx, MOST_LISTED, undefined);
      const items = low.slice(0, MOST_LISTED).map(({ id, name, unit, currentQuantity, reorderPoint }) => {
        return { id, name, unit, currentQuantity, reorderPoint };
      });
      const data = { items, hasMore: low.length > MOST_LISTED };
      const fact = { type: 'stock.low_digest', subject: 'stock_digest', subjectId: attempt.id, data } as const;
      if (items.length > 0) await unitOfWork.record(tx, call, [fact]);
      await jobs.finish(tx, attempt, { items: items.length });
    });
  }

  #sendSome(at: Date, behind: string | undefined): Promise<string | undefined> {
    const { unitOfWork, restaurants } = this.#deps;
    return unitOfWork.run(systemCall(NO_RESTAURANT, 'stock digest'), async (tx: Tx) => {
      const ids = await restaurants.atHour(tx, MORNING_HOUR, at, { behind, most: RESTAURANTS_AT_ONCE });
      for (const restaurantId of ids)
        await this.#deps.jobs.sendAll(tx, 'stock.digest', [{ restaurantId }], {
          once: { key: restaurantId, seconds: ONCE_SECONDS },
        });
      return ids.length < RESTAURANTS_AT_ONCE ? undefined : ids.at(-1);
    });
  }
}
