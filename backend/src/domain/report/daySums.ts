/**
 * Sums kept for each business day that is over, so that reports of long periods read days instead
 * of lines.
 */
import { canonicalJson } from '../document/documentHash.js';
import { addTotals, type Total } from '../number/money.js';
import type { PaymentMethod } from '../order/payment.js';
import type { DayDrawers, DayFigures, MethodPayments } from './businessDay.js';

/**
 * Version of what the sums contain. Raise it when a figure is added or changes its meaning: sums of
 * other versions are not read, and are made again.
 */
export const SUMS_VERSION = 4;

/**
 * Since then, all time zones differ from UTC by whole quarters of an hour, and hours of the day are
 * sums of quarters. Older days are read from their rows.
 */
export const FIRST_SUMMED_DATE = '1980-01-01';

/** Payments of a day by shift, person and method. */
export interface DayMoney {
  shiftId: string | null;
  /** Kind and id of the caller. */
  person: string;
  method: PaymentMethod;
  payments: number;
  amount: Total;
  tip: Total;
  /** Cash handed back; not in `amount` or `tip`. */
  change: Total;
  rounding: Total;
}

/**
 * The figures of a day that are stored. Those of its drawers are made of its money and of rows: a
 * shift that goes on after its day changes them, names change, and these rows are few.
 */
export interface SummedFigures extends Omit<DayFigures, keyof DayDrawers> {
  money: DayMoney[];
}

/** Money by method, in the order in which the methods first appear. */
export function paymentsOf(money: readonly DayMoney[]): MethodPayments[] {
  const payments = new Map<PaymentMethod, MethodPayments>();
  for (const { method, payments: count, amount, tip, change } of money) {
    const sum = payments.get(method) ?? { method, count: 0, amount: 0, tip: 0, change: 0 };
    payments.set(method, {
      method,
      count: sum.count + count,
      amount: addTotals(sum.amount, amount),
      tip: addTotals(sum.tip, tip),
      change: addTotals(sum.change, change),
    });
  }
  return [...payments.values()];
}

/** Which days and orders of a period are read from their rows; the others have sums. */
export interface ReadDays {
  /** First and last dates of the days without sums. */
  firsts: string[];
  lasts: string[];
  /**
   * Orders of these days in no part with sums: their dates, and the ids that they are above and up
   * to.
   */
  ranges: { firsts: string[]; lasts: string[]; aboves: string[]; untils: string[] };
  /** The period whose sums are read; null: none are. */
  from: string | null;
  to: string | null;
}

/** Before and after the ids of all orders. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** All days of a period, read from their rows. */
export function rowsOnly(from: string, to: string): ReadDays {
  const [firsts, lasts] = [[from], [to]];
  return { firsts, lasts, ranges: { firsts, lasts, aboves: [FIRST_ID], untils: [LAST_ID] }, from: null, to: null };
}

/** Sizes of the parts of an open day, in orders. */
export interface PartSizes {
  fewest: number;
  most: number;
  /** The newest orders of a day are in no part, because they still change. */
  rest: number;
}

/**
 * A part of 1,000 orders is made in some 50 ms, and its rows are read in some 15 ms after a change.
 */
export const PART_SIZES: PartSizes = { fewest: 500, most: 1_000, rest: 200 };

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
