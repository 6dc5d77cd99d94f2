import type { Request } from 'express';
import type { AccountService } from '../services/auth/AccountService.js';
import type { AddressChange } from '../services/auth/AddressChange.js';
import type { RestaurantChoice } from '../services/auth/RestaurantChoice.js';
import { stateOf } from '../middleware/requestContext.js';
import {
  addressChange,
  addressConfirmation,
  entry,
  forgottenPassword,
  membership,
  ownSession,
  passwordChange,
  passwordReset,
  profileChanges,
  restaurantChoice,
  user,
} from './schemas/auth.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { cookieQuery, moveTo } from './support/refreshCookie.js';

interface Services {
  account: AccountService;
  addressChange: AddressChange;
  restaurantChoice: RestaurantChoice;
}

/** The caller's own account, in all restaurants. */
export function accountEndpoints({
  account,
  addressChange: addresses,
  restaurantChoice: choice,
}: Services): Endpoint[] {
  return [
    endpoint({
      method: 'patch',
      path: '/v1/me',
      name: 'changeProfile',
      tag: 'Auth',
      summary: 'Change your name or language',
      description: 'In all your restaurants. For the e-mail address, see `POST /v1/me/email`. An API key gets `403`.',
      access: 'member',
      body: profileChanges,
      response: user,
      handle: ({ call, body }) => account.changeProfile(call, body),
    }),
    endpoint({
      method: 'get',
      path: '/v1/me/memberships',
      name: 'listOwnMemberships',
      tag: 'Auth',
      summary: 'List your restaurants, the oldest membership first',
      description: 'For a choice of restaurant. An API key gets `403`.',
      access: 'member',
      query: pageQuery,
      response: pageOf(membership),
      handle: ({ call, query }) => choice.listMemberships(call, query),
    }),
    endpoint({
      method: 'post',
      path: '/v1/me/sessions',
      name: 'switchRestaurant',
      tag: 'Auth',
      summary: 'Start a session in another restaurant of yours',
      description:
        'Without the password. With `?cookie=true`, the cookie is replaced and the session of this call ends: other tabs get `401`, refresh, and find another `restaurant` in the answer. Load their page anew then. An API key gets `403`.',
      access: 'member',
      query: cookieQuery,
      body: restaurantChoice,
      status: 201,
      response: entry,
      handle: (input) =>
        moveTo(input, (call, endsCurrent) => choice.switchRestaurant(call, input.body.restaurantId, endsCurrent)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/forgot-password',
      name: 'forgotPassword',
      tag: 'Auth',
      summary: 'Have a reset token mailed to an address',
      description:
        'The answer is the same whether the address has accounts. The old password works until the token is used. `503 messages_not_configured`: the server sends no mail; ask its operator.',
      access: 'public',
      body: forgottenPassword,
      accountOf: (body) => body.email,
      handle: ({ call, body }) => account.offerReset(call, body.email),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/reset-password',
      name: 'resetPassword',
      tag: 'Auth',
      summary: 'Set a new password with the one-time token of a reset',
      description: 'The token comes by mail, or from the operator of the server. Log in afterwards.',
      access: 'public',
      body: passwordReset,
      accountOf: (body) => body.token,
      handle: ({ call, body }) => account.finishReset(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/me/password',
      name: 'changePassword',
      tag: 'Auth',
      summary: 'Change your password',
      description: 'Ends all your other sessions, in all restaurants. An API key gets `403`.',
      access: 'member',
      body: passwordChange,
      accountOf: (_body, request) => ownPassword(request),
      handle: ({ call, body }) => account.changePassword(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/me/email',
      name: 'askForAddress',
      tag: 'Auth',
      summary: 'Have a code mailed to your new e-mail address',
      description:
        'The code is valid for an hour and once; a later one replaces it, and a new password ends it. A notice goes to the address of now, which stays until `POST /v1/auth/confirm-email`. `409 email_taken`: another account has proven the address. `429`: a code for it was mailed in the last minutes. `503 messages_not_configured`: the server sends no mail; ask its operator. An API key gets `403`.',
      access: 'member',
      body: addressChange,
      accountOf: (_body, request) => ownPassword(request),
      handle: ({ call, body }) => addresses.ask(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/auth/confirm-email',
      name: 'confirmAddress',
      tag: 'Auth',
      summary: 'Give your account its new e-mail address, with the code of the mail',
      description:
        'In all your restaurants. The address counts as proven from now on: log in with it. Sessions stay. `409 email_taken`: another account has proven the address meanwhile; ask for another one.',
      access: 'public',
      body: addressConfirmation,
      accountOf: (body) => body.token,
      handle: ({ call, body }) => addresses.confirm(call, body.token),
    }),
    endpoint({
      method: 'get',
      path: '/v1/me/sessions',
      name: 'listOwnSessions',
      tag: 'Auth',
      summary: 'List your sessions in all restaurants, newest first',
      description: 'Sessions that have neither ended nor expired. An API key gets `403`.',
      access: 'member',
      query: pageQuery,
      response: pageOf(ownSession),
      handle: ({ call, query }) => account.listSessions(call, query),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/me/sessions',
      name: 'endOwnSessions',
      tag: 'Auth',
      summary: 'End all your sessions, including this one',
      description: 'In all restaurants. Their tokens are refused from now on.',
      access: 'member',
      handle: ({ call }) => account.endSessions(call),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/me/sessions/{id}',
      name: 'endOwnSession',
      tag: 'Auth',
      summary: 'End one of your sessions',
      description: 'Its tokens are refused from now on.',
      access: 'member',
      params: idParams,
      handle: ({ call, params }) => account.endSession(call, params.id),
    }),
  ];
}

/** Limits guesses at the password by someone who found a logged-in device. */
function ownPassword(request: Request): string {
  return `own password of ${stateOf(request).call?.actor.id}`;
}
