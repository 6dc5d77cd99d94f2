import { query, type Tx } from '../../config/database.js';

export interface PoolTask {
  restaurantId: string;
  poolId: string | null;
  /** `seen`: nothing to do; names the last restaurant that was looked at. */
  task: 'refill' | 'expire' | 'forget' | 'seen';
}

const toTend = query<PoolTask>(
  'codePool.listToTend',
  `select seen_restaurant_id as "restaurantId", seen_pool_id as "poolId", task
   from code_pools_to_tend($1, $2, $3)`,
);

/** Background work of all restaurants. */
export class PoolWork {
  /**
   * Tasks of up to `most` restaurants behind an id. The last row is `seen`; none: all were looked
   * at.
   */
  tasks(tx: Tx, at: Date, behind: string | undefined, most: number): Promise<PoolTask[]> {
    return tx.many(toTend, [at, behind ?? null, most]);
  }
}
