/** Tables as CSV (RFC 4180). */
import type { Cell, RowBatches } from './cell.js';

/** Without it, Excel reads UTF-8 as the code page of its system. */
const BYTE_ORDER_MARK = '\uFEFF';
/** Small pieces cost a system call each. */
const PIECE_CHARS = 32_000;
const NEEDS_QUOTES = /[",\r\n]/;
/** Beginnings that a spreadsheet may run as a formula; wide forms are those of East Asian input. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** The bytes of a table, in pieces: a byte order mark, the header, a line for each row. */
export async function* csvTable(header: readonly string[], batches: RowBatches): AsyncGenerator<Buffer> {
  let text = BYTE_ORDER_MARK + lineOf(header.map((name) => ({ text: name })));
  for await (const rows of batches) {
    for (const row of rows) text += lineOf(row);
    if (text.length < PIECE_CHARS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function lineOf(cells: readonly Cell[]): string {
  return `${cells.map(fieldOf).join(',')}\r\n`;
}

function fieldOf({ text, decimals }: Cell): string {
  const safe = decimals === undefined ? withoutFormula(text) : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Text that no spreadsheet runs: one apostrophe is put before what looks like a formula, also where
 * apostrophes are before that already. So who reads the file can remove one and has the text.
 */
function withoutFormula(text: string): string {
  return FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}
