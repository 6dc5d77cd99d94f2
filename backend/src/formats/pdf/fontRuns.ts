/**
 * Chooses the typeface for each part of a text: a Thai name in a German invoice gets a Thai
 * typeface.
 */
import { graphemesOf } from '../printed/graphemes.js';
import { shownText } from '../printed/shownText.js';
import { Memo } from './Memo.js';
import { covers, type Face, faceOf, type Typeface, type Weight } from './fontFaces.js';

export interface FontRun {
  face: Face;
  text: string;
}

/**
 * Characters that stay in the run of the word before them, so that a phrase is not split at every
 * space.
 */
const NEUTRAL = /^[\s\p{P}]$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
/** Turns a digit into a keycap picture: only the digit is kept. */
const KEYCAP = /\ufe0f?\u20e3/gu;
const REPLACEMENT = '\ufffd';

/**
 * A text that the typefaces can print: composed, without hidden characters and without characters
 * that no typeface has. Such pictures are removed because they are only decoration; any other such
 * character becomes a replacement mark.
 */
export function printable(text: string, weight: Weight): string {
  const shown = shownText(text).normalize('NFC').replace(KEYCAP, '');
  if (PLAIN.test(shown)) return shown;
  const known = graphemesOf(shown).map((cluster) => {
    if (findFace(cluster, weight, ORDER_BY_SCRIPT)) return cluster;
    return PICTURE.test(cluster) ? '' : REPLACEMENT;
  });
  return known.join('');
}

/**
 * @param text made by `printable`.
 * @param language selects the Chinese, Japanese or Korean form of a character.
 */
export function fontRuns(text: string, weight: Weight, language: string): FontRun[] {
  if (PLAIN.test(text)) return text === '' ? [] : [{ face: faceOf('latin', weight), text }];
  const order = orderFor(text, language);
  const runs: FontRun[] = [];
  for (const cluster of graphemesOf(text)) {
    const last = runs.at(-1);
    const face =
      last && NEUTRAL.test(cluster) && covers(last.face, cluster)
        ? last.face
        : (findFace(cluster, weight, order) ?? faceOf('latin', weight));
    if (last?.face === face) last.text += cluster;
    else runs.push({ face, text: cluster });
  }
  return runs;
}

/** Text of the Latin typeface only: most texts of most documents need no search. */
const PLAIN = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2013\u20ac]*$/;
const ORDER_BY_SCRIPT: readonly Typeface[] = ['latin', 'thai', 'arabic', 'hebrew', 'chinese', 'japanese', 'korean'];

/**
 * A code point can have different forms by country: the language, or kana or Hangul in the text,
 * decides.
 */
function orderFor(text: string, language: string): readonly Typeface[] {
  const others = ORDER_BY_SCRIPT.slice(0, 4);
  if (language === 'ja' || KANA.test(text)) return [...others, 'japanese', 'chinese', 'korean'];
  if (language === 'ko' || HANGUL.test(text)) return [...others, 'korean', 'chinese', 'japanese'];
  return ORDER_BY_SCRIPT;
}

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;

/** Documents use few different characters, each of them many times. */
const MOST_CHARACTERS = 20_000;
const foundFaces = new Memo<{ face: Face | undefined }>(MOST_CHARACTERS);

function findFace(cluster: string, weight: Weight, order: readonly Typeface[]): Face | undefined {
  const search = () => ({ face: searchFace(cluster, weight, order) });
  return foundFaces.get(`${weight} ${order.at(-1)} ${order.at(-2)} ${cluster}`, search).face;
}

function searchFace(cluster: string, weight: Weight, order: readonly Typeface[]): Face | undefined {
  for (const typeface of order) {
    if (!mayHold(typeface, cluster)) continue;
    const face = faceOf(typeface, weight);
    if (covers(face, cluster)) return face;
  }
  return undefined;
}

/**
 * A cheap first check, so that an accented name does not open 20 MB of Chinese and Korean fonts.
 */
function mayHold(typeface: Typeface, cluster: string): boolean {
  if (typeface === 'latin') return true;
  if (typeface === 'thai') return /[\u0e00-\u0e7f]/.test(cluster);
  if (typeface === 'arabic') return /[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff]/.test(cluster);
  if (typeface === 'hebrew') return /[\u0590-\u05ff\ufb1d-\ufb4f]/.test(cluster);
  return /[^\u0000-\u10ff]/.test(cluster) || /[\u1100-\u11ff]/.test(cluster);
}
