/**
 * From a stored document to what was read, and back: the columns that are searched follow from it.
 */
import type { ReadInvoice } from '../../domain/supplierInvoice/readInvoice.js';
import { numberKey } from '../../domain/supplierInvoice/duplicates.js';
import type { InvoiceHead, Product, SupplierInvoice } from '../../domain/supplierInvoice/supplierInvoice.js';
import type { Fact } from '../../domain/shared/events.js';
import type { SavedDocument } from '../../repositories/SupplierInvoiceRepository.js';

/** The document as it was read and corrected; undefined before it was read. */
export function invoiceOf({ invoice, lines }: SupplierInvoice): ReadInvoice | undefined {
  return invoice === null ? undefined : { ...invoice, lines: lines.map(({ line }) => line) };
}

export function headOf({ lines: _lines, ...head }: ReadInvoice): InvoiceHead {
  return head;
}

function productOf(invoice: InvoiceHead | null): Product {
  return invoice?.documentType ?? 'unknown';
}

/** With the columns that follow from the document, as it is saved. */
export function savedOf({ lines: _lines, ...document }: SupplierInvoice): SavedDocument {
  const { invoice } = document;
  return {
    ...document,
    product: productOf(invoice),
    typeCode: invoice?.typeCode ?? null,
    numberKey: numberKey(invoice?.number ?? null),
    issueDate: invoice?.issueDate ?? null,
  };
}

export type FactVerb =
  | 'received'
  | 'read'
  | 'failed'
  | 'changed'
  | 'approved'
  | 'rejected'
  | 'posted'
  | 'reversed'
  | 'reprocessed';

export function supplierInvoiceFact(verb: FactVerb, document: SupplierInvoice, changes: Fact['changes'] = {}): Fact {
  const { id, status, fileName, kind, supplierId, goodsReceiptId, failure, invoice, version } = document;
  const read = { documentType: invoice?.documentType ?? null, number: invoice?.number ?? null };
  const sums = { gross: invoice?.totals.gross ?? null, currency: invoice?.currency ?? null };
  const data = { status, fileName, kind, supplierId, goodsReceiptId, failure, ...read, ...sums, version };
  return { type: `supplier_invoice.${verb}`, subject: 'supplier_invoice', subjectId: id, data, changes };
}
