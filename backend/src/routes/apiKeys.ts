import type { ApiKeyService } from '../services/ApiKeyService.js';
import { apiKey, createdApiKey, newApiKey } from './schemas/apiKey.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function apiKeyEndpoints({ apiKeys }: { apiKeys: ApiKeyService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/api-keys',
      tag: 'API key',
      summary: 'Create an API key',
      description: 'The secret is shown only in this answer. A key cannot have a scope that you do not have.',
      access: 'api_keys:write',
      body: newApiKey,
      status: 201,
      response: createdApiKey,
      handle: ({ call, body }) => apiKeys.create(call, body),
    }),
    endpoint({
      method: 'get',
      path: '/v1/api-keys',
      tag: 'API key',
      summary: 'List API keys that are not revoked',
      access: 'api_keys:write',
      query: pageQuery,
      response: pageOf(apiKey),
      handle: ({ call, query }) => apiKeys.list(call, query),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/api-keys/{id}',
      name: 'revokeApiKey',
      tag: 'API key',
      summary: 'Revoke an API key',
      access: 'api_keys:write',
      params: idParams,
      handle: ({ call, params }) => apiKeys.revoke(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/api-keys/{id}/rotate',
      tag: 'API key',
      summary: 'Give an API key another secret',
      description:
        'Name, scopes and expiry stay. The old secret is refused from the next request on. You need all scopes of the key.',
      access: 'api_keys:write',
      params: idParams,
      response: createdApiKey,
      handle: ({ call, params }) => apiKeys.rotate(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/me/api-key/rotate',
      name: 'rotateOwnApiKey',
      tag: 'API key',
      summary: 'Give the calling API key another secret',
      description:
        'For a device that renews its key from time to time. The old secret works for ten more minutes, so the request can be repeated with the same `Idempotency-Key` if its answer is lost. A person gets `403`.',
      access: 'member',
      response: createdApiKey,
      handle: ({ call }) => apiKeys.rotateOwn(call),
    }),
  ];
}
