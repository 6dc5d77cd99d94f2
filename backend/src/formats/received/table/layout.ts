/** Finds the headings of a supplier's table: where it begins, and what separates its cells. */
import { cellsOf } from '../../csv/lineCells.js';
import { pickQuotingOf } from '../../csv/fileColumns.js';
import { type Line, LineSplitter } from '../../csv/lines.js';
import { Unreadable } from '../unreadable.js';
import { columnsOf, type Field, missingIn } from './headings.js';

const DELIMITERS = [';', '\t', ',', '|'];
/** Address, number and date of the invoice may be above the table. */
const LINES_BEFORE = 60;
/** An invoice of more lines is none. */
const MAX_LINES = 5_000;
const MAX_COLUMNS = 200;
const PIECE_CHARS = 65_536;

export interface Layout {
  /** Index of the line with the headings. */
  at: number;
  delimiter: string;
  headings: string[];
  columns: Map<Field, number>;
  doubtful: string[];
  /** Empty when the table can be read. */
  missing: string[];
}

/** @throws Unreadable for more lines than are read. */
export function linesOf(text: string): Line[] {
  const splitter = new LineSplitter();
  const lines: Line[] = [];
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    lines.push(...splitter.push(text.slice(at, at + PIECE_CHARS)));
    if (lines.length > MAX_LINES)
      throw new Unreadable(`This table has more than ${MAX_LINES} lines. Send one file for each invoice.`);
  }
  return [...lines, ...splitter.end()];
}

/** @returns the line that names most columns; undefined for a file in which no line names any. */
export function layoutOf(lines: readonly Line[]): Layout | undefined {
  let best: Layout | undefined;
  for (const [at, line] of lines.slice(0, LINES_BEFORE).entries())
    for (const delimiter of DELIMITERS) {
      const candidate = headingsIn(line, at, delimiter);
      if (candidate && (!best || isBetter(candidate, best))) best = candidate;
    }
  return best;
}

function isBetter(one: Layout, other: Layout): boolean {
  if (one.missing.length !== other.missing.length) return one.missing.length < other.missing.length;
  return one.columns.size > other.columns.size;
}

function headingsIn(line: Line, at: number, delimiter: string): Layout | undefined {
  if (line.tooLong || !line.text.includes(delimiter)) return undefined;
  const cells = cellsOfLine(line.text, delimiter);
  if (!cells || cells.length > MAX_COLUMNS) return undefined;
  const { columns, doubtful } = columnsOf(cells);
  return columns.size === 0
    ? undefined
    : { at, delimiter, headings: cells, columns, doubtful, missing: missingIn(columns) };
}

/** The cells of one line; undefined when its quotes are not closed. */
export function cellsOfLine(text: string, delimiter: string): string[] | undefined {
  const read = cellsOf(text, { delimiter, quoting: pickQuotingOf(delimiter) }, false);
  return read === 'malformed' || read.isOpen ? undefined : read.cells;
}
