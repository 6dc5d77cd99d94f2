/**
 * Makes the content of an invoice or a receipt from the quotation, or bill of quantities, that was
 * agreed.
 */
import type { Tx } from '../../config/database.js';
import { CREDITABLE_TYPES, type Document, type DocumentType, QUOTED_TYPES } from '../../domain/document/document.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { SourceContent } from './drafts.js';

/**
 * Copies everything as quoted, including the amounts: a later change of a tax has no effect.
 * @throws AppError not_found; invalid_request for another type; invalid_state for a draft, a void
 * document, or one of an order.
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
    throw invalid(
      '/type',
      `A quotation cannot become a document of this type. Send one of ${CREDITABLE_TYPES.join(', ')}.`,
    );
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

/** @throws AppError unless it is an issued quotation that belongs to no order. */
function numberOf({ type, status, number, orderId }: Document): string {
  if (!QUOTED_TYPES.includes(type))
    throw invalid(
      '/quotationId',
      `This document is of the type ${type}. Send the id of one of ${QUOTED_TYPES.join(', ')}.`,
    );
  if (status === 'voided') throw new AppError('invalid_state', `This ${type} is void. No document can be made of it.`);
  if (number === null)
    throw new AppError('invalid_state', `This ${type} is a draft. Issue it before you make another document of it.`);
  // The order knows what was served since, and is invoiced only once.
  if (orderId !== null)
    throw new AppError('invalid_state', `This ${type} belongs to an order. Send its orderId, ${orderId}, instead.`);
  return number;
}
