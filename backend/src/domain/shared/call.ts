/** Caller data for services: tenant, actor, rights and idempotency claim. */
import type { Role, Scope } from '../people/roles.js';

/** Tenant id of calls without a tenant: registration and login. No row belongs to it. */
export const NO_RESTAURANT = '00000000-0000-0000-0000-000000000000';

export type ActorKind = 'user' | 'api_key' | 'system' | 'anonymous';

export interface Actor {
  kind: ActorKind;
  /** User id, API key id, or a word for the rest. */
  id: string;
  role?: Role;
  sessionId?: string;
}

/** An Idempotency-Key and the request that carries it. */
export interface IdempotencyClaim {
  key: string;
  /** Method and route pattern: the same key may be used on another route. */
  route: string;
  /** Owner of the key before login: the account that the request names. */
  account?: string;
  /** Digest of path and body: another request under the same key is an error. */
  requestHash: string;
  /** Status to store beside the answer. */
  status: number;
  /** The answer contains a secret: it can be repeated for minutes instead of days. */
  showsSecret: boolean;
  /** Set by the unit of work when it returns a stored answer. */
  replayed: boolean;
}

export interface Call {
  restaurantId: string;
  actor: Actor;
  scopes: ReadonlySet<Scope>;
  requestId: string;
  /** Raises the caller's rate limits; 1 if absent. */
  limitFactor?: number;
  /** Raises the limits of the whole restaurant; 1 if absent. */
  planFactor?: number;
  /** Version from If-Match. */
  ifMatch?: number;
  idempotency?: IdempotencyClaim;
  /** Changes of an order are made, answered and rolled back. Only where the route offers it. */
  isDryRun?: true;
  /** A page of Servio in a browser, whose refresh token is in a cookie. */
  isBrowser?: true;
  /** The name that the browser or program gives itself, on calls that start a session. */
  userAgent?: string;
  /** On a call that only reads or asks: aborts when its caller disconnects. */
  gone?: AbortSignal;
}

/**
 * A call by Servio itself, on behalf of one tenant.
 * @param id names the part that acts, e.g. `demo`.
 */
export function systemCall(restaurantId: string, id: string): Call {
  return { restaurantId, actor: { kind: 'system', id }, scopes: new Set(), requestId: id };
}
