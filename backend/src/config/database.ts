/**
 * The one door to PostgreSQL: pool, tenant transactions and named queries.
 *
 * Every statement runs inside a short transaction that has set `app.restaurant_id`, which row-level security
 * compares with each row. The explicit `restaurant_id = $1` of every query stays the first wall; this is the second.
 */
import pg from 'pg';
import { AppError } from '../domain/errors.js';
import type { Logger } from './logger.js';

const POOL_MAX = 20;
const POOL_MIN = 5;
const CONNECTION_MAX_USES = 7500;
const CONNECT_TIMEOUT_MS = 2_000;
const IDLE_TIMEOUT_MS = 30_000;
const QUERY_TIMEOUT_MS = 30_000;
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

/** Declares a named statement. @param name `<noun>.<verb>`, unique in the program. */
export function query<Row = unknown>(name: string, text: string): Query<Row> {
  return { name, text };
}

/** A running transaction of one tenant. */
export interface Tx {
  many<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row[]>;
  maybeOne<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row | undefined>;
  /** @throws Error when there is not exactly one row: a bug, not an expected failure. */
  one<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row>;
  /** Number of rows touched. */
  run(statement: Query<unknown>, values: readonly unknown[]): Promise<number>;
  /** Points row-level security at another tenant: registration, which has none before it makes one. */
  enterTenant(restaurantId: string): Promise<void>;
  /** Lets a login see the memberships of one user across tenants. */
  enterUser(userId: string): Promise<void>;
}

export class Database {
  readonly #pool: pg.Pool;

  constructor(url: string, log: Logger) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: POOL_MAX,
      min: POOL_MIN,
      maxUses: CONNECTION_MAX_USES,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      statement_timeout: QUERY_TIMEOUT_MS,
      application_name: 'servio',
      options: '-c TimeZone=UTC',
    });
    // Without a listener a connection that dies while idle ends the process.
    this.#pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
  }

  /** Runs `work` in a writing transaction of one tenant; again if it lost a deadlock. Commits before it resolves. */
  async transaction<T>(restaurantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once('begin', restaurantId, work);
      } catch (error) {
        if (attempt === TRANSACTION_ATTEMPTS || !RETRYABLE_STATES.has(sqlState(error))) throw translate(error);
      }
    }
  }

  /** Runs `work` in a read-only transaction of one tenant. */
  async read<T>(restaurantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.#once('begin read only', restaurantId, work);
    } catch (error) {
      throw translate(error);
    }
  }

  /** Resolves when one connection answers. */
  async ping(): Promise<void> {
    try {
      await this.#pool.query('select 1');
    } catch (error) {
      throw translate(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #once<T>(begin: string, restaurantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      await client.query(`${begin}; ${setTenant(restaurantId)}`);
      const result = await work(new PgTx(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

class PgTx implements Tx {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
    this.#client = client;
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

  async enterTenant(restaurantId: string): Promise<void> {
    await this.#client.query(setTenant(restaurantId));
  }

  async enterUser(userId: string): Promise<void> {
    await this.#client.query(`set local app.user_id = '${assertUuid(userId)}'`);
  }

  #query(statement: Query<unknown>, values: readonly unknown[]): Promise<pg.QueryResult> {
    return this.#client.query({ name: statement.name, text: statement.text, values: [...values] });
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

function isConnectionTrouble(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)/.test(code) ||
    /timeout|terminated|Connection/i.test(error.message)
  );
}
