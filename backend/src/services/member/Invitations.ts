import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import { assertMayGive, assertMayTouch } from '../../domain/people/grants.js';
import type { Role } from '../../domain/people/roles.js';
import type { Invitation, MemberRepository, NewInvitation } from '../../repositories/MemberRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import { mintToken, type PresentedToken } from '../auth/tenantTokens.js';
import type { Givers } from './Givers.js';

const INVITATION_MS = 7 * 24 * 3_600_000;

interface Dependencies {
  repository: MemberRepository;
  givers: Givers;
  clock: Clock;
}

/** A valid invitation, with its row locked. */
export interface OpenInvitation extends Invitation {
  restaurantId: string;
}

export interface InvitedPerson {
  email: string;
  name: string;
  role: Role;
}

/** Invitations to an e-mail address. The account is decided only when a person uses the token. */
export class Invitations {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Invites an address. A new invitation replaces an open one. A former member may come back to the
   * same place.
   * @throws AppError already_exists for an active member; forbidden.
   */
  async make(
    tx: Tx,
    call: Call,
    person: InvitedPerson,
  ): Promise<{ memberId: string; invitation: { token: string; expiresAt: string } }> {
    const giver = await this.#deps.givers.now(tx, call);
    assertMayGive(giver, person.role);
    const { repository, clock } = this.#deps;
    const { restaurantId, actor } = call;
    const now = clock();
    const expiresAt = new Date(now.getTime() + INVITATION_MS);
    const { token, hash } = mintToken('inv', restaurantId);
    const written = { ...person, hash, expiresAt, invitedBy: `${actor.kind}:${actor.id}` };
    const known = await repository.invitations.lockOfAddress(restaurantId, tx, person.email);
    if (known?.status === 'active') throw alreadyMember();
    if (known?.status === 'invited') assertMayTouch(giver, known.role);
    const memberId = known ? known.id : await this.#insert(tx, restaurantId, written, now);
    if (known) await repository.invitations.replace(restaurantId, tx, known.id, written, now);
    return { memberId, invitation: { token, expiresAt: expiresAt.toISOString() } };
  }

  /** @returns undefined when the invitation is unknown, used, replaced or expired. */
  find(tx: Tx, presented: PresentedToken): Promise<Invitation | undefined> {
    return this.#deps.repository.invitations.find(presented.restaurantId, tx, presented.hash, this.#deps.clock());
  }

  /**
   * Same as `find`, with a lock.
   * @returns undefined also when another call just used the invitation, or its inviter may no
   *   longer give that role.
   */
  async open(tx: Tx, { restaurantId, hash }: PresentedToken): Promise<OpenInvitation | undefined> {
    const { repository, givers, clock } = this.#deps;
    const found = await repository.invitations.lock(restaurantId, tx, hash, clock());
    if (!found || !(await givers.mayStillGive(tx, restaurantId, found.invitedBy, found.role))) return undefined;
    return { ...found, restaurantId };
  }

  /**
   * Uses up an invitation for an account. A place in the restaurant belongs to one account
   * permanently, because its sessions refer to it. An account that already had a place gets it
   * back. The place of another account is never taken over.
   * @returns the id of the member.
   * @throws AppError already_exists.
   */
  async accept(tx: Tx, invitation: OpenInvitation, userId: string): Promise<string> {
    const { repository, clock } = this.#deps;
    const { restaurantId, memberId, role } = invitation;
    const now = clock();
    const own = await repository.lockOfUser(restaurantId, tx, userId);
    if (own?.status === 'active') throw alreadyMember();
    const isFree = invitation.userId === null || invitation.userId === userId;
    const place = own?.id ?? (isFree ? memberId : newId());
    if (place !== memberId) await repository.remove(restaurantId, tx, memberId, now);
    if (own || isFree) await repository.join(restaurantId, tx, place, { userId, role }, now);
    else await repository.insertActive(restaurantId, tx, place, { userId, role }, now);
    return place;
  }

  async #insert(tx: Tx, restaurantId: string, written: NewInvitation, now: Date): Promise<string> {
    const memberId = newId();
    if (await this.#deps.repository.invitations.insert(restaurantId, tx, memberId, written, now)) return memberId;
    throw new AppError(
      'already_exists',
      'This person was invited a moment ago. Invite them again to replace that invitation.',
    );
  }
}

function alreadyMember(): AppError {
  return new AppError(
    'already_exists',
    'This person is already a member. Change the role with PATCH /v1/members/{id}.',
  );
}
