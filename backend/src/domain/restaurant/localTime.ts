/**
 * The restaurant's local time: business date, weekday and minute of the day, from an instant and an
 * IANA time zone. The wall clock is read first and compared afterwards. Subtracting the cut-off
 * hours from the instant instead would give a wrong date on the two days a year that have 23 or 25
 * hours.
 */
import { instantOf } from './wallClock.js';
import { readWallClock } from './wallClock.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * A weekly interval. When `to` is not after `from`, it runs past midnight into the next day. Times
 * are `HH:MM`; `to` may be `24:00`.
 */
export interface WeeklyInterval {
  days: Weekday[];
  from: string;
  to: string;
}

export interface LocalTime {
  /** `YYYY-MM-DD` on the wall calendar. */
  date: string;
  weekday: Weekday;
  /** Minutes since midnight on the wall clock, 0 to 1439. */
  minute: number;
}

export function localTime(instant: Date, timezone: string): LocalTime {
  const { year, month, day, hour, minute, weekday } = readWallClock(instant, timezone);
  return {
    date: `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`,
    // Lower-case en-US short names are exactly those of WEEKDAYS.
    weekday: weekday.toLowerCase() as Weekday,
    minute: hour * 60 + minute,
  };
}

/** `YYYY-MM-DD HH:MM`, on the wall clock. */
export function localClock(instant: Date, timezone: string): string {
  const { date, minute } = localTime(instant, timezone);
  return `${date} ${twoDigits(Math.trunc(minute / 60))}:${twoDigits(minute % 60)}`;
}

/**
 * Business date of an instant.
 * @param cutoffHour wall-clock hour, 0 to 23; earlier times belong to the day before.
 */
export function businessDate(instant: Date, timezone: string, cutoffHour: number): string {
  const local = localTime(instant, timezone);
  return local.minute < cutoffHour * 60 ? dayBefore(local.date) : local.date;
}

/**
 * First instant of a business date; its end is the start of `dayAfter`.
 * @param date `YYYY-MM-DD`.
 * @param cutoffHour as for `businessDate`.
 */
export function businessDayStart(date: string, timezone: string, cutoffHour: number): Date {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const wall = { year, month, day, hour: cutoffHour, minute: 0, second: 0, millisecond: 0 };
  return new Date(instantOf(wall, timezone));
}

/** Whether any interval contains the wall-clock time. An empty list means always. */
export function isWithin(intervals: readonly WeeklyInterval[], at: LocalTime): boolean {
  return intervals.length === 0 || intervals.some((interval) => covers(interval, at));
}

function covers(interval: WeeklyInterval, at: LocalTime): boolean {
  const from = minuteOf(interval.from);
  const to = minuteOf(interval.to);
  if (from < to) return interval.days.includes(at.weekday) && at.minute >= from && at.minute < to;
  if (interval.days.includes(at.weekday) && at.minute >= from) return true;
  return interval.days.includes(weekdayBefore(at.weekday)) && at.minute < to;
}

function minuteOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function weekdayBefore(day: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? 'mon';
}

function dayBefore(date: string): string {
  return shifted(date, -1);
}

/** The next calendar day after `YYYY-MM-DD`. */
export function dayAfter(date: string): string {
  return shifted(date, 1);
}

/** The calendar day so many days later; earlier if below zero. */
export function shifted(date: string, days: number): string {
  const midnight = new Date(`${date}T00:00:00Z`);
  midnight.setUTCDate(midnight.getUTCDate() + days);
  return midnight.toISOString().slice(0, 10);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
