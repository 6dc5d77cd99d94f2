/**
 * The typefaces of printed documents: Noto, from packages, so that a name in any of these scripts prints without a font on the
 * machine or a call to the network. The only door to fontkit.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Font, type GlyphRun, openSync } from 'fontkit';

export type { GlyphRun };

export type Weight = 'regular' | 'bold';

/** By the script it is for; the Chinese one also holds rare characters of the other two. */
export type Typeface = 'latin' | 'thai' | 'arabic' | 'hebrew' | 'japanese' | 'korean' | 'chinese';

export interface Face {
  /** Names the face inside a PDF. */
  id: string;
  font: Font;
}

const require = createRequire(import.meta.url);

const FILES: Record<Typeface, Record<Weight, [module: string, file: string]>> = {
  latin: fromPackage('@embedpdf/fonts-latin', 'NotoSans', 'ttf'),
  arabic: fromPackage('@embedpdf/fonts-arabic', 'NotoNaskhArabic', 'ttf'),
  hebrew: fromPackage('@embedpdf/fonts-hebrew', 'NotoSansHebrew', 'ttf'),
  japanese: fromPackage('@embedpdf/fonts-jp', 'NotoSansJP', 'otf'),
  korean: fromPackage('@embedpdf/fonts-kr', 'NotoSansKR', 'otf'),
  chinese: fromPackage('@embedpdf/fonts-sc', 'NotoSansHans', 'otf'),
  thai: {
    regular: ['@expo-google-fonts/noto-sans-thai/package.json', '400Regular/NotoSansThai_400Regular.ttf'],
    bold: ['@expo-google-fonts/noto-sans-thai/package.json', '700Bold/NotoSansThai_700Bold.ttf'],
  },
};

const opened = new Map<string, Face>();

/** Opens a face once for the life of the process: a CJK font holds its 4 to 9 MB from the first character on. */
export function faceOf(typeface: Typeface, weight: Weight): Face {
  const id = `${typeface}-${weight}`;
  const known = opened.get(id);
  if (known) return known;
  const [module, file] = FILES[typeface][weight];
  const font = openSync(path.join(path.dirname(require.resolve(module)), file));
  if (!('layout' in font)) throw new Error(`${file} is a collection of fonts, not one`);
  const face = { id, font };
  opened.set(id, face);
  return face;
}

/** Whether a face has a glyph for every character that shows. Joiners and selectors show nothing by themselves. */
export function covers({ font }: Face, cluster: string): boolean {
  return Array.from(cluster).every(
    (character) => INVISIBLE.test(character) || font.hasGlyphForCodePoint(character.codePointAt(0)!),
  );
}

/** Whether the shaper turns a text around: by the letters of right-to-left scripts, whose digits run to the right. */
export function isTurned(text: string): boolean {
  return /(?!\p{Nd})[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text);
}

/**
 * Finds the glyphs of a text and where they stand. The Thai vowel am is a ring and a stem, the tone mark above the ring: the
 * shaper stacks them as they are written, so the ring is set before the mark, and goes behind it again for whoever copies the text.
 */
export function shaped({ font }: Face, text: string): GlyphRun {
  if (!text.includes('\u0e33')) return laidOut(font, text);
  const run = laidOut(font, text.replace(/([\u0e48-\u0e4b]?)\u0e33/g, '\u0e4d$1\u0e32'));
  const isTone = (index: number) =>
    /^[\u0e48-\u0e4b]$/.test(String.fromCodePoint(...(run.glyphs[index]?.codePoints ?? [])));
  run.glyphs.forEach((glyph, index) => {
    if (glyph.codePoints[0] !== 0x0e4d || !isTone(index + 1)) return;
    for (const list of [run.glyphs, run.positions]) [list[index], list[index + 1]] = [list[index + 1]!, list[index]!];
  });
  return run;
}

function laidOut(font: Font, text: string): GlyphRun {
  const direction = isTurned(text) ? 'rtl' : 'ltr';
  try {
    return font.layout(text, undefined, undefined, undefined, direction);
  } catch {
    // The shaper stumbles over a letter that has no anchor for its mark, such as a Thai lo chula with a vowel below and a tone.
    // Without anchors marks stand where the typeface draws them.
    return font.layout(text, { mark: false }, undefined, undefined, direction);
  }
}

const INVISIBLE = /[\u200c-\u200f]|[\ufe00-\ufe0f]/;

/** These packages export their entry point only, which lies beside the folder of the fonts. */
function fromPackage(name: string, family: string, ending: string): Record<Weight, [string, string]> {
  return {
    regular: [name, `../fonts/${family}-Regular.${ending}`],
    bold: [name, `../fonts/${family}-Bold.${ending}`],
  };
}
