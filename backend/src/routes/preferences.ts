import type { PreferenceService } from '../services/PreferenceService.js';
import { pageOf, pageQuery } from './schemas/common.js';
import { newPreference, preference, preferenceChange, preferenceKey } from './schemas/preference.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const PATH = '/v1/me/preferences';
const ONE = `${PATH}/{key}`;
const tag = 'Preferences';
/** Room for the largest value, written with escapes and blanks. */
const maxBodyBytes = 64_000;

/** Settings that a person or device keeps at the server: saved views, zoom, theme. */
export function preferenceEndpoints({ preferences }: { preferences: PreferenceService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: PATH,
      name: 'createPreference',
      tag,
      summary: 'Keep a preference of yours',
      description:
        'A person has preferences in each restaurant, and so has an API key: at most 50. Nobody else sees them. They end with the membership or the key.',
      access: 'member',
      body: newPreference,
      maxBodyBytes,
      status: 201,
      response: preference,
      etag: 'version',
      handle: ({ call, body }) => preferences.create(call, body),
    }),
    endpoint({
      method: 'get',
      path: PATH,
      name: 'listPreferences',
      tag,
      summary: 'List your preferences by key',
      description: 'Those of the caller in this restaurant.',
      access: 'member',
      query: pageQuery,
      response: pageOf(preference),
      handle: ({ call, query }) => preferences.list(call, query),
    }),
    endpoint({
      method: 'get',
      path: ONE,
      name: 'getPreference',
      tag,
      summary: 'Get a preference of yours',
      description: '`404` until you have made it.',
      access: 'member',
      params: preferenceKey,
      response: preference,
      etag: 'version',
      handle: ({ call, params }) => preferences.get(call, params.key),
    }),
    endpoint({
      method: 'patch',
      path: ONE,
      name: 'changePreference',
      tag,
      summary: 'Replace the value of a preference',
      description: 'The whole value is replaced, not merged.',
      access: 'member',
      params: preferenceKey,
      body: preferenceChange,
      maxBodyBytes,
      ifMatch: 'required',
      response: preference,
      etag: 'version',
      handle: ({ call, params, body }) => preferences.change(call, { key: params.key, value: body.value }),
    }),
    endpoint({
      method: 'delete',
      path: ONE,
      name: 'deletePreference',
      tag,
      summary: 'Delete a preference of yours',
      description: 'Checks `If-Match` only if it is sent.',
      access: 'member',
      params: preferenceKey,
      ifMatch: 'optional',
      handle: ({ call, params }) => preferences.remove(call, params.key),
    }),
  ];
}
