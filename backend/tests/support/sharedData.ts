/**
 * Real data next to the checkout, which may not be published. Tests that need it are skipped if it
 * is missing.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @returns the file's path, or a reason to skip. */
export function sharedData(name: string): { file: string; skip: string | false } {
  const file = fileURLToPath(new URL(path.posix.join('../../../../shared/data', name), import.meta.url));
  return { file, skip: existsSync(file) ? false : `no real data here: ${name}` };
}
