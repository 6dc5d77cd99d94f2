/** Data of events about stock and purchasing. */
import { z } from 'zod';
import { PURCHASE_ORDER_STATUSES } from '../../../domain/purchasing/purchaseOrder.js';
import { MOVEMENT_KINDS } from '../../../domain/stock/stock.js';
import { balance, businessDate, id, timestamp } from '../common.js';
import { inventoryItem, recipe, shown, stockLocation } from '../inventory.js';
import { supplier, supplierItem } from '../supplier.js';
import { prep, transfer, wasteEntry } from '../stockTaking.js';

const item = inventoryItem.omit({ isLow: true, unitCost: true, currency: true }).extend({
  averageCost: shown.meta({ description: 'Minor units for one stock unit.' }),
});
const level = z.object({ name: z.string(), unit: z.string(), quantity: shown, reorderPoint: shown });
const postedLine = z.object({
  inventoryItemId: id,
  name: z.string(),
  locationId: id.nullable(),
  quantity: shown,
  unit: z.string(),
  unitCost: shown,
});

const purchaseOrder = z.object({
  supplierId: id,
  number: z.string().nullable(),
  status: z.enum(PURCHASE_ORDER_STATUSES),
  total: z.int(),
  version: z.int(),
});
const receipt = z.object({
  supplierId: id,
  purchaseOrderId: id.nullable(),
  reference: z.string().nullable(),
  reverseReason: z.string().nullable(),
  total: z.int(),
  priceDifference: z.int(),
});

export const STOCK_EVENTS = {
  'stock_location.created': stockLocation,
  'stock_location.changed': stockLocation,
  'stock_location.deleted': stockLocation,
  'inventory_item.created': item,
  'inventory_item.changed': item,
  'inventory_item.deleted': item,
  'recipe.created': recipe,
  'recipe.changed': recipe,
  'recipe.deleted': recipe,
  'stock.moved': z.object({
    movementId: id,
    kind: z.enum(MOVEMENT_KINDS),
    quantity: shown,
    reason: z.string().nullable(),
  }),
  'stock.depleted': z.object({
    from: businessDate,
    to: businessDate,
    ordersDepleted: z.int(),
    consumption: z.array(z.object({ inventoryItemId: id, name: z.string(), quantity: shown, unit: z.string() })),
  }),
  'stock.wasted': wasteEntry.omit({ value: true, currency: true }).extend({ lines: z.array(postedLine) }),
  'stock.transferred': transfer.omit({ currency: true }).extend({ lines: z.array(postedLine) }),
  'stock.prepared': prep
    .omit({ value: true, currency: true })
    .extend({ output: postedLine, consumed: z.array(postedLine) }),
  'stock.low': level,
  'stock.negative': level,
  'stock.low_digest': z.object({
    items: z.array(z.object({ id, name: z.string(), unit: z.string(), currentQuantity: shown, reorderPoint: shown })),
    hasMore: z.boolean(),
  }),
  'stock_count.opened': z.object({
    locationId: id.nullable(),
    isBlind: z.boolean(),
    notes: z.string().nullable(),
  }),
  'stock_count.recorded': z.object({
    lines: z.array(
      z.object({
        inventoryItemId: id,
        quantity: shown.nullable(),
        countedAt: timestamp.nullable(),
        recordedAt: timestamp.nullable(),
      }),
    ),
  }),
  'stock_count.committed': z.object({
    countedItems: z.int(),
    uncountedItems: z.int(),
    gain: balance,
    loss: balance,
  }),
  'stock_count.cancelled': z.object({}),
  'supplier.created': supplier.omit({ currency: true }),
  'supplier.changed': supplier.omit({ currency: true }),
  'supplier.deleted': supplier.omit({ currency: true }),
  'supplier_item.created': supplierItem.omit({ currency: true }),
  'supplier_item.changed': supplierItem.omit({ currency: true }),
  'supplier_item.deleted': supplierItem.omit({ currency: true }),
  'purchase_order.created': purchaseOrder,
  'purchase_order.changed': purchaseOrder,
  'purchase_order.sent': purchaseOrder,
  'purchase_order.received': purchaseOrder,
  'purchase_order.cancelled': purchaseOrder,
  'purchase_order.closed': purchaseOrder,
  'goods_receipt.posted': receipt,
  'goods_receipt.reversed': receipt,
};
