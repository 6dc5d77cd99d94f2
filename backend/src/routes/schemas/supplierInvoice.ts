/** Supplier invoices as answers show them. */
import { z } from 'zod';
import { READ_FORMATS } from '../../domain/supplierInvoice/readInvoice.js';
import { MATCH_SOURCES, PRODUCTS, SUPPLIER_INVOICE_STATUSES } from '../../domain/supplierInvoice/supplierInvoice.js';
import { FILE_KINDS } from '../../formats/received/fileKind.js';
import { id, timestamp, total } from './common.js';
import { decimal } from './exported.js';

const stated = decimal(z.string()).nullable().meta({ description: 'Decimal text as the document states it.' });

const status = z.enum(SUPPLIER_INVOICE_STATUSES).meta({
  description:
    '`received` and `extracting`: being read. `review`: waits for a person. `failed`: could not be read, `failure` says why.',
});

export const uploaded = z
  .object({
    data: z.array(
      z.object({
        id,
        fileName: z.string(),
        sha256: z.string(),
        status,
        isDuplicate: z.boolean().meta({ description: 'The same bytes were here before; this is that document.' }),
      }),
    ),
  })
  .meta({ id: 'SupplierInvoicesUploaded' });

export const documentStatus = z
  .object({ id, status, failure: z.string().nullable(), version: z.int() })
  .meta({ id: 'SupplierInvoiceStatus' });

const evidence = z
  .object({
    page: z.int(),
    box: z.array(z.number()).meta({ description: 'Left, top, width and height as shares of the page, 0 to 1.' }),
    text: z.string(),
    confidence: z.number(),
    row: z.int().optional().meta({ description: 'In a table (CSV): the line of the file.' }),
  })
  .meta({ id: 'SupplierInvoiceEvidence' });

const adjustment = z
  .object({ amount: z.string(), reason: z.string().nullable(), taxRate: stated, taxCategory: z.string().nullable() })
  .meta({ id: 'SupplierInvoiceAdjustment' });

const line = z
  .object({
    position: z.int(),
    lineId: z.string().nullable().meta({ description: 'The name of the line on the document.' }),
    articleNumber: z.string().nullable(),
    gtin: z.string().nullable(),
    description: z.string(),
    quantity: stated,
    unit: z.string().nullable().meta({ description: 'As stated: a UN/ECE code such as `KGM`, or a word.' }),
    unitPrice: stated,
    priceBaseQuantity: stated,
    netAmount: stated,
    taxRate: stated,
    taxCategory: z.string().nullable(),
    allowances: z.array(adjustment),
    charges: z.array(adjustment),
    isStock: z.boolean().meta({ description: 'False: no goods of the store room, such as freight or a deposit.' }),
    match: z
      .object({
        inventoryItemId: id,
        itemName: z.string().nullable(),
        score: z.string().nullable().meta({ description: 'How sure the match is, from 0 to 1.' }),
        source: z.enum(MATCH_SOURCES).nullable(),
        packQuantity: z.string().nullable().meta({ description: 'Stock units in one invoiced unit.' }),
        stockUnit: z.string().nullable(),
      })
      .nullable(),
    posted: z
      .object({ stockQuantity: z.string(), unitCost: z.string() })
      .nullable()
      .meta({ description: 'As posted: signed stock units, and minor units for one of them.' }),
    evidence: evidence.nullable(),
  })
  .meta({ id: 'SupplierInvoiceLine' });

export const supplierInvoiceLine = line
  .extend({ version: z.int().meta({ description: 'Of the document.' }) })
  .meta({ id: 'SupplierInvoiceLineOfDocument' });

export const TOTALS = [
  'lines',
  'allowances',
  'charges',
  'net',
  'tax',
  'gross',
  'prepaid',
  'rounding',
  'payable',
] as const;
const totals = z
  .object(Object.fromEntries(TOTALS.map((name) => [name, stated])) as Record<(typeof TOTALS)[number], typeof stated>)
  .meta({ id: 'SupplierInvoiceTotals' });

const head = {
  id,
  workflowId: id.meta({ description: 'The upload or mail that brought it: its files share one.' }),
  part: z.int().meta({ description: 'Of a file that holds several documents.' }),
  status,
  documentType: z.enum(PRODUCTS),
  fileName: z.string(),
  fileRemovedAt: timestamp.nullable().meta({
    description: 'When the file of a rejected document was removed, thirty days later. Send it again to read it.',
  }),
  sha256: z.string(),
  source: z.object({
    kind: z.enum(FILE_KINDS),
    bytes: z.int(),
    pages: z.int().nullable(),
    format: z.enum(READ_FORMATS).nullable(),
  }),
  uploadedBy: z.string(),
  uploadedAt: timestamp,
  failure: z.string().nullable(),
  supplier: z.object({
    id: id.nullable().meta({ description: 'The supplier here; null until it is known.' }),
    name: z.string().nullable(),
    vatId: z.string().nullable(),
  }),
  buyer: z.object({ name: z.string().nullable() }),
  typeCode: z.string().nullable().meta({ description: 'UNTDID 1001, or TD01 and others of FatturaPA.' }),
  number: z.string().nullable(),
  issueDate: z.string().nullable(),
  dueDate: z.string().nullable(),
  currency: z.string().nullable(),
  orderReference: z.string().nullable(),
  precedingNumber: z.string().nullable(),
  totals,
  purchaseOrderId: id.nullable(),
  goodsReceiptId: id.nullable(),
  goodsReturned: z.boolean().nullable(),
  exchangeRate: z.string().nullable(),
  reviewedBy: z.string().nullable(),
  decisionReason: z.string().nullable(),
  postedAt: timestamp.nullable(),
  version: z.int(),
  createdAt: timestamp,
  updatedAt: timestamp,
};

export const supplierInvoiceSummary = z.object(head).meta({ id: 'SupplierInvoiceSummary' });

const minor = z.int().meta({ description: 'Minor units of the restaurant’s currency.' });

export const supplierInvoice = z
  .object({
    ...head,
    lines: z.array(line),
    allowances: z.array(adjustment),
    charges: z.array(adjustment),
    taxes: z.array(z.object({ rate: stated, category: z.string().nullable(), base: stated, amount: stated })),
    totalEvidence: z.record(z.string(), evidence),
    checks: z
      .array(
        z.object({
          rule: z.string(),
          ok: z.boolean(),
          position: z.int().optional(),
          expected: z.string().optional(),
          stated: z.string().optional(),
          message: z.string().optional(),
        }),
      )
      .meta({ description: 'Sums and lines that were checked. What does not hold is reported, never repaired.' }),
    duplicates: z.array(z.object({ id, fileName: z.string(), status })),
    comparison: z
      .array(
        z.object({
          inventoryItemId: id,
          ordered: z.string().nullable(),
          received: z.string().nullable(),
          invoiced: z.string(),
          orderedUnitCost: z.string().nullable(),
          invoicedUnitCost: z.string(),
          credit: minor,
          reasons: z.array(z.enum(['short', 'dearer', 'not_ordered'])),
        }),
      )
      .meta({ description: 'Order, delivery and invoice by item, in stock units; `credit` is what to ask back.' }),
    revaluations: z
      .array(
        z.object({
          inventoryItemId: id,
          quantity: z.string().meta({ description: 'Goods of the receipt that this document prices, in stock units.' }),
          receivedUnitCost: z.string(),
          invoicedUnitCost: z.string(),
          heldQuantity: z.string().meta({ description: 'Of them, what was in stock and got the new cost.' }),
          stockValue: total.meta({ description: 'What the stock became worth more, in minor units.' }),
          variance: total.meta({ description: 'The rest of the difference: of goods that were gone.' }),
        }),
      )
      .meta({ description: 'Of a posted document whose goods came before it, by item.' }),
    priceChanges: z.array(
      z.object({
        position: z.int(),
        inventoryItemId: id,
        previousUnitCost: z.string(),
        unitCost: z.string(),
        percent: z.string(),
        isRise: z.boolean(),
        dishes: z.array(
          z.object({
            menuItemId: id,
            name: z.string(),
            price: minor,
            costChange: minor,
            marginLoss: z.string().nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'SupplierInvoice' });

export const itemPrices = z
  .object({
    data: z.array(
      z.object({
        supplierInvoiceId: id,
        position: z.int(),
        supplierId: id,
        supplierName: z.string(),
        number: z.string().nullable(),
        issueDate: z.string().nullable(),
        stockQuantity: z.string(),
        unitCost: z.string().meta({ description: 'Minor units for one stock unit.' }),
      }),
    ),
  })
  .meta({ id: 'ItemPrices' });
