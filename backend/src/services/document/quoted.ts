/** What an invoice or a receipt takes over from the quotation, or the bill of quantities, that was agreed on. */
import type { Tx } from '../../config/database.js';
import { CREDITABLE_TYPES, type Document, type DocumentType, QUOTED_TYPES } from '../../domain/document/document.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { SourceContent } from './drafts.js';

/**
 * Everything as quoted, amounts too: a tax that has changed since changes nothing.
 * @throws AppError not_found; invalid_request for another type; invalid_state for a draft, and for what is void or holds an order.
 */
export async function contentOfQuotation(
  repository: Pick<DocumentRepository, 'find'>,
  restaurantId: string,
  tx: Tx,
  { type, quotationId }: { type: DocumentType; quotationId: string },
): Promise<SourceContent> {
  const quotation = await repository.find(restaurantId, tx, quotationId);
  if (!quotation) throw notFound('quotation', '/quotationId');
  if (!CREDITABLE_TYPES.includes(type))
    throw invalid('/type', `A quotation becomes one of ${CREDITABLE_TYPES.join(', ')}.`);
  const number = numberOf(quotation);
  const { customer, notes, location, register, discounts } = quotation;
  const { lines, taxes, subtotal, discountTotal, taxTotal, taxIncludedTotal, total } = quotation;
  return {
    customer,
    notes,
    location,
    register,
    discounts,
    lines,
    taxes,
    subtotal,
    discountTotal,
    taxTotal,
    taxIncludedTotal,
    total,
    details: { quotation: { quotationId, number } },
    orderId: null,
  };
}

/** @throws AppError unless it is a quotation that somebody may rely on. */
function numberOf({ type, status, number, orderId }: Document): string {
  if (!QUOTED_TYPES.includes(type))
    throw invalid(
      '/quotationId',
      `This document is of the type ${type}. Give the id of one of ${QUOTED_TYPES.join(', ')}.`,
    );
  if (status === 'voided') throw new AppError('invalid_state', `A void ${type} becomes no other document.`);
  if (number === null)
    throw new AppError('invalid_state', `This ${type} is a draft. Issue it before you make another document of it.`);
  // The order tells what was served since, and that it is invoiced once.
  if (orderId !== null)
    throw new AppError('invalid_state', `This ${type} is of an order. Give its orderId, ${orderId}, instead.`);
  return number;
}
