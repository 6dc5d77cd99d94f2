/** One transaction on one connection of a pool. */
import type pg from 'pg';
import type { Logger } from '../logger.js';
import { isUnknownOutcome, unknownOutcome } from './failures.js';
import type { Query } from './queries.js';
import type { StatementWatch } from './statementWatch.js';
import { Sent, type Tx } from './tx.js';

/** The server's clock is to be the first to end a statement: then the connection is good for the next transaction. */
const SERVER_FIRST_MS = 50;
/** What its caller left behind may end by itself in so long; then its connection is given up. */
const GRACE_MS = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface TransactionFrame {
  pool: pg.Pool;
  /** A snapshot sees the database as it was at its first statement: for answers that are made of several. */
  begin: 'begin' | 'begin read only, isolation level repeatable read';
  restaurantId: string;
  /** Instant of `performance.now()` at which it must have ended. */
  deadline: number;
  /** Aborts when nobody waits for the result any more. Only for what stores nothing. */
  gone?: AbortSignal | undefined;
  watch: StatementWatch;
  log: Logger;
}

export interface Committed<T> {
  result: T;
  /** Runs what was to follow the commit. A failure is logged, no more. */
  follow(): Promise<void>;
}

/**
 * Runs `work` between begin and commit. What is to follow is left to the caller, who gives up the transaction's place first:
 * follow-ups may open transactions of their own, and eight that held a place each would wait for each other.
 * @throws what `work` or PostgreSQL throws; AppError database_unavailable when nobody knows whether it was committed.
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
    // Not awaited before the first statement of `work` is sent; when it fails, that statement fails with it.
    const begun = tx.control(`${frame.begin}; ${setTenant(frame.restaurantId)}; ${boundBy(frame.deadline)}`);
    begun.catch(() => undefined);
    const outcome = await work(tx);
    isCommitSent = true;
    const committed = tx.commit();
    const answer = outcome instanceof Sent ? outcome.result : outcome;
    await allInOrder([begun, ...tx.deferred, answer, committed]);
    result = await answer;
  } catch (error) {
    await tx.control('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    if (frame.gone?.aborted) throw frame.gone.reason;
    throw isCommitSent && isUnknownOutcome(error) ? unknownOutcome(error) : error;
  } finally {
    forget();
    client.off('error', onError);
    client.release(broken);
  }
  return { result, follow: () => follow(tx.followUps, frame.log) };
}

/** What is left until the deadline, for each statement: a statement of a later moment is ended with its connection. */
function boundBy(deadline: number): string {
  const leftMs = Math.floor(deadline - performance.now()) - SERVER_FIRST_MS;
  return `set local statement_timeout = ${Math.max(1, leftMs)}`;
}

/** Gives up the connection of work that nobody waits for, unless it ends in a moment. @returns what takes that back. */
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

/** Waits for all. @throws the first failure in the order in which they were sent: it is the reason for those behind it. */
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
  readonly deferred: Promise<unknown>[] = [];
  readonly followUps: (() => void | Promise<void>)[] = [];

  constructor(client: pg.PoolClient, { deadline, gone, watch, restaurantId }: TransactionFrame) {
    this.#client = client;
    this.#deadline = deadline;
    this.#gone = gone;
    this.#watch = watch;
    this.#restaurantId = restaurantId;
  }

  /** Transaction control: no parameters, several statements in one text. */
  control(text: string): Promise<pg.QueryResult> {
    this.#gather();
    return this.#client.query(this.#withinDeadline({ text }));
  }

  /** @throws Error when a statement had failed, which `work` kept to itself: PostgreSQL then rolls back and calls that a success. */
  async commit(): Promise<void> {
    const { command } = await this.control('commit');
    if (command === 'ROLLBACK') throw new Error('a statement of this transaction had failed, so it was rolled back');
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
    this.#restaurantId = restaurantId;
    await this.control(setTenant(restaurantId));
  }

  async enterUser(userId: string): Promise<void> {
    await this.control(`set local app.user_id = '${assertUuid(userId)}'`);
  }

  async #query(statement: Query<unknown>, values: readonly unknown[]): Promise<pg.QueryResult> {
    this.#gone?.throwIfAborted();
    const { name, text } = statement;
    const config = this.#withinDeadline({ name, text, values: [...values] });
    this.#gather();
    return this.#watch.time({ name, text, restaurantId: this.#restaurantId }, () => this.#client.query(config));
  }

  /**
   * What is asked in one turn leaves in one write: `begin` with the first statement, deferred writes with the commit. A write to
   * a socket is a fifth of what a small transaction costs this process.
   */
  #gather(): void {
    const { stream } = this.#client.connection;
    if (stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  /** A statement that runs out of time takes its connection with it: nobody knows what is still to come on it. */
  #withinDeadline<T extends pg.QueryConfig>(config: T): T & { query_timeout: number } {
    return { ...config, query_timeout: Math.max(1, this.#deadline - performance.now()) };
  }
}

/** `set local` takes no parameter, hence the check before the id is put into the text. */
export function setTenant(restaurantId: string): string {
  return `set local app.restaurant_id = '${assertUuid(restaurantId)}'`;
}

function assertUuid(value: string): string {
  if (!UUID.test(value)) throw new Error('a tenant id must be a UUID');
  return value;
}
