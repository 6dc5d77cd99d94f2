import type { Tx } from '../config/database.js';
import type { Actor, Call } from '../domain/call.js';
import { AppError, assertVersion, notFound } from '../domain/errors.js';
import { assertMayGive, assertMayTouch, type Giver, mayGive } from '../domain/grants.js';
import { type Role, scopesOf } from '../domain/roles.js';
import type { Invitation, Member, MemberRepository, MemberState } from '../repositories/MemberRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import type { ApiKeyService } from './ApiKeyService.js';
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
  apiKeys: Pick<ApiKeyService, 'liveScopes'>;
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
   * @throws AppError already_exists when he is an active member; forbidden for a role with rights that the caller lacks.
   */
  invite(call: Call, person: { email: string; name: string; role: Role }): Promise<InvitedMember> {
    const { unitOfWork, repository, accounts, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const giver = await this.#giverNow(tx, call);
      assertMayGive(giver, person.role);
      const user = await accounts.findOrInvite(tx, person.email, person.name);
      const known = await repository.lockOfUser(call.restaurantId, tx, user.id);
      if (known?.status === 'invited') assertMayTouch(giver, known.role);
      const now = clock();
      const expiresAt = new Date(now.getTime() + INVITATION_MS);
      const { token, hash } = mintToken('inv', call.restaurantId);
      const invitation = {
        memberId: newId(),
        userId: user.id,
        role: person.role,
        name: person.name,
        hash,
        expiresAt,
        invitedBy: nameOf(call.actor),
      };
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
   * @throws AppError not_found, version_mismatch, last_owner; forbidden for a role with rights that the caller lacks, and for
   *   the role of an owner when the caller is none.
   */
  changeRole(call: Call, memberId: string, role: Role): Promise<Member> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const member = await this.#lockUnlessLastOwner(tx, call, memberId, role);
      assertMayGive(await this.#giverNow(tx, call), role);
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
   * @throws AppError not_found, version_mismatch, last_owner; forbidden for an owner when the caller is none.
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

  /** Uses the invitation up. @returns undefined when somebody else just did, or its maker may not give that role any more. */
  async join(tx: Tx, presented: PresentedToken): Promise<Invitation | undefined> {
    const { repository, sessions, clock } = this.#deps;
    const invitation = await repository.lockInvitation(presented.restaurantId, tx, presented.hash, clock());
    if (!invitation || !(await this.#isStillGiven(tx, presented.restaurantId, invitation))) return undefined;
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
    assertMayTouch(await this.#giverNow(tx, call), member.role);
    assertVersion(call.ifMatch, member.version);
    if (nextRole !== 'owner' && owners.length === 1 && owners[0] === memberId) {
      throw new AppError('last_owner', 'A restaurant needs an owner. Make somebody else an owner first.');
    }
    return member;
  }

  /** An owner who was removed, or a key that was revoked, comes back by no invitation of its own. */
  async #isStillGiven(tx: Tx, restaurantId: string, { invitedBy, role }: Invitation): Promise<boolean> {
    const [kind, id] = invitedBy?.split(':') ?? [];
    const giver = id !== undefined && (await this.#giver(tx, restaurantId, kind, id));
    return giver ? mayGive(giver, role) : false;
  }

  /** The caller's rights as they are stored: those of the call may be some seconds old. @throws AppError forbidden. */
  async #giverNow(tx: Tx, { restaurantId, actor }: Call): Promise<Giver> {
    const giver = await this.#giver(tx, restaurantId, actor.kind, actor.id);
    if (giver?.scopes.has('members:write')) return giver;
    throw new AppError('forbidden', 'Your right to change members was taken back a moment ago.');
  }

  async #giver(tx: Tx, restaurantId: string, kind: string | undefined, id: string): Promise<Giver | undefined> {
    const { repository, apiKeys } = this.#deps;
    if (kind === 'api_key') {
      const scopes = await apiKeys.liveScopes(tx, restaurantId, id);
      return scopes && { actor: { kind }, scopes };
    }
    const role = kind === 'user' ? await repository.shareRoleOfUser(restaurantId, tx, id) : undefined;
    return role && { actor: { kind: 'user', role }, scopes: scopesOf(role, false) };
  }

  async #find(tx: Tx, restaurantId: string, memberId: string): Promise<Member> {
    const member = await this.#deps.repository.find(restaurantId, tx, memberId);
    if (!member) throw notFound('member');
    return member;
  }
}

function nameOf({ kind, id }: Actor): string {
  return `${kind}:${id}`;
}
