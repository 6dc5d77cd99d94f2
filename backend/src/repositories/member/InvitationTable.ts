/** Invitations, which are rows of members that belong to an address and to no account yet. */
import { query, type Tx } from '../../config/database.js';
import type { Role } from '../../domain/people/roles.js';

/** Somebody's row in a restaurant, whatever has become of him. */
export interface Place {
  id: string;
  role: Role;
  status: 'invited' | 'active' | 'removed';
}

export interface Invitation {
  memberId: string;
  /** Whose place this was before he left; null for a new one. Not whose the invitation is. */
  userId: string | null;
  email: string;
  /** The inviter's word for the person. */
  name: string;
  role: Role;
  /** `<kind>:<id>` of whoever made it; null for one that is older than this is noted. */
  invitedBy: string | null;
}

export interface NewInvitation {
  email: string;
  role: Role;
  name: string;
  hash: string;
  expiresAt: Date;
  /** `<kind>:<id>` of whoever makes it. */
  invitedBy: string;
}

interface InvitationRow {
  id: string;
  user_id: string | null;
  email: string;
  invited_name: string;
  role: Role;
  invited_by: string | null;
}

// An address has one place in a restaurant: whoever left comes back into it, and a new invitation replaces the open one.
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
  select m.id, m.user_id, coalesce(m.invited_email, u.email) as email, m.invited_name, m.role, m.invited_by
  from members m
  left join users u on u.id = m.user_id
  where m.restaurant_id = $1 and m.invitation_hash = $2 and m.status = 'invited' and m.invitation_expires_at > $3`;

const findInvitation = query<InvitationRow>('member.findInvitation', INVITATION);

const lockInvitation = query<InvitationRow>('member.lockInvitation', `${INVITATION} for update of m`);

export class InvitationTable {
  /** The place of an address: of an active member, an open invitation, or whoever left last. */
  lockOfAddress(restaurantId: string, tx: Tx, email: string): Promise<Place | undefined> {
    return tx.maybeOne(lockMemberOfAddress, [restaurantId, email]);
  }

  /** @returns false when another invitation of the address was made meanwhile. */
  async insert(restaurantId: string, tx: Tx, memberId: string, invitation: NewInvitation, at: Date): Promise<boolean> {
    const values = invitationValues(restaurantId, memberId, invitation, at);
    return (await tx.maybeOne(insertInvitation, values)) !== undefined;
  }

  /** Replaces an open invitation, or opens the place of somebody who left. */
  async replace(restaurantId: string, tx: Tx, memberId: string, invitation: NewInvitation, at: Date): Promise<void> {
    await tx.run(inviteAgain, invitationValues(restaurantId, memberId, invitation, at));
  }

  async find(restaurantId: string, tx: Tx, hash: string, at: Date): Promise<Invitation | undefined> {
    const row = await tx.maybeOne(findInvitation, [restaurantId, hash, at]);
    return row && toInvitation(row);
  }

  /** Like `find`; of two who accept at once the second finds it used. */
  async lock(restaurantId: string, tx: Tx, hash: string, at: Date): Promise<Invitation | undefined> {
    const row = await tx.maybeOne(lockInvitation, [restaurantId, hash, at]);
    return row && toInvitation(row);
  }
}

function invitationValues(restaurantId: string, memberId: string, invitation: NewInvitation, at: Date): unknown[] {
  const { role, email, name, invitedBy, hash, expiresAt } = invitation;
  return [restaurantId, memberId, role, email, name, invitedBy, hash, expiresAt, at];
}

function toInvitation(row: InvitationRow): Invitation {
  const { id: memberId, user_id: userId, email, invited_name: name, role, invited_by: invitedBy } = row;
  return { memberId, userId, email, name, role, invitedBy };
}
