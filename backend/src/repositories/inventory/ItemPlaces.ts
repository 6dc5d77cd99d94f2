/** Places of items: their own location and other locations. */
import { query, type Tx } from '../../config/database.js';
import { type Micros, parseQuantity } from '../../domain/number/quantity.js';
import type { Posting } from './StockLedger.js';

const isLocationUsed = query<{ used: boolean }>(
  'itemPlaces.isLocationUsed',
  `select exists (
     select 1 from inventory_items where restaurant_id = $1 and location_id = $2 and deleted_at is null
     union all
     select 1 from stock_levels l
     join inventory_items i on i.restaurant_id = $1 and i.id = l.inventory_item_id and i.deleted_at is null
     where l.restaurant_id = $1 and l.location_id = $2 and l.quantity <> 0) as used`,
);

// The quantity at an item's own location is the item's quantity minus the quantities at other
// locations. When another location becomes the item's own, this quantity must stay where it is.
const AT_HOME = `i.current_quantity - coalesce((
     select sum(l.quantity) from stock_levels l where l.restaurant_id = $1 and l.inventory_item_id = i.id), 0)`;
const quantityAtHome = query<{ quantity: string }>(
  'itemPlaces.readQuantityAtHome',
  `select trim_scale(${AT_HOME})::text as quantity from inventory_items i where i.restaurant_id = $1 and i.id = $2`,
);
const keepAtOldHome = query(
  'itemPlaces.keepAtOldHome',
  `insert into stock_levels (restaurant_id, inventory_item_id, location_id, quantity)
   select $1, i.id, $3::uuid, ${AT_HOME}
   from inventory_items i
   where i.restaurant_id = $1 and i.id = $2 and $3::uuid is not null`,
);
const forgetNewHome = query(
  'itemPlaces.forgetNewHome',
  'delete from stock_levels where restaurant_id = $1 and inventory_item_id = $2 and location_id = $3',
);

// A negative quantity at a place is the rest of a sale. While another place still has the item, the
// caller must take it from there.
const emptied = query<EmptiedPlace>(
  'itemPlaces.findEmptied',
  `with place as (
     select i.id, i.location_id, ${AT_HOME} as quantity
     from inventory_items i
     where i.restaurant_id = $1 and i.id in (select "inventoryItemId" from jsonb_to_recordset($2::jsonb) as t("inventoryItemId" uuid))
     union all
     select l.inventory_item_id, l.location_id, l.quantity
     from stock_levels l
     where l.restaurant_id = $1 and l.inventory_item_id in (
       select "inventoryItemId" from jsonb_to_recordset($2::jsonb) as t("inventoryItemId" uuid))
   )
   select distinct i.name, trim_scale(-p.quantity)::text || ' ' || i.unit as missing, e.elsewhere
   from jsonb_to_recordset($2::jsonb) as t("inventoryItemId" uuid, "locationId" uuid)
   join inventory_items i on i.restaurant_id = $1 and i.id = t."inventoryItemId"
   join place p on p.id = i.id and p.location_id is not distinct from coalesce(t."locationId", i.location_id) and p.quantity < 0
   cross join lateral (
     select string_agg(trim_scale(o.quantity)::text || ' ' || i.unit || ' at ' || coalesce(l.name, 'no place'), ', ' order by l.name) as elsewhere
     from place o
     left join stock_locations l on l.restaurant_id = $1 and l.id = o.location_id
     where o.id = i.id and o.quantity > 0
   ) e
   where e.elsewhere is not null
   order by i.name`,
);

// Locked until the item is stored there: a deletion of the location waits and then finds the item.
const keepLocations = query<{ id: string }>(
  'itemPlaces.keepLocations',
  `select id from stock_locations where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null order by id for key share`,
);

/** A place with a negative quantity of an item that other places still have, as text. */
export interface EmptiedPlace {
  name: string;
  /** Missing quantity with its unit. */
  missing: string;
  /** Quantities at other places. */
  elsewhere: string;
}

export class ItemPlaces {
  /**
   * Places of postings that are below zero while other places still have the item. The caller has
   * posted them and has locked the items.
   */
  emptied(restaurantId: string, tx: Tx, postings: readonly Posting[]): Promise<EmptiedPlace[]> {
    const places = postings.map(({ inventoryItemId, locationId }) => ({ inventoryItemId, locationId }));
    return tx.many(emptied, [restaurantId, JSON.stringify(places)]);
  }

  /** Quantity of an item at its own location, or at no location. */
  async quantityAtHome(restaurantId: string, tx: Tx, itemId: string): Promise<Micros> {
    return parseQuantity((await tx.one(quantityAtHome, [restaurantId, itemId])).quantity) ?? 0n;
  }

  /** Makes another location the item's own. No quantity moves. The caller has locked the item. */
  async moveHome(restaurantId: string, tx: Tx, itemId: string, from: string | null, to: string | null): Promise<void> {
    await tx.run(keepAtOldHome, [restaurantId, itemId, from]);
    await tx.run(forgetNewHome, [restaurantId, itemId, to]);
  }

  async isLocationUsed(restaurantId: string, tx: Tx, locationId: string): Promise<boolean> {
    return (await tx.one(isLocationUsed, [restaurantId, locationId])).used;
  }

  /** Ids of live locations. They cannot be deleted until the transaction ends. */
  async keepLocations(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.many(keepLocations, [restaurantId, ids]);
    return new Set(rows.map((row) => row.id));
  }
}
