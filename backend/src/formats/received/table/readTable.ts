/**
 * Reads an invoice from a supplier's table (CSV). Each line keeps the line of the file that it
 * came from. What cannot be read is left to a person, with the reason.
 */
import { exactMoneyText } from '../../../domain/supplierInvoice/decimals.js';
import { currencyIn } from '../../../domain/supplierInvoice/printedAmounts.js';
import { emptyInvoice, type ReadInvoice } from '../../../domain/supplierInvoice/readInvoice.js';
import { computedNet } from '../../../domain/supplierInvoice/verify.js';
import { textOfBytes } from '../../csv/encoding.js';
import { pickQuotingOf } from '../../csv/fileColumns.js';
import type { Line } from '../../csv/lines.js';
import { commonSeparator } from '../../csv/moneyText.js';
import { RecordReader } from '../../csv/records.js';
import { Unreadable } from '../unreadable.js';
import { type Field, shown } from './headings.js';
import { headOf, statedAbove } from './head.js';
import { cellsOfLine, type Layout, layoutOf, linesOf } from './layout.js';
import { plainDigits } from './numbers.js';
import { footerOf, isBlankRow, lineOf, type TableRow, type TableTerms } from './rows.js';

const MAX_INVOICES = 100;
const MAX_REMARKS = 20;
const SHOWN_HEADINGS = 20;
const NUMBER_FIELDS: readonly Field[] = [
  'quantity',
  'unitPrice',
  'netAmount',
  'discount',
  'taxRate',
  'net',
  'tax',
  'gross',
];

/** @returns at least one document. @throws Unreadable for a file that is no table, or too large. */
export function readTable(bytes: Uint8Array): ReadInvoice[] {
  const { text, damaged } = textOfBytes(bytes);
  if (damaged || text.includes('\0'))
    throw new Unreadable('This table has bytes that are no text. Export it again as UTF-8.');
  const lines = linesOf(text);
  const layout = layoutOf(lines);
  if (!layout || layout.missing.length > 0) return [emptyInvoice('csv', unknownColumns(lines, layout))];
  const { rows, faults } = rowsOf(lines, layout);
  const terms = termsOf(lines, layout, rows);
  const invoices = groupsOf(rows, layout).map((group) => invoiceOf(group, layout, terms));
  const remarks = [...layout.doubtful, ...terms.remarks, ...fewOf(faults)];
  return invoices.map((one) => ({ ...one, remarks: [...remarks, ...one.remarks] }));
}

function unknownColumns(lines: readonly Line[], layout: Layout | undefined): string {
  if (!layout)
    return `No line of this table has headings that Servio knows. It begins with "${shown(lines[0]?.text)}". Enter the lines.`;
  const headings = layout.headings.slice(0, SHOWN_HEADINGS).map((one) => `"${shown(one)}"`);
  return `The columns of this table are not all known: ${layout.missing.join(' and ')} is missing in ${headings.join(', ')}. Enter the lines.`;
}

/** Rows below the headings. A short one may still be a sum below the table. */
function rowsOf(lines: readonly Line[], layout: Layout): { rows: TableRow[]; faults: string[] } {
  const { delimiter, at } = layout;
  const reader = new RecordReader({ delimiter, quoting: pickQuotingOf(delimiter), header: true });
  const records = [...lines.slice(at).flatMap((line) => reader.push(line)), ...reader.end()].slice(1);
  const faults: string[] = [];
  const rows = records.flatMap((record): TableRow[] => {
    if ('cells' in record) return [{ line: record.line, cells: record.cells, isWhole: true }];
    const cells = cellsOfLine(lines[record.line - 1]?.text ?? '', delimiter);
    if (cells && cells.length < layout.headings.length) return [{ line: record.line, cells, isWhole: false }];
    faults.push(`Line ${record.line} of the file ${record.fault}. It was not read.`);
    return [];
  });
  return { rows: rows.filter(({ cells }) => !isBlankRow(cells)), faults };
}

function termsOf(
  lines: readonly Line[],
  layout: Layout,
  rows: readonly TableRow[],
): TableTerms & { remarks: string[] } {
  const { columns, at, headings, delimiter } = layout;
  const places = NUMBER_FIELDS.flatMap((field) => columns.get(field) ?? []);
  const numbers = rows.flatMap(({ cells, isWhole }) =>
    isWhole ? places.map((place) => plainDigits(cells[place] ?? '')) : [],
  );
  const separator = commonSeparator(numbers);
  const above = statedAbove(lines.slice(0, at), delimiter);
  const marks = [above.get('currency') ?? '', ...headings, ...rows.slice(0, 5).flatMap(({ cells }) => cells)];
  const currency = currencyIn(marks.join(' '));
  return {
    columns,
    above,
    currency,
    separator: separator === 'mixed' ? undefined : separator,
    lines: lines.length,
    remarks:
      separator === 'mixed' ? ['Decimal points and decimal commas are mixed. Compare the amounts with the file.'] : [],
  };
}

/** A table may list several invoices: their number is in a column then. */
function groupsOf(rows: readonly TableRow[], { columns }: Layout): TableRow[][] {
  const place = columns.get('number');
  const groups = new Map<string, TableRow[]>();
  let current = '';
  for (const row of rows) {
    const stated = place === undefined || !row.isWhole ? '' : (row.cells[place] ?? '').trim();
    if (stated !== '') current = stated;
    const group = groups.get(current);
    if (group) group.push(row);
    else groups.set(current, [row]);
  }
  if (groups.size > MAX_INVOICES)
    throw new Unreadable(`This table has ${groups.size} invoices; at most ${MAX_INVOICES} are read.`);
  return groups.size === 0 ? [[]] : [...groups.values()];
}

function invoiceOf(rows: readonly TableRow[], { columns }: Layout, terms: TableTerms): ReadInvoice {
  const totals: Partial<ReadInvoice['totals']> = {};
  const totalEvidence: ReadInvoice['totalEvidence'] = {};
  const remarks: string[] = [];
  const lines: ReadInvoice['lines'] = [];
  for (const row of rows) {
    const footer = footerOf(row, terms);
    if (footer) {
      totals[footer.name] = footer.amount;
      totalEvidence[footer.name] = footer.evidence;
    } else if (row.isWhole) {
      const { line, faults } = lineOf(row, terms);
      lines.push(line);
      remarks.push(...faults);
    } else remarks.push(`Line ${row.line} of the file has fewer columns than the headings. It was not read.`);
  }
  const head = headOf(rows, lines, terms);
  const empty = emptyInvoice('csv');
  const hasAmounts = columns.has('netAmount');
  const priced = lines.map((line) => (hasAmounts ? line : { ...line, netAmount: netOf(line) }));
  return {
    ...empty,
    ...head,
    lines: priced,
    totals: { ...empty.totals, ...head.totals, ...totals },
    totalEvidence,
    remarks: [
      ...fewOf(remarks),
      ...(hasAmounts ? [] : ['The table states no line amounts: they are quantity times price, less discounts.']),
    ],
  };
}

function netOf(line: ReadInvoice['lines'][number]): string | null {
  const net = computedNet(line);
  return net ? exactMoneyText(net) : null;
}

function fewOf(remarks: readonly string[]): string[] {
  const left = remarks.length - MAX_REMARKS;
  return left <= 0 ? [...remarks] : [...remarks.slice(0, MAX_REMARKS), `${left} more lines have such faults.`];
}
