/** Schemas of purchasing: purchase orders and goods receipts. */
import { z } from 'zod';
import { type GoodsReceipt, priceDifferenceOf, totalsOf } from '../../domain/purchasing/goodsReceipt.js';
import {
  amountOf,
  PURCHASE_ORDER_STATUSES,
  type PurchaseOrder,
  totalOf,
} from '../../domain/purchasing/purchaseOrder.js';
import { SKIP_REASONS } from '../../domain/purchasing/replenishment.js';
import { amount, currency, edited, id, optionalText, pageQuery, patchOf, sum, text, timestamp } from './common.js';
import { money } from './exported.js';
import { positiveQuantity, shown, unit } from './inventory.js';
import { plainText } from './order.js';

const MAX_LINES = 500;
const signedAmount = money(z.int());

const price = amount.meta({ description: 'Price of one `unit`, for example of one crate.' });
const orderLineInput = z
  .strictObject({
    inventoryItemId: id,
    quantity: positiveQuantity.meta({ description: 'In `unit`.', examples: ['2'] }),
    unit: unit.optional().meta({
      description:
        'A unit of the item. If absent: the supplier’s pack unit, or the stock unit if the supplier does not list the item.',
    }),
    unitPrice: price.nullable().optional().meta({
      description: 'Price of one `unit`. If absent: the supplier’s last price. Null: unknown until the goods arrive.',
    }),
  })
  .meta({ id: 'PurchaseOrderLineInput' });

export const purchaseOrderInput = z
  .strictObject({
    supplierId: id,
    expectedAt: timestamp.nullable().optional().meta({ description: 'If absent: now plus the supplier’s lead time.' }),
    notes: optionalText(1000),
    lines: z.array(orderLineInput).min(1, 'Give at least one line.').max(MAX_LINES),
  })
  .meta({ id: 'PurchaseOrderInput' });
export const purchaseOrderPatch = patchOf(purchaseOrderInput).meta({ id: 'PurchaseOrderPatch' });
export const purchaseOrderQuery = pageQuery.extend({
  status: z.enum(PURCHASE_ORDER_STATUSES).optional(),
  supplierId: id.optional(),
  number: text(50).optional(),
});
export const closeInput = z.strictObject({ reason: plainText(500).optional() });

export const purchaseOrder = z
  .object({
    ...edited,
    number: z
      .string()
      .nullable()
      .meta({ description: 'Assigned when the order is sent.', examples: ['PO-2026-11-0001'] }),
    status: z.enum(PURCHASE_ORDER_STATUSES),
    supplierId: id,
    supplierName: z.string(),
    expectedAt: timestamp.nullable(),
    notes: z.string().nullable(),
    lines: z.array(
      z.object({
        id,
        inventoryItemId: id,
        name: z.string(),
        articleNumber: z.string().nullable(),
        quantity: shown,
        unit: z.string(),
        unitPrice: amount.nullable(),
        amount: sum.nullable(),
        receivedQuantity: shown.meta({
          description: 'In `unit`. It exceeds `quantity` if more than ordered was delivered.',
        }),
      }),
    ),
    total: sum.meta({ description: 'Total of the lines whose price is known.' }),
    isBelowMinimum: z.boolean().meta({ description: 'Whether the total is below the supplier’s minimum order.' }),
    isClosedShort: z.boolean().meta({ description: 'Partly received; the rest will not be delivered.' }),
    closeReason: z.string().nullable(),
    createdBy: z.string(),
    sentAt: timestamp.nullable(),
    closedAt: timestamp.nullable(),
    currency,
  })
  .meta({ id: 'PurchaseOrder' });

export const proposals = z
  .object({
    orders: z.array(purchaseOrder).meta({
      description: 'One draft per supplier; several if one would exceed the limit of a purchase order.',
    }),
    skipped: z
      .array(z.object({ inventoryItemId: id, name: z.string(), reason: z.enum(SKIP_REASONS) }))
      .meta({ description: 'Low items that were not ordered, each with the reason.' }),
  })
  .meta({ id: 'PurchaseOrderProposals' });

const delivery = {
  reference: optionalText(100).meta({ description: 'Number on the delivery note.' }),
  receivedAt: timestamp.optional().meta({ description: 'When the goods arrived. Now if absent.' }),
};
const came = {
  quantity: positiveQuantity.meta({ examples: ['2'] }),
  locationId: id.optional().meta({ description: 'Where the goods are stored. The item’s own location if absent.' }),
};
export const receiveInput = z
  .strictObject({
    ...delivery,
    acceptExcess: z.boolean().optional().meta({
      description:
        'Accepts more than 10 % above the ordered quantity, all deliveries taken together. Otherwise that is refused.',
    }),
    lines: z
      .array(
        z.strictObject({
          lineId: id.meta({
            description: 'A line of the order. Several receipt lines may name it, for example for two locations.',
          }),
          ...came,
          unitPrice: price
            .optional()
            .meta({ description: 'Price charged for one unit of the order line. The order’s price if absent.' }),
        }),
      )
      .min(1, 'Give at least one line.')
      .max(MAX_LINES),
  })
  .meta({ id: 'PurchaseOrderReceiveInput' });
export const goodsReceiptInput = z
  .strictObject({
    supplierId: id,
    ...delivery,
    lines: z
      .array(
        z.strictObject({
          inventoryItemId: id,
          ...came,
          unit: unit.optional().meta({
            description:
              'A unit of the item. If absent: the supplier’s pack unit, or the stock unit if the supplier does not list the item.',
          }),
          unitPrice: price
            .optional()
            .meta({ description: 'Price of one `unit`. The supplier’s last price if absent.' }),
        }),
      )
      .min(1, 'Give at least one line.')
      .max(MAX_LINES),
  })
  .meta({ id: 'GoodsReceiptInput' });
export const goodsReceiptQuery = pageQuery.extend({ supplierId: id.optional(), purchaseOrderId: id.optional() });
export const reverseInput = z.strictObject({
  reason: plainText(500),
  takeFrom: z
    .array(z.strictObject({ inventoryItemId: id, locationId: id }))
    .max(MAX_LINES)
    .optional()
    .meta({
      description:
        'Current locations of items that were moved after the receipt. Other items leave the location of the receipt.',
    }),
});

export const goodsReceipt = z
  .object({
    id,
    number: z
      .string()
      .nullable()
      .meta({ description: 'Null for receipts from before they were numbered.', examples: ['GR-2026-11-0001'] }),
    status: z.enum(['posted', 'reversed']),
    supplierId: id,
    supplierName: z.string(),
    purchaseOrderId: id.nullable(),
    purchaseOrderNumber: z.string().nullable(),
    reference: z.string().nullable(),
    receivedAt: timestamp,
    lines: z.array(
      z.object({
        purchaseOrderLineId: id.nullable(),
        inventoryItemId: id,
        name: z.string(),
        quantity: shown.meta({ description: 'Negative for goods that went back, as an invoice states them.' }),
        unit: z.string(),
        stockQuantity: shown.meta({ description: 'The quantity as posted, in the item’s stock unit.' }),
        unitCost: money(shown.meta({ description: 'Minor units for one stock unit.' })),
        unitPrice: amount,
        amount: signedAmount,
        expectedUnitPrice: amount
          .nullable()
          .meta({ description: 'The order’s price, or the supplier’s last price if nothing was ordered.' }),
        priceDifference: signedAmount
          .nullable()
          .meta({ description: 'Cost of the line above the expected cost; negative if it was cheaper.' }),
        excessQuantity: shown.meta({
          description: 'Part of the quantity that exceeds the order, all deliveries taken together.',
        }),
        locationId: id.nullable(),
      }),
    ),
    total: signedAmount,
    priceDifference: signedAmount,
    hasExcess: z.boolean(),
    createdBy: z.string(),
    createdAt: timestamp,
    reversedAt: timestamp.nullable(),
    reversedBy: z.string().nullable(),
    reverseReason: z.string().nullable(),
    currency,
  })
  .meta({ id: 'GoodsReceipt' });
export const received = z.object({ goodsReceipt, purchaseOrder }).meta({ id: 'PurchaseOrderReceived' });

/** Adds the amounts that follow from the lines of an order. */
export function presentPurchaseOrder({ minimumOrder, ...order }: PurchaseOrder) {
  const lines = order.lines.map((line) => ({
    ...line,
    amount: line.unitPrice === null ? null : amountOf(line.quantity, line.unitPrice),
  }));
  const total = totalOf(order.lines);
  return { ...order, lines, total, isBelowMinimum: minimumOrder !== null && total < minimumOrder };
}

/** Adds the sums of a receipt and its differences from the order. */
export function presentGoodsReceipt(receipt: GoodsReceipt) {
  const lines = receipt.lines.map((line) => ({
    ...line,
    amount: amountOf(line.quantity, line.unitPrice),
    priceDifference: priceDifferenceOf(line),
  }));
  const status: 'posted' | 'reversed' = receipt.reversedAt === null ? 'posted' : 'reversed';
  const hasExcess = lines.some((line) => line.excessQuantity !== '0');
  return { ...receipt, ...totalsOf(receipt.lines), lines, status, hasExcess };
}
