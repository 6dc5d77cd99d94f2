/** Makes drafts from lines, from an order or from a business day. */
import type { DayReport } from '../../domain/report/businessDay.js';
import type { Call } from '../../domain/shared/call.js';
import {
  type Document,
  type DocumentAmounts,
  type DocumentDetails,
  type DocumentType,
  type EInvoiceDetails,
  type LineContent,
  E_INVOICE_TYPES,
  priceDocument,
  SUPPLY_TYPES,
  WRITTEN_TYPES,
} from '../../domain/document/document.js';
import type { DocumentCustomer } from '../../domain/document/parties.js';
import { type AppError, invalid, notFound } from '../../domain/shared/errors.js';
import { type MenuParts, rateOf } from '../../domain/menu/menu.js';
import type { Discount } from '../../domain/order/pricing.js';
import { addTotals, assertBounded, subtractTotal } from '../../domain/number/money.js';
import { keptIds } from '../../domain/restaurant/invoicing.js';
import { keptVatId } from '../../domain/restaurant/vatNumber.js';
import { newId } from '../../utils/ids.js';

export interface LineRequest {
  description: string;
  quantity: string;
  unit?: string | null | undefined;
  unitPrice: number;
  taxIds: string[];
  discounts: Discount[];
}

type SentEInvoice = { [Field in keyof EInvoiceDetails]?: EInvoiceDetails[Field] | null };

/** Fields of a draft that callers can set. An absent field keeps its value. */
export interface DraftChange {
  lines?: LineRequest[] | undefined;
  discounts?: Discount[] | undefined;
  customer?: DocumentCustomer | null | undefined;
  notes?: string | null | undefined;
  location?: string | undefined;
  register?: string | undefined;
  /** Absent fields of it keep their value too; null removes one. */
  eInvoice?: SentEInvoice | undefined;
  supplyDate?: string | null | undefined;
}

export interface DocumentRequest extends DraftChange {
  type: DocumentType;
  orderId?: string | undefined;
  /** A deposit. */
  paymentId?: string | undefined;
  quotationId?: string | undefined;
  purchaseOrderId?: string | undefined;
  goodsReceiptId?: string | undefined;
  stockCountId?: string | undefined;
}

const SOURCES = [
  'orderId',
  'paymentId',
  'quotationId',
  'purchaseOrderId',
  'goodsReceiptId',
  'stockCountId',
] as const satisfies readonly (keyof DocumentRequest)[];

/** Whether the content of a draft comes from another thing, and not from the request alone. */
export function hasSource(request: DocumentRequest): boolean {
  return SOURCES.some((source) => request[source] !== undefined);
}

/** Content of a draft, before it has an id, a status and an author. */
export type Content = Pick<Document, 'type' | 'currency'> &
  DocumentAmounts &
  Partial<
    Pick<
      Document,
      'customer' | 'notes' | 'location' | 'register' | 'discounts' | 'details' | 'orderId' | 'originalId' | 'reason'
    >
  >;

/**
 * Content that a draft takes from its source. Customer, notes, location and register are defaults:
 * the values that the caller sends win.
 */
export type SourceContent = DocumentAmounts &
  Pick<Document, 'customer' | 'discounts' | 'details' | 'orderId'> &
  Partial<Pick<Document, 'notes' | 'location' | 'register'>>;

export function draftOf(call: Call, now: Date, content: Content): Document {
  const at = now.toISOString();
  return {
    location: '',
    register: '',
    customer: null,
    notes: null,
    discounts: [],
    details: null,
    orderId: null,
    originalId: null,
    reason: null,
    ...content,
    id: newId(),
    status: 'draft',
    seriesId: null,
    period: null,
    counter: null,
    number: null,
    businessDate: null,
    issuedAt: null,
    issuedBy: null,
    seller: null,
    previousHash: null,
    hash: null,
    voidReason: null,
    voidedAt: null,
    voidedBy: null,
    version: 1,
    createdBy: actorOf(call),
    createdAt: at,
    updatedAt: at,
  };
}

/**
 * The request, with the identifiers of the customer in their stored form.
 * @throws AppError invalid_request if one is not possible in its country or scheme.
 */
export function withKeptIds<T extends DraftChange>(sent: T): T {
  const { customer } = sent;
  if (!customer) return sent;
  // A customer has no account, and only ids that were sent are kept: never null.
  const kept = { ...customer, ...keptIds(customer, '/customer') } as DocumentCustomer;
  if (customer.vatId) kept.vatId = keptVatId(customer.vatId, customer.country ?? null, '/customer/vatId');
  return { ...sent, customer: kept };
}

/**
 * The details of a draft with those that the caller sent.
 * @throws AppError invalid_request for a type that does not have them, or an order's own date.
 */
export function detailsWith(
  { type, orderId, details }: Pick<Document, 'type' | 'orderId' | 'details'>,
  { eInvoice, supplyDate }: Pick<DraftChange, 'eInvoice' | 'supplyDate'>,
): DocumentDetails | null {
  if (eInvoice !== undefined && !E_INVOICE_TYPES.includes(type))
    throw invalid('/eInvoice', `Only ${E_INVOICE_TYPES.join(' and ')} have an electronic form. Leave out eInvoice.`);
  if (supplyDate !== undefined && !SUPPLY_TYPES.includes(type))
    throw invalid('/supplyDate', `Only ${SUPPLY_TYPES.join(', ')} have a date of supply. Leave out supplyDate.`);
  if (supplyDate !== undefined && orderId !== null)
    throw invalid('/supplyDate', 'The date of supply is the business date of the order. Leave out supplyDate.');
  if (eInvoice === undefined && supplyDate === undefined) return details;
  const kept = { ...details };
  if (supplyDate === null) delete kept.supplyDate;
  else if (supplyDate !== undefined) kept.supplyDate = supplyDate;
  if (eInvoice) kept.eInvoice = withoutEmpty<EInvoiceDetails>({ ...kept.eInvoice, ...eInvoice });
  return kept;
}

/** Without the fields that are null or undefined. */
function withoutEmpty<T extends object>(fields: { [K in keyof T]: T[K] | null }): T {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  // Only optional fields may be null or undefined here.
  return Object.fromEntries(kept) as T;
}

/** @throws AppError invalid_request for a type that is not written by hand; not_found for a tax. */
export function amountsOf(request: DocumentRequest, taxes: MenuParts['taxes']): DocumentAmounts {
  if (!WRITTEN_TYPES.includes(request.type)) throw notWritten(request.type);
  const amounts = priceDocument(linesOf(request.lines ?? [], taxes), request.discounts ?? []);
  assertBounded('A document', amounts);
  return amounts;
}

/** @throws AppError not_found naming the tax. */
export function linesOf(lines: readonly LineRequest[], taxes: MenuParts['taxes']): LineContent[] {
  return lines.map((line, index) => ({
    kind: 'item',
    description: line.description,
    quantity: line.quantity,
    unit: line.unit ?? null,
    unitPrice: line.unitPrice,
    discounts: line.discounts,
    originalPosition: null,
    taxes: [...new Set(line.taxIds)].map((taxId, place) => {
      const tax = taxes.find(({ id }) => id === taxId);
      if (!tax) throw notFound('tax', `/lines/${index}/taxIds/${place}`);
      return rateOf(tax);
    }),
  }));
}

/**
 * A document without lines that holds the figures of the day. Its subtotal includes service charge
 * and tips.
 */
export function dayCloseOf(report: DayReport, notes: string | null): Content {
  const { currency, discountTotal, taxTotal, taxIncludedTotal, total, taxes } = report;
  const subtotal = subtractTotal(addTotals(total, discountTotal, taxIncludedTotal), taxTotal);
  // Amounts from 2^53 on are text, and are stored, hashed and shown as such. No code calculates
  // with the amounts of a day close.
  const amounts = { lines: [], subtotal, discountTotal, taxTotal, taxIncludedTotal, total, taxes } as DocumentAmounts;
  return { type: 'day_close', currency, notes, ...amounts, details: { dayClose: report } };
}

export function actorOf({ actor }: Call): string {
  return `${actor.kind}:${actor.id}`;
}

function notWritten(type: DocumentType): AppError {
  if (type === 'deposit') return invalid('/type', 'A deposit is made of its payment. Send "paymentId".');
  const how = type === 'credit_note' ? 'POST /v1/documents/{id}/credit' : 'POST /v1/business-days/{date}/close';
  return invalid('/type', `A ${type} is not written by hand. Send ${how} instead.`);
}
