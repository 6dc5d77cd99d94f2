/** The door for HTTP: brings up the database, migrates, serves, and takes everything down in reverse. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.js';
import { openDatabase } from './config/startup.js';
import { type Env, readEnv } from './config/env.js';
import { createLogger } from './config/logger.js';
import { createContext } from './context.js';
import { readVersion } from './routes/docs.js';
import { DEMO_LOGIN } from './services/DemoService.js';

const DRAIN_MS = 10_000;
const say = (text: string): void => console.log(text);

/** Closers of what has been started so far, run last to first. */
const closers: (() => Promise<void>)[] = [];
let closing: Promise<void> | undefined;

try {
  await start(readEnv());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await close();
  process.exit(1);
}

async function start(env: Env): Promise<void> {
  process.once('SIGINT', () => void closeAndExit());
  process.once('SIGTERM', () => void closeAndExit());
  const log = createLogger(env.logLevel);
  const database = await openDatabase(env, say);
  closers.push(() => database.close());
  const context = createContext({ appUrl: database.appUrl, secret: database.secret, log });
  closers.push(() => context.close());
  if (env.seedDemo) await context.demo.seedOnce();

  const server = createServer(createApp(context, { version: await readVersion(), trustProxyHops: env.trustProxyHops }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`Port ${env.port} is taken. Set PORT to another one, for example PORT=${env.port + 1} npm start.`)
          : error,
      );
    });
    server.listen(env.port, env.host, resolve);
  });
  closers.push(() => drain(server));

  // A TCP server's address is never a string.
  const { port } = server.address() as AddressInfo;
  const url = `http://${env.host === '0.0.0.0' ? 'localhost' : env.host}:${port}`;
  say(`\nServio is serving at ${url}`);
  say(`  API documentation  ${url}/docs`);
  if (env.seedDemo) say(`  Demo login         ${DEMO_LOGIN.email} / ${DEMO_LOGIN.password}`);
  say('  Stop with Ctrl-C.\n');
}

/** Lets requests under way finish, up to the bound, and takes no new ones. */
async function drain(server: ReturnType<typeof createServer>): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(force);
}

async function closeAndExit(): Promise<void> {
  say('Stopping…');
  await close();
  process.exit(0);
}

function close(): Promise<void> {
  closing ??= (async () => {
    for (const closer of closers.reverse()) {
      await closer().catch((error: unknown) => console.error('while stopping:', error));
    }
  })();
  return closing;
}
