import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, invalid, notFound } from '../domain/shared/errors.js';
import { type ApiKeyKind, MAX_LIVE_API_KEYS } from '../domain/people/rateLimits.js';
import { SCOPES, type Scope } from '../domain/people/roles.js';
import type { ApiKey, ApiKeyRepository } from '../repositories/ApiKeyRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import { Recent } from '../utils/recent.js';
import type { ProvenTokens } from './auth/provenTokens.js';
import { readToken } from './auth/tenantTokens.js';
import type { Held } from './cache/cacheTypes.js';
import { CacheKeys, CacheTags, CacheTTL } from './cache/keys.js';
import type { CacheService } from './CacheService.js';
import type { UnitOfWork } from './UnitOfWork.js';

const HINT_CHARS = 4;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Valid keys without a MAC of ours that are remembered: a known key is looked up even when its IP
 * address has used up its limit of guesses.
 */
const MAX_SEEN = 10_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: ApiKeyRepository;
  cursors: Cursors;
  clock: Clock;
  cache: Pick<CacheService, 'getOrSet' | 'hold'>;
  tokens: ProvenTokens;
}

export interface ApiKeyRequest {
  name: string;
  scopes: readonly Scope[];
  kind?: ApiKeyKind | undefined;
  /** RFC 3339. Without it, the key is valid until it is revoked. */
  expiresAt?: string | null | undefined;
}

/** `secret` holds the key's text. It is shown only once; the database keeps only its digest. */
export interface CreatedApiKey extends ApiKey {
  secret: string;
}

interface KnownKey {
  key: ApiKey;
  /** The factor by which the restaurant's plan multiplies its limits. */
  planFactor: number;
}

export interface IdentifiedKey extends KnownKey {
  restaurantId: string;
}

/** Credentials of machines. A key belongs to its restaurant, not to the person who made it. */
export class ApiKeyService {
  readonly #deps: Dependencies;
  readonly #seen = new Recent<string, true>(MAX_SEEN);

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  @Track('apiKeys.list')
  list(call: Call, page: Page): Promise<PageOf<ApiKey>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'api-keys'];
    const after = cursors.read(page.cursor, binding) ?? BEFORE_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(call.restaurantId, tx, after, page.limit + 1);
      return cursors.page(rows, page.limit, binding, (key) => key.id);
    });
  }

  /**
   * @throws AppError forbidden for a scope that the caller does not have, and for a key that would
   *   outlive the key that makes it; invalid_request for an expiry in the past; invalid_state when
   *   the restaurant has the maximum number of valid keys.
   */
  @Track('apiKeys.create')
  create(call: Call, request: ApiKeyRequest): Promise<CreatedApiKey> {
    const { unitOfWork, repository, clock, tokens } = this.#deps;
    const scopes = SCOPES.filter((scope) => request.scopes.includes(scope));
    const excess = scopes.find((scope) => !call.scopes.has(scope));
    if (excess)
      throw new AppError('forbidden', `You cannot give a key the scope "${excess}", which you do not have yourself.`);
    return unitOfWork.run(call, async (tx) => {
      const createdAt = clock();
      const expiresAt = request.expiresAt ? new Date(request.expiresAt) : null;
      if (expiresAt && expiresAt <= createdAt) throw invalid('/expiresAt', 'The expiry must be in the future.');
      await this.#assertNotOutlived(tx, call, expiresAt);
      await repository.lockAll(call.restaurantId, tx);
      if ((await repository.countLive(call.restaurantId, tx, createdAt)) >= MAX_LIVE_API_KEYS) throw tooManyKeys();
      const { token, hash } = tokens.mint('sk', call.restaurantId);
      const id = newId();
      const kind = request.kind ?? 'integration';
      const hint = token.slice(-HINT_CHARS);
      const createdBy = `${call.actor.kind}:${call.actor.id}`;
      await repository.insert(call.restaurantId, tx, {
        id,
        name: request.name,
        kind,
        scopes,
        hash,
        hint,
        createdBy,
        createdAt,
        expiresAt,
      });
      await unitOfWork.record(tx, call, [
        {
          type: 'api_key.created',
          subject: 'api_key',
          subjectId: id,
          data: { name: request.name, kind, scopes, hint },
        },
      ]);
      return {
        id,
        name: request.name,
        kind,
        scopes,
        hint,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt?.toISOString() ?? null,
        secret: token,
      };
    });
  }

  /** Makes the key invalid from the next request on. @throws AppError not_found. */
  @Track('apiKeys.revoke')
  revoke(call: Call, keyId: string): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const name = await repository.revoke(call.restaurantId, tx, keyId, clock());
      if (name === undefined) throw notFound('API key');
      await unitOfWork.record(tx, call, [
        { type: 'api_key.revoked', subject: 'api_key', subjectId: keyId, data: { name } },
      ]);
    });
  }

  /**
   * Finds the restaurant and the rights of a key.
   * @returns undefined when the key is malformed, unknown, revoked or expired.
   */
  async identify(secret: string): Promise<IdentifiedKey | undefined> {
    const { unitOfWork, repository, clock, cache } = this.#deps;
    const presented = readToken('sk', secret);
    if (!presented) return undefined;
    const { restaurantId, hash } = presented;
    const load = () => unitOfWork.read({ restaurantId }, (tx) => repository.findLive(restaurantId, tx, hash, clock()));
    // An invented key of an unknown restaurant must leave nothing in the cache.
    if (this.mayBeInvented(secret)) {
      if (!(await load())) return undefined;
      this.#seen.set(hash, true);
    }
    const found = await cache.getOrSet(CacheKeys.apiKey(restaurantId, hash), CacheTTL.apiKey, load, {
      tags: [CacheTags.access(restaurantId)],
    });
    return this.#unexpired(restaurantId, found);
  }

  /** Same as `identify`, but only for a key in memory. @returns undefined for every other key. */
  recall(secret: string): { key: IdentifiedKey; held: Held<KnownKey>; found: KnownKey } | undefined {
    const presented = readToken('sk', secret);
    if (!presented) return undefined;
    const { restaurantId, hash } = presented;
    const held = this.#deps.cache.hold<KnownKey>(CacheKeys.apiKey(restaurantId, hash));
    const found = held?.read();
    const key = this.#unexpired(restaurantId, found);
    return held && found && key && { key, held, found };
  }

  /**
   * True for a text that has the form of a key but shows no proof that it ever was one. Looking it
   * up may serve a guesser.
   */
  mayBeInvented(secret: string): boolean {
    const presented = readToken('sk', secret);
    if (!presented || this.#deps.tokens.familyOf('sk', secret) !== undefined) return false;
    return this.#seen.get(presented.hash) === undefined;
  }

  /**
   * The current scopes of a key.
   * @returns undefined when the key is unknown, revoked or expired.
   */
  async liveScopes(tx: Tx, restaurantId: string, keyId: string): Promise<ReadonlySet<Scope> | undefined> {
    const key = await this.#deps.repository.shareLiveById(restaurantId, tx, keyId, this.#deps.clock());
    return key && new Set(key.scopes);
  }

  /** @throws AppError not_found. */
  async find(tx: Tx, restaurantId: string, keyId: string): Promise<ApiKey> {
    const key = await this.#deps.repository.find(restaurantId, tx, keyId);
    if (!key) throw notFound('API key');
    return key;
  }

  /**
   * Otherwise a key that expires could make itself a key that does not.
   * @throws AppError forbidden.
   */
  async #assertNotOutlived(tx: Tx, call: Call, expiresAt: Date | null): Promise<void> {
    if (call.actor.kind !== 'api_key') return;
    const maker = await this.#deps.repository.shareLiveById(call.restaurantId, tx, call.actor.id, this.#deps.clock());
    if (maker?.expiresAt === null) return;
    if (maker && expiresAt && expiresAt <= new Date(maker.expiresAt)) return;
    throw new AppError(
      'forbidden',
      `This key ends at ${maker?.expiresAt ?? 'once'}. Give the new key the same or an earlier expiry.`,
    );
  }

  #unexpired(restaurantId: string, found: KnownKey | undefined): IdentifiedKey | undefined {
    const expiresAt = found?.key.expiresAt;
    if (expiresAt && Date.parse(expiresAt) <= this.#deps.clock().getTime()) return undefined;
    return found && { restaurantId, ...found };
  }
}

function tooManyKeys(): AppError {
  return new AppError(
    'invalid_state',
    `This restaurant has ${MAX_LIVE_API_KEYS} valid API keys, which is the maximum. Revoke one first.`,
  );
}
