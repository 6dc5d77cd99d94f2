import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { ActiveRole, AuthRepository, RefreshTokenState, Session } from '../../repositories/AuthRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { Secrets } from '../../utils/secrets.js';
import { newId } from '../../utils/ids.js';
import { type AccessClaims, type AccessTokens, invalidToken } from './accessTokens.js';
import type { ProvenTokens } from './provenTokens.js';
import { type PresentedToken, readToken } from './tenantTokens.js';

/** Counted from the login and never extended: a stolen refresh token ends with it. */
const SESSION_MS = 30 * 24 * 3_600_000;
/** Tabs of one browser send the same cookie, some of them a little later. */
const GRACE_MS = 30_000;
const SEAL = 'refresh-token-successor';

export interface SessionTokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
}

interface Dependencies {
  repository: AuthRepository;
  accessTokens: AccessTokens;
  tokens: ProvenTokens;
  secrets: Secrets;
  clock: Clock;
}

/** A refresh token was used twice: two parties have it, or the answer that it got. */
export class ReusedRefreshToken extends Error {
  readonly sessionId: string;
  readonly userId: string;

  constructor(sessionId: string, userId: string) {
    super('refresh token used before');
    this.name = 'ReusedRefreshToken';
    this.sessionId = sessionId;
    this.userId = userId;
  }
}

/**
 * A session is one login to one restaurant. Its refresh tokens form a chain, and each works once.
 */
export class Sessions {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @param restaurant if it is a demo, the session ends with it at the latest.
   * @param caller the page or program that logs in.
   */
  async start(
    tx: Tx,
    restaurant: Pick<RestaurantSettings, 'id' | 'demoExpiresAt'>,
    userId: string,
    { isBrowser, userAgent }: Pick<Call, 'isBrowser' | 'userAgent'>,
  ): Promise<{ sessionId: string; tokens: SessionTokens }> {
    const { repository, clock } = this.#deps;
    const { id: restaurantId, demoExpiresAt } = restaurant;
    const createdAt = clock();
    const sessionId = newId();
    const longest = new Date(createdAt.getTime() + SESSION_MS);
    const expiresAt =
      demoExpiresAt === null ? longest : new Date(Math.min(Date.parse(demoExpiresAt), longest.getTime()));
    await repository.insertSession(restaurantId, tx, {
      id: sessionId,
      userId,
      userAgent: userAgent ?? null,
      createdAt,
      expiresAt,
    });
    const claims = { restaurantId, userId, sessionId, ...(isBrowser ? { isBrowser } : {}) };
    return { sessionId, tokens: await this.#issue(tx, claims, expiresAt) };
  }

  /**
   * Exchanges a refresh token for new tokens. The token's row is locked: of two simultaneous
   * exchanges, one wins and the other finds the token used, which counts as a replay.
   *
   * Tabs of a browser share one cookie, and nobody can keep two of them from sending it at once. So
   * for half a minute, a token that was used from a cookie leads to the token that is valid now.
   * A thief of the cookie gains nothing that lasts: two parties then have the same token, and the
   * second use of it after that time ends the session.
   * @throws ReusedRefreshToken, after which the caller revokes the session in a transaction that
   *   commits; AppError invalid_token when the token is unknown or the session has ended.
   */
  async rotate(
    tx: Tx,
    presented: PresentedToken,
    isBrowser?: true,
  ): Promise<{ userId: string; tokens: SessionTokens }> {
    const { repository, accessTokens, secrets, clock } = this.#deps;
    const { restaurantId } = presented;
    let token = await this.#lock(tx, presented);
    let newest: string | undefined;
    while (token.isUsed) {
      const successor = isBrowser && this.#successorOf(token);
      const next = successor && readToken('rt', successor);
      if (!next) throw new ReusedRefreshToken(token.sessionId, token.userId);
      newest = successor;
      token = await this.#lock(tx, next);
    }
    if (!token.isAlive) throw invalidToken();
    const { userId, sessionId, sessionEndsAt } = token;
    const claims = { restaurantId, userId, sessionId, ...(isBrowser ? { isBrowser } : {}) };
    if (newest !== undefined) {
      const access = await accessTokens.issue(claims, sessionEndsAt);
      return { userId, tokens: { accessToken: access.token, refreshToken: newest, expiresIn: access.expiresIn } };
    }
    await repository.useRefreshToken(restaurantId, tx, token, clock());
    const tokens = await this.#issue(tx, claims, sessionEndsAt);
    if (isBrowser) {
      const sealed = secrets.encrypt(SEAL, tokens.refreshToken);
      await repository.keepSuccessor(restaurantId, tx, token, sealed, this.#graceBegin());
    }
    return { userId, tokens };
  }

  async #lock(tx: Tx, { restaurantId, hash }: PresentedToken): Promise<RefreshTokenState> {
    const { repository, clock } = this.#deps;
    const token = await repository.lockRefreshToken(restaurantId, tx, hash, clock());
    if (!token) throw invalidToken();
    return token;
  }

  /** The token that followed, for a token that was used a moment ago. */
  #successorOf({ usedAt, successor, isAlive }: RefreshTokenState): string | undefined {
    if (!isAlive || successor === null || usedAt === null || usedAt < this.#graceBegin()) return undefined;
    return this.#deps.secrets.decrypt(SEAL, successor);
  }

  #graceBegin(): Date {
    return new Date(this.#deps.clock().getTime() - GRACE_MS);
  }

  /** @returns false when the session had already ended. */
  end(tx: Tx, restaurantId: string, sessionId: string, reason: string): Promise<boolean> {
    return this.#deps.repository.revokeSession(restaurantId, tx, sessionId, this.#deps.clock(), reason);
  }

  /** @returns false when the person has no such live session. */
  endOf(tx: Tx, restaurantId: string, session: { id: string; userId: string }, reason: string): Promise<boolean> {
    return this.#deps.repository.revokeSessionOfUser(restaurantId, tx, session, this.#deps.clock(), reason);
  }

  /** @param keep a session that does not end. @returns the ids of the ended sessions. */
  endAllOf(tx: Tx, restaurantId: string, userId: string, reason: string, keep?: string): Promise<string[]> {
    return this.#deps.repository.revokeSessionsOfUser(restaurantId, tx, userId, this.#deps.clock(), reason, keep);
  }

  /** Live sessions of a person in one restaurant, newest first. */
  list(tx: Tx, restaurantId: string, userId: string, page: { before: string; limit: number }): Promise<Session[]> {
    return this.#deps.repository.listSessionsOfUser(restaurantId, tx, userId, this.#deps.clock(), page);
  }

  /**
   * The current role of the session's user, while the session is alive and the user is an active
   * member.
   */
  findRole(tx: Tx, claims: AccessClaims): Promise<ActiveRole | undefined> {
    const session = { id: claims.sessionId, userId: claims.userId };
    return this.#deps.repository.findActiveRole(claims.restaurantId, tx, session, this.#deps.clock());
  }

  async #issue(tx: Tx, claims: AccessClaims, sessionEndsAt: Date): Promise<SessionTokens> {
    const { repository, accessTokens, tokens, clock } = this.#deps;
    const refresh = tokens.mint('rt', claims.restaurantId, claims.sessionId);
    const token = { id: newId(), sessionId: claims.sessionId, hash: refresh.hash };
    await repository.insertRefreshToken(claims.restaurantId, tx, token, clock());
    const access = await accessTokens.issue(claims, sessionEndsAt);
    return { accessToken: access.token, refreshToken: refresh.token, expiresIn: access.expiresIn };
  }
}
