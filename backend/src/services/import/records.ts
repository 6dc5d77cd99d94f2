/**
 * Cuts lines into records and records into cells.
 *
 * @NOTE Our own instead of a CSV library, for one reason: a quote that is opened by mistake. Libraries read on to the next
 * quote or to the end of the file, and the rest of the file is lost or dies with the record. Here such a record is faulty at its
 * first line, and reading resumes with the line after it.
 */
import type { Line } from './lines.js';

/**
 * `on`: a cell that begins with a quote ends with one, may hold delimiters and line ends, and doubles its own quotes
 * (RFC 4180). `lenient`: the same within one line; where it does not work out, the quote is plain text. `off`: quotes are
 * plain text. A quote inside a cell is plain text in every case.
 */
export type Quoting = 'on' | 'lenient' | 'off';

export type FileRecord = { line: number; cells: string[] } | { line: number; fault: string };

export interface RecordFormat {
  delimiter: string;
  quoting: Quoting;
  /** The first record holds headings: empty ones at its end are no columns. */
  header: boolean;
}

/** Over how many lines one quoted cell may run. */
const MAX_RECORD_LINES = 100;
const QUOTE = '"';
const AFTER_QUOTE = 'a quoted cell goes on after its closing quote; if quotes mean nothing here, set quote to "off"';
const NEVER_CLOSED = 'a quote is opened and never closed';

export class RecordReader {
  readonly #format: RecordFormat;
  /** How many cells a record has; known from the first one. More may follow if they are empty. */
  #width: number | undefined;
  /** Lines of a record that is not complete. */
  #open: Line[] = [];

  constructor(format: RecordFormat) {
    this.#format = format;
  }

  /** @returns the records that are complete with this line. */
  push(line: Line): FileRecord[] {
    this.#open.push(line);
    // Inside a quoted cell a line without a quote changes nothing.
    const stillOpen = this.#open.length > 1 && !line.text.includes(QUOTE) && line.tooLong !== true;
    return stillOpen && this.#open.length < MAX_RECORD_LINES ? [] : this.#drain(false);
  }

  /** @returns what is left when no line follows. */
  end(): FileRecord[] {
    return this.#drain(true);
  }

  #drain(isEnd: boolean): FileRecord[] {
    const records: FileRecord[] = [];
    while (this.#open.length > 0) {
      const taken = this.#take(isEnd);
      if (taken === 'incomplete') break;
      this.#open.splice(0, taken.lines);
      if (taken.record) records.push(taken.record);
    }
    return records;
  }

  /** The first record of the open lines. Without `record` it was blank. */
  #take(isEnd: boolean): { lines: number; record?: FileRecord } | 'incomplete' {
    const [first] = this.#open;
    if (!first || first.text.trim() === '') return { lines: 1 };
    const faulty = (fault: string) => ({ lines: 1, record: { line: first.number, fault } });
    let text = '';
    for (const [index, line] of this.#open.entries()) {
      if (line.tooLong) return faulty(index === 0 ? 'the line is too long' : NEVER_CLOSED);
      text = index === 0 ? line.text : `${text}\n${line.text}`;
      const cells = splitCells(text, this.#format);
      if (cells === 'malformed') return faulty(index === 0 ? AFTER_QUOTE : NEVER_CLOSED);
      if (cells !== 'open') return this.#check(cells, index + 1, first.number);
    }
    const waits = !isEnd && this.#open.length < MAX_RECORD_LINES;
    return waits ? 'incomplete' : faulty(NEVER_CLOSED);
  }

  #check(cells: string[], lines: number, line: number): { lines: number; record?: FileRecord } {
    if (cells.every((cell) => cell.trim() === '')) return { lines };
    this.#width ??= this.#format.header ? cells.findLastIndex((cell) => cell.trim() !== '') + 1 : cells.length;
    const wanted = this.#width;
    const surplusIsEmpty = cells.slice(wanted).every((cell) => cell.trim() === '');
    if (cells.length >= wanted && surplusIsEmpty) return { lines, record: { line, cells: cells.slice(0, wanted) } };
    const fault = `has ${cells.length} columns, not ${wanted}`;
    if (lines === 1) return { lines, record: { line, fault } };
    return {
      lines: 1,
      record: { line, fault: `a quote is opened and closed ${lines - 1} lines below; read so, the record ${fault}` },
    };
  }
}

/** @returns `open` when a quoted cell goes on in the next line. */
function splitCells(text: string, { delimiter, quoting }: RecordFormat): string[] | 'open' | 'malformed' {
  if (quoting === 'off' || !text.includes(QUOTE)) return text.split(delimiter);
  const cells: string[] = [];
  let position = 0;
  for (;;) {
    const quoted = text[position] === QUOTE ? readQuoted(text, position, delimiter) : undefined;
    if (typeof quoted === 'string' && quoting === 'on') return quoted;
    if (typeof quoted === 'object') {
      cells.push(quoted.cell);
      position = quoted.next;
    } else {
      const end = text.indexOf(delimiter, position);
      cells.push(text.slice(position, end === -1 ? text.length : end));
      position = end === -1 ? -1 : end + delimiter.length;
    }
    if (position === -1) return cells;
  }
}

/** @returns the cell, and where the next one begins: -1 at the end of the record. */
function readQuoted(
  text: string,
  start: number,
  delimiter: string,
): { cell: string; next: number } | 'open' | 'malformed' {
  let cell = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf(QUOTE, from);
    if (quote === -1) return 'open';
    cell += text.slice(from, quote);
    const after = quote + 1;
    if (text[after] === QUOTE) {
      cell += QUOTE;
      from = after + 1;
      continue;
    }
    // Blanks between the closing quote and the delimiter are forgiven.
    const next = text.indexOf(delimiter, after);
    const between = text.slice(after, next === -1 ? text.length : next);
    if (between.trim() !== '') return 'malformed';
    return { cell, next: next === -1 ? -1 : next + delimiter.length };
  }
}
