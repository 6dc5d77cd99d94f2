import { query, type Tx } from '../../config/database.js';
import { notFound } from '../../domain/shared/errors.js';
import type { ModifierGroup } from '../../domain/menu/menu.js';
import { type EditableTable, type ListPage, OLDEST } from '../editableTable.js';
import { fitting, fittingSlice, inOrderOf, type Slice } from '../pageSize.js';

/** Columns of a group with its modifiers. `g` is the group's row. */
export const GROUP_COLUMNS = `g.id, g.name, g.translations, g.min_selections as "minSelections", g.max_selections as "maxSelections",
  g.free_selections as "freeSelections", g.version, g.created_at as "createdAt", g.updated_at as "updatedAt",
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', m.id, 'name', m.name, 'translations', m.translations, 'price', m.price, 'maxQuantity', m.max_quantity, 'isAvailable', m.is_available,
      'taxIds', array(select t.id::text from taxes t where t.restaurant_id = m.restaurant_id and t.id = any (m.tax_ids) and t.deleted_at is null order by t.id)) order by m.position)
    from modifiers m
    where m.restaurant_id = g.restaurant_id and m.modifier_group_id = g.id and m.deleted_at is null), '[]') as modifiers`;

const insertGroup = query(
  'modifierGroup.insert',
  `insert into modifier_groups (restaurant_id, id, name, min_selections, max_selections, free_selections, version, created_at, updated_at, translations)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)`,
);
const updateGroup = query(
  'modifierGroup.update',
  `update modifier_groups
   set name = $3, min_selections = $4, max_selections = $5, free_selections = $6, version = $7, updated_at = $8, translations = $9::jsonb
   where restaurant_id = $1 and id = $2`,
);
// A modifier of another group stays there: the `where` of the upsert then changes no row.
const saveModifiers = query<{ id: string }>(
  'modifierGroup.saveModifiers',
  `insert into modifiers as m (restaurant_id, id, modifier_group_id, name, price, max_quantity, is_available, position, tax_ids, translations)
   select $1, r.id, $2, r.name, r.price, r."maxQuantity", r."isAvailable", r.position, r."taxIds", r.translations
   from jsonb_to_recordset($3::jsonb) as r(id uuid, name text, price bigint, "maxQuantity" int, "isAvailable" boolean, position int, "taxIds" uuid[], translations jsonb)
   on conflict (restaurant_id, id) do update
   set name = excluded.name, translations = excluded.translations, price = excluded.price, max_quantity = excluded.max_quantity, is_available = excluded.is_available,
       position = excluded.position, tax_ids = excluded.tax_ids, deleted_at = null
   where m.modifier_group_id = excluded.modifier_group_id
   returning m.id`,
);
const removeOtherModifiers = query(
  'modifierGroup.removeOtherModifiers',
  `update modifiers set deleted_at = $4
   where restaurant_id = $1 and modifier_group_id = $2 and deleted_at is null and id <> all ($3::uuid[])`,
);
const removeGroup = query(
  'modifierGroup.remove',
  `update modifier_groups set deleted_at = $3 where restaurant_id = $1 and id = $2`,
);
const findGroup = query<ModifierGroup>(
  'modifierGroup.find',
  `select ${GROUP_COLUMNS} from modifier_groups g where g.restaurant_id = $1 and g.id = $2 and g.deleted_at is null`,
);
const lockGroup = query(
  'modifierGroup.lock',
  `select 1 from modifier_groups where restaurant_id = $1 and id = $2 and deleted_at is null for update`,
);
const listGroups = query<{ id: string }>(
  'modifierGroup.list',
  `select g.id from modifier_groups g
   where g.restaurant_id = $1 and g.deleted_at is null and g.id > $2
   order by g.id
   limit $3`,
);
const fittingGroups = fitting('modifierGroup.findFitting', {
  modifier_groups: 'id',
  modifiers: { live: 'modifier_group_id' },
});
export const groupsOfPage = query<ModifierGroup>(
  'modifierGroup.findOfPage',
  `select ${GROUP_COLUMNS} from modifier_groups g where g.restaurant_id = $1 and g.id = any ($2::uuid[])`,
);

const knownTaxes = query<{ id: string }>(
  'modifierGroup.findTaxes',
  'select id from taxes where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null',
);

export class ModifierGroupTable implements EditableTable<ModifierGroup> {
  async insert(restaurantId: string, tx: Tx, group: ModifierGroup): Promise<void> {
    const { id, name, minSelections, maxSelections, freeSelections, version, createdAt, updatedAt } = group;
    await tx.run(insertGroup, [
      restaurantId,
      id,
      name,
      minSelections,
      maxSelections,
      freeSelections,
      version,
      createdAt,
      updatedAt,
      JSON.stringify(group.translations),
    ]);
    await this.#saveModifiers(restaurantId, tx, group);
  }

  async update(restaurantId: string, tx: Tx, group: ModifierGroup): Promise<void> {
    const { id, name, minSelections, maxSelections, freeSelections, version, updatedAt } = group;
    await tx.run(updateGroup, [
      restaurantId,
      id,
      name,
      minSelections,
      maxSelections,
      freeSelections,
      version,
      updatedAt,
      JSON.stringify(group.translations),
    ]);
    await tx.run(removeOtherModifiers, [restaurantId, id, group.modifiers.map((modifier) => modifier.id), updatedAt]);
    await this.#saveModifiers(restaurantId, tx, group);
  }

  async remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(removeGroup, [restaurantId, id, at]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<ModifierGroup | undefined> {
    return tx.maybeOne(findGroup, [restaurantId, id]);
  }

  async lock(restaurantId: string, tx: Tx, id: string): Promise<ModifierGroup | undefined> {
    // A second statement reads the row. The statement that waits for the lock would see old
    // modifiers.
    return (await tx.run(lockGroup, [restaurantId, id])) === 0 ? undefined : this.find(restaurantId, tx, id);
  }

  async list(restaurantId: string, tx: Tx, { after, limit }: ListPage): Promise<Slice<ModifierGroup>> {
    const rows = await tx.many(listGroups, [restaurantId, after ?? OLDEST, limit + 1]);
    const slice = await fittingSlice(restaurantId, tx, { rows, limit, statement: fittingGroups });
    const ids = slice.rows.map(({ id }) => id);
    return { ...slice, rows: await inOrderOf(restaurantId, tx, ids, groupsOfPage) };
  }

  /** @throws AppError not_found with a pointer to the missing tax. */
  async assertTaxes(restaurantId: string, tx: Tx, { modifiers }: Pick<ModifierGroup, 'modifiers'>): Promise<void> {
    const ids = modifiers.flatMap(({ taxIds }) => taxIds);
    if (ids.length === 0) return;
    const known = new Set((await tx.many(knownTaxes, [restaurantId, ids])).map(({ id }) => id));
    for (const [index, { taxIds }] of modifiers.entries()) {
      const missing = taxIds.findIndex((id) => !known.has(id));
      if (missing >= 0) throw notFound('tax', `/modifiers/${index}/taxIds/${missing}`);
    }
  }

  async #saveModifiers(restaurantId: string, tx: Tx, group: ModifierGroup): Promise<void> {
    const rows = group.modifiers.map((modifier, position) => ({ ...modifier, position }));
    const saved = await tx.many(saveModifiers, [restaurantId, group.id, JSON.stringify(rows)]);
    if (saved.length !== rows.length) throw notFound('modifier of this group', '/modifiers');
  }
}
