import { Track } from '../../decorators/Performance.js';
import { type CodePool, isValued } from '../../domain/codePool/codePool.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { Secrets } from '../../utils/secrets.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Claimed, ClaimQueue, ClaimTerms } from './ClaimQueue.js';
import type { Shelves } from './Shelves.js';

const SEAL = 'code-export';
/** As long as other secrets can be shown again, for a broken download. */
const READABLE_MS = 10 * 60_000;

export interface ExportedCodes {
  id: string;
  count: number;
  readableUntil: string;
  codes: Claimed[];
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  shelves: Shelves;
  claims: ClaimQueue;
  secrets: Secrets;
  clock: Clock;
}

/** Claims a batch of valued codes at once, for print or for sale elsewhere. */
export class Exports {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws AppError not_found, invalid_state, pool_empty. */
  @Track('codes.export')
  async make(call: Call, poolId: string, terms: ClaimTerms): Promise<ExportedCodes> {
    const { unitOfWork, repository, shelves, claims, secrets, clock } = this.#deps;
    const shelf = await shelves.open(call.restaurantId, poolId);
    assertExportable(shelf.pool);
    return claims.claimAlone(call, shelf, terms, async (tx, codes) => {
      const now = clock();
      const readableUntil = new Date(now.getTime() + READABLE_MS).toISOString();
      const id = newId();
      const sealed = secrets.encrypt(SEAL, JSON.stringify(codes));
      const made = { id, poolId, count: codes.length, sealed, readableUntil };
      const createdBy = `${call.actor.kind}:${call.actor.id}`;
      await repository.exports.insert(call.restaurantId, tx, made, { createdBy, createdAt: now });
      const data = {
        poolId,
        exportId: id,
        count: codes.length,
        value: codes.reduce((sum, { value }) => sum + value, 0),
      };
      await unitOfWork.record(tx, call, [
        { type: 'code_pool.exported', subject: 'code_pool', subjectId: poolId, data },
      ]);
      return { id, count: codes.length, readableUntil, codes };
    });
  }

  /** The codes of an export, for ten minutes. @throws AppError not_found, invalid_state. */
  async read(call: Call, poolId: string, exportId: string): Promise<Claimed[]> {
    const { unitOfWork, repository, secrets, clock } = this.#deps;
    const found = await unitOfWork.read(call, (tx) =>
      repository.exports.find(call.restaurantId, tx, exportId, clock()),
    );
    if (!found || found.poolId !== poolId) throw notFound('export of this pool', '?exportId');
    if (!found.sealed)
      throw new AppError(
        'invalid_state',
        'The codes of this export can no longer be shown. Export others, or transfer single codes.',
      );
    // Written by `make`.
    return JSON.parse(secrets.decrypt(SEAL, found.sealed)) as Claimed[];
  }

  /** Deletes exports that nobody can read any more. */
  async forget(restaurantId: string): Promise<number> {
    const { unitOfWork, repository, clock } = this.#deps;
    const before = new Date(clock().getTime() - READABLE_MS);
    return unitOfWork.step(
      { restaurantId, actor: { kind: 'system', id: 'code-pools' }, scopes: new Set(), requestId: 'code-pools' },
      (tx) => repository.exports.forget(restaurantId, tx, before),
    );
  }
}

function assertExportable({ kind }: CodePool): void {
  if (isValued(kind)) return;
  throw new AppError('invalid_state', 'Only vouchers and imported codes are exported as a batch.');
}
