/** Parts of the menu that are locked, read and changed by the hundred, in few statements. */
import { query, type Tx } from '../../config/database.js';
import type { Category, MenuItem, ModifierGroup } from '../../domain/menu/menu.js';
import { inOrderOf } from '../pageSize.js';
import { itemsOfPage } from './MenuItemTable.js';
import { groupsOfPage } from './ModifierGroupTable.js';

/** Things that a change names. */
export interface NamedItems {
  menuItemIds: readonly string[];
  categoryIds: readonly string[];
  variantIds: readonly string[];
}

export interface NamedGroups {
  modifierGroupIds: readonly string[];
  modifierIds: readonly string[];
}

// In id order, as `menu.takePortions` locks them.
const lockItems = query<{ id: string }>(
  'bulkMenu.lockItems',
  `select i.id
   from menu_items i
   where i.restaurant_id = $1 and i.deleted_at is null
     and (i.id = any ($2::uuid[]) or i.category_id = any ($3::uuid[]) or i.id = any (array(
       select v.menu_item_id from menu_item_variants v
       where v.restaurant_id = $1 and v.id = any ($4::uuid[]) and v.deleted_at is null)))
   order by i.id
   limit $5
   for update of i`,
);
const lockGroups = query<{ id: string }>(
  'bulkMenu.lockGroups',
  `select g.id
   from modifier_groups g
   where g.restaurant_id = $1 and g.deleted_at is null
     and (g.id = any ($2::uuid[]) or g.id = any (array(
       select m.modifier_group_id from modifiers m
       where m.restaurant_id = $1 and m.id = any ($3::uuid[]) and m.deleted_at is null)))
   order by g.id
   limit $4
   for update of g`,
);
const knownCategories = query<{ id: string }>(
  'bulkMenu.knownCategories',
  'select id from categories where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null',
);
const knownItems = query<{ id: string }>(
  'bulkMenu.knownItems',
  'select id from menu_items where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null',
);
// Edits of items hold a key share of their category, which does not wait for this lock.
const lockCategories = query<Category>(
  'bulkMenu.lockCategories',
  `select id, name, translations, position, schedules, version, created_at as "createdAt", updated_at as "updatedAt"
   from categories
   where restaurant_id = $1 and deleted_at is null
   order by id
   limit $2
   for no key update`,
);
const saveItems = query(
  'bulkMenu.saveItems',
  `update menu_items i
   set price = r.price, is_available = r."isAvailable", unavailable_until = r.until, remaining = r.remaining, position = r.position,
       version = r.version, updated_at = r."updatedAt"
   from jsonb_to_recordset($2::jsonb) as r(id uuid, price bigint, "isAvailable" boolean, until timestamptz, remaining int, position int,
     version int, "updatedAt" timestamptz)
   where i.restaurant_id = $1 and i.id = r.id`,
);
const saveVariants = query(
  'bulkMenu.saveVariants',
  `update menu_item_variants v
   set price = r.price, position = r.position
   from jsonb_to_recordset($2::jsonb) as r(id uuid, price bigint, position int)
   where v.restaurant_id = $1 and v.id = r.id and (v.price <> r.price or v.position <> r.position)`,
);
const saveLinks = query(
  'bulkMenu.saveLinks',
  `update menu_item_modifier_groups l
   set position = r.position
   from jsonb_to_recordset($2::jsonb) as r("menuItemId" uuid, "groupId" uuid, position int)
   where l.restaurant_id = $1 and l.menu_item_id = r."menuItemId" and l.modifier_group_id = r."groupId" and l.position <> r.position`,
);
const saveGroups = query(
  'bulkMenu.saveGroups',
  `update modifier_groups g
   set version = r.version, updated_at = r."updatedAt"
   from jsonb_to_recordset($2::jsonb) as r(id uuid, version int, "updatedAt" timestamptz)
   where g.restaurant_id = $1 and g.id = r.id`,
);
const saveModifiers = query(
  'bulkMenu.saveModifiers',
  `update modifiers m
   set price = r.price, is_available = r."isAvailable", position = r.position
   from jsonb_to_recordset($2::jsonb) as r(id uuid, price bigint, "isAvailable" boolean, position int)
   where m.restaurant_id = $1 and m.id = r.id
     and (m.price <> r.price or m.is_available <> r."isAvailable" or m.position <> r.position)`,
);
const saveCategories = query(
  'bulkMenu.saveCategories',
  `update categories c
   set position = r.position, version = r.version, updated_at = r."updatedAt"
   from jsonb_to_recordset($2::jsonb) as r(id uuid, position int, version int, "updatedAt" timestamptz)
   where c.restaurant_id = $1 and c.id = r.id`,
);

export class BulkMenu {
  /**
   * Locks the items that are named, by their own ids, their categories or their variants.
   * @returns them in the order of their ids, at most `most`.
   */
  async lockItems(restaurantId: string, tx: Tx, named: NamedItems, most: number): Promise<MenuItem[]> {
    const { menuItemIds, categoryIds, variantIds } = named;
    if (menuItemIds.length + categoryIds.length + variantIds.length === 0) return [];
    const locked = await tx.many(lockItems, [restaurantId, menuItemIds, categoryIds, variantIds, most]);
    // A second statement reads the rows, with variants as of now.
    const ids = locked.map(({ id }) => id);
    return inOrderOf(restaurantId, tx, ids, itemsOfPage);
  }

  /** The same for groups, named by their own ids or their modifiers. */
  async lockGroups(restaurantId: string, tx: Tx, named: NamedGroups, most: number): Promise<ModifierGroup[]> {
    const { modifierGroupIds, modifierIds } = named;
    if (modifierGroupIds.length + modifierIds.length === 0) return [];
    const locked = await tx.many(lockGroups, [restaurantId, modifierGroupIds, modifierIds, most]);
    const ids = locked.map(({ id }) => id);
    return inOrderOf(restaurantId, tx, ids, groupsOfPage);
  }

  /** Those of the categories that exist. */
  knownCategories(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<{ id: string }[]> {
    return tx.many(knownCategories, [restaurantId, ids]);
  }

  /** Those of the items that exist. */
  knownItems(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<{ id: string }[]> {
    return tx.many(knownItems, [restaurantId, ids]);
  }

  /** Locks all categories. @returns at most `most`. */
  lockCategories(restaurantId: string, tx: Tx, most: number): Promise<Category[]> {
    return tx.many(lockCategories, [restaurantId, most]);
  }

  /**
   * Stores prices, availability, and the order of items, of their variants and of their groups. The
   * caller has locked them.
   */
  async saveItems(restaurantId: string, tx: Tx, items: readonly MenuItem[]): Promise<void> {
    if (items.length === 0) return;
    const rows = items.map(({ id, price, isAvailable, availability, position, version, updatedAt }) => ({
      id,
      price,
      isAvailable,
      ...availability,
      position,
      version,
      updatedAt,
    }));
    const variants = items.flatMap((item) => item.variants.map(({ id, price }, position) => ({ id, price, position })));
    const links = items.flatMap(({ id, modifierGroupIds }) =>
      modifierGroupIds.map((groupId, index) => ({ menuItemId: id, groupId, position: index + 1 })),
    );
    await tx.run(saveItems, [restaurantId, JSON.stringify(rows)]);
    if (variants.length > 0) await tx.run(saveVariants, [restaurantId, JSON.stringify(variants)]);
    if (links.length > 0) await tx.run(saveLinks, [restaurantId, JSON.stringify(links)]);
  }

  /** Stores prices, availability and the order of modifiers. The caller has locked their groups. */
  async saveGroups(restaurantId: string, tx: Tx, groups: readonly ModifierGroup[]): Promise<void> {
    if (groups.length === 0) return;
    const rows = groups.map(({ id, version, updatedAt }) => ({ id, version, updatedAt }));
    const modifiers = groups.flatMap((group) =>
      group.modifiers.map(({ id, price, isAvailable }, position) => ({ id, price, isAvailable, position })),
    );
    await tx.run(saveGroups, [restaurantId, JSON.stringify(rows)]);
    await tx.run(saveModifiers, [restaurantId, JSON.stringify(modifiers)]);
  }

  /** Stores the positions of categories, which the caller has locked. */
  async saveCategories(restaurantId: string, tx: Tx, categories: readonly Category[]): Promise<void> {
    if (categories.length === 0) return;
    const rows = categories.map(({ id, position, version, updatedAt }) => ({ id, position, version, updatedAt }));
    await tx.run(saveCategories, [restaurantId, JSON.stringify(rows)]);
  }
}
