import type { AuthService } from '../services/AuthService.js';
import { acceptance, entry, login, me, refresh, registration } from './schemas/auth.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function authEndpoints({ auth }: { auth: AuthService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/auth/register',
      tag: 'Auth',
      summary: 'Register an account and its restaurant',
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
      accountOf: (body) => body.email,
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
      access: 'public',
      body: acceptance,
      accountOf: (body) => body.token,
      response: entry,
      handle: ({ call, body }) => auth.acceptInvitation(call, body),
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
