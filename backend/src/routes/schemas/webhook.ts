import { z } from 'zod';
import { EVENT_TYPES } from '../../domain/shared/events.js';
import { DELIVERY_STATES, DISABLED_REASONS, WEBHOOK_STATES } from '../../domain/webhook/webhookEndpoint.js';
import { edited, id, optionalText, pageQuery, patchOf, timestamp } from './common.js';

const MAX_URL_CHARS = 2_000;
const MAX_HEADERS = 10;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Visible ASCII with single blanks inside, as RFC 9110 5.5 has it. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Set by Servio, or by the connection. */
const RESERVED =
  /^(?:webhook-.*|content-.*|host|connection|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|user-agent)$/i;

const url = z
  .url('Give an address such as https://example.com/hooks.')
  .max(MAX_URL_CHARS)
  .meta({
    description: 'Public address, on port 443, 80, or one from 1024 upwards.',
    examples: ['https://example.com/hooks'],
  });

const types = z
  .array(z.enum(EVENT_TYPES, 'There is no such event type. See the list in /docs.'))
  .min(1, 'Name at least one type, or give null for all.')
  .max(EVENT_TYPES.length)
  .nullable()
  .optional()
  .meta({ description: 'Null: all that you may see.' });

const headers = z
  .record(
    z.string().regex(HEADER_NAME, 'This is no name of a header.'),
    z.string().max(1_000).regex(HEADER_VALUE, 'A header has visible ASCII characters and blanks between them.'),
  )
  .refine((all) => Object.keys(all).length <= MAX_HEADERS, `Give at most ${MAX_HEADERS} headers.`)
  .superRefine((all, context) => {
    for (const name of Object.keys(all).filter((one) => RESERVED.test(one)))
      context.addIssue({ code: 'custom', path: [name], message: 'Servio sets this header itself. Choose another.' });
  })
  .meta({ description: 'Sent with each webhook, for example for authorization. Their values are never shown again.' });

const input = z.strictObject({
  url,
  types,
  ordered: z
    .boolean()
    .optional()
    .meta({ description: 'Whether a webhook waits for the earlier ones of the same subject. Default: true.' }),
  description: optionalText(500),
  headers: headers.optional(),
  asymmetric: z
    .boolean()
    .optional()
    .meta({ description: 'Whether `v1a` signatures (ed25519) are sent beside `v1`. Default: false.' }),
});

export const endpointInput = input.meta({ id: 'NewWebhookEndpoint' });
export const endpointPatch = patchOf(input).meta({ id: 'WebhookEndpointPatch' });

const endpointFields = z.object({
  ...edited,
  url: z.string(),
  types: z.array(z.enum(EVENT_TYPES)).nullable(),
  ordered: z.boolean(),
  description: z.string().nullable(),
  headerNames: z.array(z.string()),
  publicKey: z.string().nullable().meta({ description: 'Verifies `v1a` signatures: `whpk_` and base64.' }),
  state: z.enum(WEBHOOK_STATES),
  disabledReason: z
    .enum(DISABLED_REASONS)
    .nullable()
    .meta({ description: '`gone`: it answered 410. `failures`: nothing but failures for five days.' }),
  disabledAt: timestamp.nullable(),
});

export const webhookEndpoint = endpointFields.meta({ id: 'WebhookEndpoint' });

const secret = z.string().meta({ description: '`whsec_` and base64. Shown only in this answer.' });

export const createdEndpoint = endpointFields.extend({ secret }).meta({ id: 'CreatedWebhookEndpoint' });

export const enabledEndpoint = endpointFields
  .extend({
    recoverable: z
      .object({
        since: timestamp,
        deliveries: z.int().meta({ description: 'Counted up to 5,000.' }),
      })
      .nullable()
      .meta({
        description: 'What it has not got. Nothing of it is sent unless `recover` is called with this `since`.',
      }),
  })
  .meta({ id: 'EnabledWebhookEndpoint' });

export const rotatedSecret = z
  .object({
    secret,
    oldSecretUntil: timestamp.nullable().meta({ description: 'Until then, each webhook is signed with both.' }),
  })
  .meta({ id: 'RotatedWebhookSecret' });

const since = timestamp.meta({ description: 'Events of that time or later. Events are kept for 30 days.' });
const after = z
  .int()
  .min(0)
  .optional()
  .meta({ description: 'Events after this position: `nextAfter` of the call before.' });

export const recovery = z.strictObject({ since, after }).meta({ id: 'WebhookRecovery' });
export const replay = z
  .strictObject({ since, after, types: types.unwrap().unwrap().optional() })
  .meta({ id: 'WebhookReplay' });

export const resent = z
  .object({
    queued: z.int().meta({ description: 'Deliveries that will be sent. One call makes at most 5,000.' }),
    nextAfter: z.int().nullable().meta({ description: 'Call again with this as `after`; null when nothing is left.' }),
  })
  .meta({ id: 'WebhookResent' });

const attempt = z
  .object({
    number: z.int(),
    at: timestamp,
    status: z.int().nullable(),
    fault: z.string().nullable(),
    answer: z.string().nullable().meta({ description: 'The beginning of the body, without secrets.' }),
    durationMs: z.int(),
  })
  .meta({ id: 'WebhookAttempt' });

export const delivery = z
  .object({
    id,
    endpointId: id,
    eventId: id.meta({ description: 'The header `webhook-id`, the same for each attempt.' }),
    position: z.int(),
    type: z.enum(EVENT_TYPES),
    subjectId: id,
    status: z.enum(DELIVERY_STATES),
    attemptCount: z.int(),
    nextAttemptAt: timestamp
      .nullable()
      .meta({ description: 'Null after its end, and while it waits for an earlier one of the same subject.' }),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
    attempts: z.array(attempt).meta({ description: 'The last ten.' }),
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryQuery = pageQuery.extend({
  endpointId: id.optional(),
  status: z.enum(DELIVERY_STATES, `Give one of ${DELIVERY_STATES.join(', ')}.`).optional(),
  eventId: id.optional(),
});
