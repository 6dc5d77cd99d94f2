/** What people send about supplier invoices. */
import { z } from 'zod';
import { SUPPLIER_INVOICE_STATUSES } from '../../domain/supplierInvoice/supplierInvoice.js';
import type { SentFile } from '../../services/supplierInvoice/Uploads.js';
import { businessDate, currencyCode, id, pageQuery, text } from './common.js';
import { positiveQuantity } from './inventory.js';
import { TOTALS } from './supplierInvoice.js';

const DECIMAL_HINT = 'Give a decimal number such as "12.50", with at most 15 digits before the point.';
const decimal = z.string().regex(/^[+-]?\d{1,15}(?:\.\d{1,12})?$/, DECIMAL_HINT);
const optionalDecimal = decimal.nullable().optional();
const optionalName = text(200).nullable().optional();

export const uploadInput = z
  .strictObject({
    files: z
      .custom<SentFile[]>((sent) => Array.isArray(sent) && sent.length > 0, 'Send files in parts named "files".')
      .meta({
        override: {
          type: 'array',
          items: { type: 'string', format: 'binary' },
          description: 'PDF, JPEG, PNG, WebP, HEIC, XML or CSV; at most 20 files of 20 MB each.',
        },
      }),
  })
  .meta({ id: 'SupplierInvoiceUpload' });

export const supplierInvoiceQuery = pageQuery
  .extend({
    status: z.enum(SUPPLIER_INVOICE_STATUSES).optional(),
    workflowId: id.optional(),
    supplierId: id.optional(),
    number: text(100).optional(),
  })
  .refine(
    ({ status: one, workflowId, supplierId, number }) =>
      [one, workflowId, supplierId, number].filter((filter) => filter !== undefined).length <= 1,
    'Give at most one of status, workflowId, supplierId and number.',
  );

const adjustments = z
  .array(
    z.strictObject({
      amount: decimal.refine((value) => !value.startsWith('-'), 'Give the amount without a sign.'),
      reason: text(200).nullable().optional(),
      taxRate: optionalDecimal,
    }),
  )
  .max(100)
  .optional()
  .meta({
    description: 'Of the whole document, in place of those that were read. Posting spreads them over the lines.',
  });

export const supplierInvoicePatch = z
  .strictObject({
    documentType: z.enum(['invoice', 'credit_note']).optional(),
    number: optionalName,
    issueDate: businessDate.nullable().optional(),
    dueDate: businessDate.nullable().optional(),
    currency: currencyCode.nullable().optional(),
    supplierName: optionalName,
    supplierVatId: optionalName,
    totals: z
      .strictObject(
        Object.fromEntries(TOTALS.map((name) => [name, optionalDecimal])) as Record<
          (typeof TOTALS)[number],
          typeof optionalDecimal
        >,
      )
      .optional(),
    allowances: adjustments,
    charges: adjustments,
    supplierId: id.nullable().optional(),
    purchaseOrderId: id.nullable().optional().meta({ description: 'The order that these goods fulfil.' }),
    goodsReceiptId: id
      .nullable()
      .optional()
      .meta({ description: 'Goods that came before this document: posting gives them its costs and moves nothing.' }),
    goodsReturned: z
      .boolean()
      .nullable()
      .optional()
      .meta({ description: 'On a credit note: whether the goods go back.' }),
    exchangeRate: decimal
      .refine(
        (value) => !value.startsWith('-') && /[1-9]/.test(value) && /^\d{1,9}(?:\.\d{1,9})?$/.test(value),
        'Give a rate above zero, such as "0.134".',
      )
      .nullable()
      .optional()
      .meta({ description: 'The restaurant’s currency for one of the document’s.' }),
  })
  .refine((sent) => Object.values(sent).some((value) => value !== undefined), 'Send at least one field to change.')
  .meta({ id: 'SupplierInvoicePatch' });

const lineFields = {
  articleNumber: optionalName,
  description: text(1000).optional(),
  quantity: optionalDecimal,
  unit: text(30).nullable().optional(),
  unitPrice: optionalDecimal,
  netAmount: optionalDecimal,
  taxRate: optionalDecimal,
  isStock: z.boolean().optional().meta({ description: 'False: no goods of the store room.' }),
  match: z
    .strictObject({
      inventoryItemId: id,
      packQuantity: positiveQuantity
        .optional()
        .meta({ description: 'Stock units in one invoiced unit. Read from the description if absent.' }),
    })
    .nullable()
    .optional()
    .meta({ description: 'The item behind the line. Approval teaches it for later documents.' }),
};

export const supplierInvoiceLineInput = z
  .strictObject({ ...lineFields, description: text(1000) })
  .meta({ id: 'SupplierInvoiceLineInput' });

export const supplierInvoiceLinePatch = z
  .strictObject(lineFields)
  .refine((sent) => Object.values(sent).some((value) => value !== undefined), 'Send at least one field to change.')
  .meta({ id: 'SupplierInvoiceLinePatch' });

const position = z.coerce.number().int().min(1).max(10_000);
export const lineParams = z.object({ id, position });
export const pageParams = z.object({ id, page: z.coerce.number().int().min(1).max(50) });

export const approveInput = z
  .strictObject({
    acceptDuplicate: z
      .boolean()
      .optional()
      .meta({ description: 'Approves although a document of this number was approved before.' }),
    skipUnmatched: z.boolean().optional().meta({ description: 'Lines without an item move no stock.' }),
  })
  .meta({ id: 'SupplierInvoiceApproval' });

export const reasonInput = z.strictObject({ reason: text(500) }).meta({ id: 'SupplierInvoiceReason' });
