/** Goods receipts, and their differences from the expected prices. */
import { type MinorUnits, sum } from '../number/money.js';
import { amountOf } from './purchaseOrder.js';

export interface GoodsReceiptLine {
  purchaseOrderLineId: string | null;
  inventoryItemId: string;
  name: string;
  /** In `unit`, decimal text; negative for goods that went back with the delivery. */
  quantity: string;
  unit: string;
  /** Same quantity in the item's stock unit: the posted quantity. */
  stockQuantity: string;
  /** Minor units for one stock unit, decimal text. */
  unitCost: string;
  /** For one `unit`. */
  unitPrice: MinorUnits;
  /**
   * The order's price, or the supplier's last price when nothing was ordered; null when neither was
   * known.
   */
  expectedUnitPrice: MinorUnits | null;
  /** The part of this delivery that is beyond the ordered quantity, counting all deliveries. */
  excessQuantity: string;
  locationId: string | null;
}

export interface GoodsReceipt {
  id: string;
  /** Null for receipts from before they were numbered. */
  number: string | null;
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

/**
 * Extra cost of a line compared with the expected price; negative when it was cheaper, null when no
 * price was expected.
 */
export function priceDifferenceOf({ quantity, unitPrice, expectedUnitPrice }: Priced): MinorUnits | null {
  return expectedUnitPrice === null ? null : amountOf(quantity, unitPrice - expectedUnitPrice);
}

/** Sums of the amounts that the lines show. */
export function totalsOf(lines: readonly Priced[]): { total: MinorUnits; priceDifference: MinorUnits } {
  return {
    total: sum(lines.map(({ quantity, unitPrice }) => amountOf(quantity, unitPrice))),
    priceDifference: sum(lines.map((line) => priceDifferenceOf(line) ?? 0)),
  };
}
