/**
 * Imports recipes from a file with one row for each ingredient. A recipe with a faulty row is
 * skipped whole, because a sale must not take half of it.
 */
import type { Tx } from '../../../config/database.js';
import type { Call } from '../../../domain/shared/call.js';
import { AppError } from '../../../domain/shared/errors.js';
import type { StoredRecipe } from '../../../domain/inventory/inventory.js';
import { nameKey } from '../../../domain/shared/names.js';
import { RecipeShelf } from '../../../domain/inventory/recipeShelf.js';
import type { StockedItem } from '../../../repositories/InventoryRepository.js';
import type { Pace } from '../../../utils/turns.js';
import type { InventoryService } from '../../InventoryService.js';
import { assertQuantities, assertRecipeWorks, type RecipeInput, type RecipeLineInput } from '../recipeRules.js';
import { groupKeyOf, MenuIndex, type MenuNames, type Target } from './menuTargets.js';
import type { IngredientRow } from '../../../domain/import/takeover.js';
import { type StockDoor, Takeover } from './takeoverRows.js';

/** Maximum nesting of preparations that appear in the file after the recipes that use them. */
const MAX_DEPTH = 100;
const TOO_DEEP = 'move the inner preparations further up in the file';
/** Lines of the recipes that one statement writes. */
const BATCH_LINES = 1000;
const LEFT_OUT = 'the recipe is skipped until this is fixed';

export interface RecipeFile {
  rows: readonly IngredientRow[];
  /** Keys (`groupKeyOf`) of recipes that have unreadable rows. */
  brokenKeys: ReadonlySet<string>;
  menu: MenuNames;
  isReplacing: boolean;
  pace: Pace;
}

type Outcome = { recipe: StoredRecipe } | { fault: string };

/**
 * Stores the recipes of a file in the caller's transaction. Preparations are stored before the
 * recipes that use them, whatever the order of the rows.
 */
export async function takeOverRecipes(deps: StockDoor, call: Call, tx: Tx, file: RecipeFile): Promise<Takeover> {
  const { repository, inventory } = deps;
  await repository.lockRecipes(call.restaurantId, tx);
  const items = await repository.stockedItems(call.restaurantId, tx);
  const stored = await repository.recipes.all(call.restaurantId, tx);
  const plan = new RecipePlan(inventory, file, items, stored);
  await plan.make();
  const changed = [...plan.created, ...plan.changed.map(({ after }) => after)];
  await assertQuantities(changed, items, plan.all, file.pace);
  for (const batch of inBatches(plan.created, (recipe) => recipe.lines.length)) {
    if (file.pace.isUp) await file.pace.rest();
    await inventory.recipes.insertAll(call, tx, batch);
  }
  for (const batch of inBatches(plan.changed, ({ after }) => after.lines.length)) {
    if (file.pace.isUp) await file.pace.rest();
    await inventory.recipes.updateAll(call, tx, batch);
  }
  if (changed.length > 0) inventory.refreshAfter(call, tx);
  return plan.takeover;
}

/** Decides about all rows before anything is written. */
class RecipePlan {
  readonly takeover = new Takeover();
  readonly created: StoredRecipe[] = [];
  readonly changed: { before: StoredRecipe; after: StoredRecipe }[] = [];
  readonly #inventory: InventoryService;
  readonly #file: RecipeFile;
  readonly #itemsByName: ReadonlyMap<string, StockedItem>;
  readonly #groups = new Map<string, IngredientRow[]>();
  /** All recipes as they will be after the import. */
  readonly #shelf: RecipeShelf<StoredRecipe, StockedItem>;
  readonly #byTarget: Map<string, StoredRecipe>;
  readonly #storedPreparations = new Map<string, StoredRecipe[]>();
  readonly #menu: MenuIndex;
  #depth = 0;
  /** Keyed by the name of the preparation. `undefined` while its parts are resolved. */
  readonly #preparations = new Map<string, Outcome | undefined>();

  constructor(
    inventory: InventoryService,
    file: RecipeFile,
    items: readonly StockedItem[],
    stored: readonly StoredRecipe[],
  ) {
    this.#inventory = inventory;
    this.#file = file;
    this.#itemsByName = new Map(items.map((item) => [nameKey(item.name), item]));
    this.#shelf = new RecipeShelf(items, stored);
    this.#menu = new MenuIndex(file.menu);
    this.#byTarget = new Map(stored.map((recipe) => [targetKeyOf(recipe), recipe]));
    for (const recipe of stored) {
      if (recipe.menuItemId !== null || recipe.modifierId !== null) continue;
      const key = nameKey(recipe.name);
      const named = this.#storedPreparations.get(key);
      if (named) named.push(recipe);
      else this.#storedPreparations.set(key, [recipe]);
    }
    for (const row of file.rows) {
      const rows = this.#groups.get(groupKeyOf(row));
      if (rows) rows.push(row);
      else this.#groups.set(groupKeyOf(row), [row]);
    }
  }

  get all(): StoredRecipe[] {
    return this.#shelf.all;
  }

  async make(): Promise<void> {
    const { pace } = this.#file;
    for (const rows of this.#groups.values()) {
      if (pace.isUp) await pace.rest();
      const [first] = rows;
      if (!first) continue;
      const targets = this.#menu.targetsOf(first);
      if ('fault' in targets) for (const row of rows) this.takeover.fault(row, targets.fault);
      else if (first.preparation !== undefined) this.#preparation(first.preparation, '');
      else for (const target of targets) this.#makeFor(target, rows);
    }
  }

  #makeFor(target: Target, rows: readonly IngredientRow[]): void {
    this.#settle(target, rows, this.#byTarget.get(targetKeyOf(target)));
  }

  /**
   * Finds a preparation by name: in the file, else among the stored ones.
   * @param asker name of the recipe that uses it.
   */
  #preparation(name: string, asker: string): Outcome {
    const key = nameKey(name);
    if (this.#preparations.has(key)) {
      return this.#preparations.get(key) ?? { fault: `"${asker}" and "${name}" would contain each other; ${LEFT_OUT}` };
    }
    const [before, ...others] = this.#storedPreparations.get(key) ?? [];
    const rows = this.#groups.get(
      groupKeyOf({ preparation: name, dish: undefined, variant: undefined, modifier: undefined }),
    );
    if (others.length > 0) return { fault: `${others.length + 1} preparations are called "${name}"; ${LEFT_OUT}` };
    if (!rows)
      return before
        ? { recipe: before }
        : { fault: `no inventory item or preparation is called "${name}"; ${LEFT_OUT}` };
    if (this.#depth === MAX_DEPTH) return { fault: `"${name}" is nested more than ${MAX_DEPTH} deep; ${TOO_DEEP}` };
    this.#preparations.set(key, undefined);
    this.#depth += 1;
    const target = { name: rows[0]?.preparation ?? name, menuItemId: null, variantId: null, modifierId: null };
    const recipe = this.#settle(target, rows, before);
    this.#depth -= 1;
    const outcome = recipe ? { recipe } : { fault: `"${name}" has faulty rows itself; ${LEFT_OUT}` };
    this.#preparations.set(key, outcome);
    return outcome;
  }

  /** Creates, replaces or skips one recipe. @returns undefined when one of its rows is faulty. */
  #settle(target: Target, rows: readonly IngredientRow[], before: StoredRecipe | undefined): StoredRecipe | undefined {
    if (before && !this.#file.isReplacing) {
      this.takeover.counts.skipped += 1;
      return before;
    }
    if (rows[0] && this.#file.brokenKeys.has(groupKeyOf(rows[0]))) return undefined;
    const lines = this.#linesOf(rows, target.name);
    const input = lines && inputOf(target, rows, lines);
    if (!input) return undefined;
    const recipes = this.#inventory.recipes;
    const after = before ? recipes.next(before, input) : recipes.draft(input);
    if (!this.#works(after, rows)) return undefined;
    if (before && contentOf(before) === contentOf(after)) {
      this.takeover.counts.skipped += 1;
      return before;
    }
    this.#shelf.put(after);
    this.#byTarget.set(targetKeyOf(after), after);
    if (before) this.changed.push({ before, after });
    else this.created.push(after);
    this.takeover.counts[before ? 'changed' : 'created'] += 1;
    return after;
  }

  #linesOf(rows: readonly IngredientRow[], name: string): RecipeLineInput[] | undefined {
    const lines = rows.flatMap((row): RecipeLineInput[] => {
      const { quantity, unit, wastePercent } = row;
      const item = this.#itemsByName.get(nameKey(row.ingredient));
      if (item) return [{ inventoryItemId: item.id, quantity, unit, wastePercent }];
      const part = this.#preparation(row.ingredient, name);
      if ('recipe' in part) return [{ recipeId: part.recipe.id, quantity, unit, wastePercent }];
      this.takeover.fault(row, part.fault);
      return [];
    });
    return lines.length === rows.length ? lines : undefined;
  }

  /** Reports each broken rule at its row. @returns whether there was none. */
  #works(recipe: StoredRecipe, rows: readonly IngredientRow[]): boolean {
    try {
      assertRecipeWorks(recipe, this.#shelf);
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      for (const { pointer, message } of error.errors ?? []) {
        const row = rows[Number(/^\/lines\/(\d+)/.exec(pointer)?.[1] ?? 0)];
        if (row) this.takeover.fault(row, `"${recipe.name}": ${message}`);
      }
      return false;
    }
  }
}

/** Each of at most `BATCH_LINES`, or of one recipe. */
function inBatches<T>(things: readonly T[], linesOf: (thing: T) => number): T[][] {
  const batches: T[][] = [];
  let left = 0;
  for (const thing of things) {
    if (left < linesOf(thing)) {
      batches.push([]);
      left = BATCH_LINES;
    }
    batches.at(-1)?.push(thing);
    left -= linesOf(thing);
  }
  return batches;
}

function targetKeyOf({ menuItemId, variantId, modifierId }: Omit<Target, 'name'>): string {
  return `${menuItemId} ${variantId} ${modifierId}`;
}

function inputOf(target: Target, rows: readonly IngredientRow[], lines: RecipeLineInput[]): RecipeInput {
  // Files have the yield in each row, or only in the first.
  const yields = rows.find((row) => row.yield !== undefined)?.yield;
  const yieldUnit = rows.find((row) => row.yieldUnit !== undefined)?.yieldUnit;
  return { ...target, yield: yields, yieldUnit, lines };
}

/** The content of a recipe, to detect whether a file changes it. */
function contentOf({ yield: yields, yieldUnit, lines }: StoredRecipe): string {
  return JSON.stringify([
    yields,
    yieldUnit,
    lines.map(({ inventoryItemId, recipeId, quantity, unit, wastePercent }) => [
      inventoryItemId,
      recipeId,
      quantity,
      unit,
      wastePercent,
    ]),
  ]);
}
