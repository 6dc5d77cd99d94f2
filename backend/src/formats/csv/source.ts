/** Streams the records of a file, with the positions of the mapped columns. */
import { invalid } from '../../domain/shared/errors.js';
import { type ColumnFinder, findColumns, pickDelimiter, pickQuoting } from './fileColumns.js';
import { detectEncoding, readText } from './encoding.js';
import { type Line, LineSplitter } from './lines.js';
import type { FileLayout, NamedColumn } from './fileMapping.js';
import { type FileRecord, RecordReader } from './records.js';
import type { Pace } from '../../utils/turns.js';

/** Some spreadsheets name the delimiter in a first line of its own. */
const SEPARATOR_HINT = /^sep=(.)$/i;

export interface RecordBatch {
  records: FileRecord[];
  /** Bytes of the file read so far. */
  bytesRead: number;
}

export interface OpenedFile {
  find: ColumnFinder;
  damaged: boolean;
  /** Data records only. Reading to the end, or leaving the loop, closes the file. */
  batches: AsyncGenerator<RecordBatch>;
}

/**
 * Opens a file and finds the mapped columns.
 * @throws AppError invalid_request when there are no headings or a mapped column is missing.
 */
export async function openFile(
  path: string,
  layout: FileLayout,
  columns: readonly NamedColumn[],
  pace: Pace,
): Promise<OpenedFile> {
  const { label, damaged } = await detectEncoding(path, layout.encoding);
  const batches = readRecords(path, label, new Parser(layout, columns), pace);
  try {
    const first = await firstBatch(batches);
    const [heading] = first.records;
    if (layout.header && heading && 'fault' in heading)
      throw invalid('/file', `The headings in line ${heading.line} are not readable: ${heading.fault}.`);
    const cells = first.records.find((record) => 'cells' in record)?.cells ?? [];
    const find = findColumns(layout, columns, cells);
    const data = layout.header ? { ...first, records: first.records.slice(1) } : first;
    return { find, damaged, batches: followedBy(data, batches) };
  } catch (error) {
    await batches.return(undefined);
    throw error;
  }
}

async function firstBatch(batches: AsyncGenerator<RecordBatch>): Promise<RecordBatch> {
  for (;;) {
    const next = await batches.next();
    if (next.done === true) throw invalid('/file', 'The file is empty. Send a file with at least one line of text.');
    if (next.value.records.length > 0) return next.value;
  }
}

async function* followedBy(first: RecordBatch, rest: AsyncGenerator<RecordBatch>): AsyncGenerator<RecordBatch> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/**
 * A chunk of the file may contain many thousand lines: its records are split into one batch per
 * time slice.
 */
async function* readRecords(path: string, label: string, parser: Parser, pace: Pace): AsyncGenerator<RecordBatch> {
  const splitter = new LineSplitter();
  let end = 0;
  for await (const { text, bytesRead } of readText(path, label)) {
    end = bytesRead;
    for await (const records of parsed(splitter.push(text), parser, pace)) yield { records, bytesRead };
  }
  for await (const records of parsed(splitter.end(), parser, pace)) yield { records, bytesRead: end };
  yield { records: parser.end(), bytesRead: end };
}

async function* parsed(lines: readonly Line[], parser: Parser, pace: Pace): AsyncGenerator<FileRecord[]> {
  let records: FileRecord[] = [];
  for (const line of lines) {
    if (pace.isUp) {
      if (records.length > 0) yield records;
      records = [];
      await pace.rest();
    }
    records.push(...parser.push(line));
  }
  yield records;
}

/**
 * Determines delimiter and quoting from the first line that is neither skipped, blank nor a `sep=`
 * line.
 */
class Parser {
  readonly #layout: FileLayout;
  readonly #columns: readonly NamedColumn[];
  #delimiter: string | undefined;
  #reader: RecordReader | undefined;

  constructor(layout: FileLayout, columns: readonly NamedColumn[]) {
    this.#layout = layout;
    this.#columns = columns;
  }

  push(line: Line): FileRecord[] {
    if (line.number <= this.#layout.skipLines) return [];
    this.#reader ??= this.#start(line);
    return this.#reader?.push(line) ?? [];
  }

  end(): FileRecord[] {
    return this.#reader?.end() ?? [];
  }

  #start(line: Line): RecordReader | undefined {
    if (line.text.trim() === '') return undefined;
    const hint = SEPARATOR_HINT.exec(line.text.trim())?.[1];
    if (hint !== undefined && this.#delimiter === undefined) {
      this.#delimiter = hint;
      return undefined;
    }
    const delimiter =
      (this.#layout.delimiter === 'auto' && this.#delimiter) || pickDelimiter(this.#layout, this.#columns, line.text);
    return new RecordReader({
      delimiter,
      quoting: pickQuoting(this.#layout, delimiter),
      header: this.#layout.header,
    });
  }
}
