/** One transaction on one connection of a pool. */
import type pg from 'pg';
import type { Logger } from '../logger.js';
import { type Answer, Burst, isBehindFailure, reasonOf, type Statement } from './burst.js';
import { isUnknownOutcome, unknownOutcome } from './failures.js';
import type { Query } from './queries.js';
import type { StatementWatch } from './statementWatch.js';
import { Sent, type Tx } from './tx.js';

/**
 * The server should end a slow statement before pg does, because then the connection stays usable.
 */
const SERVER_FIRST_MS = 50;
/**
 * Time for a statement to end by itself after its caller has gone. Then the connection is closed.
 */
const GRACE_MS = 100;
const SET_TENANT = {
  name: 'transaction.setTenant',
  text: `select set_config('app.restaurant_id', $1, true)`,
};
const SET_TENANT_AND_LIMIT = {
  name: 'transaction.setTenantAndLimit',
  text: `select set_config('app.restaurant_id', $1, true), set_config('statement_timeout', $2, true)`,
};
// PostgreSQL takes a table for empty that was analyzed when it was empty, and plans to read all of
// it. A connection keeps that plan until the next analyze: after the menu of a new restaurant was
// written, each of its orders read all orders before it. Writes look rows up by their keys.
const SET_WRITER = {
  name: 'transaction.setWriter',
  text: `${SET_TENANT_AND_LIMIT.text}, set_config('enable_seqscan', 'off', true)`,
};
// PostgreSQL compares a plan for any restaurant with what the plans for one have cost on average. A
// table that has grown makes the first dearer than the old average, and each order was planned
// again: 0.3 ms on half of the connections.
const SET_WRITER_AND_PLANS = {
  name: 'transaction.setWriterAndPlans',
  text: `${SET_WRITER.text}, set_config('plan_cache_mode', 'force_generic_plan', true)`,
};
const FORBID_SCANS = { name: 'transaction.forbidScans', text: `select set_config('enable_seqscan', 'off', true)` };
const SET_USER = { name: 'transaction.setUser', text: `select set_config('app.user_id', $1, true)` };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface TransactionFrame {
  pool: pg.Pool;
  /**
   * `repeatable read` gives one snapshot, taken at the first statement. For answers made of several
   * statements.
   */
  begin: 'begin' | 'begin read only, isolation level repeatable read';
  restaurantId: string;
  /** Time on the clock of `performance.now()` by which the transaction must have ended. */
  deadline: number;
  /**
   * `kept`: each statement has one plan for all parameters. For statements whose best plan depends
   * on none of them. `any`: whole tables may be scanned until `forbidScans`, as by no other write.
   */
  plans?: 'kept' | 'any' | undefined;
  /** Aborts when nobody waits for the result any more. Only for transactions that store nothing. */
  gone?: AbortSignal | undefined;
  watch: StatementWatch;
  log: Logger;
}

export interface Committed<T> {
  result: T;
  /** Runs the follow-up work of the commit. A failure is only logged. */
  follow(): Promise<void>;
}

/**
 * Runs `work` between begin and commit. The caller runs the follow-up work, after it has given up
 * the transaction's place: follow-ups may open transactions of their own, and eight of them that
 * each kept a place would wait for each other.
 * @throws the error of `work` or PostgreSQL; AppError database_unavailable when the outcome of the
 *   commit is unknown.
 */
export async function runTransaction<T>(
  frame: TransactionFrame,
  work: (tx: Tx) => Promise<T | Sent<T>>,
): Promise<Committed<T>> {
  frame.gone?.throwIfAborted();
  const client = await frame.pool.connect();
  const forget = endWhenGone(client, frame.gone);
  const tx = new PgTx(client, frame);
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  let isCommitSent = false;
  let result: T;
  try {
    // Not awaited before the first statement of `work` is sent. When it fails, that statement fails
    // too.
    tx.defer(tx.begin(frame));
    const outcome = await work(tx);
    isCommitSent = true;
    const committed = tx.commit();
    const answer = outcome instanceof Sent ? outcome.result : outcome;
    await allInOrder([...tx.deferred, answer, committed]);
    result = await answer;
  } catch (error) {
    await tx.rollback().catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    if (frame.gone?.aborted) throw frame.gone.reason;
    const reason = await causeOf(error, tx.deferred);
    throw isCommitSent && isUnknownOutcome(reason) ? unknownOutcome(reason) : reason;
  } finally {
    forget();
    client.off('error', onError);
    client.release(broken);
  }
  return { result, follow: () => follow(tx.followUps, frame.log) };
}

/**
 * Milliseconds for each statement: the time left now. A later statement has less time left; pg ends
 * it by closing its connection.
 */
function statementLimit(deadline: number): string {
  const leftMs = Math.floor(deadline - performance.now()) - SERVER_FIRST_MS;
  return String(Math.max(1, leftMs));
}

/**
 * Closes the connection of work that nobody waits for, unless it ends within the grace time.
 * @returns a function that cancels this.
 */
function endWhenGone(client: pg.PoolClient, gone: AbortSignal | undefined): () => void {
  if (!gone) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const onGone = (): void => {
    timer = setTimeout(() => client.connection.stream.destroy(), GRACE_MS);
  };
  gone.addEventListener('abort', onGone, { once: true });
  if (gone.aborted) onGone();
  return () => {
    clearTimeout(timer);
    gone.removeEventListener('abort', onGone);
  };
}

async function follow(followUps: readonly (() => void | Promise<void>)[], log: Logger): Promise<void> {
  for (const step of followUps) {
    try {
      await step();
    } catch (error) {
      log.error({ err: error }, 'follow-up of a committed transaction failed');
    }
  }
}

/** @returns the failure for which PostgreSQL refused the statement that `work` waited for. */
async function causeOf(error: unknown, deferred: readonly Promise<unknown>[]): Promise<unknown> {
  const reason = reasonOf(error);
  if (!isBehindFailure(reason)) return reason;
  const outcomes = await Promise.allSettled(deferred);
  const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [reasonOf(one.reason)] : []));
  return failures.find((one) => !isBehindFailure(one)) ?? reason;
}

/** Waits for all. @throws the first failure in sending order, because it causes the later ones. */
async function allInOrder(promises: readonly unknown[]): Promise<void> {
  for (const outcome of await Promise.allSettled(promises)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}

class PgTx implements Tx {
  readonly #client: pg.PoolClient;
  readonly #deadline: number;
  readonly #gone: AbortSignal | undefined;
  readonly #watch: StatementWatch;
  #restaurantId: string;
  /** The statements of this turn, which are not sent yet. */
  #burst: Burst | undefined;
  readonly deferred: Promise<unknown>[] = [];
  readonly followUps: (() => void | Promise<void>)[] = [];

  constructor(client: pg.PoolClient, { deadline, gone, watch, restaurantId }: TransactionFrame) {
    this.#client = client;
    this.#deadline = deadline;
    this.#gone = gone;
    this.#watch = watch;
    this.#restaurantId = restaurantId;
  }

  /** Begins the transaction of a tenant, with a limit of time for each statement. */
  async begin({ begin, plans }: Pick<TransactionFrame, 'begin' | 'plans'>): Promise<void> {
    const begun = this.#send({ name: begin, text: begin, values: [] });
    const values = [assertUuid(this.#restaurantId), statementLimit(this.#deadline)];
    const mayScan = begin !== 'begin' || plans === 'any';
    const setWriter = plans === 'kept' ? SET_WRITER_AND_PLANS : SET_WRITER;
    await Promise.all([begun, this.#send({ ...(mayScan ? SET_TENANT_AND_LIMIT : setWriter), values })]);
  }

  /**
   * @throws Error when a statement failed and `work` hid it: PostgreSQL then rolls back and reports
   *   success.
   */
  async commit(): Promise<void> {
    const { command } = await this.#send({ name: 'commit', text: 'commit', values: [] });
    if (command === 'ROLLBACK')
      throw new Error('a statement of this transaction failed, so the transaction was rolled back');
  }

  async rollback(): Promise<void> {
    await this.#send({ name: 'rollback', text: 'rollback', values: [] });
  }

  async many<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row[]> {
    const result = await this.#query(statement, values);
    // The repository guarantees the row type: pg returns untyped rows.
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
    return result.rowCount;
  }

  defer(write: Promise<unknown>): void {
    // Checked before the commit counts; until then nobody waits for it.
    write.catch(() => undefined);
    this.deferred.push(write);
  }

  settled(): Promise<void> {
    return allInOrder(this.deferred);
  }

  async checked(): Promise<void> {
    const checks = 'set constraints all immediate';
    await allInOrder([...this.deferred, this.#send({ name: checks, text: checks, values: [] })]);
  }

  afterCommit(follow: () => void | Promise<void>): void {
    this.followUps.push(follow);
  }

  async forbidScans(): Promise<void> {
    await this.#send({ ...FORBID_SCANS, values: [] });
  }

  async enterTenant(restaurantId: string): Promise<void> {
    this.#restaurantId = restaurantId;
    await this.#send({ ...SET_TENANT, values: [assertUuid(restaurantId)] });
  }

  async enterUser(userId: string): Promise<void> {
    await this.#send({ ...SET_USER, values: [assertUuid(userId)] });
  }

  async #query(statement: Query<unknown>, values: readonly unknown[]): Promise<Answer> {
    this.#gone?.throwIfAborted();
    const { name, text } = statement;
    return this.#watch.time({ name, text, restaurantId: this.#restaurantId }, () =>
      this.#send({ name, text, values: [...values] }),
    );
  }

  /**
   * Sends all statements of one turn in one burst: `begin` with the first statement, deferred
   * writes with the commit.
   */
  #send(statement: Statement): Promise<Answer> {
    this.#burst ??= this.#openBurst();
    return this.#burst.add(statement);
  }

  #openBurst(): Burst {
    const burst = new Burst();
    process.nextTick(() => {
      this.#burst = undefined;
      // A statement that runs out of time loses its connection: nobody knows which answers would
      // still arrive on it.
      burst.query_timeout = Math.max(1, this.#deadline - performance.now());
      // pg calls a query's methods, which its types leave out.
      this.#client.query(burst as unknown as pg.Submittable);
    });
    return burst;
  }
}

/** @throws Error. Some statements take no parameter, so the id becomes part of their text. */
export function assertUuid(value: string): string {
  if (!UUID.test(value)) throw new Error('a tenant id must be a UUID');
  return value;
}
