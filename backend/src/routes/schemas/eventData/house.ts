/** Data of events about the restaurant, its people and its machines. */
import { z } from 'zod';
import { API_KEY_KINDS } from '../../../domain/people/rateLimits.js';
import { ROLES, SCOPES } from '../../../domain/people/roles.js';
import { DISABLED_REASONS } from '../../../domain/webhook/webhookEndpoint.js';
import { currency, id, timestamp } from '../common.js';
import { webhookEndpoint } from '../webhook.js';

const role = z.enum(ROLES);
const person = z.object({ userId: id });
/** An invitation belongs to nobody before it is accepted. */
const somebody = z.object({ userId: id.nullable() });

export const HOUSE_EVENTS = {
  'restaurant.registered': z.object({
    name: z.string(),
    currency,
    timezone: z.string(),
    demoExpiresAt: timestamp.optional(),
  }),
  'restaurant.changed': z.object({
    fields: z.array(z.string()).meta({ description: 'Names of the fields that changed.' }),
  }),
  'member.invited': z.object({ role, userId: id.optional().meta({ description: 'On older events alone.' }) }),
  'member.joined': person.extend({ role }),
  'member.changed': somebody.extend({ role }),
  'member.removed': somebody,
  'session.started': person,
  'session.ended': person,
  'session.revoked': person.extend({ reason: z.string() }),
  'account.changed': person,
  'account.password_changed': person,
  'account.reset': person,
  'account.email_asked': person,
  'account.email_changed': person,
  'api_key.created': z.object({
    name: z.string(),
    kind: z.enum(API_KEY_KINDS),
    scopes: z.array(z.enum(SCOPES)),
    hint: z.string(),
  }),
  'api_key.changed': z.object({ name: z.string() }),
  'api_key.rotated': z.object({ name: z.string(), hint: z.string() }),
  'api_key.revoked': z.object({ name: z.string() }),
  'job.retried': z.object({ kind: z.string() }),
  'job.cancelled': z.object({ kind: z.string() }),
  'webhook_endpoint.created': webhookEndpoint,
  'webhook_endpoint.changed': webhookEndpoint,
  'webhook_endpoint.deleted': webhookEndpoint,
  'webhook_endpoint.enabled': webhookEndpoint,
  // By a caller: the whole endpoint. By its failures or by 410: the short form.
  'webhook_endpoint.disabled': z.union([
    webhookEndpoint,
    z.object({ id, url: z.string(), state: z.literal('disabled'), disabledReason: z.enum(DISABLED_REASONS) }),
  ]),
  'webhook_endpoint.secret_rotated': webhookEndpoint,
  'webhook_endpoint.tested': webhookEndpoint,
};
