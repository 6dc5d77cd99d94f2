/**
 * The one door to Redis. Both connections fail fast: Redis speeds Servio up and is never needed for an answer, so a command
 * that cannot be sent now, or is not answered in time, is an error at once instead of a wait.
 */
import { createRequire } from 'node:module';
import type * as ioredis from 'ioredis';
import type { Logger } from './logger.js';

/** Ten times what a slow answer takes on a busy machine. ioredis alone would wait for ever for a Redis that hangs. */
const COMMAND_TIMEOUT_MS = 150;
/** Nobody waits for the listening connection, and a busy event loop must not make it deaf. */
const LISTEN_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;
const RETRY_STEP_MS = 50;
/** Short enough for a Redis that comes back to be in use within 5 s, with what follows the connection. */
const RECONNECT_MAX_MS = 1_000;

/** What the rest of the house may do with a connection. A reply error, a timeout and a lost connection all reject. */
export interface RedisClient {
  /** `ready` when commands can be sent. */
  readonly status: string;
  /** Sends one command of any name; strings come back as UTF-8. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
  on(event: 'ready' | 'close', listener: () => void): unknown;
  /** Drops the connection and, with `reconnect`, makes a new one. */
  disconnect(reconnect?: boolean): void;
}

/** A connection that listens. */
export interface RedisSubscriber extends RedisClient {
  subscribe(channel: string): Promise<unknown>;
  on(event: 'ready' | 'close', listener: () => void): unknown;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
}

/**
 * Opens a connection that connects in the background and reconnects for ever.
 * @param url `redis://` or `rediss://`, with user, password and database number where needed.
 */
export function createRedis(url: string, options: { log: Logger }): RedisClient {
  return open(url, options.log, { commandTimeout: COMMAND_TIMEOUT_MS, autoResubscribe: true });
}

/** A connection for pub/sub. It subscribes to nothing by itself, not even again: its owner has to know when that happens. */
export function createSubscriber(url: string, options: { log: Logger }): RedisSubscriber {
  return open(url, options.log, { commandTimeout: LISTEN_TIMEOUT_MS, autoResubscribe: false });
}

function open(url: string, log: Logger, kind: { commandTimeout: number; autoResubscribe: boolean }): ioredis.Redis {
  // Loaded with the first connection: a tenth of the code of a start, which most installations never use.
  const { Redis } = createRequire(import.meta.url)('ioredis') as typeof ioredis;
  const client = new Redis(url, {
    enableOfflineQueue: false,
    // 0 and not 1: what was under way when the connection was lost fails then, and not after the first retry.
    maxRetriesPerRequest: 0,
    // A command that was given up must not be carried out later on a new connection.
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * RETRY_STEP_MS, RECONNECT_MAX_MS),
    ...kind,
  });
  // Without a listener ioredis prints every failed attempt. Owners log the change of state, once.
  client.on('error', (error) => log.debug({ err: error }, 'redis connection'));
  return client;
}
