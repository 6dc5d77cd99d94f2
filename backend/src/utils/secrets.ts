/** Keys for each purpose of this server, derived from its one secret, and their few uses. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

export class Secrets {
  readonly #secret: string;
  readonly #keys = new Map<string, Buffer>();

  /** @param secret at least 32 characters, the same on every instance. */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** 32 bytes for one purpose. Another purpose gives an unrelated key. */
  key(purpose: string): Buffer {
    let key = this.#keys.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.#secret, '', `servio/${purpose}`, 32));
      this.#keys.set(purpose, key);
    }
    return key;
  }

  /** Keyed digest, base64url: its input cannot be guessed offline. */
  digest(purpose: string, ...parts: readonly (string | Buffer)[]): string {
    const hmac = createHmac('sha256', this.key(purpose));
    for (const part of parts) hmac.update(`${part.length}:`).update(part);
    return hmac.digest('base64url');
  }

  /** AES-256-GCM, with a random nonce before the text and the tag after it. */
  encrypt(purpose: string, text: string): Buffer {
    return sealBytes(this.key(purpose), Buffer.from(text));
  }

  decrypt(purpose: string, sealed: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', this.key(purpose), sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return (
      decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    );
  }
}

/** As `Secrets.encrypt`, for a thread that has one key and not the secret. */
export function sealBytes(key: Uint8Array, bytes: Uint8Array): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** A token that nobody can guess: 32 random bytes, base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Digest of a random token for storage. Plain SHA-256 is enough, because 256 random bits cannot be
 * guessed.
 */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** SHA-256 in hexadecimal, for digests that anybody may recompute: the chain of documents. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
