/** A cell of a table that is exported. */
export interface Cell {
  /** Text, or a number as plain decimal text. Empty: an empty cell. */
  text: string;
  /** For a number: the decimals that a spreadsheet shows; `any` as many as there are. */
  decimals?: 0 | 2 | 3 | 'any';
}

/** Rows as they come, some at a time. */
export type RowBatches = AsyncIterable<readonly (readonly Cell[])[]>;

export const EMPTY: Cell = { text: '' };
