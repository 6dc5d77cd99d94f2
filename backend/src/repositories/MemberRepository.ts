import { query, type Tx } from '../config/database.js';
import type { Role } from '../domain/people/roles.js';
import { InvitationTable, type Place } from './member/InvitationTable.js';

export type { Invitation, NewInvitation } from './member/InvitationTable.js';

export interface Member {
  id: string;
  /** Null until the invitation is accepted: it is for an address and no account yet. */
  userId: string | null;
  email: string;
  /**
   * Until the invitation is accepted, the name that the inviter entered. The inviter must not see
   * the name of an existing account.
   */
  name: string | null;
  role: Role;
  status: 'invited' | 'active';
  invitationExpiresAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** The membership of a person in one of their restaurants. */
export interface Membership {
  restaurantId: string;
  role: Role;
}

/** State of a member that a change checks. */
export interface MemberState {
  userId: string | null;
  role: Role;
  status: 'invited' | 'active';
  version: number;
}

// An invitation shows only the data that the inviter entered. The inviter must not learn whether
// the address has an account.
const MEMBER = `
  select m.id, case when m.status = 'active' then m.user_id end as "userId",
    case when m.status = 'active' then u.email else coalesce(m.invited_email, u.email) end as email,
    case when m.status = 'active' then u.name else m.invited_name end as name, m.role, m.status,
    m.invitation_expires_at as "invitationExpiresAt", m.version, m.created_at as "createdAt", m.updated_at as "updatedAt"
  from members m
  left join users u on u.id = m.user_id`;

const findMember = query<Member>(
  'member.find',
  `${MEMBER}
   where m.restaurant_id = $1 and m.id = $2 and m.status <> 'removed'`,
);

const listMembers = query<Member>(
  'member.list',
  `${MEMBER}
   where m.restaurant_id = $1 and m.status <> 'removed' and m.id > $2
   order by m.id
   limit $3`,
);

// The only query across tenants. Row-level security shows it only the memberships of the entered
// user.
const findMembershipsOfUser = query<Membership>(
  'member.listMembershipsOfUser',
  `select restaurant_id as "restaurantId", role from members
   where user_id = $1 and status = 'active'
   order by created_at, restaurant_id`,
);

const insertActive = query(
  'member.insertActive',
  `insert into members (restaurant_id, id, user_id, role, status, created_at, updated_at)
   values ($1, $2, $3, $4, 'active', $5, $5)`,
);

const lockMemberOfUser = query<Place>(
  'member.lockOfUser',
  `select id, role, status from members
   where restaurant_id = $1 and user_id = $2
   for update`,
);

const joinMember = query(
  'member.join',
  `update members
   set status = 'active', user_id = $3, role = $4, invitation_hash = null, invitation_expires_at = null, version = version + 1,
     updated_at = $5
   where restaurant_id = $1 and id = $2`,
);

const lockActiveOwners = query<{ id: string }>(
  'member.lockActiveOwners',
  `select id from members
   where restaurant_id = $1 and role = 'owner' and status = 'active'
   order by id
   for update`,
);

const lockMember = query<MemberState>(
  'member.lock',
  `select user_id as "userId", role, status, version from members
   where restaurant_id = $1 and id = $2 and status <> 'removed'
   for update`,
);

// The shared lock keeps a member from being demoted or removed after the rights are checked and
// before they are passed on.
const shareRoleOfUser = query<{ role: Role }>(
  'member.shareRoleOfUser',
  `select role from members
   where restaurant_id = $1 and user_id = $2 and status = 'active'
   for share`,
);

const updateRole = query(
  'member.updateRole',
  `update members
   set role = $3, version = version + 1, updated_at = $4, invited_by = case when status = 'invited' then $5 else invited_by end
   where restaurant_id = $1 and id = $2`,
);

const removeMember = query(
  'member.remove',
  `update members
   set status = 'removed', invitation_hash = null, invitation_expires_at = null, version = version + 1, updated_at = $3
   where restaurant_id = $1 and id = $2`,
);

export class MemberRepository {
  readonly invitations = new InvitationTable();

  find(restaurantId: string, tx: Tx, memberId: string): Promise<Member | undefined> {
    return tx.maybeOne(findMember, [restaurantId, memberId]);
  }

  /** Members after the given id, in the order of their ids, which is the order of creation. */
  list(restaurantId: string, tx: Tx, afterId: string, limit: number): Promise<Member[]> {
    return tx.many(listMembers, [restaurantId, afterId, limit]);
  }

  /** Active memberships of the entered user, the oldest first. */
  membershipsOfUser(tx: Tx, userId: string): Promise<Membership[]> {
    return tx.many(findMembershipsOfUser, [userId]);
  }

  async insertActive(
    restaurantId: string,
    tx: Tx,
    memberId: string,
    person: { userId: string; role: Role },
    at: Date,
  ): Promise<void> {
    await tx.run(insertActive, [restaurantId, memberId, person.userId, person.role, at]);
  }

  async join(
    restaurantId: string,
    tx: Tx,
    memberId: string,
    person: { userId: string; role: Role },
    at: Date,
  ): Promise<void> {
    await tx.run(joinMember, [restaurantId, memberId, person.userId, person.role, at]);
  }

  /** Locks the active owners in the order of their ids. @returns their ids. */
  async lockActiveOwners(restaurantId: string, tx: Tx): Promise<string[]> {
    const rows = await tx.many(lockActiveOwners, [restaurantId]);
    return rows.map((row) => row.id);
  }

  lock(restaurantId: string, tx: Tx, memberId: string): Promise<MemberState | undefined> {
    return tx.maybeOne(lockMember, [restaurantId, memberId]);
  }

  /** Locks the row of a user in a restaurant, whatever its status. */
  lockOfUser(restaurantId: string, tx: Tx, userId: string): Promise<Place | undefined> {
    return tx.maybeOne(lockMemberOfUser, [restaurantId, userId]);
  }

  /** Role of an active member. It stays the same until the transaction ends. */
  async shareRoleOfUser(restaurantId: string, tx: Tx, userId: string): Promise<Role | undefined> {
    return (await tx.maybeOne(shareRoleOfUser, [restaurantId, userId]))?.role;
  }

  /** @param giver `<kind>:<id>`: becomes the maker of an open invitation. */
  async updateRole(
    restaurantId: string,
    tx: Tx,
    memberId: string,
    { role, giver }: { role: Role; giver: string },
    at: Date,
  ): Promise<void> {
    await tx.run(updateRole, [restaurantId, memberId, role, at, giver]);
  }

  async remove(restaurantId: string, tx: Tx, memberId: string, at: Date): Promise<void> {
    await tx.run(removeMember, [restaurantId, memberId, at]);
  }
}
