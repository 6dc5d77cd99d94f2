/** Invitations: rows of `members` that belong to an address and to no account yet. */
import { query, type Tx } from '../../config/database.js';
import type { Role } from '../../domain/people/roles.js';

/** Row of a person in a restaurant, whatever its status. */
export interface Place {
  id: string;
  role: Role;
  status: 'invited' | 'active' | 'removed';
}

export interface Invitation {
  memberId: string;
  /** User who had this place before leaving; null for a new place. Not the invited user. */
  userId: string | null;
  email: string;
  /** Name of the person, as the inviter entered it. */
  name: string;
  role: Role;
  /** Maker, as `<kind>:<id>`; null for invitations from before this was stored. */
  invitedBy: string | null;
}

export interface NewInvitation {
  email: string;
  role: Role;
  name: string;
  hash: string;
  expiresAt: Date;
  /** Maker, as `<kind>:<id>`. */
  invitedBy: string;
}

// An address has one place in a restaurant. A person who left gets the same place again, and a new
// invitation replaces an open one.
const lockMemberOfAddress = query<Place>(
  'member.lockOfAddress',
  `select m.id, m.role, m.status
   from members m
   where m.restaurant_id = $1 and m.id = any (array(
     select i.id
     from members i
     where i.restaurant_id = $1 and lower(i.invited_email) = lower($2)
     union all
     select j.id
     from users u
     join members j on j.restaurant_id = $1 and j.user_id = u.id and j.invited_email is null
     where lower(u.email) = lower($2)))
   order by m.status = 'active' desc, m.status = 'invited' desc, m.updated_at desc, m.id
   limit 1
   for update of m`,
);

const insertInvitation = query<{ id: string }>(
  'member.insertInvitation',
  `insert into members (restaurant_id, id, role, status, invited_email, invited_name, invited_by, invitation_hash,
     invitation_expires_at, created_at, updated_at)
   values ($1, $2, $3, 'invited', $4, $5, $6, $7, $8, $9, $9)
   on conflict (restaurant_id, lower(invited_email)) where status = 'invited' and invited_email is not null do nothing
   returning id`,
);

const inviteAgain = query(
  'member.inviteAgain',
  `update members
   set role = $3, status = 'invited', invited_email = $4, invited_name = $5, invited_by = $6, invitation_hash = $7,
     invitation_expires_at = $8, version = version + 1, updated_at = $9
   where restaurant_id = $1 and id = $2`,
);

const INVITATION = `
  select m.id as "memberId", m.user_id as "userId", coalesce(m.invited_email, u.email) as email, m.invited_name as name, m.role,
    m.invited_by as "invitedBy"
  from members m
  left join users u on u.id = m.user_id
  where m.restaurant_id = $1 and m.invitation_hash = $2 and m.status = 'invited' and m.invitation_expires_at > $3`;

const findInvitation = query<Invitation>('member.findInvitation', INVITATION);

const lockInvitation = query<Invitation>('member.lockInvitation', `${INVITATION} for update of m`);

const forgetAddress = query(
  'member.forgetInvitedAddress',
  `update members set invited_email = null
   where restaurant_id = $1 and user_id = $2 and status = 'active' and invited_email is not null`,
);

export class InvitationTable {
  /**
   * The place of an address: of its active member, else of its open invitation, else of the member
   * who left last.
   */
  lockOfAddress(restaurantId: string, tx: Tx, email: string): Promise<Place | undefined> {
    return tx.maybeOne(lockMemberOfAddress, [restaurantId, email]);
  }

  /** @returns false when another invitation for the address was made in the meantime. */
  async insert(restaurantId: string, tx: Tx, memberId: string, invitation: NewInvitation, at: Date): Promise<boolean> {
    const values = invitationValues(restaurantId, memberId, invitation, at);
    return (await tx.maybeOne(insertInvitation, values)) !== undefined;
  }

  /** Replaces an open invitation, or reopens the place of a person who left. */
  async replace(restaurantId: string, tx: Tx, memberId: string, invitation: NewInvitation, at: Date): Promise<void> {
    await tx.run(inviteAgain, invitationValues(restaurantId, memberId, invitation, at));
  }

  /** From now on, the place of a member is that of their account's address. */
  async forgetAddress(restaurantId: string, tx: Tx, userId: string): Promise<void> {
    await tx.run(forgetAddress, [restaurantId, userId]);
  }

  find(restaurantId: string, tx: Tx, hash: string, at: Date): Promise<Invitation | undefined> {
    return tx.maybeOne(findInvitation, [restaurantId, hash, at]);
  }

  /**
   * As `find`, and locks the invitation. If two calls accept it at once, the second finds it used.
   */
  lock(restaurantId: string, tx: Tx, hash: string, at: Date): Promise<Invitation | undefined> {
    return tx.maybeOne(lockInvitation, [restaurantId, hash, at]);
  }
}

function invitationValues(restaurantId: string, memberId: string, invitation: NewInvitation, at: Date): unknown[] {
  const { role, email, name, invitedBy, hash, expiresAt } = invitation;
  return [restaurantId, memberId, role, email, name, invitedBy, hash, expiresAt, at];
}
