/** Shapes of purchasing: suppliers and what they sell, purchase orders, goods receipts. */
import { z } from 'zod';
import { type GoodsReceipt, priceDifferenceOf, totalsOf } from '../../domain/purchasing/goodsReceipt.js';
import {
  amountOf,
  PURCHASE_ORDER_STATUSES,
  type PurchaseOrder,
  totalOf,
} from '../../domain/purchasing/purchaseOrder.js';
import { SKIP_REASONS } from '../../domain/purchasing/replenishment.js';
import {
  amount,
  currency,
  edited,
  email,
  id,
  optionalText,
  pageQuery,
  patchOf,
  sum,
  text,
  timestamp,
} from './common.js';
import { positiveQuantity, shown, unit } from './inventory.js';
import { plainText } from './order.js';

const MAX_LINES = 500;
const signedAmount = z.int();

export const supplierInput = z
  .strictObject({
    name: text(200),
    contactName: optionalText(200),
    email: email.nullable().optional(),
    phone: optionalText(50),
    address: optionalText(500),
    customerNumber: optionalText(100).meta({ description: 'What the supplier calls the restaurant.' }),
    notes: optionalText(1000),
    leadTimeDays: z.int('Give a whole number of days.').min(0).max(365).nullable().optional(),
    minimumOrder: amount.nullable().optional().meta({ description: 'The least that an order must come to.' }),
  })
  .meta({ id: 'SupplierInput' });
export const supplierPatch = patchOf(supplierInput).meta({ id: 'SupplierPatch' });
export const supplier = z
  .object({
    ...edited,
    name: z.string(),
    contactName: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    address: z.string().nullable(),
    customerNumber: z.string().nullable(),
    notes: z.string().nullable(),
    leadTimeDays: z.int().nullable(),
    minimumOrder: amount.nullable(),
    currency,
  })
  .meta({ id: 'Supplier' });

const supplierItemFields = {
  articleNumber: optionalText(100).meta({ description: 'The supplier’s own.' }),
  packUnit: text(30)
    .optional()
    .meta({
      description: 'What he sells it in: a unit that the item has; its stock unit if absent.',
      examples: ['crate'],
    }),
  orderMultiple: z
    .int('Give a whole number of packs.')
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: 'He sells whole multiples of so many packs; 1 if absent.' }),
  lastPrice: amount.nullable().optional().meta({ description: 'Of one pack. Goods receipts keep it up to date.' }),
  isPreferred: z
    .boolean()
    .optional()
    .meta({ description: 'Where proposals order the item. Set here, it goes from whichever supplier had it.' }),
};
export const supplierItemInput = z
  .strictObject({ supplierId: id, inventoryItemId: id, ...supplierItemFields })
  .meta({ id: 'SupplierItemInput' });
export const supplierItemPatch = patchOf(z.strictObject(supplierItemFields)).meta({ id: 'SupplierItemPatch' });
export const supplierItem = z
  .object({
    ...edited,
    supplierId: id,
    supplierName: z.string(),
    inventoryItemId: id,
    inventoryItemName: z.string(),
    articleNumber: z.string().nullable(),
    packUnit: z.string(),
    orderMultiple: z.int(),
    lastPrice: amount.nullable(),
    lastPriceAt: timestamp.nullable(),
    isPreferred: z.boolean(),
    currency,
  })
  .meta({ id: 'SupplierItem' });

const price = amount.meta({ description: 'For one of the unit, e.g. of a crate.' });
const orderLineInput = z
  .strictObject({
    inventoryItemId: id,
    quantity: positiveQuantity.meta({ description: 'In `unit`.', examples: ['2'] }),
    unit: unit.optional().meta({
      description:
        'A unit that the item has. If absent, the supplier’s pack, or the stock unit of what he is not known to sell.',
    }),
    unitPrice: price.nullable().optional().meta({
      description: 'For one of the unit. If absent, the supplier’s last price. Null: not known until the goods come.',
    }),
  })
  .meta({ id: 'PurchaseOrderLineInput' });

export const purchaseOrderInput = z
  .strictObject({
    supplierId: id,
    expectedAt: timestamp
      .nullable()
      .optional()
      .meta({ description: 'If absent, now and the days that the supplier takes.' }),
    notes: optionalText(1000),
    lines: z.array(orderLineInput).min(1, 'Order at least one thing.').max(MAX_LINES),
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
      .meta({ description: 'Drawn when it is sent.', examples: ['PO-2026-11-0001'] }),
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
        receivedQuantity: shown.meta({ description: 'In `unit`. More than `quantity` where more came.' }),
      }),
    ),
    total: sum.meta({ description: 'Of the lines whose price is known.' }),
    isBelowMinimum: z.boolean().meta({ description: 'Whether it comes to less than the supplier delivers for.' }),
    isClosedShort: z.boolean().meta({ description: 'Received in part, and the rest will not come.' }),
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
      description: 'One draft for each supplier; several where one would come to more than a purchase order may.',
    }),
    skipped: z
      .array(z.object({ inventoryItemId: id, name: z.string(), reason: z.enum(SKIP_REASONS) }))
      .meta({ description: 'Items that are low and were not ordered, and why.' }),
  })
  .meta({ id: 'PurchaseOrderProposals' });

const delivery = {
  reference: optionalText(100).meta({ description: 'Number of the delivery note.' }),
  receivedAt: timestamp.optional().meta({ description: 'When it came; now, if absent.' }),
};
const came = {
  quantity: positiveQuantity.meta({ examples: ['2'] }),
  locationId: id.optional().meta({ description: 'Where it was put; the item’s own location if absent.' }),
};
export const receiveInput = z
  .strictObject({
    ...delivery,
    acceptExcess: z.boolean().optional().meta({
      description: 'Takes more than a tenth above what was ordered, which is refused otherwise.',
    }),
    lines: z
      .array(
        z.strictObject({
          lineId: id.meta({ description: 'Of the order. It may come in several lines, e.g. to two locations.' }),
          ...came,
          unitPrice: price
            .optional()
            .meta({ description: 'What is charged for one of its unit; the order’s if absent.' }),
        }),
      )
      .min(1, 'Receive at least one thing.')
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
          unit: unit.optional().meta({ description: 'As in orders.' }),
          unitPrice: price
            .optional()
            .meta({ description: 'For one of the unit; the supplier’s last price if absent.' }),
        }),
      )
      .min(1, 'Receive at least one thing.')
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
      description: 'Where things stand that have been carried elsewhere since; if absent, where they were put.',
    }),
});

export const goodsReceipt = z
  .object({
    id,
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
        quantity: shown,
        unit: z.string(),
        stockQuantity: shown.meta({ description: 'The same in the item’s stock unit, as it was posted.' }),
        unitCost: shown.meta({ description: 'Minor units for one stock unit.' }),
        unitPrice: amount,
        amount: sum,
        expectedUnitPrice: amount
          .nullable()
          .meta({ description: 'The order’s, or the supplier’s last one where nothing was ordered.' }),
        priceDifference: signedAmount
          .nullable()
          .meta({ description: 'What the line cost more than expected; negative when it was cheaper.' }),
        excessQuantity: shown.meta({
          description: 'How much of it is more than was ordered, in all deliveries together.',
        }),
        locationId: id.nullable(),
      }),
    ),
    total: sum,
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

/** An order as the API shows it: with what follows from its lines. */
export function presentPurchaseOrder({ minimumOrder, ...order }: PurchaseOrder) {
  const lines = order.lines.map((line) => ({
    ...line,
    amount: line.unitPrice === null ? null : amountOf(line.quantity, line.unitPrice),
  }));
  const total = totalOf(order.lines);
  return { ...order, lines, total, isBelowMinimum: minimumOrder !== null && total < minimumOrder };
}

/** A receipt as the API shows it: with its sums and what differs from the order. */
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
