/** Takes leases for a shelf and gives them back: one short transaction for 25 to 20,000 codes. */
import type { Tx } from '../../config/database.js';
import { type CodePool, isValued } from '../../domain/codePool/codePool.js';
import { systemCall } from '../../domain/shared/call.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { Lease } from '../../repositories/codePool/LeaseTable.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { CodeMetrics } from './codeMetrics.js';
import type { CodeSeals } from './codeSeals.js';
import type { HeldLease, Shelf } from './Shelf.js';

/** Dead leases that one call gives up, so that it stays short. */
const MOST_GIVEN_UP = 20;

export interface LeaseDependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  seals: CodeSeals;
  metrics: CodeMetrics;
  clock: Clock;
  /** Age of the last heartbeat from which an owner counts as dead. */
  deadAfterMs: number;
}

export class Leases {
  /** This instance. */
  readonly owner = newId();
  readonly #deps: LeaseDependencies;

  constructor(deps: LeaseDependencies) {
    this.#deps = deps;
  }

  /**
   * Takes the next lease of a pool: one that was given back, one of a dead instance, or new
   * ordinals. Tells the database of ended leases in the same transaction.
   * @returns undefined when the pool is empty.
   */
  take(shelf: Shelf): Promise<HeldLease | undefined> {
    return shelf.tell(() => this.#take(shelf));
  }

  /** Gives back everything that the shelf holds. */
  giveBack(shelf: Shelf): Promise<void> {
    return shelf.tell(() => this.#giveBack(shelf));
  }

  /** Says that this instance lives. Forgets leases that another instance has taken over. */
  beat(shelf: Shelf): Promise<void> {
    return shelf.tell(() => this.#beat(shelf));
  }

  async #take(shelf: Shelf): Promise<HeldLease | undefined> {
    const { restaurantId, pool } = shelf;
    const ended = shelf.takeEnded();
    try {
      return await this.#deps.unitOfWork.step(systemCall(restaurantId, 'code-pools'), async (tx) => {
        const change = await this.#settle(restaurantId, tx, pool, ended);
        const lease = (await this.#takeOver(shelf, tx, change)) ?? (await this.#takeNew(shelf, tx));
        const held = lease && (await this.#load(restaurantId, tx, pool, lease));
        if (ended.length > 0) tx.defer(this.#deps.repository.stock.removeUsedUp(restaurantId, tx, pool.id));
        if (Object.values(change).some((by) => by !== 0))
          tx.defer(this.#deps.repository.stock.count(restaurantId, tx, pool.id, change));
        return held;
      });
    } catch (error) {
      shelf.ended.push(...ended);
      throw error;
    }
  }

  async #giveBack(shelf: Shelf): Promise<void> {
    shelf.endAll();
    const { restaurantId, pool } = shelf;
    const ended = shelf.takeEnded();
    if (ended.length === 0) return;
    try {
      await this.#deps.unitOfWork.step(systemCall(restaurantId, 'code-pools'), async (tx) => {
        const change = await this.#settle(restaurantId, tx, pool, ended);
        await this.#deps.repository.stock.count(restaurantId, tx, pool.id, change);
      });
    } catch (error) {
      shelf.ended.push(...ended);
      throw error;
    }
  }

  async #beat(shelf: Shelf): Promise<void> {
    const { restaurantId, pool } = shelf;
    const told = shelf.leases.map((lease) => ({ lease, id: lease.id, epoch: lease.epoch, claimed: lease.untold }));
    if (told.length === 0) return;
    for (const { lease, claimed } of told) lease.untold -= claimed;
    const untold = told.reduce((sum, { claimed }) => sum + claimed, 0);
    try {
      const own = await this.#deps.unitOfWork.step(systemCall(restaurantId, 'code-pools'), async (tx) => {
        const ids = await this.#deps.repository.leases.beat(restaurantId, tx, this.owner, told);
        const known = told.reduce((sum, { id, claimed }) => sum + (ids.has(id) ? claimed : 0), 0);
        if (untold > 0) await this.#deps.repository.stock.count(restaurantId, tx, pool.id, { claimed: known });
        return ids;
      });
      for (const { lease } of told) if (!own.has(lease.id)) shelf.forget(lease);
    } catch (error) {
      for (const { lease, claimed } of told) lease.untold += claimed;
      throw error;
    }
  }

  /**
   * Ends leases in the database. Codes with value that have no claim go back to the pool: their
   * claims may have failed, or never begun. Of codes without value, those that are behind the last
   * one handed out go back.
   */
  async #settle(restaurantId: string, tx: Tx, pool: CodePool, ended: readonly HeldLease[]): Promise<Change> {
    const { leases } = this.#deps.repository;
    const change = { claimed: 0, returned: 0, abandoned: 0 };
    for (const lease of ended) {
      const stored = await leases.giveBack(restaurantId, tx, lease.id, this.owner, lease.epoch);
      if (!stored) continue;
      const size = stored.lastN - stored.firstN + 1;
      if (isValued(pool.kind)) {
        const left = size - stored.claimed;
        change.returned += left;
        if (left === 0) await leases.remove(restaurantId, tx, lease.id, null);
        continue;
      }
      const left = lease.codes.length - lease.next;
      change.claimed += lease.untold;
      change.returned += left;
      // Handed out by a transaction that failed: nobody has them.
      change.abandoned += size - left - stored.claimed - lease.untold;
      if (left === 0) await leases.remove(restaurantId, tx, lease.id, null);
      else await leases.narrow(restaurantId, tx, lease.id, stored.lastN - left + 1);
    }
    return change;
  }

  async #takeOver({ restaurantId, pool }: Shelf, tx: Tx, change: Change): Promise<Lease | undefined> {
    const { repository, metrics, deadAfterMs } = this.#deps;
    for (let count = 0; count < MOST_GIVEN_UP; count += 1) {
      const free = await repository.leases.lockFree(restaurantId, tx, pool.id, { deadAfterMs, owner: this.owner });
      if (!free) return undefined;
      if (!free.isReturned) metrics.rescued(pool.kind);
      if (free.isReturned || isValued(pool.kind)) {
        const lease = await repository.leases.takeOver(restaurantId, tx, free.id, this.owner);
        if (free.isReturned) change.returned -= lease.lastN - lease.firstN + 1 - lease.claimed;
        return lease;
      }
      // The dead instance may have handed any of them out.
      const lost = await repository.leases.remove(restaurantId, tx, free.id, null);
      if (lost) change.abandoned += lost.lastN - lost.firstN + 1 - lost.claimed;
    }
    return undefined;
  }

  #takeNew({ restaurantId, pool, leaseSize }: Shelf, tx: Tx): Promise<Lease | undefined> {
    const lease = { id: newId(), owner: this.owner, size: leaseSize, at: this.#deps.clock() };
    return this.#deps.repository.leases.take(restaurantId, tx, pool.id, lease);
  }

  /** Reads the codes of a lease, without those that its owner before has claimed. */
  async #load(restaurantId: string, tx: Tx, pool: CodePool, lease: Lease): Promise<HeldLease> {
    const { firstN, lastN } = lease;
    const { repository, seals } = this.#deps;
    const [batches, claimed] = await Promise.all([
      repository.stock.read(restaurantId, tx, pool.id, firstN, lastN),
      lease.epoch === 1 || !isValued(pool.kind)
        ? new Set<number>()
        : repository.claims.ordinals(restaurantId, tx, pool.id, firstN, lastN),
    ]);
    const all = batches.flatMap((batch) =>
      seals.open(batch.sealed).slice(Math.max(0, firstN - batch.firstN), lastN - batch.firstN + 1),
    );
    if (all.length !== lastN - firstN + 1)
      throw new Error(`codes ${firstN} to ${lastN} of pool ${pool.id} are missing`);
    const isBelowLowWater = lease.available !== undefined && lease.available < pool.lowWater;
    const fresh = { ...lease, next: 0, untold: 0, inFlight: 0, isBelowLowWater };
    if (claimed.size === 0) return { ...fresh, codes: all, ordinals: undefined };
    const ordinals = all.flatMap((_, at) => (claimed.has(firstN + at) ? [] : [firstN + at]));
    const codes = ordinals.map((n) => all[n - firstN] as string);
    return { ...fresh, codes, ordinals };
  }
}

interface Change {
  claimed: number;
  returned: number;
  abandoned: number;
}
