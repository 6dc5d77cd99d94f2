/** Makes the lines of a purchase order from the lines of a request. */
import type { Tx } from '../../config/database.js';
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { MinorUnits } from '../../domain/number/money.js';
import { type PurchaseOrderLine, totalOf } from '../../domain/purchasing/purchaseOrder.js';
import type { BoughtItem, PricedOffer, PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import { newId } from '../../utils/ids.js';
import { inStockUnits } from '../inventory/movementRules.js';

export interface PurchaseOrderLineInput {
  inventoryItemId: string;
  quantity: string;
  /** If absent: the pack of the supplier, or the stock unit of an item without a known pack. */
  unit?: string | undefined;
  /** Price of one `unit`; the last price of the supplier if absent. */
  unitPrice?: MinorUnits | null | undefined;
}

/** An item with its purchase unit and the last known price. */
export interface Purchase {
  item: BoughtItem;
  unit: string;
  lastPrice: MinorUnits | null;
  articleNumber: string | null;
}

/**
 * @param supplierId an existing supplier.
 * @throws AppError not_found, invalid_request, each with its pointer.
 */
export async function linesOf(
  repository: PurchasingRepository,
  restaurantId: string,
  tx: Tx,
  supplierId: string,
  inputs: readonly PurchaseOrderLineInput[],
): Promise<PurchaseOrderLine[]> {
  const ids = inputs.map((input) => input.inventoryItemId);
  const items = await repository.findItems(restaurantId, tx, ids);
  const offers = await repository.offers(restaurantId, tx, ids, supplierId);
  const lines = inputs.map((input, index): PurchaseOrderLine => {
    const { item, unit, lastPrice, articleNumber } = purchaseOf(input, items, offers, `/lines/${index}`);
    inStockUnits(item, input.quantity, unit, `/lines/${index}`);
    return {
      id: newId(),
      inventoryItemId: item.id,
      name: item.name,
      articleNumber,
      quantity: input.quantity,
      unit,
      unitPrice: input.unitPrice === undefined ? lastPrice : input.unitPrice,
      receivedQuantity: '0',
    };
  });
  // A total that is too large is refused now, so that every later view can show it.
  totalOf(lines);
  return lines;
}

/** @param pointer to the line. @throws AppError not_found. */
export function purchaseOf(
  { inventoryItemId, unit }: { inventoryItemId: string; unit?: string | undefined },
  items: readonly BoughtItem[],
  offers: readonly PricedOffer[],
  pointer: string,
): Purchase {
  const item = items.find((one) => one.id === inventoryItemId);
  if (!item) throw notFound('inventory item', `${pointer}/inventoryItemId`);
  const offer = offers.find(
    (one) => one.inventoryItemId === inventoryItemId && (unit === undefined || one.packUnit === unit),
  );
  return {
    item,
    unit: unit ?? offer?.packUnit ?? item.unit,
    lastPrice: offer?.lastPrice ?? null,
    articleNumber: offer?.articleNumber ?? null,
  };
}

/** @throws AppError invalid_request for a time in the future. */
export function assertPast(time: string | undefined, now: Date): void {
  if (time !== undefined && Date.parse(time) > now.getTime())
    throw invalid('/receivedAt', 'This time is in the future. Send the time of the delivery, or leave it out.');
}
