import { query, type Tx } from '../config/database.js';
import type { Role } from '../domain/roles.js';

export interface Member {
  id: string;
  userId: string;
  email: string;
  /** Until the invitation is accepted, the inviter's own word: what a stranger calls himself elsewhere is not his to read. */
  name: string | null;
  role: Role;
  status: 'invited' | 'active';
  invitationExpiresAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** What must be known of a member to change him. */
export interface MemberState {
  userId: string;
  role: Role;
  status: 'invited' | 'active';
  version: number;
}

type MemberStatus = 'invited' | 'active' | 'removed';

export interface Invitation {
  memberId: string;
  userId: string;
  role: Role;
  /** `<kind>:<id>` of whoever made it; null for one that is older than this is noted. */
  invitedBy: string | null;
}

export interface NewInvitation {
  memberId: string;
  userId: string;
  role: Role;
  name: string;
  hash: string;
  expiresAt: Date;
  /** `<kind>:<id>` of whoever makes it. */
  invitedBy: string;
}

interface MemberRow {
  id: string;
  user_id: string;
  email: string;
  name: string | null;
  role: Role;
  status: 'invited' | 'active';
  invitation_expires_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
}

interface InvitationRow {
  id: string;
  user_id: string;
  role: Role;
  invited_by: string | null;
}

const MEMBER = `
  select m.id, m.user_id, u.email, case when m.status = 'active' then u.name else m.invited_name end as name, m.role, m.status,
    m.invitation_expires_at, m.version, m.created_at, m.updated_at
  from members m
  join users u on u.id = m.user_id`;

const findMember = query<MemberRow>(
  'member.find',
  `${MEMBER}
   where m.restaurant_id = $1 and m.id = $2 and m.status <> 'removed'`,
);

const listMembers = query<MemberRow>(
  'member.list',
  `${MEMBER}
   where m.restaurant_id = $1 and m.status <> 'removed' and m.id > $2
   order by m.id
   limit $3`,
);

// The one query across tenants; row-level security shows it the memberships of the entered user and no others.
const findRestaurantsOfUser = query<{ restaurant_id: string }>(
  'member.restaurants_of_user',
  `select restaurant_id from members
   where user_id = $1 and status = 'active'
   order by created_at, restaurant_id`,
);

const insertOwner = query(
  'member.insert_owner',
  `insert into members (restaurant_id, id, user_id, role, status, created_at, updated_at)
   values ($1, $2, $3, 'owner', 'active', $4, $4)`,
);

// A person has one row in a restaurant: whoever left comes back into it, and a new invitation replaces the open one.
const inviteMember = query<{ id: string }>(
  'member.invite',
  `insert into members as m (restaurant_id, id, user_id, role, status, invitation_hash, invitation_expires_at, created_at, updated_at,
     invited_name, invited_by)
   values ($1, $2, $3, $4, 'invited', $5, $6, $7, $7, $8, $9)
   on conflict (restaurant_id, user_id) do update
     set role = excluded.role, status = 'invited', invited_name = excluded.invited_name, invited_by = excluded.invited_by,
       invitation_hash = excluded.invitation_hash, invitation_expires_at = excluded.invitation_expires_at, version = m.version + 1, updated_at = excluded.updated_at
     where m.status <> 'active'
   returning m.id`,
);

const lockInvitation = query<InvitationRow>(
  'member.lock_invitation',
  `select id, user_id, role, invited_by from members
   where restaurant_id = $1 and invitation_hash = $2 and status = 'invited' and invitation_expires_at > $3
   for update`,
);

const findInvitation = query<InvitationRow>(
  'member.find_invitation',
  `select id, user_id, role, invited_by from members
   where restaurant_id = $1 and invitation_hash = $2 and status = 'invited' and invitation_expires_at > $3`,
);

const joinMember = query(
  'member.join',
  `update members
   set status = 'active', invitation_hash = null, invitation_expires_at = null, version = version + 1, updated_at = $3
   where restaurant_id = $1 and id = $2`,
);

const lockActiveOwners = query<{ id: string }>(
  'member.lock_active_owners',
  `select id from members
   where restaurant_id = $1 and role = 'owner' and status = 'active'
   order by id
   for update`,
);

const lockMember = query<{ user_id: string; role: Role; status: 'invited' | 'active'; version: number }>(
  'member.lock',
  `select user_id, role, status, version from members
   where restaurant_id = $1 and id = $2 and status <> 'removed'
   for update`,
);

const lockMemberOfUser = query<{ role: Role; status: MemberStatus }>(
  'member.lock_of_user',
  `select role, status from members
   where restaurant_id = $1 and user_id = $2
   for update`,
);

// Shared, so that nobody is demoted or removed between what he may give and what he gives.
const shareRoleOfUser = query<{ role: Role }>(
  'member.share_role_of_user',
  `select role from members
   where restaurant_id = $1 and user_id = $2 and status = 'active'
   for share`,
);

const updateRole = query(
  'member.update_role',
  `update members set role = $3, version = version + 1, updated_at = $4
   where restaurant_id = $1 and id = $2`,
);

const removeMember = query(
  'member.remove',
  `update members
   set status = 'removed', invitation_hash = null, invitation_expires_at = null, version = version + 1, updated_at = $3
   where restaurant_id = $1 and id = $2`,
);

export class MemberRepository {
  async find(restaurantId: string, tx: Tx, memberId: string): Promise<Member | undefined> {
    const row = await tx.maybeOne(findMember, [restaurantId, memberId]);
    return row && toMember(row);
  }

  /** Members after the given id, in order of their ids: the order they came in. */
  async list(restaurantId: string, tx: Tx, afterId: string, limit: number): Promise<Member[]> {
    const rows = await tx.many(listMembers, [restaurantId, afterId, limit]);
    return rows.map(toMember);
  }

  /** Restaurants in which the entered user is active, the oldest membership first. */
  async restaurantsOfUser(tx: Tx, userId: string): Promise<string[]> {
    const rows = await tx.many(findRestaurantsOfUser, [userId]);
    return rows.map((row) => row.restaurant_id);
  }

  async insertOwner(restaurantId: string, tx: Tx, memberId: string, userId: string, at: Date): Promise<void> {
    await tx.run(insertOwner, [restaurantId, memberId, userId, at]);
  }

  /** @returns the member's id; undefined when he is active already. */
  async invite(restaurantId: string, tx: Tx, invitation: NewInvitation, at: Date): Promise<string | undefined> {
    const { memberId, userId, role, name, hash, expiresAt, invitedBy } = invitation;
    const values = [restaurantId, memberId, userId, role, hash, expiresAt, at, name, invitedBy];
    const row = await tx.maybeOne(inviteMember, values);
    return row?.id;
  }

  async findInvitation(restaurantId: string, tx: Tx, hash: string, at: Date): Promise<Invitation | undefined> {
    const row = await tx.maybeOne(findInvitation, [restaurantId, hash, at]);
    return row && toInvitation(row);
  }

  /** Like `findInvitation`; of two who accept at once the second finds it used. */
  async lockInvitation(restaurantId: string, tx: Tx, hash: string, at: Date): Promise<Invitation | undefined> {
    const row = await tx.maybeOne(lockInvitation, [restaurantId, hash, at]);
    return row && toInvitation(row);
  }

  async join(restaurantId: string, tx: Tx, memberId: string, at: Date): Promise<void> {
    await tx.run(joinMember, [restaurantId, memberId, at]);
  }

  /** Ids of the active owners, locked in the order of their ids. */
  async lockActiveOwners(restaurantId: string, tx: Tx): Promise<string[]> {
    const rows = await tx.many(lockActiveOwners, [restaurantId]);
    return rows.map((row) => row.id);
  }

  async lock(restaurantId: string, tx: Tx, memberId: string): Promise<MemberState | undefined> {
    const row = await tx.maybeOne(lockMember, [restaurantId, memberId]);
    return row && { userId: row.user_id, role: row.role, status: row.status, version: row.version };
  }

  /** The row of a person in a restaurant, whatever has become of it. */
  lockOfUser(restaurantId: string, tx: Tx, userId: string): Promise<{ role: Role; status: MemberStatus } | undefined> {
    return tx.maybeOne(lockMemberOfUser, [restaurantId, userId]);
  }

  /** The role of an active member, which stays as it is until the transaction ends. */
  async shareRoleOfUser(restaurantId: string, tx: Tx, userId: string): Promise<Role | undefined> {
    return (await tx.maybeOne(shareRoleOfUser, [restaurantId, userId]))?.role;
  }

  async updateRole(restaurantId: string, tx: Tx, memberId: string, role: Role, at: Date): Promise<void> {
    await tx.run(updateRole, [restaurantId, memberId, role, at]);
  }

  async remove(restaurantId: string, tx: Tx, memberId: string, at: Date): Promise<void> {
    await tx.run(removeMember, [restaurantId, memberId, at]);
  }
}

function toInvitation(row: InvitationRow): Invitation {
  return { memberId: row.id, userId: row.user_id, role: row.role, invitedBy: row.invited_by };
}

function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    userId: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    status: row.status,
    invitationExpiresAt: row.invitation_expires_at,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
