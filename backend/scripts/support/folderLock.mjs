/**
 * A lock between processes: a file that only one process can make, with its process number inside.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
/** An install may take minutes on a slow network. */
const WAIT_MS = 10 * 60_000;
const EMPTY_GRACE_MS = 1_000;

/** Runs `work` while holding the lock. Waits for a living holder, takes over from a dead one. */
export async function withFolderLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await acquire(file);
  const release = () => fs.rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function acquire(file) {
  const deadline = Date.now() + WAIT_MS;
  while (!tryCreate(file)) {
    if (isStale(file)) takeAway(file);
    else if (Date.now() > deadline)
      throw new Error(`Another process holds ${file}. If there is none, remove the file.`);
    else await sleep(POLL_MS);
  }
}

function tryCreate(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(file) {
  try {
    const holder = fs.readFileSync(file, 'utf8');
    if (holder === '') return Date.now() - fs.statSync(file).mtimeMs > EMPTY_GRACE_MS;
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Renames before removing: of two processes that see the same stale lock, only one succeeds. If the
 * slower one renames a new lock by mistake, it finds a living holder in it and puts it back.
 */
function takeAway(file) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (!isStale(aside)) fs.linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  fs.rmSync(aside, { force: true });
}
