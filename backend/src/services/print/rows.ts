/** The one shape that everything on a page has: a row of cells with text, at a height that follows from its text. */
import type { DirectedText } from './bidi.js';
import type { TextStyle, Typesetter } from './Typesetter.js';

export interface CellStyle extends TextStyle {
  /** `#rrggbb` */
  color: string;
}

export interface Cell {
  text: string;
  /** Points from the edge at which reading begins, to the cell's nearer edge. */
  start: number;
  width: number;
  style: CellStyle;
  align?: 'start' | 'center' | 'end';
}

export interface Row {
  cells: Cell[];
  /** Points of air. */
  before?: number;
  after?: number;
  /** Behind the text, over the width of the table. */
  fill?: string;
  /** A line above the text. */
  rule?: { color: string; width: number };
  /** Stays on the page of the next row. */
  keepWithNext?: boolean;
}

export interface SetRow extends Row {
  lines: DirectedText[][];
  height: number;
}

const LINE_HEIGHT = 1.42;
/** A row with more lines is cut, so that none is ever higher than a page. */
const MAX_LINES = 30;

export function lineHeightOf(style: TextStyle): number {
  return style.size * LINE_HEIGHT;
}

/** Breaks the text of a row into lines. @returns the row, or several where its text is long. */
export function setRow(row: Row, typesetter: Typesetter): SetRow[] {
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

function heightOf(row: Row, lines: DirectedText[][]): number {
  const text = row.cells.map((cell, index) => lines[index]!.length * lineHeightOf(cell.style));
  return (row.before ?? 0) + Math.max(0, ...text) + (row.after ?? 0);
}
