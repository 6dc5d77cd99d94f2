/**
 * Answers from the process table: living processes, the server of a folder, and backends it left
 * behind.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const POLL_MS = 10;
const LINUX = process.platform === 'linux';

/** @returns true while the process exists, whoever owns it. A zombie counts as dead. */
export async function isAlive(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (!LINUX) return true;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !afterName(stat).startsWith('Z');
}

/**
 * Text that no later process with the same number shares: the number and, on Linux, the tick of its
 * start.
 * @returns undefined when there is no such process.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (!(await isAlive(pid))) return undefined;
  if (!LINUX) return String(pid);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 22 of proc(5); the text after the name begins with field 3.
  const startTick = afterName(stat).split(' ')[19] ?? '';
  return `${pid} ${startTick}`;
}

/** @returns true when the process is a postmaster that serves exactly this folder. */
export async function isPostmasterOf(pid: number, folder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  if (!LINUX) {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }));
    return /\/postgres\s/.test(stdout) && stdout.includes(`-D ${folder}`);
  }
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  // Its children rename themselves, for example to "postgres: checkpointer".
  if (path.basename(args[0] ?? '') !== 'postgres') return false;
  return args[args.indexOf('-D') + 1] === folder || (await workingFolder(pid)) === folder;
}

/**
 * Ends backends that outlived a killed postmaster: a busy one notices late, and a new postmaster
 * refuses to start while it runs. Linux only; elsewhere the list is empty and the launch tries
 * again.
 */
export async function endLeftovers(folder: string): Promise<void> {
  const patience = Date.now() + 300;
  for (let left = await processesIn(folder); left.length > 0; left = await processesIn(folder)) {
    if (Date.now() > patience) for (const pid of left) signal(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** @returns false when the process still exists after `timeoutMs`. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (await isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Processes named postgres whose working folder is the cluster. Postgres changes to that folder and
 * stays in it.
 */
async function processesIn(folder: string): Promise<number[]> {
  if (!LINUX) return [];
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const found = await Promise.all(
    pids.map(async (pid) => {
      if ((await workingFolder(pid)) !== folder) return false;
      const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return /^postgres:|\/postgres\0/.test(title) && isAlive(pid);
    }),
  );
  return pids.filter((_, index) => found[index]);
}

async function workingFolder(pid: number): Promise<string> {
  return readlink(`/proc/${pid}/cwd`).catch(() => '');
}

/** The name in proc's stat is in brackets and may itself contain spaces and brackets. */
function afterName(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2);
}
