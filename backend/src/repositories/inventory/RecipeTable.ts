import { query, type Tx, violatedConstraint } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';
import type { StoredRecipe } from '../../domain/inventory/inventory.js';
import { type BulkTable, type EditableTable, type ListPage, OLDEST } from '../editableTable.js';
import { fitting, fittingSlice, inOrderOf, type Slice } from '../pageSize.js';

/** Columns of a recipe with its lines. `r` is the recipe's row. */
const COLUMNS = `r.id, r.name, r.menu_item_id as "menuItemId", r.variant_id as "variantId", r.modifier_id as "modifierId",
  r.output_item_id as "outputItemId", trim_scale(r.yield)::text as yield, r.yield_unit as "yieldUnit", r.version,
  r.created_at as "createdAt", r.updated_at as "updatedAt",
  coalesce((
    select jsonb_agg(jsonb_build_object('inventoryItemId', l.inventory_item_id, 'recipeId', l.component_recipe_id,
      'quantity', trim_scale(l.quantity)::text, 'unit', l.unit, 'wastePercent', trim_scale(l.waste_percent)::text) order by l.position)
    from recipe_lines l
    where l.restaurant_id = r.restaurant_id and l.recipe_id = r.id), '[]') as lines`;

const ROWS = `jsonb_to_recordset($2::jsonb) as n(id uuid, name text, "menuItemId" uuid, "variantId" uuid, "modifierId" uuid,
     "outputItemId" uuid, yield numeric, "yieldUnit" text, version int, "updatedAt" timestamptz, "createdAt" timestamptz)`;
const insertRecipes = query(
  'recipe.insert',
  `insert into recipes (restaurant_id, id, name, menu_item_id, variant_id, modifier_id, output_item_id, yield, yield_unit, version,
     updated_at, created_at)
   select $1, n.id, n.name, n."menuItemId", n."variantId", n."modifierId", n."outputItemId", n.yield, n."yieldUnit", n.version,
     n."updatedAt", n."createdAt"
   from ${ROWS}`,
);
// The ids stand beside the join with the rows, by which alone the planner may read all recipes.
const updateRecipes = query(
  'recipe.update',
  `update recipes r
   set name = n.name, menu_item_id = n."menuItemId", variant_id = n."variantId", modifier_id = n."modifierId",
     output_item_id = n."outputItemId", yield = n.yield, yield_unit = n."yieldUnit", version = n.version, updated_at = n."updatedAt"
   from ${ROWS}
   where r.restaurant_id = $1 and r.id = any ($3::uuid[]) and r.id = n.id`,
);
const removeLines = query(
  'recipe.removeLines',
  `delete from recipe_lines where restaurant_id = $1 and recipe_id = any ($2::uuid[])`,
);
const insertLines = query(
  'recipe.insertLines',
  `insert into recipe_lines (restaurant_id, recipe_id, position, inventory_item_id, component_recipe_id, quantity, unit, waste_percent)
   select $1, l."of", l.position, l."inventoryItemId", l."recipeId", l.quantity, l.unit, l."wastePercent"
   from jsonb_to_recordset($2::jsonb) as l("of" uuid, position int, "inventoryItemId" uuid, "recipeId" uuid, quantity numeric,
     unit text, "wastePercent" numeric)`,
);
const removeRecipe = query('recipe.remove', `update recipes set deleted_at = $3 where restaurant_id = $1 and id = $2`);
const findRecipe = query<StoredRecipe>(
  'recipe.find',
  `select ${COLUMNS} from recipes r where r.restaurant_id = $1 and r.id = $2 and r.deleted_at is null`,
);
// `no key update` does not block lines that refer to the recipe. A separate lock serialises edits
// of recipes.
const lockRecipe = query(
  'recipe.lock',
  `select 1 from recipes where restaurant_id = $1 and id = $2 and deleted_at is null for no key update`,
);
const listRecipes = query<{ id: string }>(
  'recipe.list',
  `select r.id from recipes r
   where r.restaurant_id = $1 and r.deleted_at is null and r.id > $2
   order by r.id
   limit $3`,
);
const fittingRecipes = fitting('recipe.findFitting', { recipes: 'id', recipe_lines: 'recipe_id' });
const recipesOfPage = query<StoredRecipe>(
  'recipe.findOfPage',
  `select ${COLUMNS} from recipes r where r.restaurant_id = $1 and r.id = any ($2::uuid[])`,
);
const allRecipes = query<StoredRecipe>(
  'recipe.listAll',
  `select ${COLUMNS} from recipes r where r.restaurant_id = $1 and r.deleted_at is null order by r.id`,
);

const TAKEN = new Map([
  ['recipes_target_key', 'This menu item, variant or modifier already has a recipe. Change that recipe.'],
  ['recipes_output_key', 'Another recipe already makes this inventory item. Change that recipe.'],
]);

export class RecipeTable implements EditableTable<StoredRecipe>, BulkTable<StoredRecipe> {
  insert(restaurantId: string, tx: Tx, recipe: StoredRecipe): Promise<void> {
    return this.insertAll(restaurantId, tx, [recipe]);
  }

  /** They may be made of each other, in any order. */
  async insertAll(restaurantId: string, tx: Tx, recipes: readonly StoredRecipe[]): Promise<void> {
    await this.#write(() => tx.run(insertRecipes, [restaurantId, rowsOf(recipes)]));
    await tx.run(insertLines, [restaurantId, linesOf(recipes)]);
  }

  update(restaurantId: string, tx: Tx, recipe: StoredRecipe): Promise<void> {
    return this.updateAll(restaurantId, tx, [recipe]);
  }

  async updateAll(restaurantId: string, tx: Tx, recipes: readonly StoredRecipe[]): Promise<void> {
    const ids = recipes.map(({ id }) => id);
    await this.#write(() => tx.run(updateRecipes, [restaurantId, rowsOf(recipes), ids]));
    await tx.run(removeLines, [restaurantId, ids]);
    await tx.run(insertLines, [restaurantId, linesOf(recipes)]);
  }

  async remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(removeRecipe, [restaurantId, id, at]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<StoredRecipe | undefined> {
    return tx.maybeOne(findRecipe, [restaurantId, id]);
  }

  async lock(restaurantId: string, tx: Tx, id: string): Promise<StoredRecipe | undefined> {
    // A second statement reads the row. The statement that waits for the lock would see the old
    // lines.
    return (await tx.run(lockRecipe, [restaurantId, id])) === 0 ? undefined : this.find(restaurantId, tx, id);
  }

  async list(restaurantId: string, tx: Tx, { after, limit }: ListPage): Promise<Slice<StoredRecipe>> {
    const rows = await tx.many(listRecipes, [restaurantId, after ?? OLDEST, limit + 1]);
    const slice = await fittingSlice(restaurantId, tx, { rows, limit, statement: fittingRecipes });
    const ids = slice.rows.map(({ id }) => id);
    return { ...slice, rows: await inOrderOf(restaurantId, tx, ids, recipesOfPage) };
  }

  all(restaurantId: string, tx: Tx): Promise<StoredRecipe[]> {
    return tx.many(allRecipes, [restaurantId]);
  }

  async #write(statement: () => Promise<unknown>): Promise<void> {
    try {
      await statement();
    } catch (error) {
      const message = TAKEN.get(violatedConstraint(error) ?? '');
      if (message === undefined) throw error;
      throw new AppError('already_exists', message, { cause: error });
    }
  }
}

function rowsOf(recipes: readonly StoredRecipe[]): string {
  return JSON.stringify(recipes.map(({ lines: _inRowsOfTheirOwn, ...row }) => row));
}

function linesOf(recipes: readonly StoredRecipe[]): string {
  return JSON.stringify(
    recipes.flatMap(({ id, lines }) => lines.map((line, position) => ({ of: id, ...line, position }))),
  );
}
