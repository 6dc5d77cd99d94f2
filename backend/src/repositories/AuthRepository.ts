import { query, type Tx } from '../config/database.js';
import type { Role } from '../domain/people/roles.js';
import { NewAddressTable } from './auth/NewAddressTable.js';
import { UserTable } from './auth/UserTable.js';

export { addressTaken, type NewAddress } from './auth/NewAddressTable.js';
export type { AddressAccount, Credentials, User } from './auth/UserTable.js';

/** A login that is neither revoked nor expired. */
export interface Session {
  id: string;
  restaurant: { id: string; name: string };
  /** The name that the browser or program gave itself at the login. */
  userAgent: string | null;
  createdAt: string;
  /** When its tokens were last exchanged: within 15 minutes of its last call. */
  lastUsedAt: string;
  expiresAt: string;
}

export interface NewSession {
  id: string;
  userId: string;
  userAgent: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export interface RefreshTokenState {
  id: string;
  sessionId: string;
  userId: string;
  isUsed: boolean;
  usedAt: Date | null;
  /** The next token, encrypted, if this one was in a cookie. */
  successor: Buffer | null;
  /** The session is neither revoked nor expired, and the member is active. */
  isAlive: boolean;
  sessionEndsAt: Date;
}

/** Current rights of a person in a restaurant. */
export interface ActiveRole {
  role: Role;
  /** Factor by which the restaurant's plan multiplies the limits. */
  planFactor: number;
  isDemo: boolean;
}

const insertSession = query(
  'auth.insertSession',
  `insert into sessions (restaurant_id, id, user_id, created_at, expires_at, user_agent)
   values ($1, $2, $3, $4, $5, $6)`,
);

const insertRefreshToken = query(
  'auth.insertRefreshToken',
  `insert into refresh_tokens (restaurant_id, id, session_id, token_hash, created_at)
   values ($1, $2, $3, $4, $5)`,
);

// Of two refreshes with one token, the second waits here. After the first commits, it reads the row
// as used.
const lockRefreshToken = query<
  Omit<RefreshTokenState, 'sessionEndsAt' | 'usedAt'> & { sessionEndsAt: string; usedAt: string | null }
>(
  'auth.lockRefreshToken',
  `select t.id, t.session_id as "sessionId", s.user_id as "userId", t.used_at is not null as "isUsed",
     t.used_at as "usedAt", t.successor,
     s.revoked_at is null and s.expires_at > $3 and m.status = 'active' as "isAlive", s.expires_at as "sessionEndsAt"
   from refresh_tokens t
   join sessions s on s.restaurant_id = t.restaurant_id and s.id = t.session_id
   join members m on m.restaurant_id = s.restaurant_id and m.user_id = s.user_id
   where t.restaurant_id = $1 and t.token_hash = $2
   for update of t`,
);

const useRefreshToken = query(
  'auth.useRefreshToken',
  'update refresh_tokens set used_at = $3 where restaurant_id = $1 and id = $2',
);

const touchSession = query(
  'auth.touchSession',
  'update sessions set last_used_at = $3 where restaurant_id = $1 and id = $2',
);

// Locks older tokens after their newest one: a second use of an older token locks in the other
// direction, but only tokens that are younger than `$5`.
const keepSuccessor = query(
  'auth.keepSuccessor',
  `update refresh_tokens
   set successor = case when id = $3 then $4::bytea end
   where restaurant_id = $1 and session_id = $2
     and (id = $3 or (successor is not null and used_at < $5))`,
);

const revokeSession = query(
  'auth.revokeSession',
  `update sessions set revoked_at = $3, revoked_reason = $4
   where restaurant_id = $1 and id = $2 and revoked_at is null`,
);

const revokeSessionOfUser = query(
  'auth.revokeSessionOfUser',
  `update sessions set revoked_at = $4, revoked_reason = $5
   where restaurant_id = $1 and id = $2 and user_id = $3 and revoked_at is null and expires_at > $4`,
);

// `is distinct from`: when `$5` is null, all sessions are revoked.
const revokeSessionsOfUser = query<{ id: string }>(
  'auth.revokeSessionsOfUser',
  `update sessions set revoked_at = $3, revoked_reason = $4
   where restaurant_id = $1 and user_id = $2 and revoked_at is null and id is distinct from $5::uuid
   returning id`,
);

const listSessionsOfUser = query<Session>(
  'auth.listSessionsOfUser',
  `select s.id, json_build_object('id', r.id, 'name', r.name) as restaurant, s.user_agent as "userAgent",
     s.created_at as "createdAt", coalesce(s.last_used_at, s.created_at) as "lastUsedAt", s.expires_at as "expiresAt"
   from sessions s
   join restaurants r on r.id = s.restaurant_id
   where s.restaurant_id = $1 and s.user_id = $2 and s.revoked_at is null and s.expires_at > $3 and s.id < $4
   order by s.id desc
   limit $5`,
);

const findActiveRole = query<ActiveRole>(
  'auth.findActiveRole',
  `select m.role, r.limit_factor as "planFactor", r.demo_expires_at is not null as "isDemo"
   from sessions s
   join restaurants r on r.id = s.restaurant_id
   join members m on m.restaurant_id = s.restaurant_id and m.user_id = s.user_id
   where s.restaurant_id = $1 and s.id = $2 and s.user_id = $3
     and s.revoked_at is null and s.expires_at > $4 and m.status = 'active'`,
);

export class AuthRepository {
  readonly users = new UserTable();
  readonly newAddresses = new NewAddressTable();

  async insertSession(restaurantId: string, tx: Tx, session: NewSession): Promise<void> {
    const { id, userId, userAgent, createdAt, expiresAt } = session;
    await tx.run(insertSession, [restaurantId, id, userId, createdAt, expiresAt, userAgent]);
  }

  async insertRefreshToken(
    restaurantId: string,
    tx: Tx,
    token: { id: string; sessionId: string; hash: string },
    at: Date,
  ): Promise<void> {
    await tx.run(insertRefreshToken, [restaurantId, token.id, token.sessionId, token.hash, at]);
  }

  async lockRefreshToken(restaurantId: string, tx: Tx, hash: string, at: Date): Promise<RefreshTokenState | undefined> {
    const row = await tx.maybeOne(lockRefreshToken, [restaurantId, hash, at]);
    if (!row) return undefined;
    const usedAt = row.usedAt === null ? null : new Date(row.usedAt);
    return { ...row, usedAt, sessionEndsAt: new Date(row.sessionEndsAt) };
  }

  /** Also notes that its session is in use. */
  async useRefreshToken(
    restaurantId: string,
    tx: Tx,
    token: Pick<RefreshTokenState, 'id' | 'sessionId'>,
    at: Date,
  ): Promise<void> {
    await tx.run(useRefreshToken, [restaurantId, token.id, at]);
    await tx.run(touchSession, [restaurantId, token.sessionId, at]);
  }

  /**
   * Keeps the successor of a used token, and forgets those of tokens that were used before
   * `forget`.
   */
  async keepSuccessor(
    restaurantId: string,
    tx: Tx,
    token: Pick<RefreshTokenState, 'id' | 'sessionId'>,
    successor: Buffer,
    forget: Date,
  ): Promise<void> {
    await tx.run(keepSuccessor, [restaurantId, token.sessionId, token.id, successor, forget]);
  }

  /** @returns false when the session was revoked already. */
  async revokeSession(restaurantId: string, tx: Tx, sessionId: string, at: Date, reason: string): Promise<boolean> {
    return (await tx.run(revokeSession, [restaurantId, sessionId, at, reason])) === 1;
  }

  /** @returns false when the user has no live session with this id. */
  async revokeSessionOfUser(
    restaurantId: string,
    tx: Tx,
    session: { id: string; userId: string },
    at: Date,
    reason: string,
  ): Promise<boolean> {
    return (await tx.run(revokeSessionOfUser, [restaurantId, session.id, session.userId, at, reason])) === 1;
  }

  /** @param keep id of a session that stays. @returns ids of the revoked sessions. */
  async revokeSessionsOfUser(
    restaurantId: string,
    tx: Tx,
    userId: string,
    at: Date,
    reason: string,
    keep?: string,
  ): Promise<string[]> {
    const rows = await tx.many(revokeSessionsOfUser, [restaurantId, userId, at, reason, keep ?? null]);
    return rows.map((row) => row.id);
  }

  /** Live sessions of a user in one restaurant, newest first. @param page starts before this id. */
  listSessionsOfUser(
    restaurantId: string,
    tx: Tx,
    userId: string,
    at: Date,
    page: { before: string; limit: number },
  ): Promise<Session[]> {
    return tx.many(listSessionsOfUser, [restaurantId, userId, at, page.before, page.limit]);
  }

  /** Role of an active member with a live session. */
  async findActiveRole(
    restaurantId: string,
    tx: Tx,
    session: { id: string; userId: string },
    at: Date,
  ): Promise<ActiveRole | undefined> {
    return tx.maybeOne(findActiveRole, [restaurantId, session.id, session.userId, at]);
  }
}
