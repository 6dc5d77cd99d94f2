/** `postmaster.pid`, in which a PostgreSQL server records its process, port and state. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Lines 1, 4 and 8 of the file. They are written one after the other, so the later ones may be
 * missing.
 */
export interface PostmasterFile {
  pid: number;
  port: number | undefined;
  /** "starting", "ready", "stopping", or empty when not yet written. */
  status: string;
}

/** @returns undefined when there is no file, or no process number in it. */
export async function readPostmasterFile(folder: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const port = Number(lines[3]);
  return { pid, port: port > 0 ? port : undefined, status: (lines[7] ?? '').trim() };
}

/** Postgres refuses to start if the file is empty or names a living process of another program. */
export async function removePostmasterFile(folder: string): Promise<void> {
  await rm(path.join(folder, 'postmaster.pid'), { force: true });
}
