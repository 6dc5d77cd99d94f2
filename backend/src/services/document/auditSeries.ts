import type { Tx } from '../../config/database.js';
import { type AuditTotals, type SeriesAudit, SeriesAuditor, TURNING } from '../../domain/document/documentAudit.js';
import { type Reset, periodOf } from '../../domain/document/documentNumber.js';
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { SeriesPosition } from '../../repositories/document/DocumentLists.js';
import { sha256 } from '../../utils/secrets.js';

/** So many documents take the event loop for some five milliseconds; then it is everybody else's turn. */
const AT_ONCE = 200;
/** An answer looks at as many documents as this allows. Its transaction has half as much again. */
const AT_MOST_MS = 20_000;

/** What is to be looked at. */
export interface AuditScope {
  /** All periods if none is given. */
  period?: string | undefined;
  /** Documents at most in this answer. */
  limit?: number | undefined;
}

/** Where the next answer begins: behind this document, with what was found up to it. */
export interface AuditProgress extends SeriesPosition {
  totals: AuditTotals;
}

/**
 * Goes through a series in the order of its numbers, to the one that is the last now or as far as limit and time allow.
 * @param tx one snapshot, so that counters and documents agree while others issue.
 * @returns what was found, and where to go on unless all was seen.
 * @throws AppError not_found; invalid_request for a period that the series has not, of which nothing would be proved.
 */
export async function auditSeries(
  { series: allSeries, numbers }: DocumentRepository,
  restaurantId: string,
  tx: Tx,
  seriesId: string,
  { period, limit = Infinity, from }: AuditScope & { from: AuditProgress | undefined },
): Promise<{ audit: SeriesAudit; next: AuditProgress | undefined }> {
  const until = performance.now() + AT_MOST_MS;
  const series = await allSeries.any(restaurantId, tx, seriesId);
  if (!series) throw notFound('document series');
  assertPeriodOf(series.reset, period);
  let after: SeriesPosition = from ?? { period: period ?? '', counter: 0 };
  const [counters, before] = await Promise.all([
    numbers.counters(restaurantId, tx, seriesId, after.period, period),
    numbers.before(restaurantId, tx, seriesId, TURNING, after),
  ]);
  const auditor = new SeriesAuditor({ restaurantId, series, counters, before, totals: from?.totals, digest: sha256 });
  for (let left = limit; left > 0 && performance.now() < until; ) {
    const wanted = Math.min(AT_ONCE, left);
    const documents = await numbers.numbered(restaurantId, tx, seriesId, wanted, after, period);
    for (const document of documents) auditor.see(document);
    const last = documents.at(-1);
    if (!last || documents.length < wanted) return { audit: auditor.finish(), next: undefined };
    after = { period: last.period ?? '', counter: last.counter ?? 0 };
    left -= wanted;
  }
  const audit = auditor.pause();
  const { first, last, count, voided, gapCount, chainIntact, faultCount } = audit;
  return { audit, next: { ...after, totals: { first, last, count, voided, gapCount, chainIntact, faultCount } } };
}

function assertPeriodOf(reset: Reset, period: string | undefined): void {
  if (period === undefined || period.length === periodOf('2000-01-01', reset).length) return;
  throw invalid(
    '?period',
    reset === 'never'
      ? 'This series never begins again: leave the period out.'
      : `This series begins again each ${reset}: give one.`,
  );
}
