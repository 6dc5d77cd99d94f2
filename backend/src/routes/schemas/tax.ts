/** Schemas of taxes. */
import { z } from 'zod';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import { VAT_CATEGORIES } from '../../domain/order/vatCategory.js';
import { edited, id, optionalText, patchOf, percent, text } from './common.js';
import { decimal } from './exported.js';
import { orderType } from './menuParts.js';

const vatCategory = z.enum(VAT_CATEGORIES);

export const taxInput = z
  .strictObject({
    name: text(100),
    rate: percent,
    inclusive: z.boolean().meta({ description: 'True: prices include the tax. False: the tax is added to prices.' }),
    orderTypes: z
      .array(orderType)
      .max(ORDER_TYPES.length)
      .optional()
      .meta({ description: 'Order types to which the tax applies. Empty: all.' }),
    vatCategory: vatCategory
      .nullable()
      .optional()
      .meta({
        description:
          'VAT category of invoices (UNCL 5305). Null: S above 0 %, Z at 0 %. Of a tax of 0 %: E exempt, AE reverse charge, ' +
          'K intra-community supply, G export, O outside the scope of VAT.',
      }),
    exemptionCode: optionalText(40).meta({
      description: 'Code of the VATEX list. Null: the usual one of the category.',
      examples: ['VATEX-EU-132-1I'],
    }),
    exemptionReason: optionalText(500).meta({
      description: 'Reason in your own words. Null: a text in the language of the document.',
    }),
  })
  .meta({ id: 'TaxInput' });
export const taxPatch = patchOf(taxInput).meta({ id: 'TaxPatch' });
export const tax = z
  .object({
    ...edited,
    name: z.string(),
    rate: decimal(z.string()),
    inclusive: z.boolean(),
    orderTypes: z.array(orderType),
    vatCategory: vatCategory.nullable(),
    exemptionCode: z.string().nullable(),
    exemptionReason: z.string().nullable(),
  })
  .meta({ id: 'Tax' });

export const vatTreatment = z.object({
  category: vatCategory,
  code: z.string().optional(),
  reason: z.string().optional(),
});

export const taxRate = z
  .object({
    taxId: id,
    name: z.string(),
    rate: decimal(z.string()),
    inclusive: z.boolean(),
    vat: vatTreatment.optional().meta({ description: 'Only if the tax has a VAT category of its own.' }),
  })
  .meta({ id: 'TaxRate', description: '`rate` is a percentage as decimal text.' });
