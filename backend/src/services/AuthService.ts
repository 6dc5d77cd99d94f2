import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Actor, Call } from '../domain/call.js';
import { AppError } from '../domain/errors.js';
import type { Fact } from '../domain/events.js';
import type { RestaurantSettings } from '../domain/restaurant.js';
import type { User } from '../repositories/AuthRepository.js';
import { newId } from '../utils/ids.js';
import { invalidToken } from './auth/accessTokens.js';
import { type CallerDependencies, Callers, type Me } from './auth/callers.js';
import type { Passwords } from './auth/passwords.js';
import { ReusedRefreshToken, type SessionTokens } from './auth/sessions.js';
import { type PresentedToken, readToken } from './auth/tenantTokens.js';
import type { MemberService } from './MemberService.js';
import type { NewRestaurant } from './RestaurantService.js';

interface Dependencies extends CallerDependencies {
  passwords: Passwords;
  members: MemberService;
}

export interface Registration {
  email: string;
  password: string;
  name: string;
  restaurantName: string;
  currency: string;
  timezone: string;
}

/** What everyone who comes in receives. */
export interface Entry extends SessionTokens {
  user: User;
  restaurant: RestaurantSettings;
}

/** Who comes in, and who is calling. Passwords are hashed outside of transactions, so that none waits for a processor. */
export class AuthService {
  readonly #deps: Dependencies;
  readonly #callers: Callers;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#callers = new Callers(deps);
  }

  /**
   * Makes an account, a restaurant, its owner and a session.
   * @throws AppError email_taken; invalid_request for a bad password; overloaded.
   */
  @Track('auth.register')
  async register(call: Call, registration: Registration): Promise<Entry> {
    const { unitOfWork, accounts, passwords } = this.#deps;
    const passwordHash = await passwords.hash(registration.password);
    const { restaurantName: name, currency, timezone } = registration;
    return unitOfWork.run(call, async (tx) => {
      const user = await accounts.register(tx, registration.email, registration.name, passwordHash);
      return this.#found(tx, call, user, { id: newId(), name, currency, timezone });
    });
  }

  /**
   * Makes a demo in the caller's transaction, which is then that restaurant's: with an owner who has no password and an address
   * that no mail reaches, and a session that ends with the demo.
   */
  async openDemo(tx: Tx, call: Call, demo: Omit<NewRestaurant, 'id'> & { demoExpiresAt: string }): Promise<Entry> {
    const id = newId();
    const user = await this.#deps.accounts.findOrInvite(tx, `demo-${id}@demo.invalid`, 'Demo Owner');
    return this.#found(tx, call, user, { ...demo, id });
  }

  /**
   * Starts a session in the named restaurant, or in the one the person joined first.
   * @throws AppError invalid_credentials, the same whatever was wrong; overloaded.
   */
  @Track('auth.login')
  async login(
    call: Call,
    login: { email: string; password: string; restaurantId?: string | undefined },
  ): Promise<Entry> {
    const { unitOfWork, accounts, passwords, members, restaurants } = this.#deps;
    const account = await unitOfWork.read(call, (tx) => accounts.findByEmail(tx, login.email));
    const isRight = await passwords.verifyOrPretend(account?.passwordHash, login.password);
    if (!account || !isRight) throw invalidCredentials();
    return unitOfWork.run(call, async (tx) => {
      const restaurantIds = await members.restaurantsOf(tx, account.id);
      const restaurantId =
        login.restaurantId === undefined ? restaurantIds[0] : restaurantIds.find((id) => id === login.restaurantId);
      if (restaurantId === undefined) throw invalidCredentials();
      await tx.enterTenant(restaurantId);
      const restaurant = await restaurants.settings(tx, restaurantId);
      return this.#enter(
        tx,
        call,
        { user: { id: account.id, email: account.email, name: account.name }, restaurant },
        [],
      );
    });
  }

  /**
   * Trades a refresh token for new tokens; each is good for one trade. A second use means that a token is in two hands,
   * and nobody can tell whose are the right ones: the session ends, and with it every token of the family. So of two
   * simultaneous refreshes one wins the row's lock, and the other, being a replay, takes the winner's session down too.
   * Whoever may have to repeat a refresh sends an Idempotency-Key.
   * @throws AppError token_reused, invalid_token.
   */
  @Track('auth.refresh')
  async refresh(call: Call, refreshToken: string): Promise<Entry> {
    const presented = readToken('rt', refreshToken);
    if (!presented) throw invalidToken();
    // A repetition under an Idempotency-Key can look for the stored answer just before it is committed, and then meet
    // the token as used. Its second look finds the answer; a real replay fails twice.
    const looks = call.idempotency ? 2 : 1;
    for (let look = 1; ; look += 1) {
      try {
        return await this.#rotate(call, presented);
      } catch (error) {
        if (!(error instanceof ReusedRefreshToken)) throw error;
        if (look < looks) continue;
        await this.#revokeReused(call, presented.restaurantId, error);
        throw new AppError(
          'token_reused',
          'This refresh token was used before, so its session has been ended. Log in again.',
          { cause: error },
        );
      }
    }
  }

  /** Ends the session of the access token that came with the call. @throws AppError forbidden for an API key. */
  async logout(call: Call): Promise<void> {
    const { unitOfWork, sessions } = this.#deps;
    const { sessionId, id: userId } = call.actor;
    if (sessionId === undefined)
      throw new AppError('forbidden', 'An API key has no session. Revoke it with DELETE /v1/api-keys/{id}.');
    await unitOfWork.run(call, async (tx) => {
      if (!(await sessions.end(tx, call.restaurantId, sessionId, 'logout'))) return;
      await unitOfWork.record(tx, call, [
        { type: 'session.ended', subject: 'session', subjectId: sessionId, data: { userId } },
      ]);
    });
  }

  /**
   * Makes the holder of an invitation a member and starts his session. With an account he proves it by its password;
   * without one, the password given here becomes his.
   * @throws AppError invalid_token, invalid_credentials, invalid_request for a bad new password, overloaded.
   */
  async acceptInvitation(
    call: Call,
    acceptance: { token: string; password: string; name?: string | undefined },
  ): Promise<Entry> {
    const { unitOfWork, accounts, members, restaurants } = this.#deps;
    const presented = readToken('inv', acceptance.token);
    if (!presented) throw unusableInvitation();
    const { restaurantId } = presented;
    const proof = await this.#checkInvited(presented, acceptance.password);
    return unitOfWork.run(call, async (tx) => {
      await tx.enterTenant(restaurantId);
      // Thrown in here and not before: a repetition under an Idempotency-Key finds the invitation used, and its answer stored.
      const invitation = proof && (await members.join(tx, presented));
      if (!invitation) throw unusableInvitation();
      const { memberId, userId, role } = invitation;
      if (proof.newHash !== undefined) await accounts.setFirstPassword(tx, userId, proof.newHash);
      if (acceptance.name !== undefined) await accounts.rename(tx, userId, acceptance.name);
      const user = await accounts.find(tx, userId);
      const restaurant = await restaurants.settings(tx, restaurantId);
      return this.#enter(tx, call, { user, restaurant }, [
        { type: 'member.joined', subject: 'member', subjectId: memberId, data: { userId, role } },
      ]);
    });
  }

  /** Who calls, from an access token or an API key. @throws AppError invalid_token. */
  identify(token: string): Promise<Omit<Call, 'requestId'>> {
    return this.#callers.identify(token);
  }

  me(call: Call): Promise<Me> {
    return this.#callers.me(call);
  }

  #rotate(call: Call, presented: PresentedToken): Promise<Entry> {
    const { unitOfWork, accounts, sessions, restaurants } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      await tx.enterTenant(presented.restaurantId);
      const { userId, tokens } = await sessions.rotate(tx, presented);
      const user = await accounts.find(tx, userId);
      const restaurant = await restaurants.settings(tx, presented.restaurantId);
      return { ...tokens, user, restaurant };
    });
  }

  /** In a transaction of its own: the one that met the replay has been rolled back, its Idempotency-Key with it. */
  async #revokeReused(call: Call, restaurantId: string, reuse: ReusedRefreshToken): Promise<void> {
    const { unitOfWork, sessions } = this.#deps;
    const { sessionId, userId } = reuse;
    const ownCall: Call = { restaurantId, actor: call.actor, scopes: call.scopes, requestId: call.requestId };
    await unitOfWork.run(ownCall, async (tx) => {
      if (!(await sessions.end(tx, restaurantId, sessionId, 'refresh_token_reused'))) return;
      const data = { userId, reason: 'refresh_token_reused' };
      await unitOfWork.record(tx, ownCall, [
        { type: 'session.revoked', subject: 'session', subjectId: sessionId, data },
      ]);
    });
  }

  /**
   * @returns undefined when there is no such invitation; else that the password is right, or the hash to store for
   *   somebody who has none yet.
   */
  async #checkInvited(presented: PresentedToken, password: string): Promise<{ newHash?: string } | undefined> {
    const { unitOfWork, accounts, members, passwords } = this.#deps;
    const account = await unitOfWork.read(presented, async (tx) => {
      const invitation = await members.findInvitation(tx, presented);
      return invitation && accounts.findCredentials(tx, invitation.userId);
    });
    if (!account) return undefined;
    if (account.passwordHash === undefined) return { newHash: await passwords.hash(password) };
    if (await passwords.verifyOrPretend(account.passwordHash, password)) return {};
    throw invalidCredentials();
  }

  async #found(tx: Tx, call: Call, user: User, newRestaurant: NewRestaurant): Promise<Entry> {
    const { restaurants, members } = this.#deps;
    const { id, ...data } = newRestaurant;
    await tx.enterTenant(id);
    const restaurant = await restaurants.create(tx, newRestaurant);
    await members.addOwner(tx, id, user.id);
    const registered: Fact = { type: 'restaurant.registered', subject: 'restaurant', subjectId: id, data };
    return this.#enter(tx, call, { user, restaurant }, [registered]);
  }

  /** Starts the session and records it, and what came before it, as the person's own doing. */
  async #enter(
    tx: Tx,
    call: Call,
    who: { user: User; restaurant: RestaurantSettings },
    facts: readonly Fact[],
  ): Promise<Entry> {
    const { unitOfWork, sessions } = this.#deps;
    const { user, restaurant } = who;
    const { sessionId, tokens } = await sessions.start(tx, restaurant, user.id);
    const actor: Actor = { kind: 'user', id: user.id, sessionId };
    const started: Fact = {
      type: 'session.started',
      subject: 'session',
      subjectId: sessionId,
      data: { userId: user.id },
    };
    await unitOfWork.record(tx, { ...call, actor }, [...facts, started], restaurant.id);
    return { ...tokens, user, restaurant };
  }
}

/** Says nothing of which part was wrong. */
function invalidCredentials(): AppError {
  return new AppError('invalid_credentials', 'E-mail address, password or restaurant is wrong.');
}

function unusableInvitation(): AppError {
  return new AppError('invalid_token', 'This invitation is unknown, used, replaced or expired. Ask for a new one.');
}
