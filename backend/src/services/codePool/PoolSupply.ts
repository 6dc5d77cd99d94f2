/** Codes in a pool: how many there are, and where they come from. */
import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import { type CodePool, MAX_CODES } from '../../domain/codePool/codePool.js';
import { tidyCode } from '../../domain/codePool/alphabet.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { PoolCounters } from '../../repositories/codePool/CodeStock.js';
import type { Clock } from '../../utils/clock.js';
import { Pace } from '../../utils/turns.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { CodeSeals } from './codeSeals.js';
import { availableOf, type Refill } from './Refill.js';
import type { Shelves } from './Shelves.js';

/** Batches of an import are as long as those of a generated pool. */
const IMPORT_BATCH = 500;
/** Attempts to read exact figures while claims are being told. */
const STATUS_READS = 10;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  seals: CodeSeals;
  shelves: Shelves;
  refill: Refill;
  clock: Clock;
}

/** Exact figures of a pool. */
export interface PoolStatus {
  generated: number;
  available: number;
  leased: number;
  claimed: number;
  redeemed: number;
  abandoned: number;
  /** Codes that are still to be generated. */
  toGenerate: number;
  /** At the present pace; null while nothing is claimed. */
  secondsUntilEmpty: number | null;
}

export class PoolSupply {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  @Track('codePools.status')
  async status(call: Call, poolId: string): Promise<PoolStatus> {
    const { unitOfWork, clock } = this.#deps;
    for (let attempt = 1; ; attempt += 1) {
      const shelf = this.#deps.shelves.known(call.restaurantId, poolId);
      const begun = shelf?.telling.begun;
      const counters = await unitOfWork.read(call, (tx) => this.#counters(call, tx, poolId));
      // Claims that were being told meanwhile would be counted twice, or not at all.
      const isExact = shelf?.telling.begun === begun && !shelf?.telling.underWay;
      if (isExact || attempt === STATUS_READS) return statusOf(counters, shelf?.untold ?? 0, clock());
      await shelf?.filling?.catch(() => undefined);
    }
  }

  /**
   * Orders `count` more codes, which are made in the background. @throws AppError not_found,
   * invalid_state.
   */
  @Track('codePools.refill')
  refill(call: Call, poolId: string, count: number): Promise<PoolStatus> {
    const { unitOfWork, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      await this.#deps.refill.request(call, tx, await this.#mustFind(call, tx, poolId), count);
      tx.afterCommit(() => this.#deps.shelves.nudge(call.restaurantId, poolId));
      const untold = this.#deps.shelves.known(call.restaurantId, poolId)?.untold ?? 0;
      return statusOf(await this.#counters(call, tx, poolId), untold, clock());
    });
  }

  /**
   * Appends codes from elsewhere, in the order given. Codes that a pool of the restaurant had
   * before are left out.
   * @throws AppError not_found, invalid_state.
   */
  @Track('codePools.import')
  async import(
    call: Call,
    poolId: string,
    codes: readonly string[],
  ): Promise<{ imported: number; duplicates: number }> {
    const { unitOfWork, repository, clock } = this.#deps;
    const byHash = await this.#digests(call.restaurantId, codes);
    return unitOfWork.run(call, async (tx) => {
      const pool = await this.#mustFind(call, tx, poolId);
      if (pool.kind !== 'imported')
        throw new AppError('invalid_state', 'Only pools of the kind "imported" take codes from elsewhere.');
      const fresh = await repository.stock.importNew(call.restaurantId, tx, poolId, [...byHash.keys()].sort(), clock());
      const kept = Array.from(byHash).flatMap(([hash, code]) => (fresh.has(hash) ? [code] : []));
      const last = await repository.stock.lockGenerated(call.restaurantId, tx, poolId);
      if (last + kept.length > MAX_CODES)
        throw new AppError('invalid_state', `A pool holds at most ${MAX_CODES} codes.`);
      await repository.stock.append(call.restaurantId, tx, poolId, last, this.#batchesOf(kept, last), clock());
      const data = { imported: kept.length, duplicates: codes.length - kept.length };
      await unitOfWork.record(tx, call, [
        { type: 'code_pool.imported', subject: 'code_pool', subjectId: poolId, data },
      ]);
      tx.afterCommit(() => this.#deps.shelves.changed(call.restaurantId, pool));
      return data;
    });
  }

  /** In slices: five thousand digests take 40 ms. */
  async #digests(restaurantId: string, codes: readonly string[]): Promise<Map<string, string>> {
    const pace = Pace.begun(restaurantId);
    const byHash = new Map<string, string>();
    for (const code of codes) {
      if (pace.isUp) await pace.rest();
      byHash.set(this.#deps.seals.hashOf(restaurantId, 'imported', code), tidyCode(code, false));
    }
    return byHash;
  }

  #batchesOf(codes: readonly string[], last: number) {
    const batches = [];
    for (let at = 0; at < codes.length; at += IMPORT_BATCH) {
      const some = codes.slice(at, at + IMPORT_BATCH);
      batches.push({ firstN: last + at + 1, lastN: last + at + some.length, sealed: this.#deps.seals.seal(some) });
    }
    return batches;
  }

  async #counters(call: Call, tx: Tx, poolId: string): Promise<PoolCounters> {
    await this.#mustFind(call, tx, poolId);
    const counters = await this.#deps.repository.stock.find(call.restaurantId, tx, poolId);
    if (!counters) throw notFound('code pool');
    return counters;
  }

  async #mustFind({ restaurantId }: Call, tx: Tx, poolId: string): Promise<CodePool> {
    const pool = await this.#deps.repository.pools.find(restaurantId, tx, poolId);
    if (!pool) throw notFound('code pool');
    return pool;
  }
}

/** @param untold claims from this instance's memory that the database does not know. */
function statusOf(counters: PoolCounters, untold: number, now: Date): PoolStatus {
  const claimed = counters.claimed + untold;
  const available = availableOf(counters);
  return {
    generated: counters.generated,
    available,
    leased: counters.nextN - counters.returned - claimed - counters.abandoned,
    claimed,
    redeemed: counters.redeemed,
    abandoned: counters.abandoned,
    toGenerate: Math.max(0, counters.goal - counters.generated),
    secondsUntilEmpty: secondsUntilEmpty(counters, available, now),
  };
}

/** From the pace of the last minute or more. */
function secondsUntilEmpty(
  { pace, nextN, windowN, windowAt }: PoolCounters,
  available: number,
  now: Date,
): number | null {
  const elapsedMs = now.getTime() - Date.parse(windowAt);
  const current = elapsedMs >= 60_000 ? Math.trunc(((nextN - windowN) * 1_000_000) / elapsedMs) : pace;
  return current > 0 ? Math.trunc((available * 1_000) / current) : null;
}
