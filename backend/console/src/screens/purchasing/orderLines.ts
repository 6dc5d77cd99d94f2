/** Lines of a purchase order that are typed. */
import type { InventoryItem, PurchaseOrderLineInput, SupplierItem } from '../../../../client/src/api.js';
import { microsFrom, quantityText } from './quantity.js';

export interface LineDraft {
  /** Of the row, not of the line: rows have no name yet. */
  key: string;
  inventoryItemId: string;
  quantity: string;
  unit: string;
  /** Minor units; undefined: the last price of the supplier. */
  unitPrice: number | undefined;
}

export function newLine(): LineDraft {
  return { key: crypto.randomUUID(), inventoryItemId: '', quantity: '1', unit: '', unitPrice: undefined };
}

/** Units of an item, that of the supplier's pack first. */
export function unitsOf(item: InventoryItem | undefined, offer: SupplierItem | undefined): string[] {
  if (!item) return [];
  const all = [item.unit, ...item.units.map(({ unit }) => unit)];
  return offer && all.includes(offer.packUnit) ? [...new Set([offer.packUnit, ...all])] : all;
}

/** @returns undefined while a line is not complete; the server checks the rest. */
export function linesOf(drafts: readonly LineDraft[]): PurchaseOrderLineInput[] | undefined {
  const lines = drafts.map(({ inventoryItemId, quantity, unit, unitPrice }) => {
    const micros = microsFrom(quantity);
    if (inventoryItemId === '' || !micros) return undefined;
    return {
      inventoryItemId,
      quantity: quantityText(micros),
      ...(unit !== '' && { unit }),
      ...(unitPrice !== undefined && { unitPrice }),
    };
  });
  const complete = lines.filter((line) => line !== undefined);
  return complete.length === 0 || complete.length < lines.length ? undefined : complete;
}
