/**
 * Recipes: what one sale of a dish, one unit of a modifier, or one batch of a preparation takes from stock.
 *
 * What a recipe is of:
 *  - with `menuItemId`: one portion of that item; with `variantId` too: of that variant, instead of the item's recipe
 *  - with `modifierId`: what one of the modifier adds; with `menuItemId` too: on that item only, instead of the general one
 *  - with none of them: a sub-recipe, whose batch gives `yield` of `yieldUnit`; other recipes name it by `recipeId`
 *
 * A line's quantity is net. What is taken from stock is net x 100 / (100 - wastePercent): the waste is the percent of
 * what is taken that is lost in trimming and cooking.
 */
import type { FieldError } from '../shared/errors.js';
import { parseDecimal } from '../number/money.js';
import { fromMicros, parseQuantity } from '../number/quantity.js';
import { multiply, type Ratio, ratio } from '../number/ratio.js';
import { RecipeShelf } from './recipeShelf.js';
import { type ItemUnit, unitFactor } from './units.js';

export interface RecipeLine {
  /** Exactly one of `inventoryItemId` and `recipeId`. */
  inventoryItemId: string | null;
  recipeId: string | null;
  /** Decimal text, net. Below zero only in a modifier's recipe: it gives back. */
  quantity: string;
  unit: string;
  /** Percent as decimal text with at most four decimals, from `0` to below `100`. */
  wastePercent: string;
}

export interface Recipe {
  id: string;
  name: string;
  menuItemId: string | null;
  variantId: string | null;
  modifierId: string | null;
  /** What the lines together give, in `yieldUnit`: decimal text above zero. */
  yield: string;
  yieldUnit: string;
  lines: RecipeLine[];
}

export interface StockItem {
  id: string;
  name: string;
  /** The unit it is counted in. */
  unit: string;
  units: ItemUnit[];
}

/** 100 percent in the ten-thousandths of a percent that `parseDecimal(text, 4)` gives. */
const WHOLE = 1_000_000;

/** What a line takes with its waste, in the line's own unit. @throws Error when the line was never checked. */
export function grossQuantity(line: RecipeLine): Ratio {
  const net = parseQuantity(line.quantity);
  const waste = parseWaste(line.wastePercent);
  if (net === undefined || waste === undefined) {
    throw new Error(`a recipe line of ${line.quantity} with ${line.wastePercent} % waste was stored unchecked`);
  }
  return multiply(fromMicros(net), ratio(BigInt(WHOLE), BigInt(WHOLE - waste)));
}

/** How much of a recipe's `yieldUnit` one `unit` is: the same word, or standard units of one dimension. */
export function yieldFactor(recipe: Pick<Recipe, 'yieldUnit'>, unit: string): Ratio | undefined {
  return unitFactor({ unit: recipe.yieldUnit, units: [] }, unit);
}

/**
 * Finds everything wrong with a recipe that is to be stored, apart from circles (`findCycle`).
 * @param recipes all that are stored; the recipe's own earlier version may be among them
 */
export function recipeProblems(recipe: Recipe, items: readonly StockItem[], recipes: readonly Recipe[]): FieldError[] {
  return problemsBeside(recipe, new RecipeShelf(items, recipes));
}

/** The same, for who checks many. @param shelf the recipe's own earlier version may be on it. */
export function problemsBeside(recipe: Recipe, shelf: RecipeShelf<Recipe, StockItem>): FieldError[] {
  const problems: FieldError[] = [];
  if (recipe.variantId !== null && (recipe.menuItemId === null || recipe.modifierId !== null)) {
    const message =
      'Only the recipe of a menu item can be for one of its variants: give "menuItemId", no "modifierId".';
    problems.push({ pointer: '/variantId', message });
  }
  if ((parseQuantity(recipe.yield) ?? 0n) <= 0n) {
    problems.push({ pointer: '/yield', message: 'Write a quantity above zero, with at most six decimals.' });
  }
  recipe.lines.forEach((line, index) => {
    const part = line.recipeId === recipe.id ? recipe : shelf.get(line.recipeId ?? '');
    const found = [...amountProblems(line, recipe), ...partProblems(line, shelf.items, part)];
    problems.push(...found.map(({ pointer, message }) => ({ pointer: `/lines/${index}${pointer}`, message })));
  });
  return [...problems, ...problemsOfUsers(recipe, shelf.usersOf(recipe.id))];
}

/** Recipes with a line that the item's units, as they are to be, no longer cover. */
export function recipesWithoutUnit(item: StockItem, recipes: readonly Recipe[]): Recipe[] {
  return recipes.filter((recipe) =>
    recipe.lines.some((line) => line.inventoryItemId === item.id && !unitFactor(item, line.unit)),
  );
}

function amountProblems(line: RecipeLine, recipe: Recipe): FieldError[] {
  const problems: FieldError[] = [];
  const quantity = parseQuantity(line.quantity);
  if (quantity === undefined) {
    problems.push({ pointer: '/quantity', message: 'Write a decimal number with at most six decimals, as "0.25".' });
  } else if (quantity === 0n) {
    problems.push({
      pointer: '/quantity',
      message: 'A line of nothing says nothing: give a quantity or leave it out.',
    });
  } else if (quantity < 0n && recipe.modifierId === null) {
    problems.push({
      pointer: '/quantity',
      message: 'Only the recipe of a modifier can give back: write it above zero.',
    });
  }
  if (parseWaste(line.wastePercent) === undefined) {
    problems.push({ pointer: '/wastePercent', message: 'Write a percent from 0 to below 100, at most four decimals.' });
  }
  return problems;
}

function partProblems(line: RecipeLine, items: ReadonlyMap<string, StockItem>, part: Recipe | undefined): FieldError[] {
  const { inventoryItemId, recipeId, unit } = line;
  if ((inventoryItemId === null) === (recipeId === null)) {
    return [{ pointer: '', message: 'Give exactly one of "inventoryItemId" and "recipeId".' }];
  }
  if (inventoryItemId !== null) {
    const item = items.get(inventoryItemId);
    if (!item) return [{ pointer: '/inventoryItemId', message: 'No such inventory item.' }];
    if (unitFactor(item, unit)) return [];
    const message = `"${item.name}" is stocked in "${item.unit}" and has no unit "${unit}": add it to the item's units.`;
    return [{ pointer: '/unit', message }];
  }
  if (!part) return [{ pointer: '/recipeId', message: 'No such recipe.' }];
  if (!isSubRecipe(part)) {
    return [{ pointer: '/recipeId', message: `"${part.name}" is sold by itself: only a sub-recipe can be a part.` }];
  }
  if (yieldFactor(part, unit)) return [];
  return [{ pointer: '/unit', message: `"${part.name}" comes in "${part.yieldUnit}", which does not fit "${unit}".` }];
}

/** Lines of other recipes that name this one hold it to a unit that fits, and to being a sub-recipe. */
function problemsOfUsers(recipe: Recipe, users: readonly Recipe[]): FieldError[] {
  for (const user of users) {
    for (const { recipeId, unit } of user.lines) {
      if (recipeId !== recipe.id) continue;
      const message = `"${user.name}" takes this recipe in "${unit}": change it there first.`;
      if (!isSubRecipe(recipe))
        return [{ pointer: recipe.modifierId === null ? '/menuItemId' : '/modifierId', message }];
      if (!yieldFactor(recipe, unit)) return [{ pointer: '/yieldUnit', message }];
    }
  }
  return [];
}

function isSubRecipe(recipe: Recipe): boolean {
  return recipe.menuItemId === null && recipe.variantId === null && recipe.modifierId === null;
}

/** @returns ten-thousandths of a percent, undefined unless from 0 to below 100 percent. */
function parseWaste(percent: string): number | undefined {
  const waste = parseDecimal(percent, 4);
  return waste !== undefined && waste >= 0 && waste < WHOLE ? waste : undefined;
}
