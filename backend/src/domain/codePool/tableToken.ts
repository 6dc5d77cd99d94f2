/** Signed tokens of tables: 10 letters of identity, 2 of version, 12 of signature, 1 check. */
import { indexOfLetters, tidyCode, VALUE_LETTERS } from './alphabet.js';
import { checkCharacter, isChecked } from './checkCharacter.js';

const ID = 10;
const VERSION = 2;
const SIGNATURE = 12;
const LENGTH = ID + VERSION + SIGNATURE + 1;

export interface ReadToken {
  tokenId: string;
  version: number;
  /** The signature as letters. */
  signature: string;
}

/** @param signature at least 60 bits. @param version 1 to 1023. */
export function writeToken(tokenId: string, version: number, signature: Uint8Array): string {
  const body = tokenId + lettersOf(version, VERSION) + signatureLetters(signature);
  return body + checkCharacter(body, VALUE_LETTERS);
}

/** Parts of a text that has the form of a token; its signature is not checked. */
export function readToken(text: string): ReadToken | undefined {
  const token = tidyCode(text);
  if (token.length !== LENGTH || !isChecked(token, VALUE_LETTERS)) return undefined;
  const index = indexOfLetters(VALUE_LETTERS);
  const digit = (at: number) => index[token.charCodeAt(at)] as number;
  return {
    tokenId: token.slice(0, ID),
    version: digit(ID) * VALUE_LETTERS.length + digit(ID + 1),
    signature: token.slice(ID + VERSION, -1),
  };
}

/** The first 60 bits as letters. */
export function signatureLetters(signature: Uint8Array): string {
  let bits = 0n;
  for (const byte of signature.subarray(0, 8)) bits = bits * 256n + BigInt(byte);
  bits /= 16n;
  let letters = '';
  for (let place = 0; place < SIGNATURE; place += 1) {
    letters = VALUE_LETTERS.charAt(Number(bits % 32n)) + letters;
    bits /= 32n;
  }
  return letters;
}

function lettersOf(value: number, places: number): string {
  let letters = '';
  for (let rest = value, place = 0; place < places; place += 1) {
    letters = VALUE_LETTERS.charAt(rest % VALUE_LETTERS.length) + letters;
    rest = Math.trunc(rest / VALUE_LETTERS.length);
  }
  return letters;
}
