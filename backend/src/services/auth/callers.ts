/** Identifies callers: a person with a session, or an API key. */
import type { Call } from '../../domain/shared/call.js';
import { type ApiKeyKind, limitFactor } from '../../domain/people/rateLimits.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import { type Role, SCOPES, type Scope, scopesOf } from '../../domain/people/roles.js';
import type { ActiveRole, User } from '../../repositories/AuthRepository.js';
import type { ApiKeyService, IdentifiedKey } from '../ApiKeyService.js';
import { type CacheKey, CacheKeys, CacheTags, CacheTTL } from '../cache/keys.js';
import type { CacheService } from '../CacheService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { type AccessClaims, type AccessTokens, invalidToken } from './accessTokens.js';
import type { Accounts } from './accounts.js';
import type { Sessions } from './sessions.js';

const API_KEY = 'sk_';

export interface CallerDependencies {
  unitOfWork: UnitOfWork;
  accounts: Accounts;
  sessions: Sessions;
  accessTokens: AccessTokens;
  restaurants: RestaurantService;
  apiKeys: ApiKeyService;
  cache: Pick<CacheService, 'getOrSet' | 'peek'>;
}

/** The facts that the credential alone proves about a caller. */
export type Identity = Omit<Call, 'requestId'>;

/** The caller: a person with a role, or an API key. */
export interface Me {
  user: User | null;
  role: Role | null;
  apiKey: { id: string; name: string; kind: ApiKeyKind; scopes: Scope[] } | null;
  scopes: Scope[];
  restaurant: RestaurantSettings;
}

export class Callers {
  readonly #deps: CallerDependencies;

  constructor(deps: CallerDependencies) {
    this.#deps = deps;
  }

  /**
   * Finds the caller from an access token or an API key. The session, membership or key is looked
   * up at every call, in the cache or with one statement, so that a removal, a new role or a
   * revocation applies at once.
   * @throws AppError invalid_token.
   */
  async identify(token: string): Promise<Identity> {
    if (token.startsWith(API_KEY)) {
      const found = await this.#deps.apiKeys.identify(token);
      if (!found) throw invalidToken();
      return keyIdentity(found);
    }
    const claims = await this.#deps.accessTokens.read(token);
    // Every end of a session and every change of a role is a fact with the restaurant's access tag,
    // which makes this value old everywhere.
    const found = await this.#deps.cache.getOrSet(
      sessionKey(claims),
      CacheTTL.session,
      () => this.#deps.unitOfWork.read(claims, (tx) => this.#deps.sessions.findRole(tx, claims)),
      { tags: [CacheTags.access(claims.restaurantId)] },
    );
    if (!found) throw invalidToken();
    return personIdentity(claims, found);
  }

  /**
   * Same as `identify`, but only for a caller in memory, without a query.
   * @returns undefined for all others.
   */
  recall(token: string): Identity | undefined {
    if (token.startsWith(API_KEY)) {
      const found = this.#deps.apiKeys.recall(token);
      return found && keyIdentity(found);
    }
    const claims = this.#deps.accessTokens.recall(token);
    const found = claims && this.#deps.cache.peek<ActiveRole>(sessionKey(claims));
    return found && personIdentity(claims, found);
  }

  me(call: Call): Promise<Me> {
    const { unitOfWork, accounts, apiKeys, restaurants } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const restaurant = await restaurants.settings(tx, call.restaurantId);
      const scopes = SCOPES.filter((scope) => call.scopes.has(scope));
      if (call.actor.kind === 'api_key') {
        const { id, name, kind } = await apiKeys.find(tx, call.restaurantId, call.actor.id);
        return { user: null, role: null, apiKey: { id, name, kind, scopes }, scopes, restaurant };
      }
      const user = await accounts.find(tx, call.actor.id);
      return { user, role: call.actor.role ?? null, apiKey: null, scopes, restaurant };
    });
  }
}

function sessionKey({ restaurantId, sessionId, userId }: AccessClaims): CacheKey {
  return CacheKeys.session(restaurantId, sessionId, userId);
}

function personIdentity(claims: AccessClaims, found: ActiveRole): Identity {
  const { restaurantId, userId, sessionId, isBrowser } = claims;
  return {
    restaurantId,
    actor: { kind: 'user', id: userId, role: found.role, sessionId },
    scopes: scopesOf(found.role, found.isDemo),
    limitFactor: limitFactor(undefined, found.planFactor),
    planFactor: found.planFactor,
    ...(isBrowser ? { isBrowser } : {}),
  };
}

function keyIdentity({ restaurantId, key, planFactor }: IdentifiedKey): Identity {
  return {
    restaurantId,
    actor: { kind: 'api_key', id: key.id },
    scopes: new Set(key.scopes),
    limitFactor: limitFactor(key.kind, planFactor),
    planFactor,
  };
}
