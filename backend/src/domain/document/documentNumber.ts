/** Numbers that people read: `ORD-2026-11-0001`. Four digits are a minimum, not a limit. */

import { dayAfter } from '../restaurant/localTime.js';

/** When a series begins again at 1. */
export const RESETS = ['month', 'year', 'never'] as const;
export type Reset = (typeof RESETS)[number];

/** The month a business date counts in: `2026-11-22` gives `2026-11`. */
export function monthOf(businessDate: string): string {
  return businessDate.slice(0, 7);
}

/** The period that a business date is numbered in: `2026-11`, `2026`, or nothing for a series that never begins again. */
export function periodOf(businessDate: string, reset: Reset): string {
  if (reset === 'never') return '';
  return reset === 'year' ? businessDate.slice(0, 4) : monthOf(businessDate);
}

/**
 * The business date of the next document of a series. Documents of a series stand in the order of their dates, and the date may go
 * back by up to two days when a restaurant moves its time zone or the hour at which its day ends: then it stays for so long.
 * @param date by the clock. @param last of the series; undefined when there is none. Further ahead than that, a clock was wrong once.
 */
export function dateInSeries(date: string, last: string | undefined): string {
  return last !== undefined && last > date && last <= dayAfter(dayAfter(date)) ? last : date;
}

/** `INV, 2026-11, 7` becomes `INV-2026-11-0007`; without a period `INV-0007`. */
export function formatNumber(prefix: string, period: string, counter: number): string {
  const digits = String(counter).padStart(4, '0');
  return period === '' ? `${prefix}-${digits}` : `${prefix}-${period}-${digits}`;
}
