import { query, type Tx } from '../../config/database.js';
import { notFound } from '../../domain/shared/errors.js';
import type { CodePool } from '../../domain/codePool/codePool.js';
import type { MenuItem } from '../../domain/menu/menu.js';
import { type EditableTable, type ListPage, OLDEST } from '../editableTable.js';
import { fitting, fittingSlice, inOrderOf, type Slice } from '../pageSize.js';

/**
 * Columns of an item with its variants and links. `i` is the item's row. Links to deleted groups
 * and taxes are left out.
 */
export const ITEM_COLUMNS = `i.id, i.name, i.description, i.category_id as "categoryId", i.price, i.allergens, i.other_allergens as "otherAllergens", i.diet_tags as "dietTags", i.translations, i.picture_id as "pictureId", i.station, i.position, i.schedules,
  i.is_available as "isAvailable",
  jsonb_build_object('until', to_char(i.unavailable_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'remaining', i.remaining) as availability,
  i.unit, i.parts, i.is_deposit as "isDeposit", i.deposit_item_id as "depositItemId", i.voucher_pool_id as "voucherPoolId", i.is_out_of_stock as "isOutOfStock", i.version, i.created_at as "createdAt", i.updated_at as "updatedAt",
  coalesce((
    select jsonb_agg(jsonb_build_object('id', v.id, 'name', v.name, 'price', v.price, 'translations', v.translations) order by v.position)
    from menu_item_variants v
    where v.restaurant_id = i.restaurant_id and v.menu_item_id = i.id and v.deleted_at is null), '[]') as variants,
  array(
    select l.modifier_group_id::text
    from menu_item_modifier_groups l
    join modifier_groups g on g.restaurant_id = l.restaurant_id and g.id = l.modifier_group_id and g.deleted_at is null
    where l.restaurant_id = i.restaurant_id and l.menu_item_id = i.id
    order by l.position) as "modifierGroupIds",
  array(
    select l.tax_id::text
    from menu_item_taxes l
    join taxes t on t.restaurant_id = l.restaurant_id and t.id = l.tax_id and t.deleted_at is null
    where l.restaurant_id = i.restaurant_id and l.menu_item_id = i.id
    order by l.tax_id) as "taxIds"`;

const insertItem = query(
  'menuItem.insert',
  `insert into menu_items (restaurant_id, id, name, description, category_id, price, allergens, station, position, schedules,
     is_available, unavailable_until, remaining, is_deposit, deposit_item_id, unit, parts, voucher_pool_id, other_allergens, diet_tags, translations, picture_id, version, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7::text[], $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19::text[], $20::text[], $21::jsonb, $22, $23, $24, $25)`,
);
const updateItem = query(
  'menuItem.update',
  `update menu_items
   set name = $3, description = $4, category_id = $5, price = $6, allergens = $7::text[], station = $8, position = $9, schedules = $10,
       is_available = $11, unavailable_until = $12, remaining = $13, is_deposit = $14, deposit_item_id = $15, unit = $16, parts = $17, voucher_pool_id = $18,
       other_allergens = $19::text[], diet_tags = $20::text[], translations = $21::jsonb, picture_id = $22, version = $23, updated_at = $24
   where restaurant_id = $1 and id = $2`,
);
const saveVariants = query<{ id: string }>(
  'menuItem.saveVariants',
  `insert into menu_item_variants as v (restaurant_id, id, menu_item_id, name, price, position, translations)
   select $1, r.id, $2, r.name, r.price, r.position, r.translations
   from jsonb_to_recordset($3::jsonb) as r(id uuid, name text, price bigint, position int, translations jsonb)
   on conflict (restaurant_id, id) do update
   set name = excluded.name, translations = excluded.translations, price = excluded.price, position = excluded.position, deleted_at = null
   where v.menu_item_id = excluded.menu_item_id
   returning v.id`,
);
const removeOtherVariants = query(
  'menuItem.removeOtherVariants',
  `update menu_item_variants set deleted_at = $4
   where restaurant_id = $1 and menu_item_id = $2 and deleted_at is null and id <> all ($3::uuid[])`,
);
const unlinkGroups = query(
  'menuItem.unlinkGroups',
  `delete from menu_item_modifier_groups where restaurant_id = $1 and menu_item_id = $2`,
);
const linkGroups = query(
  'menuItem.linkGroups',
  `insert into menu_item_modifier_groups (restaurant_id, menu_item_id, modifier_group_id, position)
   select $1, $2, g.id, g.position from unnest($3::uuid[]) with ordinality as g(id, position)`,
);
const unlinkTaxes = query(
  'menuItem.unlinkTaxes',
  `delete from menu_item_taxes where restaurant_id = $1 and menu_item_id = $2`,
);
const linkTaxes = query(
  'menuItem.linkTaxes',
  `insert into menu_item_taxes (restaurant_id, menu_item_id, tax_id) select $1, $2, t.id from unnest($3::uuid[]) as t(id)`,
);
const removeItem = query(
  'menuItem.remove',
  `update menu_items set deleted_at = $3 where restaurant_id = $1 and id = $2`,
);
const findItem = query<MenuItem>(
  'menuItem.find',
  `select ${ITEM_COLUMNS} from menu_items i where i.restaurant_id = $1 and i.id = $2 and i.deleted_at is null`,
);
const lockItem = query(
  'menuItem.lock',
  `select 1 from menu_items where restaurant_id = $1 and id = $2 and deleted_at is null for update`,
);
const listItems = query<{ id: string }>(
  'menuItem.list',
  `select i.id from menu_items i
   where i.restaurant_id = $1 and i.deleted_at is null and i.id > $2
     and ($4::text is null or strpos(lower(i.name), lower($4)) > 0)
     and ($5::uuid is null or i.category_id = $5)
     and ($6::text is null or lower(i.station) = lower($6))
     and ($7::boolean is null or i.is_available = $7)
   order by i.id
   limit $3`,
);
const fittingItems = fitting('menuItem.findFitting', {
  menu_items: 'id',
  menu_item_variants: { live: 'menu_item_id' },
});
export const itemsOfPage = query<MenuItem>(
  'menuItem.findOfPage',
  `select ${ITEM_COLUMNS} from menu_items i where i.restaurant_id = $1 and i.id = any ($2::uuid[])`,
);
// The category is locked until the item is stored: a deletion of the category waits and then finds
// the item. So is the deposit: it stays one. The picture stays, too.
const findReferences = query<{ kind: string; id: string }>(
  'menuItem.findReferences',
  `with category as (
     select id from categories where restaurant_id = $1 and id = $2 and deleted_at is null for key share
   ), deposit as (
     select id from menu_items where restaurant_id = $1 and id = $5 and is_deposit and deleted_at is null for share
   ), picture as (
     select id from menu_pictures where restaurant_id = $1 and id = $6 for key share
   )
   select 'category' as kind, id from category
   union all
   select 'group', id from modifier_groups where restaurant_id = $1 and id = any ($3::uuid[]) and deleted_at is null
   union all
   select 'tax', id from taxes where restaurant_id = $1 and id = any ($4::uuid[]) and deleted_at is null
   union all
   select 'deposit', id from deposit
   union all
   select 'picture', id from picture`,
);

const isDepositUsed = query<{ used: boolean }>(
  'menuItem.isDepositUsed',
  `select exists (select from menu_items where restaurant_id = $1 and deposit_item_id = $2 and deleted_at is null) as used`,
);

// Locked until the item is stored: its vouchers do not become taxed ones meanwhile.
const findVoucherPool = query<VoucherPool>(
  'menuItem.findVoucherPool',
  `select kind, value, tax_kind as "taxKind"
   from code_pools
   where restaurant_id = $1 and id = $2 and deleted_at is null
   for share`,
);

// Of the parts of a set menu: what each item is, and the variant that is named.
const findParts = query<PartItem>(
  'menuItem.findParts',
  `select i.id, i.name, i.is_deposit or i.unit is not null or i.parts <> '[]' or i.voucher_pool_id is not null as "isOther", array(
     select v.id::text from menu_item_variants v
     where v.restaurant_id = i.restaurant_id and v.menu_item_id = i.id and v.deleted_at is null) as variants
   from menu_items i
   where i.restaurant_id = $1 and i.id = any ($2::uuid[]) and i.deleted_at is null`,
);

/** A pool, as far as an item that sells its vouchers depends on it. */
export type VoucherPool = Pick<CodePool, 'kind' | 'value' | 'taxKind'>;

export interface PartItem {
  id: string;
  name: string;
  /** A deposit, a set menu, or sold by weight. */
  isOther: boolean;
  variants: string[];
}

export class MenuItemTable implements EditableTable<MenuItem> {
  async insert(restaurantId: string, tx: Tx, item: MenuItem): Promise<void> {
    await tx.run(insertItem, [restaurantId, ...this.#values(item), item.version, item.createdAt, item.updatedAt]);
    await this.#saveParts(restaurantId, tx, item);
  }

  async update(restaurantId: string, tx: Tx, item: MenuItem): Promise<void> {
    await tx.run(updateItem, [restaurantId, ...this.#values(item), item.version, item.updatedAt]);
    await tx.run(removeOtherVariants, [
      restaurantId,
      item.id,
      item.variants.map((variant) => variant.id),
      item.updatedAt,
    ]);
    await tx.run(unlinkGroups, [restaurantId, item.id]);
    await tx.run(unlinkTaxes, [restaurantId, item.id]);
    await this.#saveParts(restaurantId, tx, item);
  }

  async remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(removeItem, [restaurantId, id, at]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<MenuItem | undefined> {
    return tx.maybeOne(findItem, [restaurantId, id]);
  }

  async lock(restaurantId: string, tx: Tx, id: string): Promise<MenuItem | undefined> {
    // A second statement reads the row. The statement that waits for the lock would see old
    // variants and links.
    return (await tx.run(lockItem, [restaurantId, id])) === 0 ? undefined : this.find(restaurantId, tx, id);
  }

  async list(restaurantId: string, tx: Tx, { after, limit, ...filter }: ListPage): Promise<Slice<MenuItem>> {
    const { q, categoryId, station, isAvailable } = filter;
    const values = [q, categoryId, station, isAvailable].map((value) => value ?? null);
    const rows = await tx.many(listItems, [restaurantId, after ?? OLDEST, limit + 1, ...values]);
    const slice = await fittingSlice(restaurantId, tx, { rows, limit, statement: fittingItems });
    const ids = slice.rows.map(({ id }) => id);
    return { ...slice, rows: await inOrderOf(restaurantId, tx, ids, itemsOfPage) };
  }

  /** @throws AppError not_found with a pointer to the missing category, group or tax. */
  async assertReferences(
    restaurantId: string,
    tx: Tx,
    item: Pick<MenuItem, 'categoryId' | 'modifierGroupIds' | 'taxIds' | 'depositItemId' | 'pictureId'>,
  ): Promise<void> {
    const rows = await tx.many(findReferences, [
      restaurantId,
      item.categoryId,
      item.modifierGroupIds,
      item.taxIds,
      item.depositItemId,
      item.pictureId,
    ]);
    const known = new Set(rows.map((row) => `${row.kind} ${row.id}`));
    if (!known.has(`category ${item.categoryId}`)) throw notFound('category', '/categoryId');
    item.modifierGroupIds.forEach((id, index) => {
      if (!known.has(`group ${id}`)) throw notFound('modifier group', `/modifierGroupIds/${index}`);
    });
    item.taxIds.forEach((id, index) => {
      if (!known.has(`tax ${id}`)) throw notFound('tax', `/taxIds/${index}`);
    });
    if (item.depositItemId !== null && !known.has(`deposit ${item.depositItemId}`))
      throw notFound('menu item with "isDeposit": true', '/depositItemId');
    if (item.pictureId !== null && !known.has(`picture ${item.pictureId}`)) throw notFound('picture', '/pictureId');
  }

  /** The items of the parts of a set menu, as far as they exist. */
  partItems(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<PartItem[]> {
    return tx.many(findParts, [restaurantId, ids]);
  }

  /** The pool whose vouchers an item is to sell; undefined: there is none. */
  voucherPool(restaurantId: string, tx: Tx, id: string): Promise<VoucherPool | undefined> {
    return tx.maybeOne(findVoucherPool, [restaurantId, id]);
  }

  /** Whether items carry this item as their deposit. */
  async isDepositUsed(restaurantId: string, tx: Tx, id: string): Promise<boolean> {
    return (await tx.one(isDepositUsed, [restaurantId, id])).used;
  }

  #values(item: MenuItem): unknown[] {
    return [
      item.id,
      item.name,
      item.description,
      item.categoryId,
      item.price,
      item.allergens,
      item.station,
      item.position,
      JSON.stringify(item.schedules),
      item.isAvailable,
      item.availability.until,
      item.availability.remaining,
      item.isDeposit,
      item.depositItemId,
      item.unit,
      JSON.stringify(item.parts),
      item.voucherPoolId,
      item.otherAllergens,
      item.dietTags,
      JSON.stringify(item.translations),
      item.pictureId,
    ];
  }

  async #saveParts(restaurantId: string, tx: Tx, item: MenuItem): Promise<void> {
    if (item.variants.length > 0) {
      const rows = item.variants.map((variant, position) => ({ ...variant, position }));
      const saved = await tx.many(saveVariants, [restaurantId, item.id, JSON.stringify(rows)]);
      if (saved.length !== rows.length) throw notFound('variant of this item', '/variants');
    }
    if (item.modifierGroupIds.length > 0) await tx.run(linkGroups, [restaurantId, item.id, item.modifierGroupIds]);
    if (item.taxIds.length > 0) await tx.run(linkTaxes, [restaurantId, item.id, item.taxIds]);
  }
}
