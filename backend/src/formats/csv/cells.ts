/** Reading single cells, the same for every kind of file. */
import type { Reading } from './moneyText.js';
import { tidyName } from '../../domain/shared/names.js';
import type { ColumnFinder } from './fileColumns.js';
import type { ColumnName } from './fileMapping.js';

export const MAX_NAME_CHARS = 100;
/** PostgreSQL stores no NUL, and half a surrogate pair is no text. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

/** Reads one thing from the cells of a row, or says why it is none. */
export type Read<T> = (cells: readonly string[]) => Reading<T>;

/** What makes a whole row unreadable. @param damaged the file has bytes that were read as U+FFFD. */
export function faultOfCells(cells: readonly string[], damaged: boolean): string | undefined {
  const text = cells.join('\n');
  if (UNSTORABLE.test(text)) return 'holds NUL or half a surrogate pair';
  if (damaged && text.includes('\uFFFD')) return 'holds bytes that are not valid in the encoding of the file';
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

/** No number is longer; what is, need not be looked at whole. */
export function shortCell(cells: readonly string[], place: number): string {
  return (cells[place] ?? '').trim().slice(0, 60);
}

export function placesOf(columns: ColumnName | ColumnName[], find: ColumnFinder): number[] {
  return (Array.isArray(columns) ? columns : [columns]).map(find);
}
