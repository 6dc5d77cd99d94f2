/** Splits a text that arrives in chunks into physical lines. */

export interface Line {
  /** From 1. */
  number: number;
  text: string;
  /** Too long to be a line of orders; `text` contains only its beginning. */
  tooLong?: boolean;
}

export const MAX_LINE_CHARS = 100_000;
const LINE_END = /\r\n|\n|\r/g;

/**
 * Line ends are LF, CR LF or CR, and may be mixed. A line of any length needs no more memory than
 * the longest allowed one.
 */
export class LineSplitter {
  #number = 0;
  #rest = '';
  #dropping = false;

  /** @returns the lines that end in this chunk. */
  push(piece: string): Line[] {
    const text = this.#rest + piece;
    // A CR at the end may be the first half of a CR LF.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines: Line[] = [];
    let start = 0;
    LINE_END.lastIndex = 0;
    for (let match = LINE_END.exec(text); match !== null && match.index < end; match = LINE_END.exec(text)) {
      lines.push(this.#line(text.slice(start, match.index)));
      start = LINE_END.lastIndex;
    }
    this.#rest = text.slice(start);
    if (end - start > MAX_LINE_CHARS) {
      this.#dropping = true;
      this.#rest = this.#rest.slice(0, MAX_LINE_CHARS) + text.slice(end);
    }
    return lines;
  }

  /** @returns the last line, if the text does not end with a line end. */
  end(): Line[] {
    const text = this.#rest.replace(/\r$/, '');
    return this.#rest === '' ? [] : [this.#line(text)];
  }

  #line(text: string): Line {
    this.#number += 1;
    const tooLong = this.#dropping || text.length > MAX_LINE_CHARS;
    this.#dropping = false;
    return tooLong
      ? { number: this.#number, text: text.slice(0, MAX_LINE_CHARS), tooLong }
      : { number: this.#number, text };
  }
}
