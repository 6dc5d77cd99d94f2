/**
 * Checks the bytes of a JSON text before it is parsed: a small text can have too many values to
 * process quickly.
 */
import { AppError, invalid } from '../domain/shared/errors.js';

const MAX_DEPTH = 32;
/** Values of any type. An order of 500 lines with ten modifiers each has 17,000. */
const MAX_VALUES = 20_000;
/** Fields in one object. No object of the API has half as many. */
const MAX_NAMES = 200;
/** Limits the answer, which repeats an unknown name with each fault inside it. */
const MAX_NAME_BYTES = 200;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Counts only; the parser checks the syntax.
 * @param bytes UTF-8.
 * @throws AppError payload_too_large for more than `MAX_VALUES` values, more than `MAX_NAMES` names
 *   in an object, or a name that is too long; invalid_request for nesting deeper than `MAX_DEPTH`;
 *   malformed_request for such nesting that is never closed.
 */
export function checkShape(bytes: Uint8Array): void {
  const names = new Uint32Array(MAX_DEPTH + 1);
  let [depth, deepest, values, textBytes] = [0, 0, 1, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfText(bytes, at);
      textBytes = end - at - 1;
      at = end;
    } else if (byte === COLON) countName(names, depth, textBytes);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
    else if (byte === COMMA) values += 1;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
      names[depth] = 0;
    }
    if (values > MAX_VALUES && deepest <= MAX_DEPTH)
      throw new AppError(
        'payload_too_large',
        `The body has too many values. Send at most ${MAX_VALUES} in one request.`,
      );
  }
  if (deepest <= MAX_DEPTH) return;
  if (depth !== 0) throw new AppError('malformed_request', 'The body is not valid JSON.');
  throw invalid('', `The body is nested too deep. Use at most ${MAX_DEPTH} levels.`);
}

function countName(names: Uint32Array, depth: number, nameBytes: number): void {
  if (nameBytes > MAX_NAME_BYTES)
    throw new AppError('payload_too_large', `A field name is too long. Use at most ${MAX_NAME_BYTES} bytes.`);
  // A typed array ignores a write outside its length.
  const count = (names[depth] ?? 0) + 1;
  names[depth] = count;
  if (count > MAX_NAMES)
    throw new AppError('payload_too_large', `An object has too many fields. Send at most ${MAX_NAMES}.`);
}

/** @returns the position of the closing quote. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) at += 1;
  }
  return bytes.length;
}
