import { z } from 'zod';
import { ROLES } from '../../domain/people/roles.js';
import { email, id, text, timestamp } from './common.js';

const role = z.enum(ROLES);

export const member = z
  .object({
    id,
    userId: id
      .nullable()
      .meta({ description: 'Null until the invitation is accepted: an invitation names an address, not an account.' }),
    email: z.string(),
    name: z
      .string()
      .nullable()
      .meta({ description: 'Until the invitation is accepted, the name given in the invitation.' }),
    role,
    status: z.enum(['invited', 'active']),
    invitationExpiresAt: timestamp.nullable(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Member' });

export const invitedMember = member
  .extend({
    invitation: z
      .object({ token: z.string(), expiresAt: timestamp })
      .meta({ description: 'Shown only once. Give the token to the invited person. Anyone who has it can join.' }),
  })
  .meta({ id: 'InvitedMember' });

export const memberInvitation = z.strictObject({ email, name: text(200), role }).meta({ id: 'MemberInvitation' });

export const memberChanges = z.strictObject({ role }).meta({ id: 'MemberChanges' });
