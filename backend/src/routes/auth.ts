import type { AuthService } from '../services/AuthService.js';
import { acceptance, entry, joining, login, me, refresh, registration } from './schemas/auth.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

/** An address and a password at their longest, or a token. */
const MAX_ENTRY_BODY_BYTES = 4_000;

export function authEndpoints({ auth }: { auth: AuthService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/auth/register',
      tag: 'Auth',
      summary: 'Register an account and its restaurant',
      description:
        'An address that nobody has proven may be that of several accounts, told apart by their passwords: `409 email_taken` comes when it is proven, or an account has this very password.',
      access: 'public',
      body: registration,
      accountOf: (body) => body.email,
      status: 201,
      response: entry,
      handle: ({ call, body }) => auth.register(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/login',
      tag: 'Auth',
      summary: 'Log in',
      description: 'Without `restaurantId` the session is for the restaurant you joined first.',
      access: 'public',
      body: login,
      maxBodyBytes: MAX_ENTRY_BODY_BYTES,
      accountOf: (body) => body.email,
      proof: 'account',
      response: entry,
      handle: ({ call, body }) => auth.login(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/refresh',
      tag: 'Auth',
      summary: 'Trade a refresh token for new tokens',
      description:
        'A refresh token is good for one use; a second use ends the session and all its tokens. Send an Idempotency-Key to repeat a refresh whose answer got lost.',
      access: 'public',
      body: refresh,
      proof: { refreshTokenOf: (body) => body.refreshToken },
      maxBodyBytes: MAX_ENTRY_BODY_BYTES,
      response: entry,
      handle: ({ call, body }) => auth.refresh(call, body.refreshToken),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/logout',
      tag: 'Auth',
      summary: 'End the session of this access token',
      access: 'member',
      handle: ({ call }) => auth.logout(call),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/accept-invitation',
      tag: 'Auth',
      summary: 'Join a restaurant by invitation',
      description:
        'With the password of your account of the invited address you join with that account; with another one you get a new account. Where the address is proven, only the former. Logged in, use `POST /v1/me/memberships`.',
      access: 'public',
      body: acceptance,
      accountOf: (body) => body.token,
      proof: 'account',
      response: entry,
      handle: ({ call, body }) => auth.acceptInvitation(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/me/memberships',
      tag: 'Auth',
      summary: 'Join a restaurant that invited your address, as the person logged in',
      description: 'Answers a new session, which is for that restaurant. An API key gets `403`.',
      access: 'member',
      body: joining,
      status: 201,
      response: entry,
      handle: ({ call, body }) => auth.joinAnother(call, body.token),
    }),
    endpoint({
      method: 'get',
      path: '/v1/me',
      tag: 'Auth',
      summary: 'Who is calling, with which rights',
      access: 'member',
      response: me,
      handle: ({ call }) => auth.me(call),
    }),
  ];
}
