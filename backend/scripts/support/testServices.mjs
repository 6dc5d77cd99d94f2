/**
 * The PostgreSQL, the Redis and the temporary folder of one test run. The next run stops and
 * removes the leftovers of a killed one.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../../dist/src/process/embeddedPostgres.js';
import { readPostmasterFile } from '../../../dist/src/process/embeddedPostgres/postmasterFile.js';
import { isAlive, isPostmasterOf, signal, waitForExit } from '../../../dist/src/process/embeddedPostgres/processes.js';
import { withClient } from '../../../dist/src/config/database.js';
import { bringRedis } from '../redis.mjs';

const FOLDER_NAME = /^servio-test-(\d+)-/;
const MEMORY_FOLDER = '/dev/shm';
const MEMORY_NEEDED_BYTES = 2 * 1024 ** 3;
const SUPPORTED_MAJORS = { from: 15, to: 18 };
const KILL_TIMEOUT_MS = 2_000;

/**
 * @param {{ log: (line: string) => void, onCleanup: (work: () => Promise<void>) => void }} options
 *   onCleanup: takes the work for the end; called as soon as there is some, so that an interrupted
 *   start is undone too
 * @returns {Promise<{ adminUrl: string, redisUrl: string, folder: string }>}
 */
export async function startTestServices({ log, onCleanup }) {
  const parent = temporaryParent();
  await clearLeftBehind(parent);
  const folder = fs.mkdtempSync(path.join(parent, `servio-test-${process.pid}-`));
  // Servers in this folder may run as another user.
  fs.chmodSync(folder, 0o711);
  onCleanup(() => clearFolder(folder));

  const [adminUrl, redisUrl] = await Promise.all([
    process.env.TEST_DATABASE_URL ? checkServer(process.env.TEST_DATABASE_URL) : startPostgres(folder, onCleanup),
    startRedis(folder, log, onCleanup),
  ]);
  return { adminUrl, redisUrl, folder };
}

async function startPostgres(folder, onCleanup) {
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'main'),
    ephemeral: true,
    log: () => undefined,
  });
  onCleanup(() => postgres.stop());
  return postgres.adminUrl;
}

async function startRedis(folder, log, onCleanup) {
  const redis = await bringRedis({ log, folder: path.join(folder, 'redis') });
  onCleanup(() => redis.stop());
  return redis.url;
}

async function checkServer(url) {
  let version;
  try {
    version = await withClient(
      url,
      async (client) => (await client.query('show server_version_num')).rows[0].server_version_num,
    );
  } catch (cause) {
    throw new Error(`TEST_DATABASE_URL is set, but no PostgreSQL answers there: ${cause.message}`, { cause });
  }
  const major = Math.floor(Number(version) / 10_000);
  if (major < SUPPORTED_MAJORS.from || major > SUPPORTED_MAJORS.to) {
    throw new Error(
      `TEST_DATABASE_URL names a PostgreSQL ${major}; the tests need ${SUPPORTED_MAJORS.from} to ${SUPPORTED_MAJORS.to}.`,
    );
  }
  return url;
}

/** Uses memory when there is plenty, because creating databases is mostly copying files. */
function temporaryParent() {
  try {
    fs.accessSync(MEMORY_FOLDER, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(MEMORY_FOLDER);
    if (bavail * bsize > MEMORY_NEEDED_BYTES) return MEMORY_FOLDER;
  } catch {
    // Not every system has /dev/shm.
  }
  return os.tmpdir();
}

async function clearLeftBehind(parent) {
  for (const name of fs.readdirSync(parent)) {
    const owner = FOLDER_NAME.exec(name)?.[1];
    if (owner === undefined || (await isAlive(Number(owner)))) continue;
    // It may belong to another user, who will remove it.
    await clearFolder(path.join(parent, name)).catch(() => undefined);
  }
}

/**
 * Stops the servers that still run in the folder, including those of single tests, and removes it.
 */
async function clearFolder(folder) {
  for (const place of subfolders(folder)) {
    const postgres = await readPostmasterFile(place);
    if (postgres !== undefined && (await isPostmasterOf(postgres.pid, place))) await end(postgres.pid);
    const redis = Number(readOrEmpty(path.join(place, 'redis.pid')));
    if (redis > 0 && isRedisIn(redis, place)) await end(redis);
  }
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** @returns folders up to three levels deep that contain a pid file */
function subfolders(folder, depth = 3) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'postmaster.pid' || entry.name === 'redis.pid')) return [folder];
  if (depth === 0) return [];
  return entries
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => subfolders(path.join(folder, entry.name), depth - 1));
}

async function end(pid) {
  signal(pid, 'SIGQUIT');
  if (await waitForExit(pid, KILL_TIMEOUT_MS)) return;
  signal(pid, 'SIGKILL');
  await waitForExit(pid, KILL_TIMEOUT_MS);
}

/** A process number alone proves nothing: another program may have it now. */
function isRedisIn(pid, folder) {
  try {
    return /redis-server/.test(readOrEmpty(`/proc/${pid}/cmdline`)) && fs.readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

function readOrEmpty(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
