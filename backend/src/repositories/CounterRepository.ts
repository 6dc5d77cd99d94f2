import { query, type Tx } from '../config/database.js';

/**
 * Reserves `$4` numbers of a series and returns the last one. The row stays locked until the
 * transaction ends. This keeps the series free of gaps, so it is always the last lock taken.
 */
const reserveNumbers = query<{ lastNumber: number }>(
  'counter.reserve',
  `insert into number_counters as c (restaurant_id, series, period, last_number)
   values ($1, $2, $3, $4)
   on conflict (restaurant_id, series, period) do update set last_number = c.last_number + excluded.last_number
   returning last_number as "lastNumber"`,
);

export class CounterRepository {
  /** @returns the first of `count` consecutive numbers. */
  async reserve(restaurantId: string, tx: Tx, series: string, period: string, count: number): Promise<number> {
    const row = await tx.one(reserveNumbers, [restaurantId, series, period, count]);
    return row.lastNumber - count + 1;
  }
}
