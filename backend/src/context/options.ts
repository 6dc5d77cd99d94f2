import type { Env } from '../config/env.js';
import { createLogger } from '../config/logger.js';
import type { Overload } from '../utils/overload.js';
import type { ContextOptions } from './platform.js';

/** What the context of a server or a worker takes from the settings. */
export function contextOptionsOf(
  env: Env,
  database: { appUrl: string; secret: string },
  overload?: Overload,
): ContextOptions {
  return {
    appUrl: database.appUrl,
    secret: database.secret,
    replicaUrl: env.databaseReplicaUrl,
    redisUrl: env.redisUrl,
    statsd: env.statsd,
    egressAllowlist: env.egressAllowlist,
    publicUrl: env.outside.publicUrl,
    outside: env.outside,
    documents: env.documents,
    databaseBudget: env.databaseBudget,
    demoSessions: env.demoSessions,
    overload,
    log: createLogger(env.logLevel),
  };
}
