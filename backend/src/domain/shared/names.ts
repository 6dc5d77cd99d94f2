/** Names as two tills spell them: what counts as the same name, and how it is kept. */

/** One blank between words, none around them, composed characters: how a name is stored. */
export function tidyName(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** What two spellings of one name have in common: blanks and capitals do not count. */
export function nameKey(text: string): string {
  return tidyName(text).toLowerCase();
}
