/**
 * Cleans text for printing: removes characters that control a printer, are hidden, or reverse the
 * text after them.
 */

/**
 * Control characters (ESC @ resets a printer), direction overrides, zero-width spaces, and code
 * points that are not characters.
 */
const HIDDEN = /[\p{Cc}\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\p{Cs}\p{Co}\p{Cn}]/gu;
const LINE_ENDS = /\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g;
/**
 * Vietnamese stacks two marks on a letter, Hebrew four. A hundred would cover the lines above and
 * below.
 */
const TOWER_OF_MARKS = /(\p{M}{4})\p{M}+/gu;

/** @returns text in one line. Direction marks and joiners are kept: names need them. */
export function shownText(text: string): string {
  return text.replace(LINE_ENDS, ' ').replace(HIDDEN, '').replace(TOWER_OF_MARKS, '$1');
}
