import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Actor, Call } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { Fact } from '../domain/shared/events.js';
import type { RestaurantSettings } from '../domain/restaurant/restaurant.js';
import type { User } from '../repositories/AuthRepository.js';
import { newId } from '../utils/ids.js';
import { invalidToken } from './auth/accessTokens.js';
import type { Login } from './auth/accounts.js';
import { type CallerDependencies, Callers, type Identity, type Me } from './auth/callers.js';
import type { ProvenTokens } from './auth/provenTokens.js';
import { ReusedRefreshToken, type SessionTokens } from './auth/sessions.js';
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
   * Makes an account, a restaurant, its owner and a session. Another account of the address, which nobody has proven, is in
   * nobody's way: it may be anybody's.
   * @throws AppError email_taken when the address is proven or this is its password already; invalid_request for a bad password; overloaded.
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
   * Makes a demo in the caller's transaction, which is then that restaurant's: with an owner who has no password and an address
   * that no mail reaches, and a session that ends with the demo.
   */
  async openDemo(tx: Tx, call: Call, demo: Omit<NewRestaurant, 'id'> & { demoExpiresAt: string }): Promise<Entry> {
    const id = newId();
    const user = await this.#deps.accounts.addWithoutPassword(tx, `demo-${id}@demo.invalid`, 'Demo Owner');
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
      return this.#enter(tx, call, { user, restaurant }, []);
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
   * Makes the holder of an invitation a member and starts his session: with the account of the invited address whose password he
   * gives, or else with a new one. What others did under an address that they did not prove is in nobody's way, and not shown.
   * @throws AppError invalid_token; invalid_credentials when somebody has proven the address and this is not his password;
   *   invalid_request for a bad new password; overloaded.
   */
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
      // Thrown in here and not before: a repetition under an Idempotency-Key finds the invitation used, and its answer stored.
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
   * Makes the person who is logged in a member of a restaurant that invited his address, and starts a session there.
   * @throws AppError invalid_token; forbidden for an API key, and for an account of another address or one whose address somebody
   *   else has proven.
   */
  async joinAnother(call: Call, token: string): Promise<Entry> {
    const { unitOfWork, accounts, members } = this.#deps;
    if (call.actor.kind !== 'user') throw new AppError('forbidden', 'An API key is nobody and joins no restaurant.');
    const presented = readToken('inv', token);
    return unitOfWork.run(call, async (tx) => {
      if (presented) await tx.enterTenant(presented.restaurantId);
      const invitation = presented && (await members.openInvitation(tx, presented));
      if (!invitation) throw unusableInvitation();
      const user = await accounts.find(tx, call.actor.id);
      const proven = await accounts.findProven(tx, invitation.email);
      if (user.email.toLowerCase() !== invitation.email.toLowerCase() || (proven ?? user.id) !== user.id)
        throw new AppError('forbidden', 'This invitation is for another address than that of your account.');
      const entry = await this.#join(tx, call, invitation, user);
      // The answer under an Idempotency-Key belongs where the call came from.
      await tx.enterTenant(call.restaurantId);
      return entry;
    });
  }

  /** Who calls, from an access token or an API key. @throws AppError invalid_token. */
  identify(token: string): Promise<Identity> {
    return this.#callers.identify(token);
  }

  /** The same of who is known from a moment ago, without asking anybody. @returns undefined for all others. */
  recall(token: string): Identity | undefined {
    return this.#callers.recall(token);
  }

  /** Whether `identify` would ask the database about a token that anybody could have invented. */
  mayBeInvented(token: string): boolean {
    return this.#deps.apiKeys.mayBeInvented(token);
  }

  /** What the refresh tokens of one session have in common. @returns undefined for a token that this server did not make. */
  refreshFamily(refreshToken: string): string | undefined {
    return this.#deps.tokens.familyOf('rt', refreshToken);
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

  #loginOf(call: Call, email: string, password: string): Promise<Login> {
    return this.#deps.accounts.login((work) => this.#deps.unitOfWork.read(call, work), email, password);
  }

  /** The account of the login, or a new one. @throws AppError invalid_credentials when the address is proven by another one. */
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
    return this.#enter(tx, call, { user, restaurant }, [joined]);
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
