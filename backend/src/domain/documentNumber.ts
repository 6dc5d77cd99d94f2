/** Numbers that people read: `ORD-2026-11-0001`. Four digits are a minimum, not a limit. */

/** The month a business date counts in: `2026-11-22` gives `2026-11`. */
export function monthOf(businessDate: string): string {
  return businessDate.slice(0, 7);
}

export function formatNumber(prefix: string, period: string, counter: number): string {
  return `${prefix}-${period}-${String(counter).padStart(4, '0')}`;
}
