import type { Document } from '../../domain/document/document.js';
import type { EventType, Fact } from '../../domain/shared/events.js';

/**
 * The data that consumers get: which document it is and, once it is issued, its hash in the chain.
 */
export function documentFact(
  type: EventType & `document.${string}`,
  document: Document,
  changes?: NonNullable<Fact['changes']>,
): Fact {
  const { id, type: documentType, status, seriesId, number, businessDate, hash, currency, total } = document;
  const data = { documentId: id, type: documentType, status, seriesId, number, businessDate, hash, currency, total };
  return { type, subject: 'document', subjectId: id, data, ...(changes ? { changes } : {}) };
}
