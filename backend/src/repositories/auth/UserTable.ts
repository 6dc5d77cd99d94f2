/**
 * Users and their passwords. Users belong to no restaurant: this is the only table without a
 * tenant.
 */
import { query, type Tx, violatedConstraint } from '../../config/database.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import { AppError } from '../../domain/shared/errors.js';
import { NO_NEW_ADDRESS } from './NewAddressTable.js';

const OTHER_PASSWORD = 'This password cannot be taken. Choose another one.';

export interface User {
  id: string;
  email: string;
  name: string;
  /** ISO 639-1; null: nothing is chosen. */
  language: PrintLanguage | null;
}

export interface Credentials extends User {
  /** Undefined in a demo, and while a reset is open. */
  passwordHash: string | undefined;
}

/** One of the accounts with an address. */
export interface AddressAccount extends User {
  createdAt: string;
  /** Whether this account has proven that it owns the address. At most one account has. */
  isProven: boolean;
}

const findUser = query<User>('auth.findUser', 'select id, email, name, language from users where id = $1');

const shareUser = query<User>('auth.shareUser', 'select id, email, name, language from users where id = $1 for share');

const lockUser = query('auth.lockUser', 'select id from users where id = $1 for no key update');

const changeProfile = query('auth.changeProfile', 'update users set name = $2, language = $3 where id = $1');

const findCredentials = query<User & { passwordHash: string | null }>(
  'auth.findCredentials',
  'select id, email, name, language, password_hash as "passwordHash" from users where id = $1',
);

// The start of a hash contains its parameters and salt. All accounts of an address share them,
// except accounts from before this rule or with other secrets.
const findSettings = query<{ settings: string }>(
  'auth.findSettings',
  `select distinct substring(password_hash from '^(.+)[$]') as settings from users
   where lower(email) = lower($1) and password_hash is not null`,
);

// With the shared lock, a change of the password either waits and then ends the session that begins
// here, or comes first and makes this login fail.
const shareUserByLogin = query<User>(
  'auth.shareUserByLogin',
  `select id, email, name, language from users
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
   returning id, email, name, language`,
);

const changePassword = query(
  'auth.changePassword',
  `update users set password_hash = $3, reset_hash = null, reset_expires_at = null, ${NO_NEW_ADDRESS}
   where id = $1 and password_hash = $2`,
);

const listAccountsOfAddress = query<AddressAccount>(
  'auth.listAccountsOfAddress',
  `select id, email, name, language, created_at as "createdAt", email_proven_at is not null as "isProven" from users
   where lower(email) = lower($1) and ($2::uuid is null or id = $2)
   order by created_at, id
   limit 100`,
);

const startReset = query(
  'auth.startReset',
  `update users set password_hash = null, reset_hash = $2, reset_expires_at = $3, ${NO_NEW_ADDRESS} where id = $1`,
);

const offerReset = query('user.offerReset', 'update users set reset_hash = $2, reset_expires_at = $3 where id = $1');

const findUserByReset = query<User>(
  'auth.findUserByReset',
  'select id, email, name, language from users where reset_hash = $1 and reset_expires_at > $2',
);

const takeProofs = query(
  'auth.takeProofs',
  'update users set email_proven_at = null where lower(email) = lower($1) and email_proven_at is not null',
);

// If two calls use one token, the second finds it used.
const finishReset = query(
  'auth.finishReset',
  `update users set password_hash = $3, email_proven_at = $4, reset_hash = null, reset_expires_at = null, ${NO_NEW_ADDRESS}
   where id = $1 and reset_hash = $2`,
);

const renameUser = query('auth.renameUser', 'update users set name = $2 where id = $1');

export class UserTable {
  find(tx: Tx, userId: string): Promise<User> {
    return tx.one(findUser, [userId]);
  }

  /** Keeps the account as it is until the transaction ends. */
  share(tx: Tx, userId: string): Promise<User> {
    return tx.one(shareUser, [userId]);
  }

  async lock(tx: Tx, userId: string): Promise<void> {
    await tx.run(lockUser, [userId]);
  }

  async changeProfile(tx: Tx, { id, name, language }: User): Promise<void> {
    await tx.run(changeProfile, [id, name, language]);
  }

  async findCredentials(tx: Tx, userId: string): Promise<Credentials> {
    const row = await tx.one(findCredentials, [userId]);
    return { ...row, passwordHash: row.passwordHash ?? undefined };
  }

  /** Parameters and salts with which the passwords of an address are hashed: usually one. */
  async settingsOf(tx: Tx, email: string): Promise<string[]> {
    const rows = await tx.many(findSettings, [email]);
    return rows.map((row) => row.settings);
  }

  /**
   * The account with this address, in any case, and one of these hashes. Its password stays the
   * same until the transaction ends.
   */
  shareByLogin(tx: Tx, email: string, hashes: readonly string[]): Promise<User | undefined> {
    return tx.maybeOne(shareUserByLogin, [email, hashes]);
  }

  /** @returns the id of the account that has proven that it owns the address. */
  async findProven(tx: Tx, email: string): Promise<string | undefined> {
    return (await tx.maybeOne(findProvenUser, [email]))?.id;
  }

  /** @returns undefined when an account with this address and password exists. */
  insert(tx: Tx, user: Omit<User, 'language'>, passwordHash: string | null, at: Date): Promise<User | undefined> {
    return tx.maybeOne(insertUser, [user.id, user.email, user.name, passwordHash, at]);
  }

  /**
   * Also ends an open reset.
   * @returns false when the old password is no longer valid.
   * @throws AppError invalid_request when another account of the address has the new password.
   */
  async changePassword(tx: Tx, userId: string, oldHash: string, newHash: string): Promise<boolean> {
    return (await refuseUsedPassword('/newPassword', tx.run(changePassword, [userId, oldHash, newHash]))) === 1;
  }

  /** Oldest first, up to 100. @param accountId limits the list to this account. */
  listOfAddress(tx: Tx, email: string, accountId?: string): Promise<AddressAccount[]> {
    return tx.many(listAccountsOfAddress, [email, accountId ?? null]);
  }

  /** Deletes the old password. */
  async startReset(tx: Tx, userId: string, resetHash: string, expiresAt: Date): Promise<void> {
    await tx.run(startReset, [userId, resetHash, expiresAt]);
  }

  /** Keeps the old password. */
  async offerReset(tx: Tx, userId: string, resetHash: string, expiresAt: Date): Promise<void> {
    await tx.run(offerReset, [userId, resetHash, expiresAt]);
  }

  findByReset(tx: Tx, resetHash: string, at: Date): Promise<User | undefined> {
    return tx.maybeOne(findUserByReset, [resetHash, at]);
  }

  /**
   * Sets the new password and proves that this account, and no other one, owns the address.
   * @returns false when the token was used in the meantime.
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

/**
 * Accounts of one address differ only by their passwords, so two of them cannot have the same one.
 */
async function refuseUsedPassword<T>(pointer: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (violatedConstraint(error) !== 'users_login_key') throw error;
    throw new AppError('invalid_request', OTHER_PASSWORD, {
      cause: error,
      errors: [{ pointer, message: OTHER_PASSWORD, rule: 'other_password' }],
    });
  }
}
