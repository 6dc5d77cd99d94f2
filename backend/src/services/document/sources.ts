/**
 * Makes the content of a draft from its source: an order, quotation, purchase order, goods receipt
 * or stock count.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import {
  CREDITABLE_TYPES,
  type Document,
  type DocumentAmounts,
  type DocumentDetails,
  type DocumentLine,
  type DocumentType,
  type LineContent,
  priceDocument,
  type PurchaseDetails,
} from '../../domain/document/document.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import { toMinor, toTotal } from '../../domain/number/exactMoney.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import { addTotals } from '../../domain/number/money.js';
import type { Customer, Order } from '../../domain/order/order.js';
import type { PurchaseOrderLine } from '../../domain/purchasing/purchaseOrder.js';
import type { SupplierContact } from '../../domain/purchasing/purchasing.js';
import { parseQuantity } from '../../domain/number/quantity.js';
import { ratioOf } from '../../domain/number/ratio.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { CountLine } from '../../domain/stock/stockTaking.js';
import { valueOf } from '../../domain/stock/stockValue.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { OrderService } from '../OrderService.js';
import type { PaymentService } from '../PaymentService.js';
import type { PurchasingService } from '../PurchasingService.js';
import type { StockTakingService } from '../StockTakingService.js';
import type { DocumentRequest, SourceContent } from './drafts.js';
import { contentOfDeposit, currentDeposit } from './depositContent.js';
import { amountsOfOrder } from './orderAmounts.js';
import { referenceTo } from './orderReference.js';
import { contentOfQuotation } from './quoted.js';

export interface OrderSources {
  orders: OrderService;
  payments: PaymentService;
}

export interface Sources extends OrderSources {
  purchasing: PurchasingService;
  stockTaking: StockTakingService;
  repository: Pick<DocumentRepository, 'find'>;
}

type BoughtLine = Pick<PurchaseOrderLine, 'name' | 'articleNumber' | 'quantity' | 'unit' | 'unitPrice'>;

/**
 * @returns undefined when the request has its own lines.
 * @throws AppError not_found; invalid_request for a type that cannot be made from the source;
 * invalid_state when the source is not valid, or no longer.
 */
export async function contentOfSource(
  sources: Sources,
  call: Call,
  tx: Tx,
  { type, orderId, paymentId, quotationId, purchaseOrderId, goodsReceiptId, stockCountId }: DocumentRequest,
  settings: RestaurantSettings,
): Promise<SourceContent | undefined> {
  if (paymentId !== undefined) return contentOfDeposit(sources, call, tx, { type, paymentId }, settings);
  if (orderId !== undefined) return contentOfOrder(sources, call, tx, { type, orderId }, settings);
  if (quotationId !== undefined)
    return contentOfQuotation(sources.repository, call.restaurantId, tx, { type, quotationId });
  if (purchaseOrderId !== undefined) return contentOfPurchaseOrder(sources, call, tx, type, purchaseOrderId);
  if (goodsReceiptId !== undefined) return contentOfGoodsReceipt(sources, call, tx, type, goodsReceiptId);
  if (stockCountId !== undefined) return contentOfStockCount(sources, call, tx, { type, stockCountId }, settings);
  return undefined;
}

/**
 * A draft that was made from an order can be issued only while it agrees with the order. It is
 * issued with the order's business date of that moment, with its refunds, and an invoice with its
 * payments; a receipt is about the payments that it has.
 * @returns the draft as it is to be issued.
 * @throws AppError invalid_state when lines, amounts or (for a receipt) payments have changed, or
 * the order was cancelled.
 */
export async function currentDraft<D extends Document>(
  sources: OrderSources,
  call: Call,
  tx: Tx,
  draft: D,
): Promise<D> {
  if (draft.orderId === null) return draft;
  if (draft.type === 'deposit') return currentDeposit(sources, call, tx, draft);
  // Until the document is issued, the order does not change behind it.
  await sources.orders.papers.lockShared(call, tx, draft.orderId);
  const { order, amounts, paid } = await stateOfOrder(sources, call, tx, draft.type, draft.orderId);
  const isPaidLater = draft.type === 'invoice';
  const now = comparable(amounts.lines, isPaidLater ? {} : paid);
  if (!isDeepStrictEqual(now, comparable(draft.lines, isPaidLater ? {} : (draft.details ?? {}))))
    throw new AppError(
      'invalid_state',
      'The order has changed since this draft was made of it. Delete the draft and make another.',
    );
  const { refunds: _refunds, deposits: _deposits, ...details } = draft.details ?? {};
  const reference = details.order && { order: { ...details.order, businessDate: order.businessDate } };
  return { ...draft, details: { ...details, ...reference, ...paid } };
}

/**
 * In the form in which the database returns it. Drafts that are older than the references to order
 * lines have none.
 */
function comparable(lines: readonly DocumentLine[], { payments }: Pick<DocumentDetails, 'payments'>): unknown {
  const bare = lines.map((line) => ({ ...line, orderLineId: undefined }));
  return JSON.parse(JSON.stringify([bare, payments ?? null]));
}

async function contentOfOrder(
  sources: OrderSources,
  call: Call,
  tx: Tx,
  { type, orderId }: { type: DocumentType; orderId: string },
  { timezone }: RestaurantSettings,
): Promise<SourceContent> {
  const { order, amounts, paid } = await stateOfOrder(sources, call, tx, type, orderId);
  const { customer, taxExemption } = order;
  const reference = referenceTo(order, timezone);
  return {
    customer,
    ...amounts,
    discounts: [],
    details: { order: reference, ...paid, ...(taxExemption && { taxExemption }) },
    orderId,
  };
}

/**
 * The amounts of an order in a document and, for a receipt or an invoice, its payments and refunds.
 */
async function stateOfOrder(
  { orders, payments }: OrderSources,
  call: Call,
  tx: Tx,
  type: DocumentType,
  orderId: string,
): Promise<{
  order: Order;
  amounts: DocumentAmounts;
  paid: Pick<DocumentDetails, 'payments' | 'refunds' | 'deposits'>;
}> {
  const order = await orders.find(call, tx, orderId, '/orderId');
  if (!CREDITABLE_TYPES.includes(type)) return { order, amounts: amountsOfOrder(type, order), paid: {} };
  const refunds = await payments.refundsShown(call, tx, order);
  const restored = await payments.corrections.restorable(call, tx, order);
  const deposits = await payments.deposits.shown(call, tx, order);
  const paid = {
    payments: await payments.tenders(call, tx, order, deposits),
    ...(refunds.length > 0 && { refunds }),
    ...(deposits.length > 0 && { deposits }),
  };
  return { order, amounts: amountsOfOrder(type, order, restored), paid };
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
    throw new AppError('invalid_state', 'This purchase order is cancelled. No document can be made of it.');
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
    throw new AppError('invalid_state', 'This goods receipt was reversed. No document can be made of it.');
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
  const description = articleNumber === null ? name : `${name}, ${articleNumber}`;
  // A price that is not known yet counts as zero, as in the total of the purchase order.
  return itemLine({ description, quantity, unit, unitPrice: unitPrice ?? 0 });
}

/**
 * The supplier as the customer of the document. Unknown fields are left out, as in the customer of
 * an order.
 */
function customerOf({ name, phone, email, address }: SupplierContact): Customer {
  const known = Object.entries({ phone, email, address }).filter(([, value]) => value !== null);
  return { name, ...Object.fromEntries(known) };
}

async function contentOfStockCount(
  { stockTaking }: Sources,
  call: Call,
  tx: Tx,
  { type, stockCountId }: { type: DocumentType; stockCountId: string },
  { timezone, businessDayCutoffHour }: RestaurantSettings,
): Promise<SourceContent> {
  const { status, closedAt, lines } = await stockTaking.counts.forDocument(call, tx, stockCountId);
  assertType(type, 'stock_count');
  if (status === 'cancelled')
    throw new AppError('invalid_state', 'This stock count is cancelled. No document can be made of it.');
  if (closedAt === null)
    throw new AppError('invalid_state', 'This stock count is open. Commit it before you make a document of it.');
  const counted = lines.filter((line) => line.countedQuantity !== null).map(countedLine);
  if (counted.length === 0)
    throw new AppError('invalid_state', 'Nothing was counted in this stock count. No document can be made of it.');
  // Text from 2^53 on, as in a day close: nothing reckons with it.
  const total = addTotals(...counted.map((line) => line.amount)) as DocumentAmounts['total'];
  const date = businessDate(new Date(closedAt), timezone, businessDayCutoffHour);
  return {
    customer: null,
    lines: counted,
    subtotal: total,
    discountTotal: 0,
    taxTotal: 0,
    taxIncludedTotal: 0,
    total,
    taxes: [],
    discounts: [],
    details: { stockCount: { stockCountId, date } },
    orderId: null,
  };
}

/**
 * A counted item at its average cost. The pricing engine knows only whole minor units, and a gram
 * of salt costs less.
 */
function countedLine({ name, unit, countedQuantity, unitCost }: CountLine, index: number): DocumentLine {
  const [quantity, cost] = [countedQuantity ?? '0', unitCost ?? '0'];
  const amount = toTotal(valueOf(parseQuantity(quantity) ?? 0n, cost));
  if (typeof amount === 'string')
    throw invalid(
      '/stockCountId',
      `"${name}" comes to more than a line of a document holds. Look at its quantity and cost, and count it again.`,
    );
  return {
    ...itemLine({ description: name, quantity, unit, unitPrice: toMinor(ratioOf(cost)) }),
    unitCost: cost,
    position: index + 1,
    taxes: [],
    grossAmount: amount,
    discountAmount: 0,
    amount,
    taxAmount: 0,
  };
}

/** A line without discounts and taxes. */
function itemLine(fields: Pick<LineContent, 'description' | 'quantity' | 'unit' | 'unitPrice'>): LineContent {
  return { ...fields, kind: 'item', discounts: [], taxes: [], originalPosition: null };
}

function assertType(type: DocumentType, wanted: 'purchase_order' | 'goods_receipt' | 'stock_count'): void {
  if (type === wanted) return;
  throw invalid(
    '/type',
    `A ${wanted.replace('_', ' ')} can only become a document of the type ${wanted}. Send that type.`,
  );
}
