import type { PurchaseOrderLine } from '../../../../client/src/api.js';
import { microsFrom, quantityText } from '../purchasing/quantity.js';

/** A line as it is sent back, with its quantity. */
export function keptLine({ inventoryItemId, unit, unitPrice }: PurchaseOrderLine, text: string) {
  const quantity = quantityText(microsFrom(text) ?? 0);
  return { inventoryItemId, quantity, unit, ...(unitPrice === null ? {} : { unitPrice }) };
}
