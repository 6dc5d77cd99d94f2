import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { Fact } from '../domain/shared/events.js';
import type { User } from '../repositories/AuthRepository.js';
import { newId } from '../utils/ids.js';
import { invalidToken } from './auth/accessTokens.js';
import { Entering, type Entry } from './auth/Entering.js';
import type { Login } from './auth/accounts.js';
import { type CallerDependencies, Callers, type Identity, type Me } from './auth/callers.js';
import type { ProvenTokens } from './auth/provenTokens.js';
import { ReusedRefreshToken } from './auth/sessions.js';
import type { LinkMaker } from './auth/SignedLinks.js';
import { type PresentedToken, readToken } from './auth/tenantTokens.js';
import type { MemberService, OpenInvitation } from './MemberService.js';
import type { NewRestaurant } from './RestaurantService.js';

interface Dependencies extends CallerDependencies {
  tokens: ProvenTokens;
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

export type { Entry } from './auth/Entering.js';

/**
 * Registration, login, and identification of callers. Passwords are hashed outside of transactions,
 * so that no transaction waits for the CPU.
 */
export class AuthService {
  readonly #deps: Dependencies;
  readonly #callers: Callers;
  readonly #entering: Entering;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#entering = new Entering(deps);
    this.#callers = new Callers(deps);
  }

  /**
   * Makes an account, a restaurant, its owner and a session. Another account with the same unproven
   * address does not block the registration: anybody may have made it.
   * @throws AppError email_taken when the address is proven, or when one of its accounts already
   *   has this password; invalid_request for a bad password; overloaded.
   */
  @Track('auth.register')
  async register(call: Call, registration: Registration): Promise<Entry> {
    const { unitOfWork, accounts } = this.#deps;
    const login = await this.#loginOf(call, registration.email, registration.password);
    const { restaurantName: name, currency, timezone } = registration;
    return unitOfWork.run(call, async (tx) => {
      const user = await accounts.register(tx, login, registration.name);
      return this.#found(tx, call, user, { id: newId(), name, currency, timezone });
    });
  }

  /**
   * Makes a demo in the caller's transaction, which then enters the new restaurant. Its owner has
   * no password and an address that receives no mail. The session ends with the demo.
   */
  async openDemo(tx: Tx, call: Call, demo: Omit<NewRestaurant, 'id'> & { demoExpiresAt: string }): Promise<Entry> {
    const id = newId();
    const user = await this.#deps.accounts.addWithoutPassword(tx, `demo-${id}@demo.invalid`, 'Demo Owner');
    return this.#found(tx, call, user, { ...demo, id });
  }

  /**
   * Starts a session in the named restaurant, or in the one that the person joined first.
   * @throws AppError invalid_credentials, with the same message whatever was wrong; overloaded.
   */
  @Track('auth.login')
  async login(
    call: Call,
    login: { email: string; password: string; restaurantId?: string | undefined },
  ): Promise<Entry> {
    const { unitOfWork, accounts, members, restaurants } = this.#deps;
    const hashed = await this.#loginOf(call, login.email, login.password);
    return unitOfWork.run(call, async (tx) => {
      const user = await accounts.findByLogin(tx, hashed);
      if (!user) throw invalidCredentials();
      const restaurantIds = await members.restaurantsOf(tx, user.id);
      const restaurantId =
        login.restaurantId === undefined ? restaurantIds[0] : restaurantIds.find((id) => id === login.restaurantId);
      if (restaurantId === undefined) throw invalidCredentials();
      await tx.enterTenant(restaurantId);
      const restaurant = await restaurants.settings(tx, restaurantId);
      return this.#entering.enter(tx, call, { user, restaurant }, []);
    });
  }

  /**
   * Exchanges a refresh token for new tokens. Each refresh token works once. A second use means
   * that two parties have the token, and nobody can tell which is the right one. So the session
   * ends, and with it every token of the family. Of two simultaneous refreshes, one gets the row's
   * lock; the other counts as a replay and ends the winner's session too. A client that may have to
   * repeat a refresh sends an Idempotency-Key. Tabs of one browser share their token: see
   * `Sessions`.
   * @throws AppError token_reused, invalid_token.
   */
  @Track('auth.refresh')
  async refresh(call: Call, refreshToken: string): Promise<Entry> {
    const presented = readToken('rt', refreshToken);
    if (!presented) throw invalidToken();
    // A repetition with an Idempotency-Key can look for the stored answer just before it is
    // committed and then find the token used. Its second look finds the answer. A real replay fails
    // twice.
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

  /** Ends the session of the call's access token. @throws AppError forbidden for an API key. */
  @Track('auth.logout')
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
   * Makes the holder of an invitation a member and starts a session. The account is the one of the
   * invited address with the given password, or a new one. Other accounts that never proved the
   * address do not block this, and nothing of them is shown.
   * @throws AppError invalid_token; invalid_credentials when another account has proven the
   *   address; invalid_request for a bad new password; overloaded.
   */
  @Track('auth.acceptInvitation')
  async acceptInvitation(
    call: Call,
    acceptance: { token: string; password: string; name?: string | undefined },
  ): Promise<Entry> {
    const { unitOfWork, accounts, members } = this.#deps;
    const presented = readToken('inv', acceptance.token);
    if (!presented) throw unusableInvitation();
    const found = await unitOfWork.read(presented, (tx) => members.findInvitation(tx, presented));
    const login = found && (await this.#loginOf(call, found.email, acceptance.password));
    return unitOfWork.run(call, async (tx) => {
      await tx.enterTenant(presented.restaurantId);
      const invitation = login && (await members.openInvitation(tx, presented));
      // Thrown in here and not earlier: a repetition with an Idempotency-Key finds the invitation
      // used, but must get its stored answer.
      if (!invitation) throw unusableInvitation();
      const user = await this.#accountFor(tx, login, acceptance.name ?? invitation.name);
      if (acceptance.name !== undefined) await accounts.rename(tx, user.id, acceptance.name);
      return this.#join(
        tx,
        call,
        invitation,
        acceptance.name === undefined ? user : { ...user, name: acceptance.name },
      );
    });
  }

  /**
   * Makes the logged-in person a member of a restaurant that invited their address, and starts a
   * session there.
   * @param endsCurrent ends the session of the call: its cookie is replaced.
   * @throws AppError invalid_token; forbidden for an API key, for an account with another address,
   *   and for an account whose address another account has proven.
   */
  @Track('auth.joinAnother')
  async joinAnother(call: Call, token: string, endsCurrent: boolean): Promise<Entry> {
    const { unitOfWork, accounts, members } = this.#deps;
    if (call.actor.kind !== 'user')
      throw new AppError('forbidden', 'An API key cannot join a restaurant. Log in as a person.');
    const presented = readToken('inv', token);
    return unitOfWork.run(call, async (tx) => {
      if (presented) await tx.enterTenant(presented.restaurantId);
      const invitation = presented && (await members.openInvitation(tx, presented));
      if (!invitation) throw unusableInvitation();
      const user = await accounts.share(tx, call.actor.id);
      const proven = await accounts.findProven(tx, invitation.email);
      if (user.email.toLowerCase() !== invitation.email.toLowerCase() || (proven ?? user.id) !== user.id)
        throw new AppError(
          'forbidden',
          'This invitation is for another e-mail address. Log in with an account of that address.',
        );
      const entry = await this.#join(tx, call, invitation, user);
      if (endsCurrent) await this.#entering.leave(tx, call);
      // The answer for the Idempotency-Key is stored in the restaurant that the call came from.
      await tx.enterTenant(call.restaurantId);
      return entry;
    });
  }

  /** Finds the caller from an access token or an API key. @throws AppError invalid_token. */
  identify(token: string): Promise<Identity> {
    return this.#callers.identify(token);
  }

  /**
   * Same as `identify`, but only for a caller in memory, without a query.
   * @returns undefined for all others.
   */
  recall(token: string): Identity | undefined {
    return this.#callers.recall(token);
  }

  /** The maker of a signed link, with the rights of now. @throws AppError invalid_token. */
  identifyMaker(maker: LinkMaker): Promise<Identity> {
    return this.#callers.identifyMaker(maker);
  }

  /** True when `identify` would query the database for a token that anybody could have invented. */
  mayBeInvented(token: string): boolean {
    return this.#deps.apiKeys.mayBeInvented(token);
  }

  /**
   * An id that all refresh tokens of one session share.
   * @returns undefined for a token that this server did not make.
   */
  refreshFamily(refreshToken: string): string | undefined {
    return this.#deps.tokens.familyOf('rt', refreshToken);
  }

  @Track('auth.me')
  me(call: Call): Promise<Me> {
    return this.#callers.me(call);
  }

  #rotate(call: Call, presented: PresentedToken): Promise<Entry> {
    const { unitOfWork, accounts, sessions, restaurants } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      await tx.enterTenant(presented.restaurantId);
      const { userId, tokens } = await sessions.rotate(tx, presented, call.isBrowser);
      const user = await accounts.find(tx, userId);
      const restaurant = await restaurants.settings(tx, presented.restaurantId);
      return { ...tokens, user, restaurant };
    });
  }

  /**
   * Runs in its own transaction. The transaction that met the replay was rolled back, together with
   * its Idempotency-Key.
   */
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

  #loginOf(call: Call, email: string, password: string): Promise<Login> {
    return this.#deps.accounts.login((work) => this.#deps.unitOfWork.read(call, work), email, password);
  }

  /**
   * The account of the login, or a new one.
   * @throws AppError invalid_credentials when another account has proven the address.
   */
  async #accountFor(tx: Tx, login: Login, name: string): Promise<User> {
    const { accounts } = this.#deps;
    const known = await accounts.findByLogin(tx, login);
    const proven = await accounts.findProven(tx, login.email);
    if (proven !== undefined && proven !== known?.id) throw invalidCredentials();
    return known ?? accounts.register(tx, login, name);
  }

  async #join(tx: Tx, call: Call, invitation: OpenInvitation, user: User): Promise<Entry> {
    const { members, restaurants } = this.#deps;
    const { restaurantId, role } = invitation;
    const memberId = await members.join(tx, invitation, user.id);
    const restaurant = await restaurants.settings(tx, restaurantId);
    const joined: Fact = {
      type: 'member.joined',
      subject: 'member',
      subjectId: memberId,
      data: { userId: user.id, role },
    };
    return this.#entering.enter(tx, call, { user, restaurant }, [joined]);
  }

  async #found(tx: Tx, call: Call, user: User, newRestaurant: NewRestaurant): Promise<Entry> {
    const { restaurants, members } = this.#deps;
    const { id, ...data } = newRestaurant;
    await tx.enterTenant(id);
    const restaurant = await restaurants.create(tx, newRestaurant);
    await members.addOwner(tx, id, user.id);
    const registered: Fact = { type: 'restaurant.registered', subject: 'restaurant', subjectId: id, data };
    return this.#entering.enter(tx, call, { user, restaurant }, [registered]);
  }
}

/** The message does not tell which part was wrong. */
function invalidCredentials(): AppError {
  return new AppError(
    'invalid_credentials',
    'E-mail address, password or restaurant is wrong. Check them and try again.',
  );
}

function unusableInvitation(): AppError {
  return new AppError('invalid_token', 'This invitation is unknown, used, replaced or expired. Ask for a new one.');
}
