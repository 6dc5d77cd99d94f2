/** Letters of codes, and how people's spellings of a code become its one stored form. */
import { invalid } from '../shared/errors.js';

/**
 * 32 letters, so that five random bits are one letter without bias. I, L, O and U are missing: they
 * are misread. All are in the alphanumeric mode of QR codes (ISO/IEC 18004, 7.3.4).
 */
export const VALUE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * 24 letters for codes that are read aloud. No vowel, no Y, no V (read as U), and no digit that is
 * read as a vowel or L (0 1 3 4). So no word of any language with vowels can appear.
 */
export const SPOKEN_LETTERS = '256789BCDFGHJKMNPQRSTWXZ';

/** In groups of four, as people type them: blanks and hyphens are no part of a code. */
const SEPARATORS = /[\s\-‐-―]+/gu;
const ALPHABET = /^[0-9A-Z]{10,36}$/;
const MAX_SPACE = 2n ** 53n;

/** Index of each letter; -1 for characters that are no letters of the alphabet. */
export function indexOfLetters(letters: string): Int16Array {
  const index = new Int16Array(128).fill(-1);
  for (let at = 0; at < letters.length; at += 1) index[letters.charCodeAt(at)] = at;
  return index;
}

/**
 * The stored form of a code that a person or a scanner gave: capitals without separators. Letters
 * that the alphabet of values lacks are read as their look-alikes.
 * @param isOurs false for imported codes, in which case and look-alikes may count.
 */
export function tidyCode(text: string, isOurs = true): string {
  if (!isOurs) return text.trim();
  return text.replace(SEPARATORS, '').toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
}

/** In groups of four, for people. */
export function groupedCode(code: string): string {
  return code.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** How many codes of this length exist, up to 2^53. */
export function spaceOf(letters: string, length: number): number {
  const space = BigInt(letters.length) ** BigInt(length);
  return Number(space < MAX_SPACE ? space : MAX_SPACE);
}

/**
 * Bits that a guesser must find. A check character adds none.
 * @returns the bits times 1,000, rounded down: no fractions in the domain.
 */
export function milliBitsOf(letters: string, length: number): number {
  // The largest b with 2^b <= letters^(1000 * length), found by the length of the binary number.
  return (BigInt(letters.length) ** BigInt(1_000 * length)).toString(2).length - 1;
}

/**
 * Chance of a guesser, as the number of tries for one hit: `space / live` (one try hits with
 * probability live / space).
 */
export function triesForOneHit(letters: string, length: number, live: number): bigint {
  return BigInt(letters.length) ** BigInt(length) / BigInt(Math.max(1, live));
}

/** @throws AppError invalid_request. */
export function assertAlphabet(letters: string): void {
  if (!ALPHABET.test(letters))
    throw invalid('/alphabet', 'Give 10 to 36 different letters out of 0-9 and A-Z, in capitals.');
  if (new Set(letters).size !== letters.length) throw invalid('/alphabet', 'Give each letter once.');
  if (/[ILO]/.test(letters)) throw invalid('/alphabet', 'Leave out I, L and O: they are read as the digits 1 and 0.');
}
