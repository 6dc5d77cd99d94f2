/** Which restaurants are at work, across all tenants: only for the start of a process. */
import { withClient } from './database.js';

const TIME_LIMIT_MS = 1_000;

/**
 * Ids of the restaurants with the newest orders, the newest first. One look into the key of the orders for each restaurant: ids
 * are UUIDv7, so the last one is the newest.
 * @param ownerUrl of the database's owner, whether or not row-level security binds it.
 * @throws whatever pg throws, within some seconds.
 */
export function restaurantsByNewestOrder(ownerUrl: string, limit: number): Promise<string[]> {
  const text = `select restaurant_id as id
    from newest_orders()
    order by order_id desc
    limit $1`;
  return withClient(
    ownerUrl,
    async (client) => {
      await client.query(`set statement_timeout = ${TIME_LIMIT_MS}`);
      const { rows } = await client.query<{ id: string }>(text, [limit]);
      return rows.map(({ id }) => id);
    },
    TIME_LIMIT_MS,
  );
}
