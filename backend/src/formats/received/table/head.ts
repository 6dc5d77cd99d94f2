/** Number, dates and parties of an invoice that is a table: from its columns, or above it. */
import { compare, ratioOf } from '../../../domain/number/ratio.js';
import { sumOf } from '../../../domain/supplierInvoice/decimals.js';
import {
  documentTypeOf,
  NO_TOTALS,
  type ReadInvoice,
  type ReadLine,
  type ReadTotals,
} from '../../../domain/supplierInvoice/readInvoice.js';
import { currencyOf } from '../../../domain/supplierInvoice/xmlNode.js';
import type { Line } from '../../csv/lines.js';
import { type Field, HEAD_FIELDS, meaningsOf } from './headings.js';
import { cellsOfLine } from './layout.js';
import { dateOfCell, moneyIn } from './numbers.js';
import { cellOf, type TableRow, type TableTerms } from './rows.js';

const MAX_NAME_CHARS = 200;
const CREDIT_NOTE =
  /credit|gutschrift|avoir|abono|nota di credito|nota de crédito|rectificativa|creditnota|赤伝|値引伝票|대변|수정|ใบลดหนี้|贷项|红字|إشعار دائن/iu;

/** `Invoice number;2026-17` or `Invoice number: 2026-17`, also several in a line. */
export function statedAbove(lines: readonly Line[], delimiter: string): Map<Field, string> {
  const stated = new Map<Field, string>();
  for (const { text } of lines) {
    const cells = (cellsOfLine(text, delimiter) ?? []).map((cell) => cell.trim()).filter((cell) => cell !== '');
    const words = cells.flatMap((cell) => labelledIn(cell) ?? [cell]);
    for (const [index, word] of words.entries()) {
      const field = headFieldOf(word);
      const value = words[index + 1];
      if (field === undefined || value === undefined || stated.has(field)) continue;
      if (headFieldOf(value) === undefined) stated.set(field, value);
    }
  }
  return stated;
}

/** `Invoice number: 17`; undefined for another text with a colon, such as a time. */
function labelledIn(cell: string): string[] | undefined {
  const [, label = '', value = ''] = /^([^:：]{2,40})[:：]\s*(.+)$/u.exec(cell) ?? [];
  return headFieldOf(label) === undefined ? undefined : [label, value];
}

function headFieldOf(word: string): Field | undefined {
  return meaningsOf(word).find((one) => HEAD_FIELDS.some((head) => head === one.field))?.field;
}

export function headOf(
  rows: readonly TableRow[],
  lines: readonly ReadLine[],
  terms: TableTerms,
): Omit<ReadInvoice, 'format' | 'lines' | 'adjustments' | 'taxes' | 'totalEvidence' | 'remarks'> {
  const stated = (field: Field): string | null => {
    const inColumn = rows.filter(({ isWhole }) => isWhole).map((row) => cellOf(row, field, terms));
    const value = inColumn.find((cell) => cell !== '') ?? terms.above.get(field);
    return value?.slice(0, MAX_NAME_CHARS) ?? null;
  };
  const currency = currencyOf((stated('currency') ?? '').toUpperCase()) ?? terms.currency;
  const date = (field: Field) => dateOfCell(stated(field) ?? '', currency === 'USD');
  const type = stated('type');
  const typeCode = type !== null && /^(?:\d{2,3}|TD\d\d)$/.test(type) ? type : null;
  const isCredit = type !== null && CREDIT_NOTE.test(type);
  return {
    typeCode,
    documentType: isCredit ? 'credit_note' : documentTypeOf(typeCode),
    number: stated('number'),
    issueDate: date('issueDate'),
    dueDate: date('dueDate'),
    currency,
    supplier: { name: stated('supplier'), vatId: stated('vatId') },
    buyer: { name: stated('buyer'), vatId: null },
    orderReference: stated('order'),
    precedingNumber: null,
    totals: { ...NO_TOTALS, ...totalsOf(rows, lines, terms) },
  };
}

/**
 * Sums above the table, or in columns. A column may also hold the tax or gross amount of each line:
 * it states the sums of the invoice only when it has one value, not below the sum of the lines.
 */
function totalsOf(
  rows: readonly TableRow[],
  lines: readonly ReadLine[],
  terms: TableTerms,
): Pick<ReadTotals, 'net' | 'tax' | 'gross'> {
  const { above, separator } = terms;
  const ofLines = sumOf(lines.map(({ netAmount }) => netAmount));
  const inColumn = (field: Field): string | undefined => {
    const values = new Set(rows.filter(({ isWhole }) => isWhole).map((row) => cellOf(row, field, terms)));
    values.delete('');
    return values.size === 1 ? moneyIn([...values][0] ?? '', separator) : undefined;
  };
  const sums = { net: inColumn('net'), tax: inColumn('tax'), gross: inColumn('gross') };
  const largest = sums.gross ?? sums.net;
  const isOfInvoice = largest !== undefined && compare(ratioOf(largest), ofLines) >= 0;
  const stated = (field: 'net' | 'tax' | 'gross') =>
    moneyIn(above.get(field) ?? '', separator) ?? (isOfInvoice ? sums[field] : undefined) ?? null;
  return { net: stated('net'), tax: stated('tax'), gross: stated('gross') };
}
