import { query, type Tx } from '../config/database.js';
import type { Role } from '../domain/people/roles.js';
import { InvitationTable, type Place } from './member/InvitationTable.js';

export type { Invitation, NewInvitation } from './member/InvitationTable.js';

export interface Member {
  id: string;
  /** Null until the invitation is accepted: it is for an address, whose account nobody knows. */
  userId: string | null;
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
  userId: string | null;
  role: Role;
  status: 'invited' | 'active';
  version: number;
}

interface MemberRow {
  id: string;
  user_id: string | null;
  email: string;
  name: string | null;
  role: Role;
  status: 'invited' | 'active';
  invitation_expires_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
}

// Of an invitation only what the inviter said: whose account it may be is not his to read.
const MEMBER = `
  select m.id, case when m.status = 'active' then m.user_id end as user_id, m.role, m.status,
    case when m.status = 'active' then u.email else coalesce(m.invited_email, u.email) end as email,
    case when m.status = 'active' then u.name else m.invited_name end as name,
    m.invitation_expires_at, m.version, m.created_at, m.updated_at
  from members m
  left join users u on u.id = m.user_id`;

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
  'member.listRestaurantsOfUser',
  `select restaurant_id from members
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

const lockMember = query<{ user_id: string | null; role: Role; status: 'invited' | 'active'; version: number }>(
  'member.lock',
  `select user_id, role, status, version from members
   where restaurant_id = $1 and id = $2 and status <> 'removed'
   for update`,
);

// Shared, so that nobody is demoted or removed between what he may give and what he gives.
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
  lockOfUser(restaurantId: string, tx: Tx, userId: string): Promise<Place | undefined> {
    return tx.maybeOne(lockMemberOfUser, [restaurantId, userId]);
  }

  /** The role of an active member, which stays as it is until the transaction ends. */
  async shareRoleOfUser(restaurantId: string, tx: Tx, userId: string): Promise<Role | undefined> {
    return (await tx.maybeOne(shareRoleOfUser, [restaurantId, userId]))?.role;
  }

  /** @param giver `<kind>:<id>`: an open invitation is his from now on. */
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
