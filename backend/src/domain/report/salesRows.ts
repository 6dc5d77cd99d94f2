/** The rows of a sales report: with zeros for what sold nothing, sorted, and the first of them. */
import { shifted } from '../restaurant/localTime.js';
import { AppError } from '../shared/errors.js';
import type { SalesFigures, SalesGroup } from './report.js';

const SALES_SORT_FIELDS = ['key', 'revenue', 'grossSales', 'units', 'orders'] as const;
/** `-` before the field: descending. */
export const SALES_SORTS = SALES_SORT_FIELDS.flatMap((field) => [`-${field}`, field] as const);
export type SalesSort = (typeof SALES_SORTS)[number];

export interface SalesRow extends SalesFigures {
  key: string;
  label: string;
}

/** The form in which rows are shown. */
export interface SalesShape {
  /** Whether days, hours, weekdays and months without sales have a row, too. */
  fill?: boolean | undefined;
  sort?: SalesSort | undefined;
  /** The first rows, in their order. */
  limit?: number | undefined;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MOST_FILLED = 400;

/** @throws AppError invalid_request when rows would be filled up for more than 400 days. */
export function shapedRows(
  rows: readonly SalesRow[],
  group: SalesGroup,
  period: { from: string; to: string },
  { fill, sort, limit }: SalesShape,
): SalesRow[] {
  const filled = fill ? withZeros(rows, group, period) : [...rows];
  const sorted = sort === undefined ? filled : filled.sort(comparer(sort));
  return sorted.slice(0, limit);
}

function withZeros(
  rows: readonly SalesRow[],
  group: SalesGroup,
  { from, to }: { from: string; to: string },
): SalesRow[] {
  const found = new Map(rows.map((row) => [row.key, row]));
  const filled: SalesRow[] = [];
  for (const [key, label] of keysOf(group, from, to)) {
    if (filled.length >= MOST_FILLED) throw tooLong();
    filled.push(found.get(key) ?? zeros(key, label));
  }
  // Groups by things have no row for what is not there.
  return filled.length === 0 ? [...rows] : filled;
}

function* keysOf(group: SalesGroup, from: string, to: string): Generator<[key: string, label: string]> {
  if (group === 'day') for (let day = from; day <= to; day = shifted(day, 1)) yield [day, day];
  if (group === 'month')
    for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = shifted(`${month}-28`, 4).slice(0, 7))
      yield [month, month];
  if (group === 'hour') for (const hour of hours()) yield [hour, `${hour}:00`];
  if (group !== 'weekday' && group !== 'weekday_hour') return;
  for (const [index, weekday] of WEEKDAYS.entries()) {
    const key = String(index + 1);
    if (group === 'weekday') yield [key, weekday];
    else for (const hour of hours()) yield [`${key}-${hour}`, `${weekday} ${hour}:00`];
  }
}

function hours(): string[] {
  return Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
}

function zeros(key: string, label: string): SalesRow {
  const money = { grossSales: 0, discountTotal: 0, revenue: 0, taxTotal: 0, vouchersSold: 0, vouchersRedeemed: 0 };
  return { key, label, orders: 0, units: 0, ...money };
}

/** Equal rows keep the order of the report. */
function comparer(sort: SalesSort): (one: SalesRow, other: SalesRow) => number {
  const field = SALES_SORT_FIELDS.find((name) => sort.endsWith(name)) ?? 'key';
  const sign = sort.startsWith('-') ? -1 : 1;
  return (one, other) => sign * compare(one[field], other[field]);
}

/** Sums may be text, because they are large; keys are text. */
function compare(one: number | string, other: number | string): number {
  const isNumber = /^-?\d+$/.test(String(one)) && /^-?\d+$/.test(String(other));
  const [left, right] = isNumber ? [BigInt(one), BigInt(other)] : [one, other];
  return left < right ? -1 : left > right ? 1 : 0;
}

function tooLong(): AppError {
  const message = `This would be more than ${MOST_FILLED} rows. Give a shorter period, or leave fill out.`;
  return new AppError('invalid_request', message, { errors: [{ pointer: '?fill', message }] });
}
