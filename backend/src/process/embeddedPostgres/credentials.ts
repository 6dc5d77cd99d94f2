/** Name, password and URL of the embedded server's superuser. */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';

export const SUPERUSER = 'servio_owner';

/** Reads the superuser's password, or makes one and stores it, readable only by this user. */
export async function readOrMakePassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim() !== '') return kept.trim();

  // Written under another name first: a crash in between must not leave an empty password behind.
  const password = randomBytes(24).toString('hex');
  const handle = await open(`${file}.new`, 'w', 0o600);
  await handle.writeFile(`${password}\n`);
  await handle.sync();
  await handle.close();
  await rename(`${file}.new`, file);
  return password;
}

export function adminUrl(password: string, port: number): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
}
