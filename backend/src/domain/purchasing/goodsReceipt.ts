/** What came in at the door, and how its prices differ from those that were expected. */
import { type MinorUnits, sum } from '../number/money.js';
import { amountOf } from './purchaseOrder.js';

export interface GoodsReceiptLine {
  purchaseOrderLineId: string | null;
  inventoryItemId: string;
  name: string;
  /** In `unit`, decimal text. */
  quantity: string;
  unit: string;
  /** The same in the item's stock unit: what was posted. */
  stockQuantity: string;
  /** Minor units for one stock unit, decimal text. */
  unitCost: string;
  /** For one `unit`. */
  unitPrice: MinorUnits;
  /** The order's price, or the supplier's last one where nothing was ordered; null when neither was known. */
  expectedUnitPrice: MinorUnits | null;
  /** How much of it is more than was ordered, in all deliveries together. */
  excessQuantity: string;
  locationId: string | null;
}

export interface GoodsReceipt {
  id: string;
  supplierId: string;
  supplierName: string;
  purchaseOrderId: string | null;
  purchaseOrderNumber: string | null;
  /** The delivery note's number. */
  reference: string | null;
  receivedAt: string;
  lines: GoodsReceiptLine[];
  createdBy: string;
  createdAt: string;
  reversedAt: string | null;
  reversedBy: string | null;
  reverseReason: string | null;
}

type Priced = Pick<GoodsReceiptLine, 'quantity' | 'unitPrice' | 'expectedUnitPrice'>;

/** What a line cost more than expected; negative when it was cheaper, null when nothing was expected. */
export function priceDifferenceOf({ quantity, unitPrice, expectedUnitPrice }: Priced): MinorUnits | null {
  return expectedUnitPrice === null ? null : amountOf(quantity, unitPrice - expectedUnitPrice);
}

/** The sums of what the lines show. */
export function totalsOf(lines: readonly Priced[]): { total: MinorUnits; priceDifference: MinorUnits } {
  return {
    total: sum(lines.map(({ quantity, unitPrice }) => amountOf(quantity, unitPrice))),
    priceDifference: sum(lines.map((line) => priceDifferenceOf(line) ?? 0)),
  };
}
