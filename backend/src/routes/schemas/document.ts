/** Shapes of business documents. */
import { z } from 'zod';
import { DOCUMENT_STATUSES, DOCUMENT_TYPES } from '../../domain/document/document.js';
import { PAYMENT_METHODS } from '../../domain/order/payment.js';
import { dayReport } from './businessDay.js';
import {
  amount,
  businessDate,
  country,
  currency,
  edited,
  id,
  pageQuery,
  patchOf,
  printLanguage,
  sum,
  taxOfficeNumber,
  text,
  timestamp,
  total,
} from './common.js';
import { positiveQuantity } from './inventory.js';
import { taxRate } from './menu.js';
import { customer as orderCustomer, discounts, plainText } from './order.js';

const MAX_LINES = 500;
export const documentType = z.enum(DOCUMENT_TYPES);
export const place = z
  .string()
  .trim()
  .max(50)
  .meta({ description: 'A name of your own for the location or the register; empty for none. It chooses the series.' });

const lineInput = z
  .strictObject({
    description: plainText(500),
    quantity: positiveQuantity,
    unit: text(30).nullable().optional(),
    unitPrice: amount.meta({ description: 'Per unit, minor units; the line rounds half away from zero.' }),
    taxIds: z.array(id).max(20).default([]),
    discounts: discounts.default([]),
  })
  .meta({ id: 'DocumentLineInput' });
const lines = z.array(lineInput).min(1, 'A document needs at least one line.').max(MAX_LINES);

const customer = orderCustomer
  .extend({
    vatId: taxOfficeNumber('As the vatId of the restaurant.').optional(),
    country: country.optional(),
  })
  .meta({ id: 'DocumentCustomer' });

const seller = z
  .object({
    name: z.string(),
    address: z.string().nullable(),
    vatId: z.string().nullable().optional(),
    taxNumber: z.string().nullable().optional(),
    country: z.string().nullable().optional(),
    language: printLanguage.optional(),
    receiptFooter: z.string().nullable().optional(),
  })
  .meta({ id: 'Seller', description: 'The restaurant as its settings were at the issue.' });

const details = {
  customer: customer.nullable().optional(),
  notes: plainText(2000).nullable().optional(),
  location: place.optional(),
  register: place.optional(),
};

export const documentInput = z
  .strictObject({
    type: documentType,
    lines: lines.optional(),
    orderId: id.optional().meta({ description: 'Instead of lines: what the order holds now.' }),
    quotationId: id.optional().meta({
      description:
        'Of the type invoice or receipt, instead of lines: a quotation or a bill of quantities that was issued, taken over as it was quoted.',
    }),
    purchaseOrderId: id
      .optional()
      .meta({ description: 'Of the type purchase_order, instead of lines: one that was sent.' }),
    goodsReceiptId: id.optional().meta({ description: 'Of the type goods_receipt, instead of lines.' }),
    stockCountId: id
      .optional()
      .meta({ description: 'Of the type stock_count, instead of lines: one that was committed.' }),
    discounts: discounts.optional(),
    ...details,
  })
  .refine(
    ({ lines, orderId, quotationId, purchaseOrderId, goodsReceiptId, stockCountId }) =>
      [lines, orderId, quotationId, purchaseOrderId, goodsReceiptId, stockCountId].filter(
        (source) => source !== undefined,
      ).length === 1,
    'Give one of lines, orderId, quotationId, purchaseOrderId, goodsReceiptId and stockCountId.',
  )
  .refine(
    (sent) => sent.lines !== undefined || sent.discounts === undefined,
    'Discounts go with lines: what a document is made from brings its own.',
  )
  .meta({ id: 'DocumentInput' });

export const documentPatch = patchOf(z.strictObject({ lines, discounts, ...details })).meta({ id: 'DocumentPatch' });

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const issueQuery = z.strictObject({
  issue: flag.optional().meta({ description: 'true: issues it in the same call.' }),
});

export const voidInput = z.strictObject({ reason: plainText(500) }).meta({ id: 'VoidInput' });

export const creditInput = z
  .strictObject({
    reason: plainText(500),
    lines: z
      .array(z.strictObject({ position: z.int().min(1), quantity: positiveQuantity }))
      .min(1)
      .max(MAX_LINES)
      .optional()
      .meta({ description: 'Everything that is left to credit, if absent.' }),
  })
  .meta({ id: 'CreditInput' });

export const documentQuery = pageQuery
  .extend({
    type: documentType.optional(),
    status: z.enum(DOCUMENT_STATUSES).optional(),
    number: text(50).optional(),
    businessDate: businessDate.optional().meta({ description: 'Of the issue.' }),
    orderId: id.optional(),
    originalId: id.optional().meta({ description: 'Credit notes over this document.' }),
    seriesId: id.optional().meta({ description: 'Then by number, the highest first. Goes with status alone.' }),
  })
  .refine(
    ({ seriesId, type, number, businessDate, orderId, originalId }) =>
      seriesId === undefined || [type, number, businessDate, orderId, originalId].every((one) => one === undefined),
    { path: ['seriesId'], message: 'The list of a series can be narrowed by status alone.' },
  );

const taxAmount = taxRate.extend({ amount: sum });
const line = z
  .object({
    position: z.int(),
    kind: z.enum(['item', 'service_charge', 'tip']),
    description: z.string(),
    quantity: z.string().meta({ description: 'Decimal text.' }),
    unit: z.string().nullable(),
    unitPrice: sum,
    unitCost: z.string().optional().meta({
      description:
        'Of a stock count: average cost per unit, minor units as decimal text. unitPrice is it rounded, amount is exact.',
    }),
    discounts,
    taxes: z.array(taxAmount),
    grossAmount: sum,
    discountAmount: sum,
    amount: sum.meta({ description: 'grossAmount - discountAmount; included taxes are inside.' }),
    taxAmount: sum,
    originalPosition: z.int().nullable().meta({ description: 'Of a credit note: the line that it takes back.' }),
  })
  .meta({ id: 'DocumentLine' });

export const document = z
  .object({
    ...edited,
    type: documentType,
    status: z.enum(DOCUMENT_STATUSES),
    number: z
      .string()
      .nullable()
      .meta({ description: 'A draft has none.', examples: ['INV-2026-11-0001'] }),
    seriesId: id.nullable(),
    period: z.string().nullable(),
    counter: z.int().nullable(),
    businessDate: businessDate.nullable(),
    issuedAt: timestamp.nullable(),
    issuedBy: z.string().nullable(),
    seller: seller.nullable(),
    location: z.string(),
    register: z.string(),
    currency,
    customer: customer.nullable(),
    notes: z.string().nullable(),
    lines: z.array(line),
    discounts,
    taxes: z.array(taxRate.extend({ base: total, amount: total })),
    subtotal: total,
    discountTotal: total,
    taxTotal: total,
    taxIncludedTotal: total,
    total: total.meta({ description: 'subtotal - discountTotal + (taxTotal - taxIncludedTotal).' }),
    details: z
      .object({
        payments: z
          .array(z.object({ method: z.enum(PAYMENT_METHODS), amount: sum, tip: sum, tendered: sum, change: sum }))
          .optional()
          .meta({ description: 'Of a receipt: how its order was paid when it was written.' }),
        order: z
          .object({
            number: z.string(),
            placedAt: z
              .string()
              .meta({ description: 'On the restaurant’s wall clock.', examples: ['2026-11-22 19:30'] }),
            table: z.string().nullable(),
          })
          .optional()
          .meta({ description: 'Of what was made from an order: what its guest knows it by.' }),
        purchase: z
          .object({
            purchaseOrderId: id.optional(),
            goodsReceiptId: id.optional(),
            reference: z
              .string()
              .nullable()
              .meta({ description: 'Number of the purchase order or the delivery note.' }),
            customerNumber: z.string().nullable().meta({ description: 'What the supplier calls the restaurant.' }),
          })
          .optional()
          .meta({ description: 'Of what was bought: what the document was made from.' }),
        stockCount: z
          .object({ stockCountId: id, date: businessDate })
          .optional()
          .meta({ description: 'Of a stock count: which, and the business date on which it was committed.' }),
        quotation: z
          .object({ quotationId: id, number: z.string() })
          .optional()
          .meta({ description: 'The quotation or the bill of quantities that the document was made from.' }),
        replaces: z.object({ documentId: id, number: z.string() }).optional().meta({
          description:
            'Of an invoice or a receipt: the one of the same order or quotation, credited in full, in whose place it stands.',
        }),
        dayClose: dayReport.optional().meta({ description: 'Of a day close: the figures of its day.' }),
      })
      .nullable(),
    orderId: id.nullable(),
    originalId: id.nullable().meta({ description: 'Of a credit note: what it corrects.' }),
    reason: z.string().nullable(),
    previousHash: z
      .string()
      .nullable()
      .meta({ description: 'Of the document before it in its series; empty for the first.' }),
    hash: z.string().nullable().meta({ description: 'SHA-256 over its canonical form, previousHash included.' }),
    voidReason: z.string().nullable(),
    voidedAt: timestamp.nullable(),
    voidedBy: z.string().nullable(),
    createdBy: z.string(),
  })
  .meta({ id: 'Document' });
