/**
 * The one place that constructs things, in the order of their dependencies, in wings: platform,
 * people, trade, stock, papers. Each resource registers its release, and `close` runs these in
 * reverse.
 */
import { createRedis } from './config/redis.js';
import { ImportRepository } from './repositories/ImportRepository.js';
import { InventoryRepository } from './repositories/InventoryRepository.js';
import { HealthService } from './services/HealthService.js';
import { HttpClientService } from './services/HttpClientService.js';
import { ImportService } from './services/ImportService.js';
import { observeCalls, observeLoad, outsideCallObserver } from './services/metrics/observers.js';
import { Releases } from './utils/releases.js';
import { closePolicies, policyStates } from './utils/resilience.js';
import { createDemo } from './context/demo.js';
import { createEvents } from './context/events.js';
import { createInvoices } from './context/invoices.js';
import { createPapers } from './context/papers.js';
import { createPeople } from './context/people.js';
import { type ContextOptions, createPlatform } from './context/platform.js';
import { createStock } from './context/stock.js';
import { createTrade } from './context/trade.js';

export type { ContextOptions };
export type Context = ReturnType<typeof createContext>;

/** @throws the error of a constructor, after releasing the earlier resources. */
export function createContext(options: ContextOptions) {
  const releases = new Releases((name, error) => options.log.error({ err: error }, `closing ${name} failed`));
  try {
    return construct(options, releases);
  } catch (error) {
    // The constructor's error is thrown; errors of the releases are in the log.
    releases.close().catch(() => undefined);
    throw error;
  }
}

function construct(options: ContextOptions, releases: Releases) {
  const platform = createPlatform(options, releases);
  const { database, cache, metrics } = platform;
  const people = createPeople(platform);
  const events = createEvents(platform, options, releases);
  const { log, cursors, unitOfWork, clock } = platform;
  const { restaurants, auditLog } = people;
  const trade = createTrade(unitOfWork, clock, { cursors, cache, log, restaurants, auditLog });
  const stock = createStock(platform, people, trade);
  const { supplierInvoices } = createInvoices(platform, options, { ...people, ...trade, ...stock }, releases);
  const papers = createPapers(platform, people, trade, stock, releases);
  const imports = new ImportService({
    unitOfWork,
    repository: new ImportRepository(platform.counters),
    restaurants,
    businessDays: papers.businessDays,
    inventory: trade.inventory,
    clock,
    stock: { repository: new InventoryRepository(), inventory: trade.inventory },
  });
  const demo = createDemo(platform, people, trade, options.demoSessions);
  // The limits use their own connection: a slow scan of the cache must not delay them.
  const limitRedis = options.redisUrl === undefined ? undefined : createRedis(options.redisUrl, { log });
  releases.add('the limits’ Redis', () => limitRedis?.disconnect());
  const http = new HttpClientService({
    allowedHosts: options.egressAllowlist ?? [],
    onCall: outsideCallObserver(metrics),
  });
  releases.own('the HTTP client', http, (one) => one.close());
  releases.add('the policies', closePolicies);
  releases.add('the observer of calls', observeCalls(metrics));
  observeLoad(metrics, { pool: () => database.stats(), requests: () => options.overload?.stats() });
  const health = new HealthService({
    database,
    cache,
    overload: options.overload,
    outside: policyStates,
    numbering: () => papers.documents.numbering(),
    requests: () => metrics.snapshot(),
  });
  return {
    ...platform,
    ...people,
    ...trade,
    ...stock,
    ...papers,
    ...events,
    supplierInvoices,
    imports,
    demo,
    limitRedis,
    http,
    health,
    /**
     * Releases everything, the newest first. @throws the first error, after all releases have run.
     */
    close: (): Promise<void> => releases.close(),
  };
}
