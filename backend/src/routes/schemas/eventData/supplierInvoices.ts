/** Data of events about documents of suppliers. */
import { z } from 'zod';
import { SUPPLIER_INVOICE_STATUSES } from '../../../domain/supplierInvoice/supplierInvoice.js';
import { FILE_KINDS } from '../../../formats/received/fileKind.js';
import { id } from '../common.js';

const file = { fileName: z.string(), kind: z.enum(FILE_KINDS) };

const state = z.object({
  status: z.enum(SUPPLIER_INVOICE_STATUSES),
  ...file,
  supplierId: id.nullable(),
  goodsReceiptId: id.nullable(),
  failure: z.string().nullable(),
  documentType: z.string().nullable(),
  number: z.string().nullable(),
  gross: z.string().nullable().meta({ description: 'Decimal text, as the document states it.' }),
  currency: z.string().nullable(),
  version: z.int(),
});

export const SUPPLIER_INVOICE_EVENTS = {
  'supplier_invoice.received': z.object({ status: z.literal('received'), ...file, sha256: z.string() }),
  'supplier_invoice.read': state,
  'supplier_invoice.failed': state,
  'supplier_invoice.changed': state,
  'supplier_invoice.approved': state,
  'supplier_invoice.rejected': state,
  'supplier_invoice.reprocessed': state,
  'supplier_invoice.posted': state,
  'supplier_invoice.reversed': state,
};
