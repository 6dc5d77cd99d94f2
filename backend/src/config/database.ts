/**
 * The one door to PostgreSQL: pool, tenant transactions and named queries.
 *
 * Every statement runs inside a short transaction that has set `app.restaurant_id`, which row-level security
 * compares with each row. The explicit `restaurant_id = $1` of every query stays the first wall; this is the second.
 */
import pg from 'pg';
import { AppError } from '../domain/errors.js';
import { Admission } from '../utils/admission.js';
import type { Logger } from './logger.js';

const POOL_MAX = 20;
const POOL_MIN = 5;
const CONNECTION_MAX_USES = 7500;
const CONNECT_TIMEOUT_MS = 2_000;
const IDLE_TIMEOUT_MS = 30_000;
/** The server's own bound on a statement. A frozen server never fires it: hence the deadlines below, kept on this side. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** Frees the locks of an application that froze in mid-transaction. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** What a request may spend on one transaction, waiting for a connection included. */
const REQUEST_DEADLINE_MS = 5_000;
/** Reports and imports. */
export const LONG_DEADLINE_MS = 30_000;
const SLOW_QUERY_MS = 1_000;
/** Writes of one restaurant that may be in the database at once, and that may wait for that. */
const WRITES_AT_ONCE = 8;
const MAX_WAITING_WRITES = 500;
/** A transaction lost to a deadlock or a serialisation failure has stored nothing and may run again. */
const TRANSACTION_ATTEMPTS = 4;
const RETRYABLE_STATES = new Set(['40001', '40P01']);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
pg.types.setTypeParser(INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} does not fit a safe integer`);
  return value;
});
pg.types.setTypeParser(DATE, (text) => text);
pg.types.setTypeParser(TIMESTAMPTZ, (text) => new Date(`${text.replace(' ', 'T')}:00`).toISOString());

/** A statement with a name, for preparation, metrics and the slow-query log, and the shape of its rows. */
export interface Query<Row> {
  readonly name: string;
  readonly text: string;
  /** Never set; carries the row type. */
  readonly row?: Row;
}

const declared = new Map<string, Query<unknown>>();

/**
 * Declares a named statement. @param name `<noun>.<verb>`, unique in the program.
 * @throws Error when another text has the name: a connection that has prepared one would run it for the other.
 */
export function query<Row = unknown>(name: string, text: string): Query<Row> {
  if ((declared.get(name)?.text ?? text) !== text) throw new Error(`two statements are named ${name}`);
  const statement: Query<Row> = { name, text };
  declared.set(name, statement);
  return statement;
}

/** Every statement of the modules loaded so far. */
export function declaredQueries(): readonly Query<unknown>[] {
  return [...declared.values()];
}

/**
 * A result that is still on its way when `work` returns it: the commit is sent right behind the statement that answers it, so
 * that no lock waits for this process to have a look. Nobody sees the result unless the commit succeeds.
 */
export class Sent<T> {
  readonly result: Promise<T>;

  constructor(result: Promise<T>) {
    // Looked at together with the commit.
    result.catch(() => undefined);
    this.result = result;
  }
}

/** A running transaction of one tenant. */
export interface Tx {
  many<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row[]>;
  maybeOne<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row | undefined>;
  /** @throws Error when there is not exactly one row: a bug, not an expected failure. */
  one<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row>;
  /** Number of rows touched. */
  run(statement: Query<unknown>, values: readonly unknown[]): Promise<number>;
  /**
   * Does not wait for a write that was sent: the statements after it follow on its heels, and the commit is believed only
   * once it has succeeded too. For writes whose answer nobody needs.
   */
  defer(write: Promise<unknown>): void;
  /** Waits for all that was deferred so far. @throws its first failure. */
  settled(): Promise<void>;
  /**
   * Runs once the transaction has committed, before whoever asked for it is answered; never when it rolls back. A failure is
   * logged, no more: what is stored is stored.
   */
  afterCommit(follow: () => void | Promise<void>): void;
  /** Points row-level security at another tenant: registration, which has none before it makes one. */
  enterTenant(restaurantId: string): Promise<void>;
  /** Lets a login see the memberships of one user across tenants. */
  enterUser(userId: string): Promise<void>;
}

/** Learns how long each statement took. */
export interface DatabaseObserver {
  statement(name: string, durationMs: number, failed: boolean): void;
}

export interface DatabaseOptions {
  /** Login of the powerless role. */
  url: string;
  /** The same role on a read replica, for reports. */
  replicaUrl?: string | undefined;
  log: Logger;
  observer?: DatabaseObserver | undefined;
}

export interface PoolStats {
  total: number;
  idle: number;
  waiting: number;
  max: number;
  /** `busy` from 80 % of the connections in use, `saturated` once callers wait for one. */
  level: 'ok' | 'busy' | 'saturated';
}

export interface TransactionOptions {
  /** Milliseconds for the whole transaction, waiting for a connection included. */
  deadlineMs?: number;
}

export class Database {
  readonly #pool: pg.Pool;
  readonly #replica: pg.Pool | undefined;
  readonly #log: Logger;
  readonly #watch: StatementWatch;
  readonly #writes = new Admission(WRITES_AT_ONCE, MAX_WAITING_WRITES);

  constructor(options: DatabaseOptions) {
    this.#log = options.log;
    this.#watch = new StatementWatch(options.log, options.observer);
    this.#pool = this.#createPool(options.url, POOL_MIN);
    this.#replica = options.replicaUrl === undefined ? undefined : this.#createPool(options.replicaUrl, 0);
  }

  /**
   * Runs `work` in a writing transaction of one tenant; again if it lost a deadlock. Commits before it resolves.
   * @throws AppError database_unavailable when the database does not answer within the deadline; overloaded.
   */
  transaction<T>(
    restaurantId: string,
    work: (tx: Tx) => Promise<T | Sent<T>>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const deadline = deadlineOf(options);
    const attemptAll = async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.#once(this.#pool, 'begin', restaurantId, deadline, work);
        } catch (error) {
          if (attempt === TRANSACTION_ATTEMPTS || !RETRYABLE_STATES.has(sqlState(error))) throw translate(error);
        }
      }
    };
    // What begins must still have the time to connect.
    return this.#writes.run(restaurantId, attemptAll, deadline - performance.now() - CONNECT_TIMEOUT_MS);
  }

  /** Runs `work` in a read-only transaction of one tenant. @throws AppError database_unavailable. */
  async read<T>(restaurantId: string, work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    try {
      return await this.#once(this.#pool, 'begin read only', restaurantId, deadlineOf(options), work);
    } catch (error) {
      throw translate(error);
    }
  }

  /** As `read`, on the replica while there is one and it answers: for what may be a little old, and takes long. */
  async readReplica<T>(restaurantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const options = { deadlineMs: LONG_DEADLINE_MS };
    if (!this.#replica) return this.read(restaurantId, work, options);
    try {
      return await this.#once(this.#replica, 'begin read only', restaurantId, deadlineOf(options), work);
    } catch (error) {
      const translated = translate(error);
      if (!(translated instanceof AppError) || translated.code !== 'database_unavailable') throw translated;
      this.#log.warn({ err: error }, 'read replica does not answer, reading from the primary');
      return this.read(restaurantId, work, options);
    }
  }

  /** Resolves with the milliseconds one connection took to answer. @throws AppError database_unavailable. */
  async ping(): Promise<number> {
    const startedAt = performance.now();
    try {
      await this.#pool.query({ text: 'select 1', query_timeout: CONNECT_TIMEOUT_MS } as pg.QueryConfig);
      return performance.now() - startedAt;
    } catch (error) {
      throw translate(error);
    }
  }

  stats(): PoolStats {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    const inUse = totalCount - idleCount;
    const level = waitingCount > 0 ? 'saturated' : inUse >= POOL_MAX * 0.8 ? 'busy' : 'ok';
    return { total: totalCount, idle: idleCount, waiting: waitingCount, max: POOL_MAX, level };
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#replica?.end()]);
  }

  #createPool(url: string, min: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString: url,
      max: POOL_MAX,
      min,
      maxUses: CONNECTION_MAX_USES,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      application_name: 'servio',
      options: '-c TimeZone=UTC',
      // `begin` and the first statement leave together: one round trip less for each transaction.
      pipeline: true,
    });
    // Without a listener a connection that dies while idle ends the process.
    pool.on('error', (error) => this.#log.warn({ err: error }, 'idle database connection lost'));
    return pool;
  }

  async #follow(followUps: readonly (() => void | Promise<void>)[]): Promise<void> {
    for (const follow of followUps) {
      try {
        await follow();
      } catch (error) {
        this.#log.error({ err: error }, 'follow-up of a committed transaction failed');
      }
    }
  }

  async #once<T>(
    pool: pg.Pool,
    begin: string,
    restaurantId: string,
    deadline: number,
    work: (tx: Tx) => Promise<T | Sent<T>>,
  ): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    const tx = new PgTx(client, deadline, this.#watch);
    let isCommitSent = false;
    try {
      // Not awaited before the first statement of `work` is sent; when it fails, that statement fails with it.
      const begun = tx.control(`${begin}; ${setTenant(restaurantId)}`);
      begun.catch(() => undefined);
      const outcome = await work(tx);
      isCommitSent = true;
      const committed = tx.control('commit');
      const result = outcome instanceof Sent ? outcome.result : outcome;
      await allInOrder([begun, ...tx.deferred, result, committed]);
      await this.#follow(tx.followUps);
      return await result;
    } catch (error) {
      await tx.control('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw isCommitSent && isUnknownOutcome(error) ? unknownOutcome(error) : error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

/** Waits for all. @throws the first failure in the order in which they were sent: it is the reason for those behind it. */
async function allInOrder(promises: readonly unknown[]): Promise<void> {
  for (const outcome of await Promise.allSettled(promises)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}

/** Times statements, tells the observer, and writes the slow ones to the log. */
class StatementWatch {
  readonly #log: Logger;
  readonly #observer: DatabaseObserver | undefined;

  constructor(log: Logger, observer: DatabaseObserver | undefined) {
    this.#log = log;
    this.#observer = observer;
  }

  async time<T>(name: string, text: string, run: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let failed = true;
    try {
      const result = await run();
      failed = false;
      return result;
    } finally {
      const durationMs = performance.now() - startedAt;
      this.#observer?.statement(name, durationMs, failed);
      if (durationMs > SLOW_QUERY_MS) {
        const hint = `see its plan: explain (analyze, buffers, settings) ${text.replaceAll(/\s+/g, ' ').slice(0, 500)}`;
        this.#log.warn({ query: name, durationMs: Math.round(durationMs), failed, hint }, 'slow query');
      }
    }
  }
}

class PgTx implements Tx {
  readonly #client: pg.PoolClient;
  readonly #deadline: number;
  readonly #watch: StatementWatch;
  readonly deferred: Promise<unknown>[] = [];
  readonly followUps: (() => void | Promise<void>)[] = [];

  constructor(client: pg.PoolClient, deadline: number, watch: StatementWatch) {
    this.#client = client;
    this.#deadline = deadline;
    this.#watch = watch;
  }

  /** Transaction control: no parameters, several statements in one text. */
  control(text: string): Promise<unknown> {
    return this.#client.query(this.#withinDeadline({ text }));
  }

  async many<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row[]> {
    const result = await this.#query(statement, values);
    // The row type is the repository's word: pg returns untyped rows.
    return result.rows as Row[];
  }

  async maybeOne<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row | undefined> {
    const rows = await this.many(statement, values);
    if (rows.length > 1) throw new Error(`${statement.name} answered ${rows.length} rows where one was expected`);
    return rows[0];
  }

  async one<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row> {
    const row = await this.maybeOne(statement, values);
    if (row === undefined) throw new Error(`${statement.name} answered no row`);
    return row;
  }

  async run(statement: Query<unknown>, values: readonly unknown[]): Promise<number> {
    const result = await this.#query(statement, values);
    return result.rowCount ?? 0;
  }

  defer(write: Promise<unknown>): void {
    // Looked at before the commit is believed; until then nobody waits for it.
    write.catch(() => undefined);
    this.deferred.push(write);
  }

  settled(): Promise<void> {
    return allInOrder(this.deferred);
  }

  afterCommit(follow: () => void | Promise<void>): void {
    this.followUps.push(follow);
  }

  async enterTenant(restaurantId: string): Promise<void> {
    await this.control(setTenant(restaurantId));
  }

  async enterUser(userId: string): Promise<void> {
    await this.control(`set local app.user_id = '${assertUuid(userId)}'`);
  }

  #query(statement: Query<unknown>, values: readonly unknown[]): Promise<pg.QueryResult> {
    const { name, text } = statement;
    const config = this.#withinDeadline({ name, text, values: [...values] });
    return this.#watch.time(name, text, () => this.#client.query(config));
  }

  /** A statement that runs out of time takes its connection with it: nobody knows what is still to come on it. */
  #withinDeadline<T extends pg.QueryConfig>(config: T): T & { query_timeout: number } {
    return { ...config, query_timeout: Math.max(1, this.#deadline - performance.now()) };
  }
}

/** A connection outside the pool and outside any tenant. */
export type SetupClient = pg.Client;

/** Opens one connection for a piece of work outside any tenant: migrations and the supervisor. */
export async function withClient<T>(
  url: string,
  work: (client: SetupClient) => Promise<T>,
  connectTimeoutMs: number = CONNECT_TIMEOUT_MS,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'servio-setup',
  });
  // A server that goes away while the client is idle reports here; the next query fails on its own.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Name of the violated constraint, for repositories that translate it into an error of their noun. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined;
}

/** `set local` takes no parameter, hence the check before the id is put into the text. */
function setTenant(restaurantId: string): string {
  return `set local app.restaurant_id = '${assertUuid(restaurantId)}'`;
}

function assertUuid(value: string): string {
  if (!UUID.test(value)) throw new Error('a tenant id must be a UUID');
  return value;
}

function deadlineOf(options: TransactionOptions): number {
  return performance.now() + (options.deadlineMs ?? REQUEST_DEADLINE_MS);
}

function sqlState(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? '') : '';
}

/** Connection trouble and exhausted resources become a 503 that may be tried again; the rest stays as it is. */
function translate(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const state = sqlState(error);
  const gone = state === '' ? isConnectionTrouble(error) : /^(08|53|57P|58|40)/.test(state) || state === '57014';
  if (!gone) return error;
  return new AppError('database_unavailable', 'The database did not answer. Nothing was stored; try again shortly.', {
    cause: error,
    retryAfterSeconds: 1,
  });
}

/** PostgreSQL may carry out a commit whose answer never came. Its own refusals are an answer. */
function isUnknownOutcome(error: unknown): boolean {
  return (
    error instanceof Error && (sqlState(error) === '' ? isConnectionTrouble(error) : /^(08|57P)/.test(sqlState(error)))
  );
}

function unknownOutcome(cause: unknown): AppError {
  return new AppError(
    'database_unavailable',
    'The database did not say whether this was stored. Repeat it with the same Idempotency-Key, or look before you repeat it.',
    { cause, retryAfterSeconds: 1 },
  );
}

function isConnectionTrouble(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)/.test(code) ||
    /timeout|terminated|Connection/i.test(error.message)
  );
}
