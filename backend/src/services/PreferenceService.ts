import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { MAX_PREFERENCES } from '../domain/people/preferences.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../domain/shared/errors.js';
import type { Preference, PreferenceOwner, PreferenceRepository } from '../repositories/PreferenceRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import type { ApiKeyService } from './ApiKeyService.js';
import { invalidToken } from './auth/accessTokens.js';
import type { MemberService } from './MemberService.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PreferenceRepository;
  members: Pick<MemberService, 'rightsOf'>;
  apiKeys: Pick<ApiKeyService, 'liveScopes'>;
  cursors: Cursors;
  clock: Clock;
}

/**
 * Settings of the caller, a person or a device, in the restaurant of the call. Nobody else reads
 * them, so they are no events and not in the audit log. They end with the membership or the key.
 */
export class PreferenceService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  @Track('preferences.list')
  list(call: Call, page: Page): Promise<PageOf<Preference>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const owner = ownerOf(call);
    const binding = [owner.restaurantId, 'preferences', owner.owner];
    const after = cursors.read(page.cursor, binding) ?? '';
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(owner, tx, after, page.limit + 1);
      return cursors.page(rows, page.limit, binding, ({ key }) => key);
    });
  }

  /** @throws AppError not_found. */
  @Track('preferences.get')
  get(call: Call, key: string): Promise<Preference> {
    return this.#deps.unitOfWork.read(call, async (tx) => {
      const preference = await this.#deps.repository.find(ownerOf(call), tx, key);
      if (!preference) throw notFound('preference');
      return preference;
    });
  }

  /**
   * @throws AppError already_exists; invalid_state for more than `MAX_PREFERENCES`; invalid_token
   *   when the caller left the restaurant in the meantime.
   */
  @Track('preferences.create')
  create(call: Call, preference: Pick<Preference, 'key' | 'value'>): Promise<Preference> {
    const { unitOfWork, repository, clock } = this.#deps;
    const owner = ownerOf(call);
    return unitOfWork.run(call, async (tx) => {
      await this.#assertStays(tx, call);
      await repository.lockOwner(owner, tx);
      if (await repository.find(owner, tx, preference.key)) throw taken(preference.key);
      if ((await repository.count(owner, tx)) >= MAX_PREFERENCES)
        throw new AppError(
          'invalid_state',
          `You have ${MAX_PREFERENCES} preferences, which is the maximum. Delete one.`,
        );
      const made = await repository.insert(owner, tx, preference, clock());
      if (!made) throw taken(preference.key);
      return made;
    });
  }

  /** Replaces the value. @throws AppError not_found, version_mismatch. */
  @Track('preferences.change')
  change(call: Call, preference: Pick<Preference, 'key' | 'value'>): Promise<Preference> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      await this.#lock(tx, call, preference.key);
      return repository.update(ownerOf(call), tx, preference, clock());
    });
  }

  /** @throws AppError not_found, version_mismatch. */
  @Track('preferences.remove')
  remove(call: Call, key: string): Promise<void> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      await this.#lock(tx, call, key);
      await this.#deps.repository.delete(ownerOf(call), tx, key);
    });
  }

  async #lock(tx: Tx, call: Call, key: string): Promise<void> {
    const stored = await this.#deps.repository.lock(ownerOf(call), tx, key);
    if (!stored) throw notFound('preference');
    assertVersion(call.ifMatch, stored.version);
  }

  /** Otherwise a preference could come after its owner has gone, and stay. */
  async #assertStays(tx: Tx, { restaurantId, actor }: Call): Promise<void> {
    const { members, apiKeys } = this.#deps;
    const rights =
      actor.kind === 'user'
        ? await members.rightsOf(tx, restaurantId, actor.id)
        : await apiKeys.liveScopes(tx, restaurantId, actor.id);
    if (!rights) throw invalidToken();
  }
}

function ownerOf({ restaurantId, actor }: Call): PreferenceOwner {
  return { restaurantId, owner: `${actor.kind}:${actor.id}` };
}

function taken(key: string): AppError {
  return new AppError('already_exists', `You have a preference "${key}". Change it with PATCH.`);
}
