/**
 * Tenant tokens that prove that this server made them. An invented token is recognised without a
 * database query. So a guess costs no query, and a limit on guesses never blocks a real token.
 *
 * The last part of a token is 6 bytes for a family, 16 random bytes and 10 bytes of a MAC over
 * everything before. The MAC proves only the origin; the token's rights are only in the database.
 * Older tokens, from before the MAC or before a change of the server's secret, have no valid MAC
 * and still work; they are looked up within the limits of an IP address.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Secrets, tokenHash } from '../../utils/secrets.js';
import { type MintedToken, readToken, type TokenPrefix } from './tenantTokens.js';

const PURPOSE = 'tenant-token';
const FAMILY_BYTES = 6;
const RANDOM_BYTES = 16;
const MAC_BYTES = 10;
/** Length of the last part in the text. */
const SECRET_CHARS = 43;

export class ProvenTokens {
  readonly #secrets: Secrets;

  constructor({ secrets }: { secrets: Secrets }) {
    this.#secrets = secrets;
  }

  /**
   * @param family any text that is the same for tokens of one chain; the token does not show it.
   *   Without it, the token gets its own family.
   */
  mint(prefix: TokenPrefix, restaurantId: string, family?: string): MintedToken {
    const named = family === undefined ? randomBytes(FAMILY_BYTES) : this.#familyOf(prefix, restaurantId, family);
    const body = Buffer.concat([named, randomBytes(RANDOM_BYTES)]);
    const mac = this.#mac(prefix, restaurantId, body);
    const secret = Buffer.concat([body, mac]).toString('base64url');
    const token = `${prefix}_${restaurantId.replaceAll('-', '')}_${secret}`;
    return { token, hash: tokenHash(token) };
  }

  /**
   * @returns an id that all tokens of the family share, and no other token; undefined when this
   *   server did not make the token.
   */
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
