/**
 * Measures text, breaks it into lines and splits lines into runs that a PDF draws one after the
 * other.
 */
import { graphemesOf } from '../printed/graphemes.js';
import { directedRuns, type DirectedText, inParagraph, isWrittenRightToLeft, withoutMarks } from './bidi.js';
import { type Face, type GlyphRun, isTurned, shaped, type Weight } from './fontFaces.js';
import { type FontRun, fontRuns, printable } from './fontRuns.js';
import { breakablePieces } from './lineBreaks.js';
import { Memo } from './Memo.js';

export interface TextStyle {
  /** Points. */
  size: number;
  weight: Weight;
}

/** A run of one typeface and one direction. */
export interface ShownRun extends FontRun {
  /** Points. */
  width: number;
}

/** A cached glyph run takes some kilobytes, a width very little. */
const MOST_SHAPED = 1_000;
const MOST_MEASURED = 50_000;
/**
 * A text this many times wider than its line never fits, even if its words together are narrower
 * than their sum.
 */
const FAR_TOO_WIDE = 2;

export class Typesetter {
  readonly #language: string;
  /** Shaped runs: a line is measured first and drawn later. */
  readonly #shaped = new Memo<GlyphRun>(MOST_SHAPED);
  /**
   * Measured widths, relative to the text size. The same words are on many lines of a long
   * document, and each is measured several times.
   */
  readonly #widths = new Memo<number>(MOST_MEASURED);

  constructor(language: string) {
    this.#language = language;
  }

  /**
   * @param width points.
   * @returns at least one line, each of them printable.
   */
  wrap(text: string, width: number, style: TextStyle): DirectedText[] {
    return text.split('\n').flatMap((raw) => {
      const paragraph = printable(raw, style.weight);
      const isRightToLeft = isWrittenRightToLeft(paragraph);
      const lines = this.#wrapParagraph(paragraph, width, style).map((line) => line.trimEnd());
      return inParagraph(lines).map((line) => ({ text: line, isRightToLeft }));
    });
  }

  /** Width in points of the widest part of a text without a possible line break. */
  widestWord(text: string, style: TextStyle): number {
    const words = breakablePieces(printable(text, style.weight));
    return Math.max(0, ...words.map((word) => this.#measure(word.trimEnd(), style)));
  }

  /** The runs of a line, from left to right. */
  runsOf(line: DirectedText, style: TextStyle): ShownRun[] {
    return directedRuns(line).flatMap(({ text, isRightToLeft }) => {
      const runs = fontRuns(text, style.weight, this.#language);
      if (isRightToLeft) runs.reverse();
      return runs.map((run) => {
        const width = this.#widthOf(run.face, run.text) * style.size;
        return { face: run.face, width, text: isRightToLeft ? turned(run.text) : run.text };
      });
    });
  }

  #wrapParagraph(text: string, width: number, style: TextStyle): string[] {
    const words = breakablePieces(text);
    if (!this.#isFarTooWide(words, width, style) && this.#measure(text.trimEnd(), style) <= width) return [text];
    const lines: string[] = [];
    let current = '';
    let used = 0;
    for (const piece of words.flatMap((whole) => this.#fitting(whole, width, style))) {
      if (current !== '' && used + this.#measure(piece.trimEnd(), style) > width) {
        lines.push(current);
        current = '';
        used = 0;
      }
      current += piece;
      used += this.#measure(piece, style);
    }
    lines.push(current);
    return lines;
  }

  /**
   * Decided by the words, which are measured anyway: shaping a whole text only to find that it is
   * too long would double the cost.
   */
  #isFarTooWide(words: readonly string[], width: number, style: TextStyle): boolean {
    let sum = 0;
    return words.some((word) => (sum += this.#measure(word, style)) > width * FAR_TOO_WIDE);
  }

  /** Splits a piece between characters when it is wider than the line. */
  #fitting(piece: string, width: number, style: TextStyle): string[] {
    if (this.#measure(piece.trimEnd(), style) <= width) return [piece];
    const parts: string[] = [];
    let used = 0;
    for (const character of graphemesOf(piece)) {
      const wide = this.#measure(character, style);
      if (parts.length > 0 && used + wide <= width) {
        parts[parts.length - 1] += character;
        used += wide;
      } else {
        parts.push(character);
        used = wide;
      }
    }
    return parts;
  }

  #measure(text: string, style: TextStyle): number {
    const { weight, size } = style;
    return size * this.#widths.get(`${weight} ${text}`, () => this.#widthInSizes(text, weight));
  }

  #widthInSizes(text: string, weight: Weight): number {
    const runs = fontRuns(withoutMarks(text), weight, this.#language);
    return runs.reduce((width, run) => width + this.#widthOf(run.face, run.text), 0);
  }

  /** Glyphs and their positions, in units of the font. */
  shape(face: Face, text: string): GlyphRun {
    return this.#shaped.get(`${face.id} ${text}`, () => shaped(face, text));
  }

  #widthOf(face: Face, text: string): number {
    return this.shape(face, text).advanceWidth / face.font.unitsPerEm;
  }
}

/**
 * Reverses a run of only signs and spaces; the shaper itself reverses runs with right-to-left
 * letters.
 */
function turned(text: string): string {
  return isTurned(text) ? text : graphemesOf(text).reverse().join('');
}
