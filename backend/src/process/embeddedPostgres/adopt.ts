/**
 * Takes over a server that already runs on a folder, and cleans up after a dead or unresponsive
 * one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../config/database.js';
import { adminUrl } from './credentials.js';
import { readPostmasterFile, removePostmasterFile } from './postmasterFile.js';
import { endLeftovers, isPostmasterOf } from './processes.js';
import { stopProcess } from './stop.js';

/**
 * A healthy server answers within milliseconds. A stopped one never does, and one that shuts down
 * is soon gone.
 */
const PATIENCE_MS = 2_000;
const PROBE_TIMEOUT_MS = 1_000;
const POLL_MS = 50;
const MUTE_SERVER_SIGNALS = [
  { name: 'SIGQUIT', waitMs: 500 },
  { name: 'SIGKILL', waitMs: 2_000 },
] as const;

/**
 * @returns the port of the running server, which has answered a query with our password; undefined
 *   when none runs and the folder is ready for a start.
 * @throws Error when the server refuses the password: killing it would not help.
 */
export async function adoptRunningServer(
  folder: string,
  password: string,
  log: (message: string) => void,
): Promise<number | undefined> {
  const found = await readPostmasterFile(folder);
  if (found !== undefined && (await isPostmasterOf(found.pid, folder))) {
    const port = await waitForAnswer(folder, found.pid, password);
    if (port !== undefined) return port;
    if (await isPostmasterOf(found.pid, folder)) {
      log(`PostgreSQL (process ${found.pid}) runs but does not answer; stopping it`);
      await stopProcess(found.pid, MUTE_SERVER_SIGNALS);
    }
  }
  await endLeftovers(folder);
  await removePostmasterFile(folder);
  return undefined;
}

async function waitForAnswer(folder: string, pid: number, password: string): Promise<number | undefined> {
  let deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline && (await isPostmasterOf(pid, folder))) {
    const port = (await readPostmasterFile(folder))?.port;
    const answer = port === undefined ? 'silence' : await probe(adminUrl(password, port));
    if (answer === 'ready') return port;
    // A recovery after a crash may take longer, as long as the server reports it.
    if (answer === 'starting') deadline = Date.now() + PATIENCE_MS;
    await sleep(POLL_MS);
  }
  return undefined;
}

async function probe(url: string): Promise<'ready' | 'starting' | 'silence'> {
  try {
    // The race covers a server that accepts the connection and then hangs.
    const answer = withClient(url, (client) => client.query('select 1'), PROBE_TIMEOUT_MS);
    await Promise.race([
      answer,
      sleep(PROBE_TIMEOUT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('no answer'))),
    ]);
    return 'ready';
  } catch (error) {
    const state = error instanceof Error && 'code' in error ? error.code : undefined;
    if (state === '28P01') {
      throw new Error(
        'The running PostgreSQL refuses the password in postgres.password: restore that file, or set DATABASE_URL.',
        { cause: error },
      );
    }
    const starting = state === '57P03' && error instanceof Error && /starting up|recovery/.test(error.message);
    return starting ? 'starting' : 'silence';
  }
}
