/**
 * The typefaces of printed documents: Noto, from npm packages, so that names in these scripts print
 * without fonts on the machine or network access. Only this module uses fontkit.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Font, type GlyphRun, openSync } from 'fontkit';

export type { GlyphRun };

export type Weight = 'regular' | 'bold';

/** Named by script. The Chinese typeface also has rare Japanese and Korean characters. */
export type Typeface = 'latin' | 'thai' | 'arabic' | 'hebrew' | 'japanese' | 'korean' | 'chinese';

export interface Face {
  /** Name of the face in a PDF. */
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

/** Opens a face once per process. A CJK font uses its 4 to 9 MB from its first character on. */
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

/** Whether a face has a glyph for every visible character. Joiners and selectors are invisible. */
export function covers({ font }: Face, cluster: string): boolean {
  return Array.from(cluster).every(
    (character) => INVISIBLE.test(character) || font.hasGlyphForCodePoint(character.codePointAt(0)!),
  );
}

/**
 * Whether the shaper reverses a text: it does for letters of right-to-left scripts, but not for
 * their digits alone.
 */
export function isTurned(text: string): boolean {
  return /(?!\p{Nd})[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text);
}

/**
 * Finds the glyphs of a text and their positions. The Thai vowel sara am consists of a ring and a
 * stem, and a tone mark belongs above the ring. The shaper stacks marks in text order. So the ring
 * is placed before the tone mark, and the glyphs are swapped back afterwards so that copied text is
 * correct.
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
    // The shaper fails when a letter has no anchor for its mark, such as a Thai lo chula with a
    // vowel below and a tone. Without anchors, marks are placed where the typeface draws them.
    return font.layout(text, { mark: false }, undefined, undefined, direction);
  }
}

const INVISIBLE = /[\u200c-\u200f]|[\ufe00-\ufe0f]/;

/** These packages only export their entry point, which is next to the folder of the fonts. */
function fromPackage(name: string, family: string, ending: string): Record<Weight, [string, string]> {
  return {
    regular: [name, `../fonts/${family}-Regular.${ending}`],
    bold: [name, `../fonts/${family}-Bold.${ending}`],
  };
}
