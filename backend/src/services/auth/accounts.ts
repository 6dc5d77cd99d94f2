import type { Tx } from '../../config/database.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import { passwordFault } from '../../domain/people/password.js';
import {
  type AddressAccount,
  addressTaken,
  type AuthRepository,
  type Credentials,
  type NewAddress,
  type User,
} from '../../repositories/AuthRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import { randomToken, type Secrets, tokenHash } from '../../utils/secrets.js';
import { type Passwords, settingsWith } from './passwords.js';

const SALT_BYTES = 16;
const RESET_MS = 24 * 3_600_000;
/** A token that anybody can have sent to an address is valid for a shorter time. */
const OFFERED_MS = 3_600_000;

interface Dependencies {
  repository: AuthRepository;
  passwords: Passwords;
  secrets: Secrets;
  clock: Clock;
}

/** An address and a password, hashed in each way that a stored password of this address may use. */
export interface Login {
  email: string;
  /** An existing account's hash is one of these. */
  hashes: readonly string[];
  /** The hash to store for a new password. */
  newHash: string;
  /** The reason why this password cannot be newly set, although an account may already have it. */
  fault: string | undefined;
}

/**
 * People and their passwords. One account may be a member of many restaurants.
 *
 * An address is only claimed until it is proven. Several accounts may have the same unproven
 * address, each with its own password: none can read another or prevent another. A proven address
 * has exactly one account for login.
 */
export class Accounts {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  find(tx: Tx, userId: string): Promise<User> {
    return this.#deps.repository.users.find(tx, userId);
  }

  /** Same as `find`: the password, and the wish to end all sessions, wait for the transaction. */
  share(tx: Tx, userId: string): Promise<User> {
    return this.#deps.repository.users.share(tx, userId);
  }

  /** Waits for those who start sessions of the account, and keeps others from starting one. */
  lock(tx: Tx, userId: string): Promise<void> {
    return this.#deps.repository.users.lock(tx, userId);
  }

  /** Changes what a person says about themselves. */
  changeProfile(tx: Tx, user: User): Promise<void> {
    return this.#deps.repository.users.changeProfile(tx, user);
  }

  findCredentials(tx: Tx, userId: string): Promise<Credentials> {
    return this.#deps.repository.users.findCredentials(tx, userId);
  }

  /**
   * Hashes a password once for all accounts of the address, because they share one salt. Older
   * accounts, from before the shared salt or another secret, need one more hash each.
   * @param read runs a transaction; none is open while hashing.
   * @throws AppError overloaded.
   */
  async login(read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>, email: string, password: string): Promise<Login> {
    const { repository, passwords } = this.#deps;
    const own = settingsWith(this.#saltOf(email));
    const stored = await read((tx) => repository.users.settingsOf(tx, email));
    const settings = [own, ...stored.filter((one) => one !== own)];
    const hashes = await Promise.all(settings.map((one) => passwords.hash(password, one)));
    return { email, hashes, newHash: hashes[0]!, fault: passwordFault(password) };
  }

  /**
   * The account of this address and this password. Its password cannot change until the transaction
   * ends.
   */
  findByLogin(tx: Tx, { email, hashes }: Login): Promise<User | undefined> {
    return this.#deps.repository.users.shareByLogin(tx, email, hashes);
  }

  /** @returns the id of the account that has proven the address. */
  findProven(tx: Tx, email: string): Promise<string | undefined> {
    return this.#deps.repository.users.findProven(tx, email);
  }

  /**
   * Makes an account, next to others that the address may already have.
   * @throws AppError email_taken when another account has proven the address, or one of its
   *   accounts has this password; invalid_request at `/password`.
   */
  async register(tx: Tx, login: Login, name: string): Promise<User> {
    const { repository, clock } = this.#deps;
    if (login.fault !== undefined) throw invalid('/password', login.fault, 'password');
    if ((await this.findProven(tx, login.email)) || (await this.findByLogin(tx, login))) throw emailTaken();
    const user = await repository.users.insert(tx, { id: newId(), email: login.email, name }, login.newHash, clock());
    if (!user) throw emailTaken();
    return user;
  }

  /** An account without login, for the owner of a demo, who has only the demo's session. */
  async addWithoutPassword(tx: Tx, email: string, name: string): Promise<User> {
    const user: User = { id: newId(), email, name, language: null };
    await this.#deps.repository.users.insert(tx, user, null, this.#deps.clock());
    return user;
  }

  async rename(tx: Tx, userId: string, name: string): Promise<void> {
    await this.#deps.repository.users.rename(tx, userId, name);
  }

  /**
   * @param oldHash the stored hash when the current password was checked.
   * @throws AppError invalid_state when the password was changed meanwhile; invalid_request at
   *   `/newPassword`.
   */
  async changePassword(tx: Tx, userId: string, oldHash: string, login: Login): Promise<void> {
    if (login.fault !== undefined) throw invalid('/newPassword', login.fault, 'password');
    if (await this.#deps.repository.users.changePassword(tx, userId, oldHash, login.newHash)) return;
    throw new AppError('invalid_state', 'The password was changed a moment ago. Use the new password.');
  }

  /**
   * All accounts of an address, oldest first, at most a hundred.
   * @param accountId limits the result to this account.
   */
  ofAddress(tx: Tx, email: string, accountId?: string): Promise<AddressAccount[]> {
    return this.#deps.repository.users.listOfAddress(tx, email, accountId);
  }

  /**
   * Removes the password and lets the holder of a token set a new one.
   * @returns the token, valid once and for one day.
   */
  async startReset(tx: Tx, userId: string): Promise<{ token: string; expiresAt: Date }> {
    const token = `pw_${randomToken()}`;
    const expiresAt = new Date(this.#deps.clock().getTime() + RESET_MS);
    await this.#deps.repository.users.startReset(tx, userId, tokenHash(token), expiresAt);
    return { token, expiresAt };
  }

  /** A token for a reset that the person asked for; nothing is stored yet. */
  mintReset(): { token: string; expiresAt: Date } {
    return { token: `pw_${randomToken()}`, expiresAt: new Date(this.#deps.clock().getTime() + OFFERED_MS) };
  }

  /** Lets the holder of a token set a new password. The old one works until then. */
  async offerReset(tx: Tx, userId: string, { token, expiresAt }: { token: string; expiresAt: Date }): Promise<void> {
    await this.#deps.repository.users.offerReset(tx, userId, tokenHash(token), expiresAt);
  }

  /**
   * The account whose password the token resets.
   * @returns undefined when the token is unknown, used or expired.
   */
  findByReset(tx: Tx, token: string): Promise<User | undefined> {
    return this.#deps.repository.users.findByReset(tx, tokenHash(token), this.#deps.clock());
  }

  /**
   * Sets the new password. The operator knows the person who got the token, or it came to the
   * address by mail. So the address is now proven for this account, and for no other.
   * @returns false when the token was used meanwhile.
   * @throws AppError invalid_request at `/password`.
   */
  finishReset(tx: Tx, user: User, token: string, login: Login): Promise<boolean> {
    if (login.fault !== undefined) throw invalid('/password', login.fault, 'password');
    return this.#deps.repository.users.finishReset(tx, user, tokenHash(token), login.newHash, this.#deps.clock());
  }

  /** A token for a new address; nothing is stored yet. */
  mintAddress(): { token: string; expiresAt: Date } {
    return { token: `em_${randomToken()}`, expiresAt: new Date(this.#deps.clock().getTime() + OFFERED_MS) };
  }

  /**
   * Lets the holder of a token give the account its new address. An older token ends.
   * @param oldHash the stored hash when the password was checked.
   * @param login the new address with the present password.
   * @throws AppError email_taken when another account has proven the address, or has this password;
   *   invalid_state when the password was changed meanwhile.
   */
  async offerAddress(
    tx: Tx,
    userId: string,
    { oldHash, login, token, expiresAt }: { oldHash: string; login: Login; token: string; expiresAt: Date },
  ): Promise<void> {
    const { repository } = this.#deps;
    const { email, newHash: passwordHash } = login;
    if ((await this.findProven(tx, email)) || (await this.findByLogin(tx, login))) throw addressTaken();
    const offered = { email, hash: tokenHash(token), passwordHash, expiresAt };
    if (await repository.newAddresses.offer(tx, userId, oldHash, offered)) return;
    throw new AppError('invalid_state', 'The password was changed a moment ago. Use the new password.');
  }

  /**
   * Gives the account of a token its new address, which is proven by this.
   * @returns undefined when the token is unknown, used, replaced or expired.
   * @throws AppError email_taken.
   */
  async takeAddress(tx: Tx, token: string): Promise<NewAddress | undefined> {
    const { repository, clock } = this.#deps;
    const change = await repository.newAddresses.lock(tx, tokenHash(token), clock());
    if (change) await repository.newAddresses.take(tx, change.userId, clock());
    return change;
  }

  /** One salt for all accounts of an address. Nobody outside can guess it. */
  #saltOf(email: string): Buffer {
    const digest = this.#deps.secrets.digest('password-salt', email.toLowerCase());
    return Buffer.from(digest, 'base64url').subarray(0, SALT_BYTES);
  }
}

function emailTaken(): AppError {
  return new AppError(
    'email_taken',
    'An account with this e-mail address already exists. Log in with POST /v1/auth/login.',
  );
}
