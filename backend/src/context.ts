/**
 * The one place that constructs things, in the order of their dependencies, in wings: platform,
 * people, codes, trade, stock, papers. Each resource registers its release, and `close` runs these
 * in reverse.
 */
import { PictureService } from './services/PictureService.js';
import { createRedis } from './config/redis.js';
import { ImportRepository } from './repositories/ImportRepository.js';
import { UploadTable } from './repositories/import/UploadTable.js';
import { InventoryRepository } from './repositories/InventoryRepository.js';
import { PictureRepository } from './repositories/PictureRepository.js';
import { HealthService } from './services/HealthService.js';
import { HttpClientService } from './services/HttpClientService.js';
import { DeferredImports } from './services/import/DeferredImports.js';
import { ImportService } from './services/ImportService.js';
import { LowStockDigest } from './services/inventory/LowStockDigest.js';
import { observeCalls, observeLoad, outsideCallObserver } from './services/metrics/observers.js';
import { Releases } from './utils/releases.js';
import { closePolicies, policyStates } from './utils/resilience.js';
import { createAssistant } from './context/assistant.js';
import { createCodes } from './context/codes.js';
import { createDemo } from './context/demo.js';
import { createEvents } from './context/events.js';
import { createJobs } from './context/jobs.js';
import { createMessages } from './context/messages.js';
import { createInvoices } from './context/invoices.js';
import { createPapers } from './context/papers.js';
import { createPeople } from './context/people.js';
import { type ContextOptions, createPlatform } from './context/platform.js';
import { createStock } from './context/stock.js';
import { createTrade } from './context/trade.js';
import { createWebhooks } from './context/webhooks.js';

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
  const people = createPeople(platform, options.outside, releases);
  const events = createEvents(platform, options, releases);
  const webhooks = createWebhooks(platform, options, releases);
  const { log, cursors, unitOfWork, clock } = platform;
  const { restaurants, auditLog } = people;
  const codePools = createCodes(platform, people, releases, options.codesDeadAfterMs);
  const trade = createTrade(unitOfWork, clock, { cursors, cache, log, restaurants, auditLog, codePools });
  const stock = createStock(platform, people, trade);
  const { supplierInvoices, pictureTools } = createInvoices(
    platform,
    options,
    { ...people, ...trade, ...stock },
    releases,
  );
  const pictures = new PictureService({ ...platform, ...pictureTools, repository: new PictureRepository() });
  const papers = createPapers(platform, people, trade, stock, codePools, releases);
  const imports = new ImportService({
    cursors,
    unitOfWork,
    repository: new ImportRepository(platform.counters),
    restaurants,
    businessDays: papers.businessDays,
    inventory: trade.inventory,
    clock,
    stock: { repository: new InventoryRepository(), inventory: trade.inventory },
  });
  const { jobs, jobMetrics } = createJobs(platform, options.appUrl);
  const deferredImports = new DeferredImports({ unitOfWork, uploads: new UploadTable(), imports, jobs, clock });
  const stockDigest = new LowStockDigest({
    unitOfWork,
    repository: new InventoryRepository(),
    restaurants,
    jobs,
    clock,
  });
  const assistant = createAssistant(
    { platform, people, trade, stock, papers, supplierInvoices },
    options.outside,
    releases,
  );
  const { restaurants: _, post, ...visible } = people;
  const messages = createMessages(
    { platform, restaurants, trade, prints: papers.prints, post, model: assistant.model },
    options.outside,
    releases,
  );
  const demo = createDemo(platform, people, trade, codePools, options.demoSessions);
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
    jobs: () => jobs.queues(),
  });
  return {
    ...platform,
    ...visible,
    restaurants,
    ...trade,
    codePools,
    ...stock,
    ...papers,
    ...events,
    ...webhooks,
    ...assistant,
    ...messages,
    supplierInvoices,
    pictures,
    imports,
    deferredImports,
    jobs,
    jobMetrics,
    stockDigest,
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
