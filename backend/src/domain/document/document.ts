/** Business documents: their content and the pricing of their lines. */
import type { DayReport } from '../report/businessDay.js';
import { AppError } from '../shared/errors.js';
import { type MinorUnits, sum } from '../number/money.js';
import type { LineCharge } from '../order/lineCharges.js';
import type { TaxExemption } from '../order/order.js';
import type { PaymentMethod } from '../order/payment.js';
import { type Discount, priceOrder } from '../order/pricing.js';
import { parseQuantity } from '../number/quantity.js';
import type { EInvoiceProfile } from '../restaurant/invoicing.js';
import type { DocumentCustomer, Seller } from './parties.js';
import type { TaxAmount, TaxRate, TaxTotal } from '../order/taxes.js';

export const DOCUMENT_TYPES = [
  'quotation',
  'boq',
  'invoice',
  'receipt',
  'credit_note',
  'deposit',
  'purchase_order',
  'goods_receipt',
  'stock_count',
  'day_close',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/**
 * Types whose lines callers may write. A credit note is derived from its original, a deposit from
 * its payment, a day close from its day.
 */
export const WRITTEN_TYPES: readonly DocumentType[] = DOCUMENT_TYPES.filter(
  (type) => !['credit_note', 'deposit', 'day_close'].includes(type),
);
/** Types that can be made from an order. */
export const ORDER_DOCUMENT_TYPES: readonly DocumentType[] = ['quotation', 'boq', 'invoice', 'receipt'];
/** Types that are agreed on before an invoice. */
export const QUOTED_TYPES: readonly DocumentType[] = ['quotation', 'boq'];
/** Types given to a guest for a sale. A credit note can correct them. */
export const CREDITABLE_TYPES: readonly DocumentType[] = ['invoice', 'receipt'];
/** Types that state taxes to a guest, and that a credit note can take back. */
export const TAXED_TYPES: readonly DocumentType[] = [...CREDITABLE_TYPES, 'deposit'];

/** Types that have an electronic form. */
export const E_INVOICE_TYPES: readonly DocumentType[] = ['invoice', 'credit_note', 'deposit'];
/** Types that say when the goods were supplied. */
export const SUPPLY_TYPES: readonly DocumentType[] = ['invoice', 'receipt', 'credit_note'];

export const DOCUMENT_STATUSES = ['draft', 'issued', 'voided'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** Goods and services, or a part of an order's total that is not a dish. */
export type DocumentLineKind = 'item' | 'service_charge' | 'tip' | 'deposit';

/** A line before it is priced. */
export interface LineContent {
  kind: DocumentLineKind;
  description: string;
  /**
   * Decimal text with at most six decimals: banquets are sold by the kilogram and the half hour.
   */
  quantity: string;
  unit: string | null;
  /** Per unit, minor units. */
  unitPrice: MinorUnits;
  discounts: Discount[];
  taxes: TaxRate[];
  /** On a credit note: position of the original's line that it credits. */
  originalPosition: number | null;
  /**
   * On a stock count: average cost per unit, minor units as decimal text. `unitPrice` is this cost,
   * rounded.
   */
  unitCost?: string;
  /** On a document made from an order: the order's line. Absent on older documents. */
  orderLineId?: string;
}

export interface DocumentLine extends Omit<LineContent, 'taxes'> {
  /** From 1. */
  position: number;
  taxes: TaxAmount[];
  grossAmount: MinorUnits;
  discountAmount: MinorUnits;
  /** After discounts; contains included taxes. */
  amount: MinorUnits;
  taxAmount: MinorUnits;
}

/** `total = subtotal - discountTotal + (taxTotal - taxIncludedTotal)`, always. */
export interface DocumentTotals {
  subtotal: MinorUnits;
  discountTotal: MinorUnits;
  taxTotal: MinorUnits;
  taxIncludedTotal: MinorUnits;
  total: MinorUnits;
}

export interface DocumentAmounts extends DocumentTotals {
  lines: DocumentLine[];
  /** By tax, rate and inclusion. */
  taxes: TaxTotal[];
}

/** Fields of an issued document; all null on a draft. */
export interface Numbering {
  seriesId: string | null;
  period: string | null;
  counter: number | null;
  number: string | null;
  businessDate: string | null;
  issuedAt: string | null;
  issuedBy: string | null;
  seller: Seller | null;
  /**
   * Hash of the previous document in the series; empty for the first document, null in a series
   * without a chain.
   */
  previousHash: string | null;
  hash: string | null;
}

/** Details of single document types. */
export interface DocumentDetails {
  /** On a receipt or an invoice of an order: the payments of the order when it was made. */
  payments?: DocumentPayment[];
  /** On an invoice or receipt of an order: refunds of its sale before. The lines are less them. */
  refunds?: DocumentRefund[];
  /** On an invoice or receipt of an order: deposits with documents of their own, to be deducted. */
  deposits?: DocumentDeposit[];
  /** On the document of a deposit: its payment. */
  deposit?: { paymentId: string; date: string };
  /** On a document of a tax-exempt customer. */
  taxExemption?: TaxExemption;
  /** On a document made from an order: the order data that its guest knows. */
  order?: OrderReference;
  /** On a day close: the figures of its day. */
  dayClose?: DayReport;
  /** On a purchasing document: its source. */
  purchase?: PurchaseDetails;
  /** On a stock count document: the count's id and the business date of its commit. */
  stockCount?: { stockCountId: string; date: string };
  /** On a document made from a quotation or a bill of quantities: its id and its number. */
  quotation?: { quotationId: string; number: string };
  /**
   * On a document that replaces a fully credited one: the id and the number of the replaced
   * document.
   */
  replaces?: { documentId: string; number: string };
  /** Day of the supply, if it is not that of the order. On a credit note: that of its original. */
  supplyDate?: string;
  /** On an invoice or a credit note: what its electronic form needs beyond the paper. */
  eInvoice?: EInvoiceDetails;
}

export interface EInvoiceDetails {
  /** Absent: the profile of the restaurant. */
  profile?: EInvoiceProfile | undefined;
  /** The customer's sign for this invoice: a department, a Leitweg-ID (BT-10). */
  buyerReference?: string | undefined;
  /** Number of the customer's purchase order (BT-13). */
  purchaseOrderReference?: string | undefined;
}

export interface OrderReference {
  number: string;
  /** On the restaurant's wall clock: `YYYY-MM-DD HH:MM`. */
  placedAt: string;
  table: string | null;
  /** Day of the supply. Absent on documents from before it was kept. */
  businessDate?: string;
}

/**
 * These fields are in the details because the details are hashed: a new field of the document
 * itself would change the canonical form of older documents.
 */
export interface PurchaseDetails {
  /** At most one of the two ids: the source of the document. */
  purchaseOrderId?: string;
  goodsReceiptId?: string;
  /** Number of the purchase order or of the delivery note. */
  reference: string | null;
  /** The restaurant's customer number at the supplier. */
  customerNumber: string | null;
}

export interface DocumentPayment {
  method: PaymentMethod;
  amount: MinorUnits;
  tip: MinorUnits;
  /** Cash beyond `amount` and `tip`; negative: less. Absent: none. */
  rounding?: MinorUnits;
  /** Amount handed over: `amount + tip + rounding + change`. */
  tendered: MinorUnits;
  change: MinorUnits;
  /** Number of the deposit's document, if the document deducts it. */
  deposit?: string;
}

/**
 * A deposit whose own document has stated its taxes, or a single-purpose voucher, which was taxed
 * when it was sold.
 */
export interface DocumentDeposit {
  /** Absent: a deposit. */
  kind?: 'voucher';
  /** Null: a voucher. */
  documentId: string | null;
  paymentId: string;
  number: string;
  issueDate: string;
  /** Business date of the payment. */
  date: string;
  amount: MinorUnits;
  charges: LineCharge[];
}

/** A refund of the sale, as the guest sees it. */
export interface DocumentRefund {
  method: PaymentMethod;
  amount: MinorUnits;
  /** Cash beyond `amount`; negative: less. Absent: none. */
  rounding?: MinorUnits;
  reason: string;
  taxes: TaxTotal[];
}

export interface Document extends DocumentAmounts, Numbering {
  id: string;
  type: DocumentType;
  status: DocumentStatus;
  /** Location and register choose the series. Empty: none. */
  location: string;
  register: string;
  /** ISO 4217. */
  currency: string;
  customer: DocumentCustomer | null;
  notes: string | null;
  discounts: Discount[];
  details: DocumentDetails | null;
  orderId: string | null;
  /** On a credit note: id of the document that it corrects. */
  originalId: string | null;
  reason: string | null;
  voidReason: string | null;
  voidedAt: string | null;
  voidedBy: string | null;
  version: number;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
}

/**
 * Prices the lines of a document with the pricing engine of orders.
 * @throws AppError when an amount is too large to count exactly
 */
export function priceDocument(lines: readonly LineContent[], discounts: readonly Discount[]): DocumentAmounts {
  const priced = priceOrder({
    lines: lines.map(({ quantity, unitPrice, discounts: own, taxes }) => ({
      quantity: microsOf(quantity),
      unitPrice,
      modifiers: [],
      discounts: own,
      taxes,
    })),
    discounts,
    tip: 0,
  });
  const { subtotal, discountTotal, taxTotal, taxIncludedTotal, total, taxes } = priced;
  return {
    lines: lines.map((line, index) => ({ ...line, ...priced.lines[index]!, position: index + 1 })),
    subtotal,
    discountTotal,
    taxTotal,
    taxIncludedTotal,
    total,
    taxes,
  };
}

/** Day on which the customer got what the document is for; undefined on older documents. */
export function supplyDateOf({ details }: Pick<Document, 'details'>): string | undefined {
  // The meal that a deposit is for may still move.
  if (details?.deposit) return undefined;
  return details?.supplyDate ?? details?.order?.businessDate;
}

/**
 * What was paid of the document's total when it was made: its payments less the refunds of its
 * sale, which its lines do not contain.
 */
export function prepaidOf({ details }: Pick<Document, 'details'>): MinorUnits {
  const paid = (details?.payments ?? []).map(({ amount, tip }) => amount + tip);
  const returned = (details?.refunds ?? []).map(({ amount }) => -amount);
  return sum([...paid, ...returned]);
}

/**
 * Whether the content is derived from an original, an order, a purchase, a stock count or a
 * quotation. Callers cannot write the lines of such a document.
 */
export function isDerived({ originalId, orderId, details }: Document): boolean {
  const { purchase, stockCount, quotation } = details ?? {};
  return originalId !== null || orderId !== null || (purchase ?? stockCount ?? quotation) !== undefined;
}

/** @throws AppError invalid_state unless the document is a draft */
export function assertDraft({ type, status, number }: Pick<Document, 'type' | 'status' | 'number'>): void {
  if (status === 'draft') return;
  const remedy = TAXED_TYPES.includes(type) ? 'Correct it with a credit note.' : 'Create a new document instead.';
  throw new AppError('invalid_state', `${number} is ${status} and cannot be changed. ${remedy}`);
}

function microsOf(quantity: string): bigint {
  const micros = parseQuantity(quantity);
  if (micros === undefined)
    throw new AppError('invalid_request', `"${quantity}" is not a quantity. Write it like "1.25".`);
  return micros;
}
