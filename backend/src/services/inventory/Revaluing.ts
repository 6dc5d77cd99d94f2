/** Costs of stock that change after it came. Quantities stay. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import type { Micros } from '../../domain/number/quantity.js';
import {
  type CostChange,
  type HeldStock,
  type Revalued,
  revalued,
  withoutRevaluation,
} from '../../domain/stock/revaluation.js';
import type { InventoryRepository } from '../../repositories/InventoryRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { Cause } from './editables.js';

/** Of an item with more movements since, nothing of the old stock can be left. */
const MOST_MOVEMENTS = 20_000;

interface Dependencies {
  repository: InventoryRepository;
  restaurants: RestaurantService;
  clock: Clock;
}

export interface RevaluedStock extends Revalued {
  before: HeldStock;
}

/** A revaluation that ends. */
export interface PastRevaluation {
  before: HeldStock;
  average: Micros;
}

export class Revaluing {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Changes the costs of goods by item, as far as they are in stock. Deleted items are left out.
   */
  async change(
    call: Call,
    tx: Tx,
    cause: Cause & { reason: string },
    changes: ReadonlyMap<string, CostChange>,
  ): Promise<Map<string, RevaluedStock>> {
    const stock = await this.#deps.repository.costs.lock(call.restaurantId, tx, [...changes.keys()]);
    const results = new Map<string, RevaluedStock>();
    for (const [id, change] of changes) {
      const before = stock.get(id);
      if (before) results.set(id, { before, ...revalued(before, change) });
    }
    await this.#store(call, tx, cause, new Map(Array.from(results, ([id, { average }]) => [id, average])));
    return results;
  }

  /**
   * Takes back what `change` has done, as if it had never been: goods that have left since took
   * their part with them.
   * @param of the version of the cause whose changes end.
   */
  async undo(
    call: Call,
    tx: Tx,
    cause: Cause & { reason: string; of: number },
    past: ReadonlyMap<string, PastRevaluation>,
  ): Promise<void> {
    const { costs } = this.#deps.repository;
    const stock = await costs.lock(call.restaurantId, tx, [...past.keys()]);
    const averages = new Map<string, Micros>();
    for (const [id, { before, average }] of past) {
      const now = stock.get(id);
      if (!now) continue;
      const source = { id: cause.id, version: cause.of };
      const since = await costs.movedSince(call.restaurantId, tx, id, source, MOST_MOVEMENTS);
      const isGone = since.length === MOST_MOVEMENTS && now.average !== average;
      averages.set(id, isGone ? now.average : withoutRevaluation(now, before, average, since));
    }
    await this.#store(call, tx, cause, averages);
  }

  async #store(
    call: Call,
    tx: Tx,
    cause: Cause & { reason: string },
    averages: ReadonlyMap<string, Micros>,
  ): Promise<void> {
    const { repository, restaurants, clock } = this.#deps;
    if (averages.size === 0) return;
    const { timezone, businessDayCutoffHour } = await restaurants.settings(tx, call.restaurantId);
    const occurredAt = clock();
    const source = {
      kind: cause.kind,
      id: cause.id,
      version: cause.version ?? 1,
      businessDate: businessDate(occurredAt, timezone, businessDayCutoffHour),
      occurredAt,
    };
    const by = { reason: cause.reason, createdBy: `${call.actor.kind}:${call.actor.id}` };
    await repository.costs.revalue(call.restaurantId, tx, source, averages, by);
  }
}
