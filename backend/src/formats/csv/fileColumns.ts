/** Finds the mapped columns in a file. */
import { AppError, type FieldError, invalid } from '../../domain/shared/errors.js';
import { nameKey, tidyName } from '../../domain/shared/names.js';
import { type ColumnName, type FileLayout, MAX_COLUMNS, type NamedColumn } from './fileMapping.js';
import type { Quoting } from './lineCells.js';

/** In the order of preference on a tie. */
const DELIMITERS = ['\t', ';', ',', '|'] as const;
const MAX_SHOWN_COLUMNS = 40;

/** Returns the index of a column, from 0. */
export type ColumnFinder = (column: ColumnName) => number;

/**
 * Picks the delimiter that splits the headings so that most mapped columns are found; on a tie, the
 * one that occurs most often.
 * @param line the first relevant line.
 */
export function pickDelimiter(layout: FileLayout, columns: readonly NamedColumn[], line: string): string {
  if (layout.delimiter !== 'auto') return layout.delimiter;
  const named = columns.flatMap(({ column }) => (typeof column === 'string' ? [nameKey(column)] : []));
  let best: { delimiter: string; found: number; parts: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const parts = line.split(delimiter);
    // More than that is refused, or no delimiter but a character of the text.
    const headings = new Set(parts.slice(0, MAX_COLUMNS).map((heading) => nameKey(withoutQuotes(heading))));
    const candidate = {
      delimiter,
      found: named.filter((name) => headings.has(name)).length,
      parts: parts.length,
    };
    if (!best || candidate.found > best.found || (candidate.found === best.found && candidate.parts > best.parts))
      best = candidate;
  }
  return best?.delimiter ?? ',';
}

/**
 * With `auto`, a file with tabs is read leniently, because such files rarely use quotes: a quote
 * that does not close is plain text.
 */
export function pickQuoting(layout: FileLayout, delimiter: string): Quoting {
  return layout.quote === 'auto' ? pickQuotingOf(delimiter) : layout.quote;
}

export function pickQuotingOf(delimiter: string): Quoting {
  return delimiter === '\t' ? 'lenient' : 'on';
}

/**
 * Looks every mapped column up. Headings are compared without blanks around them; capitals count
 * only where two headings
 * differ in nothing else.
 * @param first cells of the headings, or of the first row of a file without them.
 * @throws AppError invalid_request naming each column that is missing, and those that exist; beyond
 * `MAX_COLUMNS`.
 */
export function findColumns(
  { header }: FileLayout,
  columns: readonly NamedColumn[],
  first: readonly string[],
): ColumnFinder {
  if (first.length > MAX_COLUMNS)
    throw invalid('/file', `The file has ${first.length} columns: more than ${MAX_COLUMNS} are not read.`);
  const headings = new Headings(header ? first.map((cell) => tidyName(cell)) : []);
  const errors: FieldError[] = [];
  const places = new Map<ColumnName, number>();
  for (const { path, column } of columns) {
    const found = typeof column === 'number' ? byNumber(column, first.length) : byHeading(column, headings);
    if (typeof found === 'number') places.set(column, found);
    else errors.push({ pointer: `/mapping/${path.join('/')}`, message: found.fault });
  }
  const [firstError] = errors;
  if (firstError) throw new AppError('invalid_request', `${firstError.pointer}: ${firstError.message}`, { errors });
  return (column) => {
    const place = places.get(column);
    if (place === undefined) throw new Error('a column was asked for that the mapping does not name');
    return place;
  };
}

function byNumber(number: number, width: number): number | { fault: string } {
  return number <= width ? number - 1 : { fault: `There is no column ${number}: the file has ${width}.` };
}

function byHeading(column: string, headings: Headings): number | { fault: string } {
  const found = headings.placesOf(column);
  const [place] = found;
  if (place === undefined) return { fault: `There is no column "${column}". The file has: ${listOf(headings.all)}.` };
  if (found.length === 1) return place;
  return {
    fault: `There are ${found.length} columns "${column}": name one by its number, ${found.map((index) => index + 1).join(' or ')}.`,
  };
}

/** Headings by their name: a mapping names hundreds of them. */
class Headings {
  readonly all: readonly string[];
  readonly #exact = new Map<string, number[]>();
  readonly #alike = new Map<string, number[]>();

  constructor(all: readonly string[]) {
    this.all = all;
    for (const [place, heading] of all.entries()) {
      append(this.#exact, heading, place);
      append(this.#alike, nameKey(heading), place);
    }
  }

  placesOf(column: string): readonly number[] {
    return this.#exact.get(tidyName(column)) ?? this.#alike.get(nameKey(column)) ?? [];
  }
}

function append(places: Map<string, number[]>, name: string, place: number): void {
  const known = places.get(name);
  if (known) known.push(place);
  else places.set(name, [place]);
}

function listOf(headings: readonly string[]): string {
  const shown = headings.slice(0, MAX_SHOWN_COLUMNS).map((heading) => `"${heading.slice(0, 60)}"`);
  return shown.join(', ') + (headings.length > shown.length ? ` and ${headings.length - shown.length} more` : '');
}

function withoutQuotes(text: string): string {
  return text.trim().replace(/^"(.*)"$/s, '$1');
}
