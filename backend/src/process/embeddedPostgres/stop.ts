/** Stops the embedded server, unless another client still uses it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readPostmasterFile } from './postmasterFile.js';
import type { Presence } from './presence.js';
import { isPostmasterOf, signal, waitForExit } from './processes.js';

/** `pool.end()` resolves before the server has seen the sockets close. */
const OWN_CLIENTS_GRACE_MS = 500;
const POLL_MS = 20;
/** Fast shutdown (open transactions roll back), then immediate, then kill. */
const SHUTDOWN_SIGNALS = [
  { name: 'SIGINT', waitMs: 10_000 },
  { name: 'SIGQUIT', waitMs: 3_000 },
  { name: 'SIGKILL', waitMs: 2_000 },
] as const;

interface StopRequest {
  folder: string;
  presence: Presence;
  /** Stop although other clients are connected. */
  stopAlways: boolean;
  log: (message: string) => void;
}

/**
 * Gives up our presence and stops the server when no other client is connected. Takes at most 16 s.
 */
export async function stopServer(request: StopRequest): Promise<void> {
  const shared = !request.stopAlways && (await othersStay(request.presence));
  await request.presence.leave();
  if (shared) {
    request.log('PostgreSQL keeps running: another client is connected');
    return;
  }
  if (await stopFolder(request.folder)) request.log('PostgreSQL stopped');
}

/** Stops the server of a folder, even if clients use it. @returns false when none runs there. */
export async function stopFolder(folder: string): Promise<boolean> {
  const server = await readPostmasterFile(folder);
  if (server === undefined || !(await isPostmasterOf(server.pid, folder))) return false;
  await stopProcess(server.pid, SHUTDOWN_SIGNALS);
  return true;
}

/** Sends one signal after the other until the process has ended. */
export async function stopProcess(
  pid: number,
  signals: readonly { name: NodeJS.Signals; waitMs: number }[],
): Promise<void> {
  for (const { name, waitMs } of signals) {
    signal(pid, name);
    if (await waitForExit(pid, waitMs)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop`);
}

async function othersStay(presence: Presence): Promise<boolean> {
  const deadline = Date.now() + OWN_CLIENTS_GRACE_MS;
  try {
    while ((await presence.countOthers()) > 0) {
      if (Date.now() > deadline) return true;
      await sleep(POLL_MS);
    }
  } catch {
    // The server died or hangs, so nobody can use it.
  }
  return false;
}
