/** Names as different tills spell them: their stored form, and when two count as the same. */

/** Stored form of a name: one space between words, none around them, composed characters. */
export function tidyName(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** Comparison key of a name: spaces and capitals do not count. */
export function nameKey(text: string): string {
  return tidyName(text).toLowerCase();
}
