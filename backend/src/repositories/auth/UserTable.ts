/** People and how they come in. They belong to no restaurant: the one table without a tenant. */
import { query, type Tx, violatedConstraint } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';

const OTHER_PASSWORD = 'This password cannot be taken. Choose another one.';

export interface User {
  id: string;
  email: string;
  name: string;
}

export interface Credentials extends User {
  /** Undefined in a demo, and while a reset waits for a new one. */
  passwordHash: string | undefined;
}

/** One of the accounts of an address. */
export interface AddressAccount extends User {
  createdAt: string;
  /** Whether the address is known to be this person's, and so no other account's. */
  isProven: boolean;
}

interface AccountRow extends User {
  created_at: string;
  is_proven: boolean;
}

interface CredentialsRow extends User {
  password_hash: string | null;
}

const findUser = query<User>('auth.findUser', 'select id, email, name from users where id = $1');

const findCredentials = query<CredentialsRow>(
  'auth.findCredentials',
  'select id, email, name, password_hash from users where id = $1',
);

// As a hash begins: parameters and salt. All accounts of an address share one, but for those from before and from other secrets.
const findSettings = query<{ settings: string }>(
  'auth.findSettings',
  `select distinct substring(password_hash from '^(.+)[$]') as settings from users
   where lower(email) = lower($1) and password_hash is not null`,
);

// Shared: a change of the password waits, and then ends the session that begins here, or comes first and ends this.
const shareUserByLogin = query<User>(
  'auth.shareUserByLogin',
  `select id, email, name from users
   where lower(email) = lower($1) and password_hash = any ($2::text[])
   order by created_at, id
   limit 1
   for share`,
);

const findProvenUser = query<{ id: string }>(
  'auth.findProvenUser',
  'select id from users where lower(email) = lower($1) and email_proven_at is not null',
);

const insertUser = query<User>(
  'auth.insertUser',
  `insert into users (id, email, name, password_hash, created_at)
   values ($1, $2, $3, $4, $5)
   on conflict (lower(email), password_hash) do nothing
   returning id, email, name`,
);

const changePassword = query(
  'auth.changePassword',
  `update users set password_hash = $3, reset_hash = null, reset_expires_at = null
   where id = $1 and password_hash = $2`,
);

const listAccountsOfAddress = query<AccountRow>(
  'auth.listAccountsOfAddress',
  `select id, email, name, created_at, email_proven_at is not null as is_proven from users
   where lower(email) = lower($1) and ($2::uuid is null or id = $2)
   order by created_at, id
   limit 100`,
);

const startReset = query(
  'auth.startReset',
  'update users set password_hash = null, reset_hash = $2, reset_expires_at = $3 where id = $1',
);

const findUserByReset = query<User>(
  'auth.findUserByReset',
  'select id, email, name from users where reset_hash = $1 and reset_expires_at > $2',
);

const takeProofs = query(
  'auth.takeProofs',
  'update users set email_proven_at = null where lower(email) = lower($1) and email_proven_at is not null',
);

// Of two who come with one token, the second finds it used.
const finishReset = query(
  'auth.finishReset',
  `update users set password_hash = $3, email_proven_at = $4, reset_hash = null, reset_expires_at = null
   where id = $1 and reset_hash = $2`,
);

const renameUser = query('auth.renameUser', 'update users set name = $2 where id = $1');

export class UserTable {
  find(tx: Tx, userId: string): Promise<User> {
    return tx.one(findUser, [userId]);
  }

  async findCredentials(tx: Tx, userId: string): Promise<Credentials> {
    const { password_hash: hash, ...user } = await tx.one(findCredentials, [userId]);
    return { ...user, passwordHash: hash ?? undefined };
  }

  /** Parameters and salts under which the passwords of an address are hashed: one, or a few. */
  async settingsOf(tx: Tx, email: string): Promise<string[]> {
    const rows = await tx.many(findSettings, [email]);
    return rows.map((row) => row.settings);
  }

  /** The account of an address, in whatever case it was typed, with one of these hashes. It keeps its password until the end. */
  shareByLogin(tx: Tx, email: string, hashes: readonly string[]): Promise<User | undefined> {
    return tx.maybeOne(shareUserByLogin, [email, hashes]);
  }

  /** @returns the id of the one account that an address is proven to belong to. */
  async findProven(tx: Tx, email: string): Promise<string | undefined> {
    return (await tx.maybeOne(findProvenUser, [email]))?.id;
  }

  /** @returns undefined when an account has this address and this password. */
  insert(tx: Tx, user: User, passwordHash: string | null, at: Date): Promise<User | undefined> {
    return tx.maybeOne(insertUser, [user.id, user.email, user.name, passwordHash, at]);
  }

  /**
   * Ends an open reset, too.
   * @returns false when the password is not the old one any more.
   * @throws AppError invalid_request when another account of the address has the new one.
   */
  async changePassword(tx: Tx, userId: string, oldHash: string, newHash: string): Promise<boolean> {
    return (await refuseUsedPassword('/newPassword', tx.run(changePassword, [userId, oldHash, newHash]))) === 1;
  }

  /** The oldest first, a hundred at most. @param accountId the only one that is asked for. */
  async listOfAddress(tx: Tx, email: string, accountId?: string): Promise<AddressAccount[]> {
    const rows = await tx.many(listAccountsOfAddress, [email, accountId ?? null]);
    return rows.map(({ created_at: createdAt, is_proven: isProven, ...user }) => ({ ...user, createdAt, isProven }));
  }

  /** The old password is none from here on. */
  async startReset(tx: Tx, userId: string, resetHash: string, expiresAt: Date): Promise<void> {
    await tx.run(startReset, [userId, resetHash, expiresAt]);
  }

  findByReset(tx: Tx, resetHash: string, at: Date): Promise<User | undefined> {
    return tx.maybeOne(findUserByReset, [resetHash, at]);
  }

  /**
   * Sets the new password; the address is this account's from now on, and no other one's.
   * @returns false when the token was used meanwhile.
   * @throws AppError invalid_request when another account of the address has this password.
   */
  async finishReset(tx: Tx, user: User, resetHash: string, passwordHash: string, at: Date): Promise<boolean> {
    await tx.run(takeProofs, [user.email]);
    const finished = tx.run(finishReset, [user.id, resetHash, passwordHash, at]);
    return (await refuseUsedPassword('/password', finished)) === 1;
  }

  async rename(tx: Tx, userId: string, name: string): Promise<void> {
    await tx.run(renameUser, [userId, name]);
  }
}

/** Two accounts of one address are told apart by their passwords alone. */
async function refuseUsedPassword<T>(pointer: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (violatedConstraint(error) !== 'users_login_key') throw error;
    throw new AppError('invalid_request', OTHER_PASSWORD, {
      cause: error,
      errors: [{ pointer, message: OTHER_PASSWORD }],
    });
  }
}
