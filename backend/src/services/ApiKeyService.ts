import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, invalid, notFound } from '../domain/shared/errors.js';
import { DEVICE_SCOPES, type DeviceKind } from '../domain/people/devices.js';
import type { ApiKeyKind } from '../domain/people/rateLimits.js';
import { SCOPES, type Scope } from '../domain/people/roles.js';
import type { ApiKey, ApiKeyRepository } from '../repositories/ApiKeyRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { Recent } from '../utils/recent.js';
import { type CreatedApiKey, KeyEdits } from './apiKey/KeyEdits.js';
import type { LastSeen } from './apiKey/LastSeen.js';
import type { ProvenTokens } from './auth/provenTokens.js';
import { readToken } from './auth/tenantTokens.js';
import type { Held } from './cache/cacheTypes.js';
import { CacheKeys, CacheTags, CacheTTL } from './cache/keys.js';
import type { CacheService } from './CacheService.js';
import type { UnitOfWork } from './UnitOfWork.js';

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
  lastSeen: LastSeen;
}

export type { ApiKey };
export type { CreatedApiKey } from './apiKey/KeyEdits.js';

export interface ApiKeyRequest {
  name: string;
  scopes: readonly Scope[];
  kind?: ApiKeyKind | undefined;
  /** RFC 3339. Without it, the key is valid until it is revoked. */
  expiresAt?: string | null | undefined;
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
  readonly #edits: KeyEdits;
  readonly #seen = new Recent<string, true>(MAX_SEEN);

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#edits = new KeyEdits(deps);
  }

  /** Keys that are not revoked. @param kinds of keys; absent: all. */
  @Track('apiKeys.list')
  list(call: Call, page: Page, kinds?: readonly ApiKeyKind[]): Promise<PageOf<ApiKey>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, kinds ? 'devices' : 'api-keys'];
    const after = cursors.read(page.cursor, binding) ?? BEFORE_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(call.restaurantId, tx, { after, limit: page.limit + 1 }, kinds);
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
    const { unitOfWork, clock } = this.#deps;
    const scopes = SCOPES.filter((scope) => request.scopes.includes(scope));
    const excess = scopes.find((scope) => !call.scopes.has(scope));
    if (excess)
      throw new AppError('forbidden', `You cannot give a key the scope "${excess}", which you do not have yourself.`);
    return unitOfWork.run(call, async (tx) => {
      const expiresAt = request.expiresAt ? new Date(request.expiresAt) : null;
      if (expiresAt && expiresAt <= clock()) throw invalid('/expiresAt', 'The expiry must be in the future.');
      await this.#assertNotOutlived(tx, call, expiresAt);
      return this.#edits.make(tx, call, { name: request.name, kind: request.kind ?? 'integration', scopes, expiresAt });
    });
  }

  /**
   * Makes the key of a device in the transaction of its pairing.
   * @param call with the member who confirmed the pairing as its actor.
   * @throws AppError invalid_state when the restaurant has the maximum number of valid keys.
   */
  makeForDevice(tx: Tx, call: Call, name: string, kind: DeviceKind): Promise<CreatedApiKey> {
    const scopes = SCOPES.filter((scope) => DEVICE_SCOPES[kind].includes(scope));
    return this.#edits.make(tx, call, { name, kind, scopes, expiresAt: null });
  }

  /** @throws AppError invalid_state when the restaurant has the maximum number of valid keys. */
  assertRoom(tx: Tx, restaurantId: string): Promise<void> {
    return this.#edits.assertRoom(tx, restaurantId);
  }

  /** @throws AppError not_found for a key of another kind; version_mismatch. */
  @Track('apiKeys.rename')
  rename(call: Call, keyId: string, name: string, kinds: readonly ApiKeyKind[]): Promise<ApiKey> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      await this.#edits.rename(tx, call, keyId, name, kinds);
      return this.find(tx, call.restaurantId, keyId);
    });
  }

  /**
   * Gives a key another secret; its name, rights and expiry stay. A key may renew itself: then its
   * old secret works for ten more minutes. Otherwise the old one ends at once.
   * @throws AppError not_found; forbidden for another key with scopes that the caller lacks, or
   *   that would outlive the calling key.
   */
  @Track('apiKeys.rotate')
  rotate(call: Call, keyId: string): Promise<CreatedApiKey> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const key = await this.#edits.lock(tx, call.restaurantId, keyId);
      if (keyId !== call.actor.id) {
        const excess = key.scopes.find((scope) => !call.scopes.has(scope));
        if (excess) throw new AppError('forbidden', `This key has the scope "${excess}", which you do not have.`);
        await this.#assertNotOutlived(tx, call, key.expiresAt === null ? null : new Date(key.expiresAt));
      }
      const secret = await this.#edits.rotate(tx, call, keyId, key);
      return { ...(await this.find(tx, call.restaurantId, keyId)), secret };
    });
  }

  /**
   * Makes the key invalid from the next request on.
   * @param kinds that the key may have; absent: all.
   * @throws AppError not_found.
   */
  @Track('apiKeys.revoke')
  revoke(call: Call, keyId: string, kinds?: readonly ApiKeyKind[]): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const name = await repository.revoke(call.restaurantId, tx, keyId, clock(), kinds);
      if (name === undefined) throw notFound(kinds ? 'device' : 'API key');
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

  /** Same as `identify`, by the key's id. */
  async identifyById(restaurantId: string, keyId: string): Promise<IdentifiedKey | undefined> {
    const { unitOfWork, repository, clock } = this.#deps;
    const found = await unitOfWork.read({ restaurantId }, (tx) =>
      repository.findLiveById(restaurantId, tx, keyId, clock()),
    );
    return found && { restaurantId, ...found };
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

  /** Notes the use of a key, at most once a minute and behind the call. */
  noteUse(restaurantId: string, keyId: string): void {
    this.#deps.lastSeen.note(restaurantId, keyId);
  }

  /**
   * The current scopes of a key.
   * @returns undefined when the key is unknown, revoked or expired.
   */
  async liveScopes(tx: Tx, restaurantId: string, keyId: string): Promise<ReadonlySet<Scope> | undefined> {
    const key = await this.#deps.repository.shareLiveById(restaurantId, tx, keyId, this.#deps.clock());
    return key && new Set(key.scopes);
  }

  /** Same as `rotate`, for the calling key. @throws AppError forbidden for a person. */
  @Track('apiKeys.rotateOwn')
  async rotateOwn(call: Call): Promise<CreatedApiKey> {
    if (call.actor.kind === 'api_key') return this.rotate(call, call.actor.id);
    throw new AppError('forbidden', 'You are logged in as a person. Rotate a key with POST /v1/api-keys/{id}/rotate.');
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
