/** The hours of a day that are worth a picture. */
import type { DaySummary, WeeklyInterval } from '../../../../client/src/api.js';
import { amountOf } from '../../charts/scale.js';

export interface Hour {
  hour: number;
  /** 09:00 */
  label: string;
  revenue: number;
  before: number;
  isOpen: boolean;
  /** Part of the day that has begun. */
  hasBegun: boolean;
}

const LEAST_HOURS = 8;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/**
 * From the first hour to the last in which something was sold or the house is open, on this day or
 * a week before.
 * @param hourNow on the restaurant's clock.
 */
export function hoursOfDay(day: DaySummary, openingHours: readonly WeeklyInterval[], hourNow: number): Hour[] {
  const nowAt = day.hours.findIndex(({ hour }) => hour === hourNow);
  const hours = day.hours.map(({ hour, revenue, weekBefore }, place) => ({
    hour,
    label: `${String(hour).padStart(2, '0')}:00`,
    revenue: amountOf(revenue),
    before: amountOf(weekBefore.revenue),
    isOpen: isOpenAt(openingHours, day.date, hour),
    hasBegun: nowAt < 0 || place <= nowAt,
  }));
  const counts = hours.map(({ revenue, before, isOpen }) => isOpen || revenue !== 0 || before !== 0);
  const [first, last] = [counts.indexOf(true), counts.lastIndexOf(true)];
  if (first < 0) return hours;
  // A picture of one hour would be one block.
  const end = Math.min(hours.length, Math.max(last + 1, first + LEAST_HOURS));
  return hours.slice(Math.max(0, Math.min(first, end - LEAST_HOURS)), end);
}

/** Whether the house is open in a part of this hour. */
function isOpenAt(intervals: readonly WeeklyInterval[], date: string, hour: number): boolean {
  const today = new Date(`${date}T12:00:00Z`).getUTCDay();
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return intervals.some(({ days, from, to }) => {
    const [start, end] = [minutes(from), minutes(to)];
    const [begin, stop] = [hour * 60, hour * 60 + 60];
    const isOn = (weekday: number): boolean => days.includes(WEEKDAYS[(weekday + 7) % 7] ?? 'sun');
    if (start < end) return isOn(today) && start < stop && end > begin;
    return (isOn(today) && start < stop) || (isOn(today - 1) && end > begin);
  });
}

/** Sums so far, hour by hour. */
export function cumulative(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}
