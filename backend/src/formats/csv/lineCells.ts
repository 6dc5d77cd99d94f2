/**
 * Splits one line into cells: as the beginning of a record, or as the continuation of a quoted
 * cell.
 */

/**
 * `on`: a cell that begins with a quote ends with one, may contain delimiters and line ends, and
 * doubles its own quotes (RFC 4180). `lenient`: the same within one line; when this fails, the
 * quote is plain text. `off`: quotes are plain text. A quote inside a cell is plain text in every
 * case.
 */
export type Quoting = 'on' | 'lenient' | 'off';

export interface CellFormat {
  delimiter: string;
  quoting: Quoting;
}

export interface LineCells {
  /**
   * On a continued line, the first cell ends the cell that was open before. The last cell may
   * continue on the next line.
   */
  cells: string[];
  isOpen: boolean;
  /** Index of the last cell that is not blank; -1 if there is none. */
  lastFilled: number;
}

const QUOTE = '"';

/** @param isInside whether a quoted cell is open at the start of the line. */
export function cellsOf(text: string, format: CellFormat, isInside: boolean): LineCells | 'malformed' {
  const { delimiter, quoting } = format;
  if (!text.includes(QUOTE)) return isInside ? finished([text], true) : finished(text.split(delimiter), false);
  if (quoting === 'off') return finished(text.split(delimiter), false);
  const cells: string[] = [];
  let position = 0;
  for (;;) {
    const isContinued = isInside && cells.length === 0;
    const isQuoted = isContinued || text[position] === QUOTE;
    const quoted = isQuoted ? readQuoted(text, isContinued ? 0 : position + 1, delimiter) : undefined;
    if (quoted !== undefined && quoting === 'on') {
      if (quoted === 'malformed') return 'malformed';
      cells.push(quoted.cell);
      if (quoted.next === undefined) return finished(cells, true);
      position = quoted.next;
    } else if (typeof quoted === 'object' && quoted.next !== undefined) {
      cells.push(quoted.cell);
      position = quoted.next;
    } else {
      const end = text.indexOf(delimiter, position);
      cells.push(text.slice(position, end === -1 ? text.length : end));
      position = end === -1 ? -1 : end + delimiter.length;
    }
    if (position === -1) return finished(cells, false);
  }
}

function finished(cells: string[], isOpen: boolean): LineCells {
  return { cells, isOpen, lastFilled: cells.findLastIndex((cell) => cell.trim() !== '') };
}

/**
 * @param start index after the opening quote.
 * @returns the cell and the index of the next one: -1 at the end of the record, undefined when the
 * cell is not closed.
 */
function readQuoted(
  text: string,
  start: number,
  delimiter: string,
): { cell: string; next: number | undefined } | 'malformed' {
  const parts: string[] = [];
  for (let from = start; ; ) {
    const quote = text.indexOf(QUOTE, from);
    if (quote === -1) return { cell: [...parts, text.slice(from)].join(QUOTE), next: undefined };
    parts.push(text.slice(from, quote));
    const after = quote + 1;
    if (text[after] === QUOTE) {
      from = after + 1;
      continue;
    }
    // Spaces between the closing quote and the delimiter are ignored.
    const next = text.indexOf(delimiter, after);
    const between = text.slice(after, next === -1 ? text.length : next);
    if (between.trim() !== '') return 'malformed';
    return { cell: parts.join(QUOTE), next: next === -1 ? -1 : next + delimiter.length };
  }
}
