/** Schemas of suppliers and the items that they sell. */
import { z } from 'zod';
import { amount, currency, edited, email, id, optionalText, patchOf, text, timestamp } from './common.js';

export const supplierInput = z
  .strictObject({
    name: text(200),
    contactName: optionalText(200),
    email: email.nullable().optional(),
    phone: optionalText(50),
    address: optionalText(500),
    customerNumber: optionalText(100).meta({ description: 'The restaurant’s customer number at the supplier.' }),
    notes: optionalText(1000),
    leadTimeDays: z.int('Give a whole number of days.').min(0).max(365).nullable().optional(),
    minimumOrder: amount.nullable().optional().meta({ description: 'Minimum total of an order, in minor units.' }),
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
  articleNumber: optionalText(100).meta({ description: 'The supplier’s article number.' }),
  packUnit: text(30)
    .optional()
    .meta({
      description:
        'Unit in which the supplier sells the item. It must be a unit of the item; its stock unit if absent.',
      examples: ['crate'],
    }),
  orderMultiple: z
    .int('Give a whole number of packs.')
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: 'The supplier sells only multiples of this number of packs. 1 if absent.' }),
  lastPrice: amount.nullable().optional().meta({ description: 'Price of one pack. Each goods receipt updates it.' }),
  isPreferred: z.boolean().optional().meta({
    description:
      'Order proposals use the preferred supplier. Setting this removes the mark from the item’s previous one.',
  }),
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
