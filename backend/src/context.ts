/** The one place that constructs things, in dependency order; each registers its release, and `close` runs these in reverse. */
import { Database } from './config/database.js';
import { createRedis } from './config/redis.js';
import type { DemoSettings } from './config/env.js';
import type { Logger } from './config/logger.js';
import { AuditLogRepository } from './repositories/AuditLogRepository.js';
import { ApiKeyRepository } from './repositories/ApiKeyRepository.js';
import { AuthRepository } from './repositories/AuthRepository.js';
import { BusinessDayRepository } from './repositories/BusinessDayRepository.js';
import { CounterRepository } from './repositories/CounterRepository.js';
import { DemoRepository } from './repositories/DemoRepository.js';
import { DocumentRepository } from './repositories/DocumentRepository.js';
import { EventRepository } from './repositories/EventRepository.js';
import { IdempotencyRepository } from './repositories/IdempotencyRepository.js';
import { ImportRepository } from './repositories/ImportRepository.js';
import { MemberRepository } from './repositories/MemberRepository.js';
import { MenuRepository } from './repositories/MenuRepository.js';
import { OrderRepository } from './repositories/OrderRepository.js';
import { PurchasingRepository } from './repositories/PurchasingRepository.js';
import { PaymentRepository } from './repositories/PaymentRepository.js';
import { ReportRepository } from './repositories/ReportRepository.js';
import { RestaurantRepository } from './repositories/RestaurantRepository.js';
import { StockTakingRepository } from './repositories/StockTakingRepository.js';
import { AuditLogService } from './services/AuditLogService.js';
import { AccountService } from './services/auth/AccountService.js';
import { AuthService } from './services/AuthService.js';
import { ApiKeyService } from './services/ApiKeyService.js';
import { AccessTokens } from './services/auth/accessTokens.js';
import { Accounts } from './services/auth/accounts.js';
import { Passwords } from './services/auth/passwords.js';
import { ProvenTokens } from './services/auth/provenTokens.js';
import { Sessions } from './services/auth/sessions.js';
import type { TradeServices } from './services/demo/DemoTrade.js';
import { DemoService } from './services/DemoService.js';
import { DocumentService } from './services/DocumentService.js';
import { BusinessDayService } from './services/BusinessDayService.js';
import { CacheService } from './services/CacheService.js';
import { Renderer } from './services/print/Renderer.js';
import { HealthService } from './services/HealthService.js';
import { HttpClientService } from './services/HttpClientService.js';
import { InventoryRepository } from './repositories/InventoryRepository.js';
import { InventoryService } from './services/InventoryService.js';
import { Depletions } from './services/inventory/Depletions.js';
import { ImportService } from './services/ImportService.js';
import { MemberService } from './services/MemberService.js';
import { MetricsService } from './services/MetricsService.js';
import {
  cacheObserver,
  countBusiness,
  databaseObserver,
  issueObserver,
  observeCalls,
  observeLoad,
  outsideCallObserver,
} from './services/metrics/observers.js';
import { MenuService } from './services/MenuService.js';
import { OrderService } from './services/OrderService.js';
import { PurchasingService } from './services/PurchasingService.js';
import { PaymentService } from './services/PaymentService.js';
import { PrintService } from './services/PrintService.js';
import { ReportService } from './services/ReportService.js';
import { RestaurantService } from './services/RestaurantService.js';
import { StockTakingService } from './services/StockTakingService.js';
import { UnitOfWork } from './services/UnitOfWork.js';
import { closePolicies, policyStates } from './utils/resilience.js';
import type { Overload } from './utils/overload.js';
import { type Clock, systemClock } from './utils/clock.js';
import { Cursors } from './utils/cursor.js';
import { Releases } from './utils/releases.js';
import { Secrets } from './utils/secrets.js';

/** For transactions under way, whose requests have been cut by then. */
const CONNECTIONS_BOUND_MS = 5_000;

export interface ContextOptions {
  /** Login of the powerless role. */
  appUrl: string;
  /** At least 32 characters. */
  secret: string;
  /** The same role on a read replica. */
  replicaUrl?: string | undefined;
  /** Absent: no second cache tier, limits counted in memory. */
  redisUrl?: string | undefined;
  statsd?: { host: string; port: number } | undefined;
  /** `host:port` entries that may be called though they are not public addresses. */
  egressAllowlist?: readonly string[] | undefined;
  overload?: Overload | undefined;
  /** Absent: on, 24 hours each, a hundred at most. */
  demoSessions?: DemoSettings | undefined;
  log: Logger;
  clock?: Clock;
}

export type Context = ReturnType<typeof createContext>;

/** @throws whatever a constructor throws; what was made before it is released again. */
export function createContext(options: ContextOptions) {
  const releases = new Releases((name, error) => options.log.error({ err: error }, `closing ${name} failed`));
  try {
    return construct(options, releases);
  } catch (error) {
    // The error of the constructor is the one to tell; those of the releases are in the log.
    releases.close().catch(() => undefined);
    throw error;
  }
}

function construct(options: ContextOptions, releases: Releases) {
  const platform = createPlatform(options, releases);
  const { database, cache, metrics } = platform;
  const people = createPeople(platform);
  const trade = createTrade(platform.unitOfWork, platform.clock, { ...platform, ...people });
  const stock = createStock(platform, people, trade);
  const papers = createPapers(platform, people, trade, stock, releases);
  const imports = new ImportService({
    ...platform,
    ...papers,
    restaurants: people.restaurants,
    repository: new ImportRepository(platform.counters),
    inventory: trade.inventory,
    stock: { repository: new InventoryRepository(), inventory: trade.inventory },
  });
  const demo = createDemo(platform, people, trade, options.demoSessions);
  // The limits count on a connection of their own: a slow scan of the cache must not delay them.
  const limitRedis = options.redisUrl === undefined ? undefined : createRedis(options.redisUrl, { log: options.log });
  releases.add('the limits’ Redis', () => limitRedis?.disconnect());
  const http = new HttpClientService({
    allowedHosts: options.egressAllowlist ?? [],
    onCall: outsideCallObserver(metrics),
  });
  releases.own('the client of outside parties', http, (one) => one.close());
  releases.add('the policies', closePolicies);
  releases.add('the watch on calls', observeCalls(metrics));
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
    imports,
    demo,
    limitRedis,
    http,
    health,
    /** Releases everything, the newest first. @throws the first error, once all has been released. */
    close: (): Promise<void> => releases.close(),
  };
}

type Platform = ReturnType<typeof createPlatform>;
type People = ReturnType<typeof createPeople>;
type Stock = ReturnType<typeof createStock>;

/** What every noun stands on. */
function createPlatform({ log, clock = systemClock, ...options }: ContextOptions, releases: Releases) {
  const secrets = new Secrets(options.secret);
  const metrics = new MetricsService({ statsd: options.statsd, log });
  releases.own('the metrics', metrics, (one) => one.close());
  const cache = new CacheService({ redisUrl: options.redisUrl, log, metrics: cacheObserver(metrics) });
  releases.own('the cache', cache, (one) => one.close());
  const database = new Database({
    url: options.appUrl,
    replicaUrl: options.replicaUrl,
    log,
    observer: databaseObserver(metrics),
  });
  releases.own('the connections to PostgreSQL', database, (one) => one.close(), CONNECTIONS_BOUND_MS);
  const unitOfWork = new UnitOfWork({
    database,
    events: new EventRepository(),
    idempotency: new IdempotencyRepository(),
    secrets,
    clock,
    cache,
    onFact: (fact) => countBusiness(metrics, fact),
  });
  const cursors = new Cursors(secrets);
  return { log, clock, secrets, cursors, counters: new CounterRepository(), metrics, cache, database, unitOfWork };
}

/** Restaurants, and who may do what in them. */
function createPeople(platform: Platform) {
  const { clock } = platform;
  const restaurants = new RestaurantService({ ...platform, repository: new RestaurantRepository() });
  const repository = new AuthRepository();
  const accessTokens = new AccessTokens(platform);
  const tokens = new ProvenTokens(platform);
  const passwords = new Passwords();
  const accounts = new Accounts({ ...platform, repository, passwords });
  const sessions = new Sessions({ repository, accessTokens, tokens, clock });
  const apiKeys = new ApiKeyService({ ...platform, repository: new ApiKeyRepository(), tokens });
  const members = new MemberService({ ...platform, repository: new MemberRepository(), sessions, apiKeys });
  const auth = new AuthService({
    ...platform,
    accounts,
    sessions,
    accessTokens,
    tokens,
    restaurants,
    members,
    apiKeys,
  });
  const account = new AccountService({ ...platform, accounts, sessions, passwords, members, restaurants });
  const auditLog = new AuditLogService({ ...platform, repository: new AuditLogRepository() });
  return { restaurants, members, apiKeys, auth, account, auditLog };
}

/** What sells and is sold from: once for all restaurants, and for each demo while it is being made. */
function createTrade(
  unitOfWork: UnitOfWork,
  clock: Clock,
  shared: Pick<Platform, 'cursors' | 'cache' | 'log'> & Pick<People, 'restaurants' | 'auditLog'>,
): TradeServices {
  const parts = { ...shared, unitOfWork, clock };
  const inventory = new InventoryService({ ...parts, repository: new InventoryRepository() });
  const menu = new MenuService({ ...parts, repository: new MenuRepository(), inventory });
  const orders = new OrderService({ ...parts, repository: new OrderRepository(), menu, inventory });
  const payments = new PaymentService({ ...parts, repository: new PaymentRepository(), orders });
  return { menu, inventory, orders, payments };
}

/** What fills the store room and counts it. */
function createStock(platform: Platform, { restaurants }: People, { inventory }: TradeServices) {
  const depletions = new Depletions({ ...platform, repository: new InventoryRepository(), inventory });
  const purchasing = new PurchasingService({
    ...platform,
    repository: new PurchasingRepository(platform.counters),
    restaurants,
    inventory,
  });
  const stockTaking = new StockTakingService({ ...platform, repository: new StockTakingRepository(), inventory });
  return { depletions, purchasing, stockTaking };
}

/** What is written down about the trade: reports, documents, the close of a day. */
function createPapers(
  platform: Platform,
  { restaurants }: People,
  trade: TradeServices,
  stock: Stock,
  releases: Releases,
) {
  const renderer = releases.own('the printer', new Renderer(), (one) => one.close());
  const reports = new ReportService({ ...platform, ...trade, repository: new ReportRepository(), restaurants });
  const documents = new DocumentService({
    ...platform,
    ...trade,
    ...stock,
    repository: new DocumentRepository(),
    restaurants,
    metrics: issueObserver(platform.metrics),
  });
  const prints = new PrintService({ payments: trade.payments, documents, restaurants, renderer });
  const businessDays = new BusinessDayService({
    ...platform,
    repository: new BusinessDayRepository(),
    restaurants,
    reports,
    documents,
  });
  return { renderer, reports, documents, prints, businessDays };
}

function createDemo(
  platform: Platform,
  people: People,
  { menu }: TradeServices,
  settings: DemoSettings = { isOn: true, hours: 24, most: 100 },
): DemoService {
  const { metrics, log } = platform;
  return new DemoService({
    ...platform,
    auth: people.auth,
    menu,
    repository: new DemoRepository(),
    tradeIn: (joined, at) => createTrade(joined, at, { ...platform, ...people }),
    settings,
    onOpened: () => metrics.count('demo_sessions_total', {}),
    onRemoved: (restaurantId) => {
      metrics.count('demo_restaurants_removed_total', {});
      log.info({ restaurantId }, 'expired demo restaurant removed');
    },
  });
}
