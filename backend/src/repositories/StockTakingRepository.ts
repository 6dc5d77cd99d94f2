/** What is counted, thrown away, moved and made in the store room. The ledger itself is InventoryService's. */
import { query, type Tx } from '../config/database.js';
import type { StockItem } from '../domain/inventory/recipe.js';
import type { PostedLine } from '../domain/stock/stockTaking.js';
import { CountTable } from './stockTaking/CountTable.js';
import { StockReading } from './stockTaking/StockReading.js';

/** A place from which something was taken. */
export interface Place {
  inventoryItemId: string;
  locationId: string;
}

/** An item of which less than nothing stands at a place. Decimal text. */
export interface ShortPlace {
  id: string;
  name: string;
  unit: string;
  quantity: string;
}

/** A recipe as something that is made. */
export interface MadeRecipe {
  id: string;
  name: string;
  yieldUnit: string;
  /** What it is kept in stock as. */
  outputItemId: string | null;
}

const findItems = query<StockItem & { isDeleted: boolean }>(
  'stockTaking.findItems',
  `select id, name, unit, units, deleted_at is not null as "isDeleted"
   from inventory_items
   where restaurant_id = $1 and id = any ($2::uuid[])`,
);
const findDish = query<{ menuItem: string | null; variant: string | null; sizes: string[] }>(
  'stockTaking.findDish',
  `select
     (select name from menu_items where restaurant_id = $1 and id = $2 and deleted_at is null) as "menuItem",
     (select name from menu_item_variants where restaurant_id = $1 and id = $3 and menu_item_id = $2 and deleted_at is null) as variant,
     array(select name from menu_item_variants where restaurant_id = $1 and menu_item_id = $2 and deleted_at is null order by position, id) as sizes`,
);
const findRecipe = query<MadeRecipe>(
  'stockTaking.findRecipe',
  `select id, name, yield_unit as "yieldUnit", output_item_id as "outputItemId"
   from recipes
   where restaurant_id = $1 and id = $2 and deleted_at is null`,
);
const keepLocations = query<{ id: string }>(
  'stockTaking.keepLocations',
  `select id from stock_locations where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null order by id for key share`,
);
// In the order in which everybody locks items.
const lockCosts = query<{ id: string; averageCost: string }>(
  'stockTaking.lockCosts',
  `select id, trim_scale(average_cost)::text as "averageCost"
   from inventory_items
   where restaurant_id = $1 and id = any ($2::uuid[])
   order by id
   for no key update`,
);
const postedBy = query<PostedLine>(
  'stockTaking.listPosted',
  `select i.id as "inventoryItemId", i.name, i.unit, trim_scale(m.quantity)::text as quantity,
     trim_scale(m.unit_cost)::text as "unitCost", m.location_id as "locationId"
   from stock_movements m
   join inventory_items i on i.restaurant_id = $1 and i.id = m.inventory_item_id
   where m.restaurant_id = $1 and m.source_id = $2
   order by i.name, i.id, m.quantity`,
);
// A sale needs the sum of all places, so an item's own place may be below zero; what is taken from a named place must be there.
const shortPlaces = query<ShortPlace>(
  'stockTaking.listShortPlaces',
  `select i.id, i.name, i.unit, trim_scale(s.quantity)::text as quantity
   from jsonb_to_recordset($2::jsonb) as p("inventoryItemId" uuid, "locationId" uuid)
   join inventory_items i on i.restaurant_id = $1 and i.id = p."inventoryItemId" and i.policy <> 'allow_negative'
   cross join lateral (
     select case
       when i.location_id = p."locationId" then i.current_quantity - coalesce(sum(l.quantity), 0)
       else coalesce(sum(l.quantity) filter (where l.location_id = p."locationId"), 0)
     end as quantity
     from stock_levels l
     where l.restaurant_id = $1 and l.inventory_item_id = i.id
   ) s
   where s.quantity < 0
   order by i.id`,
);

export class StockTakingRepository {
  readonly reading = new StockReading();
  readonly counts = new CountTable();

  /** Items with their units, deleted ones too. */
  async findItems(
    restaurantId: string,
    tx: Tx,
    ids: readonly string[],
  ): Promise<Map<string, StockItem & { isDeleted: boolean }>> {
    const rows = await tx.many(findItems, [restaurantId, ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Names of a dish and of its variant, null for what does not exist, and of all the sizes in which it is sold. */
  findDish(restaurantId: string, tx: Tx, menuItemId: string | undefined, variantId: string | undefined) {
    return tx.one(findDish, [restaurantId, menuItemId ?? null, variantId ?? null]);
  }

  findRecipe(restaurantId: string, tx: Tx, id: string): Promise<MadeRecipe | undefined> {
    return tx.maybeOne(findRecipe, [restaurantId, id]);
  }

  /** Those of the ids that belong to live locations, which stay until the transaction ends. */
  async keepLocations(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.many(keepLocations, [restaurantId, ids]);
    return new Set(rows.map((row) => row.id));
  }

  /** Locks items, and answers what a unit of each costs until the transaction ends. */
  async lockCosts(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.many(lockCosts, [restaurantId, ids]);
    return new Map(rows.map((row) => [row.id, row.averageCost]));
  }

  /** What a source has moved. */
  postedBy(restaurantId: string, tx: Tx, sourceId: string): Promise<PostedLine[]> {
    return tx.many(postedBy, [restaurantId, sourceId]);
  }

  /** Of the places those that are below zero though they must not be. The caller has locked the items. */
  shortPlaces(restaurantId: string, tx: Tx, places: readonly Place[]): Promise<ShortPlace[]> {
    return tx.many(shortPlaces, [restaurantId, JSON.stringify(places)]);
  }
}
