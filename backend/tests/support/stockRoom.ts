/** A restaurant with a store room, for tests of stock. */
import { type Json, type TestApi } from './api.js';
import { Factories } from './factories.js';

export class StockRoom extends Factories {
  readonly api: TestApi;
  readonly token: string;

  private constructor(api: TestApi, token: string) {
    super(() => ({ api, token }));
    this.api = api;
    this.token = token;
  }

  static async open(api: TestApi): Promise<StockRoom> {
    return new StockRoom(api, (await api.restaurant()).token);
  }

  item(fields: Json): Promise<Json> {
    return this.ingredient(fields);
  }

  location(name: string): Promise<Json> {
    return this.post('/v1/stock-locations', { name });
  }

  /** A dish that takes so much of an item. */
  async dish(inventoryItemId: string, quantity: string): Promise<Json> {
    const dish = await this.api.item(this.token);
    await this.recipe({ menuItemId: dish.id, lines: [{ inventoryItemId, quantity }] });
    return dish;
  }

  /** Quantity at each location, by the id of the location; `none` is stock without a location. */
  async placesOf(itemId: string, query = ''): Promise<Record<string, string>> {
    const { data } = await this.get(`/v1/stock?limit=100${query}`);
    const found = data.find((one: Json) => one.inventoryItemId === itemId);
    return Object.fromEntries((found?.locations ?? []).map((one: Json) => [one.locationId ?? 'none', one.quantity]));
  }

  async faults(): Promise<Json[]> {
    return (await this.get('/v1/stock/audit')).faults;
  }
}
