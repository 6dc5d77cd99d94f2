/** Business documents: what they hold, and what the pricing engine makes of their lines. */
import type { DayReport } from '../report/businessDay.js';
import { AppError } from '../shared/errors.js';
import type { MinorUnits } from '../number/money.js';
import type { Customer } from '../order/order.js';
import type { PaymentMethod } from '../order/payment.js';
import { type Discount, priceOrder } from '../order/pricing.js';
import { parseQuantity } from '../number/quantity.js';
import type { PrintLanguage } from '../restaurant/printLanguage.js';
import type { RestaurantSettings } from '../restaurant/restaurant.js';
import type { TaxAmount, TaxRate, TaxTotal } from '../order/taxes.js';

export const DOCUMENT_TYPES = [
  'quotation',
  'boq',
  'invoice',
  'receipt',
  'credit_note',
  'purchase_order',
  'goods_receipt',
  'stock_count',
  'day_close',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** What callers may write from lines: a credit note follows from its original, a day close from its day. */
export const WRITTEN_TYPES: readonly DocumentType[] = DOCUMENT_TYPES.filter(
  (type) => type !== 'credit_note' && type !== 'day_close',
);
/** What an order can become. */
export const ORDER_DOCUMENT_TYPES: readonly DocumentType[] = ['quotation', 'boq', 'invoice', 'receipt'];
/** What can be agreed on before it is invoiced. */
export const QUOTED_TYPES: readonly DocumentType[] = ['quotation', 'boq'];
/** What is handed out for what was sold: a credit note can correct it. */
export const CREDITABLE_TYPES: readonly DocumentType[] = ['invoice', 'receipt'];

export const DOCUMENT_STATUSES = ['draft', 'issued', 'voided'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** Goods and services, or a part of an order's total that is no dish. */
export type DocumentLineKind = 'item' | 'service_charge' | 'tip';

/** A line before it is priced. */
export interface LineContent {
  kind: DocumentLineKind;
  description: string;
  /** Decimal text with at most six decimals: banquets are offered by the kilogram and the half hour. */
  quantity: string;
  unit: string | null;
  /** Per unit, minor units. */
  unitPrice: MinorUnits;
  discounts: Discount[];
  taxes: TaxRate[];
  /** Of a credit note: the line that it takes back. */
  originalPosition: number | null;
  /** Of a stock count: average cost per unit, minor units as decimal text. `unitPrice` is it rounded. */
  unitCost?: string;
}

export interface DocumentLine extends Omit<LineContent, 'taxes'> {
  /** From 1. */
  position: number;
  taxes: TaxAmount[];
  grossAmount: MinorUnits;
  discountAmount: MinorUnits;
  /** After discounts; included taxes are inside. */
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

/** Who issued it, as the settings were then. */
export interface Seller {
  name: string;
  address: string | null;
  // Absent on documents issued when there were no such settings: a hash is taken over what is stored.
  vatId?: string | null;
  taxNumber?: string | null;
  /** ISO 3166-1 alpha-2. */
  country?: string | null;
  /** What it prints in. */
  language?: PrintLanguage;
  /** At the foot of receipts. */
  receiptFooter?: string | null;
}

/** Whom a document is for. */
export interface DocumentCustomer extends Customer {
  vatId?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
}

/** What only an issued document has; null on a draft. */
export interface Numbering {
  seriesId: string | null;
  period: string | null;
  counter: number | null;
  number: string | null;
  businessDate: string | null;
  issuedAt: string | null;
  issuedBy: string | null;
  seller: Seller | null;
  /** Of the document before it in the series; empty for the first, null in a series without a chain. */
  previousHash: string | null;
  hash: string | null;
}

/** What a type has beyond lines. */
export interface DocumentDetails {
  /** Of a receipt: how its order was paid when it was written. */
  payments?: DocumentPayment[];
  /** Of what was made from an order: what its guest knows it by. */
  order?: OrderReference;
  /** Of a day close: the figures of its day. */
  dayClose?: DayReport;
  /** Of what was bought: where it comes from. */
  purchase?: PurchaseDetails;
  /** Of a stock count: which, and the business date on which it was committed. */
  stockCount?: { stockCountId: string; date: string };
  /** Of what was made from a quotation or a bill of quantities: its id and its number. */
  quotation?: { quotationId: string; number: string };
  /** Of what stands in the place of one that was credited in full: its id and its number. */
  replaces?: { documentId: string; number: string };
}

export interface OrderReference {
  number: string;
  /** On the restaurant's wall clock: `YYYY-MM-DD HH:MM`. */
  placedAt: string;
  table: string | null;
}

/** Stands among the details, because those are hashed: a field of the document itself would change the form of older ones. */
export interface PurchaseDetails {
  /** One of the two, when the document was made from it. */
  purchaseOrderId?: string;
  goodsReceiptId?: string;
  /** The purchase order's own number, or that of the delivery note. */
  reference: string | null;
  /** What the supplier calls the restaurant. */
  customerNumber: string | null;
}

export interface DocumentPayment {
  method: PaymentMethod;
  amount: MinorUnits;
  tip: MinorUnits;
  /** Handed over; less the change it is amount and tip. */
  tendered: MinorUnits;
  change: MinorUnits;
}

export interface Document extends DocumentAmounts, Numbering {
  id: string;
  type: DocumentType;
  status: DocumentStatus;
  /** Empty: none. They choose the series. */
  location: string;
  register: string;
  /** ISO 4217. */
  currency: string;
  customer: DocumentCustomer | null;
  notes: string | null;
  discounts: Discount[];
  details: DocumentDetails | null;
  orderId: string | null;
  /** Of a credit note: what it corrects. */
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

/** Prices the lines of a document by the engine that prices orders. @throws AppError when an amount grows beyond counting. */
export function priceDocument(lines: readonly LineContent[], discounts: readonly Discount[]): DocumentAmounts {
  const priced = priceOrder({
    lines: lines.map((line) => ({ ...line, quantity: microsOf(line.quantity), modifiers: [] })),
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

export function sellerOf(settings: RestaurantSettings): Required<Seller> {
  const { name, address, vatId, taxNumber, country, language, receiptFooter } = settings;
  return { name, address, vatId, taxNumber, country, language, receiptFooter };
}

/** Whether what it holds follows from something else, so that nobody writes its lines. */
export function isDerived({ originalId, orderId, details }: Document): boolean {
  const { purchase, stockCount, quotation } = details ?? {};
  return originalId !== null || orderId !== null || (purchase ?? stockCount ?? quotation) !== undefined;
}

/** @throws AppError invalid_state unless it is a draft. */
export function assertDraft({ type, status, number }: Pick<Document, 'type' | 'status' | 'number'>): void {
  if (status === 'draft') return;
  const remedy = CREDITABLE_TYPES.includes(type) ? 'Correct it with a credit note.' : 'Write another one.';
  throw new AppError('invalid_state', `${number} is ${status} and never changes. ${remedy}`);
}

function microsOf(quantity: string): bigint {
  const micros = parseQuantity(quantity);
  if (micros === undefined) throw new AppError('invalid_request', `"${quantity}" is no quantity: write it as "1.25".`);
  return micros;
}
