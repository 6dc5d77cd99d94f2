/**
 * Takes links and pictures out of what a model says. A hijacked model could otherwise send data out
 * through the address of a picture that a screen loads. Answers are plain text; only addresses of
 * this server stay.
 */

const REMOVED = '[link removed]';
/** Longest word that is held back while it may still grow into an address. */
const MAX_WORD_CHARS = 2_000;
/** A path of the API, also as the target of a Markdown link. */
const OWN_PATH = /^[("'<[\]A-Za-z0-9 ]*\]?\(?\/v1\/[\w\-/?=&.,]*[).,;:!?"'>]*$/;
const SUSPICIOUS = [
  // Markdown links and pictures.
  /\]\s*\(/,
  /\]\s*\[/,
  /!\[/,
  // Addresses, also with escaped or encoded marks.
  /(?:\/|\\){2}/,
  /\\\//,
  /&(?:#\w+|sol|colon|bsol|lbrack|lpar|period);?/i,
  /%(?:2f|3a)/i,
  /\b(?:https?|ftp|ws|wss|data|javascript|file|mailto|tel|sms|blob|vbscript):/i,
  /\bwww\./i,
  // A bare host with a path, a query or a port.
  /[\p{L}\p{N}-]+\.\p{L}{2,}(?:[/?#]|:\d)/iu,
  // HTML.
  /<[a-z/!]/i,
  /\b(?:src|href|srcset|action|poster)\s*=/i,
];

export class AnswerText {
  readonly #ownOrigin: string | undefined;
  readonly #reveal: (text: string) => string;
  #held = '';

  /**
   * @param publicUrl of this server.
   * @param reveal puts the data of guests back, before the text is cleaned: that is foreign text
   * too.
   */
  constructor(publicUrl?: string, reveal: (text: string) => string = (text) => text) {
    this.#ownOrigin = publicUrl;
    this.#reveal = reveal;
  }

  /** @returns the part of the text that is complete; the rest is held back until its word ends. */
  add(piece: string): string {
    this.#held += visible(piece);
    const end = this.#held.search(/\S*$/);
    const isTooLong = this.#held.length - end > MAX_WORD_CHARS;
    const ready = isTooLong ? this.#held : this.#held.slice(0, end);
    this.#held = isTooLong ? '' : this.#held.slice(end);
    return this.#clean(ready);
  }

  /** @returns what was held back. */
  end(): string {
    const rest = this.#clean(this.#held);
    this.#held = '';
    return rest;
  }

  #clean(text: string): string {
    return this.#reveal(text).replaceAll(/\S+/g, (word) => (this.#isHarmless(word) ? word : REMOVED));
  }

  #isHarmless(word: string): boolean {
    const own = this.#ownOrigin;
    if (OWN_PATH.test(word)) return true;
    const at = own === undefined ? -1 : word.indexOf(`${own}/`);
    if (own !== undefined && at >= 0 && OWN_PATH.test(word.slice(0, at) + word.slice(at + own.length))) return true;
    return !SUSPICIOUS.some((pattern) => pattern.test(word));
  }
}

/** Without characters that nobody sees and that could hide an address or carry data. */
function visible(text: string): string {
  return text.replaceAll(/\p{Default_Ignorable_Code_Point}|\p{Cf}/gu, '');
}
