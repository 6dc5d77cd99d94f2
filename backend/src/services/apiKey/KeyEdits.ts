import type { Tx } from '../../config/database.js';
import { type ApiKeyKind, MAX_LIVE_API_KEYS } from '../../domain/people/rateLimits.js';
import type { Scope } from '../../domain/people/roles.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../../domain/shared/errors.js';
import type { Fact } from '../../domain/shared/events.js';
import type { ApiKey, ApiKeyRepository, LockedKey } from '../../repositories/ApiKeyRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { ProvenTokens } from '../auth/provenTokens.js';
import type { UnitOfWork } from '../UnitOfWork.js';

const HINT_CHARS = 4;
/** The old secret of a key that renews itself works so long: the answer may get lost. */
const OLD_SECRET_MS = 10 * 60_000;

interface Dependencies {
  unitOfWork: Pick<UnitOfWork, 'record'>;
  repository: ApiKeyRepository;
  tokens: ProvenTokens;
  clock: Clock;
}

/** `secret` holds the key's text. It is shown only once; the database keeps only its digest. */
export interface CreatedApiKey extends ApiKey {
  secret: string;
}

/** The changes of keys, inside of the caller's transaction. */
export class KeyEdits {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Makes a key. The caller has checked the rights of its maker, which are the call's actor.
   * @param scopes in the order of `SCOPES`.
   * @throws AppError invalid_state when the restaurant has the maximum number of valid keys.
   */
  async make(
    tx: Tx,
    call: Call,
    key: { name: string; kind: ApiKeyKind; scopes: readonly Scope[]; expiresAt: Date | null },
  ): Promise<CreatedApiKey> {
    const { unitOfWork, repository, tokens, clock } = this.#deps;
    const { restaurantId } = call;
    const createdAt = clock();
    await repository.lockAll(restaurantId, tx);
    await this.assertRoom(tx, restaurantId);
    const { token, hash } = tokens.mint('sk', restaurantId);
    const hint = token.slice(-HINT_CHARS);
    const id = newId();
    const createdBy = `${call.actor.kind}:${call.actor.id}`;
    await repository.insert(restaurantId, tx, { ...key, id, hash, hint, createdBy, createdAt });
    const { name, kind, scopes, expiresAt } = key;
    const made: Fact = {
      type: 'api_key.created',
      subject: 'api_key',
      subjectId: id,
      data: { name, kind, scopes, hint },
    };
    await unitOfWork.record(tx, call, [made], restaurantId);
    return {
      id,
      name,
      kind,
      scopes: [...scopes],
      hint,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
      lastSeenAt: null,
      version: 1,
      secret: token,
    };
  }

  /** @throws AppError invalid_state when the restaurant has the maximum number of valid keys. */
  async assertRoom(tx: Tx, restaurantId: string): Promise<void> {
    const { repository, clock } = this.#deps;
    if ((await repository.countLive(restaurantId, tx, clock())) >= MAX_LIVE_API_KEYS) throw tooManyKeys();
  }

  /** @param kinds that the key may have. @throws AppError not_found, version_mismatch. */
  async rename(tx: Tx, call: Call, keyId: string, name: string, kinds: readonly ApiKeyKind[]): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    const key = await this.lock(tx, call.restaurantId, keyId, 'device');
    if (!kinds.includes(key.kind)) throw notFound('device');
    assertVersion(call.ifMatch, key.version);
    if (key.name === name) return;
    await repository.rename(call.restaurantId, tx, keyId, name);
    const changes = { name: { from: key.name, to: name } };
    await unitOfWork.record(tx, call, [
      { type: 'api_key.changed', subject: 'api_key', subjectId: keyId, data: { name }, changes },
    ]);
  }

  /**
   * Gives a key another secret. The old one of a key that renews itself works for ten more minutes;
   * that of any other key ends with the transaction.
   */
  async rotate(tx: Tx, call: Call, keyId: string, { name }: LockedKey): Promise<string> {
    const { unitOfWork, repository, tokens, clock } = this.#deps;
    const isOwn = call.actor.kind === 'api_key' && call.actor.id === keyId;
    const oldUntil = isOwn ? new Date(clock().getTime() + OLD_SECRET_MS) : null;
    const { token, hash } = tokens.mint('sk', call.restaurantId);
    const hint = token.slice(-HINT_CHARS);
    await repository.rotate(call.restaurantId, tx, keyId, { hash, hint, oldUntil });
    await unitOfWork.record(tx, call, [
      { type: 'api_key.rotated', subject: 'api_key', subjectId: keyId, data: { name, hint } },
    ]);
    return token;
  }

  /** @throws AppError not_found for a key that is unknown, revoked or expired. */
  async lock(tx: Tx, restaurantId: string, keyId: string, what = 'API key'): Promise<LockedKey> {
    const key = await this.#deps.repository.lockLive(restaurantId, tx, keyId, this.#deps.clock());
    if (!key) throw notFound(what);
    return key;
  }
}

function tooManyKeys(): AppError {
  return new AppError(
    'invalid_state',
    `This restaurant has ${MAX_LIVE_API_KEYS} valid API keys, which is the maximum. Revoke one first.`,
  );
}
