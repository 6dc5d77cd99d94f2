/** Plain text for printers with fixed-width columns. */
import { graphemesOf } from './graphemes.js';
import { shownText } from './shownText.js';

/** Columns of an 80 mm printer in its usual font. */
export const WIDTH = 42;
/** Maximum width of the right column, so that the left column keeps some space. */
const MAX_RIGHT = 30;

/** Printed as a picture: by default, through a variation selector, or as a keycap. */
const PICTURE = /\p{Emoji_Presentation}|\ufe0f|\u20e3/u;
const TAKES_NO_COLUMN = /\p{Mn}|\p{Me}|\p{Cf}/u;
const PLAIN = /^[\x20-\x7e]*$/;
/** Wide by Unicode's East Asian Width (UAX 11). */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;

/**
 * Printed width of a text: pictures and East Asian wide characters take two columns, combining
 * marks none.
 */
function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return graphemesOf(text).reduce((width, character) => width + widthOfCharacter(character), 0);
}

function widthOfCharacter(character: string): number {
  if (PLAIN.test(character)) return character.length;
  if (PICTURE.test(character)) return 2;
  return Array.from(character).reduce(
    (width, point) => width + (TAKES_NO_COLUMN.test(point) ? 0 : WIDE.test(point) ? 2 : 1),
    0,
  );
}

/** Text at both ends of a line. */
function row(left: string, right: string): string {
  return left + ' '.repeat(Math.max(1, WIDTH - widthOf(left) - widthOf(right))) + right;
}

/**
 * Text on the left, wrapped, with an amount at the right of its last line. An amount that is too
 * long gets its own lines below.
 */
export function columns(left: string, text: string): string[] {
  const right = shownText(text);
  if (widthOf(right) > MAX_RIGHT) return [...wrapped(left, WIDTH), ...wrapped(`    ${right}`, WIDTH)];
  const lines = wrapped(left, WIDTH - widthOf(right) - 1);
  const last = lines.pop() ?? '';
  return [...lines, row(last, right)];
}

/** Centred text, on one or more lines. */
export function centred(text: string): string[] {
  return wrapped(text, WIDTH).map((line) => ' '.repeat(Math.trunc((WIDTH - widthOf(line)) / 2)) + line);
}

/**
 * Breaks at spaces, and inside a word only when the word is too long for a line. Each character is
 * measured once or twice.
 */
export function wrapped(text: string, width: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let current = indent;
  let used = indent.length;
  const begin = () => {
    current = indent;
    used = indent.length;
  };
  for (const word of shownText(text).trim().split(/\s+/)) {
    const isFirst = current === indent;
    const taken = widthOf(word) + (isFirst ? 0 : 1);
    if (used + taken <= width) {
      current += isFirst ? word : ` ${word}`;
      used += taken;
      continue;
    }
    if (!isFirst) lines.push(current);
    begin();
    for (const character of graphemesOf(word)) {
      const columnsOfIt = widthOfCharacter(character);
      if (used + columnsOfIt > width) {
        lines.push(current);
        begin();
      }
      current += character;
      used += columnsOfIt;
    }
  }
  lines.push(current);
  return lines;
}
