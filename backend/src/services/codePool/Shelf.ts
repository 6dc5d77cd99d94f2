import type { CodePool } from '../../domain/codePool/codePool.js';
import type { Lease } from '../../repositories/codePool/LeaseTable.js';

/** A lease with its codes in memory. */
export interface HeldLease extends Lease {
  codes: readonly string[];
  /** Ordinals of the codes, where some of the range are missing; else they follow `firstN`. */
  ordinals: readonly number[] | undefined;
  /** Position of the next code. */
  next: number;
  /** Claims from memory that the database does not know yet. */
  untold: number;
  /** Codes in transactions that have not ended. */
  inFlight: number;
  /** The pool had few codes left when it was taken. */
  isBelowLowWater: boolean;
}

/** A code taken from memory. */
export interface Popped {
  code: string;
  n: number;
  lease: HeldLease;
}

/** Codes of one pool in the memory of this instance. */
export class Shelf {
  readonly restaurantId: string;
  pool: CodePool;
  /** Used up or doubtful leases, until the database was told. */
  readonly ended: HeldLease[] = [];
  #leases: HeldLease[] = [];
  #count = 0;
  /** Size to ask for next; grows while leases are used up quickly. */
  leaseSize: number;
  /** Codes that the last lease had: fewer than asked for when little is left. */
  lastSize = 0;
  usedAt = 0;
  /** Time of the last lease. */
  filledAt = 0;
  /** Until then the pool counts as empty, so that nobody asks the database again. */
  emptyUntil = 0;
  /**
   * Commits of this process that added codes: a lease that was asked for before one may miss them.
   */
  #growths = 0;
  /** Transactions that tell the database of claims from memory: begun, and under way. */
  readonly telling = { begun: 0, underWay: 0 };
  /** A lease that is being taken. */
  filling: Promise<void> | undefined;

  constructor(restaurantId: string, pool: CodePool) {
    this.restaurantId = restaurantId;
    this.pool = pool;
    this.leaseSize = pool.batch;
  }

  get count(): number {
    return this.#count;
  }

  get growths(): number {
    return this.#growths;
  }

  /** The pool has new codes, or may be asked for new ones. */
  grow(): void {
    this.#growths += 1;
    this.emptyUntil = 0;
  }

  get leases(): readonly HeldLease[] {
    return this.#leases;
  }

  add(lease: HeldLease): void {
    if (lease.codes.length === 0) this.ended.push(lease);
    else this.#leases.push(lease);
    this.#count += lease.codes.length;
  }

  /** The next code; undefined when there is none. */
  pop(): Popped | undefined {
    const [lease] = this.#leases;
    if (!lease) return undefined;
    const at = lease.next;
    lease.next += 1;
    this.#count -= 1;
    if (lease.next === lease.codes.length) {
      this.#leases.shift();
      this.ended.push(lease);
    }
    // `at` is below the number of codes.
    return { code: lease.codes[at] as string, n: lease.ordinals?.[at] ?? lease.firstN + at, lease };
  }

  /** Claims from memory that the database does not know. Exact while nothing is being told. */
  get untold(): number {
    return [...this.#leases, ...this.ended].reduce((sum, lease) => sum + lease.untold, 0);
  }

  /** Runs a transaction that tells the database of claims. */
  async tell<T>(work: () => Promise<T>): Promise<T> {
    this.telling.begun += 1;
    this.telling.underWay += 1;
    try {
      return await work();
    } finally {
      this.telling.underWay -= 1;
    }
  }

  /** Takes a lease out of use: nobody gets a code of it any more. */
  end(lease: HeldLease): void {
    const before = this.#leases.length;
    this.#leases = this.#leases.filter((one) => one !== lease);
    if (this.#leases.length === before) return;
    this.#count -= lease.codes.length - lease.next;
    this.ended.push(lease);
  }

  endAll(): void {
    for (const lease of this.#leases) this.ended.push(lease);
    this.#leases = [];
    this.#count = 0;
  }

  /** Removes ended leases of which no code is in a transaction. @returns them. */
  takeEnded(): HeldLease[] {
    const settled = this.ended.filter(({ inFlight }) => inFlight === 0);
    for (const lease of settled) this.ended.splice(this.ended.indexOf(lease), 1);
    return settled;
  }

  /** Forgets a lease that belongs to somebody else by now. */
  forget(lease: HeldLease): void {
    this.end(lease);
    const at = this.ended.indexOf(lease);
    if (at >= 0) this.ended.splice(at, 1);
  }
}
