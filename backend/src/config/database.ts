/**
 * The only entry to PostgreSQL: pool, tenant transactions and named queries.
 *
 * Every statement runs inside a short transaction that has set `app.restaurant_id`. Row-level
 * security compares it with each row. The explicit `restaurant_id = $1` of every query is the first
 * protection; this is the second.
 */
import type pg from 'pg';
import { AppError } from '../domain/shared/errors.js';
import { settleAll } from '../utils/releases.js';
import { FairQueue } from '../utils/fairQueue.js';
import { FairShare, type Use } from '../utils/fairShare.js';
import { sqlState, translate } from './database/failures.js';
import { PlanSampler } from './database/planSampler.js';
import { CONNECT_TIMEOUT_MS, createPool, POOL_MAX, POOL_MIN } from './database/pool.js';
import { Probe } from './database/probe.js';
import { type DatabaseObserver, StatementWatch } from './database/statementWatch.js';
import { type Committed, runTransaction, type TransactionFrame } from './database/transaction.js';
import type { Sent, Tx } from './database/tx.js';
import type { Logger } from './logger.js';

export { isOutOfRange, isPassing, unknownOutcome, violatedConstraint, violationDetail } from './database/failures.js';
export { SESSION_SETTINGS, type SetupClient, withClient } from './database/pool.js';
export { declaredQueries, type Query, query } from './database/queries.js';
export type { DatabaseObserver } from './database/statementWatch.js';
export { Sent, type Tx } from './database/tx.js';

/** Limit of a request's transaction, including the wait for a connection. */
const REQUEST_DEADLINE_MS = 5_000;
/** Reports and imports. */
export const LONG_DEADLINE_MS = 30_000;
/**
 * When the replica fails, the primary is asked only if this much of the deadline is left. A failing
 * connection takes 2 s.
 */
const WORTH_ANOTHER_TRY_MS = 1_000;
/** Writes of one restaurant that may be in the database at once, and that may wait for a place. */
const WRITES_AT_ONCE = 8;
const MAX_WAITING_WRITES = 500;
/** Requests of one restaurant that may wait for a connection. */
const MAX_WAITING = 500;
/** A deadlock or serialisation failure undoes a transaction completely, so it may run again. */
const TRANSACTION_ATTEMPTS = 4;
const RETRYABLE_STATES = new Set(['40001', '40P01']);

export interface PoolBudget {
  /** Connections at most. */
  max: number;
  /** How long a request may wait for one, within its deadline. */
  waitMs?: number | undefined;
  recycleSeconds?: number | undefined;
}

export interface DatabaseOptions {
  /** Login of the role without special rights. */
  url: string;
  /** The same role on a read replica, for reports. */
  replicaUrl?: string | undefined;
  log: Logger;
  observer?: DatabaseObserver | undefined;
  /** The one budget of connections; 20 and no waiting limit of its own if absent. */
  budget?: PoolBudget | undefined;
  /** Deadlines of a request's and of a report's transaction; 5 s and 30 s if absent. */
  deadlines?: { requestMs: number; longMs: number } | undefined;
}

export interface PoolStats {
  total: number;
  idle: number;
  waiting: number;
  max: number;
  /** `busy` from 80 % of the connections in use, `saturated` when callers wait for one. */
  level: 'ok' | 'busy' | 'saturated';
}

export interface TransactionOptions {
  /** Milliseconds for the whole transaction, including the wait for a connection. */
  deadlineMs?: number | undefined;
  /** Attempts when deadlocks undo the transaction; 1 for a caller that repeats it itself. */
  attempts?: number | undefined;
  /**
   * The caller admits one transaction at a time, so this one skips the restaurant's write queue.
   */
  isQueued?: boolean | undefined;
  /** As in `TransactionFrame`. */
  plans?: TransactionFrame['plans'];
}

type Where = Pick<TransactionFrame, 'pool' | 'begin' | 'plans' | 'restaurantId' | 'deadline' | 'gone'>;

export class Database {
  readonly #pool: pg.Pool;
  readonly #replica: pg.Pool | undefined;
  readonly #log: Logger;
  readonly #probe: Probe;
  readonly #plans: PlanSampler;
  readonly #watch: StatementWatch;
  /** Keeps a share of each pool free: three restaurants together cannot take all connections. */
  readonly #shares: FairShare;
  readonly #replicaShares: FairShare;
  readonly #budget: PoolBudget;
  readonly #writes = new FairQueue({
    atOnceEach: WRITES_AT_ONCE,
    maxWaitingEach: MAX_WAITING_WRITES,
    refusal: 'Too many changes of this restaurant are waiting. Nothing was stored; try again shortly.',
  });
  readonly #deadlines: { requestMs: number; longMs: number };

  constructor(options: DatabaseOptions) {
    this.#log = options.log;
    const { url, replicaUrl, log, observer } = options;
    this.#deadlines = options.deadlines ?? { requestMs: REQUEST_DEADLINE_MS, longMs: LONG_DEADLINE_MS };
    this.#budget = options.budget ?? { max: POOL_MAX };
    const { max, recycleSeconds } = this.#budget;
    this.#shares = new FairShare(max, MAX_WAITING);
    this.#replicaShares = new FairShare(max, MAX_WAITING);
    this.#pool = createPool(url, { min: Math.min(POOL_MIN, max), max, recycleSeconds, log });
    this.#replica = replicaUrl === undefined ? undefined : createPool(replicaUrl, { min: 0, max, recycleSeconds, log });
    this.#probe = new Probe(url, log);
    this.#plans = new PlanSampler({ pool: this.#pool, isCalm: () => this.#isCalm(), log });
    this.#watch = new StatementWatch({ log, observer, onSlow: (statement) => this.#plans.consider(statement) });
  }

  /**
   * Runs `work` in a writing transaction of one tenant; runs it again after a deadlock. Commits
   * before it resolves.
   * @throws AppError database_unavailable when the database does not answer within the deadline;
   *   overloaded.
   */
  async transaction<T>(
    restaurantId: string,
    work: (tx: Tx) => Promise<T | Sent<T>>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const deadline = performance.now() + (options.deadlineMs ?? this.#deadlines.requestMs);
    const attemptAll = async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const where: Where = { pool: this.#pool, begin: 'begin', plans: options.plans, restaurantId, deadline };
          return await this.#run(where, work, 'write');
        } catch (error) {
          if (attempt >= (options.attempts ?? TRANSACTION_ATTEMPTS) || !RETRYABLE_STATES.has(sqlState(error)))
            throw translate(error);
        }
      }
    };
    // A transaction that starts must still have time to connect.
    const waitMs = deadline - performance.now() - CONNECT_TIMEOUT_MS;
    const committed = options.isQueued ? await attemptAll() : await this.#writes.run(restaurantId, attemptAll, waitMs);
    await committed.follow();
    return committed.result;
  }

  /**
   * Runs `work` in a read-only transaction of one tenant. Its statements see one snapshot: an
   * order's lines match its total, and the sums of a report describe one moment.
   * @param gone aborts when nobody waits for the result any more, which ends the statements.
   * @throws AppError database_unavailable; the reason of `gone`.
   */
  read<T>(restaurantId: string, work: (tx: Tx) => Promise<T>, gone?: AbortSignal): Promise<T> {
    const deadline = performance.now() + this.#deadlines.requestMs;
    return this.#read({ pool: this.#pool, restaurantId, deadline, gone }, work);
  }

  /**
   * Like `read`, but on the replica if there is one and it answers. For long reads that may be
   * slightly old.
   */
  async readReplica<T>(restaurantId: string, work: (tx: Tx) => Promise<T>, gone?: AbortSignal): Promise<T> {
    const deadline = performance.now() + this.#deadlines.longMs;
    const onPrimary = { pool: this.#pool, restaurantId, deadline, gone };
    if (!this.#replica) return this.#read(onPrimary, work);
    try {
      return await this.#read({ ...onPrimary, pool: this.#replica }, work);
    } catch (error) {
      // Both attempts share one deadline. A read that was too slow on the replica does not start
      // again.
      const leftMs = deadline - performance.now();
      if (!(error instanceof AppError) || error.code !== 'database_unavailable' || leftMs < WORTH_ANOTHER_TRY_MS)
        throw error;
      this.#log.warn({ err: error }, 'read replica does not answer, reading from the primary');
      return this.#read(onPrimary, work);
    }
  }

  /**
   * Resolves with the milliseconds that PostgreSQL took to answer, on a connection that no request
   * waits for.
   * @throws AppError database_unavailable.
   */
  async ping(): Promise<number> {
    try {
      return await this.#probe.ask();
    } catch (error) {
      throw translate(error);
    }
  }

  stats(): PoolStats {
    const { totalCount, idleCount } = this.#pool;
    const { max } = this.#budget;
    const waitingCount = this.#pool.waitingCount + this.#shares.waiting;
    const inUse = totalCount - idleCount;
    const level = waitingCount > 0 ? 'saturated' : inUse >= max * 0.8 ? 'busy' : 'ok';
    return { total: totalCount, idle: idleCount, waiting: waitingCount, max, level };
  }

  async close(): Promise<void> {
    this.#plans.close();
    const replica = this.#replica?.end() ?? Promise.resolve();
    await settleAll([this.#pool.end(), replica, this.#probe.close()]);
  }

  #isCalm(): boolean {
    const { level, idle } = this.stats();
    return level === 'ok' && idle > 0;
  }

  async #read<T>(where: Omit<Where, 'begin'>, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      const read = await this.#run(
        { ...where, begin: 'begin read only, isolation level repeatable read' },
        work,
        'read',
      );
      await read.follow();
      return read.result;
    } catch (error) {
      throw translate(error);
    }
  }

  #run<T>(where: Where, work: (tx: Tx) => Promise<T | Sent<T>>, use: Use): Promise<Committed<T>> {
    const { pool, restaurantId, deadline } = where;
    const shares = pool === this.#pool ? this.#shares : this.#replicaShares;
    // As above: a transaction that starts must still have time to connect.
    const leftMs = Math.max(0, deadline - performance.now() - CONNECT_TIMEOUT_MS);
    const waitMs = Math.min(leftMs, this.#budget.waitMs ?? Infinity);
    const frame = { ...where, watch: this.#watch, log: this.#log };
    return shares.run(restaurantId, use, waitMs, () => runTransaction(frame, work));
  }
}
