/** Counts, waste, transfers and preparation of stock. InventoryService writes the ledger itself. */
import { query, type Tx } from '../config/database.js';
import type { StockItem } from '../domain/inventory/recipe.js';
import type { PostedLine } from '../domain/stock/stockTaking.js';
import { CountTable } from './stockTaking/CountTable.js';
import { StockReading } from './stockTaking/StockReading.js';

/** A place from which an item was taken. */
export interface Place {
  inventoryItemId: string;
  locationId: string;
}

/** An item with a negative quantity at a place. */
export interface ShortPlace {
  id: string;
  name: string;
  unit: string;
  /** Decimal text. */
  quantity: string;
}

/** A recipe that is prepared for stock. */
export interface MadeRecipe {
  id: string;
  name: string;
  yieldUnit: string;
  /** Inventory item that the recipe makes. */
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
// In id order, as every other lock of items.
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
// A sale needs the sum of all places, so an item's own place may be below zero. A quantity that is
// taken from a named place must be there.
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

  /** Items with their units, including deleted items. */
  async findItems(
    restaurantId: string,
    tx: Tx,
    ids: readonly string[],
  ): Promise<Map<string, StockItem & { isDeleted: boolean }>> {
    const rows = await tx.many(findItems, [restaurantId, ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * Names of a dish, of its variant and of all its variants; null if dish or variant does not
   * exist.
   */
  findDish(restaurantId: string, tx: Tx, menuItemId: string | undefined, variantId: string | undefined) {
    return tx.one(findDish, [restaurantId, menuItemId ?? null, variantId ?? null]);
  }

  findRecipe(restaurantId: string, tx: Tx, id: string): Promise<MadeRecipe | undefined> {
    return tx.maybeOne(findRecipe, [restaurantId, id]);
  }

  /** Ids of live locations. They cannot be deleted until the transaction ends. */
  async keepLocations(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.many(keepLocations, [restaurantId, ids]);
    return new Set(rows.map((row) => row.id));
  }

  /**
   * Locks items.
   * @returns average cost per unit by item, which stays until the transaction ends.
   */
  async lockCosts(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.many(lockCosts, [restaurantId, ids]);
    return new Map(rows.map((row) => [row.id, row.averageCost]));
  }

  /** Movements of a source. */
  postedBy(restaurantId: string, tx: Tx, sourceId: string): Promise<PostedLine[]> {
    return tx.many(postedBy, [restaurantId, sourceId]);
  }

  /** Those of the places that must not be below zero but are. The caller has locked the items. */
  shortPlaces(restaurantId: string, tx: Tx, places: readonly Place[]): Promise<ShortPlace[]> {
    return tx.many(shortPlaces, [restaurantId, JSON.stringify(places)]);
  }
}
