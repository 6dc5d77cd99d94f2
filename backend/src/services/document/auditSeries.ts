import type { Tx } from '../../config/database.js';
import { type AuditTotals, type SeriesAudit, SeriesAuditor, TURNING } from '../../domain/document/documentAudit.js';
import { type Reset, periodOf } from '../../domain/document/documentNumber.js';
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { SeriesPosition } from '../../repositories/document/DocumentLists.js';
import { sha256 } from '../../utils/secrets.js';

/**
 * Documents read at once. They take about five milliseconds of the event loop, then other work gets
 * a turn.
 */
const AT_ONCE = 200;
/** Time limit of one answer. Its transaction has 1.5 times as long. */
const AT_MOST_MS = 20_000;

/** The part of a series to check. */
export interface AuditScope {
  /** All periods if absent. */
  period?: string | undefined;
  /** Maximum number of documents in this answer. */
  limit?: number | undefined;
}

/** Where the next answer begins: after this document, with the totals up to it. */
export interface AuditProgress extends SeriesPosition {
  totals: AuditTotals;
}

/**
 * Checks a series in the order of its numbers, up to its last one or as far as limit and time
 * allow.
 * @param tx one snapshot, so that counters and documents agree while other calls issue documents.
 * @returns the findings, and where to continue unless the whole series was checked.
 * @throws AppError not_found; invalid_request for a period that does not fit the series: an audit
 * of it would prove nothing.
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
      ? 'This series never restarts its numbers. Leave the period out.'
      : `This series restarts its numbers each ${reset}. Give one ${reset} as the period.`,
  );
}
