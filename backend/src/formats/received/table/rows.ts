/** Rows of a supplier's table: lines of the invoice, and the sums below them. */
import { decimalOf, exactMoneyText } from '../../../domain/supplierInvoice/decimals.js';
import { divide, multiply, ratio, ratioOf } from '../../../domain/number/ratio.js';
import {
  EMPTY_LINE,
  type Evidence,
  type ReadLine,
  type TotalName,
} from '../../../domain/supplierInvoice/readInvoice.js';
import { kindOfRow } from '../../../domain/supplierInvoice/rowKinds.js';
import type { DecimalSeparator } from '../../csv/moneyText.js';
import { type Field, meaningsOf, shown } from './headings.js';
import { moneyIn, numberIn, quantityIn } from './numbers.js';

const MAX_TEXT_CHARS = 300;

export interface TableRow {
  /** Line of the file, from 1. */
  line: number;
  cells: readonly string[];
  /** False: it has fewer cells than there are headings. */
  isWhole: boolean;
}

export interface TableTerms {
  columns: ReadonlyMap<Field, number>;
  /** Stated above the table. */
  above: ReadonlyMap<Field, string>;
  currency: string | null;
  separator: DecimalSeparator | undefined;
  /** Lines of the file. */
  lines: number;
}

export function isBlankRow(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

export function cellOf({ cells }: TableRow, field: Field, { columns }: TableTerms): string {
  const place = columns.get(field);
  return place === undefined ? '' : (cells[place] ?? '').trim();
}

/** @returns the line, and what of it is no number. Nothing is guessed for it. */
export function lineOf(row: TableRow, terms: TableTerms): { line: ReadLine; faults: string[] } {
  const { separator } = terms;
  const faults: string[] = [];
  const text = (field: Field) => cellOf(row, field, terms).slice(0, MAX_TEXT_CHARS) || null;
  const read = <T>(field: Field, reader: (cell: string) => T | undefined): T | null => {
    const cell = cellOf(row, field, terms);
    if (cell === '') return null;
    const value = reader(cell);
    if (value === undefined) faults.push(`Line ${row.line} of the file: "${shown(cell)}" is no certain number.`);
    return value ?? null;
  };
  const number = (field: Field) => read(field, (cell) => numberIn(cell, separator));
  const quantity = read('quantity', (cell) => quantityIn(cell, separator));
  const line: ReadLine = {
    ...EMPTY_LINE,
    id: text('lineId'),
    articleNumber: text('articleNumber'),
    gtin: text('gtin'),
    description: text('description') ?? '',
    quantity: quantity?.quantity ?? null,
    unit: text('unit') ?? quantity?.unit ?? null,
    unitPrice: number('unitPrice'),
    priceBaseQuantity: number('priceBase'),
    netAmount: read('netAmount', (cell) => moneyIn(cell, separator)),
    taxRate: number('taxRate'),
    evidence: evidenceOf(row, terms),
  };
  return { line: withDiscount(line, number('discount'), cellOf(row, 'discount', terms)), faults };
}

/** @param discount an amount, or a share where its cell says percent. */
function withDiscount(line: ReadLine, discount: string | null, cell: string): ReadLine {
  if (discount === null || discount === '0') return line;
  const size = discount.replace('-', '');
  const amount = cell.includes('%') ? shareOf(line, size) : exactMoneyText(ratioOf(size));
  if (amount === undefined) return line;
  return { ...line, adjustments: [{ isCharge: false, amount, reason: null, taxRate: null, taxCategory: null }] };
}

function shareOf({ quantity, unitPrice }: ReadLine, percent: string): string | undefined {
  if (quantity === null || unitPrice === null) return undefined;
  const goods = multiply(ratioOf(quantity), ratioOf(unitPrice));
  return exactMoneyText(divide(multiply(goods, ratioOf(percent)), ratio(100n)));
}

const SUMS: Partial<Record<string, TotalName>> = { gross: 'gross', net: 'net', tax: 'tax', subtotal: 'lines' };

/** A sum below the lines: a word for it, an amount, and neither quantity nor price. */
export function footerOf(
  row: TableRow,
  terms: TableTerms,
): { name: TotalName; amount: string; evidence: Evidence } | undefined {
  if (row.isWhole && (cellOf(row, 'quantity', terms) !== '' || cellOf(row, 'unitPrice', terms) !== ''))
    return undefined;
  const filled = row.cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const [label = ''] = filled;
  const amount = filled
    .slice(1)
    .flatMap((cell) => moneyIn(cell, terms.separator) ?? [])
    .at(-1);
  const name = amount === undefined || decimalOf(label) !== undefined ? undefined : sumOfLabel(label);
  return name === undefined || amount === undefined ? undefined : { name, amount, evidence: evidenceOf(row, terms) };
}

function sumOfLabel(label: string): TotalName | undefined {
  const fields = meaningsOf(label).map(({ field }) => field);
  const stated = fields.find((field) => field === 'net' || field === 'tax' || field === 'gross');
  if (stated) return stated;
  // A column of this name holds line amounts; below them, it is the sum of all.
  if (fields.includes('netAmount')) return 'gross';
  if (fields.includes('taxRate')) return 'tax';
  return SUMS[kindOfRow(label)];
}

function evidenceOf({ line, cells }: TableRow, { lines }: TableTerms): Evidence {
  const height = share(1, lines);
  const text = cells.join(' | ').slice(0, MAX_TEXT_CHARS);
  return { page: 1, box: [0, share(line - 1, lines), 1, height], text, confidence: 1, row: line };
}

function share(part: number, whole: number): number {
  return Number((part / whole).toFixed(4));
}
