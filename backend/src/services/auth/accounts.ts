import type { Tx } from '../../config/database.js';
import { AppError } from '../../domain/errors.js';
import type { AuthRepository, Credentials, User } from '../../repositories/AuthRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';

interface Dependencies {
  repository: AuthRepository;
  clock: Clock;
}

/** People and their passwords. One account may be a member of many restaurants. */
export class Accounts {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  find(tx: Tx, userId: string): Promise<User> {
    return this.#deps.repository.findUser(tx, userId);
  }

  findByEmail(tx: Tx, email: string): Promise<Credentials | undefined> {
    return this.#deps.repository.findCredentials(tx, email);
  }

  findCredentials(tx: Tx, userId: string): Promise<Credentials> {
    return this.#deps.repository.findCredentialsOfUser(tx, userId);
  }

  /** @throws AppError email_taken. */
  async register(tx: Tx, email: string, name: string, passwordHash: string): Promise<User> {
    const user = await this.#deps.repository.registerUser(
      tx,
      { id: newId(), email, name },
      passwordHash,
      this.#deps.clock(),
    );
    if (user) return user;
    throw new AppError('email_taken', 'There is an account with this e-mail address. Log in with POST /v1/auth/login.');
  }

  /** The user of the address; made without a password if there is none. @param name ignored for a known address. */
  async findOrInvite(tx: Tx, email: string, name: string): Promise<User> {
    const { repository, clock } = this.#deps;
    await repository.insertInvitedUser(tx, { id: newId(), email, name }, clock());
    const user = await repository.findCredentials(tx, email);
    if (!user) throw new Error('the user just made is not there');
    return { id: user.id, email: user.email, name: user.name };
  }

  /** @throws AppError invalid_state when a password was set meanwhile. */
  async setFirstPassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
    if (await this.#deps.repository.setFirstPassword(tx, userId, passwordHash)) return;
    throw new AppError('invalid_state', 'This account was given a password a moment ago. Accept again with that one.');
  }

  async rename(tx: Tx, userId: string, name: string): Promise<void> {
    await this.#deps.repository.renameUser(tx, userId, name);
  }
}
