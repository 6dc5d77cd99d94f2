/** Rules for a recipe together with all other recipes. */
import type { Tx } from '../../config/database.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { StoredRecipe } from '../../domain/inventory/inventory.js';
import { problemsBeside, type RecipeLine } from '../../domain/inventory/recipe.js';
import { RecipeBook } from '../../domain/inventory/recipeBook.js';
import { findCycleThrough } from '../../domain/inventory/recipeOrder.js';
import { RecipeShelf } from '../../domain/inventory/recipeShelf.js';
import type { InventoryRepository, StockedItem } from '../../repositories/InventoryRepository.js';
import { inTurns, Pace } from '../../utils/turns.js';

type Shelf = RecipeShelf<StoredRecipe, StockedItem>;

export interface RecipeLineInput {
  inventoryItemId?: string | null | undefined;
  recipeId?: string | null | undefined;
  quantity: string;
  /** If absent: the stock unit of the item, or the unit that the recipe yields. */
  unit?: string | undefined;
  wastePercent?: string | undefined;
}

export interface RecipeInput {
  name?: string | undefined;
  menuItemId?: string | null | undefined;
  variantId?: string | null | undefined;
  modifierId?: string | null | undefined;
  outputItemId?: string | null | undefined;
  yield?: string | undefined;
  yieldUnit?: string | undefined;
  lines?: RecipeLineInput[] | undefined;
}

const TARGETS = ['menuItemId', 'variantId', 'modifierId', 'outputItemId'] as const;

export function buildRecipe(input: RecipeInput, before: StoredRecipe | undefined) {
  const target = (field: (typeof TARGETS)[number]) =>
    input[field] === undefined ? (before?.[field] ?? null) : input[field];
  return {
    name: input.name ?? before?.name ?? '',
    menuItemId: target('menuItemId'),
    variantId: target('variantId'),
    modifierId: target('modifierId'),
    outputItemId: target('outputItemId'),
    yield: input.yield ?? before?.yield ?? '1',
    yieldUnit: input.yieldUnit ?? before?.yieldUnit ?? 'portion',
    lines: input.lines?.map(lineOf) ?? before?.lines ?? [],
  };
}

/** An empty unit is filled in later, when the items and recipes of the lines are known. */
function lineOf(line: RecipeLineInput): RecipeLine {
  const { inventoryItemId = null, recipeId = null, quantity, unit = '', wastePercent = '0' } = line;
  return { inventoryItemId, recipeId, quantity, unit, wastePercent };
}

/**
 * Checks a recipe before it is stored, and fills in the missing units. From here to the end of the
 * transaction no other call edits recipes: two edits that would form a circle together run one
 * after the other.
 * @throws AppError not_found, invalid_request: each fault with its pointer.
 */
export async function assertRecipeFits(
  repository: InventoryRepository,
  restaurantId: string,
  tx: Tx,
  recipe: StoredRecipe,
): Promise<void> {
  await repository.lockRecipes(restaurantId, tx);
  const items = await repository.stockedItems(restaurantId, tx);
  const others = (await repository.recipes.all(restaurantId, tx)).filter((other) => other.id !== recipe.id);
  await assertTargets(repository, restaurantId, tx, recipe, items);
  assertRecipeWorks(recipe, new RecipeShelf(items, others));
  await assertQuantities([recipe], items, [...others, recipe], new Pace(restaurantId));
}

/**
 * The checks without the database: names, parts, units, circles. Fills in the missing units.
 * @param shelf all recipes; may include an earlier version of this recipe.
 * @throws AppError not_found, invalid_request: each fault with its pointer.
 */
export function assertRecipeWorks(recipe: StoredRecipe, shelf: Shelf): void {
  assertParts(recipe, shelf);
  if (recipe.name === '') throw invalid('/name', 'Give the preparation a name.');
  fillUnits(recipe, shelf);
  const errors = problemsBeside(recipe, shelf);
  if (errors.length > 0) throw new AppError('invalid_request', 'This recipe cannot be made. See errors.', { errors });
  assertNoCircle(recipe, shelf);
}

/**
 * Works all recipes out, which refuses what takes too much or from too many items, and looks at
 * what they are kept in stock as:
 * a part may have been changed to take what its preparation gives.
 * @param changed none when only items change: then no recipe grows.
 * @throws AppError invalid_request.
 */
export async function assertQuantities(
  changed: readonly StoredRecipe[],
  items: readonly StockedItem[],
  all: readonly StoredRecipe[],
  pace: Pace,
): Promise<void> {
  const book = await inTurns(RecipeBook.making(items, all, changed.length > 0), pace);
  const changedIds = new Set(changed.map(({ id }) => id));
  for (const { id, name, outputItemId } of all) {
    if (outputItemId === null || !book.takes(id, outputItemId)) continue;
    if (changedIds.has(id))
      throw invalid('/outputItemId', 'A preparation cannot contain itself. Remove its own item from the lines.');
    throw invalid('/lines', `"${name}" would contain itself. Remove its own item from the lines.`);
  }
}

async function assertTargets(
  repository: InventoryRepository,
  restaurantId: string,
  tx: Tx,
  recipe: StoredRecipe,
  items: readonly StockedItem[],
): Promise<void> {
  const found = await repository.findTargets(restaurantId, tx, recipe);
  const { menuItem, variant, modifier } = found;
  if (recipe.menuItemId !== null && menuItem === null) throw notFound('menu item', '/menuItemId');
  if (recipe.variantId !== null && variant === null)
    throw notFound(
      recipe.menuItemId === null ? 'variant without its menuItemId: send both' : 'variant of this item',
      '/variantId',
    );
  if (recipe.modifierId !== null && modifier === null) throw notFound('modifier', '/modifierId');
  const output = items.find((item) => item.id === recipe.outputItemId);
  if (recipe.outputItemId !== null && !output) throw notFound('inventory item', '/outputItemId');
  if (recipe.outputItemId !== null && (recipe.menuItemId !== null || recipe.modifierId !== null))
    throw invalid(
      '/outputItemId',
      'A recipe of a dish or modifier has no stock item. Leave out outputItemId, or the menu item and modifier.',
    );
  if (recipe.name === '') recipe.name = [menuItem, variant, modifier, output?.name].filter((name) => name).join(', ');
}

function assertParts(recipe: StoredRecipe, shelf: Shelf): void {
  recipe.lines.forEach(({ inventoryItemId, recipeId }, index) => {
    if (inventoryItemId !== null && !shelf.items.has(inventoryItemId))
      throw notFound('inventory item', `/lines/${index}/inventoryItemId`);
    if (recipeId !== null && recipeId !== recipe.id && !shelf.get(recipeId))
      throw notFound('recipe', `/lines/${index}/recipeId`);
  });
}

function fillUnits(recipe: StoredRecipe, shelf: Shelf): void {
  for (const line of recipe.lines) {
    if (line.unit !== '') continue;
    const item = shelf.items.get(line.inventoryItemId ?? '');
    const part = line.recipeId === recipe.id ? recipe : shelf.get(line.recipeId ?? '');
    line.unit = item?.unit ?? part?.yieldUnit ?? '';
  }
}

function assertNoCircle(recipe: StoredRecipe, shelf: Shelf): void {
  const cycle = findCycleThrough(recipe, shelf);
  if (!cycle) return;
  const nameOf = (id: string) => (id === recipe.id ? recipe.name : (shelf.get(id)?.name ?? ''));
  const path = [...cycle, ...cycle.slice(0, 1)].map(nameOf).join(' > ');
  throw invalid('/lines', `These recipes would contain each other: ${path}. Remove one of them from the lines.`);
}
