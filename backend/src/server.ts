/**
 * The entry point for HTTP: starts the database, migrates and serves; releases everything in
 * reverse order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Env, readEnv } from './config/env.js';
import { serveMetrics } from './process/metricsServer.js';
import { keepHeapSmall, letHeapGrow } from './process/startingHeap.js';
import { Serving } from './process/serving.js';
import type { OpenDatabase } from './process/startup.js';
import { isPrimary, startWorkers } from './process/webWorkers.js';
import { joinWorkerMetrics } from './process/workerMetrics.js';
import { DEMO_LOGIN } from './services/demo/demoLogin.js';
import { Releases } from './utils/releases.js';

const DRAIN_MS = 12_000;
/** Time for requests in progress to end by themselves, and then to be cut. */
const REQUESTS_BOUND_MS = 15_000;
/** Running jobs get 8 s of it, and then those that were given back 2 s. */
const BACKGROUND_BOUND_MS = 14_000;
/** Workers are given 22 s before they are killed. */
const WORKERS_BOUND_MS = 25_000;
/** Calls to outside parties get 5 s of it, connections to PostgreSQL another 5 s. */
const SERVICES_BOUND_MS = 20_000;
/** Time for an interrupted start to reach a point where it can end. */
const START_GRACE_MS = 20_000;
/** Restaurants whose pools of codes are in memory soon after the start. */
const WARM_CODE_POOLS = 100;
const say = (text: string): void => console.log(text);

/** Each resource registers its release here. */
const releases = new Releases((name, error) => console.error(`Closing ${name} failed:`, error));
/** Tells load balancers that this process will stop. Set once it serves. */
let announceLeave: (() => Promise<void>) | undefined;
let closing: Promise<void> | undefined;

// A terminal and npm each send SIGINT: the second one must not interrupt the stop that the first
// one started.
process.on('SIGINT', () => void closeAndExit(0));
process.on('SIGTERM', () => void closeAndExit(0));

const starting = begin();
try {
  await starting;
} catch (error) {
  // An interrupted start needs no error message.
  if (!closing) console.error(error instanceof Error ? error.message : error);
  await closeAndExit(1);
}

function begin(): Promise<void> {
  // In a later turn, so that `starting` is set before anything can fail.
  return Promise.resolve().then(async () => {
    const env = readEnv();
    await (isPrimary(env.webConcurrency) ? startPrimary(env) : start(env));
  });
}

/**
 * Serves in this process. The port opens first: requests during the start are told to wait. A web
 * worker opens its port last, because a listening worker gets connections, and the other workers
 * can answer them meanwhile.
 */
async function start(env: Env): Promise<void> {
  keepHeapSmall();
  const serving = releases.own(
    'the port',
    new Serving({ ...env, onBusy: letHeapGrow }),
    (one) => one.close(0),
    REQUESTS_BOUND_MS,
  );
  const listen = (): Promise<number> => serving.listen(env.port, env.host);
  const port = env.isWorker ? env.port : await listen();
  const [database, application] = await Promise.all([openDatabase(env), loadApplication()]);
  const { createApp, createContext, RestaurantDirectory, contextOptionsOf, readVersion, warmUpMenus } = application;
  goOnUnlessLeaving();
  const context = createContext(contextOptionsOf(env, database, serving.overload));
  releases.own('the services', context, (one) => one.close(), SERVICES_BOUND_MS);
  if (env.isWorker) context.metrics.speakForAll(joinWorkerMetrics(() => context.metrics.measured()));
  if (env.seedDemo) await context.demo.seedOnce();
  // Before the first request, not in parallel. If several processes serve, the others answer
  // meanwhile. If only one serves, there are few restaurants, and their menus take milliseconds.
  const recentRestaurants = (limit: number) => new RestaurantDirectory(database.ownerUrl).byNewestOrder(limit);
  await warmUpMenus({ ...context, recentRestaurants });
  goOnUnlessLeaving();
  if (env.metricsPort !== undefined)
    releases.add('the port of the metrics', await serveMetrics(context.metrics, env.metricsPort, env.host));
  const { trustProxyHops, rateLimitMultiplier, production, operationsToken } = env;
  const version = await readVersion();
  const options = { version, trustProxyHops, rateLimitMultiplier, production, operationsToken };
  serving.serve(createApp(context, options));
  const stopBackground = once(
    env.background ? await application.startBackground(context) : application.watchBackground(context),
  );
  releases.add('the background work', stopBackground, BACKGROUND_BOUND_MS);
  // Registered after all resources that requests need, so that requests end first.
  releases.add('requests in progress', () => serving.close(DRAIN_MS), REQUESTS_BOUND_MS);
  // In every serving process: each one has codes of its own in memory.
  releases.add('the refill of code pools', application.keepRefillingCodePools(context));
  // In the background: a claim that comes first fetches its codes itself.
  void recentRestaurants(WARM_CODE_POOLS)
    .then((ids) => context.codePools.warmUp(ids))
    .catch((error: unknown) => context.log.warn({ err: error }, 'code pools not warmed up'));
  // Last, so that they end first: their clients go to other instances.
  releases.add('live readers', () => context.feedWatch.end());
  announceLeave = async () => {
    context.health.drain();
    serving.announceClose();
    // Jobs and requests end at the same time; the release waits for the jobs.
    void stopBackground().catch(() => undefined);
    await sleep(env.drainBlackoutMs);
  };
  if (env.isWorker) await listen();
  else welcome(env, port);
}

/** Its code is loaded here, after `keepHeapSmall`. */
async function openDatabase(env: Env): Promise<OpenDatabase> {
  const startup = await import('./process/startup.js');
  return startup.openDatabase(env, say, releases);
}

/**
 * Loads the application's code, most of what a start reads and compiles, while PostgreSQL starts in
 * its own processes. The primary of several processes never needs it.
 */
async function loadApplication() {
  const [
    { createApp },
    { createContext },
    { contextOptionsOf },
    { startBackground, watchBackground },
    { keepRefillingCodePools },
    { warmUpMenus },
    { readVersion },
    { RestaurantDirectory },
  ] = await Promise.all([
    import('./app.js'),
    import('./context.js'),
    import('./context/options.js'),
    import('./jobs/background.js'),
    import('./jobs/refillCodePools.js'),
    import('./jobs/warmUpMenus.js'),
    import('./routes/docs.js'),
    import('./repositories/restaurant/RestaurantDirectory.js'),
  ]);
  const jobs = { keepRefillingCodePools, startBackground, watchBackground, warmUpMenus };
  return { createApp, createContext, contextOptionsOf, ...jobs, readVersion, RestaurantDirectory };
}

/**
 * @throws Error when this process was told to stop: the code that waits for the start then releases
 *   the resources.
 */
function goOnUnlessLeaving(): void {
  if (closing) throw new Error('Servio was told to stop while it started.');
}

/** Runs the work at the first call only; later calls wait for the same end. */
function once(work: () => Promise<void>): () => Promise<void> {
  let end: Promise<void> | undefined;
  return () => (end ??= work());
}

/** Keeps the database and one serving process per core. */
async function startPrimary(env: Env): Promise<void> {
  const database = await openDatabase(env);
  goOnUnlessLeaving();
  const stopWorkers = startWorkers({
    count: env.webConcurrency,
    environmentOf: (place) => workerEnvironment(env, database, place),
    onFailure: (error) => {
      console.error(error.message);
      void closeAndExit(1);
    },
    say: (text) => console.error(text),
  });
  releases.add('the web workers', stopWorkers, WORKERS_BOUND_MS);
  welcome(env, env.port);
}

/**
 * Gives the workers the database that the primary has started. The first one also runs the
 * background work of the machine, and so does its successor.
 */
function workerEnvironment(env: Env, database: OpenDatabase, place: number): Record<string, string> {
  return {
    SERVIO_WORKER: '1',
    DATABASE_URL: database.ownerUrl,
    DATABASE_APP_URL: database.appUrl,
    JWT_SECRET: database.secret,
    SEED_DEMO: String(env.seedDemo),
    BACKGROUND: String(env.background && place === 0),
  };
}

function welcome(env: Env, port: number): void {
  const url = `http://${env.host === '0.0.0.0' ? 'localhost' : env.host}:${port}`;
  say(`\nServio is serving at ${url}`);
  say(`  Console            ${url}/console`);
  say(`  API documentation  ${url}/docs`);
  if (env.seedDemo) say(`  Demo login         ${DEMO_LOGIN.email} / ${DEMO_LOGIN.password}`);
  say('  Stop with Ctrl-C.\n');
}

/**
 * Announces the stop, waits until load balancers have noticed, then releases everything, the newest
 * first. Ends with 1 when a release failed.
 */
function closeAndExit(code: number): Promise<void> {
  closing ??= (async () => {
    await Promise.race([starting.catch(() => undefined), sleep(START_GRACE_MS)]);
    if (code === 0) await announceLeave?.();
    const isClean = await releases.close().then(
      () => true,
      () => false,
    );
    process.exit(isClean ? code : 1);
  })();
  return closing;
}
