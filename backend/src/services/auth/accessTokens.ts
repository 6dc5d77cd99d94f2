/**
 * Access tokens: signed and short-lived. Their session is looked up at each call (callers.ts). Only
 * this file uses the JWT library.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { AppError } from '../../domain/shared/errors.js';
import type { Clock } from '../../utils/clock.js';
import type { Secrets } from '../../utils/secrets.js';

const PURPOSE = 'access-token';
// Fixed here and never read from a token: a token's own claims about itself are not trusted (RFC
// 8725, 3.1).
const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const ISSUER = 'servio';
const AUDIENCE = 'servio-api';
const ACCESS_TOKEN_SECONDS = 15 * 60;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface AccessClaims {
  userId: string;
  restaurantId: string;
  sessionId: string;
  /** The token is for a page in a browser, whose refresh token is in a cookie. */
  isBrowser?: true;
}

interface Dependencies {
  secrets: Secrets;
  clock: Clock;
}

/** About 1 kB each. */
const MAX_CHECKED = 5_000;

interface CheckedToken {
  claims: AccessClaims;
  expiresAtMs: number;
}

export class AccessTokens {
  readonly #key: KeyObject;
  readonly #clock: Clock;
  readonly #checked = new Map<string, CheckedToken>();

  constructor({ secrets, clock }: Dependencies) {
    this.#key = createSecretKey(secrets.key(PURPOSE));
    this.#clock = clock;
  }

  /**
   * A token valid for `ACCESS_TOKEN_SECONDS` from now, but never longer than its session. So a
   * session ends on time, even if a cache still remembers it.
   * @returns the token and the seconds until it expires.
   */
  async issue(claims: AccessClaims, sessionEndsAt: Date): Promise<{ token: string; expiresIn: number }> {
    const now = Math.floor(this.#clock().getTime() / 1000);
    const expiresAt = Math.min(now + ACCESS_TOKEN_SECONDS, Math.floor(sessionEndsAt.getTime() / 1000));
    const token = await new SignJWT({
      rid: claims.restaurantId,
      sid: claims.sessionId,
      ...(claims.isBrowser ? { bro: true } : {}),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(claims.userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .sign(this.#key);
    return { token, expiresIn: expiresAt - now };
  }

  /**
   * The claims of a token that was checked before, found by its text. A check costs 60 times as
   * much as the look-up.
   * @returns undefined for every other token, and after it has expired.
   */
  recall(token: string): AccessClaims | undefined {
    const known = this.#checked.get(token);
    if (!known) return undefined;
    if (this.#clock().getTime() < known.expiresAtMs) return known.claims;
    this.#checked.delete(token);
    return undefined;
  }

  /** @throws AppError invalid_token; only a genuine token gets the message that it has expired. */
  async read(token: string): Promise<AccessClaims> {
    const known = this.recall(token);
    if (known) return known;
    const checked = await this.#check(token);
    this.#checked.set(token, checked);
    const oldest = this.#checked.keys().next();
    if (this.#checked.size > MAX_CHECKED && !oldest.done) this.#checked.delete(oldest.value);
    return checked.claims;
  }

  async #check(token: string): Promise<CheckedToken> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'iat', 'sub', 'rid', 'sid'],
        currentDate: this.#clock(),
      });
      const claims: AccessClaims = {
        userId: asId(payload.sub),
        restaurantId: asId(payload['rid']),
        sessionId: asId(payload['sid']),
        ...(payload['bro'] === true ? { isBrowser: true } : {}),
      };
      return { claims, expiresAtMs: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (error instanceof errors.JWTExpired) {
        throw new AppError(
          'invalid_token',
          'This access token has expired. Get a new one with POST /v1/auth/refresh.',
          { cause: error },
        );
      }
      throw invalidToken(error);
    }
  }
}

/** The only answer for every credential that is not valid. */
export function invalidToken(cause?: unknown): AppError {
  const message =
    'This credential is not valid: it is forged or revoked, or its session has ended. Log in with POST /v1/auth/login, or use another API key.';
  return new AppError('invalid_token', message, { cause });
}

function asId(claim: unknown): string {
  if (typeof claim === 'string' && UUID.test(claim)) return claim;
  throw invalidToken();
}
