/** Numbers that people read: `ORD-2026-11-0001`. Four digits are a minimum, not a limit. */

import { dayAfter } from '../restaurant/localTime.js';

/** When a series restarts at 1. */
export const RESETS = ['month', 'year', 'never'] as const;
export type Reset = (typeof RESETS)[number];

/** Month of a business date: `2026-11-22` gives `2026-11`. */
export function monthOf(businessDate: string): string {
  return businessDate.slice(0, 7);
}

/**
 * Numbering period of a business date: `2026-11`, `2026`, or empty for a series that never
 * restarts.
 */
export function periodOf(businessDate: string, reset: Reset): string {
  if (reset === 'never') return '';
  return reset === 'year' ? businessDate.slice(0, 4) : monthOf(businessDate);
}

/**
 * Business date of the next document of a series. Dates in a series never decrease. The clock's
 * date may go back by up to two days when a restaurant changes its time zone or the end of its day;
 * the series then keeps its last date until the clock reaches it. A last date more than two days
 * ahead comes from a wrong clock and is ignored.
 * @param date by the clock.
 * @param last date in the series; undefined when there is none.
 */
export function dateInSeries(date: string, last: string | undefined): string {
  return last !== undefined && last > date && last <= dayAfter(dayAfter(date)) ? last : date;
}

/** `INV, 2026-11, 7` becomes `INV-2026-11-0007`; without a period `INV-0007`. */
export function formatNumber(prefix: string, period: string, counter: number): string {
  const digits = String(counter).padStart(4, '0');
  return period === '' ? `${prefix}-${digits}` : `${prefix}-${period}-${digits}`;
}
