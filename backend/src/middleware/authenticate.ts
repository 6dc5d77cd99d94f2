import type { Request } from 'express';
import { type Call, NO_RESTAURANT } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { Scope } from '../domain/people/roles.js';
import { stateOf } from './requestContext.js';

const MAX_USER_AGENT_CHARS = 200;
const BEARER = /^Bearer +([\x21-\x7e]{1,4096})$/i;

/** The bearer token of a request. @throws AppError unauthenticated if there is none. */
export function bearerToken(request: Request): string {
  const header = request.get('authorization');
  if (header === undefined) {
    throw new AppError(
      'unauthenticated',
      'Send "Authorization: Bearer" with an access token (POST /v1/auth/login) or an API key.',
    );
  }
  const token = BEARER.exec(header)?.[1];
  if (token === undefined)
    throw new AppError('unauthenticated', 'The Authorization header must be "Bearer", a space and the token.');
  return token;
}

/** The call of a route that needs no credential. */
export function anonymousCall(request: Request): Call {
  return {
    restaurantId: NO_RESTAURANT,
    actor: { kind: 'anonymous', id: 'anonymous' },
    scopes: new Set(),
    requestId: stateOf(request).requestId,
    ...named(request),
  };
}

/** The text by which a browser or program names itself, cut to what a list can show. */
export function named(request: Request): Pick<Call, 'userAgent'> {
  const text = (request.get('user-agent') ?? '')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .slice(0, MAX_USER_AGENT_CHARS)
    .trim();
  return text === '' ? {} : { userAgent: text };
}

/** @param scopes of which one is enough. @throws AppError forbidden naming them. */
export function authorize(call: Call, scopes: readonly Scope[]): void {
  if (scopes.some((scope) => call.scopes.has(scope))) return;
  const names = scopes.map((scope) => `"${scope}"`).join(' or ');
  throw new AppError('forbidden', `This needs the scope ${names}, which your role or key does not have.`);
}
