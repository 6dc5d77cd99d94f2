import type { Tx } from '../../config/database.js';
import { systemCall } from '../../domain/shared/call.js';
import { type Micros, parseQuantity } from '../../domain/number/quantity.js';
import type { InventoryRepository } from '../../repositories/InventoryRepository.js';
import type { MovedItem } from '../../repositories/inventory/StockLedger.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { canBeMade, type RecipeBooks, type Recipes } from './RecipeBooks.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: InventoryRepository;
  books: RecipeBooks;
}

/** Takes dishes that the stock can no longer make off the menu, and puts them back once it can. */
export class DishAvailability {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * After the commit, re-checks the dishes for which a moved item crossed the quantity of one
   * portion.
   */
  follow(tx: Tx, restaurantId: string, recipes: Recipes, moved: Promise<readonly MovedItem[]>): void {
    tx.afterCommit(async () => {
      const dishes = (await moved).flatMap((item) => dishesAffected(item, recipes));
      if (dishes.length > 0) await this.refresh(restaurantId, [...new Set(dishes)]);
    });
  }

  /**
   * Marks each dish as in or out of stock by the current stock. Quantities are read under the locks
   * of the dishes: of two concurrent checks, the later one decides and sees at least the stock that
   * the earlier one saw.
   * @param dishes All dishes with a recipe if absent. A dish that is already marked is always
   * checked.
   */
  async refresh(restaurantId: string, dishes?: readonly string[]): Promise<void> {
    const { unitOfWork, repository, books } = this.#deps;
    const call = systemCall(restaurantId, 'stock');
    await unitOfWork.run(call, async (tx) => {
      const recipes = await books.current(restaurantId, tx);
      const locked = await repository.lockDishes(restaurantId, tx, dishes ?? recipes.book.dishes());
      const ids = locked.map((dish) => dish.id);
      const variants = await repository.variantsOf(restaurantId, tx, ids);
      const stock = await this.#stockFor(restaurantId, tx, recipes, ids);
      const changed = locked.filter(
        ({ id, isOutOfStock }) => isOutOfStock === canBeMade(id, variants.get(id) ?? [], recipes, stock),
      );
      if (changed.length === 0) return;
      await repository.toggleOutOfStock(
        restaurantId,
        tx,
        changed.map((dish) => dish.id),
      );
      await unitOfWork.record(
        tx,
        call,
        changed.map(({ id, isOutOfStock }) => ({
          type: 'menu_item.availability_changed',
          subject: 'menu_item',
          subjectId: id,
          data: { isOutOfStock: !isOutOfStock },
          changes: { isOutOfStock: { from: isOutOfStock, to: !isOutOfStock } },
        })),
      );
    });
  }

  async #stockFor(
    restaurantId: string,
    tx: Tx,
    { book, watched }: Recipes,
    dishes: readonly string[],
  ): Promise<Map<string, Micros>> {
    const used = dishes.flatMap((dish) =>
      book.targetsOf(dish).flatMap((variantId) => [...book.usesOf(dish, variantId).keys()]),
    );
    const itemIds = [...new Set(used)].filter((id) => watched.has(id));
    const stock = await this.#deps.repository.findStock(restaurantId, tx, itemIds);
    return new Map(stock.map(({ id, quantity }) => [id, parseQuantity(quantity) ?? 0n]));
  }
}

/**
 * Dishes with a recipe for which the movement made the item enough, or no longer enough, for a
 * portion.
 */
function dishesAffected({ id, before, after }: MovedItem, { book, watched }: Recipes): string[] {
  if (!watched.has(id)) return [];
  const isTurned = (portion: Micros | undefined) => portion !== undefined && before >= portion !== after >= portion;
  return [...book.dishesUsing(id)].filter((dish) =>
    book.targetsOf(dish).some((variantId) => isTurned(book.usesOf(dish, variantId).get(id))),
  );
}
