import type { Tx } from '../../config/database.js';
import { type SeriesAudit, SeriesAuditor } from '../../domain/documentAudit.js';
import { notFound } from '../../domain/errors.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import { sha256 } from '../../utils/secrets.js';

/** So many hashes take the event loop for some ten milliseconds. */
const AT_ONCE = 500;

/** Goes through a series from its first number to the one that is the last now. @throws AppError not_found. */
export async function auditSeries(
  repository: DocumentRepository,
  restaurantId: string,
  tx: Tx,
  seriesId: string,
): Promise<SeriesAudit> {
  const series = await repository.series.any(restaurantId, tx, seriesId);
  if (!series) throw notFound('document series');
  const counters = await repository.numbers.counters(restaurantId, tx, seriesId);
  const auditor = new SeriesAuditor(restaurantId, series, counters, sha256);
  for (let after = { period: '', counter: 0 }; ; ) {
    const documents = await repository.numbers.numbered(restaurantId, tx, seriesId, AT_ONCE, after);
    for (const document of documents) auditor.see(document);
    const last = documents.at(-1);
    if (!last || documents.length < AT_ONCE) return auditor.finish();
    after = { period: last.period ?? '', counter: last.counter ?? 0 };
  }
}
