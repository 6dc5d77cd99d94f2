/** The shelves of this instance: which pools have codes in memory, and how they get there. */
import { AppError, notFound } from '../../domain/shared/errors.js';
import { type CodePool, isGenerated } from '../../domain/codePool/codePool.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { CodeMetrics } from './codeMetrics.js';
import type { Leases } from './Leases.js';
import type { Refill } from './Refill.js';
import { type Popped, Shelf } from './Shelf.js';

/** Pools in memory; the least used one gives its codes back. */
const MOST_SHELVES = 5_000;
const MAX_LEASE = 20_000;
/** A lease that lasted shorter than this is followed by one of twice its size. */
const SHORT_LEASE_MS = 2_000;
/** How long an empty pool is not asked again. */
const EMPTY_MS = 250;
const IDLE_MS = 60_000;
const RETRY_AFTER_SECONDS = 2;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  leases: Leases;
  refill: Refill;
  metrics: CodeMetrics;
  log: { warn(fields: object, message: string): void };
}

export class Shelves {
  readonly #deps: Dependencies;
  readonly #shelves = new Map<string, Shelf>();
  readonly #opening = new Map<string, Promise<Shelf>>();
  #isClosing = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Codes in memory. */
  get held(): number {
    let held = 0;
    for (const { count } of this.#shelves.values()) held += count;
    return held;
  }

  /** The shelf of a pool, if this instance has it open. */
  known(restaurantId: string, poolId: string): Shelf | undefined {
    return this.#shelves.get(keyOf(restaurantId, poolId));
  }

  /** @throws AppError not_found. */
  async open(restaurantId: string, poolId: string): Promise<Shelf> {
    const key = keyOf(restaurantId, poolId);
    const known = this.#shelves.get(key) ?? this.#opening.get(key);
    if (known) return known;
    const opening = this.#open(restaurantId, poolId).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  /**
   * Takes a code from memory and, before the last ones are gone, the next lease in the background.
   */
  pop(shelf: Shelf): Popped | undefined {
    const popped = shelf.pop();
    shelf.usedAt = performance.now();
    // After the caller has noted the code as being in a transaction: the next lease gives ended
    // ones back, and must not take this one for ended.
    if (shelf.count * 2 < shelf.lastSize && !shelf.filling && shelf.emptyUntil < shelf.usedAt)
      queueMicrotask(() => {
        this.fill(shelf).catch((error: unknown) =>
          this.#deps.log.warn({ err: error }, 'no lease of codes, will try again'),
        );
      });
    return popped;
  }

  /**
   * Waits until a shelf has `wanted` codes, or all that there are.
   * @throws AppError database_unavailable, overloaded.
   */
  async ensure(shelf: Shelf, wanted: number): Promise<void> {
    while (shelf.count < wanted) {
      if (performance.now() < shelf.emptyUntil && !shelf.filling) break;
      const before = shelf.count;
      await this.fill(shelf);
      if (shelf.count > before || shelf.emptyUntil < performance.now()) continue;
      if (shelf.pool.whenEmpty !== 'generate' || !isGenerated(shelf.pool.kind)) break;
      await this.#deps.refill.once(shelf.restaurantId, shelf.pool, wanted - shelf.count);
      shelf.grow();
    }
  }

  /** Takes one lease; callers at the same time share it. */
  fill(shelf: Shelf): Promise<void> {
    shelf.filling ??= this.#fill(shelf).finally(() => {
      shelf.filling = undefined;
    });
    return shelf.filling;
  }

  /** Error for a claim that found no code. It counts and tells the refill. */
  emptyError(shelf: Shelf): AppError {
    const { kind, name } = shelf.pool;
    this.#deps.metrics.empty(kind);
    this.nudge(shelf.restaurantId, shelf.pool.id);
    const hint = isGenerated(kind) ? 'It is being refilled; try again shortly.' : 'Import more codes.';
    return new AppError('pool_empty', `The code pool "${name}" is empty. ${hint}`, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }

  /** Lets a refill look at the pool now. */
  nudge(restaurantId: string, poolId: string): void {
    if (this.#isClosing) return;
    this.#deps.refill
      .run(restaurantId, poolId, () => this.#isClosing)
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'code pool not refilled, will try again'));
  }

  /**
   * A committed change of a pool: its settings apply at once here, and within seconds elsewhere.
   */
  changed(restaurantId: string, pool: CodePool): void {
    const shelf = this.known(restaurantId, pool.id);
    if (!shelf) return;
    shelf.pool = pool;
    shelf.grow();
  }

  /** Gives the codes of a pool back and forgets it. */
  async close(shelf: Shelf): Promise<void> {
    this.#shelves.delete(keyOf(shelf.restaurantId, shelf.pool.id));
    await shelf.filling?.catch(() => undefined);
    await this.#deps.leases.giveBack(shelf);
  }

  /**
   * The heartbeat: keeps leases alive, tells claims from memory, notices changed pools, and gives
   * back the codes of pools that nobody uses.
   */
  async beat(): Promise<void> {
    // A copy: idle shelves are closed meanwhile.
    for (const shelf of Array.from(this.#shelves.values())) {
      try {
        if (performance.now() - shelf.usedAt > IDLE_MS) await this.close(shelf);
        else await this.#beat(shelf);
      } catch (error) {
        this.#deps.log.warn({ err: error }, 'heartbeat of a code pool failed, will try again');
      }
    }
  }

  /** Gives all codes back. No new lease is taken afterwards. */
  async closeAll(): Promise<void> {
    this.#isClosing = true;
    const outcomes = await Promise.allSettled(Array.from(this.#shelves.values(), (shelf) => this.close(shelf)));
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') this.#deps.log.warn({ err: outcome.reason }, 'codes not given back');
  }

  async #beat(shelf: Shelf): Promise<void> {
    const { unitOfWork, repository, leases } = this.#deps;
    await leases.beat(shelf);
    const { restaurantId } = shelf;
    const pool = await unitOfWork.read({ restaurantId }, (tx) =>
      repository.pools.find(restaurantId, tx, shelf.pool.id),
    );
    if (pool) shelf.pool = pool;
    else await this.close(shelf);
  }

  async #open(restaurantId: string, poolId: string): Promise<Shelf> {
    const { unitOfWork, repository } = this.#deps;
    const pool = await unitOfWork.read({ restaurantId }, (tx) => repository.pools.find(restaurantId, tx, poolId));
    if (!pool) throw notFound('code pool');
    const shelf = new Shelf(restaurantId, pool);
    shelf.usedAt = performance.now();
    this.#shelves.set(keyOf(restaurantId, poolId), shelf);
    if (this.#shelves.size > MOST_SHELVES) await this.#closeOldest();
    return shelf;
  }

  async #closeOldest(): Promise<void> {
    const [oldest] = [...this.#shelves.values()].sort((one, other) => one.usedAt - other.usedAt);
    if (oldest) await this.close(oldest);
  }

  async #fill(shelf: Shelf): Promise<void> {
    const { leases } = this.#deps;
    if (this.#isClosing) throw new AppError('overloaded', 'Servio is stopping. Try again at another instance.');
    const startedAt = performance.now();
    const { growths } = shelf;
    const lease = await leases.take(shelf);
    if (!lease) {
      if (shelf.growths === growths) shelf.emptyUntil = performance.now() + EMPTY_MS;
      this.nudge(shelf.restaurantId, shelf.pool.id);
      return;
    }
    const sinceLast = startedAt - shelf.filledAt;
    shelf.filledAt = startedAt;
    shelf.lastSize = lease.codes.length;
    const isShort = sinceLast < SHORT_LEASE_MS && shelf.lastSize >= shelf.leaseSize;
    const size = isShort ? shelf.leaseSize * 2 : Math.trunc(shelf.leaseSize / 2);
    shelf.leaseSize = Math.max(shelf.pool.batch, Math.min(MAX_LEASE, size));
    shelf.add(lease);
    if (lease.isBelowLowWater) this.nudge(shelf.restaurantId, shelf.pool.id);
  }
}

function keyOf(restaurantId: string, poolId: string): string {
  return `${restaurantId} ${poolId}`;
}
