/** Which typeface prints which part of a text: a Thai name inside a German invoice finds its own. */
import { graphemesOf } from '../printed/graphemes.js';
import { shownText } from '../printed/shownText.js';
import { Memo } from './Memo.js';
import { covers, type Face, faceOf, type Typeface, type Weight } from './fontFaces.js';

export interface FontRun {
  face: Face;
  text: string;
}

/** Stay with the word before them, so that a phrase is not cut at every blank. */
const NEUTRAL = /^[\s\p{P}]$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
/** Makes a digit a picture: the digit is what it says. */
const KEYCAP = /\ufe0f?\u20e3/gu;
const REPLACEMENT = '\ufffd';

/**
 * A text as the typefaces can print it: composed, without what is not shown and without what none of them has. Pictures go, for they only adorn; another strange character leaves a mark in its place.
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

/** @param text made by `printable`. @param language decides between Chinese, Japanese and Korean forms of one character. */
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

/** Wholly in the Latin face, so that most texts of most documents need no search. */
const PLAIN = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2013\u20ac]*$/;
const ORDER_BY_SCRIPT: readonly Typeface[] = ['latin', 'thai', 'arabic', 'hebrew', 'chinese', 'japanese', 'korean'];

/** One code point stands for forms that differ by country: the language decides, or kana in the text itself. */
function orderFor(text: string, language: string): readonly Typeface[] {
  const others = ORDER_BY_SCRIPT.slice(0, 4);
  if (language === 'ja' || KANA.test(text)) return [...others, 'japanese', 'chinese', 'korean'];
  if (language === 'ko' || HANGUL.test(text)) return [...others, 'korean', 'chinese', 'japanese'];
  return ORDER_BY_SCRIPT;
}

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;

/** Documents are set in few characters, each of them many times. */
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

/** Asked first, so that an accented name does not open 20 MB of Chinese and Korean. */
function mayHold(typeface: Typeface, cluster: string): boolean {
  if (typeface === 'latin') return true;
  if (typeface === 'thai') return /[\u0e00-\u0e7f]/.test(cluster);
  if (typeface === 'arabic') return /[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff]/.test(cluster);
  if (typeface === 'hebrew') return /[\u0590-\u05ff\ufb1d-\ufb4f]/.test(cluster);
  return /[^\u0000-\u10ff]/.test(cluster) || /[\u1100-\u11ff]/.test(cluster);
}
