/** Reads single cells, in the same way for every kind of file. */
import type { Reading } from './moneyText.js';
import { tidyName } from '../../domain/shared/names.js';
import type { ColumnFinder } from './fileColumns.js';
import type { ColumnName } from './fileMapping.js';

export const MAX_NAME_CHARS = 100;
/** PostgreSQL cannot store NUL, and half a surrogate pair is not valid text. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

/** Reads one value from the cells of a row, or returns its fault. */
export type Read<T> = (cells: readonly string[]) => Reading<T>;

/**
 * Fault that makes a whole row unreadable.
 * @param damaged the file has bytes that were read as U+FFFD.
 */
export function faultOfCells(cells: readonly string[], damaged: boolean): string | undefined {
  const text = cells.join('\n');
  if (UNSTORABLE.test(text)) return 'contains NUL or half a surrogate pair';
  if (damaged && text.includes('\uFFFD')) return 'contains bytes that are not valid in the encoding of the file';
  return undefined;
}

export function nameReader(column: ColumnName, find: ColumnFinder, maxChars: number, what: string): Read<string> {
  const place = find(column);
  return (cells) => {
    const name = tidyName(cells[place] ?? '');
    if (name === '') return { fault: `the ${what} is empty` };
    return name.length > maxChars ? { fault: `the ${what} is longer than ${maxChars} characters` } : { value: name };
  };
}

export function optionalNameReader(
  column: ColumnName | undefined,
  find: ColumnFinder,
  what: string,
): Read<string | undefined> {
  if (column === undefined) return () => ({ value: undefined });
  const place = find(column);
  const read = nameReader(column, find, MAX_NAME_CHARS, what);
  return (cells) => ((cells[place] ?? '').trim() === '' ? { value: undefined } : read(cells));
}

/** No number is longer than this, so longer text need not be read in full. */
export function shortCell(cells: readonly string[], place: number): string {
  return (cells[place] ?? '').trim().slice(0, 60);
}

export function placesOf(columns: ColumnName | ColumnName[], find: ColumnFinder): number[] {
  return (Array.isArray(columns) ? columns : [columns]).map(find);
}
