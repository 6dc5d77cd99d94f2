/** Corrections of an issued document: a credit note, or voiding it. */
import { type Document, type DocumentDetails, supplyDateOf, TAXED_TYPES } from '../../domain/document/document.js';
import { creditAmounts, type CreditRequest } from '../../domain/document/documentCredit.js';
import { DEFAULT_PROFILE } from '../../domain/restaurant/invoicing.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { Content } from './drafts.js';

/**
 * @param earlier its credit notes so far, drafts included.
 * @throws AppError invalid_request for lines that the document does not have; invalid_state for a
 * document that cannot be credited, or no longer.
 */
export function creditOf(
  original: Document,
  earlier: readonly Document[],
  { lines, reason }: { lines?: CreditRequest[] | undefined; reason: string },
): Content {
  const { id, type, status, currency, customer, location, register } = original;
  if (!TAXED_TYPES.includes(type))
    throw new AppError('invalid_state', `A ${type} cannot be credited: only ${TAXED_TYPES.join(', ')} can.`);
  if (status !== 'issued')
    throw new AppError('invalid_state', `This document is ${status}. Only an issued one can be credited.`);
  if (type === 'deposit' && lines)
    throw invalid(
      '/lines',
      'A deposit is credited as a whole. Leave out "lines", and make a new document of the rest.',
    );
  const amounts = creditAmounts(
    original.lines,
    earlier.flatMap((note) => note.lines),
    lines,
  );
  const details = creditDetails(original);
  return { type: 'credit_note', currency, customer, location, register, ...amounts, details, originalId: id, reason };
}

/** A credit note is for the supply of its original and keeps to the same rules. */
function creditDetails(original: Document): DocumentDetails {
  const { details, seller, businessDate } = original;
  const supplyDate = supplyDateOf(original) ?? businessDate;
  const profile = details?.eInvoice?.profile ?? seller?.eInvoiceProfile ?? DEFAULT_PROFILE;
  return { ...(supplyDate && { supplyDate }), eInvoice: { ...details?.eInvoice, profile } };
}

/**
 * @throws AppError invalid_state unless it is issued, for a day close, and while it has credit
 * notes.
 */
export function assertVoidable({ type, status, number }: Document, creditNotes: readonly Document[]): void {
  if (type === 'day_close')
    throw new AppError('invalid_state', 'A business day is closed for good. Its close cannot be voided.');
  if (status === 'draft') throw new AppError('invalid_state', 'A draft has no number to keep. Delete it instead.');
  if (status === 'voided') throw new AppError('invalid_state', `${number} is voided already.`);
  if (creditNotes.length > 0)
    throw new AppError('invalid_state', 'This document has credit notes. Void or delete them first.');
}
