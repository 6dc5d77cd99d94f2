/** Business dates from the first to the last of a period, and the period that it is compared to. */
import { shiftDays } from '../../i18n/format.js';

export interface Period {
  from: string;
  to: string;
}

export const PRESETS = ['today', 'yesterday', 'week', 'month', 'thisMonth', 'lastMonth'] as const;
export type Preset = (typeof PRESETS)[number];

/** More columns than days of a year are no picture. */
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

/** @param today the business date now. `week` and `month` are the last 7 and 30 days. */
export function periodOf(preset: Preset, today: string): Period {
  const firstOfMonth = `${today.slice(0, 8)}01`;
  const lastOfBefore = shiftDays(firstOfMonth, -1);
  const periods: Record<Preset, Period> = {
    today: { from: today, to: today },
    yesterday: { from: shiftDays(today, -1), to: shiftDays(today, -1) },
    week: { from: shiftDays(today, -6), to: today },
    month: { from: shiftDays(today, -29), to: today },
    thisMonth: { from: firstOfMonth, to: today },
    lastMonth: { from: `${lastOfBefore.slice(0, 8)}01`, to: lastOfBefore },
  };
  return periods[preset];
}

export function daysOf({ from, to }: Period): string[] {
  const count = Math.min(MOST_DAYS, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1);
  return Array.from({ length: Math.max(0, count) }, (_, at) => shiftDays(from, at));
}

/**
 * As many days before it. Up to a week it is the same weekdays of the week before, since a Saturday
 * says nothing about a Monday.
 */
export function periodBefore(period: Period): Period {
  const days = daysOf(period).length;
  const back = Math.ceil(days / 7) * 7;
  return { from: shiftDays(period.from, -back), to: shiftDays(period.to, -back) };
}

/** The preset that a period is, if it is one. */
export function presetOf({ from, to }: Period, today: string): Preset | undefined {
  return PRESETS.find((preset) => {
    const known = periodOf(preset, today);
    return known.from === from && known.to === to;
  });
}
