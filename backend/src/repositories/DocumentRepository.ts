import { query, type Tx, violatedConstraint } from '../config/database.js';
import type { Document } from '../domain/document/document.js';
import { AppError, keyInUse } from '../domain/shared/errors.js';
import { DOCUMENT_COLUMNS } from './document/documentColumns.js';
import { DocumentLists } from './document/DocumentLists.js';
import { DocumentNumbers } from './document/DocumentNumbers.js';
import { DocumentReplacements } from './document/DocumentReplacements.js';
import { type DraftRow, insertDrafts } from './document/newDrafts.js';
import { SeriesTable } from './document/SeriesTable.js';

/** A draft and the request that stored it. */
interface RequestedDraft {
  key: string;
  id: string;
  requestHash: string;
}

const saveDraft = query(
  'document.save',
  `update documents
   set location = $3, register = $4, customer = $5, notes = $6, lines = $7, discounts = $8, taxes = $9, subtotal = $10, discount_total = $11,
       tax_total = $12, tax_included_total = $13, total = $14, details = $15, version = $16, updated_at = $17
   where restaurant_id = $1 and id = $2`,
);
const removeDraft = query(
  'document.remove',
  `update documents set deleted_at = $3, request_key = null where restaurant_id = $1 and id = $2`,
);
const voidDocument = query(
  'document.void',
  `update documents
   set status = 'voided', void_reason = $3, voided_at = $4, voided_by = $5, version = $6, updated_at = $4
   where restaurant_id = $1 and id = $2`,
);
const findDocument = query<Document>(
  'document.find',
  `select ${DOCUMENT_COLUMNS} from documents d where d.restaurant_id = $1 and d.id = $2 and d.deleted_at is null`,
);
const lockDocument = query<Document>('document.lock', `${findDocument.text} for update`);
const findRequested = query<RequestedDraft>(
  'document.findRequested',
  `select request_key as key, id, request_hash as "requestHash" from documents
   where restaurant_id = $1 and request_key = any ($2::text[])`,
);
const creditNotesOf = query<Document>(
  'document.listCreditNotes',
  `select ${DOCUMENT_COLUMNS} from documents d
   where d.restaurant_id = $1 and d.original_id = $2 and d.status <> 'voided' and d.deleted_at is null
   order by d.id`,
);

/**
 * Each of these sources has one live document of a type. Orders and quotations also have one
 * replacement for each document that was credited in full.
 */
const TAKEN = [
  {
    key: 'documents_payment_key',
    pointer: '/paymentId',
    message: 'This deposit already has a document. Void that document or credit it first.',
  },
  {
    key: 'documents_order_key',
    pointer: '/orderId',
    message: 'This order already has a document of this type. Void that document or credit it in full first.',
  },
  {
    key: 'documents_quotation_key',
    pointer: '/quotationId',
    message: 'This quotation already has a document of this type. Void that document or credit it in full first.',
  },
  {
    key: 'documents_purchase_order_key',
    pointer: '/purchaseOrderId',
    message:
      'This purchase order already has a document of this type. Void that document first, or delete it if it is a draft.',
  },
  {
    key: 'documents_goods_receipt_key',
    pointer: '/goodsReceiptId',
    message:
      'This goods receipt already has a document of this type. Void that document first, or delete it if it is a draft.',
  },
  {
    key: 'documents_stock_count_key',
    pointer: '/stockCountId',
    message:
      'This stock count already has a document of this type. Void that document first, or delete it if it is a draft.',
  },
];

export class DocumentRepository {
  readonly series = new SeriesTable();
  readonly numbers = new DocumentNumbers();
  readonly lists = new DocumentLists();
  readonly replacements = new DocumentReplacements();

  /**
   * Stores drafts: all of them or none.
   * @throws AppError already_exists when a source already has a document of this type;
   * idempotency_key_in_use.
   */
  async insert(restaurantId: string, tx: Tx, drafts: readonly DraftRow[]): Promise<void> {
    await insertDrafts(restaurantId, tx, drafts).catch(refuseSecond);
  }

  /** Updates a draft. The caller has locked it. */
  async save(restaurantId: string, tx: Tx, document: Document): Promise<void> {
    const { place, amounts } = written(document);
    const values = [restaurantId, document.id, ...place, ...amounts];
    await tx.run(saveDraft, [...values, json(document.details), document.version, document.updatedAt]);
  }

  /** Soft delete of a draft. The caller has locked it. */
  async remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(removeDraft, [restaurantId, id, at]);
  }

  /** Stores that an issued document is void. The caller has locked it. */
  async void(restaurantId: string, tx: Tx, document: Document): Promise<void> {
    const { id, voidReason, voidedAt, voidedBy, version } = document;
    await tx.run(voidDocument, [restaurantId, id, voidReason, voidedAt, voidedBy, version]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Document | undefined> {
    return tx.maybeOne(findDocument, [restaurantId, id]);
  }

  /** As `find`, and locks the document until the transaction ends. */
  lock(restaurantId: string, tx: Tx, id: string): Promise<Document | undefined> {
    return tx.maybeOne(lockDocument, [restaurantId, id]);
  }

  /** The documents that earlier attempts of the same requests stored. */
  findRequested(restaurantId: string, tx: Tx, keys: readonly string[]): Promise<RequestedDraft[]> {
    return tx.many(findRequested, [restaurantId, keys]);
  }

  /** Credit notes that are not void, including drafts. The caller has locked the original. */
  creditNotesOf(restaurantId: string, tx: Tx, originalId: string): Promise<Document[]> {
    return tx.many(creditNotesOf, [restaurantId, originalId]);
  }
}

/**
 * Values of a draft, in the order of the statement. pg writes arrays in PostgreSQL's own notation;
 * a jsonb column needs JSON.
 */
function written(document: Document): { place: unknown[]; amounts: unknown[] } {
  const { location, register, customer, notes, lines, discounts, taxes } = document;
  const { subtotal, discountTotal, taxTotal, taxIncludedTotal, total } = document;
  return {
    place: [location, register, json(customer), notes],
    amounts: [
      ...[lines, discounts, taxes].map((list) => JSON.stringify(list)),
      subtotal,
      discountTotal,
      taxTotal,
      taxIncludedTotal,
      total,
    ],
  };
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function refuseSecond(error: unknown): never {
  const constraint = violatedConstraint(error);
  if (constraint === 'documents_request_key') throw keyInUse();
  const taken = TAKEN.find(({ key }) => key === constraint);
  if (!taken) throw error;
  const { pointer, message } = taken;
  throw new AppError('already_exists', message, { cause: error, errors: [{ pointer, message }] });
}
