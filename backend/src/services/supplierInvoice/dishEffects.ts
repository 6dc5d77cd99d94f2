/** What a risen price does to the dishes that take the item. */
import type { Tx } from '../../config/database.js';
import { toMinor, percentOf } from '../../domain/number/exactMoney.js';
import { fromMicros } from '../../domain/number/quantity.js';
import { multiply, ratio, ratioOf, subtract } from '../../domain/number/ratio.js';
import type { PriceChange } from '../../domain/supplierInvoice/comparison.js';
import type { SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { InventoryService } from '../InventoryService.js';

/** Dishes that are shown for one item. */
const MAX_DISHES = 10;

export interface DishEffect {
  menuItemId: string;
  name: string;
  /** Minor units; without options. */
  price: number;
  /** What one portion costs more, in minor units. */
  costChange: number;
  /** Points of the margin that are lost: the change in percent of the price. */
  marginLoss: string | null;
}

/** @returns the dishes by inventory item. */
export async function dishesOf(
  inventory: InventoryService,
  repository: SupplierInvoiceRepository,
  restaurantId: string,
  tx: Tx,
  rises: readonly PriceChange[],
): Promise<Map<string, DishEffect[]>> {
  const { book } = await inventory.currentRecipes(restaurantId, tx);
  const using = rises.map((rise) => ({
    rise,
    dishes: [...book.dishesUsing(rise.inventoryItemId)].slice(0, MAX_DISHES),
  }));
  const ids = [...new Set(using.flatMap(({ dishes }) => dishes))];
  const named = new Map((await repository.lines.dishes(restaurantId, tx, ids)).map((dish) => [dish.id, dish]));
  return new Map(
    using.map(({ rise, dishes }) => [
      rise.inventoryItemId,
      dishes.flatMap((id): DishEffect[] => {
        const dish = named.get(id);
        const [variantId = null] = book.targetsOf(id);
        const portion = book.usesOf(id, variantId).get(rise.inventoryItemId);
        if (!dish || portion === undefined) return [];
        const change = subtract(ratioOf(rise.unitCost), ratioOf(rise.previousUnitCost));
        const more = multiply(fromMicros(portion), change);
        const { name, price } = dish;
        return [
          { menuItemId: id, name, price, costChange: toMinor(more), marginLoss: percentOf(more, ratio(BigInt(price))) },
        ];
      }),
    ]),
  );
}
