/** A database as durable as in production, for one benchmark. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureAppRole } from '../../src/config/appRole.js';
import { migrate } from '../../src/config/migrate.js';
import { startEmbeddedPostgres } from '../../src/process/embeddedPostgres.js';
import { endWithUs, onCleanUp } from './cleanup.js';

export const SECRET = 'the secret of a server that is only measured';
const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url));

export interface BenchDatabase {
  /** Its folder, in which a server may keep its files. */
  folder: string;
  adminUrl: string;
  appUrl: string;
  /** The server process of PostgreSQL, whose children do the work. */
  postmasterPid: number;
}

/** Starts PostgreSQL and migrates. It ends with `cleanUp`, and with this process. */
export async function openDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'servio-bench-'));
  onCleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  endWithUs({ folder });
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
  onCleanUp(() => postgres.stop());
  const appUrl = await ensureAppRole(postgres.adminUrl, SECRET);
  await migrate(postgres.adminUrl, MIGRATIONS);
  const postmaster = await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8');
  return { folder, adminUrl: postgres.adminUrl, appUrl, postmasterPid: Number.parseInt(postmaster, 10) };
}
