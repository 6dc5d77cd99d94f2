import { Track } from '../../decorators/Performance.js';
import type { Tx } from '../../config/database.js';
import { type Call, NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import { changesBetween, type Fact } from '../../domain/shared/events.js';
import type { AddressAccount, Session, User } from '../../repositories/AuthRepository.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import { invalidToken } from './accessTokens.js';
import type { Accounts } from './accounts.js';
import type { Passwords } from './passwords.js';
import { inEachRestaurant, personOf } from './persons.js';
import type { Sessions } from './sessions.js';
import type { Clock } from '../../utils/clock.js';
import type { MemberService } from '../MemberService.js';
import type { Announcer } from '../messaging/Announcer.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';

/**
 * Accounts of one address that a forgotten password may concern, and restaurants that a mail names.
 */
const MAILED_ACCOUNTS = 5;
const NAMED_RESTAURANTS = 5;
const ONE_MAIL_IN_MS = 5 * 60_000;
const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Dependencies {
  unitOfWork: UnitOfWork;
  accounts: Accounts;
  sessions: Sessions;
  passwords: Passwords;
  members: Pick<MemberService, 'restaurantsOf'>;
  restaurants: Pick<RestaurantService, 'settings'>;
  cursors: Cursors;
  announcer: Announcer;
  clock: Clock;
}

export interface OwnSession extends Session {
  /** True for the session of this call. */
  isCurrent: boolean;
}

/** An account as the operator sees it, with the names of its restaurants. */
export interface KnownAccount extends AddressAccount {
  restaurants: string[];
}

/** Changes of a person's own profile. Absent fields stay. */
export interface ProfileChange {
  name?: string | undefined;
  language?: PrintLanguage | null | undefined;
}

/** A one-time token for a new password. */
export interface Reset {
  account: Omit<User, 'language'>;
  token: string;
  expiresAt: Date;
}

/**
 * A person's own account: password and sessions, in all restaurants where the person is a member.
 */
export class AccountService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Changes the caller's password and ends all of the caller's other sessions.
   * @throws AppError forbidden for an API key; invalid_request at `/currentPassword` and
   *   `/newPassword`; invalid_state.
   */
  @Track('account.changePassword')
  async changePassword(call: Call, change: { currentPassword: string; newPassword: string }): Promise<void> {
    const { unitOfWork, accounts, passwords } = this.#deps;
    const { userId, sessionId } = personOf(call);
    const account = await unitOfWork.read(call, (tx) => accounts.findCredentials(tx, userId));
    const { passwordHash } = account;
    const isRight = await passwords.verifyOrPretend(passwordHash, change.currentPassword);
    const read = <T>(work: (tx: Tx) => Promise<T>) => unitOfWork.read(call, work);
    const login = isRight && (await accounts.login(read, account.email, change.newPassword));
    await unitOfWork.run(call, async (tx) => {
      // Thrown in here and not earlier: a repetition with an Idempotency-Key finds the password
      // changed, but must get its stored answer.
      if (!login || passwordHash === undefined)
        throw invalid('/currentPassword', 'This is not your current password.', 'wrong_password');
      const holder = await accounts.findByLogin(tx, login);
      if (holder) throw invalid('/newPassword', 'This password cannot be used. Choose another one.', 'other_password');
      await accounts.changePassword(tx, userId, passwordHash, login);
      await this.#endAll(tx, call, userId, 'password_changed', {
        keep: sessionId,
        fact: accountFact('account.password_changed', userId),
      });
    });
  }

  /**
   * The caller's live sessions in all restaurants, newest first.
   * @throws AppError forbidden for an API key.
   */
  @Track('account.listSessions')
  listSessions(call: Call, page: Page): Promise<PageOf<OwnSession>> {
    const { unitOfWork, sessions, members, cursors } = this.#deps;
    const { userId, sessionId } = personOf(call);
    const binding = [call.restaurantId, 'sessions', userId];
    const before = cursors.read(page.cursor, binding) ?? AFTER_ALL;
    return unitOfWork.read(call, async (tx) => {
      const found: OwnSession[] = [];
      for (const restaurantId of await members.restaurantsOf(tx, userId)) {
        await tx.enterTenant(restaurantId);
        const rows = await sessions.list(tx, restaurantId, userId, { before, limit: page.limit + 1 });
        found.push(...rows.map((session) => ({ ...session, isCurrent: session.id === sessionId })));
      }
      found.sort((a, b) => (a.id > b.id ? -1 : 1));
      return cursors.page(found.slice(0, page.limit + 1), page.limit, binding, (session) => session.id);
    });
  }

  /** Ends one of the caller's sessions. @throws AppError not_found; forbidden for an API key. */
  @Track('account.endSession')
  endSession(call: Call, id: string): Promise<void> {
    const { unitOfWork, sessions } = this.#deps;
    const { userId } = personOf(call);
    return unitOfWork.run(call, async (tx) => {
      let isEnded = false;
      await inEachRestaurant(tx, this.#deps.members, { call, userId }, async (restaurantId) => {
        if (isEnded || !(await sessions.endOf(tx, restaurantId, { id, userId }, 'ended_by_person'))) return;
        isEnded = true;
        await unitOfWork.record(tx, call, [endedFact(id, userId, 'ended_by_person')], restaurantId);
      });
      if (!isEnded) throw notFound('session');
    });
  }

  /**
   * Ends all of the caller's sessions, including the current one.
   * @throws AppError forbidden for an API key.
   */
  @Track('account.endSessions')
  endSessions(call: Call): Promise<void> {
    const { unitOfWork, accounts } = this.#deps;
    const { userId } = personOf(call);
    return unitOfWork.run(call, async (tx) => {
      // A session that begins at this moment, in any restaurant, must not stay.
      await accounts.lock(tx, userId);
      await this.#endAll(tx, call, userId, 'ended_by_person');
    });
  }

  /**
   * Changes the caller's name and language, in all restaurants.
   * @throws AppError forbidden for an API key.
   */
  @Track('account.changeProfile')
  changeProfile(call: Call, change: ProfileChange): Promise<User> {
    const { unitOfWork, accounts } = this.#deps;
    const { userId } = personOf(call);
    return unitOfWork.run(call, async (tx) => {
      await accounts.lock(tx, userId);
      const before = await accounts.find(tx, userId);
      const { name = before.name, language = before.language } = change;
      const user = { ...before, name, language };
      const changes = changesBetween(before, user);
      if (Object.keys(changes).length === 0) return user;
      await accounts.changeProfile(tx, user);
      const fact: Fact = { type: 'account.changed', subject: 'account', subjectId: userId, data: { userId }, changes };
      await inEachRestaurant(tx, this.#deps.members, { call, userId }, (restaurantId) =>
        unitOfWork.record(tx, call, [fact], restaurantId),
      );
      return user;
    });
  }

  /**
   * Accounts of an address, for the operator: oldest first, at most a hundred.
   * @param accountId limits the result to this account.
   */
  ofAddress(email: string, accountId?: string): Promise<KnownAccount[]> {
    const { unitOfWork, accounts, members, restaurants } = this.#deps;
    return unitOfWork.read({ restaurantId: NO_RESTAURANT }, async (tx) => {
      const known: KnownAccount[] = [];
      for (const account of await accounts.ofAddress(tx, email, accountId)) {
        const names: string[] = [];
        for (const id of await members.restaurantsOf(tx, account.id)) {
          await tx.enterTenant(id);
          names.push((await restaurants.settings(tx, id)).name);
        }
        known.push({ ...account, restaurants: names });
      }
      return known;
    });
  }

  /**
   * Lets the operator give an account back to its owner. The old password stops working, the
   * sessions end, and the holder of the token sets a new password.
   */
  reset(account: Reset['account']): Promise<Reset> {
    const call = systemCall(NO_RESTAURANT, 'command line');
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const { token, expiresAt } = await this.#deps.accounts.startReset(tx, account.id);
      await this.#endAll(tx, call, account.id, 'account_reset', { fact: accountFact('account.reset', account.id) });
      return { account, token, expiresAt };
    });
  }

  /**
   * Mails a token to each account of an address, if it has any: nobody learns whether it does. The
   * old password works until the token is used. At most one mail for an account in five minutes.
   * @throws AppError messages_not_configured without a mail server.
   */
  @Track('account.offerReset')
  offerReset(call: Call, email: string): Promise<void> {
    const { unitOfWork, accounts, members, restaurants, announcer, clock } = this.#deps;
    if (!announcer.isOn)
      throw new AppError('messages_not_configured', 'This server sends no mail. Ask its operator for a reset.', {
        retryAfterSeconds: 3_600,
      });
    const period = String(Math.floor(clock().getTime() / ONE_MAIL_IN_MS));
    return unitOfWork.run(call, async (tx) => {
      for (const account of (await accounts.ofAddress(tx, email)).slice(0, MAILED_ACCOUNTS)) {
        const ids = await members.restaurantsOf(tx, account.id);
        const [home] = ids;
        if (home === undefined) continue;
        const names: string[] = [];
        for (const id of ids.slice(0, NAMED_RESTAURANTS)) {
          await tx.enterTenant(id);
          names.push((await restaurants.settings(tx, id)).name);
        }
        await tx.enterTenant(home);
        const reset = accounts.mintReset();
        if (await announcer.mayReset(home, tx, { ...account, restaurants: names }, reset, period))
          await accounts.offerReset(tx, account.id, reset);
      }
      await tx.enterTenant(call.restaurantId);
    });
  }

  /**
   * Sets the new password of a reset. From then on, the address is proven for this account, and for
   * no other.
   * @throws AppError invalid_token when the token is unknown, used or expired; invalid_request at
   *   `/password`; overloaded.
   */
  @Track('account.finishReset')
  async finishReset(call: Call, { token, password }: { token: string; password: string }): Promise<void> {
    const { unitOfWork, accounts } = this.#deps;
    const read = <T>(work: (tx: Tx) => Promise<T>) => unitOfWork.read(call, work);
    const user = await read((tx) => accounts.findByReset(tx, token));
    const login = user && (await accounts.login(read, user.email, password));
    await unitOfWork.run(call, async (tx) => {
      // Thrown in here as above: a repetition finds the token used.
      if (!user || !login) throw invalidToken();
      if (await accounts.findByLogin(tx, login))
        throw invalid('/password', 'This password cannot be used. Choose another one.', 'other_password');
      if (!(await accounts.finishReset(tx, user, token, login))) throw invalidToken();
      const person: Call = { ...call, actor: { kind: 'user', id: user.id } };
      await this.#endAll(tx, person, user.id, 'account_reset', {
        fact: accountFact('account.password_changed', user.id),
      });
    });
  }

  /** @param also a session to keep, and a fact to record in every restaurant of the person. */
  #endAll(
    tx: Tx,
    call: Call,
    userId: string,
    reason: string,
    also: { keep?: string; fact?: Fact } = {},
  ): Promise<void> {
    const { unitOfWork, sessions } = this.#deps;
    return inEachRestaurant(tx, this.#deps.members, { call, userId }, async (restaurantId) => {
      const ended = await sessions.endAllOf(tx, restaurantId, userId, reason, also.keep);
      const facts = [...(also.fact ? [also.fact] : []), ...ended.map((id) => endedFact(id, userId, reason))];
      if (facts.length > 0) await unitOfWork.record(tx, call, facts, restaurantId);
    });
  }
}

function endedFact(sessionId: string, userId: string, reason: string): Fact {
  return { type: 'session.revoked', subject: 'session', subjectId: sessionId, data: { userId, reason } };
}

function accountFact(type: 'account.password_changed' | 'account.reset', userId: string): Fact {
  return { type, subject: 'account', subjectId: userId, data: { userId } };
}
