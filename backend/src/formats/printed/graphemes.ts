/** The characters of a text as a person sees them: a flag or a family is one, though it is many code points. */

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/**
 * Characters that join with nothing: Latin letters, kana without their marks, Chinese characters, syllables of Korean. The
 * segmenter takes ten times as long to find the same.
 */
const SINGLE =
  /^[\x20-\x7e\u00a0-\u00a8\u00aa-\u00ac\u00af-\u024f\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]*$/;

export function graphemesOf(text: string): string[] {
  if (SINGLE.test(text)) return text.split('');
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}
