/** All recipes of a restaurant beside its items, found by what they are asked for: a check of one recipe costs its own lines. */
import type { Recipe, StockItem } from './recipe.js';

/** @typeParam R what is known of a recipe beside what it is made of. */
export class RecipeShelf<R extends Recipe = Recipe> {
  readonly items: ReadonlyMap<string, StockItem>;
  readonly #recipes = new Map<string, R>();
  /** Ids of the recipes that name a recipe as their part. */
  readonly #users = new Map<string, Set<string>>();

  constructor(items: readonly StockItem[], recipes: readonly R[]) {
    this.items = new Map(items.map((item) => [item.id, item]));
    for (const recipe of recipes) this.put(recipe);
  }

  get all(): R[] {
    return [...this.#recipes.values()];
  }

  get(id: string): R | undefined {
    return this.#recipes.get(id);
  }

  /** Adds a recipe, or puts it in the place of its earlier version. */
  put(recipe: R): void {
    for (const part of partsOf(this.#recipes.get(recipe.id))) this.#users.get(part)?.delete(recipe.id);
    this.#recipes.set(recipe.id, recipe);
    for (const part of partsOf(recipe)) {
      const users = this.#users.get(part);
      if (users) users.add(recipe.id);
      else this.#users.set(part, new Set([recipe.id]));
    }
  }

  /** Other recipes that name this one. */
  usersOf(id: string): R[] {
    return [...(this.#users.get(id) ?? [])].flatMap((user) => (user === id ? [] : (this.#recipes.get(user) ?? [])));
  }
}

function partsOf(recipe: Recipe | undefined): string[] {
  return recipe?.lines.flatMap(({ recipeId }) => recipeId ?? []) ?? [];
}
