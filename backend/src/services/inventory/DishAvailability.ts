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

/** Takes dishes off the menu that the store room cannot make, and brings them back when it can. */
export class DishAvailability {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Looks again, after the commit, at the dishes for which the moved items made the difference between enough and not. */
  follow(tx: Tx, restaurantId: string, recipes: Recipes, moved: Promise<readonly MovedItem[]>): void {
    tx.afterCommit(async () => {
      const dishes = (await moved).flatMap((item) => dishesAffected(item, recipes));
      if (dishes.length > 0) await this.refresh(restaurantId, [...new Set(dishes)]);
    });
  }

  /**
   * Marks each dish by what is in stock now. Quantities are read under the locks of the dishes, so that of two who look at
   * once the later one decides, and it has seen at least what the earlier one saw.
   * @param dishes all that have recipes, if absent. Dishes that are marked already are always looked at.
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

/** Dishes one of whose recipes the movement gave enough of the item, or took it from. */
function dishesAffected({ id, before, after }: MovedItem, { book, watched }: Recipes): string[] {
  if (!watched.has(id)) return [];
  const isTurned = (portion: Micros | undefined) => portion !== undefined && before >= portion !== after >= portion;
  return [...book.dishesUsing(id)].filter((dish) =>
    book.targetsOf(dish).some((variantId) => isTurned(book.usesOf(dish, variantId).get(id))),
  );
}
