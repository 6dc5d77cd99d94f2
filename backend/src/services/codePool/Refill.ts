import type { Tx } from '../../config/database.js';
import { type CodePool, isGenerated, MAX_CODES } from '../../domain/codePool/codePool.js';
import { type Call, systemCall } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { PoolCounters } from '../../repositories/codePool/CodeStock.js';
import type { Clock } from '../../utils/clock.js';
import { sleep } from '../../utils/resilience/time.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { CodeMetrics } from './codeMetrics.js';
import type { Generator } from './Generator.js';

/** Codes that are made and stored in one step. */
const SLICE = 5_000;
/**
 * Rest after a slice, in times of its duration: claims keep nine tenths of a core that they share
 * with the thread.
 */
const REST_FACTOR = 9;
const MAX_REST_MS = 500;

export interface RefillDependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  generator: Generator;
  metrics: CodeMetrics;
  clock: Clock;
}

/** Codes of the pool that can be claimed, in leases or not yet leased. */
export function availableOf({ generated, nextN, returned }: PoolCounters): number {
  return generated - nextN + returned;
}

/**
 * Makes codes until a pool has as many as it should. All progress is in the database, so a refill
 * may end anywhere and begin again at any instance; two at once share the work.
 */
export class Refill {
  readonly #deps: RefillDependencies;
  readonly #underWay = new Map<string, Promise<number>>();
  /** Codes still to be made by refills of this process, by pool. */
  readonly #left = new Map<string, number>();

  constructor(deps: RefillDependencies) {
    this.#deps = deps;
  }

  get left(): number {
    let sum = 0;
    for (const count of this.#left.values()) sum += count;
    return sum;
  }

  /**
   * Refills a pool up to its goal, and up to its target if it is below its low-water mark.
   * @param isStopping asked between two slices.
   * @returns how many codes were made here.
   */
  run(restaurantId: string, poolId: string, isStopping: () => boolean): Promise<number> {
    const key = `${restaurantId} ${poolId}`;
    const running = this.#underWay.get(key);
    if (running) return running;
    const started = this.#run(restaurantId, poolId, isStopping).finally(() => {
      this.#underWay.delete(key);
      this.#left.delete(key);
    });
    this.#underWay.set(key, started);
    return started;
  }

  /**
   * Makes codes at once, for a claim that found the pool empty: a batch, or more if it needs more.
   */
  async once(restaurantId: string, pool: CodePool, needed: number): Promise<void> {
    const { counters } = await this.#read(restaurantId, pool.id);
    await this.#slice(restaurantId, pool, counters.generated, Math.min(SLICE, Math.max(needed, pool.batch)));
  }

  /**
   * Sets the goal `count` codes higher. The refill itself follows in the background.
   * @throws AppError invalid_state.
   */
  async request(call: Call, tx: Tx, pool: CodePool, count: number): Promise<void> {
    if (!isGenerated(pool.kind))
      throw new AppError(
        'invalid_state',
        'Codes of this kind are not generated. Import them, or claim tokens of tables.',
      );
    const { stock } = this.#deps.repository;
    const counters = await stock.find(call.restaurantId, tx, pool.id);
    if (!counters) throw notFound('code pool');
    const coming = Math.max(0, counters.goal - counters.generated);
    if (availableOf(counters) + coming + count > MAX_CODES)
      throw new AppError(
        'invalid_state',
        `A pool holds at most ${MAX_CODES} codes. Claim or wait before you ask for more.`,
      );
    await stock.raiseGoal(call.restaurantId, tx, pool.id, count);
  }

  async #run(restaurantId: string, poolId: string, isStopping: () => boolean): Promise<number> {
    let made = 0;
    while (!isStopping()) {
      const { pool, counters } = await this.#read(restaurantId, poolId);
      const wanted = pool && isGenerated(pool.kind) ? wantedOf(pool, counters) : 0;
      if (!pool || wanted <= 0) break;
      this.#left.set(`${restaurantId} ${poolId}`, wanted);
      const startedAt = performance.now();
      const count = Math.min(SLICE, wanted);
      if (await this.#slice(restaurantId, pool, counters.generated, count)) made += count;
      const restMs = Math.min(MAX_REST_MS, (performance.now() - startedAt) * REST_FACTOR);
      if (availableOf(counters) > 0 && wanted > count) await sleep(restMs, undefined);
    }
    return made;
  }

  async #slice(restaurantId: string, pool: CodePool, after: number, count: number): Promise<boolean> {
    const { unitOfWork, repository, generator, metrics, clock } = this.#deps;
    const made = await generator.make(restaurantId, pool, after + 1, count);
    const batches = made.map(({ firstN, lastN, sealed }) => ({ firstN, lastN, sealed: Buffer.from(sealed) }));
    const isStored = await unitOfWork.step(systemCall(restaurantId, 'code-pools'), (tx) =>
      repository.stock.append(restaurantId, tx, pool.id, after, batches, clock()),
    );
    if (isStored) metrics.generated(pool.kind, count);
    return isStored;
  }

  async #read(restaurantId: string, poolId: string): Promise<{ pool: CodePool | undefined; counters: PoolCounters }> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read({ restaurantId }, async (tx) => {
      const pool = await repository.pools.find(restaurantId, tx, poolId);
      const counters = await repository.stock.find(restaurantId, tx, poolId);
      if (!counters) throw notFound('code pool');
      return { pool, counters };
    });
  }
}

function wantedOf({ target, lowWater }: CodePool, counters: PoolCounters): number {
  const available = availableOf(counters);
  const toTarget = available < lowWater ? target - available : 0;
  return Math.max(counters.goal - counters.generated, toTarget);
}
