import type { Call } from '../../domain/shared/call.js';
import { formatQuantity, type Micros, parseQuantity } from '../../domain/number/quantity.js';
import type { InventoryRepository } from '../../repositories/InventoryRepository.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { RecipeBooks } from './RecipeBooks.js';

/** What one way of selling a dish takes, and how many portions the stock is enough for. */
export interface Portions {
  variantId: string | null;
  /** Null without a recipe: then nothing limits it. */
  portions: number | null;
  ingredients: { inventoryItemId: string; portion: string; onHand: string }[];
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: InventoryRepository;
  books: RecipeBooks;
}

/** How many portions of a dish the stock makes now, for each way of selling it. */
export function portionsOf(
  { unitOfWork, repository, books }: Dependencies,
  call: Call,
  dish: string,
): Promise<Portions[]> {
  return unitOfWork.read(call, async (tx) => {
    const { book } = await books.current(call.restaurantId, tx);
    const ways = book.targetsOf(dish).map((variantId) => ({ variantId, uses: book.usesOf(dish, variantId) }));
    const ids = [...new Set(ways.flatMap(({ uses }) => [...uses.keys()]))];
    const stock = new Map(
      (await repository.findStock(call.restaurantId, tx, ids)).map(({ id, quantity }) => [
        id,
        parseQuantity(quantity) ?? 0n,
      ]),
    );
    return ways.map(({ variantId, uses }) => ({
      variantId,
      portions: enoughFor(uses, stock),
      ingredients: [...uses].map(([id, portion]) => ({
        inventoryItemId: id,
        portion: formatQuantity(portion),
        onHand: formatQuantity(stock.get(id) ?? 0n),
      })),
    }));
  });
}

function enoughFor(uses: ReadonlyMap<string, Micros>, stock: ReadonlyMap<string, Micros>): number | null {
  const counts = [...uses]
    .filter(([, portion]) => portion > 0n)
    .map(([id, portion]) => (stock.get(id) ?? 0n) / portion);
  if (counts.length === 0) return null;
  const least = counts.reduce((a, b) => (b < a ? b : a));
  return least < 0n ? 0 : Number(least);
}
