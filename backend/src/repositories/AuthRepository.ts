import { query, type Tx } from '../config/database.js';
import type { Role } from '../domain/people/roles.js';
import { UserTable } from './auth/UserTable.js';

export type { AddressAccount, Credentials, User } from './auth/UserTable.js';

/** A login that is alive. */
export interface Session {
  id: string;
  restaurant: { id: string; name: string };
  createdAt: string;
  expiresAt: string;
}

interface SessionRow {
  id: string;
  restaurant_id: string;
  restaurant_name: string;
  created_at: string;
  expires_at: string;
}

export interface NewSession {
  id: string;
  userId: string;
  createdAt: Date;
  expiresAt: Date;
}

export interface RefreshTokenState {
  id: string;
  sessionId: string;
  userId: string;
  isUsed: boolean;
  /** Session neither revoked nor expired, member active. */
  isAlive: boolean;
  sessionEndsAt: Date;
}

/** What a person may do in a restaurant right now. */
export interface ActiveRole {
  role: Role;
  /** What the restaurant's plan multiplies limits by. */
  planFactor: number;
  isDemo: boolean;
}

interface RefreshTokenRow {
  id: string;
  session_id: string;
  user_id: string;
  is_used: boolean;
  is_alive: boolean;
  expires_at: string;
}

const insertSession = query(
  'auth.insertSession',
  `insert into sessions (restaurant_id, id, user_id, created_at, expires_at)
   values ($1, $2, $3, $4, $5)`,
);

const insertRefreshToken = query(
  'auth.insertRefreshToken',
  `insert into refresh_tokens (restaurant_id, id, session_id, token_hash, created_at)
   values ($1, $2, $3, $4, $5)`,
);

// Two refreshes of one token meet at this lock: the second reads the row after the first has committed, as used.
const lockRefreshToken = query<RefreshTokenRow>(
  'auth.lockRefreshToken',
  `select t.id, t.session_id, s.user_id, s.expires_at, t.used_at is not null as is_used,
     s.revoked_at is null and s.expires_at > $3 and m.status = 'active' as is_alive
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

// `is distinct from`: without one to keep, all go.
const revokeSessionsOfUser = query<{ id: string }>(
  'auth.revokeSessionsOfUser',
  `update sessions set revoked_at = $3, revoked_reason = $4
   where restaurant_id = $1 and user_id = $2 and revoked_at is null and id is distinct from $5::uuid
   returning id`,
);

const listSessionsOfUser = query<SessionRow>(
  'auth.listSessionsOfUser',
  `select s.id, s.restaurant_id, r.name as restaurant_name, s.created_at, s.expires_at
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

  async insertSession(restaurantId: string, tx: Tx, session: NewSession): Promise<void> {
    await tx.run(insertSession, [restaurantId, session.id, session.userId, session.createdAt, session.expiresAt]);
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
    return (
      row && {
        id: row.id,
        sessionId: row.session_id,
        userId: row.user_id,
        isUsed: row.is_used,
        isAlive: row.is_alive,
        sessionEndsAt: new Date(row.expires_at),
      }
    );
  }

  async useRefreshToken(restaurantId: string, tx: Tx, tokenId: string, at: Date): Promise<void> {
    await tx.run(useRefreshToken, [restaurantId, tokenId, at]);
  }

  /** @returns false when it was revoked before. */
  async revokeSession(restaurantId: string, tx: Tx, sessionId: string, at: Date, reason: string): Promise<boolean> {
    return (await tx.run(revokeSession, [restaurantId, sessionId, at, reason])) === 1;
  }

  /** @returns false when the person has no such session that is alive. */
  async revokeSessionOfUser(
    restaurantId: string,
    tx: Tx,
    session: { id: string; userId: string },
    at: Date,
    reason: string,
  ): Promise<boolean> {
    return (await tx.run(revokeSessionOfUser, [restaurantId, session.id, session.userId, at, reason])) === 1;
  }

  /** @param keep a session that goes on. @returns the ids of those that were revoked. */
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

  /** Sessions of a person in one restaurant that are alive, the newest first, before the given id. */
  async listSessionsOfUser(
    restaurantId: string,
    tx: Tx,
    userId: string,
    at: Date,
    page: { before: string; limit: number },
  ): Promise<Session[]> {
    const rows = await tx.many(listSessionsOfUser, [restaurantId, userId, at, page.before, page.limit]);
    return rows.map((row) => ({
      id: row.id,
      restaurant: { id: row.restaurant_id, name: row.restaurant_name },
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }));
  }

  /** The role of an active member whose session is alive. */
  async findActiveRole(
    restaurantId: string,
    tx: Tx,
    session: { id: string; userId: string },
    at: Date,
  ): Promise<ActiveRole | undefined> {
    return tx.maybeOne(findActiveRole, [restaurantId, session.id, session.userId, at]);
  }
}
