/**
 * The only entry to Redis. Both connections fail fast: Redis makes Servio faster and is never
 * needed for an answer. So a command that cannot be sent now, or is not answered in time, is an
 * error at once instead of a wait.
 */
import { createRequire } from 'node:module';
import type * as ioredis from 'ioredis';
import type { Logger } from './logger.js';

/**
 * Ten times the duration of a slow answer on a busy machine. ioredis alone would wait for ever when
 * Redis hangs.
 */
const COMMAND_TIMEOUT_MS = 150;
/** Nobody waits for this connection, and a busy event loop must not cut it off. */
const LISTEN_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;
const RETRY_STEP_MS = 50;
/**
 * Short enough that a returning Redis is in use within 5 s, including the work after the
 * connection.
 */
const RECONNECT_MAX_MS = 1_000;

/**
 * The operations on a connection that Servio uses. An error reply, a timeout and a lost connection
 * all reject.
 */
export interface RedisClient {
  /** `ready` when commands can be sent. */
  readonly status: string;
  /** Sends any command; strings are returned as UTF-8. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
  on(event: 'ready' | 'close', listener: () => void): unknown;
  /** Closes the connection and, with `reconnect`, opens a new one. */
  disconnect(reconnect?: boolean): void;
}

/** A connection for pub/sub messages. */
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

/**
 * A connection for pub/sub. It never subscribes by itself, not even after a reconnect: its owner
 * must know when that happens.
 */
export function createSubscriber(url: string, options: { log: Logger }): RedisSubscriber {
  return open(url, options.log, { commandTimeout: LISTEN_TIMEOUT_MS, autoResubscribe: false });
}

function open(url: string, log: Logger, kind: { commandTimeout: number; autoResubscribe: boolean }): ioredis.Redis {
  // Loaded with the first connection: it is a tenth of the code of a start, and most installations
  // never use it.
  const { Redis } = createRequire(import.meta.url)('ioredis') as typeof ioredis;
  const client = new Redis(url, {
    enableOfflineQueue: false,
    // 0, not 1: commands in progress then fail when the connection is lost, not after the first
    // retry.
    maxRetriesPerRequest: 0,
    // A command that was given up must not run later on a new connection.
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * RETRY_STEP_MS, RECONNECT_MAX_MS),
    ...kind,
  });
  // Without a listener ioredis prints every failed attempt. The owners log each change of state
  // once.
  client.on('error', (error) => log.debug({ err: error }, 'redis connection'));
  return client;
}
