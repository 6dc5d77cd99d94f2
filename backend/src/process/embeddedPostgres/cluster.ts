/** Makes a cluster and launches the server on it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveTo, type Account } from './account.js';
import { SUPERUSER } from './credentials.js';
import { readPostmasterFile } from './postmasterFile.js';
import { endLeftovers } from './processes.js';
import { openLog, tailOf, withHint } from './serverLog.js';

const POLL_MS = 5;
const INITDB_TIMEOUT_MS = 60_000;
/** Covers the recovery of a large write-ahead log. */
const LAUNCH_TIMEOUT_MS = 60_000;
/**
 * The free port may be taken before Postgres binds it, and backends of a killed server may still
 * run.
 */
const LAUNCH_ATTEMPTS = 4;
const WORTH_ANOTHER_ATTEMPT = /could not bind|Address already in use|shared memory block/;
/**
 * The server's whole environment: neither PGDATA and similar variables nor a foreign locale may
 * reach it.
 */
const ENVIRONMENT = { TZ: 'UTC' };

export interface Cluster {
  /** Servio's folder: password, lock and log. */
  dataDir: string;
  /** The server's folder: `<dataDir>/postgres`. */
  folder: string;
  /** Folder of bin, lib and share. */
  nativeDir: string;
  account: Account;
  ephemeral: boolean;
}

/**
 * Makes the cluster unless there is one. Works in a temporary folder and renames it, because initdb
 * refuses a folder that an earlier attempt left incomplete.
 * @returns true when it was made now.
 */
export async function createCluster(cluster: Cluster, password: string): Promise<boolean> {
  await removeHalfMade(cluster.dataDir);
  const version = await readFile(path.join(cluster.folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version !== undefined) {
    const { uid } = await stat(cluster.folder);
    if (uid === 0) await giveTo(cluster.account, cluster.folder);
    return false;
  }
  const workshop = await mkdtemp(path.join(cluster.dataDir, 'postgres.init-'));
  try {
    const passwordFile = path.join(workshop, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await giveTo(cluster.account, workshop);
    await runInitdb(cluster, path.join(workshop, 'cluster'), passwordFile);
    await rename(path.join(workshop, 'cluster'), cluster.folder);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return true;
}

/**
 * Launches the server on a free loopback port, in its own process group, so that Ctrl-C in the
 * terminal does not reach it.
 * @param ports.wantedPort port of a server that died: its clients will look there.
 * @param ports.avoidPort port that must stay free.
 * @returns the port.
 */
export async function launchServer(
  cluster: Cluster,
  { wantedPort, avoidPort }: { wantedPort?: number | undefined; avoidPort?: number | undefined },
): Promise<number> {
  const logFile = path.join(cluster.dataDir, 'postgres.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = wantedPort ?? (await freePort(avoidPort));
    const problem = await launchOnce(cluster, port, logFile);
    if (problem === undefined) return port;
    if (attempt === LAUNCH_ATTEMPTS || !WORTH_ANOTHER_ATTEMPT.test(problem))
      throw new Error(`PostgreSQL did not start:\n${problem}\nIts log: ${logFile}`);
    await endLeftovers(cluster.folder);
    await sleep(attempt * 200);
  }
}

async function removeHalfMade(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres.init-'))
      await rm(path.join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runInitdb(cluster: Cluster, folder: string, passwordFile: string): Promise<void> {
  // macOS has no libc locale of that name, so only the builtin provider uses it there.
  const locale =
    process.platform === 'darwin' ? ['--locale=en_US.UTF-8', '--builtin-locale=C.UTF-8'] : ['--locale=C.UTF-8'];
  const speed = cluster.ephemeral ? ['--no-sync', '--no-data-checksums'] : [];
  // Without these three, the encoding follows LANG, and an empty LANG gives SQL_ASCII.
  const args = ['--encoding=UTF8', '--locale-provider=builtin', ...locale];
  args.push(`--pgdata=${folder}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--no-instructions', ...speed);
  args.push('--auth-host=scram-sha-256', '--auth-local=scram-sha-256');

  const child = spawnAs(cluster, 'initdb', args, 'pipe');
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), INITDB_TIMEOUT_MS);
  const problem = await ending(child, 'close');
  clearTimeout(timer);
  if (problem !== 'exit code 0')
    throw new Error(`PostgreSQL could not set up its cluster (${problem}):\n${withHint(output)}`);
}

/** @returns undefined when the server is ready, else the problem. */
async function launchOnce(cluster: Cluster, port: number, logFile: string): Promise<string | undefined> {
  const log = await openLog(logFile);
  try {
    const logStart = (await log.stat()).size;
    const child = spawnAs(cluster, 'postgres', serverArguments(cluster, port), log.fd);
    let ended: string | undefined;
    void ending(child, 'exit').then((how) => (ended = how));
    const deadline = Date.now() + LAUNCH_TIMEOUT_MS;
    while (ended === undefined && Date.now() < deadline) {
      const file = await readPostmasterFile(cluster.folder);
      if (file !== undefined && file.pid === child.pid && file.status === 'ready') {
        child.unref();
        return undefined;
      }
      await sleep(POLL_MS);
    }
    child.kill('SIGQUIT');
    return `${ended ?? `not ready after ${LAUNCH_TIMEOUT_MS / 1000} s`}\n${withHint(await tailOf(logFile, logStart))}`;
  } finally {
    await log.close();
  }
}

function serverArguments(cluster: Cluster, port: number): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    // TCP only: the path of a socket is limited to 107 bytes, and any user could open a socket
    // file.
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_buffers: '128MB',
    max_connections: 200,
  };
  if (cluster.ephemeral) {
    Object.assign(settings, { max_connections: 300, fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' });
  }
  return ['-D', cluster.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function spawnAs(
  cluster: Cluster,
  program: 'initdb' | 'postgres',
  args: readonly string[],
  output: 'pipe' | number,
): ChildProcess {
  const { ids, prefix } = cluster.account;
  const [command = '', ...rest] = [...prefix, path.join(cluster.nativeDir, 'bin', program), ...args];
  return spawn(command, rest, {
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', output, output],
    // With a prefix, the prefix changes the account.
    ...(prefix.length === 0 ? ids : undefined),
  });
}

/** @returns a description of how the process ended, also when it could not be started. */
function ending(child: ChildProcess, event: 'exit' | 'close'): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once(event, (code: number | null, name: NodeJS.Signals | null) =>
      resolve(name === null ? `exit code ${code}` : `ended by ${name}`),
    );
  });
}

async function freePort(avoidPort: number | undefined): Promise<number> {
  const port = await anyPort();
  return port === avoidPort ? freePort(avoidPort) : port;
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
