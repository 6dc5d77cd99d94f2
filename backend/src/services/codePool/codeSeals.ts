import type { Secrets } from '../../utils/secrets.js';
import { tidyCode } from '../../domain/codePool/alphabet.js';
import type { CodeKind } from '../../domain/codePool/codePool.js';

const BATCH = 'code-batch';
const HASH = 'code-hash';
const ORDER = 'code-order';
const SIGNATURE = 'table-token';
const HINT_CHARS = 4;

/** Keyed digests and encryption of codes: a dump of the database contains no usable code. */
export class CodeSeals {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  get batchKey(): Buffer {
    return this.#secrets.key(BATCH);
  }

  /** @param codes without line breaks. */
  seal(codes: readonly string[]): Buffer {
    return this.#secrets.encrypt(BATCH, codes.join('\n'));
  }

  open(sealed: Buffer): string[] {
    return this.#secrets.decrypt(BATCH, sealed).split('\n');
  }

  /** Digest of a code that a claim or an import stores. */
  hashOf(restaurantId: string, kind: CodeKind, code: string): string {
    const isOurs = kind !== 'imported';
    return this.#secrets.digest(HASH, restaurantId, isOurs ? 'own' : 'imported', tidyCode(code, isOurs));
  }

  /** Digests of all readings of a text that somebody presents. */
  readingsOf(restaurantId: string, text: string): string[] {
    return [this.hashOf(restaurantId, 'voucher', text), this.hashOf(restaurantId, 'imported', text)];
  }

  /** The keys of a pool's secret order of names. */
  orderKeys(restaurantId: string, poolId: string): number[] {
    const bytes = Buffer.from(this.#secrets.digest(ORDER, restaurantId, poolId), 'base64url');
    return Array.from({ length: 6 }, (_, index) => bytes.readUInt32BE(index * 4));
  }

  /** 60 bits that only this server can compute. */
  signature(restaurantId: string, tokenId: string, version: number): Buffer {
    const digest = this.#secrets.digest(SIGNATURE, restaurantId, tokenId, String(version));
    return Buffer.from(digest, 'base64url').subarray(0, 8);
  }
}

/** The last characters, so that people can tell codes apart: 20 of a voucher's 75 bits. */
export function hintOf(code: string): string {
  return code.slice(-HINT_CHARS);
}
