import type { Tx } from '../../../config/database.js';
import type { Call } from '../../../domain/shared/call.js';
import { nameKey } from '../../../domain/shared/names.js';
import { ALL, type StockDoor, type Takeover } from './takeoverRows.js';

/** Finds stock locations by name; creates a missing one on first use. */
export class Locations {
  readonly #make: (name: string) => Promise<string>;
  readonly #ids: Map<string, string>;

  private constructor(ids: Map<string, string>, make: (name: string) => Promise<string>) {
    this.#ids = ids;
    this.#make = make;
  }

  static async load(
    { repository, inventory }: StockDoor,
    call: Call,
    tx: Tx,
    { counts }: Takeover,
  ): Promise<Locations> {
    const { rows: stored } = await repository.locations.list(call.restaurantId, tx, { limit: ALL, after: undefined });
    return new Locations(new Map(stored.map(({ id, name }) => [nameKey(name), id])), async (name) => {
      counts.locationsCreated += 1;
      return (await inventory.locations.createWithin(call, tx, { name })).id;
    });
  }

  async idOf(name: string): Promise<string> {
    const key = nameKey(name);
    const id = this.#ids.get(key) ?? (await this.#make(name));
    this.#ids.set(key, id);
    return id;
  }
}
