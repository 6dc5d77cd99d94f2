/** Turns staged orders into stored ones: sold at the prices of that time, closed and paid. */
import type { ImportAction } from '../../domain/import/import.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import { sum } from '../../domain/number/money.js';
import type { LineModifier } from '../../domain/order/order.js';
import type { RecipeBook } from '../../domain/inventory/recipeBook.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type {
  ImportedLine,
  ImportedOrder,
  OrderBatch,
  StoredImportedOrder,
} from '../../repositories/import/ImportedOrders.js';
import type { StagedLine, StagedOrder } from '../../repositories/import/ImportStage.js';
import { stockUseOf } from '../order/orderStock.js';
import { newId } from '../../utils/ids.js';
import type { MenuPlan } from './menuPlan.js';

export interface WantedOrder {
  order: StagedOrder;
  action: ImportAction;
  stored: StoredImportedOrder | undefined;
}

/**
 * @param lines of these orders, in the order of the file within each order.
 * @param bookFor the recipes by which an order takes its ingredients; undefined if it takes none.
 */
export function buildOrders(
  wanted: readonly WantedOrder[],
  lines: readonly StagedLine[],
  menu: MenuPlan,
  settings: RestaurantSettings,
  bookFor: (order: WantedOrder) => RecipeBook | undefined,
): { created: OrderBatch; completed: OrderBatch } {
  const linesByKey = new Map<string, StagedLine[]>();
  for (const line of lines) {
    const own = linesByKey.get(line.orderKey);
    if (own) own.push(line);
    else linesByKey.set(line.orderKey, [line]);
  }
  const created: OrderBatch = { orders: [], lines: [] };
  const completed: OrderBatch = { orders: [], lines: [] };
  for (const one of wanted) {
    const { order, action, stored } = one;
    const book = bookFor(one);
    const target = action === 'create' ? created : completed;
    const id = stored?.id ?? newId();
    const own = (linesByKey.get(order.orderKey) ?? []).map((line, index) =>
      buildLine(line, { id, position: index + 1 }, menu, book),
    );
    target.orders.push(buildOrder(order, id, own, settings));
    target.lines.push(...own);
  }
  return { created, completed };
}

function buildOrder(
  order: StagedOrder,
  id: string,
  lines: readonly ImportedLine[],
  settings: RestaurantSettings,
): ImportedOrder {
  const subtotal = sum(lines.map((line) => line.grossAmount));
  const discountTotal = sum(lines.map((line) => line.discountAmount));
  return {
    id,
    orderKey: order.orderKey,
    type: order.orderType,
    businessDate: businessDate(new Date(order.orderedAt), settings.timezone, settings.businessDayCutoffHour),
    subtotal,
    discountTotal,
    total: subtotal - discountTotal,
    faultyRows: order.faultyRows,
    createdAt: order.orderedAt,
    paymentId: newId(),
  };
}

function buildLine(
  line: StagedLine,
  place: { id: string; position: number },
  menu: MenuPlan,
  book: RecipeBook | undefined,
): ImportedLine {
  const item = menu.item(line.itemNo);
  const variant = menu.variant(line.variantNo);
  const { quantity, measured, unitPrice, discountAmount, amount } = line;
  const sold = {
    menuItemId: item.menuItemId,
    variantId: variant?.variantId ?? null,
    modifiers: modifiersOf(line, menu),
    measured,
  };
  return {
    id: newId(),
    orderId: place.id,
    position: place.position,
    ...sold,
    categoryId: item.categoryId,
    categoryName: item.categoryName,
    name: item.name,
    variantName: variant?.name ?? null,
    quantity,
    measured,
    unitPrice,
    discounts: discountAmount === 0 ? [] : [{ name: 'Rounding', amount: discountAmount }],
    grossAmount: amount + discountAmount,
    discountAmount,
    amount,
    stockUse: book ? stockUseOf(book, sold) : {},
    createdAt: line.orderedAt,
  };
}

/** Modifiers have the price zero: the line price of the other till already includes them. */
function modifiersOf({ itemNo, choices }: StagedLine, menu: MenuPlan): LineModifier[] {
  const quantities = new Map<number, number>();
  for (const choice of choices) quantities.set(choice, (quantities.get(choice) ?? 0) + 1);
  return [...quantities].map(([choice, quantity]) => ({
    ...menu.modifier(itemNo, choice),
    price: 0,
    quantity,
    freeQuantity: 0,
  }));
}
