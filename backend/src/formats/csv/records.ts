/**
 * Joins lines into records.
 *
 * @NOTE This replaces a CSV library for one reason: a quote that is opened by mistake. Libraries
 * read on to the next quote or to the end of the file, and lose the rest of the file with the
 * record. Here, such a record is faulty at its first line, and reading continues with the next
 * line.
 *
 * Each line is read twice at most, however many records are tried through it: once as the start of
 * a record, and once as the continuation of a quoted cell. Running totals are kept over the lines
 * of an open quote, so the next record that is tried through them starts at their end.
 */
import { type CellFormat, cellsOf, type LineCells } from './lineCells.js';
import { type Line, MAX_LINE_CHARS } from './lines.js';

export type FileRecord = { line: number; cells: string[] } | { line: number; fault: string };

export interface RecordFormat extends CellFormat {
  /** The first record contains headings: empty ones at its end are not columns. */
  header: boolean;
}

/**
 * Maximum number of lines and characters of a record with quoted line ends. A single line has its
 * own limit.
 */
const MAX_RECORD_LINES = 100;
const MAX_RECORD_CHARS = MAX_LINE_CHARS;
const AFTER_QUOTE =
  'a quoted cell has text after its closing quote; if quotes are plain text in this file, set quote to "off"';
const NEVER_CLOSED = 'a quote is opened but never closed';

/** Totals over the lines of a run, from its first line. */
interface Totals {
  /** Number of cells begun. */
  cells: number;
  chars: number;
  /**
   * Number of the last cell that is not blank, counted like `cells`, and the place of its line; -1
   * if there is none.
   */
  filled: number;
  filledAt: number;
}

/** A line as the continuation of a quoted cell. */
interface Continuation {
  part: LineCells | 'malformed';
  totals: Totals;
}

interface OpenLine {
  number: number;
  text: string;
  tooLong: boolean;
  continued?: Continuation;
}

interface Extent {
  /** Number of lines in the file up to the end of the record. */
  lines: number;
  cells: number;
  lastFilled: number;
}

/** Result for the first open lines. Without `record`, they were blank. */
interface Taken {
  lines: number;
  record?: FileRecord;
}

const NOTHING: Totals = { cells: 0, chars: 0, filled: -1, filledAt: -1 };

export class RecordReader {
  readonly #format: RecordFormat;
  /**
   * Number of cells of a record, set by the first one. Further cells are allowed if they are empty.
   */
  #width: number | undefined;
  /** Lines of incomplete records. The place of a line counts from the start of the file. */
  readonly #open: OpenLine[] = [];
  #firstPlace = 0;
  /** The first open line, read as the start of a record. */
  #start: LineCells | undefined;
  /** Places of the lines of a quoted cell, including the last. Empty when `to` is before `from`. */
  #run = { from: 0, to: -1 };

  constructor(format: RecordFormat) {
    this.#format = format;
  }

  /** @returns the records that are complete with this line. */
  push({ number, text, tooLong = false }: Line): FileRecord[] {
    this.#open.push({ number, text, tooLong });
    return this.#drain(false);
  }

  /** @returns the remaining records when no line follows. */
  end(): FileRecord[] {
    return this.#drain(true);
  }

  #drain(isEnd: boolean): FileRecord[] {
    const records: FileRecord[] = [];
    for (let [first] = this.#open; first; [first] = this.#open) {
      const taken = this.#take(first, isEnd);
      if (!taken) break;
      this.#start = undefined;
      this.#open.splice(0, taken.lines);
      this.#firstPlace += taken.lines;
      if (taken.record) records.push(taken.record);
    }
    return records;
  }

  /**
   * Continues with the first record.
   * @returns undefined while it needs more lines.
   */
  #take(first: OpenLine, isEnd: boolean): Taken | undefined {
    const start = this.#start ?? this.#begin(first);
    if ('lines' in start) return start;
    this.#start = start;
    const extent = start.isOpen
      ? this.#follow(first, start, isEnd)
      : { lines: 1, cells: start.cells.length, lastFilled: start.lastFilled };
    if (extent === 'faulty') return faultyAt(first, NEVER_CLOSED);
    return extent && this.#check(first, start, extent);
  }

  #begin(first: OpenLine): LineCells | Taken {
    if (first.text.trim() === '') return { lines: 1 };
    if (first.tooLong) return faultyAt(first, 'the line is too long');
    const start = cellsOf(first.text, this.#format, false);
    return start === 'malformed' ? faultyAt(first, AFTER_QUOTE) : start;
  }

  /**
   * Searches for the line that ends the first record, from the end of the lines known to be inside
   * its quote.
   */
  #follow(first: OpenLine, start: LineCells, isEnd: boolean): Extent | 'faulty' | undefined {
    const place = this.#firstPlace;
    if (place > this.#run.to) this.#run = { from: place + 1, to: place };
    const before = this.#totalsAt(place);
    for (;;) {
      const lines = this.#run.to - place + 1;
      const line = this.#open[lines];
      if (lines >= MAX_RECORD_LINES || (!line && isEnd)) return 'faulty';
      if (!line) return undefined;
      const { part, totals } = (line.continued ??= this.#readOn(line));
      if (part === 'malformed' || first.text.length + totals.chars - before.chars > MAX_RECORD_CHARS) return 'faulty';
      if (part.isOpen) this.#run.to += 1;
      else return extentOf(start, { lines: lines + 1, place, before, totals });
    }
  }

  /** Reads the line after the run. */
  #readOn({ text, tooLong }: OpenLine): Continuation {
    const place = this.#run.to + 1;
    const before = this.#totalsAt(place - 1);
    const part = tooLong ? 'malformed' : cellsOf(text, this.#format, true);
    if (part === 'malformed') return { part, totals: before };
    const cells = before.cells + part.cells.length - 1;
    const chars = before.chars + text.length + 1;
    const isFilled = part.lastFilled >= 0;
    const filled = isFilled ? before.cells + part.lastFilled : before.filled;
    return { part, totals: { cells, chars, filled, filledAt: isFilled ? place : before.filledAt } };
  }

  /** @returns the totals of the run up to a line; zero for the line before its first. */
  #totalsAt(place: number): Totals {
    return place < this.#run.from ? NOTHING : this.#open[place - this.#firstPlace]!.continued!.totals;
  }

  #check({ number: line }: OpenLine, start: LineCells, { lines, cells, lastFilled }: Extent): Taken {
    if (lastFilled === -1) return { lines };
    this.#width ??= this.#format.header ? lastFilled + 1 : cells;
    const wanted = this.#width;
    if (cells >= wanted && lastFilled < wanted)
      return { lines, record: { line, cells: this.#cellsOf(start, lines).slice(0, wanted) } };
    const fault = `has ${cells} columns instead of ${wanted}`;
    if (lines === 1) return { lines, record: { line, fault } };
    return {
      lines: 1,
      record: {
        line,
        fault: `a quote is opened and closed ${lines - 1} lines below; with this quote, the record ${fault}`,
      },
    };
  }

  #cellsOf(start: LineCells, lines: number): string[] {
    if (lines === 1) return start.cells;
    const others = this.#open.slice(1, lines).map(({ continued }) => continued!.part as LineCells); // None is malformed.
    return joined([start, ...others]);
  }
}

/**
 * Totals of a record whose first line is at `place`: its own cells and those of the lines below.
 */
function extentOf(start: LineCells, below: { lines: number; place: number; before: Totals; totals: Totals }): Extent {
  const { lines, place, before, totals } = below;
  const last = start.cells.length - 1;
  const cells = last + totals.cells - before.cells + 1;
  const lastFilled = totals.filledAt > place ? last + totals.filled - before.cells : start.lastFilled;
  return { lines, cells, lastFilled };
}

function faultyAt({ number }: OpenLine, fault: string): Taken {
  return { lines: 1, record: { line: number, fault } };
}

/**
 * The cells of a record: the last cell of an open part continues with the first cell of the next.
 */
function joined(parts: readonly LineCells[]): string[] {
  const cells: string[] = [];
  let pieces: string[] = [];
  for (const { cells: own, isOpen } of parts) {
    for (const [index, piece] of own.entries()) {
      pieces.push(piece);
      if (isOpen && index === own.length - 1) continue;
      cells.push(pieces.join('\n'));
      pieces = [];
    }
  }
  return cells;
}
