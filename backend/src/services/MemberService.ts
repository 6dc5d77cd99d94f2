import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../domain/shared/errors.js';
import { assertMayGive, assertMayTouch } from '../domain/people/grants.js';
import { type Role, type Scope, scopesOf } from '../domain/people/roles.js';
import type {
  Invitation,
  Member,
  MemberRepository,
  Membership,
  MemberState,
} from '../repositories/MemberRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import type { ApiKeyService } from './ApiKeyService.js';
import type { Sessions } from './auth/sessions.js';
import type { PresentedToken } from './auth/tenantTokens.js';
import { Givers } from './member/Givers.js';
import { Invitations, type InvitedPerson, type OpenInvitation } from './member/Invitations.js';
import type { Announcer } from './messaging/Announcer.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MemberRepository;
  sessions: Sessions;
  apiKeys: Pick<ApiKeyService, 'liveScopes'>;
  cursors: Cursors;
  clock: Clock;
  restaurants: Pick<RestaurantService, 'settings'>;
  announcer: Announcer;
}

export interface InvitedMember extends Member {
  /**
   * The token is shown only once. Anyone who has it can join, so give it only to the invited
   * person.
   */
  invitation: { token: string; expiresAt: string };
}

export type { OpenInvitation } from './member/Invitations.js';

/** The members of a restaurant and their roles. */
export class MemberService {
  readonly #deps: Dependencies;
  readonly #givers: Givers;
  readonly #invitations: Invitations;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#givers = new Givers(deps);
    this.#invitations = new Invitations({ ...deps, givers: this.#givers });
  }

  @Track('members.list')
  list(call: Call, page: Page): Promise<PageOf<Member>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'members'];
    const after = cursors.read(page.cursor, binding) ?? BEFORE_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(call.restaurantId, tx, after, page.limit + 1);
      return cursors.page(rows, page.limit, binding, (member) => member.id);
    });
  }

  @Track('members.get')
  get(call: Call, memberId: string): Promise<Member> {
    return this.#deps.unitOfWork.read(call, (tx) => this.#find(tx, call.restaurantId, memberId));
  }

  /**
   * Invites a person by e-mail address, and mails the token if a mail server is configured. A new
   * invitation replaces an open one. A former member can come back.
   * @throws AppError already_exists for an active member; forbidden for a role with rights that the
   *   caller lacks.
   */
  @Track('members.invite')
  invite(call: Call, person: InvitedPerson): Promise<InvitedMember> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const { memberId, invitation } = await this.#invitations.make(tx, call, person);
      await this.#deps.unitOfWork.record(tx, call, [
        { type: 'member.invited', subject: 'member', subjectId: memberId, data: { role: person.role } },
      ]);
      const { announcer, restaurants } = this.#deps;
      if (announcer.isOn) {
        const { name: restaurant } = await restaurants.settings(tx, call.restaurantId);
        await announcer.invited(call.restaurantId, tx, { ...person, restaurant }, invitation);
      }
      return { ...(await this.#find(tx, call.restaurantId, memberId)), invitation };
    });
  }

  /**
   * Gives a member another role. It applies from the member's next request on.
   * @throws AppError not_found, version_mismatch, last_owner; forbidden for a role with rights that
   *   the caller lacks, and for the role of an owner when the caller is not one.
   */
  @Track('members.changeRole')
  changeRole(call: Call, memberId: string, role: Role): Promise<Member> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const member = await this.#lockUnlessLastOwner(tx, call, memberId, role);
      assertMayGive(await this.#givers.now(tx, call), role);
      if (member.role !== role) {
        const giver = `${call.actor.kind}:${call.actor.id}`;
        await repository.updateRole(call.restaurantId, tx, memberId, { role, giver }, clock());
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
   * Removes a member or an open invitation from the restaurant. The member's sessions end with the
   * transaction. API keys that the member made belong to the restaurant and stay.
   * @throws AppError not_found, version_mismatch, last_owner; forbidden for an owner when the
   *   caller is not one.
   */
  @Track('members.remove')
  remove(call: Call, memberId: string): Promise<void> {
    const { unitOfWork, repository, sessions, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const member = await this.#lockUnlessLastOwner(tx, call, memberId, undefined);
      await repository.remove(call.restaurantId, tx, memberId, clock());
      if (member.userId !== null) await sessions.endAllOf(tx, call.restaurantId, member.userId, 'member_removed');
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

  /** Makes the first owner, inside the transaction of the registration. */
  addOwner(tx: Tx, restaurantId: string, userId: string): Promise<void> {
    return this.#deps.repository.insertActive(restaurantId, tx, newId(), { userId, role: 'owner' }, this.#deps.clock());
  }

  /**
   * Restaurants that a person may log in to, oldest membership first. Leaves the transaction
   * entered as that user.
   */
  async restaurantsOf(tx: Tx, userId: string): Promise<string[]> {
    return (await this.membershipsOf(tx, userId)).map(({ restaurantId }) => restaurantId);
  }

  /**
   * A member has another address now: an invitation of the old one is for somebody else, and one of
   * the new address is refused, because its person is here.
   */
  followAddress(tx: Tx, restaurantId: string, userId: string): Promise<void> {
    return this.#deps.repository.invitations.forgetAddress(restaurantId, tx, userId);
  }

  /** Same as `restaurantsOf`, with the roles. */
  async membershipsOf(tx: Tx, userId: string): Promise<Membership[]> {
    await tx.enterUser(userId);
    return this.#deps.repository.membershipsOfUser(tx, userId);
  }

  /** Rights of an active member. They stay the same until the transaction ends. */
  async rightsOf(tx: Tx, restaurantId: string, userId: string): Promise<ReadonlySet<Scope> | undefined> {
    const role = await this.#deps.repository.shareRoleOfUser(restaurantId, tx, userId);
    return role && scopesOf(role, false);
  }

  /** @returns undefined when the invitation is unknown, used, replaced or expired. */
  findInvitation(tx: Tx, presented: PresentedToken): Promise<Invitation | undefined> {
    return this.#invitations.find(tx, presented);
  }

  /**
   * Same as `findInvitation`, with a lock.
   * @returns undefined also when the inviter may no longer give that role.
   */
  openInvitation(tx: Tx, presented: PresentedToken): Promise<OpenInvitation | undefined> {
    return this.#invitations.open(tx, presented);
  }

  /**
   * Uses up an invitation for an account.
   * @returns the member's id.
   * @throws AppError already_exists.
   */
  async join(tx: Tx, invitation: OpenInvitation, userId: string): Promise<string> {
    const memberId = await this.#invitations.accept(tx, invitation, userId);
    // A login during the member's removal may have left a session, useless until now.
    await this.#deps.sessions.endAllOf(tx, invitation.restaurantId, userId, 'member_rejoined');
    return memberId;
  }

  /**
   * Locks the active owners first, then the member. Two owners who remove each other at the same
   * time wait for the owners' rows in turn, and the second one is then the last owner.
   */
  async #lockUnlessLastOwner(tx: Tx, call: Call, memberId: string, nextRole: Role | undefined): Promise<MemberState> {
    const owners = await this.#deps.repository.lockActiveOwners(call.restaurantId, tx);
    const member = await this.#deps.repository.lock(call.restaurantId, tx, memberId);
    if (!member) throw notFound('member');
    assertMayTouch(await this.#givers.now(tx, call), member.role);
    assertVersion(call.ifMatch, member.version);
    if (nextRole !== 'owner' && owners.length === 1 && owners[0] === memberId) {
      throw new AppError('last_owner', 'A restaurant needs an owner. Make another member an owner first.');
    }
    return member;
  }

  async #find(tx: Tx, restaurantId: string, memberId: string): Promise<Member> {
    const member = await this.#deps.repository.find(restaurantId, tx, memberId);
    if (!member) throw notFound('member');
    return member;
  }
}
