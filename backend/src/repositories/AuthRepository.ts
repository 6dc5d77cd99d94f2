import { query, type Tx } from '../config/database.js';
import type { Role } from '../domain/roles.js';

/** Users belong to no restaurant: the one table here without a tenant. */
export interface User {
  id: string;
  email: string;
  name: string;
}

export interface Credentials extends User {
  /** Undefined until the invited person has set a password. */
  passwordHash: string | undefined;
}

interface CredentialsRow extends User {
  password_hash: string | null;
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

const findUser = query<User>('auth.find_user', 'select id, email, name from users where id = $1');

const findCredentials = query<CredentialsRow>(
  'auth.find_credentials',
  'select id, email, name, password_hash from users where lower(email) = lower($1)',
);

const findCredentialsOfUser = query<CredentialsRow>(
  'auth.find_credentials_of_user',
  'select id, email, name, password_hash from users where id = $1',
);

// Whoever was invited and never came has no password: registering makes the account his. The invitation stays open.
const registerUser = query<User>(
  'auth.register_user',
  `insert into users as u (id, email, name, password_hash, created_at)
   values ($1, $2, $3, $4, $5)
   on conflict (lower(email)) do update set email = excluded.email, name = excluded.name, password_hash = excluded.password_hash
     where u.password_hash is null
   returning id, email, name`,
);

const insertInvitedUser = query(
  'auth.insert_invited_user',
  `insert into users (id, email, name, created_at)
   values ($1, $2, $3, $4)
   on conflict (lower(email)) do nothing`,
);

const setFirstPassword = query(
  'auth.set_first_password',
  'update users set password_hash = $2 where id = $1 and password_hash is null',
);

const renameUser = query('auth.rename_user', 'update users set name = $2 where id = $1');

const insertSession = query(
  'auth.insert_session',
  `insert into sessions (restaurant_id, id, user_id, created_at, expires_at)
   values ($1, $2, $3, $4, $5)`,
);

const insertRefreshToken = query(
  'auth.insert_refresh_token',
  `insert into refresh_tokens (restaurant_id, id, session_id, token_hash, created_at)
   values ($1, $2, $3, $4, $5)`,
);

// Two refreshes of one token meet at this lock: the second reads the row after the first has committed, as used.
const lockRefreshToken = query<RefreshTokenRow>(
  'auth.lock_refresh_token',
  `select t.id, t.session_id, s.user_id, s.expires_at, t.used_at is not null as is_used,
     s.revoked_at is null and s.expires_at > $3 and m.status = 'active' as is_alive
   from refresh_tokens t
   join sessions s on s.restaurant_id = t.restaurant_id and s.id = t.session_id
   join members m on m.restaurant_id = s.restaurant_id and m.user_id = s.user_id
   where t.restaurant_id = $1 and t.token_hash = $2
   for update of t`,
);

const useRefreshToken = query(
  'auth.use_refresh_token',
  'update refresh_tokens set used_at = $3 where restaurant_id = $1 and id = $2',
);

const revokeSession = query(
  'auth.revoke_session',
  `update sessions set revoked_at = $3, revoked_reason = $4
   where restaurant_id = $1 and id = $2 and revoked_at is null`,
);

const revokeSessionsOfUser = query(
  'auth.revoke_sessions_of_user',
  `update sessions set revoked_at = $3, revoked_reason = $4
   where restaurant_id = $1 and user_id = $2 and revoked_at is null`,
);

const findActiveRole = query<ActiveRole>(
  'auth.find_active_role',
  `select m.role, r.limit_factor as "planFactor", r.demo_expires_at is not null as "isDemo"
   from sessions s
   join restaurants r on r.id = s.restaurant_id
   join members m on m.restaurant_id = s.restaurant_id and m.user_id = s.user_id
   where s.restaurant_id = $1 and s.id = $2 and s.user_id = $3
     and s.revoked_at is null and s.expires_at > $4 and m.status = 'active'`,
);

export class AuthRepository {
  findUser(tx: Tx, userId: string): Promise<User> {
    return tx.one(findUser, [userId]);
  }

  /** The user of an e-mail address, in whatever case it was typed. */
  async findCredentials(tx: Tx, email: string): Promise<Credentials | undefined> {
    const row = await tx.maybeOne(findCredentials, [email]);
    return row && toCredentials(row);
  }

  async findCredentialsOfUser(tx: Tx, userId: string): Promise<Credentials> {
    return toCredentials(await tx.one(findCredentialsOfUser, [userId]));
  }

  /** @returns undefined when the address belongs to somebody with a password. */
  registerUser(tx: Tx, user: User, passwordHash: string, at: Date): Promise<User | undefined> {
    return tx.maybeOne(registerUser, [user.id, user.email, user.name, passwordHash, at]);
  }

  /** Adds a user without a password unless the address has one. */
  async insertInvitedUser(tx: Tx, user: User, at: Date): Promise<void> {
    await tx.run(insertInvitedUser, [user.id, user.email, user.name, at]);
  }

  /** @returns false when the user has a password already. */
  async setFirstPassword(tx: Tx, userId: string, passwordHash: string): Promise<boolean> {
    return (await tx.run(setFirstPassword, [userId, passwordHash])) === 1;
  }

  async renameUser(tx: Tx, userId: string, name: string): Promise<void> {
    await tx.run(renameUser, [userId, name]);
  }

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

  async revokeSessionsOfUser(restaurantId: string, tx: Tx, userId: string, at: Date, reason: string): Promise<void> {
    await tx.run(revokeSessionsOfUser, [restaurantId, userId, at, reason]);
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

function toCredentials(row: CredentialsRow): Credentials {
  return { id: row.id, email: row.email, name: row.name, passwordHash: row.password_hash ?? undefined };
}
