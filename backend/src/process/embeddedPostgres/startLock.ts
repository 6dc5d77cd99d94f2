/**
 * A lock on a data folder, so that two processes never set up, start or stop its server at once. It
 * is a file that only one process can make, with its maker's identity inside, because Node has no
 * flock.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './processes.js';

const POLL_MS = 20;
/** Longer than any start: a crash recovery may take up to a minute. */
const WAIT_MS = 90_000;
/**
 * An empty file comes from an earlier version that crashed while it wrote. Also bounds a removal.
 */
const EMPTY_GRACE_MS = 1_000;

/** Runs `work` while holding the lock. @throws Error when a living process holds it for 90 s. */
export async function withStartLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await tryCreate(file))) {
    if (await isStale(file)) await removeStale(file);
    else if (Date.now() > deadline)
      throw new Error(`Another process is starting PostgreSQL and holds ${file}. If there is none, remove the file.`);
    else await sleep(POLL_MS);
  }
}

/**
 * Makes the file with its content in one step: a lock that is still empty could be taken for a dead
 * one.
 */
async function tryCreate(file: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, (await processIdentity(process.pid)) ?? '', { mode: 0o600 });
    await link(draft, file);
    return true;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST') return false;
    throw new Error(
      `${file} cannot be made: the data folder must belong to the user that runs Servio. Set DATA_DIR to another folder.`,
      { cause },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

async function isStale(file: string): Promise<boolean> {
  const holder = (await readFile(file, 'utf8').catch(() => undefined))?.trim();
  if (holder === undefined) return false;
  if (holder === '') {
    const madeAt = await stat(file).then((found) => found.mtimeMs, Date.now);
    return Date.now() - madeAt > EMPTY_GRACE_MS;
  }
  return (await processIdentity(Number.parseInt(holder, 10))) !== holder;
}

/**
 * Removes a dead process's lock. A folder ensures that only one process does it at a time: when two
 * see the same stale lock, the slower one could otherwise remove the new lock of the faster one.
 */
async function removeStale(file: string): Promise<void> {
  const breaking = `${file}.breaking`;
  try {
    await mkdir(breaking);
  } catch {
    const madeAt = await stat(breaking).then((found) => found.mtimeMs, Date.now);
    if (Date.now() - madeAt > EMPTY_GRACE_MS) await rmdir(breaking).catch(() => undefined);
    await sleep(POLL_MS);
    return;
  }
  if (await isStale(file)) await rm(file, { force: true });
  await rmdir(breaking).catch(() => undefined);
}
