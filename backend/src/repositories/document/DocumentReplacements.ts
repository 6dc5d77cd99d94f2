/** Documents that replace a document that was credited in full. */
import { query, type Tx } from '../../config/database.js';
import type { Document, DocumentType } from '../../domain/document/document.js';
import { DOCUMENT_COLUMNS } from './documentColumns.js';

const LIVE_OF_TYPE = `select ${DOCUMENT_COLUMNS} from documents d
   where d.restaurant_id = $1 and d.type = $3 and d.status <> 'voided' and d.deleted_at is null`;
// At most one document matches. `not exists` would become a join that reads all replaced documents.
const LOCKED_LAST = `and (
     select s.id from documents s
     where s.restaurant_id = $1 and s.replaces_id = d.id and s.status <> 'voided' and s.deleted_at is null) is null
   for update of d`;
const lockLastOfOrder = query<Document>(
  'document.lockLastOfOrder',
  `${LIVE_OF_TYPE} and d.order_id = $2 ${LOCKED_LAST}`,
);
const lockLastOfQuotation = query<Document>(
  'document.lockLastOfQuotation',
  `${LIVE_OF_TYPE} and d.quotation_id = $2 ${LOCKED_LAST}`,
);
const lockLastOfPayment = query<Document>(
  'document.lockLastOfPayment',
  `${LIVE_OF_TYPE} and d.payment_id = $2 ${LOCKED_LAST}`,
);
const lockOriginal = query(
  'document.lockOriginal',
  `select from documents o
   join documents d on d.restaurant_id = $1 and d.original_id = o.id
   where o.restaurant_id = $1 and d.id = $2
   for update of o`,
);
const findReplacement = query<Document>(
  'document.findReplacement',
  `select ${DOCUMENT_COLUMNS} from documents d
   where d.restaurant_id = $1 and d.replaces_id = $2 and d.status <> 'voided' and d.deleted_at is null`,
);

/** Source of which a document can be made again: an order, a quotation or a deposit. */
export interface ReplaceableSource {
  type: DocumentType;
  orderId?: string | undefined;
  paymentId?: string | undefined;
  quotationId?: string | undefined;
}

export class DocumentReplacements {
  /**
   * Locks the live document of that type that no other document replaces, until the transaction
   * ends.
   */
  async lockLast(
    restaurantId: string,
    tx: Tx,
    { type, orderId, paymentId, quotationId }: ReplaceableSource,
  ): Promise<Document | undefined> {
    if (orderId !== undefined) return tx.maybeOne(lockLastOfOrder, [restaurantId, orderId, type]);
    if (paymentId !== undefined) return tx.maybeOne(lockLastOfPayment, [restaurantId, paymentId, type]);
    if (quotationId !== undefined) return tx.maybeOne(lockLastOfQuotation, [restaurantId, quotationId, type]);
    return undefined;
  }

  /** Locks the original of a credit note until the transaction ends. Other documents have none. */
  async lockOriginal(restaurantId: string, tx: Tx, creditNoteId: string): Promise<void> {
    await tx.run(lockOriginal, [restaurantId, creditNoteId]);
  }

  /** The replacement of a document. The caller has locked the replaced document. */
  find(restaurantId: string, tx: Tx, replacedId: string): Promise<Document | undefined> {
    return tx.maybeOne(findReplacement, [restaurantId, replacedId]);
  }
}
