/** Who is calling: a person with a session, or an API key. */
import type { Call } from '../../domain/call.js';
import { type ApiKeyKind, limitFactor } from '../../domain/rateLimits.js';
import type { RestaurantSettings } from '../../domain/restaurant.js';
import { type Role, SCOPES, type Scope, scopesOf } from '../../domain/roles.js';
import type { User } from '../../repositories/AuthRepository.js';
import type { ApiKeyService } from '../ApiKeyService.js';
import { CacheKeys, CacheTags, CacheTTL } from '../cache/keys.js';
import type { CacheService } from '../CacheService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { type AccessTokens, invalidToken } from './accessTokens.js';
import type { Accounts } from './accounts.js';
import type { Sessions } from './sessions.js';

export interface CallerDependencies {
  unitOfWork: UnitOfWork;
  accounts: Accounts;
  sessions: Sessions;
  accessTokens: AccessTokens;
  restaurants: RestaurantService;
  apiKeys: ApiKeyService;
  cache: Pick<CacheService, 'getOrSet'>;
}

/** Who calls: a person with a role, or an API key. */
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
   * Who calls, from an access token or an API key. Sessions, memberships and keys are looked up at every call, one
   * statement each, so that a removal, a new role or a revocation counts at once.
   * @throws AppError invalid_token.
   */
  async identify(token: string): Promise<Omit<Call, 'requestId'>> {
    if (token.startsWith('sk_')) {
      const found = await this.#deps.apiKeys.identify(token);
      if (!found) throw invalidToken();
      return {
        restaurantId: found.restaurantId,
        actor: { kind: 'api_key', id: found.key.id },
        scopes: new Set(found.key.scopes),
        limitFactor: limitFactor(found.key.kind, found.planFactor),
      };
    }
    const claims = await this.#deps.accessTokens.read(token);
    // What ends a session or changes a role is a fact of the restaurant's access, and makes this old everywhere.
    const found = await this.#deps.cache.getOrSet(
      CacheKeys.session(claims.restaurantId, claims.sessionId, claims.userId),
      CacheTTL.session,
      () => this.#deps.unitOfWork.read(claims, (tx) => this.#deps.sessions.findRole(tx, claims)),
      { tags: [CacheTags.access(claims.restaurantId)] },
    );
    if (!found) throw invalidToken();
    const { restaurantId, userId, sessionId } = claims;
    return {
      restaurantId,
      actor: { kind: 'user', id: userId, role: found.role, sessionId },
      scopes: scopesOf(found.role, found.isDemo),
      limitFactor: limitFactor(undefined, found.planFactor),
    };
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
