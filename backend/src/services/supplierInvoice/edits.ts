/** What a person corrects in a document and its lines. */
import { invalid } from '../../domain/shared/errors.js';
import { type SentFields, withoutUndefined } from '../../domain/shared/sentFields.js';
import { decimalOf, moneyOf } from '../../domain/supplierInvoice/decimals.js';
import type { Adjustment, DocumentType, ReadLine, ReadTotals } from '../../domain/supplierInvoice/readInvoice.js';
import type { SupplierInvoice, SupplierInvoiceLine } from '../../domain/supplierInvoice/supplierInvoice.js';

export interface DocumentChanges {
  documentType?: DocumentType | undefined;
  number?: string | null | undefined;
  issueDate?: string | null | undefined;
  dueDate?: string | null | undefined;
  currency?: string | null | undefined;
  supplierName?: string | null | undefined;
  supplierVatId?: string | null | undefined;
  totals?: SentFields<ReadTotals> | undefined;
  allowances?: SentAdjustment[] | undefined;
  charges?: SentAdjustment[] | undefined;
  supplierId?: string | null | undefined;
  purchaseOrderId?: string | null | undefined;
  goodsReceiptId?: string | null | undefined;
  goodsReturned?: boolean | null | undefined;
  exchangeRate?: string | null | undefined;
}

interface SentAdjustment {
  amount: string;
  reason?: string | null | undefined;
  taxRate?: string | null | undefined;
}

export interface LineChanges {
  articleNumber?: string | null | undefined;
  description?: string | undefined;
  quantity?: string | null | undefined;
  unit?: string | null | undefined;
  unitPrice?: string | null | undefined;
  netAmount?: string | null | undefined;
  taxRate?: string | null | undefined;
  /** False: no goods of the store room. */
  isStock?: boolean | undefined;
  /** Null removes the match. */
  match?: { inventoryItemId: string; packQuantity?: string | undefined } | null | undefined;
}

/** @throws AppError invalid_request for an amount that is no decimal. */
export function changedDocument(before: SupplierInvoice, changes: DocumentChanges): SupplierInvoice {
  const { supplierName, supplierVatId, totals, allowances, charges, ...others } = changes;
  const { documentType, number, issueDate, dueDate, currency, ...links } = others;
  const head = before.invoice;
  if (!head) return { ...before, ...withoutUndefined(links) };
  const supplier = {
    name: supplierName === undefined ? head.supplier.name : supplierName,
    vatId: supplierVatId === undefined ? head.supplier.vatId : supplierVatId,
  };
  const sums = Object.fromEntries(
    Object.entries(withoutUndefined(totals ?? {})).map(([name, text]) => [name, money(`/totals/${name}`, text)]),
  );
  const invoice = {
    ...head,
    ...withoutUndefined({ documentType, number, issueDate, dueDate, currency }),
    supplier,
    adjustments: [
      ...changedAdjustments(head.adjustments, false, allowances),
      ...changedAdjustments(head.adjustments, true, charges),
    ],
    totals: { ...head.totals, ...sums },
  };
  return { ...before, ...withoutUndefined(links), invoice };
}

function changedAdjustments(
  before: readonly Adjustment[],
  isCharge: boolean,
  sent: readonly SentAdjustment[] | undefined,
): Adjustment[] {
  if (!sent) return before.filter((one) => one.isCharge === isCharge);
  const pointer = `/${isCharge ? 'charges' : 'allowances'}`;
  return sent.map(({ amount, reason = null, taxRate = null }, index) => ({
    isCharge,
    amount: moneyOf(amount) ?? refuse(`${pointer}/${index}/amount`),
    reason,
    taxRate: plain(`${pointer}/${index}/taxRate`, taxRate),
    taxCategory: null,
  }));
}

/** The line without a change of its match. @throws AppError invalid_request. */
export function changedLine(before: SupplierInvoiceLine, changes: LineChanges): SupplierInvoiceLine {
  const { match, isStock = before.isStock, ...sent } = changes;
  const { quantity, unitPrice, netAmount, taxRate, ...texts } = sent;
  const line: ReadLine = {
    ...before.line,
    ...withoutUndefined(texts),
    ...(quantity === undefined ? {} : { quantity: plain('/quantity', quantity) }),
    ...(unitPrice === undefined ? {} : { unitPrice: plain('/unitPrice', unitPrice) }),
    ...(taxRate === undefined ? {} : { taxRate: plain('/taxRate', taxRate) }),
    ...(netAmount === undefined ? {} : { netAmount: money('/netAmount', netAmount) }),
  };
  const isMatched = match !== null && isStock;
  return {
    ...before,
    line,
    isStock,
    inventoryItemId: isMatched ? before.inventoryItemId : null,
    packQuantity: isMatched ? before.packQuantity : null,
    score: isMatched ? before.score : null,
    matchSource: isStock ? (match === null ? null : before.matchSource) : 'person',
  };
}

function plain(pointer: string, text: string | null): string | null {
  return text === null ? null : (decimalOf(text) ?? refuse(pointer));
}

function money(pointer: string, text: string | null): string | null {
  return text === null ? null : (moneyOf(text) ?? refuse(pointer));
}

function refuse(pointer: string): never {
  throw invalid(pointer, 'Give a decimal number such as "12.50".');
}
