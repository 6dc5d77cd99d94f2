/** Changes of e-mail addresses that are not confirmed yet: columns of `users`. */
import { query, type Tx, violatedConstraint } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';

/**
 * Ends an open change. Each new password does: whoever asked for the change may not know this one.
 */
export const NO_NEW_ADDRESS =
  'new_email = null, new_email_hash = null, new_email_expires_at = null, new_email_asked_with = null, new_password_hash = null';

/** A change of an address, as its token finds it. */
export interface NewAddress {
  userId: string;
  oldEmail: string;
  email: string;
}

export interface OfferedAddress {
  email: string;
  /** Digest of the token that confirms it. */
  hash: string;
  /** The present password, hashed with the salt of the new address. */
  passwordHash: string;
  expiresAt: Date;
}

const offerAddress = query(
  'auth.offerAddress',
  `update users
   set new_email = $3, new_email_hash = $4, new_email_asked_with = password_hash, new_password_hash = $5,
     new_email_expires_at = $6
   where id = $1 and password_hash = $2`,
);

// Of two calls with one token, the second waits here, and then finds it used.
const lockNewAddress = query<NewAddress>(
  'auth.lockNewAddress',
  `select id as "userId", email as "oldEmail", new_email as email from users
   where new_email_hash = $1 and new_email_expires_at > $2 and new_email_asked_with = password_hash
   for no key update`,
);

// A reset that was mailed to the old address ends: its mailbox is no way into the account any more.
const takeAddress = query(
  'auth.takeAddress',
  `update users
   set email = new_email, password_hash = new_password_hash, email_proven_at = $2, reset_hash = null,
     reset_expires_at = null, ${NO_NEW_ADDRESS}
   where id = $1`,
);

export class NewAddressTable {
  /** @returns false when the old password is no longer valid. */
  async offer(tx: Tx, userId: string, oldPasswordHash: string, offered: OfferedAddress): Promise<boolean> {
    const { email, hash, passwordHash, expiresAt } = offered;
    return (await tx.run(offerAddress, [userId, oldPasswordHash, email, hash, passwordHash, expiresAt])) === 1;
  }

  /** @returns undefined when the token is unknown, used, replaced or expired. */
  lock(tx: Tx, hash: string, at: Date): Promise<NewAddress | undefined> {
    return tx.maybeOne(lockNewAddress, [hash, at]);
  }

  /**
   * Gives the account its new address, which is proven by this.
   * @throws AppError email_taken when another account has proven it, or has it and this password.
   */
  async take(tx: Tx, userId: string, at: Date): Promise<void> {
    try {
      await tx.run(takeAddress, [userId, at]);
    } catch (error) {
      if (!['users_proven_email_key', 'users_login_key'].includes(violatedConstraint(error) ?? '')) throw error;
      throw addressTaken(error);
    }
  }
}

export function addressTaken(cause?: unknown): AppError {
  return new AppError(
    'email_taken',
    'Another account has this e-mail address. Log in with that account, or take another address.',
    { cause },
  );
}
