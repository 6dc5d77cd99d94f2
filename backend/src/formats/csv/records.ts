/**
 * Cuts lines into records.
 *
 * @NOTE Our own instead of a CSV library, for one reason: a quote that is opened by mistake. Libraries read on to the next
 * quote or to the end of the file, and the rest of the file is lost or dies with the record. Here such a record is faulty at its
 * first line, and reading resumes with the line after it.
 *
 * Each line is read twice at most, however many records are tried through it: once as the beginning of a record, and once as
 * the continuation of a quoted cell. What all lines of an open quote come to is added up, so the next record that is tried
 * through them begins at their end.
 */
import { type CellFormat, cellsOf, type LineCells } from './lineCells.js';
import { type Line, MAX_LINE_CHARS } from './lines.js';

export type FileRecord = { line: number; cells: string[] } | { line: number; fault: string };

export interface RecordFormat extends CellFormat {
  /** The first record holds headings: empty ones at its end are no columns. */
  header: boolean;
}

/** Over how many lines one quoted cell may run, and how long a record may be. A single line has a bound of its own. */
const MAX_RECORD_LINES = 100;
const MAX_RECORD_CHARS = MAX_LINE_CHARS;
const AFTER_QUOTE = 'a quoted cell goes on after its closing quote; if quotes mean nothing here, set quote to "off"';
const NEVER_CLOSED = 'a quote is opened and never closed';

/** The sums over the lines of a run, from its first one on. */
interface Totals {
  /** How many cells were begun. */
  cells: number;
  chars: number;
  /** The last cell with more than blanks in it, counted like `cells`, and the place of its line; -1 if there is none. */
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
  /** Of the file, not of a record that goes on behind it. */
  lines: number;
  cells: number;
  lastFilled: number;
}

/** What came of the first open lines. Without `record` they were blank. */
interface Taken {
  lines: number;
  record?: FileRecord;
}

const NOTHING: Totals = { cells: 0, chars: 0, filled: -1, filledAt: -1 };

export class RecordReader {
  readonly #format: RecordFormat;
  /** How many cells a record has; known from the first one. More may follow if they are empty. */
  #width: number | undefined;
  /** Lines of records that are not complete. The place of a line counts from the beginning of the file. */
  readonly #open: OpenLine[] = [];
  #firstPlace = 0;
  /** The first open line as the beginning of a record. */
  #start: LineCells | undefined;
  /** Places of lines that a quoted cell runs through, the last one included. Empty when `to` is before `from`. */
  #run = { from: 0, to: -1 };

  constructor(format: RecordFormat) {
    this.#format = format;
  }

  /** @returns the records that are complete with this line. */
  push({ number, text, tooLong = false }: Line): FileRecord[] {
    this.#open.push({ number, text, tooLong });
    return this.#drain(false);
  }

  /** @returns what is left when no line follows. */
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

  /** Goes on with the first record. @returns undefined while it needs more lines. */
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

  /** Looks for the line that ends the first record, from the end of what is known to be inside of its quote. */
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

  /** Reads the line behind the run. */
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

  /** @returns the sums of the run up to a line; nothing for the one before its first. */
  #totalsAt(place: number): Totals {
    return place < this.#run.from ? NOTHING : this.#open[place - this.#firstPlace]!.continued!.totals;
  }

  #check({ number: line }: OpenLine, start: LineCells, { lines, cells, lastFilled }: Extent): Taken {
    if (lastFilled === -1) return { lines };
    this.#width ??= this.#format.header ? lastFilled + 1 : cells;
    const wanted = this.#width;
    if (cells >= wanted && lastFilled < wanted)
      return { lines, record: { line, cells: this.#cellsOf(start, lines).slice(0, wanted) } };
    const fault = `has ${cells} columns, not ${wanted}`;
    if (lines === 1) return { lines, record: { line, fault } };
    return {
      lines: 1,
      record: { line, fault: `a quote is opened and closed ${lines - 1} lines below; read so, the record ${fault}` },
    };
  }

  #cellsOf(start: LineCells, lines: number): string[] {
    if (lines === 1) return start.cells;
    const others = this.#open.slice(1, lines).map(({ continued }) => continued!.part as LineCells); // None is malformed.
    return joined([start, ...others]);
  }
}

/** Of a record whose first line is at `place`: what its own cells and those of the lines below come to. */
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

/** The cells of a record: the last one of an open part goes on with the first one of the next. */
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
