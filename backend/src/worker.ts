/**
 * The entry point for background work alone: `npm run servio -- worker`. Opens no port, so it can
 * run on a machine of its own, next to servers with BACKGROUND=off.
 */
import { contextOptionsOf } from './context/options.js';
import { readEnv } from './config/env.js';
import { createContext } from './context.js';
import { startBackground } from './jobs/background.js';
import { serveMetrics } from './process/metricsServer.js';
import { openDatabase } from './process/startup.js';
import { Releases } from './utils/releases.js';

/** Running jobs get 8 s of it, and then those that were given back 2 s. */
const BACKGROUND_BOUND_MS = 14_000;
const SERVICES_BOUND_MS = 20_000;
const say = (text: string): void => console.log(text);

const releases = new Releases((name, error) => console.error(`Closing ${name} failed:`, error));
let closing: Promise<void> | undefined;

process.on('SIGINT', () => void closeAndExit(0));
process.on('SIGTERM', () => void closeAndExit(0));

try {
  await begin();
} catch (error) {
  // An interrupted start needs no error message.
  if (!closing) console.error(error instanceof Error ? error.message : error);
  await closeAndExit(1);
}

async function begin(): Promise<void> {
  const env = readEnv();
  const database = await openDatabase(env, say, releases);
  const context = createContext(contextOptionsOf(env, database));
  releases.own('the services', context, (one) => one.close(), SERVICES_BOUND_MS);
  if (env.metricsPort !== undefined)
    releases.add('the port of the metrics', await serveMetrics(context.metrics, env.metricsPort, env.host));
  releases.add('the background work', await startBackground(context), BACKGROUND_BOUND_MS);
  say('Servio is working on background jobs. Stop with Ctrl-C.');
}

/** Running jobs end or are given back, then everything is released, the newest first. */
function closeAndExit(code: number): Promise<void> {
  closing ??= (async () => {
    const isClean = await releases.close().then(
      () => true,
      () => false,
    );
    process.exit(isClean ? code : 1);
  })();
  return closing;
}
