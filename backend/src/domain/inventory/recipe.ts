/**
 * Recipes: the stock use of one sold dish, one unit of a modifier, or one batch of a preparation.
 *
 * The target of a recipe:
 *  - with `menuItemId`: one portion of that item; with `variantId` too: one portion of that
 *    variant, instead of the item's recipe
 *  - with `modifierId`: the needs that one of the modifier adds; with `menuItemId` too: on that
 *    item only, instead of the general recipe
 *  - with none of them: a sub-recipe, whose batch yields `yield` of `yieldUnit`; other recipes name
 *    it by `recipeId`
 *
 * A line's quantity is net. The quantity taken from stock is net x 100 / (100 - wastePercent): the
 * waste is the percentage of the taken quantity that trimming and cooking lose.
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
  /** Decimal text, net. Negative only in a modifier's recipe, where it gives stock back. */
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
  /** Yield of all lines together, in `yieldUnit`: decimal text above zero. */
  yield: string;
  yieldUnit: string;
  lines: RecipeLine[];
}

export interface StockItem {
  id: string;
  name: string;
  /** Unit in which the item is counted. */
  unit: string;
  units: ItemUnit[];
}

/** 100 percent, in the ten-thousandths of a percent that `parseDecimal(text, 4)` returns. */
const WHOLE = 1_000_000;

/**
 * Quantity of a line including its waste, in the line's own unit.
 * @throws Error when the line was never checked
 */
export function grossQuantity(line: RecipeLine): Ratio {
  const net = parseQuantity(line.quantity);
  const waste = parseWaste(line.wastePercent);
  if (net === undefined || waste === undefined) {
    throw new Error(`a recipe line of ${line.quantity} with ${line.wastePercent} % waste was stored unchecked`);
  }
  return multiply(fromMicros(net), ratio(BigInt(WHOLE), BigInt(WHOLE - waste)));
}

/**
 * Number of a recipe's `yieldUnit` in one `unit`: the same word, or standard units of one
 * dimension.
 */
export function yieldFactor(recipe: Pick<Recipe, 'yieldUnit'>, unit: string): Ratio | undefined {
  return unitFactor({ unit: recipe.yieldUnit, units: [] }, unit);
}

/**
 * Finds all faults of a recipe before it is stored, except circles (`findCycle`).
 * @param recipes all stored recipes; they may include an earlier version of this one
 */
export function recipeProblems(recipe: Recipe, items: readonly StockItem[], recipes: readonly Recipe[]): FieldError[] {
  return problemsBeside(recipe, new RecipeShelf(items, recipes));
}

/**
 * Same check, for callers that check many recipes.
 * @param shelf may include an earlier version of the recipe
 */
export function problemsBeside(recipe: Recipe, shelf: RecipeShelf<Recipe, StockItem>): FieldError[] {
  const problems: FieldError[] = [];
  if (recipe.variantId !== null && (recipe.menuItemId === null || recipe.modifierId !== null)) {
    const message =
      'Only the recipe of a menu item can be for a variant. Give "menuItemId" and leave out "modifierId".';
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

/** Recipes with a line whose unit is missing from the item's changed units. */
export function recipesWithoutUnit(item: StockItem, recipes: readonly Recipe[]): Recipe[] {
  return recipes.filter((recipe) =>
    recipe.lines.some((line) => line.inventoryItemId === item.id && !unitFactor(item, line.unit)),
  );
}

function amountProblems(line: RecipeLine, recipe: Recipe): FieldError[] {
  const problems: FieldError[] = [];
  const quantity = parseQuantity(line.quantity);
  if (quantity === undefined) {
    problems.push({
      pointer: '/quantity',
      message: 'Write a decimal number with at most six decimals, such as "0.25".',
    });
  } else if (quantity === 0n) {
    problems.push({
      pointer: '/quantity',
      message: 'A line needs a quantity other than zero. Give a quantity or remove the line.',
    });
  } else if (quantity < 0n && recipe.modifierId === null) {
    problems.push({
      pointer: '/quantity',
      message: 'Only the recipe of a modifier can have a quantity below zero. Write a quantity above zero.',
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
    const message = `"${item.name}" is stocked in "${item.unit}" and has no unit "${unit}". Add it to the item's units.`;
    return [{ pointer: '/unit', message }];
  }
  if (!part) return [{ pointer: '/recipeId', message: 'No such recipe.' }];
  if (!isSubRecipe(part)) {
    return [
      {
        pointer: '/recipeId',
        message: `"${part.name}" is the recipe of a sold item. Only a sub-recipe can be a part.`,
      },
    ];
  }
  if (yieldFactor(part, unit)) return [];
  return [
    {
      pointer: '/unit',
      message: `"${part.name}" is measured in "${part.yieldUnit}", which "${unit}" does not convert to.`,
    },
  ];
}

/**
 * Faults for recipes that use this one: it must stay a sub-recipe, and their units must still fit.
 */
function problemsOfUsers(recipe: Recipe, users: readonly Recipe[]): FieldError[] {
  for (const user of users) {
    for (const { recipeId, unit } of user.lines) {
      if (recipeId !== recipe.id) continue;
      const message = `"${user.name}" uses this recipe in "${unit}". Change it there first.`;
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
