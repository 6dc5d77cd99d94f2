/** Where items stand: at their own location, and what of them elsewhere. */
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

// What stands at an item's own location is its quantity less what stands elsewhere: it stays where it is when another
// location becomes the item's own.
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

// Less than nothing at a place is the rest of what was sold; while more of the item stands at another, it is that which is taken from.
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

// Kept until something stands there: whoever deletes a location meanwhile waits, and then finds that.
const keepLocations = query<{ id: string }>(
  'itemPlaces.keepLocations',
  `select id from stock_locations where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null order by id for key share`,
);

/** A place with less than nothing of an item of which something stands elsewhere, in words. */
export interface EmptiedPlace {
  name: string;
  /** How much less than nothing, with its unit. */
  missing: string;
  /** How much stands where. */
  elsewhere: string;
}

export class ItemPlaces {
  /** Those of the places of postings that would have been emptied below zero while the item stands elsewhere. The caller has locked the items. */
  emptied(restaurantId: string, tx: Tx, postings: readonly Posting[]): Promise<EmptiedPlace[]> {
    const places = postings.map(({ inventoryItemId, locationId }) => ({ inventoryItemId, locationId }));
    return tx.many(emptied, [restaurantId, JSON.stringify(places)]);
  }

  /** What of an item stands at its own location, or at none. */
  async quantityAtHome(restaurantId: string, tx: Tx, itemId: string): Promise<Micros> {
    return parseQuantity((await tx.one(quantityAtHome, [restaurantId, itemId])).quantity) ?? 0n;
  }

  /** Makes another location an item's own; what stands where stays there. The caller has locked the item. */
  async moveHome(restaurantId: string, tx: Tx, itemId: string, from: string | null, to: string | null): Promise<void> {
    await tx.run(keepAtOldHome, [restaurantId, itemId, from]);
    await tx.run(forgetNewHome, [restaurantId, itemId, to]);
  }

  async isLocationUsed(restaurantId: string, tx: Tx, locationId: string): Promise<boolean> {
    return (await tx.one(isLocationUsed, [restaurantId, locationId])).used;
  }

  /** Those of the ids that belong to live locations, which stay until the transaction ends. */
  async keepLocations(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.many(keepLocations, [restaurantId, ids]);
    return new Set(rows.map((row) => row.id));
  }
}
