import type { Tx } from '../../config/database.js';
import type { Micros } from '../../domain/number/quantity.js';
import { RecipeBook } from '../../domain/inventory/recipeBook.js';
import type { InventoryRepository } from '../../repositories/InventoryRepository.js';
import { inTurns, Pace } from '../../utils/turns.js';
import type { RestaurantService } from '../RestaurantService.js';
import { Snapshots } from '../Snapshots.js';

/**
 * The calculated recipes of a restaurant, and the items that take dishes off the menu when they run
 * out.
 */
export interface Recipes {
  book: RecipeBook;
  watched: ReadonlySet<string>;
}

interface Dependencies {
  repository: InventoryRepository;
  restaurants: RestaurantService;
}

/**
 * Caches recipes in memory. The version in the database decides which are current, so an edit by
 * another instance applies at once.
 */
export class RecipeBooks {
  readonly #deps: Dependencies;
  readonly #snapshots = new Snapshots<Recipes>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @param recipeVersion as read by the running transaction. */
  at(restaurantId: string, tx: Tx, recipeVersion: number): Promise<Recipes> {
    return this.#snapshots.get(restaurantId, tx, recipeVersion, async () => {
      const { repository } = this.#deps;
      const items = await repository.stockedItems(restaurantId, tx);
      const recipes = await repository.recipes.all(restaurantId, tx);
      const watched = new Set(items.filter((item) => item.policy === 'auto_86').map((item) => item.id));
      const book = await inTurns(RecipeBook.making(items, recipes, false), new Pace(restaurantId));
      return { book, watched };
    });
  }

  /** The last recipes that `at` has read, and their version. They may be old by now. */
  known(restaurantId: string): { version: number; value: Recipes } | undefined {
    return this.#snapshots.known(restaurantId);
  }

  async current(restaurantId: string, tx: Tx): Promise<Recipes> {
    const { recipeVersion } = await this.#deps.restaurants.settingsWithVersions(tx, restaurantId);
    return this.at(restaurantId, tx, recipeVersion);
  }
}

/**
 * Whether a dish can be made: in at least one way of selling it, stock holds a portion of every
 * watched item. An unknown item counts as out of stock.
 * @param variantIds the variants in which it is sold, empty if it has none. Recipes of removed
 * variants do not count, and a variant without a recipe can always be made.
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
