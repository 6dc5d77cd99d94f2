/** Identifies callers: a person with a session, or an API key. */
import type { Call } from '../../domain/shared/call.js';
import { type ApiKeyKind, limitFactor } from '../../domain/people/rateLimits.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import { type Role, SCOPES, type Scope, scopesOf } from '../../domain/people/roles.js';
import type { ActiveRole, User } from '../../repositories/AuthRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { ApiKeyService, IdentifiedKey } from '../ApiKeyService.js';
import type { Held } from '../cache/cacheTypes.js';
import { type CacheKey, CacheKeys, CacheTags, CacheTTL } from '../cache/keys.js';
import type { CacheService } from '../CacheService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { type AccessClaims, type AccessTokens, invalidToken } from './accessTokens.js';
import type { Accounts } from './accounts.js';
import type { Sessions } from './sessions.js';
import type { LinkMaker } from './SignedLinks.js';

const API_KEY = 'sk_';

export interface CallerDependencies {
  unitOfWork: UnitOfWork;
  accounts: Accounts;
  sessions: Sessions;
  accessTokens: AccessTokens;
  restaurants: RestaurantService;
  apiKeys: ApiKeyService;
  cache: Pick<CacheService, 'getOrSet' | 'hold'>;
  clock: Clock;
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

/** About 1 kB each. */
const MAX_KNOWN = 5_000;

/** A caller that is the same as long as the cache has the value that it was made from. */
interface KnownCaller {
  held: Held<unknown>;
  found: unknown;
  /** End of the credential itself. */
  untilMs: number;
  identity: Identity;
}

export class Callers {
  readonly #deps: CallerDependencies;
  /** By the text of the credential; the one that was added first is forgotten first. */
  readonly #known = new Map<string, KnownCaller>();

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
      this.#deps.apiKeys.noteUse(found.restaurantId, found.key.id);
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
   * Same as `identify`, but only for a caller in memory, without a query. A caller that came before
   * is found by the text of its credential: 0.4 µs instead of 7 for the token, the key of the cache
   * and the scopes. The cache is still asked each time, so a revocation applies at once.
   * @returns undefined for all others.
   */
  recall(token: string): Identity | undefined {
    const known = this.#known.get(token);
    if (known === undefined) return this.#remember(token);
    if (this.#deps.clock().getTime() < known.untilMs && known.held.read() === known.found)
      return this.#noted(known.identity);
    this.#known.delete(token);
    return this.#remember(token);
  }

  #noted(identity: Identity): Identity {
    const { restaurantId, actor } = identity;
    if (actor.kind === 'api_key') this.#deps.apiKeys.noteUse(restaurantId, actor.id);
    return identity;
  }

  #remember(token: string): Identity | undefined {
    const known = token.startsWith(API_KEY) ? this.#knownKey(token) : this.#knownPerson(token);
    if (!known) return undefined;
    this.#known.set(token, known);
    const oldest = this.#known.keys().next();
    if (this.#known.size > MAX_KNOWN && !oldest.done) this.#known.delete(oldest.value);
    return this.#noted(known.identity);
  }

  #knownKey(token: string): KnownCaller | undefined {
    const recalled = this.#deps.apiKeys.recall(token);
    if (!recalled) return undefined;
    const { key, held, found } = recalled;
    const untilMs = key.key.expiresAt === null ? Infinity : Date.parse(key.key.expiresAt);
    return { held, found, untilMs, identity: keyIdentity(key) };
  }

  #knownPerson(token: string): KnownCaller | undefined {
    const checked = this.#deps.accessTokens.recall(token);
    const held = checked && this.#deps.cache.hold<ActiveRole>(sessionKey(checked.claims));
    const found = held?.read();
    if (!checked || !held || !found) return undefined;
    return { held, found, untilMs: checked.expiresAtMs, identity: personIdentity(checked.claims, found) };
  }

  /**
   * Finds the maker of a signed link by their ids. Always asks the database: a link is used once or
   * twice, and a session that has just expired must not be found in a cache.
   * @throws AppError invalid_token when the session, membership or key has ended.
   */
  async identifyMaker({ restaurantId, kind, id, sessionId, isBrowser }: LinkMaker): Promise<Identity> {
    const { unitOfWork, sessions, apiKeys } = this.#deps;
    if (kind === 'api_key') {
      const key = await apiKeys.identifyById(restaurantId, id);
      if (!key) throw invalidToken();
      return keyIdentity(key);
    }
    if (sessionId === null) throw invalidToken();
    const claims: AccessClaims = { restaurantId, userId: id, sessionId, ...(isBrowser ? { isBrowser } : {}) };
    const found = await unitOfWork.read(claims, (tx) => sessions.findRole(tx, claims));
    if (!found) throw invalidToken();
    return personIdentity(claims, found);
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
