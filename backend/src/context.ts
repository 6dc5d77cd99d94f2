/** The one place that constructs things, in dependency order; `close` takes them down in reverse. */
import { Database } from './config/database.js';
import { createRedis } from './config/redis.js';
import { configurePerformance } from './decorators/Performance.js';
import type { Fact } from './domain/events.js';
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
import { AuthService } from './services/AuthService.js';
import { ApiKeyService } from './services/ApiKeyService.js';
import { AccessTokens } from './services/auth/accessTokens.js';
import { Accounts } from './services/auth/accounts.js';
import { Passwords } from './services/auth/passwords.js';
import { Sessions } from './services/auth/sessions.js';
import type { TradeServices } from './services/demo/DemoTrade.js';
import { DemoService } from './services/DemoService.js';
import { DocumentService } from './services/DocumentService.js';
import type { IssueMetrics } from './services/document/IssueQueue.js';
import { BusinessDayService } from './services/BusinessDayService.js';
import { CacheService } from './services/CacheService.js';
import { PdfRenderer } from './services/print/PdfRenderer.js';
import { HealthService } from './services/HealthService.js';
import { HttpClientService } from './services/HttpClientService.js';
import { InventoryRepository } from './repositories/InventoryRepository.js';
import { InventoryService } from './services/InventoryService.js';
import { Depletions } from './services/inventory/Depletions.js';
import { ImportService } from './services/ImportService.js';
import { MemberService } from './services/MemberService.js';
import { MetricsService } from './services/MetricsService.js';
import { MenuService } from './services/MenuService.js';
import { OrderService } from './services/OrderService.js';
import { PurchasingService } from './services/PurchasingService.js';
import { PaymentService } from './services/PaymentService.js';
import { PrintService } from './services/PrintService.js';
import { ReportService } from './services/ReportService.js';
import { RestaurantService } from './services/RestaurantService.js';
import { StockTakingService } from './services/StockTakingService.js';
import { UnitOfWork } from './services/UnitOfWork.js';
import { closePolicies, observePolicies, policyStates } from './utils/resilience.js';
import type { Overload } from './utils/overload.js';
import { type Clock, systemClock } from './utils/clock.js';
import { Cursors } from './utils/cursor.js';
import { Secrets } from './utils/secrets.js';

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

/** What a gauge shows of a breaker. */
const BREAKER_LEVEL = { closed: 0, half_open: 0.5, open: 1 } as const;

export type Context = ReturnType<typeof createContext>;

export function createContext(options: ContextOptions) {
  const clock = options.clock ?? systemClock;
  const secrets = new Secrets(options.secret);
  const cursors = new Cursors(secrets);
  const metrics = new MetricsService({ statsd: options.statsd, log: options.log });
  const cache = new CacheService({
    redisUrl: options.redisUrl,
    log: options.log,
    metrics: {
      hit: (tier) => metrics.count('cache_requests_total', { tier, result: 'hit' }),
      miss: (_kind, tier) => metrics.count('cache_requests_total', { tier, result: 'miss' }),
    },
  });
  const database = new Database({
    url: options.appUrl,
    replicaUrl: options.replicaUrl,
    log: options.log,
    observer: { statement: (query, durationMs) => metrics.timing('db_query_duration_seconds', { query }, durationMs) },
  });
  const unitOfWork = new UnitOfWork({
    database,
    events: new EventRepository(),
    idempotency: new IdempotencyRepository(),
    secrets,
    clock,
    cache,
    onFact: (fact) => countBusiness(metrics, fact),
  });
  const restaurants = new RestaurantService({ unitOfWork, repository: new RestaurantRepository(), clock });
  const authRepository = new AuthRepository();
  const accessTokens = new AccessTokens({ secrets, clock });
  const accounts = new Accounts({ repository: authRepository, clock });
  const sessions = new Sessions({
    repository: authRepository,
    accessTokens,
    clock,
  });
  const members = new MemberService({
    unitOfWork,
    repository: new MemberRepository(),
    accounts,
    sessions,
    cursors,
    clock,
  });
  const apiKeys = new ApiKeyService({ unitOfWork, repository: new ApiKeyRepository(), cursors, clock, cache });
  const passwords = new Passwords();
  const auth = new AuthService({
    unitOfWork,
    accounts,
    sessions,
    accessTokens,
    passwords,
    restaurants,
    members,
    apiKeys,
    cache,
  });
  const auditLog = new AuditLogService({ unitOfWork, repository: new AuditLogRepository(), cursors });
  const shared = { restaurants, auditLog, cursors, cache };
  const { menu, inventory, orders, payments } = createTrade(unitOfWork, clock, shared);
  const counters = new CounterRepository();
  const depletions = new Depletions({ database, unitOfWork, repository: new InventoryRepository(), inventory, clock });
  const purchasing = new PurchasingService({
    unitOfWork,
    repository: new PurchasingRepository(counters),
    restaurants,
    inventory,
    cursors,
    clock,
  });
  const stockTaking = new StockTakingService({
    unitOfWork,
    repository: new StockTakingRepository(),
    inventory,
    cursors,
    clock,
  });
  const reports = new ReportService({
    unitOfWork,
    repository: new ReportRepository(),
    restaurants,
    menu,
    inventory,
    cursors,
  });
  const pdfRenderer = new PdfRenderer();
  const documents = new DocumentService({
    unitOfWork,
    repository: new DocumentRepository(),
    menu,
    orders,
    payments,
    purchasing,
    restaurants,
    cursors,
    clock,
    log: options.log,
    metrics: documentMetrics(metrics),
  });
  const prints = new PrintService({ payments, documents, restaurants, renderer: pdfRenderer });
  const businessDays = new BusinessDayService({
    unitOfWork,
    repository: new BusinessDayRepository(),
    restaurants,
    reports,
    documents,
    cursors,
    clock,
  });
  const imports = new ImportService({
    database,
    unitOfWork,
    repository: new ImportRepository(counters),
    restaurants,
    businessDays,
    inventory,
    stock: { repository: new InventoryRepository(), inventory },
    clock,
  });
  const demo = new DemoService({
    auth,
    menu,
    unitOfWork,
    repository: new DemoRepository(),
    tradeIn: (joined, at) => createTrade(joined, at, shared),
    settings: options.demoSessions ?? { isOn: true, hours: 24, most: 100 },
    clock,
    onOpened: () => metrics.count('demo_sessions_total', {}),
    onRemoved: (restaurantId) => {
      metrics.count('demo_restaurants_removed_total', {});
      options.log.info({ restaurantId }, 'expired demo restaurant removed');
    },
  });
  // The limits count on a connection of their own: a slow scan of the cache must not delay them.
  const limitRedis = options.redisUrl === undefined ? undefined : createRedis(options.redisUrl, { log: options.log });
  const http = new HttpClientService({
    allowedHosts: options.egressAllowlist ?? [],
    onCall: ({ endpoint, outcome, durationMs }) =>
      metrics.timing('outside_call_duration_seconds', { endpoint, outcome }, durationMs),
  });
  const disconnectDecorators = configurePerformance({
    metrics: {
      methodFinished: (method, durationMs, outcome) =>
        metrics.timing('method_duration_seconds', { method, outcome }, durationMs),
    },
  });
  observePolicies({
    onAttempt: ({ policy, outcome }) => metrics.count('policy_attempts_total', { policy, outcome }),
    onBreaker: (policy, state) => metrics.gauge('breaker_open', { policy }, BREAKER_LEVEL[state]),
  });
  let refusedBefore = 0;
  metrics.onCollect(() => {
    const { total, idle, waiting } = database.stats();
    for (const [state, count] of Object.entries({ total, idle, waiting }))
      metrics.gauge('db_pool_connections', { state }, count);
    const { inFlight, refused } = options.overload?.stats() ?? { inFlight: 0, refused: 0 };
    metrics.gauge('http_requests_running', {}, inFlight);
    // Refused before anything else saw them; told here so that no refusal costs a metric.
    metrics.count('errors_total', { code: 'overloaded' }, refused - refusedBefore);
    refusedBefore = refused;
  });
  return {
    log: options.log,
    health: new HealthService({
      database,
      cache,
      overload: options.overload,
      outside: policyStates,
      requests: () => metrics.snapshot(),
    }),
    metrics,
    cache,
    limitRedis,
    http,
    secrets,
    database,
    auth,
    members,
    apiKeys,
    auditLog,
    restaurants,
    menu,
    inventory,
    depletions,
    purchasing,
    stockTaking,
    orders,
    documents,
    businessDays,
    payments,
    prints,
    reports,
    imports,
    demo,
    async close(): Promise<void> {
      disconnectDecorators();
      closePolicies();
      await pdfRenderer.close();
      await http.close();
      limitRedis?.disconnect();
      cache.close();
      await metrics.close();
      await database.close();
    },
  };
}

/** What sells and is sold from: once for all restaurants, and for each demo while it is being made. */
function createTrade(
  unitOfWork: UnitOfWork,
  clock: Clock,
  shared: { restaurants: RestaurantService; auditLog: AuditLogService; cursors: Cursors; cache: CacheService },
): TradeServices {
  const parts = { ...shared, unitOfWork, clock };
  const inventory = new InventoryService({ ...parts, repository: new InventoryRepository() });
  const menu = new MenuService({ ...parts, repository: new MenuRepository(), inventory });
  const orders = new OrderService({ ...parts, repository: new OrderRepository(), menu, inventory });
  const payments = new PaymentService({ ...parts, repository: new PaymentRepository(), orders });
  return { menu, inventory, orders, payments };
}

function documentMetrics(metrics: MetricsService): IssueMetrics {
  // A counter that nothing ever raises is shown, so that whoever watches it sees a zero and not an absence.
  metrics.count('document_number_fallbacks_total', {}, 0);
  return {
    issued: (durationMs) => metrics.timing('document_number_duration_seconds', {}, durationMs),
    retried: () => metrics.count('document_number_retries_total', {}),
    breaker: (state) => metrics.gauge('breaker_open', { policy: 'document_number' }, BREAKER_LEVEL[state]),
  };
}

/** Business figures. They name no restaurant: that is in the logs. */
function countBusiness(metrics: MetricsService, { type, data }: Fact): void {
  if (type === 'order.placed') metrics.count('orders_total', { type: String(data['type']) });
  if (type !== 'payment.recorded') return;
  metrics.count('payments_total', { method: String(data['method']) });
  metrics.count('revenue_minor_total', { currency: String(data['currency']) }, Number(data['amount']));
}
