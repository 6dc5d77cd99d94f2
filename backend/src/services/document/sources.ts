/** What a draft takes over from the order, the purchase order or the goods receipt that it is made from. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/call.js';
import {
  type Document,
  type DocumentAmounts,
  type DocumentType,
  type LineContent,
  priceDocument,
  type PurchaseDetails,
} from '../../domain/document.js';
import { AppError, invalid } from '../../domain/errors.js';
import type { Customer } from '../../domain/order.js';
import type { PurchaseOrderLine } from '../../domain/purchaseOrder.js';
import type { SupplierContact } from '../../domain/purchasing.js';
import type { OrderService } from '../OrderService.js';
import type { PaymentService } from '../PaymentService.js';
import type { PurchasingService } from '../PurchasingService.js';
import { amountsOfOrder, type DocumentRequest } from './drafts.js';

export interface Sources {
  orders: OrderService;
  payments: PaymentService;
  purchasing: PurchasingService;
}

/** The customer is a proposal: what the caller says of him comes first. */
type SourceContent = DocumentAmounts & Pick<Document, 'customer' | 'discounts' | 'details' | 'orderId'>;
type BoughtLine = Pick<PurchaseOrderLine, 'name' | 'articleNumber' | 'quantity' | 'unit' | 'unitPrice'>;

/**
 * @returns undefined when the request brings its own lines.
 * @throws AppError not_found; invalid_request for a type that cannot be made of it; invalid_state when it is not, or no longer, valid.
 */
export async function contentOfSource(
  sources: Sources,
  call: Call,
  tx: Tx,
  { type, orderId, purchaseOrderId, goodsReceiptId }: DocumentRequest,
): Promise<SourceContent | undefined> {
  if (orderId !== undefined) return contentOfOrder(sources, call, tx, type, orderId);
  if (purchaseOrderId !== undefined) return contentOfPurchaseOrder(sources, call, tx, type, purchaseOrderId);
  if (goodsReceiptId !== undefined) return contentOfGoodsReceipt(sources, call, tx, type, goodsReceiptId);
  return undefined;
}

async function contentOfOrder(
  { orders, payments }: Sources,
  call: Call,
  tx: Tx,
  type: DocumentType,
  orderId: string,
): Promise<SourceContent> {
  const order = await orders.find(call, tx, orderId);
  const details = type === 'receipt' ? { payments: await payments.tenders(call, tx, orderId) } : null;
  return { customer: order.customer, ...amountsOfOrder(type, order), discounts: [], details, orderId };
}

async function contentOfPurchaseOrder(
  { purchasing }: Sources,
  call: Call,
  tx: Tx,
  type: DocumentType,
  purchaseOrderId: string,
): Promise<SourceContent> {
  const { order, supplier } = await purchasing.orderForDocument(call, tx, purchaseOrderId);
  assertType(type, 'purchase_order');
  if (order.status === 'draft')
    throw new AppError('invalid_state', 'This purchase order is a draft. Send it before you make a document of it.');
  if (order.status === 'cancelled')
    throw new AppError('invalid_state', 'A cancelled purchase order becomes no document.');
  return boughtContent(supplier, order.lines, { purchaseOrderId, reference: order.number });
}

async function contentOfGoodsReceipt(
  { purchasing }: Sources,
  call: Call,
  tx: Tx,
  type: DocumentType,
  goodsReceiptId: string,
): Promise<SourceContent> {
  const { receipt, order, supplier } = await purchasing.receiptForDocument(call, tx, goodsReceiptId);
  assertType(type, 'goods_receipt');
  if (receipt.reversedAt !== null)
    throw new AppError('invalid_state', 'A goods receipt that was reversed becomes no document.');
  const articleNumbers = new Map(order?.lines.map((line) => [line.id, line.articleNumber]));
  const lines = receipt.lines.map((line) => {
    const articleNumber = articleNumbers.get(line.purchaseOrderLineId ?? '') ?? null;
    return { ...line, articleNumber };
  });
  return boughtContent(supplier, lines, { goodsReceiptId, reference: receipt.reference });
}

function boughtContent(
  supplier: SupplierContact,
  lines: readonly BoughtLine[],
  origin: Pick<PurchaseDetails, 'purchaseOrderId' | 'goodsReceiptId' | 'reference'>,
): SourceContent {
  return {
    customer: customerOf(supplier),
    ...priceDocument(lines.map(boughtLine), []),
    discounts: [],
    details: { purchase: { ...origin, customerNumber: supplier.customerNumber } },
    orderId: null,
  };
}

function boughtLine({ name, articleNumber, quantity, unit, unitPrice }: BoughtLine): LineContent {
  return {
    kind: 'item',
    description: articleNumber === null ? name : `${name}, ${articleNumber}`,
    quantity,
    unit,
    // A price that nobody knows yet counts for nothing, as in the total of the purchase order.
    unitPrice: unitPrice ?? 0,
    discounts: [],
    taxes: [],
    originalPosition: null,
  };
}

/** Who stands on the other side of the paper. What is not known of him is left out, as in the customer of an order. */
function customerOf({ name, phone, email, address }: SupplierContact): Customer {
  const known = Object.entries({ phone, email, address }).filter(([, value]) => value !== null);
  return { name, ...Object.fromEntries(known) };
}

function assertType(type: DocumentType, wanted: 'purchase_order' | 'goods_receipt'): void {
  if (type === wanted) return;
  throw invalid('/type', `A ${wanted.replace('_', ' ')} becomes a document of the type ${wanted} and no other.`);
}
