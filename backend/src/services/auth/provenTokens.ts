/**
 * Tenant tokens that show who made them: whoever invents one is found out without a look into the database. So a guesser costs
 * nothing, and a limit on guesses never stops a token of ours.
 *
 * The last part is 6 bytes for a family, 16 random ones and 10 of a MAC over all before them. The MAC is no proof of anything but the
 * maker: what a token is good for stands in the database alone. Tokens of before, and of before a change of the server's
 * secret, have none and are as good as ever; they are looked up within the limits of an address.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Secrets, tokenHash } from '../../utils/secrets.js';
import { type MintedToken, readToken, type TokenPrefix } from './tenantTokens.js';

const PURPOSE = 'tenant-token';
const FAMILY_BYTES = 6;
const RANDOM_BYTES = 16;
const MAC_BYTES = 10;
/** Of the last part in the text. */
const SECRET_CHARS = 43;

export class ProvenTokens {
  readonly #secrets: Secrets;

  constructor({ secrets }: { secrets: Secrets }) {
    this.#secrets = secrets;
  }

  /** @param family of tokens that follow each other: any text, of which the token shows nothing; none: a family of its own. */
  mint(prefix: TokenPrefix, restaurantId: string, family?: string): MintedToken {
    const named = family === undefined ? randomBytes(FAMILY_BYTES) : this.#familyOf(prefix, restaurantId, family);
    const body = Buffer.concat([named, randomBytes(RANDOM_BYTES)]);
    const mac = this.#mac(prefix, restaurantId, body);
    const secret = Buffer.concat([body, mac]).toString('base64url');
    const token = `${prefix}_${restaurantId.replaceAll('-', '')}_${secret}`;
    return { token, hash: tokenHash(token) };
  }

  /** @returns what all tokens of the family have in common, and nobody else; undefined when this server did not make it. */
  familyOf(prefix: TokenPrefix, text: string): string | undefined {
    const presented = readToken(prefix, text);
    if (!presented) return undefined;
    const bytes = Buffer.from(text.slice(-SECRET_CHARS), 'base64url');
    const body = bytes.subarray(0, FAMILY_BYTES + RANDOM_BYTES);
    const mac = bytes.subarray(body.length);
    if (!timingSafeEqual(mac, this.#mac(prefix, presented.restaurantId, body))) return undefined;
    return `${presented.restaurantId}:${body.subarray(0, FAMILY_BYTES).toString('base64url')}`;
  }

  #familyOf(prefix: TokenPrefix, restaurantId: string, family: string): Buffer {
    return this.#digest('family', prefix, restaurantId, Buffer.from(family)).subarray(0, FAMILY_BYTES);
  }

  #mac(prefix: TokenPrefix, restaurantId: string, body: Buffer): Buffer {
    return this.#digest('mac', prefix, restaurantId, body).subarray(0, MAC_BYTES);
  }

  #digest(use: string, prefix: TokenPrefix, restaurantId: string, body: Buffer): Buffer {
    const hmac = createHmac('sha256', this.#secrets.key(PURPOSE));
    return hmac.update(`${use} ${prefix} ${restaurantId} `).update(body).digest();
  }
}
