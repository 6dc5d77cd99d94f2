import { invalid } from '../../domain/shared/errors.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';

/** Business dates, both included. */
export interface Period {
  from: string;
  to: string;
}

/** @throws AppError invalid_request. */
export function assertPeriod({ from, to }: Period): void {
  if (to < from) throw invalid('?to', 'Must not be before "from".');
}

/**
 * One page of a report that must be computed in full to be sorted. The cursor is an offset in that
 * order, and sales or movements between two pages may shift it: a report of closed days has no gap,
 * one of the current day may have a small one.
 * @param binding tenant, report and filters.
 */
export function reportPage<T>(
  cursors: Cursors,
  rows: readonly T[],
  page: Page,
  binding: readonly unknown[],
): PageOf<T> {
  const start = Number(cursors.read(page.cursor, binding) ?? 0);
  const wanted = rows.slice(start, start + page.limit + 1);
  return cursors.page(wanted, page.limit, binding, () => String(start + page.limit));
}
