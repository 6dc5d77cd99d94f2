/** The one place that constructs things, in dependency order; `close` takes them down in reverse. */
import { Database } from './config/database.js';
import type { Logger } from './config/logger.js';
import { AuditLogRepository } from './repositories/AuditLogRepository.js';
import { ApiKeyRepository } from './repositories/ApiKeyRepository.js';
import { AuthRepository } from './repositories/AuthRepository.js';
import { CounterRepository } from './repositories/CounterRepository.js';
import { EventRepository } from './repositories/EventRepository.js';
import { IdempotencyRepository } from './repositories/IdempotencyRepository.js';
import { ImportRepository } from './repositories/ImportRepository.js';
import { MemberRepository } from './repositories/MemberRepository.js';
import { MenuRepository } from './repositories/MenuRepository.js';
import { OrderRepository } from './repositories/OrderRepository.js';
import { PaymentRepository } from './repositories/PaymentRepository.js';
import { ReportRepository } from './repositories/ReportRepository.js';
import { RestaurantRepository } from './repositories/RestaurantRepository.js';
import { AuditLogService } from './services/AuditLogService.js';
import { AuthService } from './services/AuthService.js';
import { ApiKeyService } from './services/ApiKeyService.js';
import { AccessTokens } from './services/auth/accessTokens.js';
import { Accounts } from './services/auth/accounts.js';
import { Passwords } from './services/auth/passwords.js';
import { Sessions } from './services/auth/sessions.js';
import { DemoService } from './services/DemoService.js';
import { HealthService } from './services/HealthService.js';
import { ImportService } from './services/ImportService.js';
import { MemberService } from './services/MemberService.js';
import { MenuService } from './services/MenuService.js';
import { OrderService } from './services/OrderService.js';
import { PaymentService } from './services/PaymentService.js';
import { ReportService } from './services/ReportService.js';
import { RestaurantService } from './services/RestaurantService.js';
import { UnitOfWork } from './services/UnitOfWork.js';
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
  overload?: Overload | undefined;
  log: Logger;
  clock?: Clock;
}

export type Context = ReturnType<typeof createContext>;

export function createContext(options: ContextOptions) {
  const clock = options.clock ?? systemClock;
  const secrets = new Secrets(options.secret);
  const cursors = new Cursors(secrets);
  const database = new Database({ url: options.appUrl, replicaUrl: options.replicaUrl, log: options.log });
  const unitOfWork = new UnitOfWork({
    database,
    events: new EventRepository(),
    idempotency: new IdempotencyRepository(),
    secrets,
    clock,
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
  const apiKeys = new ApiKeyService({ unitOfWork, repository: new ApiKeyRepository(), cursors, clock });
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
  });
  const auditLog = new AuditLogService({ unitOfWork, repository: new AuditLogRepository(), cursors });
  const menu = new MenuService({ unitOfWork, repository: new MenuRepository(), restaurants, cursors, clock });
  const counters = new CounterRepository();
  const orders = new OrderService({
    unitOfWork,
    repository: new OrderRepository(counters),
    menu,
    restaurants,
    auditLog,
    cursors,
    clock,
  });
  const payments = new PaymentService({ unitOfWork, repository: new PaymentRepository(), orders, restaurants, clock });
  const reports = new ReportService({ unitOfWork, repository: new ReportRepository(), restaurants });
  const imports = new ImportService({
    database,
    unitOfWork,
    repository: new ImportRepository(counters),
    restaurants,
    clock,
  });
  const demo = new DemoService({ auth, menu });
  return {
    log: options.log,
    health: new HealthService({ database, overload: options.overload }),
    metrics: { prometheus: async () => '' },
    secrets,
    database,
    auth,
    members,
    apiKeys,
    auditLog,
    restaurants,
    menu,
    orders,
    payments,
    reports,
    imports,
    demo,
    async close(): Promise<void> {
      await database.close();
    },
  };
}
