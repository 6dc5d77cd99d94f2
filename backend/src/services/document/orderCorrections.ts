/** The effects of invoices, receipts and their credit notes on the order that they belong to. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { CREDITABLE_TYPES, type Document } from '../../domain/document/document.js';
import { saleOfLines } from '../../domain/document/documentCredit.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import { sum } from '../../domain/number/money.js';
import { ONE_IN_MICROS, parseQuantity } from '../../domain/number/quantity.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { TakenBack } from '../order/orderRequests.js';
import type { OrderSources } from './sources.js';

interface Dependencies extends OrderSources {
  repository: Pick<DocumentRepository, 'find' | 'creditNotesOf'>;
}

/** Whether issuing this document may change the sale of an order. */
export function mayChangeSale({ type, originalId, orderId }: Document): boolean {
  if (type === 'deposit') return false;
  if (type === 'credit_note') return originalId !== null;
  return CREDITABLE_TYPES.includes(type) && orderId !== null;
}

/**
 * A credit note that is issued lowers the sale of its order; an invoice or receipt made after all
 * papers were credited restores it. Both count on the day of the issue.
 * @param together credit notes that the same transaction issues, as far as they have corrected
 * their
 *   orders.
 * @throws AppError business_day_closed when today is closed; invalid_state.
 */
export async function correctOrder(
  deps: Dependencies,
  call: Call,
  tx: Tx,
  draft: Document,
  together: ReadonlySet<string>,
): Promise<void> {
  const { corrections } = deps.payments;
  if (draft.type !== 'credit_note') {
    if (draft.orderId === null) return;
    const paper = { orderId: draft.orderId, documentId: draft.id, papersTotal: draft.total, reason: 'made again' };
    return corrections.restore(call, tx, paper);
  }
  const original = await deps.repository.find(call.restaurantId, tx, draft.originalId ?? '');
  if (!original || original.orderId === null) return;
  // Under this lock, no other credit note corrects the order: those that did are issued.
  await deps.orders.lock(call, tx, original.orderId);
  // The money of a deposit is no sale.
  if (original.type === 'deposit') return deps.orders.papers.assertNotDeducted(call, tx, original.orderId, original.id);
  const papersTotal = (await papersTotalOf(deps, call, tx, original, draft.id, together)) - draft.total;
  const paper = { orderId: original.orderId, documentId: draft.id, papersTotal, reason: draft.reason ?? '' };
  await corrections.credit(call, tx, saleOfLines(draft.lines, draft.taxes), paper);
}

/**
 * A credit note that is voided no longer lowers the sale.
 * @throws AppError invalid_state when the order has lost the credited goods by itself.
 */
export async function restoreOrder(deps: Dependencies, call: Call, tx: Tx, note: Document): Promise<void> {
  if (note.type === 'deposit') return releaseDeposit(deps, call, tx, note);
  if (note.type !== 'credit_note' || note.originalId === null) return;
  const original = await deps.repository.find(call.restaurantId, tx, note.originalId);
  if (!original || original.orderId === null || original.status !== 'issued') return;
  if (original.type === 'deposit') return validAgain(deps, call, tx, original);
  await deps.orders.lock(call, tx, original.orderId);
  const papersTotal = await papersTotalOf(deps, call, tx, original, note.id);
  const paper = { orderId: original.orderId, documentId: note.id, papersTotal, reason: 'credit note voided' };
  await deps.payments.corrections.reinstate(call, tx, paper, note.id);
}

/** @throws AppError invalid_state while an invoice or a receipt deducts the deposit. */
async function releaseDeposit(deps: Dependencies, call: Call, tx: Tx, { id, orderId }: Document): Promise<void> {
  if (orderId === null) return;
  await deps.orders.lock(call, tx, orderId);
  await deps.orders.papers.assertNotDeducted(call, tx, orderId, id);
}

/**
 * A credited deposit counts again: no invoice may have been made meanwhile, and all of the money
 * must still be here.
 * @throws AppError order_has_documents, invalid_state.
 */
async function validAgain(deps: Dependencies, call: Call, tx: Tx, original: Document): Promise<void> {
  const { payment } = await deps.payments.deposits.forDocument(call, tx, original.details?.deposit?.paymentId ?? '');
  if (payment.prepaid.amount === original.total) return;
  throw new AppError('invalid_state', 'This deposit has changed since. Make a new document of it.');
}

/**
 * The total of a document less its issued credit notes, without that one. The caller has locked the
 * order.
 */
export async function papersTotalOf(
  { repository }: Dependencies,
  call: Call,
  tx: Tx,
  { id, total }: Document,
  without: string,
  together: ReadonlySet<string> = new Set(),
): Promise<number> {
  const notes = await repository.creditNotesOf(call.restaurantId, tx, id);
  const counted = notes.filter((note) => note.status === 'issued' || together.has(note.id));
  const issued = counted.filter((note) => note.id !== without);
  return total - sum(issued.map((note) => note.total));
}

/**
 * The order lines that a credit note takes back, in whole pieces or by weight.
 * @throws AppError invalid_request for a part of a piece; invalid_state for a document that does
 *   not know its order lines.
 */
export function takenBackBy(original: Document, note: Pick<Document, 'lines'>): TakenBack[] {
  if (original.orderId === null)
    throw new AppError('invalid_state', 'This document was made of no order. Leave out "applyToOrder".');
  return note.lines.flatMap(({ kind, orderLineId, quantity, unit }, index) => {
    if (kind !== 'item') return [];
    if (orderLineId === undefined)
      throw new AppError(
        'invalid_state',
        'This document is older than its references to order lines. Leave out "applyToOrder": the credit note lowers the order all the same.',
      );
    if (unit === null && (parseQuantity(quantity) ?? 0n) % ONE_IN_MICROS !== 0n)
      throw invalid(`/lines/${index}/quantity`, 'Only whole units can leave an order. Leave out "applyToOrder".');
    return [{ lineId: orderLineId, quantity, unit }];
  });
}
