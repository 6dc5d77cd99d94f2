/**
 * Sums kept for each business day that is over, so that reports of long periods read days instead
 * of lines.
 */
import { canonicalJson } from '../document/documentHash.js';
import type { DayDrawers, DayFigures } from './businessDay.js';

/**
 * Version of what the sums contain. Raise it when a figure is added or changes its meaning: sums of
 * other versions are not read, and are made again.
 */
export const SUMS_VERSION = 3;

/**
 * Since then, all time zones differ from UTC by whole quarters of an hour, and hours of the day are
 * sums of quarters. Older days are read from their rows.
 */
export const FIRST_SUMMED_DATE = '1980-01-01';

/**
 * The figures of a day that are stored. Those of its drawers are always read from their rows: a
 * shift that goes on after its day changes them, and they are few.
 */
export type SummedFigures = Omit<DayFigures, keyof DayDrawers>;

/** The figures of a day without those of its drawers. */
export function summedOf(figures: DayFigures): SummedFigures {
  const { staff: _staff, drawers: _drawers, cashMovements: _cashMovements, shifts: _shifts, ...summed } = figures;
  return summed;
}

/** Which days of a period are read from their rows; the others have sums. */
export interface ReadDays {
  /** First and last dates of the ranges that are read from rows. */
  firsts: string[];
  lasts: string[];
  /** The period whose sums are read; null: none are. */
  from: string | null;
  to: string | null;
}

/** All days of a period, read from their rows. */
export function rowsOnly(from: string, to: string): ReadDays {
  return { firsts: [from], lasts: [to], from: null, to: null };
}

/** A difference between the sums of a day and its rows. */
export interface SumsFault {
  date: string;
  /** `figures`, or what the sales are summed by. */
  kind: string;
  /** Name of the figure, or key of the group. */
  key: string;
}

/** Figures in which two reports of one day differ. */
export function differingFigures(stored: SummedFigures, live: SummedFigures): string[] {
  const names = new Set([...Object.keys(stored), ...Object.keys(live)]) as Set<keyof SummedFigures>; // Keys of both.
  return [...names].filter((name) => canonicalJson(stored[name]) !== canonicalJson(live[name])).sort();
}
