/**
 * Makes codes from random bytes (value) or from their ordinals (names). Both are pure: the caller
 * brings the randomness.
 */
import { indexOfLetters } from './alphabet.js';
import { checkOf, nextState } from './checkCharacter.js';

export interface CodeShape {
  letters: string;
  /** Letters before the check character. */
  length: number;
  hasCheck: boolean;
}

/**
 * Random bytes that are surely enough for `count` codes in most rounds; the maker asks for more
 * when they are used up.
 */
export function bytesFor({ letters, length }: CodeShape, count: number): number {
  const limit = 256 - (256 % letters.length);
  return Math.ceil((count * length * 256) / limit) + 64;
}

/**
 * Random codes without modulo bias: a byte at or above the largest multiple of the alphabet's size
 * is thrown away, so every letter is equally likely.
 * @param more gives fresh random bytes.
 * @returns the codes as ASCII, one behind the other, each `length` (+ 1) bytes.
 */
export function randomCodes(shape: CodeShape, count: number, more: () => Uint8Array): Uint8Array {
  const { letters, length, hasCheck } = shape;
  const size = letters.length;
  const limit = 256 - (256 % size);
  const ascii = asciiOf(letters);
  const out = new Uint8Array(count * widthOf(shape));
  let [source, at, to] = [more(), 0, 0];
  for (let code = 0; code < count; code += 1) {
    let state = size;
    for (let place = 0; place < length; ) {
      if (at === source.length) [source, at] = [more(), 0];
      const byte = source[at++] as number;
      if (byte >= limit) continue;
      const letter = byte % size;
      out[to++] = ascii[letter] as number;
      state = nextState(state, letter, size);
      place += 1;
    }
    if (hasCheck) out[to++] = ascii[checkOf(state, size)] as number;
  }
  return out;
}

/** Bytes of one code of this shape. */
export function widthOf({ length, hasCheck }: CodeShape): number {
  return length + (hasCheck ? 1 : 0);
}

const ROUNDS = 6;

/**
 * A secret order of all names: a permutation of 0 to space - 1 (a Feistel network of six rounds
 * that is walked until it is inside the space). So a name returns only after all others were given,
 * without any list of used names. It hides the order from people; it is not cryptography, because
 * names are no secrets.
 */
export class NameOrder {
  readonly #space: number;
  readonly #half: number;
  readonly #mask: number;
  readonly #keys: readonly number[];

  /** @param space at most 2^40. @param keys at least six numbers below 2^32, secret. */
  constructor(space: number, keys: readonly number[]) {
    if (keys.length < ROUNDS) throw new Error(`a secret order needs ${ROUNDS} keys`);
    this.#space = space;
    let half = 1;
    while (2 ** (2 * half) < space) half += 1;
    this.#half = 2 ** half;
    this.#mask = this.#half - 1;
    this.#keys = keys;
  }

  /** @param n ordinal from 0; it starts again behind the last name. */
  at(n: number): number {
    let place = n % this.#space;
    do place = this.#permute(place);
    while (place >= this.#space);
    return place;
  }

  #permute(place: number): number {
    let left = Math.trunc(place / this.#half);
    let right = place % this.#half;
    for (let round = 0; round < ROUNDS; round += 1) {
      const mixed = (left ^ (mix(right ^ (this.#keys[round] as number)) & this.#mask)) >>> 0;
      left = right;
      right = mixed;
    }
    return left * this.#half + right;
  }
}

/** Every bit of the input changes half of the result (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Names of the ordinals from `first` on, as `randomCodes` gives codes. */
export function namedCodes(shape: CodeShape, order: NameOrder, first: number, count: number): Uint8Array {
  const { letters, length, hasCheck } = shape;
  const size = letters.length;
  const ascii = asciiOf(letters);
  const width = widthOf(shape);
  const out = new Uint8Array(count * width);
  const digits = new Uint8Array(length);
  for (let code = 0; code < count; code += 1) {
    let rest = order.at(first + code);
    for (let place = length - 1; place >= 0; place -= 1) {
      digits[place] = rest % size;
      rest = Math.trunc(rest / size);
    }
    let state = size;
    for (let place = 0; place < length; place += 1) {
      const letter = digits[place] as number;
      out[code * width + place] = ascii[letter] as number;
      state = nextState(state, letter, size);
    }
    if (hasCheck) out[code * width + length] = ascii[checkOf(state, size)] as number;
  }
  return out;
}

function asciiOf(letters: string): Uint8Array {
  const ascii = new Uint8Array(letters.length);
  const index = indexOfLetters(letters);
  for (let code = 0; code < index.length; code += 1)
    if ((index[code] as number) >= 0) ascii[index[code] as number] = code;
  return ascii;
}
