/**
 * Replaces a wrong invoice or receipt: credited in full, then made again from the same order or
 * quotation.
 */
import type { Tx } from '../../config/database.js';
import { type Document, type DocumentDetails, TAXED_TYPES } from '../../domain/document/document.js';
import { isAllCredited } from '../../domain/document/documentCredit.js';
import { AppError } from '../../domain/shared/errors.js';
import type { ReplaceableSource } from '../../repositories/document/DocumentReplacements.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';

type Repository = Pick<DocumentRepository, 'replacements' | 'creditNotesOf'>;

/**
 * The reference from a new document to the one that it replaces, which must stay credited while the
 * new one is valid.
 * @returns an empty object if the source has no valid document of this type.
 * @throws AppError already_exists unless issued credit notes have credited the replaced document in
 * full.
 */
export async function replacementDetails(
  repository: Repository,
  restaurantId: string,
  tx: Tx,
  source: ReplaceableSource,
): Promise<Pick<DocumentDetails, 'replaces'>> {
  const last = await repository.replacements.lockLast(restaurantId, tx, source);
  if (!last) return {};
  // While the document is locked, none of its credit notes can be voided.
  const notes = await repository.creditNotesOf(restaurantId, tx, last.id);
  const issued = notes.filter(({ status }) => status === 'issued');
  if (
    last.number === null ||
    !isAllCredited(
      last.lines,
      issued.flatMap(({ lines }) => lines),
    )
  )
    throw taken(last, sourceOf(source));
  return { replaces: { documentId: last.id, number: last.number } };
}

/**
 * Refuses to void a credit note whose original document has a replacement: both would be valid.
 * @throws AppError invalid_state.
 */
export async function assertNotReplaced(
  repository: Repository,
  restaurantId: string,
  tx: Tx,
  { originalId }: Document,
): Promise<void> {
  if (originalId === null) return;
  const replacement = await repository.replacements.find(restaurantId, tx, originalId);
  if (!replacement) return;
  const { type, number, id } = replacement;
  const remedy = number === null ? `the draft ${id}. Delete that first.` : `${number}. Void that first.`;
  throw new AppError(
    'invalid_state',
    `The document that this credit note corrects was replaced by the ${type} ${remedy}`,
  );
}

function sourceOf({ orderId, paymentId }: ReplaceableSource): 'order' | 'payment' | 'quotation' {
  if (orderId !== undefined) return 'order';
  return paymentId === undefined ? 'quotation' : 'payment';
}

function taken({ id, type, number }: Document, source: ReturnType<typeof sourceOf>): AppError {
  const remedy = TAXED_TYPES.includes(type)
    ? 'Void it, or credit it in full and issue the credit note, before you make another.'
    : 'Void it before you make another.';
  const message =
    number === null
      ? `The draft ${id} is the ${type} of this ${source}. Issue it or delete it before you make another.`
      : `${number} is the ${type} of this ${source}. ${remedy}`;
  return new AppError('already_exists', message, { errors: [{ pointer: `/${source}Id`, message }] });
}
