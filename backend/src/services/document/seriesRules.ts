import type { Tx } from '../../config/database.js';
import type { DocumentType } from '../../domain/document/document.js';
import type { Reset } from '../../domain/document/documentNumber.js';
import {
  type DocumentSeries,
  defaultSeries,
  GAPLESS_TYPES,
  type SeriesKind,
  typeOfDefaultPrefix,
} from '../../domain/document/documentSeries.js';
import type { Edited } from '../../domain/shared/edited.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { SeriesTable } from '../../repositories/document/SeriesTable.js';

export interface SeriesInput {
  type?: DocumentType | undefined;
  location?: string | undefined;
  register?: string | undefined;
  prefix?: string | undefined;
  reset?: Reset | undefined;
  kind?: SeriesKind | undefined;
  startNumber?: number | undefined;
}

const KEPT_ONCE_NUMBERED = ['prefix', 'reset', 'kind', 'startNumber'] as const;

/** @throws AppError invalid_request. */
export function buildSeries(
  input: SeriesInput,
  before: DocumentSeries | undefined,
): Omit<DocumentSeries, keyof Edited> {
  const base = before ?? defaultSeries(input.type ?? 'quotation');
  if (input.kind === 'fast' && GAPLESS_TYPES.includes(base.type))
    throw invalid('/kind', `Documents of the type ${base.type} are numbered without gaps: leave "kind" out.`);
  if (input.prefix !== undefined && input.prefix !== base.prefix) assertPrefixIsFree(base.type, input.prefix);
  return {
    type: base.type,
    location: input.location ?? base.location,
    register: input.register ?? base.register,
    prefix: input.prefix ?? base.prefix,
    reset: input.reset ?? base.reset,
    kind: input.kind ?? base.kind,
    startNumber: input.startNumber ?? base.startNumber,
  };
}

/**
 * Keeps a default prefix free for the series that is created on the first use of its type.
 * @throws AppError invalid_request.
 */
function assertPrefixIsFree(type: DocumentType, prefix: string): void {
  const owner = typeOfDefaultPrefix(prefix);
  if (owner === undefined || owner === type) return;
  throw invalid('/prefix', `${prefix} is reserved for documents of the type ${owner}. Choose another prefix.`);
}

/**
 * Once a series has numbered a document, auditors rely on it: the form of its numbers and its kind
 * no longer change.
 * @throws AppError in_use.
 */
export async function assertSeriesFits(
  table: SeriesTable,
  restaurantId: string,
  tx: Tx,
  after: DocumentSeries,
  before: DocumentSeries | undefined,
): Promise<void> {
  const isSame = before && KEPT_ONCE_NUMBERED.every((field) => after[field] === before[field]);
  if (!before || isSame || !(await table.isNumbered(restaurantId, tx, after.id))) return;
  throw new AppError(
    'in_use',
    `This series has numbered documents, so ${KEPT_ONCE_NUMBERED.join(', ')} cannot change. Delete it, which keeps its documents, and make another.`,
  );
}
