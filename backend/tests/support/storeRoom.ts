/** A restaurant with a store room, for tests of what the reports on stock say. */
import { randomUUID } from 'node:crypto';
import { withClient } from '../../src/config/database.js';
import type { MovementKind } from '../../src/domain/stock/stock.js';
import { expectStatus, type Json, type TestApi } from './api.js';
import { Factories } from './factories.js';

/**
 * A movement that a test writes past the API, of kinds that come from counts, transfers and
 * batches.
 */
export interface PostedMovement {
  kind: MovementKind;
  quantity: number;
  unitCost: number;
  at: string;
}

export const TIMEZONE = 'America/New_York';
/** The default of a restaurant. */
export const CUTOFF_HOUR = 4;

export class StoreRoom extends Factories {
  readonly restaurantId: string;
  /** A key, which outlives jumps of the clock. */
  readonly token: string;
  readonly #api: TestApi;

  private constructor(api: TestApi, restaurantId: string, token: string) {
    super(() => ({ api, token }));
    this.#api = api;
    this.restaurantId = restaurantId;
    this.token = token;
  }

  static async open(api: TestApi): Promise<StoreRoom> {
    const { id, token } = await api.restaurant({ timezone: TIMEZONE, currency: 'USD' });
    return new StoreRoom(api, id, await api.apiKey(token));
  }

  report(path: string): Promise<Json> {
    return this.get(`/v1/reports/${path}`);
  }

  /** A menu item with its recipe. */
  async dish(fields: Record<string, unknown>, lines: Json[]): Promise<Json> {
    const item = await this.#api.item(this.token, fields);
    await this.recipe({ menuItemId: item.id, lines });
    return item;
  }

  async order(lines: object[]): Promise<Json> {
    return this.#api.order(this.token, lines);
  }

  async remove(path: string, status = 200): Promise<void> {
    expectStatus(status, await this.#api.delete(path, undefined, { token: this.token }));
  }

  async postMovements(itemId: string, movements: readonly PostedMovement[]): Promise<void> {
    await withClient(this.#api.database.ownerUrl, async (owner) => {
      for (const { kind, quantity, unitCost, at } of movements)
        await owner.query(
          `insert into stock_movements (restaurant_id, id, inventory_item_id, kind, quantity, unit_cost, source_kind, source_id,
             source_version, business_date, occurred_at, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, 'test', $7, 1, '2026-01-01', $8, 'test', $8)`,
          [this.restaurantId, randomUUID(), itemId, kind, quantity, unitCost, randomUUID(), at],
        );
    });
  }
}
