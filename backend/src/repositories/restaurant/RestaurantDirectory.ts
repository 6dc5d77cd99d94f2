/** Restaurants of all tenants, read as the database owner. For starts and commands. */
import { withClient } from '../../config/database.js';

const TIME_LIMIT_MS = 1_000;
const MOST_LISTED = 1_000;

export interface KnownRestaurant {
  id: string;
  name: string;
}

export class RestaurantDirectory {
  readonly #ownerUrl: string;

  /** @param ownerUrl login of the database owner, whether or not row-level security binds it. */
  constructor(ownerUrl: string) {
    this.#ownerUrl = ownerUrl;
  }

  /** The oldest thousand restaurants, oldest first. Demos are left out. */
  list(): Promise<KnownRestaurant[]> {
    return withClient(this.#ownerUrl, async (client) => {
      const { rows } = await client.query<KnownRestaurant>(
        `select id, name
         from restaurants
         where demo_expires_at is null
         order by created_at, id
         limit $1`,
        [MOST_LISTED],
      );
      return rows;
    });
  }

  /**
   * Ids of the restaurants with the newest orders, newest first. Each restaurant costs one look-up
   * in the primary key of the orders: ids are UUIDv7, so the last id is the newest.
   * @throws the error of PostgreSQL or of the connection, within a few seconds.
   */
  byNewestOrder(limit: number): Promise<string[]> {
    return withClient(
      this.#ownerUrl,
      async (client) => {
        await client.query(`set statement_timeout = ${TIME_LIMIT_MS}`);
        const { rows } = await client.query<{ id: string }>(
          `select restaurant_id as id
           from newest_orders()
           order by order_id desc
           limit $1`,
          [limit],
        );
        return rows.map(({ id }) => id);
      },
      TIME_LIMIT_MS,
    );
  }
}
