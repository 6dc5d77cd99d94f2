/** Rows of text cells, from which every page is built. The text of a row sets its height. */
import type { DirectedText } from './bidi.js';
import type { TextStyle, Typesetter } from './Typesetter.js';

export interface CellStyle extends TextStyle {
  /** `#rrggbb` */
  color: string;
}

export interface Cell {
  text: string;
  /** Points from the page edge where reading begins to the cell's nearer edge. */
  start: number;
  width: number;
  style: CellStyle;
  align?: 'start' | 'center' | 'end';
  /**
   * Words are never split; the text gets smaller instead, because a number on two lines reads as
   * two numbers.
   */
  isFigure?: boolean;
}

export interface Row {
  cells: Cell[];
  /** Points of empty space. */
  before?: number;
  after?: number;
  /** Background colour, over the width of the table. */
  fill?: string;
  /** A line above the text. */
  rule?: { color: string; width: number };
  /** Is kept on the same page as the next row. */
  keepWithNext?: boolean;
}

export interface SetRow extends Row {
  lines: DirectedText[][];
  height: number;
}

const LINE_HEIGHT = 1.42;
/** A row with more lines is split, so that no row is higher than a page. */
const MAX_LINES = 30;

export function lineHeightOf(style: TextStyle): number {
  return style.size * LINE_HEIGHT;
}

/**
 * Breaks the text of a row into lines.
 * @returns the row, or several rows when its text is long.
 */
export function setRow(given: Row, typesetter: Typesetter): SetRow[] {
  const row = { ...given, cells: given.cells.map((cell) => (cell.isFigure ? fitted(cell, typesetter) : cell)) };
  const lines = row.cells.map((cell) => typesetter.wrap(cell.text, cell.width, cell.style));
  const parts = Math.max(1, Math.ceil(Math.max(...lines.map((cell) => cell.length)) / MAX_LINES));
  return Array.from({ length: parts }, (_, part) => {
    const ofPart = lines.map((cell) => cell.slice(part * MAX_LINES, (part + 1) * MAX_LINES));
    const cut: Row = {
      ...row,
      before: part === 0 ? (row.before ?? 0) : 0,
      after: part === parts - 1 ? (row.after ?? 0) : 0,
    };
    if (part > 0) delete cut.rule;
    return { ...cut, lines: ofPart, height: heightOf(cut, ofPart) };
  });
}

function fitted(cell: Cell, typesetter: Typesetter): Cell {
  const widest = typesetter.widestWord(cell.text, cell.style);
  const room = cell.width - AIR;
  if (widest <= room) return cell;
  return { ...cell, style: { ...cell.style, size: (cell.style.size * room) / widest } };
}

/** Points between a figure and the next one. */
const AIR = 4;

function heightOf(row: Row, lines: DirectedText[][]): number {
  const text = row.cells.map((cell, index) => lines[index]!.length * lineHeightOf(cell.style));
  return (row.before ?? 0) + Math.max(0, ...text) + (row.after ?? 0);
}
