/** Which restaurants are at work, across all tenants: only for the start of a process. */
import { withClient } from './database.js';

const TIME_LIMIT_MS = 1_000;

/**
 * Ids of the restaurants with the newest orders, the newest first. One look into the key of the orders for each restaurant: ids
 * are UUIDv7, so the last one is the newest.
 * @param ownerUrl an owner that row-level security binds (it is no superuser) sees none.
 * @throws whatever pg throws, within some seconds.
 */
export function restaurantsByNewestOrder(ownerUrl: string, limit: number): Promise<string[]> {
  const text = `select r.id
    from restaurants r
    cross join lateral (
      select o.id
      from orders o
      where o.restaurant_id = r.id
      order by o.id desc
      limit 1
    ) newest
    order by newest.id desc
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
