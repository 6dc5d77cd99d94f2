/** Connections to PostgreSQL, and the conversion of its values. */
import pg from 'pg';
import type { Logger } from '../logger.js';

export const POOL_MAX = 20;
export const POOL_MIN = 5;
const CONNECTION_MAX_USES = 7500;
export const CONNECT_TIMEOUT_MS = 2_000;
const IDLE_TIMEOUT_MS = 30_000;
/**
 * The server's limit for a statement outside transactions. Transactions set their own by their
 * deadline.
 */
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * How often PostgreSQL checks, while it works, whether the client still exists. A closed connection
 * ends its statement.
 */
const PRESENCE_CHECK_MS = 200;
/** Frees the locks of an application that hangs in a transaction. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * Settings of every connection. `random_page_cost` 1.1 means that a random page costs hardly more
 * than the next one, which is true for solid disks and for data in memory. PostgreSQL's default of
 * 4 suits turning disks and makes it read small tables from end to end. A plan that was made while
 * a table was small is kept after the table has grown. No compiler and no parallel workers: each
 * takes 15 ms and more to start, JSON of unknown length makes short statements look long enough for
 * them, and the other restaurants need the cores.
 */
export const SESSION_SETTINGS = {
  TimeZone: 'UTC',
  random_page_cost: '1.1',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  client_connection_check_interval: String(PRESENCE_CHECK_MS),
} as const;

const INT8 = 20;
const NUMERIC = 1700;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
pg.types.setTypeParser(INT8, total);
// PostgreSQL's type for sums of bigint. A value with decimals is a quantity and stays text.
pg.types.setTypeParser(NUMERIC, (text) => (text.includes('.') ? text : total(text)));
pg.types.setTypeParser(DATE, (text) => text);
pg.types.setTypeParser(TIMESTAMPTZ, (text) => new Date(`${text.replace(' ', 'T')}:00`).toISOString());

/**
 * A sum that no number holds exactly stays text (`Total` in domain/money). No single stored value
 * is that large.
 */
function total(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

export interface PoolSizes {
  min: number;
  max: number;
  /** A connection of this age is replaced; absent: none is for its age. */
  recycleSeconds?: number | undefined;
}

/** A pool of the application's role. It opens connections on demand. */
export function createPool(url: string, options: PoolSizes & { log: Logger }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    min: options.min,
    maxUses: CONNECTION_MAX_USES,
    ...(options.recycleSeconds === undefined ? {} : { maxLifetimeSeconds: options.recycleSeconds }),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    application_name: 'servio',
    options: Object.entries(SESSION_SETTINGS)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    // `begin` and the first statement are sent together: one round trip less for each transaction.
    pipeline: true,
  });
  // Without a listener, a connection that dies while idle ends the process.
  pool.on('error', (error) => options.log.warn({ err: error }, 'idle database connection lost'));
  // The pool removes its error listener before the caller can add its own. A server that shuts down
  // at that moment sends its last message in the same packet as the answer before, and no listener
  // would be there. The caller's next statement fails by itself.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A connection outside the pool and outside any tenant. */
export type SetupClient = pg.Client;

/** Opens one connection for work outside any tenant: migrations and the supervisor. */
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
  // Reports a server that shuts down while the client is idle. The next query fails by itself.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
