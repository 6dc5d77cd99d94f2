/** Recipes taken apart down to inventory items, one after the other, parts first. */
import { type AppError, invalid } from '../shared/errors.js';
import { add, bounded, divide, multiply, ONE, type Ratio, ratioOf, ZERO } from '../number/ratio.js';
import { grossQuantity, type Recipe, type RecipeLine, type StockItem, yieldFactor } from './recipe.js';
import { unitFactor } from './units.js';

/** Inventory item id to exact stock units. */
export type ExactNeeds = ReadonlyMap<string, Ratio>;

/**
 * Of one recipe, its preparations' items included. An order of 500 such dishes stores 100,000
 * quantities.
 */
export const MOST_ITEMS = 200;
/**
 * Of all recipes of a restaurant, counting for each line the items that its part takes. Thousands
 * of dishes have a third of it.
 */
export const MOST_PARTS = 100_000;

export class ExplodedRecipes {
  /** Per one `yieldUnit`. */
  readonly #exact = new Map<string, ExactNeeds>();
  readonly #recipes = new Map<string, Recipe>();
  readonly #items: ReadonlyMap<string, StockItem>;
  readonly #isBounded: boolean;
  #parts = 0;

  /** @param isBounded refuses more than `MOST_ITEMS` and `MOST_PARTS`, before it works them out. */
  constructor(items: readonly StockItem[], isBounded: boolean) {
    this.#items = new Map(items.map((item) => [item.id, item]));
    this.#isBounded = isBounded;
  }

  recipe(id: string): Recipe | undefined {
    return this.#recipes.get(id);
  }

  /** What one `yieldUnit` takes. */
  needs(id: string): ExactNeeds | undefined {
    return this.#exact.get(id);
  }

  /**
   * Takes a recipe apart whose parts were added before. Pauses after each line, which is at most
   * `MOST_ITEMS` sums.
   * @throws AppError invalid_request beyond the bounds.
   */
  *add(recipe: Recipe): Generator<void, void> {
    const batch = new Map<string, Ratio>();
    for (const line of recipe.lines) {
      const { factor, part } = this.#partOf(line, recipe);
      this.#parts += part.size;
      if (this.#isBounded && this.#parts > MOST_PARTS) throw tooManyParts(recipe.name);
      const amount = multiply(grossQuantity(line), factor);
      for (const [id, each] of part) batch.set(id, bounded(add(batch.get(id) ?? ZERO, multiply(each, amount))));
      if (this.#isBounded && batch.size > MOST_ITEMS) throw tooManyItems(recipe.name);
      yield;
    }
    const portions = ratioOf(recipe.yield);
    this.#recipes.set(recipe.id, recipe);
    this.#exact.set(recipe.id, new Map([...batch].map(([id, total]) => [id, divide(total, portions)])));
  }

  /**
   * What one stock unit, or one `yieldUnit`, of the line's part takes, and how many of them one
   * `line.unit` is.
   */
  #partOf(line: RecipeLine, recipe: Recipe): { factor: Ratio; part: ExactNeeds } {
    const item = this.#items.get(line.inventoryItemId ?? '');
    const subRecipe = this.#recipes.get(line.recipeId ?? '');
    const factor = item ? unitFactor(item, line.unit) : subRecipe && yieldFactor(subRecipe, line.unit);
    const part = item ? new Map([[item.id, ONE]]) : this.#exact.get(line.recipeId ?? '');
    if (factor && part) return { factor, part };
    throw new Error(`recipe ${recipe.id} names an unknown part or unit: ${JSON.stringify(line)}`);
  }
}

function tooManyItems(name: string): AppError {
  const message = `"${name}" would take more than ${MOST_ITEMS} different inventory items, those of its preparations included: take some out.`;
  return invalid('/lines', message);
}

function tooManyParts(name: string): AppError {
  const message = `With "${name}" all recipes together would take more than ${MOST_PARTS} parts, those of their preparations included: delete recipes that are no longer sold.`;
  return invalid('/lines', message);
}
