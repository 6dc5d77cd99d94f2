import type { AuthService } from '../services/AuthService.js';
import { acceptance, entry, joining, login, me, refresh, registration } from './schemas/auth.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import {
  clearCookie,
  cookieQuery,
  expectOwnPage,
  inCookie,
  moveTo,
  refreshFrom,
  refreshTokenFrom,
} from './support/refreshCookie.js';

/** Room for the longest address and password, or for a token. */
const MAX_ENTRY_BODY_BYTES = 4_000;

export function authEndpoints({ auth }: { auth: AuthService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/auth/register',
      name: 'register',
      tag: 'Auth',
      summary: 'Register an account and its restaurant',
      description:
        'Several accounts may share an unproven address; their passwords tell them apart. `409 email_taken` means that the address is proven, or that one of its accounts has the same password.',
      access: 'public',
      query: cookieQuery,
      body: registration,
      accountOf: (body) => body.email,
      status: 201,
      response: entry,
      handle: (input) => inCookie(input, () => auth.register(input.call, input.body)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/login',
      name: 'login',
      tag: 'Auth',
      summary: 'Log in',
      description: 'Without `restaurantId`, the session is for the restaurant that you joined first.',
      access: 'public',
      query: cookieQuery,
      body: login,
      maxBodyBytes: MAX_ENTRY_BODY_BYTES,
      accountOf: (body) => body.email,
      proof: 'account',
      response: entry,
      handle: (input) => inCookie(input, () => auth.login(input.call, input.body)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/refresh',
      name: 'refresh',
      tag: 'Auth',
      summary: 'Exchange a refresh token for new tokens',
      description:
        'A refresh token is valid for one use. A second use ends the session and all its tokens. Send an Idempotency-Key, so that you can repeat a refresh whose answer was lost. With `?cookie=true`, the token comes from the cookie; tabs that send it within half a minute of each other all get the same new one.',
      access: 'public',
      query: cookieQuery,
      body: refresh,
      proof: { refreshTokenOf: (body, request) => refreshTokenFrom(request, body) },
      maxBodyBytes: MAX_ENTRY_BODY_BYTES,
      response: entry,
      handle: (input) => inCookie(input, () => refreshFrom(input, (token) => auth.refresh(input.call, token))),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/logout',
      name: 'logout',
      tag: 'Auth',
      summary: 'End the session of this access token',
      description: 'Its refresh token ends with it. With `?cookie=true`, the cookie is removed, too.',
      access: 'member',
      query: cookieQuery,
      handle: async ({ call, query, request, response }) => {
        if (query.cookie) expectOwnPage(request);
        await auth.logout(call);
        if (query.cookie) clearCookie(response);
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/accept-invitation',
      name: 'acceptInvitation',
      tag: 'Auth',
      summary: 'Join a restaurant by invitation',
      description:
        'With the password of your account at the invited address, you join with that account. Any other password creates a new account, unless the address is proven. If you are logged in, use `POST /v1/me/memberships`.',
      access: 'public',
      query: cookieQuery,
      body: acceptance,
      accountOf: (body) => body.token,
      proof: 'account',
      response: entry,
      handle: (input) => inCookie(input, () => auth.acceptInvitation(input.call, input.body)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/me/memberships',
      name: 'joinRestaurant',
      tag: 'Auth',
      summary: 'Join another restaurant with the account that is logged in',
      description:
        'The invitation must be for your address. Returns a new session for that restaurant. An API key gets `403`.',
      access: 'member',
      query: cookieQuery,
      body: joining,
      status: 201,
      response: entry,
      handle: (input) => moveTo(input, (call, endsCurrent) => auth.joinAnother(call, input.body.token, endsCurrent)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/me',
      tag: 'Auth',
      summary: 'Get the caller and the caller’s rights',
      description: 'Shows what the credential may do, and in which restaurant.',
      access: 'member',
      response: me,
      handle: ({ call }) => auth.me(call),
    }),
  ];
}
