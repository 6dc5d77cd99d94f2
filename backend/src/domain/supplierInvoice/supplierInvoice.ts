/** A supplier's document on its way from an uploaded file into stock. */
import { AppError } from '../shared/errors.js';
import type { Revaluation } from './latePrices.js';
import type { ReadInvoice, ReadLine } from './readInvoice.js';

export const SUPPLIER_INVOICE_STATUSES = [
  'received',
  'extracting',
  'review',
  'approved',
  'posted',
  'reversed',
  'failed',
  'rejected',
] as const;
export type SupplierInvoiceStatus = (typeof SUPPLIER_INVOICE_STATUSES)[number];

export const PRODUCTS = ['unknown', 'invoice', 'credit_note'] as const;
export type Product = (typeof PRODUCTS)[number];

/** What led from a line to its item. `person` wins over all, and teaches `learned`. */
export const MATCH_SOURCES = ['learned', 'article', 'name', 'person'] as const;
export type MatchSource = (typeof MATCH_SOURCES)[number];

export interface LineMatch {
  /** False: no goods of the store room, such as freight or a deposit. */
  isStock: boolean;
  inventoryItemId: string | null;
  /** Stock units in one invoiced unit, decimal text. */
  packQuantity: string | null;
  /** 0 to 1, decimal text. */
  score: string | null;
  matchSource: MatchSource | null;
}

export interface SupplierInvoiceLine extends LineMatch {
  position: number;
  line: ReadLine;
  /** Of the matched item. */
  itemName: string | null;
  itemUnit: string | null;
  /** As posted, with the sign of the movement. */
  stockQuantity: string | null;
  /** As posted: minor units for one stock unit. */
  unitCost: string | null;
}

/** The document without its lines, as it is stored. */
export type InvoiceHead = Omit<ReadInvoice, 'lines'>;

export interface SupplierInvoice {
  id: string;
  workflowId: string;
  part: number;
  status: SupplierInvoiceStatus;
  product: Product;
  userId: string;
  fileName: string;
  fileKey: string;
  /** When the file left the storage: some time after the document was rejected. */
  fileRemovedAt: string | null;
  sha256: string;
  bytes: number;
  kind: 'pdf' | 'jpeg' | 'png' | 'webp' | 'heic' | 'xml' | 'csv';
  pages: number | null;
  scannedAt: string | null;
  uploadedAt: string;
  failure: string | null;
  invoice: InvoiceHead | null;
  supplierId: string | null;
  supplierName: string | null;
  purchaseOrderId: string | null;
  goodsReceiptId: string | null;
  goodsReturned: boolean | null;
  /** Of a posted document whose goods came before it. */
  revaluations: Revaluation[] | null;
  exchangeRate: string | null;
  reviewedBy: string | null;
  decisionReason: string | null;
  postedAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
  lines: SupplierInvoiceLine[];
}

/** Actions, with the statuses in which they are possible. */
const POSSIBLE = {
  change: ['review'],
  approve: ['review'],
  reject: ['review', 'approved', 'failed'],
  // An approved document that turns out wrong goes back to the review.
  reprocess: ['review', 'approved', 'failed', 'rejected', 'reversed'],
  post: ['approved'],
  reverse: ['posted'],
} as const satisfies Record<string, readonly SupplierInvoiceStatus[]>;
export type SupplierInvoiceAction = keyof typeof POSSIBLE;

/** @throws AppError invalid_state, naming the possible actions. */
export function assertPossible(action: SupplierInvoiceAction, status: SupplierInvoiceStatus): void {
  const isPossible = (other: SupplierInvoiceAction) => POSSIBLE[other].some((one) => one === status);
  if (isPossible(action)) return;
  // The keys are the actions.
  const possible = (Object.keys(POSSIBLE) as SupplierInvoiceAction[]).filter(isPossible);
  const hint = possible.length === 0 ? 'no action is possible now' : `possible now: ${possible.join(', ')}`;
  const state = status === 'received' || status === 'extracting' ? 'still being read' : status;
  throw new AppError('invalid_state', `A document that is ${state} cannot take "${action}"; ${hint}.`);
}
