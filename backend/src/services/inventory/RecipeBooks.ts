import type { Tx } from '../../config/database.js';
import type { Micros } from '../../domain/number/quantity.js';
import { RecipeBook } from '../../domain/inventory/recipeBook.js';
import type { InventoryRepository } from '../../repositories/InventoryRepository.js';
import type { RestaurantService } from '../RestaurantService.js';
import { Snapshots } from '../Snapshots.js';

/** The recipes of a restaurant, worked out, and which of its items take dishes off the menu. */
export interface Recipes {
  book: RecipeBook;
  watched: ReadonlySet<string>;
}

interface Dependencies {
  repository: InventoryRepository;
  restaurants: RestaurantService;
}

/** Recipes in memory. The version in the database decides which are right, so another instance's edit counts at once. */
export class RecipeBooks {
  readonly #deps: Dependencies;
  readonly #snapshots = new Snapshots<Recipes>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @param recipeVersion as the running transaction has read it. */
  at(restaurantId: string, tx: Tx, recipeVersion: number): Promise<Recipes> {
    return this.#snapshots.get(restaurantId, tx, recipeVersion, async () => {
      const { repository } = this.#deps;
      const items = await repository.stockedItems(restaurantId, tx);
      const recipes = await repository.recipes.all(restaurantId, tx);
      const watched = new Set(items.filter((item) => item.policy === 'auto_86').map((item) => item.id));
      return { book: new RecipeBook(items, recipes), watched };
    });
  }

  async current(restaurantId: string, tx: Tx): Promise<Recipes> {
    const { recipeVersion } = await this.#deps.restaurants.settingsWithVersions(tx, restaurantId);
    return this.at(restaurantId, tx, recipeVersion);
  }
}

/**
 * Whether a dish can be made: in one of the ways it is sold there is a portion of every watched item. An unknown item is not there.
 * @param variantIds in which it is sold, none if it has no variants: recipes of variants that are gone do not count, and a
 * variant without a recipe can always be made.
 */
export function canBeMade(
  dish: string,
  variantIds: readonly string[],
  { book, watched }: Recipes,
  stock: ReadonlyMap<string, Micros>,
): boolean {
  const isEnough = ([itemId, portion]: [string, Micros]) =>
    !watched.has(itemId) || (stock.get(itemId) ?? 0n) >= portion;
  const ways = variantIds.length > 0 ? variantIds : [null];
  return ways.some((variantId) => [...book.usesOf(dish, variantId)].every(isEnough));
}
