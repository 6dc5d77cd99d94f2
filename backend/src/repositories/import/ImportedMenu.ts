/** Parts of the menu that an import reads and adds. Deleted parts are not found. */
import { query, type Tx } from '../../config/database.js';
import type { MenuItem } from '../../domain/menu/menu.js';
import type { MinorUnits } from '../../domain/number/money.js';

export interface KnownMenu {
  categories: { id: string; name: string }[];
  items: { id: string; name: string; categoryId: string; categoryName: string }[];
  variants: { id: string; name: string; menuItemId: string }[];
  groups: { id: string; name: string; modifiers: number }[];
  modifiers: { id: string; name: string; groupId: string }[];
  /** Groups that an item offers. */
  links: { menuItemId: string; groupId: string }[];
}

export interface MenuAdditions {
  categories: { id: string; name: string; position: number }[];
  items: ({ id: string; name: string; categoryId: string; price: MinorUnits; position: number } & Pick<
    MenuItem,
    'allergens' | 'otherAllergens'
  >)[];
  variants: { id: string; menuItemId: string; name: string; price: MinorUnits; position: number }[];
  groups: { id: string; name: string; maxSelections: number }[];
  modifiers: { id: string; groupId: string; name: string; price: MinorUnits; maxQuantity: number; position: number }[];
  /** Existing links stay unchanged. */
  links: { menuItemId: string; groupId: string; position: number }[];
}

const knownMenu = query<KnownMenu>(
  'import.readMenu',
  `select
     coalesce((
       select jsonb_agg(jsonb_build_object('id', id, 'name', name) order by id)
       from categories where restaurant_id = $1 and deleted_at is null), '[]') as categories,
     coalesce((
       select jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name, 'categoryId', c.id, 'categoryName', c.name) order by i.id)
       from menu_items i
       join categories c on c.restaurant_id = i.restaurant_id and c.id = i.category_id
       where i.restaurant_id = $1 and i.deleted_at is null), '[]') as items,
     coalesce((
       select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'menuItemId', menu_item_id) order by id)
       from menu_item_variants where restaurant_id = $1 and deleted_at is null), '[]') as variants,
     coalesce((
       select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'modifiers', (
           select count(*) from modifiers m
           where m.restaurant_id = g.restaurant_id and m.modifier_group_id = g.id and m.deleted_at is null)) order by g.id)
       from modifier_groups g where g.restaurant_id = $1 and g.deleted_at is null), '[]') as groups,
     coalesce((
       select jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'groupId', g.id) order by m.id)
       from modifiers m
       join modifier_groups g on g.restaurant_id = m.restaurant_id and g.id = m.modifier_group_id and g.deleted_at is null
       where m.restaurant_id = $1 and m.deleted_at is null), '[]') as modifiers,
     coalesce((
       select jsonb_agg(jsonb_build_object('menuItemId', menu_item_id, 'groupId', modifier_group_id))
       from menu_item_modifier_groups where restaurant_id = $1), '[]') as links`,
);

const insertCategories = query(
  'import.insertCategories',
  `insert into categories (restaurant_id, id, name, position, created_at, updated_at)
   select $1, r.id, r.name, r.position, $3, $3 from jsonb_to_recordset($2::jsonb) as r(id uuid, name text, position int)`,
);
const insertItems = query(
  'import.insertItems',
  `insert into menu_items (restaurant_id, id, category_id, name, price, position, allergens, other_allergens, created_at, updated_at)
   select $1, r.id, r."categoryId", r.name, r.price, r.position, r.allergens, r."otherAllergens", $3, $3
   from jsonb_to_recordset($2::jsonb) as r(id uuid, "categoryId" uuid, name text, price bigint, position int, allergens text[],
     "otherAllergens" text[])`,
);
const insertVariants = query(
  'import.insertVariants',
  `insert into menu_item_variants (restaurant_id, id, menu_item_id, name, price, position)
   select $1, r.id, r."menuItemId", r.name, r.price, r.position
   from jsonb_to_recordset($2::jsonb) as r(id uuid, "menuItemId" uuid, name text, price bigint, position int)`,
);
const insertGroups = query(
  'import.insertGroups',
  `insert into modifier_groups (restaurant_id, id, name, min_selections, max_selections, free_selections, created_at, updated_at)
   select $1, r.id, r.name, 0, r."maxSelections", 0, $3, $3
   from jsonb_to_recordset($2::jsonb) as r(id uuid, name text, "maxSelections" int)`,
);
const insertModifiers = query(
  'import.insertModifiers',
  `insert into modifiers (restaurant_id, id, modifier_group_id, name, price, max_quantity, is_available, position)
   select $1, r.id, r."groupId", r.name, r.price, r."maxQuantity", true, r.position
   from jsonb_to_recordset($2::jsonb) as r(id uuid, "groupId" uuid, name text, price bigint, "maxQuantity" int, position int)`,
);
const linkGroups = query(
  'import.linkGroups',
  `insert into menu_item_modifier_groups (restaurant_id, menu_item_id, modifier_group_id, position)
   select $1, r."menuItemId", r."groupId", r.position
   from jsonb_to_recordset($2::jsonb) as r("menuItemId" uuid, "groupId" uuid, position int)
   on conflict do nothing`,
);
// Existing items and groups now have new parts. With a raised version, an editor must read them
// again first.
const raiseVersions = [
  query(
    'import.raiseItemVersions',
    `update menu_items set version = version + 1, updated_at = $3 where restaurant_id = $1 and id = any ($2::uuid[])`,
  ),
  query(
    'import.raiseGroupVersions',
    `update modifier_groups set version = version + 1, updated_at = $3 where restaurant_id = $1 and id = any ($2::uuid[])`,
  ),
] as const;

export class ImportedMenu {
  load(restaurantId: string, tx: Tx): Promise<KnownMenu> {
    return tx.one(knownMenu, [restaurantId]);
  }

  async add(restaurantId: string, tx: Tx, additions: MenuAdditions, at: Date): Promise<void> {
    const { categories, items, variants, groups, modifiers, links } = additions;
    if (categories.length > 0) await tx.run(insertCategories, [restaurantId, JSON.stringify(categories), at]);
    if (items.length > 0) await tx.run(insertItems, [restaurantId, JSON.stringify(items), at]);
    if (variants.length > 0) await tx.run(insertVariants, [restaurantId, JSON.stringify(variants)]);
    if (groups.length > 0) await tx.run(insertGroups, [restaurantId, JSON.stringify(groups), at]);
    if (modifiers.length > 0) await tx.run(insertModifiers, [restaurantId, JSON.stringify(modifiers)]);
    if (links.length > 0) await tx.run(linkGroups, [restaurantId, JSON.stringify(links)]);
  }

  /** Marks existing parts of the menu as changed. */
  async raiseVersions(
    restaurantId: string,
    tx: Tx,
    itemIds: readonly string[],
    groupIds: readonly string[],
    at: Date,
  ): Promise<void> {
    const [items, groups] = raiseVersions;
    if (itemIds.length > 0) await tx.run(items, [restaurantId, itemIds, at]);
    if (groupIds.length > 0) await tx.run(groups, [restaurantId, groupIds, at]);
  }
}
