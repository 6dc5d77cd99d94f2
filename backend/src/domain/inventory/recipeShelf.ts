/**
 * All recipes and items of a restaurant, indexed by id and by user: checking one recipe costs only
 * its own lines.
 */

interface Shelved {
  id: string;
  lines: readonly { recipeId: string | null }[];
}

export class RecipeShelf<R extends Shelved, I extends { id: string }> {
  readonly items: ReadonlyMap<string, I>;
  readonly #recipes = new Map<string, R>();
  /** Ids of the recipes that name a recipe as their part. */
  readonly #users = new Map<string, Set<string>>();

  constructor(items: readonly I[], recipes: readonly R[]) {
    this.items = new Map(items.map((item) => [item.id, item]));
    for (const recipe of recipes) this.put(recipe);
  }

  get all(): R[] {
    return [...this.#recipes.values()];
  }

  get(id: string): R | undefined {
    return this.#recipes.get(id);
  }

  /** Adds a recipe, or replaces its earlier version. */
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

function partsOf(recipe: Shelved | undefined): string[] {
  return recipe?.lines.flatMap(({ recipeId }) => recipeId ?? []) ?? [];
}
