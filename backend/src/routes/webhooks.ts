import type { WebhookEndpoint } from '../domain/webhook/webhookEndpoint.js';
import type { Resends } from '../services/webhook/Resends.js';
import type { WebhookService } from '../services/WebhookService.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import {
  createdEndpoint,
  delivery,
  deliveryQuery,
  enabledEndpoint,
  endpointInput,
  endpointPatch,
  recovery,
  replay,
  resent,
  rotatedSecret,
  webhookEndpoint,
} from './schemas/webhook.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const PATH = '/v1/webhook-endpoints';
const TAG = 'Webhook';

interface Services {
  webhooks: WebhookService;
  webhookResends: Resends;
}

export function webhookEndpoints(services: Services): Endpoint[] {
  return [...editing(services), ...switching(services), ...deliveries(services)];
}

function editing({ webhooks }: Services): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: PATH,
      tag: TAG,
      summary: 'Create a webhook endpoint',
      description:
        'From now on, each event of the types is sent to the address, signed as the Standard Webhooks say. The secret is shown only in this answer. See docs/webhooks.md for receivers.',
      access: 'webhooks:write',
      body: endpointInput,
      status: 201,
      response: createdEndpoint,
      etag: 'version',
      handle: async ({ call, body }) => {
        const { secret, ...created } = await webhooks.create(call, body);
        return { ...present(created), secret };
      },
    }),
    endpoint({
      method: 'get',
      path: PATH,
      tag: TAG,
      summary: 'List webhook endpoints',
      access: 'webhooks:read',
      query: pageQuery,
      response: pageOf(webhookEndpoint),
      handle: async ({ call, query }) => {
        const { data, nextCursor } = await webhooks.list(call, query);
        return { data: data.map(present), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Get a webhook endpoint',
      access: 'webhooks:read',
      params: idParams,
      response: webhookEndpoint,
      etag: 'version',
      handle: async ({ call, params }) => present(await webhooks.get(call, params.id)),
    }),
    endpoint({
      method: 'patch',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Change a webhook endpoint',
      description: 'With a new address or new types, it gets only events that you may see yourself.',
      access: 'webhooks:write',
      params: idParams,
      body: endpointPatch,
      ifMatch: 'required',
      response: webhookEndpoint,
      etag: 'version',
      handle: async ({ call, params, body }) => present(await webhooks.change(call, params.id, body)),
    }),
    endpoint({
      method: 'delete',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Delete a webhook endpoint',
      description: 'Nothing more is sent, and what waits is given up. The log stays for 30 days.',
      access: 'webhooks:write',
      params: idParams,
      ifMatch: 'optional',
      handle: ({ call, params }) => webhooks.remove(call, params.id),
    }),
  ];
}

function switching({ webhooks }: Services): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: `${PATH}/{id}/rotate-secret`,
      name: 'rotateWebhookSecret',
      tag: TAG,
      summary: 'Make a new secret',
      description: 'For 24 hours, each webhook is signed with the new and the former secret.',
      access: 'webhooks:write',
      params: idParams,
      response: rotatedSecret,
      handle: ({ call, params }) => webhooks.rotateSecret(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: `${PATH}/{id}/enable`,
      tag: TAG,
      summary: 'Start sending again',
      access: 'webhooks:write',
      params: idParams,
      response: enabledEndpoint,
      handle: async ({ call, params }) => {
        const { recoverable, ...enabled } = await webhooks.enable(call, params.id);
        return { ...present(enabled), recoverable };
      },
    }),
    endpoint({
      method: 'post',
      path: `${PATH}/{id}/disable`,
      tag: TAG,
      summary: 'Stop sending',
      description: 'What waits is given up. It can be recovered after the endpoint is enabled again.',
      access: 'webhooks:write',
      params: idParams,
      response: webhookEndpoint,
      handle: async ({ call, params }) => present(await webhooks.disable(call, params.id)),
    }),
    endpoint({
      method: 'post',
      path: `${PATH}/{id}/test`,
      tag: TAG,
      summary: 'Send a test event',
      description: 'An event `webhook_endpoint.tested`, to this endpoint only. Its deliveries show what became of it.',
      access: 'webhooks:write',
      params: idParams,
      handle: ({ call, params }) => webhooks.test(call, params.id),
    }),
  ];
}

function deliveries({ webhookResends }: Services): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: `${PATH}/{id}/recover`,
      name: 'recoverWebhookEvents',
      tag: TAG,
      summary: 'Send what was missed',
      description:
        'Sends the events that the endpoint asks for and has not got: given up, or from when it was disabled.',
      access: 'webhooks:write',
      params: idParams,
      body: recovery,
      response: resent,
      handle: ({ call, params, body }) => webhookResends.recover(call, params.id, body),
    }),
    endpoint({
      method: 'post',
      path: `${PATH}/{id}/replay`,
      name: 'replayWebhookEvents',
      tag: TAG,
      summary: 'Send events again',
      description: 'Sends all events that the endpoint asks for, also those that it has got, with the same ids.',
      access: 'webhooks:write',
      params: idParams,
      body: replay,
      response: resent,
      handle: ({ call, params, body }) => webhookResends.replay(call, params.id, body),
    }),
    endpoint({
      method: 'get',
      path: '/v1/webhook-deliveries',
      tag: TAG,
      summary: 'List deliveries with their attempts, the newest event first',
      access: 'webhooks:read',
      query: deliveryQuery,
      response: pageOf(delivery),
      handle: ({ call, query }) => webhookResends.list(call, query),
    }),
    endpoint({
      method: 'post',
      path: '/v1/webhook-deliveries/{id}/redeliver',
      tag: TAG,
      summary: 'Send one delivery again',
      access: 'webhooks:write',
      params: idParams,
      response: delivery,
      handle: ({ call, params }) => webhookResends.redeliver(call, params.id),
    }),
  ];
}

/** Without the parts that are not for callers. */
function present({ nouns: _inner, ...shown }: WebhookEndpoint): Omit<WebhookEndpoint, 'nouns'> {
  return shown;
}
