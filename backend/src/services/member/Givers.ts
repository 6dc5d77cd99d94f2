import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import { type Giver, mayGive } from '../../domain/people/grants.js';
import { type Role, scopesOf } from '../../domain/people/roles.js';
import type { MemberRepository } from '../../repositories/MemberRepository.js';
import type { ApiKeyService } from '../ApiKeyService.js';

interface Dependencies {
  repository: MemberRepository;
  apiKeys: Pick<ApiKeyService, 'liveScopes'>;
}

/**
 * The rights that a caller or an inviter may give now, as stored. They cannot change until the
 * transaction ends.
 */
export class Givers {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Reads the caller's stored rights, because those of the call may be some seconds old.
   * @throws AppError forbidden when the caller may no longer change members.
   */
  async now(tx: Tx, { restaurantId, actor }: Call): Promise<Giver> {
    const giver = await this.#find(tx, restaurantId, actor.kind, actor.id);
    if (giver?.scopes.has('members:write')) return giver;
    throw new AppError('forbidden', 'You no longer have the right to change members. Ask an owner.');
  }

  /**
   * Checks that the maker of an invitation may still give its role. Otherwise a removed owner or a
   * revoked key could come back through its own invitation.
   * @param maker `<kind>:<id>`; null for an invitation from before makers were stored.
   */
  async mayStillGive(tx: Tx, restaurantId: string, maker: string | null, role: Role): Promise<boolean> {
    const [kind, id] = maker?.split(':') ?? [];
    const giver = id === undefined ? undefined : await this.#find(tx, restaurantId, kind, id);
    return giver !== undefined && mayGive(giver, role);
  }

  async #find(tx: Tx, restaurantId: string, kind: string | undefined, id: string): Promise<Giver | undefined> {
    const { repository, apiKeys } = this.#deps;
    if (kind === 'api_key') {
      const scopes = await apiKeys.liveScopes(tx, restaurantId, id);
      return scopes && { actor: { kind }, scopes };
    }
    const role = kind === 'user' ? await repository.shareRoleOfUser(restaurantId, tx, id) : undefined;
    return role && { actor: { kind: 'user', role }, scopes: scopesOf(role, false) };
  }
}
