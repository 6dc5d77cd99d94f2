/**
 * Possible line breaks: at spaces, and between the words of scripts without spaces (such as Thai,
 * Japanese and Chinese).
 */

const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
/** Scripts without spaces between words. The segmenter knows the words of all of them. */
const WITHOUT_BLANKS =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Characters that may not begin a line (JIS X 4051, kinsoku). */
const CLOSING =
  /^[\p{Pe}\p{Pf}\p{Po}\u3005\u30fc\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\uff05%]/u;
/** Characters that may not end a line. */
const OPENING = /[\p{Ps}\p{Pi}\u00a5\uffe5]$/u;
/** A hyphen inside a word allows a break after it; a minus before a number does not. */
const AFTER_HYPHEN = /[\p{L}]-$/u;

/**
 * Splits a text into pieces between which a line may end. Spaces stay at the end of the piece
 * before them.
 */
export function breakablePieces(text: string): string[] {
  const pieces: string[] = [];
  for (const { segment } of WORDS.segment(text)) {
    const last = pieces.at(-1);
    if (last !== undefined && !mayBreak(last, segment)) pieces[pieces.length - 1] = last + segment;
    else pieces.push(segment);
  }
  return pieces;
}

function mayBreak(before: string, after: string): boolean {
  if (/^\s/.test(after)) return false;
  if (/[^\S\u00a0\u202f]$/.test(before)) return true;
  if (/[\u00a0\u202f]$/.test(before) || CLOSING.test(after) || OPENING.test(before)) return false;
  return AFTER_HYPHEN.test(before) || WITHOUT_BLANKS.test(before.at(-1)!) || WITHOUT_BLANKS.test(after[0]!);
}
