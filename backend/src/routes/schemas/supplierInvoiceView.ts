/** Brings a supplier's document into the form of the API. */
import type { Revaluation } from '../../domain/supplierInvoice/latePrices.js';
import { type Adjustment, NO_TOTALS } from '../../domain/supplierInvoice/readInvoice.js';
import type { SupplierInvoice, SupplierInvoiceLine } from '../../domain/supplierInvoice/supplierInvoice.js';
import type { DocumentView } from '../../services/supplierInvoice/Views.js';

/** The fields of a document that lists show. */
export function presentSummary(document: Omit<SupplierInvoice, 'lines'>) {
  const { invoice, product, kind, bytes, pages, userId, supplierId, supplierName, ...rest } = document;
  const { workflowId, part, fileName, fileRemovedAt, sha256, uploadedAt, failure, version, createdAt, updatedAt } =
    rest;
  const { purchaseOrderId, goodsReceiptId, goodsReturned, exchangeRate, reviewedBy, decisionReason, postedAt } = rest;
  return {
    id: rest.id,
    workflowId,
    part,
    status: rest.status,
    documentType: product,
    fileName,
    fileRemovedAt,
    sha256,
    source: { kind, bytes, pages, format: invoice?.format ?? null },
    uploadedBy: userId,
    uploadedAt,
    failure,
    supplier: {
      id: supplierId,
      name: supplierName ?? invoice?.supplier.name ?? null,
      vatId: invoice?.supplier.vatId ?? null,
    },
    buyer: { name: invoice?.buyer.name ?? null },
    typeCode: invoice?.typeCode ?? null,
    number: invoice?.number ?? null,
    issueDate: invoice?.issueDate ?? null,
    dueDate: invoice?.dueDate ?? null,
    currency: invoice?.currency ?? null,
    orderReference: invoice?.orderReference ?? null,
    precedingNumber: invoice?.precedingNumber ?? null,
    totals: invoice?.totals ?? NO_TOTALS,
    purchaseOrderId,
    goodsReceiptId,
    goodsReturned,
    exchangeRate,
    reviewedBy,
    decisionReason,
    postedAt,
    version,
    createdAt,
    updatedAt,
  };
}

export function presentSupplierInvoice(document: DocumentView) {
  const { lines, checks, duplicates, comparison, priceChanges, ...rest } = document;
  const { invoice, revaluations } = rest;
  return {
    ...presentSummary(rest),
    lines: lines.map(presentLine),
    ...presentAdjustments(invoice?.adjustments ?? []),
    taxes: invoice?.taxes ?? [],
    totalEvidence: invoice?.totalEvidence ?? {},
    checks,
    duplicates,
    comparison,
    revaluations: (revaluations ?? []).map(presentRevaluation),
    priceChanges,
  };
}

function presentRevaluation(one: Revaluation) {
  const { stockQuantity: _stock, averageBefore: _before, averageAfter: _after, ...shown } = one;
  return shown;
}

/** One line, with the version of its document. @returns undefined when there is none. */
export function presentOneLine({ lines, version }: DocumentView, position: number) {
  const one = lines.find((line) => line.position === position);
  return one && { ...presentLine(one), version };
}

function presentLine(one: SupplierInvoiceLine) {
  const { position, line, isStock, inventoryItemId, itemName, itemUnit, score, matchSource, packQuantity } = one;
  const { id, adjustments, ...read } = line;
  const match =
    inventoryItemId === null
      ? null
      : { inventoryItemId, itemName, score, source: matchSource, packQuantity, stockUnit: itemUnit };
  const { stockQuantity, unitCost } = one;
  const posted = stockQuantity === null || unitCost === null ? null : { stockQuantity, unitCost };
  return { position, lineId: id, ...read, ...presentAdjustments(adjustments), isStock, match, posted };
}

function presentAdjustments(adjustments: readonly Adjustment[]) {
  const of = (wanted: boolean) =>
    adjustments.filter(({ isCharge }) => isCharge === wanted).map(({ isCharge: _kind, ...rest }) => rest);
  return { allowances: of(false), charges: of(true) };
}
