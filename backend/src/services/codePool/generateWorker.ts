/** Makes and seals codes in a worker thread: a million take seconds of computing. */
import { randomBytes } from 'node:crypto';
import {
  bytesFor,
  type CodeShape,
  NameOrder,
  namedCodes,
  randomCodes,
  widthOf,
} from '../../domain/codePool/codeMaking.js';
import { spaceOf } from '../../domain/codePool/alphabet.js';
import { sealBytes } from '../../utils/secrets.js';

export interface GenerateJob {
  shape: CodeShape;
  /** Keys of the secret order of names; null: random codes. */
  orderKeys: readonly number[] | null;
  /** The first ordinal, from 1. */
  firstN: number;
  count: number;
  /** Codes in one sealed batch. */
  batch: number;
  sealKey: Uint8Array;
}

export interface GeneratedBatch {
  firstN: number;
  lastN: number;
  sealed: Uint8Array;
}

const NEWLINE = 10;

/** The task of the thread. */
export function generate({ shape, orderKeys, firstN, count, batch, sealKey }: GenerateJob): GeneratedBatch[] {
  const order = orderKeys && new NameOrder(spaceOf(shape.letters, shape.length), orderKeys);
  const batches: GeneratedBatch[] = [];
  for (let first = firstN; first < firstN + count; first += batch) {
    const size = Math.min(batch, firstN + count - first);
    const codes = order
      ? namedCodes(shape, order, first - 1, size)
      : randomCodes(shape, size, () => randomBytes(bytesFor(shape, size)));
    const sealed = sealBytes(sealKey, inLines(codes, widthOf(shape)));
    batches.push({ firstN: first, lastN: first + size - 1, sealed });
  }
  return batches;
}

function inLines(codes: Uint8Array, width: number): Uint8Array {
  const count = codes.length / width;
  const lines = new Uint8Array(count * (width + 1) - 1).fill(NEWLINE);
  for (let code = 0; code < count; code += 1)
    lines.set(codes.subarray(code * width, (code + 1) * width), code * (width + 1));
  return lines;
}
