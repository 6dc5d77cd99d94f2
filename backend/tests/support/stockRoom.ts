/** A restaurant with a store room, for tests of stock. */
import { expectStatus, type Json, type TestApi } from './api.js';

export class StockRoom {
  readonly api: TestApi;
  readonly token: string;

  private constructor(api: TestApi, token: string) {
    this.api = api;
    this.token = token;
  }

  static async open(api: TestApi): Promise<StockRoom> {
    return new StockRoom(api, (await api.restaurant()).token);
  }

  async post(path: string, body: Json = {}, status = 201): Promise<Json> {
    return expectStatus(status, await this.api.post(path, body, { token: this.token }));
  }

  async get(path: string): Promise<Json> {
    return expectStatus(200, await this.api.get(path, { token: this.token }));
  }

  item(fields: Json): Promise<Json> {
    return this.post('/v1/inventory-items', { unit: 'kg', ...fields });
  }

  location(name: string): Promise<Json> {
    return this.post('/v1/stock-locations', { name });
  }

  /** A dish that takes so much of an item. */
  async dish(inventoryItemId: string, quantity: string): Promise<Json> {
    const dish = await this.api.item(this.token);
    await this.post('/v1/recipes', { menuItemId: dish.id, lines: [{ inventoryItemId, quantity }] });
    return dish;
  }

  async quantityOf(itemId: string): Promise<string> {
    return (await this.get(`/v1/inventory-items/${itemId}`)).currentQuantity;
  }

  /** What stands where, by the id of the location; `none` is no place in particular. */
  async placesOf(itemId: string, query = ''): Promise<Record<string, string>> {
    const { data } = await this.get(`/v1/stock?limit=100${query}`);
    const found = data.find((one: Json) => one.inventoryItemId === itemId);
    return Object.fromEntries((found?.locations ?? []).map((one: Json) => [one.locationId ?? 'none', one.quantity]));
  }

  async faults(): Promise<Json[]> {
    return (await this.get('/v1/stock/audit')).faults;
  }
}
