/** Drafts of one transaction, stored by one statement. */
import { query, type Tx } from '../../config/database.js';
import type { Document } from '../../domain/document/document.js';
import { ColumnMap, type MappedColumn } from '../columnMap.js';

/**
 * The request that created a draft: its Idempotency-Key with its caller, and a digest of its
 * content.
 */
export interface DraftRequest {
  key: string;
  hash: string;
}

/** A draft to store. */
export interface DraftRow {
  document: Document;
  request?: DraftRequest | undefined;
}

const inserted = (column: string, type: MappedColumn['type']): MappedColumn => ({ column, type, written: 'insert' });

const COLUMNS = new ColumnMap({
  id: inserted('id', 'uuid'),
  type: inserted('type', 'text'),
  status: inserted('status', 'text'),
  location: inserted('location', 'text'),
  register: inserted('register', 'text'),
  currency: inserted('currency', 'text'),
  customer: inserted('customer', 'jsonb'),
  notes: inserted('notes', 'text'),
  lines: inserted('lines', 'jsonb'),
  discounts: inserted('discounts', 'jsonb'),
  taxes: inserted('taxes', 'jsonb'),
  subtotal: inserted('subtotal', 'bigint'),
  discountTotal: inserted('discount_total', 'bigint'),
  taxTotal: inserted('tax_total', 'bigint'),
  taxIncludedTotal: inserted('tax_included_total', 'bigint'),
  total: inserted('total', 'bigint'),
  details: inserted('details', 'jsonb'),
  orderId: inserted('order_id', 'uuid'),
  quotationId: inserted('quotation_id', 'uuid'),
  purchaseOrderId: inserted('purchase_order_id', 'uuid'),
  goodsReceiptId: inserted('goods_receipt_id', 'uuid'),
  stockCountId: inserted('stock_count_id', 'uuid'),
  originalId: inserted('original_id', 'uuid'),
  replacesId: inserted('replaces_id', 'uuid'),
  paymentId: inserted('payment_id', 'uuid'),
  reason: inserted('reason', 'text'),
  requestKey: inserted('request_key', 'text'),
  requestHash: inserted('request_hash', 'text'),
  version: inserted('version', 'int'),
  createdBy: inserted('created_by', 'text'),
  createdAt: inserted('created_at', 'timestamptz'),
  updatedAt: inserted('updated_at', 'timestamptz'),
});

// A statement for each draft would prepare the table's indexes and checks each time.
const insertAll = query(
  'document.insertAll',
  `insert into documents (restaurant_id, ${COLUMNS.names(COLUMNS.fields)})
   select $1, ${COLUMNS.recordFields(COLUMNS.fields, 'd')}
   from jsonb_to_recordset($2::jsonb) as d(${COLUMNS.record(COLUMNS.fields)})`,
);

/** @throws the error of PostgreSQL; then none is stored. */
export async function insertDrafts(restaurantId: string, tx: Tx, drafts: readonly DraftRow[]): Promise<void> {
  const rows = drafts.map(({ document, request }) => rowOf(document, request));
  await tx.run(insertAll, [restaurantId, JSON.stringify(rows)]);
}

/** With fields of issued documents, which are null and of which the statement takes none. */
function rowOf(document: Document, request: DraftRequest | undefined) {
  const { purchase, stockCount, quotation, replaces, deposit } = document.details ?? {};
  return {
    ...document,
    quotationId: quotation?.quotationId,
    purchaseOrderId: purchase?.purchaseOrderId,
    goodsReceiptId: purchase?.goodsReceiptId,
    stockCountId: stockCount?.stockCountId,
    replacesId: replaces?.documentId,
    paymentId: deposit?.paymentId,
    requestKey: request?.key,
    requestHash: request?.hash,
  };
}
