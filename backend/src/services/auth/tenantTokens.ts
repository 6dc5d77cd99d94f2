/**
 * Random tokens that contain their restaurant. Row-level security needs the tenant before the first
 * query. A token that names another tenant is not found there. The format is:
 *
 *   <prefix>_<restaurant id, 32 hex digits>_<43 characters>
 */
import { randomToken, tokenHash } from '../../utils/secrets.js';

/**
 * Prefixes of API keys, refresh tokens, invitations, tickets of streams, mailboxes of suppliers and
 * devices that are being paired.
 */
export type TokenPrefix = 'sk' | 'rt' | 'inv' | 'st' | 'mail' | 'dev';

const TOKEN = /^([a-z]+)_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[\w-]{43}$/;

export interface MintedToken {
  /** Shown only once, to its owner. */
  token: string;
  /** The stored digest of the token. */
  hash: string;
}

export interface PresentedToken {
  restaurantId: string;
  hash: string;
}

export function mintToken(prefix: TokenPrefix, restaurantId: string): MintedToken {
  const token = `${prefix}_${restaurantId.replaceAll('-', '')}_${randomToken()}`;
  return { token, hash: tokenHash(token) };
}

/** @returns undefined when the text does not have the form of such a token. */
export function readToken(prefix: TokenPrefix, text: string): PresentedToken | undefined {
  const match = TOKEN.exec(text);
  if (match?.[1] !== prefix) return undefined;
  return { restaurantId: match.slice(2, 7).join('-'), hash: tokenHash(text) };
}
