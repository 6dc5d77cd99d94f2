/** Text as it may reach paper: what steers a printer, hides, or turns the amount behind it around is not in it. */

/** Control characters (ESC @ resets a printer), overrides of direction, blanks without width, and what is no character at all. */
const HIDDEN = /[\p{Cc}\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\p{Cs}\p{Co}\p{Cn}]/gu;
const LINE_ENDS = /\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g;
/** Vietnamese stacks two marks on a letter, Hebrew four; a hundred of them would cover the lines above and below. */
const TOWER_OF_MARKS = /(\p{M}{4})\p{M}+/gu;

/** @returns text in one line. Marks of direction and joiners stay: names need them. */
export function shownText(text: string): string {
  return text.replace(LINE_ENDS, ' ').replace(HIDDEN, '').replace(TOWER_OF_MARKS, '$1');
}
