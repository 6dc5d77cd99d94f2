/**
 * Ends what a killed benchmark leaves behind: a PostgreSQL server outlives the process that started
 * it. A process of its own, which reads lines of JSON from the benchmark, and acts when they end.
 */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** Something to end: a process, or the servers of a folder and the folder. */
export type Kept = { pid: number } | { folder: string };

/** Files in which servers write their process's id first. */
const PID_FILES = [path.join('postgres', 'postmaster.pid'), 'redis.pid'];
const PATIENCE_MS = 10_000;
const POLL_MS = 50;

// Ctrl-C is for the benchmark, which cleans up by itself.
process.on('SIGINT', () => undefined);
// After `null`, all processes have ended, and their ids may be those of others. A folder that was
// removed harms nobody.
let kept: Kept[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  const said = JSON.parse(line) as Kept | null; // Written by cleanup.ts.
  kept = said === null ? kept.filter((one) => 'folder' in one) : [...kept, said];
}
// PostgreSQL's fast shutdown is SIGINT, which ends the others, too.
for (const one of kept.reverse()) await end('pid' in one ? [one.pid] : serversOf(one.folder));
for (const one of kept) if ('folder' in one) rmSync(one.folder, { recursive: true, force: true, maxRetries: 5 });

function serversOf(folder: string): number[] {
  return PID_FILES.flatMap((file) => {
    try {
      return [Number.parseInt(readFileSync(path.join(folder, file), 'utf8'), 10)];
    } catch {
      return [];
    }
  });
}

async function end(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGINT');
  const deadline = Date.now() + PATIENCE_MS;
  while (pids.some((pid) => signal(pid, 0)) && Date.now() < deadline) await sleep(POLL_MS);
  for (const pid of pids) signal(pid, 'SIGKILL');
}

/** @returns false when there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
