/** The door for HTTP: brings up the database, migrates, serves, and takes everything down in reverse. */
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.js';
import { type Env, readEnv } from './config/env.js';
import { createLogger } from './config/logger.js';
import { restaurantsByNewestOrder } from './config/recentTrade.js';
import { Serving } from './config/serving.js';
import { type OpenDatabase, openDatabase } from './config/startup.js';
import { isPrimary, startWorkers } from './config/webWorkers.js';
import { joinWorkerMetrics } from './config/workerMetrics.js';
import { type Context, createContext } from './context.js';
import { keepForgettingAnswers } from './jobs/forgetAnswers.js';
import { keepRemovingDemoSessions } from './jobs/removeDemoSessions.js';
import { warmUpMenus } from './jobs/warmUpMenus.js';
import { readVersion } from './routes/docs.js';
import { DEMO_LOGIN } from './services/DemoService.js';

const DRAIN_MS = 12_000;
const say = (text: string): void => console.log(text);

/** What has been started so far. */
const running: {
  serving?: Serving;
  stopWorkers?: () => Promise<void>;
  context?: Context;
  stopJobs?: () => Promise<void>;
  metrics?: Server;
  database?: OpenDatabase;
} = {};
let blackoutMs = 0;
let closing: Promise<void> | undefined;

// A terminal and npm each send SIGINT: the second one must not end what the first one began.
process.on('SIGINT', () => void closeAndExit(0));
process.on('SIGTERM', () => void closeAndExit(0));

try {
  const env = readEnv();
  blackoutMs = env.drainBlackoutMs;
  await (isPrimary(env.webConcurrency) ? startPrimary(env) : start(env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await closeAndExit(1);
}

/**
 * Serves in this process. The port opens first: whoever asks during the start is told to wait. That of a web worker opens last:
 * whoever listens gets connections, and the others can answer them.
 */
async function start(env: Env): Promise<void> {
  const serving = new Serving();
  running.serving = serving;
  const listen = (): Promise<number> => serving.listen(env.port, env.host);
  const port = env.isWorker ? env.port : await listen();
  const database = await openDatabase(env, say);
  running.database = database;
  const context = contextOf(env, database, serving);
  running.context = context;
  if (env.isWorker) context.metrics.speakForAll(joinWorkerMetrics(() => context.metrics.measured()));
  if (env.seedDemo) await context.demo.seedOnce();
  // Before the first request and not beside it: where several serve, the others answer meanwhile; where one serves, it has few
  // restaurants, and their menus take milliseconds.
  await warmUpMenus({
    ...context,
    recentRestaurants: (limit) => restaurantsByNewestOrder(database.ownerUrl, limit),
  });
  const { trustProxyHops, rateLimitMultiplier, production, operationsToken } = env;
  const version = await readVersion();
  serving.serve(createApp(context, { version, trustProxyHops, rateLimitMultiplier, production, operationsToken }));
  const stopJobs = [keepRemovingDemoSessions(context), keepForgettingAnswers(context)];
  running.stopJobs = async () => void (await Promise.all(stopJobs.map((stop) => stop())));
  if (env.isWorker) await listen();
  if (env.metricsPort !== undefined) running.metrics = await serveMetrics(context.metrics, env.metricsPort, env.host);
  if (!env.isWorker) welcome(env, port);
}

function contextOf(env: Env, database: OpenDatabase, serving: Serving): Context {
  return createContext({
    appUrl: database.appUrl,
    secret: database.secret,
    replicaUrl: env.databaseReplicaUrl,
    redisUrl: env.redisUrl,
    statsd: env.statsd,
    egressAllowlist: env.egressAllowlist,
    demoSessions: env.demoSessions,
    overload: serving.overload,
    log: createLogger(env.logLevel),
  });
}

/** Metrics on a port of their own, which need not be open to the world. */
async function serveMetrics(metrics: Context['metrics'], port: number, host: string): Promise<Server> {
  const server = createServer((_request, response) => {
    metrics.prometheus().then(
      (text) => {
        response.setHeader('content-type', metrics.prometheusContentType);
        response.end(text);
      },
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

/** Keeps the database and one serving process per core. */
async function startPrimary(env: Env): Promise<void> {
  const database = await openDatabase(env, say);
  running.database = database;
  running.stopWorkers = startWorkers({
    count: env.webConcurrency,
    environment: workerEnvironment(env, database),
    onFailure: (error) => {
      console.error(error.message);
      void closeAndExit(1);
    },
    say: (text) => console.error(text),
  });
  welcome(env, env.port);
}

/** Workers find the database that the primary has brought up. */
function workerEnvironment(env: Env, database: OpenDatabase): Record<string, string> {
  return {
    SERVIO_WORKER: '1',
    DATABASE_URL: database.ownerUrl,
    DATABASE_APP_URL: database.appUrl,
    JWT_SECRET: database.secret,
    SEED_DEMO: String(env.seedDemo),
  };
}

function welcome(env: Env, port: number): void {
  const url = `http://${env.host === '0.0.0.0' ? 'localhost' : env.host}:${port}`;
  say(`\nServio is serving at ${url}`);
  say(`  API documentation  ${url}/docs`);
  if (env.seedDemo) say(`  Demo login         ${DEMO_LOGIN.email} / ${DEMO_LOGIN.password}`);
  say('  Stop with Ctrl-C.\n');
}

/** Says that this process is leaving, waits until that has been heard, then takes down what was built, the newest first. */
function closeAndExit(code: number): Promise<void> {
  closing ??= (async () => {
    const { serving, stopWorkers, stopJobs, context, database } = running;
    if (code === 0 && context && serving) {
      context.health.drain();
      serving.announceClose();
      await sleep(blackoutMs);
    }
    try {
      await stopWorkers?.();
      await serving?.close(DRAIN_MS);
      running.metrics?.close();
      await stopJobs?.();
      await context?.close();
      await database?.close();
    } catch (error) {
      console.error('while stopping:', error);
    }
    process.exit(code);
  })();
  return closing;
}
