/**
 * The order in which recipes can be made: parts first. When no order exists, the recipes form a
 * circle.
 */
import type { Recipe } from './recipe.js';
import type { RecipeShelf } from './recipeShelf.js';

/** Either all recipes, each after the recipes that it names, or the ids along a circle. */
export type MakingOrder = { order: Recipe[]; cycle?: undefined } | { order?: undefined; cycle: string[] };

type RecipesById = Pick<ReadonlyMap<string, Recipe>, 'get'>;

/** A recipe on the current path, and its parts that are not visited yet. */
interface Step {
  recipe: Recipe;
  left: Recipe[];
}

/**
 * Finds recipes that name each other in a circle.
 * @returns the ids along the circle, each naming the next and the last naming the first; undefined
 * when there is none
 */
export function findCycle(recipes: readonly Recipe[]): string[] | undefined {
  return makingOrder(recipes).cycle;
}

/**
 * Finds a circle that a recipe closes. The other recipes must have no circle among themselves.
 * @returns as `findCycle`.
 */
export function findCycleThrough(
  recipe: Recipe,
  shelf: Pick<RecipeShelf<Recipe, never>, 'get' | 'usersOf'>,
): string[] | undefined {
  const isNamed = shelf.usersOf(recipe.id).length > 0 || recipe.lines.some((line) => line.recipeId === recipe.id);
  if (!isNamed) return undefined;
  return walkDown(recipe, { get: (id) => (id === recipe.id ? recipe : shelf.get(id)) }, new Map());
}

/**
 * Visits each recipe once, however many recipes name it. Ignores names of recipes that are not
 * given.
 */
export function makingOrder(recipes: readonly Recipe[]): MakingOrder {
  const byId = new Map(recipes.map((recipe) => [recipe.id, recipe]));
  const done = new Map<string, Recipe>();
  for (const recipe of recipes) {
    const cycle = walkDown(recipe, byId, done);
    if (cycle) return { cycle };
  }
  return { order: [...done.values()] };
}

/**
 * Keeps its own path instead of recursion: ten thousand nested recipes would overflow the call
 * stack.
 */
function walkDown(from: Recipe, byId: RecipesById, done: Map<string, Recipe>): string[] | undefined {
  const path: Step[] = [stepTo(from, byId)];
  const onPath = new Set([from.id]);
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const part = step.left.pop();
    if (!part) {
      path.pop();
      onPath.delete(step.recipe.id);
      done.set(step.recipe.id, step.recipe);
    } else if (onPath.has(part.id)) {
      const ids = path.map(({ recipe }) => recipe.id);
      return ids.slice(ids.indexOf(part.id));
    } else if (!done.has(part.id)) {
      path.push(stepTo(part, byId));
      onPath.add(part.id);
    }
  }
  return undefined;
}

function stepTo(recipe: Recipe, byId: RecipesById): Step {
  const left = recipe.lines.flatMap(({ recipeId }) => {
    const part = recipeId === null ? undefined : byId.get(recipeId);
    return part ? [part] : [];
  });
  return { recipe, left };
}
