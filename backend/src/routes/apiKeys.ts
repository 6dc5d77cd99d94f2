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
  ];
}
