/** What corrects an issued document: a credit note over it, or its being void. */
import { CREDITABLE_TYPES, type Document } from '../../domain/document/document.js';
import { creditAmounts, type CreditRequest } from '../../domain/document/documentCredit.js';
import { AppError } from '../../domain/shared/errors.js';
import type { Content } from './drafts.js';

/**
 * @param earlier the credit notes that there are for it, drafts included.
 * @throws AppError invalid_request for lines that are not there; invalid_state for what cannot be credited, or not any more.
 */
export function creditOf(
  original: Document,
  earlier: readonly Document[],
  { lines, reason }: { lines?: CreditRequest[] | undefined; reason: string },
): Content {
  const { id, type, status, currency, customer, location, register } = original;
  if (!CREDITABLE_TYPES.includes(type))
    throw new AppError('invalid_state', `A ${type} cannot be credited: only ${CREDITABLE_TYPES.join(' and ')} can.`);
  if (status !== 'issued')
    throw new AppError('invalid_state', `This document is ${status}. Only an issued one can be credited.`);
  const amounts = creditAmounts(
    original.lines,
    earlier.flatMap((note) => note.lines),
    lines,
  );
  return { type: 'credit_note', currency, customer, location, register, ...amounts, originalId: id, reason };
}

/** @throws AppError invalid_state unless it is issued, for a day close, and while credit notes stand on it. */
export function assertVoidable({ type, status, number }: Document, creditNotes: readonly Document[]): void {
  if (type === 'day_close')
    throw new AppError('invalid_state', 'A business day is closed once and for good: its close is never voided.');
  if (status === 'draft') throw new AppError('invalid_state', 'A draft has no number to keep. Delete it instead.');
  if (status === 'voided') throw new AppError('invalid_state', `${number} is voided already.`);
  if (creditNotes.length > 0)
    throw new AppError('invalid_state', 'Credit notes stand on this document. Void or delete them first.');
}
