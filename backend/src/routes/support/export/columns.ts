/** The columns of a list's export, made from the schema of its answer. */
import { z } from 'zod';
import { currencyDecimals, formatMinor } from '../../../domain/number/money.js';
import { withOffset } from '../../../domain/restaurant/wallClock.js';
import { type Cell, EMPTY } from '../../../formats/table/cell.js';
import { markOf } from '../../schemas/exported.js';

/** A page also ends at about a megabyte, as every page does. */
const PAGE_ROWS = 500;
/** A report is computed in full for each page. */
const REPORT_ROWS = 10_000;

export interface Column {
  /** The names of the fields that lead to the value, joined by dots. */
  name: string;
  path: readonly string[];
  kind: 'money' | 'decimal' | 'json' | 'time' | 'plain';
}

export interface Table {
  /** The field of the answer that has the rows. */
  rows: string;
  columns: readonly Column[];
  /** The answer comes in pages. */
  isPaged: boolean;
  /** Rows that an export reads at once. */
  pageRows: number;
  /** Rows with money and without a currency get a last column with that of the restaurant. */
  addsCurrency: boolean;
}

/** Values that the answer leaves to the restaurant. */
export interface Locale {
  currency: string;
  timezone: string;
}

/**
 * @param path of the endpoint. Reports may have their rows in one page.
 * @returns undefined for an answer that is no list and no report with rows.
 */
export function tableOf(path: string, response: z.ZodType | undefined): Table | undefined {
  if (!(response instanceof z.ZodObject)) return undefined;
  const isPaged = 'nextCursor' in response.shape;
  const isReport = path.startsWith('/v1/reports/');
  if (!isPaged && !isReport) return undefined;
  for (const rows of ['data', 'days']) {
    const field: unknown = response.shape[rows];
    const row = field instanceof z.ZodArray ? bare(field.element as z.ZodType) : undefined;
    if (!(row instanceof z.ZodObject)) continue;
    const columns = columnsOf(row, []);
    const hasCurrency = columns.some(({ name }) => name === 'currency');
    const addsCurrency = !hasCurrency && columns.some(({ kind }) => kind === 'money');
    return { rows, columns, isPaged, pageRows: isReport ? REPORT_ROWS : PAGE_ROWS, addsCurrency };
  }
  return undefined;
}

function columnsOf({ shape }: z.ZodObject, path: readonly string[]): Column[] {
  return Object.entries<z.ZodType>(shape as Record<string, z.ZodType>).flatMap(([field, schema]) => {
    const inner = bare(schema);
    const place = [...path, field];
    if (inner instanceof z.ZodObject && markOf(inner) === undefined) return columnsOf(inner, place);
    return [{ name: place.join('.'), path: place, kind: kindOf(inner) }];
  });
}

function kindOf(schema: z.ZodType): Column['kind'] {
  return markOf(schema) ?? (schema instanceof z.ZodISODateTime ? 'time' : 'plain');
}

/** The schema without what makes it optional or gives it a default. */
function bare(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (markOf(inner) === undefined) {
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault)
      inner = inner.unwrap() as z.ZodType;
    else if (inner instanceof z.ZodUnion) {
      const others = (inner.options as z.ZodType[]).filter((one) => !(one instanceof z.ZodNull));
      if (others.length !== 1 || !others[0]) return inner;
      inner = others[0];
    } else return inner;
  }
  return inner;
}

export function headerOf({ columns, addsCurrency }: Table): string[] {
  const names = columns.map(({ name }) => name);
  return addsCurrency ? [...names, 'currency'] : names;
}

/** @param locale currency of the answer, and time zone of the restaurant. */
export function cellsOf({ columns, addsCurrency }: Table, row: unknown, locale: Locale): Cell[] {
  const cells = columns.map((column) => cellOf(column, row, locale));
  return addsCurrency ? [...cells, { text: locale.currency }] : cells;
}

function cellOf({ path, kind }: Column, row: unknown, { currency: usual, timezone }: Locale): Cell {
  let [value, currency] = [row, usual];
  for (const field of path) {
    if (typeof value !== 'object' || value === null) return EMPTY;
    const owner = value as Record<string, unknown>; // JSON, as the checks before say.
    if (typeof owner['currency'] === 'string') currency = owner['currency'];
    value = owner[field];
  }
  if (value === null || value === undefined) return EMPTY;
  if (kind === 'money' && isNumeric(value)) return moneyCell(value, currency);
  if (typeof value === 'number' || (kind === 'decimal' && isNumeric(value)))
    return { text: String(value), decimals: 'any' };
  if (kind === 'time' && typeof value === 'string') return { text: withOffset(value, timezone) };
  return { text: textOf(value) };
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

function isNumeric(value: unknown): value is number | string {
  return typeof value === 'number' || (typeof value === 'string' && DECIMAL.test(value));
}

/** Minor units may have decimals of their own: costs of a gram. */
function moneyCell(minor: number | string, currency: string): Cell {
  const [whole = '0', fraction = ''] = String(minor).split('.');
  const text = formatMinor(whole, currency);
  const digits = currencyDecimals(currency);
  if (fraction === '') return { text, decimals: digits === 0 || digits === 3 ? digits : 2 };
  return { text: `${text}${digits === 0 ? '.' : ''}${fraction}`, decimals: 'any' };
}

/** Lists of words are joined; other structures are JSON, as in the answer. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return Array.isArray(value) && value.length === 0 ? '' : JSON.stringify(value);
}
