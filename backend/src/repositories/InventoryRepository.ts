/** Inventory items, their recipes and their stock. */
import { query, type Tx } from '../config/database.js';
import type { InventoryItem, StockLocation, StockMovement } from '../domain/inventory/inventory.js';
import type { StockItem } from '../domain/inventory/recipe.js';
import type { StockPolicy } from '../domain/stock/stock.js';
import { RecipeTable } from './inventory/RecipeTable.js';
import { ItemPlaces } from './inventory/ItemPlaces.js';
import { OpeningStock } from './inventory/OpeningStock.js';
import { CostLedger } from './inventory/CostLedger.js';
import { StockLedger } from './inventory/StockLedger.js';
import { UntakenSales } from './inventory/UntakenSales.js';
import { type ListPage, NEWEST } from './editableTable.js';
import { PlainTable } from './plainTable.js';

export interface StockedItem extends StockItem {
  policy: StockPolicy;
}

/** Quantity and average cost as decimal text. */
export interface ItemStock {
  id: string;
  name: string;
  unit: string;
  policy: StockPolicy;
  quantity: string;
  averageCost: string;
}

/** Last item of a page of low items. */
export interface LowPosition {
  quantity: string;
  id: string;
}

interface MenuTargets {
  menuItemId: string | null;
  variantId: string | null;
  modifierId: string | null;
}

// Compatible with the row locks of statements that add events, so recipes can be edited while
// orders are taken.
const lockRecipes = query('inventory.lockRecipes', 'select 1 from restaurants where id = $1 for no key update');

const stockedItems = query<StockedItem>(
  'inventory.listStockedItems',
  `select id, name, unit, units, policy from inventory_items where restaurant_id = $1 and deleted_at is null`,
);

const findTargets = query<{ menuItem: string | null; variant: string | null; modifier: string | null }>(
  'inventory.findTargets',
  `select
     (select name from menu_items where restaurant_id = $1 and id = $2 and deleted_at is null) as "menuItem",
     (select name from menu_item_variants where restaurant_id = $1 and id = $3 and menu_item_id = $2 and deleted_at is null) as variant,
     (select name from modifiers where restaurant_id = $1 and id = $4 and deleted_at is null) as modifier`,
);

const isUsed = query<{ used: boolean }>(
  'inventory.isUsed',
  `select exists (
     select 1 from recipe_lines l
     join recipes r on r.restaurant_id = l.restaurant_id and r.id = l.recipe_id and r.deleted_at is null
     where l.restaurant_id = $1 and l.inventory_item_id = $2
     union all
     select 1 from recipes where restaurant_id = $1 and output_item_id = $2 and deleted_at is null
     union all
     select 1 from purchase_order_lines l
     join purchase_orders o on o.restaurant_id = l.restaurant_id and o.id = l.purchase_order_id
       and o.status in ('draft', 'sent', 'partly_received')
     where l.restaurant_id = $1 and l.inventory_item_id = $2) as used`,
);

const unitsOnOrder = query<{ unit: string; order: string }>(
  'inventory.listUnitsOnOrder',
  `select distinct l.unit, coalesce(o.number, 'a draft to ' || s.name) as "order"
   from purchase_order_lines l
   join purchase_orders o on o.restaurant_id = l.restaurant_id and o.id = l.purchase_order_id
     and o.status in ('draft', 'sent', 'partly_received')
   join suppliers s on s.restaurant_id = o.restaurant_id and s.id = o.supplier_id
   where l.restaurant_id = $1 and l.inventory_item_id = $2
   order by "order", l.unit`,
);

const isComponent = query<{ used: boolean }>(
  'inventory.isComponent',
  `select exists (
     select 1 from recipe_lines l
     join recipes r on r.restaurant_id = l.restaurant_id and r.id = l.recipe_id and r.deleted_at is null
     where l.restaurant_id = $1 and l.component_recipe_id = $2) as used`,
);

const hasMovements = query<{ has: boolean }>(
  'inventory.hasMovements',
  'select exists (select 1 from stock_movements where restaurant_id = $1 and inventory_item_id = $2) as has',
);

const findStock = query<ItemStock>(
  'inventory.findStock',
  `select id, name, unit, policy, trim_scale(current_quantity)::text as quantity, trim_scale(average_cost)::text as "averageCost"
   from inventory_items where restaurant_id = $1 and id = any ($2::uuid[])`,
);

// In id order, as every posting locks them.
const lockStock = query<ItemStock>('inventory.lockStock', `${findStock.text} order by id for no key update`);

const itemTable = new PlainTable<InventoryItem>({
  noun: 'inventoryItem',
  table: 'inventory_items',
  columns: {
    name: 'name',
    unit: 'unit',
    units: { column: 'units', write: 'json' },
    policy: 'policy',
    locationId: 'location_id',
    reorderPoint: { column: 'reorder_point', read: 'trim_scale(reorder_point)::text' },
    parLevel: { column: 'par_level', read: 'trim_scale(par_level)::text' },
    currentQuantity: { column: 'current_quantity', read: 'trim_scale(current_quantity)::text', isReadOnly: true },
    averageCost: { column: 'average_cost', read: 'trim_scale(average_cost)::text' },
  },
  nameKey: 'inventory_items_name_key',
  lock: 'no key update',
});
const MOVEMENTS = `select id, inventory_item_id as "inventoryItemId", kind, trim_scale(quantity)::text as quantity,
    trim_scale(unit_cost)::text as "unitCost", location_id as "locationId",
    jsonb_build_object('kind', source_kind, 'id', source_id, 'version', source_version) as source, reason,
    business_date as "businessDate", occurred_at as "occurredAt", created_by as "createdBy", created_at as "createdAt"
   from stock_movements
   where restaurant_id = $1`;

// In the order of the partial index that contains only low items.
const listLow = query<InventoryItem>(
  'inventory.listLow',
  `${itemTable.selection}
   where restaurant_id = $1 and deleted_at is null and current_quantity < reorder_point
     and ($2::numeric is null or (current_quantity, id) > ($2::numeric, $3::uuid))
   order by current_quantity, id
   limit $4`,
);

const listMovements = query<StockMovement>(
  'inventory.listMovements',
  `${MOVEMENTS} and id < $2
   order by id desc
   limit $3`,
);
const movementOf = query<StockMovement>('inventory.findMovement', `${MOVEMENTS} and source_id = $2`);
// Reads along the item's index, which is ordered by time. The order of ids is the same, except for
// movements that were posted later for an earlier time.
const listMovementsOfItem = query<StockMovement>(
  'inventory.listMovementsOfItem',
  `${MOVEMENTS} and inventory_item_id = $4
     and ($2::uuid is null or (occurred_at, id) < (
       select occurred_at, id from stock_movements where restaurant_id = $1 and id = $2))
   order by occurred_at desc, id desc
   limit $3`,
);

// Dishes are locked before quantities are read, so that a later caller always sees at least the
// state that an earlier caller saw.
const lockDishes = query<{ id: string; isOutOfStock: boolean }>(
  'inventory.lockDishes',
  `select id, is_out_of_stock as "isOutOfStock" from menu_items
   where restaurant_id = $1 and (id = any ($2::uuid[]) or is_out_of_stock) and deleted_at is null
   order by id
   for no key update`,
);

const variantsOf = query<{ menuItemId: string; variantIds: string[] }>(
  'inventory.listVariants',
  `select menu_item_id as "menuItemId", array_agg(id) as "variantIds"
   from menu_item_variants
   where restaurant_id = $1 and menu_item_id = any ($2::uuid[]) and deleted_at is null
   group by menu_item_id`,
);

const setOutOfStock = query(
  'inventory.setOutOfStock',
  `update menu_items set is_out_of_stock = not is_out_of_stock where restaurant_id = $1 and id = any ($2::uuid[])`,
);

export class InventoryRepository {
  readonly locations = new PlainTable<StockLocation>({
    noun: 'stockLocation',
    table: 'stock_locations',
    columns: { name: 'name' },
    nameKey: 'stock_locations_name_key',
  });
  readonly items = itemTable;
  readonly recipes = new RecipeTable();
  readonly ledger = new StockLedger();
  readonly costs = new CostLedger();
  readonly untaken = new UntakenSales();
  readonly openings = new OpeningStock();
  readonly places = new ItemPlaces();

  /** Keeps other callers from editing recipes and units until the transaction ends. */
  async lockRecipes(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockRecipes, [restaurantId]);
  }

  stockedItems(restaurantId: string, tx: Tx): Promise<StockedItem[]> {
    return tx.many(stockedItems, [restaurantId]);
  }

  /** Names of a recipe's targets; null for a target that does not exist. */
  findTargets(restaurantId: string, tx: Tx, { menuItemId, variantId, modifierId }: MenuTargets) {
    return tx.one(findTargets, [restaurantId, menuItemId, variantId, modifierId]);
  }

  /**
   * Whether a live recipe uses or makes the item, or a draft or open purchase order contains it.
   */
  async isUsed(restaurantId: string, tx: Tx, itemId: string): Promise<boolean> {
    return (await tx.one(isUsed, [restaurantId, itemId])).used;
  }

  /** Units in which drafts and open purchase orders contain an item, each with the order's name. */
  unitsOnOrder(restaurantId: string, tx: Tx, itemId: string): Promise<{ unit: string; order: string }[]> {
    return tx.many(unitsOnOrder, [restaurantId, itemId]);
  }

  /** Whether a live recipe uses the recipe as a component. */
  async isComponent(restaurantId: string, tx: Tx, recipeId: string): Promise<boolean> {
    return (await tx.one(isComponent, [restaurantId, recipeId])).used;
  }

  async hasMovements(restaurantId: string, tx: Tx, itemId: string): Promise<boolean> {
    return (await tx.one(hasMovements, [restaurantId, itemId])).has;
  }

  /** Current stock of the items. */
  findStock(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<ItemStock[]> {
    return tx.many(findStock, [restaurantId, itemIds]);
  }

  /** As `findStock`, and locks the items until the transaction ends. */
  lockStock(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<ItemStock[]> {
    return tx.many(lockStock, [restaurantId, itemIds]);
  }

  /** Items below their reorder point, smallest quantity first, up to `limit + 1`. */
  low(restaurantId: string, tx: Tx, limit: number, after: LowPosition | undefined): Promise<InventoryItem[]> {
    return tx.many(listLow, [restaurantId, after?.quantity ?? null, after?.id ?? null, limit + 1]);
  }

  /** The only movement of a source. */
  movementOf(restaurantId: string, tx: Tx, sourceId: string): Promise<StockMovement> {
    return tx.one(movementOf, [restaurantId, sourceId]);
  }

  /** Newest first, up to `limit + 1`. @param itemId absent: movements of all items. */
  movements(restaurantId: string, tx: Tx, page: ListPage, itemId: string | undefined): Promise<StockMovement[]> {
    const { after, limit } = page;
    if (itemId === undefined) return tx.many(listMovements, [restaurantId, after ?? NEWEST, limit + 1]);
    return tx.many(listMovementsOfItem, [restaurantId, after ?? null, limit + 1, itemId]);
  }

  /** Locks the given dishes and all dishes that are marked as out of stock. */
  lockDishes(
    restaurantId: string,
    tx: Tx,
    menuItemIds: readonly string[],
  ): Promise<{ id: string; isOutOfStock: boolean }[]> {
    return tx.many(lockDishes, [restaurantId, menuItemIds]);
  }

  /** Live variants by dish. Dishes without variants are not in the map. */
  async variantsOf(restaurantId: string, tx: Tx, menuItemIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await tx.many(variantsOf, [restaurantId, menuItemIds]);
    return new Map(rows.map((row) => [row.menuItemId, row.variantIds]));
  }

  /** Inverts the out-of-stock mark of dishes. The caller has locked them. */
  async toggleOutOfStock(restaurantId: string, tx: Tx, menuItemIds: readonly string[]): Promise<void> {
    await tx.run(setOutOfStock, [restaurantId, menuItemIds]);
  }
}
