import type { Tx } from '../../config/database.js';
import { type Call, NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { Fact } from '../../domain/shared/events.js';
import type { AddressAccount, Session, User } from '../../repositories/AuthRepository.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import { invalidToken } from './accessTokens.js';
import type { Accounts } from './accounts.js';
import type { Passwords } from './passwords.js';
import type { Sessions } from './sessions.js';
import type { MemberService } from '../MemberService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Dependencies {
  unitOfWork: UnitOfWork;
  accounts: Accounts;
  sessions: Sessions;
  passwords: Passwords;
  members: Pick<MemberService, 'restaurantsOf'>;
  restaurants: Pick<RestaurantService, 'settings'>;
  cursors: Cursors;
}

export interface OwnSession extends Session {
  /** The session of this very call. */
  isCurrent: boolean;
}

/** An account as the operator sees it, with the names of its restaurants. */
export interface KnownAccount extends AddressAccount {
  restaurants: string[];
}

/** A one-time token for a new password. */
export interface Reset {
  account: User;
  token: string;
  expiresAt: Date;
}

/** A person's own account: password and sessions, in all restaurants in which he works. */
export class AccountService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Changes one's own password and ends all of one's sessions but the one that calls.
   * @throws AppError forbidden for an API key; invalid_request at `/currentPassword` and `/newPassword`; invalid_state.
   */
  async changePassword(call: Call, change: { currentPassword: string; newPassword: string }): Promise<void> {
    const { unitOfWork, accounts, passwords } = this.#deps;
    const { userId, sessionId } = personOf(call);
    const account = await unitOfWork.read(call, (tx) => accounts.findCredentials(tx, userId));
    const { passwordHash } = account;
    const isRight = await passwords.verifyOrPretend(passwordHash, change.currentPassword);
    const read = <T>(work: (tx: Tx) => Promise<T>) => unitOfWork.read(call, work);
    const login = isRight && (await accounts.login(read, account.email, change.newPassword));
    await unitOfWork.run(call, async (tx) => {
      // Thrown in here and not before: a repetition under an Idempotency-Key finds the password changed, and its answer stored.
      if (!login || passwordHash === undefined)
        throw invalid('/currentPassword', 'This is not the password of your account.');
      const holder = await accounts.findByLogin(tx, login);
      if (holder) throw invalid('/newPassword', 'This password cannot be taken. Choose another one.');
      await accounts.changePassword(tx, userId, passwordHash, login);
      await this.#endAll(tx, call, userId, 'password_changed', {
        keep: sessionId,
        fact: accountFact('account.password_changed', userId),
      });
    });
  }

  /** One's sessions in all restaurants that are alive, the newest first. @throws AppError forbidden for an API key. */
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

  /** Ends one of one's own sessions. @throws AppError not_found; forbidden for an API key. */
  endSession(call: Call, id: string): Promise<void> {
    const { unitOfWork, sessions } = this.#deps;
    const { userId } = personOf(call);
    return unitOfWork.run(call, async (tx) => {
      let isEnded = false;
      await this.#inEach(tx, call, userId, async (restaurantId) => {
        if (isEnded || !(await sessions.endOf(tx, restaurantId, { id, userId }, 'ended_by_person'))) return;
        isEnded = true;
        await unitOfWork.record(tx, call, [endedFact(id, userId, 'ended_by_person')], restaurantId);
      });
      if (!isEnded) throw notFound('session');
    });
  }

  /** Ends all of one's sessions, the one that calls too. @throws AppError forbidden for an API key. */
  endSessions(call: Call): Promise<void> {
    const { userId } = personOf(call);
    return this.#deps.unitOfWork.run(call, (tx) => this.#endAll(tx, call, userId, 'ended_by_person'));
  }

  /** Accounts of an address, for the operator: the oldest first, a hundred at most. @param accountId the only one that is asked for. */
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
   * The operator's way to give an account back: its password is none any more, its sessions end, and whoever is handed the token
   * sets a new one.
   */
  reset(account: User): Promise<Reset> {
    const call = systemCall(NO_RESTAURANT, 'command line');
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const { token, expiresAt } = await this.#deps.accounts.startReset(tx, account.id);
      await this.#endAll(tx, call, account.id, 'account_reset', { fact: accountFact('account.reset', account.id) });
      return { account, token, expiresAt };
    });
  }

  /**
   * Sets the password that a reset waits for. The address is proven from then on, and no other account's.
   * @throws AppError invalid_token when the token is unknown, used or expired; invalid_request at `/password`; overloaded.
   */
  async finishReset(call: Call, { token, password }: { token: string; password: string }): Promise<void> {
    const { unitOfWork, accounts } = this.#deps;
    const read = <T>(work: (tx: Tx) => Promise<T>) => unitOfWork.read(call, work);
    const user = await read((tx) => accounts.findByReset(tx, token));
    const login = user && (await accounts.login(read, user.email, password));
    await unitOfWork.run(call, async (tx) => {
      // As above: the token is used when this is repeated.
      if (!user || !login) throw invalidToken();
      if (await accounts.findByLogin(tx, login))
        throw invalid('/password', 'This password cannot be taken. Choose another one.');
      if (!(await accounts.finishReset(tx, user, token, login))) throw invalidToken();
      const person: Call = { ...call, actor: { kind: 'user', id: user.id } };
      await this.#endAll(tx, person, user.id, 'account_reset', {
        fact: accountFact('account.password_changed', user.id),
      });
    });
  }

  /** @param also a session that goes on, and what every restaurant of the person is told. */
  #endAll(
    tx: Tx,
    call: Call,
    userId: string,
    reason: string,
    also: { keep?: string; fact?: Fact } = {},
  ): Promise<void> {
    const { unitOfWork, sessions } = this.#deps;
    return this.#inEach(tx, call, userId, async (restaurantId) => {
      const ended = await sessions.endAllOf(tx, restaurantId, userId, reason, also.keep);
      const facts = [...(also.fact ? [also.fact] : []), ...ended.map((id) => endedFact(id, userId, reason))];
      if (facts.length > 0) await unitOfWork.record(tx, call, facts, restaurantId);
    });
  }

  /** Enters each restaurant of a person in turn, and the caller's own again, where the answer to the call is stored. */
  async #inEach(tx: Tx, call: Call, userId: string, work: (restaurantId: string) => Promise<void>): Promise<void> {
    for (const restaurantId of await this.#deps.members.restaurantsOf(tx, userId)) {
      await tx.enterTenant(restaurantId);
      await work(restaurantId);
    }
    await tx.enterTenant(call.restaurantId);
  }
}

/** @throws AppError forbidden for an API key. */
function personOf({ actor }: Call): { userId: string; sessionId: string } {
  if (actor.kind === 'user' && actor.sessionId !== undefined) return { userId: actor.id, sessionId: actor.sessionId };
  throw new AppError('forbidden', 'An API key has neither password nor session. Log in as a person.');
}

function endedFact(sessionId: string, userId: string, reason: string): Fact {
  return { type: 'session.revoked', subject: 'session', subjectId: sessionId, data: { userId, reason } };
}

function accountFact(type: 'account.password_changed' | 'account.reset', userId: string): Fact {
  return { type, subject: 'account', subjectId: userId, data: { userId } };
}
