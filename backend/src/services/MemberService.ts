import type { Tx } from '../config/database.js';
import type { Call } from '../domain/call.js';
import { AppError, assertVersion, notFound } from '../domain/errors.js';
import type { Role } from '../domain/roles.js';
import type { Invitation, Member, MemberRepository, MemberState } from '../repositories/MemberRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import type { Accounts } from './auth/accounts.js';
import type { Sessions } from './auth/sessions.js';
import { mintToken, type PresentedToken } from './auth/tenantTokens.js';
import type { UnitOfWork } from './UnitOfWork.js';

const INVITATION_MS = 7 * 24 * 3_600_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MemberRepository;
  accounts: Accounts;
  sessions: Sessions;
  cursors: Cursors;
  clock: Clock;
}

export interface InvitedMember extends Member {
  /** The token is shown this once. Whoever holds it can join, so it goes to the invited person and nobody else. */
  invitation: { token: string; expiresAt: string };
}

/** Who works in a restaurant, and as what. */
export class MemberService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  list(call: Call, page: Page): Promise<PageOf<Member>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'members'];
    const after = cursors.read(page.cursor, binding) ?? BEFORE_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(call.restaurantId, tx, after, page.limit + 1);
      return cursors.page(rows, page.limit, binding, (member) => member.id);
    });
  }

  get(call: Call, memberId: string): Promise<Member> {
    return this.#deps.unitOfWork.read(call, (tx) => this.#find(tx, call.restaurantId, memberId));
  }

  /**
   * Invites a person by e-mail address; an open invitation is replaced, somebody who left may come back.
   * @throws AppError already_exists when he is an active member.
   */
  invite(call: Call, person: { email: string; name: string; role: Role }): Promise<InvitedMember> {
    const { unitOfWork, repository, accounts, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const user = await accounts.findOrInvite(tx, person.email, person.name);
      const now = clock();
      const expiresAt = new Date(now.getTime() + INVITATION_MS);
      const { token, hash } = mintToken('inv', call.restaurantId);
      const invitation = { memberId: newId(), userId: user.id, role: person.role, name: person.name, hash, expiresAt };
      const memberId = await repository.invite(call.restaurantId, tx, invitation, now);
      if (memberId === undefined)
        throw new AppError(
          'already_exists',
          'This person is a member already. Change the role with PATCH /v1/members/{id}.',
        );
      await unitOfWork.record(tx, call, [
        {
          type: 'member.invited',
          subject: 'member',
          subjectId: memberId,
          data: { userId: user.id, role: person.role },
        },
      ]);
      const member = await this.#find(tx, call.restaurantId, memberId);
      return { ...member, invitation: { token, expiresAt: expiresAt.toISOString() } };
    });
  }

  /**
   * Gives a member another role, which his next request already has.
   * @throws AppError not_found, version_mismatch, last_owner.
   */
  changeRole(call: Call, memberId: string, role: Role): Promise<Member> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const member = await this.#lockUnlessLastOwner(tx, call, memberId, role);
      if (member.role !== role) {
        await repository.updateRole(call.restaurantId, tx, memberId, role, clock());
        const changes = { role: { from: member.role, to: role } };
        await unitOfWork.record(tx, call, [
          {
            type: 'member.changed',
            subject: 'member',
            subjectId: memberId,
            data: { userId: member.userId, role },
            changes,
          },
        ]);
      }
      return this.#find(tx, call.restaurantId, memberId);
    });
  }

  /**
   * Takes a member, or an open invitation, out of the restaurant. His sessions end with the transaction. API keys he made
   * belong to the restaurant and stay.
   * @throws AppError not_found, version_mismatch, last_owner.
   */
  remove(call: Call, memberId: string): Promise<void> {
    const { unitOfWork, repository, sessions, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const member = await this.#lockUnlessLastOwner(tx, call, memberId, undefined);
      await repository.remove(call.restaurantId, tx, memberId, clock());
      await sessions.endAllOf(tx, call.restaurantId, member.userId, 'member_removed');
      await unitOfWork.record(tx, call, [
        {
          type: 'member.removed',
          subject: 'member',
          subjectId: memberId,
          data: { userId: member.userId },
          changes: { status: { from: member.status, to: 'removed' } },
        },
      ]);
    });
  }

  /** Makes the first owner, inside the registration's transaction. */
  addOwner(tx: Tx, restaurantId: string, userId: string): Promise<void> {
    return this.#deps.repository.insertOwner(restaurantId, tx, newId(), userId, this.#deps.clock());
  }

  /** Restaurants a person may log in to, the oldest membership first. Leaves the transaction entered as that user. */
  async restaurantsOf(tx: Tx, userId: string): Promise<string[]> {
    await tx.enterUser(userId);
    return this.#deps.repository.restaurantsOfUser(tx, userId);
  }

  /** @returns undefined when it is unknown, used, replaced or expired. */
  findInvitation(tx: Tx, presented: PresentedToken): Promise<Invitation | undefined> {
    return this.#deps.repository.findInvitation(presented.restaurantId, tx, presented.hash, this.#deps.clock());
  }

  /** Uses the invitation up. @returns undefined when somebody else just did. */
  async join(tx: Tx, presented: PresentedToken): Promise<Invitation | undefined> {
    const { repository, sessions, clock } = this.#deps;
    const invitation = await repository.lockInvitation(presented.restaurantId, tx, presented.hash, clock());
    if (!invitation) return undefined;
    await repository.join(presented.restaurantId, tx, invitation.memberId, clock());
    // A login that crossed his removal may have left a session, useless until now.
    await sessions.endAllOf(tx, presented.restaurantId, invitation.userId, 'member_rejoined');
    return invitation;
  }

  /**
   * Locks the active owners first, then the member. Two owners who remove each other at the same time queue up at the
   * owners' rows, and the second finds himself the last.
   */
  async #lockUnlessLastOwner(tx: Tx, call: Call, memberId: string, nextRole: Role | undefined): Promise<MemberState> {
    const owners = await this.#deps.repository.lockActiveOwners(call.restaurantId, tx);
    const member = await this.#deps.repository.lock(call.restaurantId, tx, memberId);
    if (!member) throw notFound('member');
    assertVersion(call.ifMatch, member.version);
    if (nextRole !== 'owner' && owners.length === 1 && owners[0] === memberId) {
      throw new AppError('last_owner', 'A restaurant needs an owner. Make somebody else an owner first.');
    }
    return member;
  }

  async #find(tx: Tx, restaurantId: string, memberId: string): Promise<Member> {
    const member = await this.#deps.repository.find(restaurantId, tx, memberId);
    if (!member) throw notFound('member');
    return member;
  }
}
