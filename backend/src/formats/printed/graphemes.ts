/**
 * Splits text into characters as a person sees them: a flag or a family emoji is one, though it
 * consists of several code points.
 */

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/**
 * Characters that never combine: Latin letters, kana without marks, Chinese characters, Korean
 * syllables. The segmenter would take ten times as long for the same result.
 */
const SINGLE =
  /^[\x20-\x7e\u00a0-\u00a8\u00aa-\u00ac\u00af-\u024f\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]*$/;

export function graphemesOf(text: string): string[] {
  if (SINGLE.test(text)) return text.split('');
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}
