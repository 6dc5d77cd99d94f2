/** The embedded PostgreSQL of a data folder, looked into as an operator would. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { adminUrl, readOrMakePassword } from '../../src/process/embeddedPostgres/credentials.js';
import { readPostmasterFile } from '../../src/process/embeddedPostgres/postmasterFile.js';

/** Login of its superuser. */
export async function embeddedAdminUrl(dataDir: string): Promise<string> {
  const file = await readPostmasterFile(path.join(dataDir, 'postgres'));
  assert.ok(file?.port, 'PostgreSQL does not run');
  return adminUrl(await readOrMakePassword(path.join(dataDir, 'postgres.password')), file.port);
}
