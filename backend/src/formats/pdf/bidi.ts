/**
 * The Unicode Bidirectional Algorithm (UAX 9) for one line of text. Only this module uses bidi-js.
 */
import bidiFactory from 'bidi-js';

// The package's types declare `exports.default`, but its CommonJS export is the factory itself.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();

export interface DirectedText {
  text: string;
  isRightToLeft: boolean;
}

/**
 * Splits a line into runs of one direction, in visual order from left to right. The characters in a
 * run keep their reading order; brackets in right-to-left runs are mirrored.
 */
export function directedRuns({ text: line, isRightToLeft }: DirectedText): DirectedText[] {
  if (line === '') return [];
  if (!isRightToLeft && !RIGHT_TO_LEFT.test(line)) return [{ text: withoutMarks(line), isRightToLeft: false }];
  const embedding = bidi.getEmbeddingLevels(line, isRightToLeft ? 'rtl' : 'ltr');
  const mirrored = bidi.getMirroredCharactersMap(line, embedding.levels);
  const runs: { text: string; level: number }[] = [];
  for (let index = 0; index < line.length; index += 1) {
    const level = embedding.levels[index]!;
    const character = mirrored.get(index) ?? line[index]!;
    const last = runs.at(-1);
    if (last && last.level === level) last.text += character;
    else runs.push({ text: character, level });
  }
  return reordered(runs).map(({ text, level }) => ({ text: withoutMarks(text), isRightToLeft: level % 2 === 1 }));
}

/**
 * The first letter of a paragraph decides its direction (rules P2 and P3). A paragraph without
 * letters is left-to-right on every page: telephone numbers and amounts are, in Arabic too.
 */
export function isWrittenRightToLeft(paragraph: string): boolean {
  const letter = LETTER.exec(paragraph)?.[0];
  return letter !== undefined && RIGHT_TO_LEFT.test(letter);
}

/**
 * Directions depend on the whole paragraph, before it is split into lines. So each line gets
 * direction marks for the letters next to it in the paragraph. Without them, a comma at the end of
 * a line would move to the other side of the line (UAX 9, part 3.4).
 */
export function inParagraph(lines: readonly string[]): string[] {
  let before = '';
  let after = '';
  const marked = lines.map((line) => {
    const text = before + line;
    before = markOf(LAST_LETTER.exec(line)) ?? before;
    return text;
  });
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    marked[index] += after;
    after = markOf(LETTER.exec(lines[index]!)) ?? after;
  }
  return marked;
}

const LETTER = /[\p{L}\u200e\u200f]/u;
const LAST_LETTER = /[\p{L}\u200e\u200f](?=[^\p{L}\u200e\u200f]*$)/u;

function markOf(letter: RegExpExecArray | null): string | undefined {
  return letter === null ? undefined : RIGHT_TO_LEFT.test(letter[0]) ? '\u200f' : '\u200e';
}

/** Direction marks control the algorithm and are not printed. */
export function withoutMarks(text: string): string {
  return text.replace(/[\u200e\u200f]/g, '');
}

/** Characters of right-to-left scripts: a line without one does not need the algorithm. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Rule L2: from the highest level down to 1, reverses every run of that level or above. */
function reordered<T extends { level: number }>(runs: readonly T[]): T[] {
  const order = [...runs];
  const highest = Math.max(...runs.map((run) => run.level));
  for (let level = highest; level > 0; level -= 1) {
    let start = 0;
    while (start < order.length) {
      let end = start;
      while (end < order.length && order[end]!.level >= level) end += 1;
      if (end > start) order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = Math.max(end, start + 1);
    }
  }
  return order;
}
