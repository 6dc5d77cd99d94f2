/** The platform wing: database, cache, metrics and other parts that every wing shares. */
import { Database, type PoolBudget } from '../config/database.js';
import type { DemoSettings, DocumentSettings } from '../config/env.js';
import type { OutsideParties } from '../config/outsideParties.js';
import type { Logger } from '../config/logger.js';
import { CounterRepository } from '../repositories/CounterRepository.js';
import { EventRepository } from '../repositories/EventRepository.js';
import { IdempotencyRepository } from '../repositories/IdempotencyRepository.js';
import { CacheService } from '../services/CacheService.js';
import type { Resolve } from '../services/httpClient/egress.js';
import { MetricsService } from '../services/MetricsService.js';
import { UnitOfWork } from '../services/UnitOfWork.js';
import { cacheObserver, countBusiness, databaseObserver } from '../services/metrics/observers.js';
import { type Clock, systemClock } from '../utils/clock.js';
import { Cursors } from '../utils/cursor.js';
import { Nudge } from '../utils/nudge.js';
import type { Overload } from '../utils/overload.js';
import type { Releases } from '../utils/releases.js';
import { Secrets } from '../utils/secrets.js';

/** Time for transactions in progress; their requests have been cut by then. */
const CONNECTIONS_BOUND_MS = 5_000;

export interface ContextOptions {
  /** Login of the role without special rights. */
  appUrl: string;
  /** At least 32 characters. */
  secret: string;
  /** The same role on a read replica. */
  replicaUrl?: string | undefined;
  /** Absent: no second cache tier, and limits are counted in memory. */
  redisUrl?: string | undefined;
  statsd?: { host: string; port: number } | undefined;
  /** `host:port` entries that may be called although their addresses are not public. */
  egressAllowlist?: readonly string[] | undefined;
  /** Finds the addresses of receivers of webhooks. Default: the resolver of the system. */
  resolve?: Resolve | undefined;
  /** Where clients reach Servio. Webhooks must not lead back to it. */
  publicUrl?: string | undefined;
  overload?: Overload | undefined;
  /** Language model, Twilio and mail server. Absent: none of them. */
  outside?: OutsideParties | undefined;
  /** Connections to PostgreSQL; absent: 20. */
  databaseBudget?: PoolBudget | undefined;
  /** Files of suppliers; absent: a folder for temporary files, and the default limits. */
  documents?: DocumentSettings | undefined;
  /** Absent: on, 24 hours each, a hundred at most. */
  demoSessions?: DemoSettings | undefined;
  /** Age of a heartbeat from which another instance takes leases of codes over; absent: 30 s. */
  codesDeadAfterMs?: number | undefined;
  log: Logger;
  clock?: Clock;
}

export type Platform = ReturnType<typeof createPlatform>;

export function createPlatform({ log, clock = systemClock, ...options }: ContextOptions, releases: Releases) {
  const secrets = new Secrets(options.secret);
  const metrics = new MetricsService({ statsd: options.statsd, log });
  releases.own('the metrics', metrics, (one) => one.close());
  const cache = new CacheService({ redisUrl: options.redisUrl, log, metrics: cacheObserver(metrics) });
  releases.own('the cache', cache, (one) => one.close());
  const database = new Database({
    url: options.appUrl,
    replicaUrl: options.replicaUrl,
    log,
    budget: options.databaseBudget,
    observer: databaseObserver(metrics),
  });
  releases.own('the connections to PostgreSQL', database, (one) => one.close(), CONNECTIONS_BOUND_MS);
  const eventsWritten = new Nudge();
  const webhooksDue = new Nudge();
  const unitOfWork = new UnitOfWork({
    database,
    events: new EventRepository(),
    idempotency: new IdempotencyRepository(),
    secrets,
    clock,
    cache,
    onFact: (fact) => {
      countBusiness(metrics, fact);
      eventsWritten.give();
    },
  });
  const cursors = new Cursors(secrets);
  const counters = new CounterRepository();
  return { log, clock, secrets, cursors, counters, metrics, cache, database, unitOfWork, eventsWritten, webhooksDue };
}
