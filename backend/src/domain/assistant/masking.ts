/**
 * Replaces names, numbers and addresses of guests by marks such as `[guest-3f9a]` before text goes
 * to a model, and puts them back into what it says. The same value has the same mark in every turn.
 */

export interface Guest {
  name?: string | null | undefined;
  phone?: string | null | undefined;
  email?: string | null | undefined;
  address?: string | null | undefined;
}

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** With a plus, a zero or a bracket in front, or in the form 555-123-4567. */
const PHONE =
  /(?<![\w-])(?:(?:\+|00?)[\d\s()/.-]{6,22}\d|\(0?\d{2,5}\)[\d\s/.-]{4,16}\d|\d{3}[-. ]\d{3}[-. ]\d{4})(?![\w-])/g;
/** Thirteen to nineteen digits: a card, also in groups. */
const CARD = /(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])/g;
const SHORTEST_NAME = 3;
const SHORTEST_SURNAME = 4;

export class Mask {
  readonly #marks = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #names: { pattern: RegExp; name: string }[] = [];
  readonly #digest: (value: string) => string;

  /** @param digest keyed, so that a mark tells nothing about its value. */
  constructor(digest: (value: string) => string) {
    this.#digest = digest;
  }

  /** From now on, the guest's name, numbers and addresses are replaced in every text. */
  learn({ name, phone, email, address }: Guest): void {
    if (name && name.length >= SHORTEST_NAME && !this.#marks.has(`guest ${name}`)) {
      this.#markOf('guest', name);
      this.#names.push({ pattern: wordsOf(name, 'giu'), name });
      const surname = name.split(/\s+/).at(-1) ?? '';
      // Only in its own spelling: it may be an ordinary word.
      if (surname !== name && surname.length >= SHORTEST_SURNAME)
        this.#names.push({ pattern: wordsOf(surname, 'gu'), name });
    }
    for (const value of [phone, email]) if (value) this.#names.push({ pattern: wordsOf(value, 'giu'), name: value });
    if (address) this.#names.push({ pattern: wordsOf(address, 'giu'), name: address });
  }

  /** Text for the model. */
  hide(text: string): string {
    let hidden = text
      .replaceAll(EMAIL, (found) => this.#markOf('email', found))
      .replaceAll(CARD, (found) => this.#markOf('card', found))
      .replaceAll(PHONE, (found) => this.#markOf('phone', found.trim()));
    for (const { pattern, name } of this.#names) hidden = hidden.replaceAll(pattern, () => this.#markOf('guest', name));
    return hidden;
  }

  /** A whole field that is personal, whatever it holds. */
  hideField(kind: 'guest' | 'phone' | 'email' | 'address', value: string): string {
    return this.#markOf(kind, value);
  }

  /** Text of the model, with the values behind the marks. */
  show(text: string): string {
    return text.replaceAll(
      /\[(?:guest|phone|email|address|card)-[0-9a-z]+\]/g,
      (mark) => this.#values.get(mark) ?? mark,
    );
  }

  #markOf(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    const known = this.#marks.get(key);
    if (known !== undefined) return known;
    const mark = `[${kind}-${this.#digest(value)
      .toLowerCase()
      .replaceAll(/[^0-9a-z]/g, '')
      .slice(0, 6)}]`;
    this.#marks.set(key, mark);
    this.#values.set(mark, value);
    return mark;
  }
}

function wordsOf(text: string, flags: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, flags);
}
