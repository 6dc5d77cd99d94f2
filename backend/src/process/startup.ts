/** From settings to a migrated database: the first step of every entry point. */
import { randomBytes, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertPowerless, ensureAppRole, ensureRoleToGrantTo } from '../config/appRole.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embeddedPostgres.js';
import type { Env } from '../config/env.js';
import { installJobs } from '../config/jobSchema.js';
import { assertDurable, migrate, restoreGuessedStatistics } from '../config/migrate.js';
import type { Releases } from '../utils/releases.js';

/** The project's folder is three levels up, from dist/src/process and from backend/src/process. */
const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * The stages of a stop take 16 s at most; the rest is for another process that starts or stops it.
 */
const POSTGRES_BOUND_MS = 20_000;

export interface OpenDatabase {
  /** Login of the schema's owner. */
  ownerUrl: string;
  /** Login of the role without special rights. */
  appUrl: string;
  /** The server's secret, at least 32 characters. */
  secret: string;
}

/**
 * Starts or reaches PostgreSQL, makes the application's role, applies new migrations, and checks
 * that the role cannot bypass row-level security.
 * @param say informs the person at the terminal.
 * @param releases receives the function that stops PostgreSQL, if it was started here and nobody
 *   else uses it then.
 */
export async function openDatabase(env: Env, say: (text: string) => void, releases: Releases): Promise<OpenDatabase> {
  if (!env.databaseUrl || !env.jwtSecret) await makeDataDir(env.dataDir);
  const secret = env.jwtSecret ?? (await keptSecret(env.dataDir));
  const embedded = env.databaseUrl === undefined ? await startOwnPostgres(env, say, releases) : undefined;
  try {
    const ownerUrl = env.databaseUrl ?? embedded?.adminUrl ?? '';
    // The role comes first: migrations grant to it.
    if (env.databaseAppUrl) await ensureRoleToGrantTo(ownerUrl);
    const appUrl = env.databaseAppUrl ?? (await ensureAppRole(ownerUrl, secret));
    const applied = await migrate(ownerUrl, MIGRATIONS);
    if (applied.length > 0) say(`Database: ${applied.length} migrations applied.`);
    const jobs = await installJobs(ownerUrl);
    if (jobs === 'upgraded') say('Database: the schema of the jobs was upgraded.');
    await restoreGuessedStatistics(ownerUrl);
    await assertPowerless(appUrl);
    if (!env.allowUnsafeDatabase) await assertDurable(appUrl);
    return { ownerUrl, appUrl, secret };
  } catch (error) {
    throw explained(error, env);
  }
}

async function startOwnPostgres(env: Env, say: (text: string) => void, releases: Releases): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({ dataDir: env.dataDir, avoidPort: env.port, log: say });
  return releases.own('PostgreSQL', embedded, (one) => one.stop(), POSTGRES_BOUND_MS);
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `The data folder ${dataDir} cannot be written to: set DATA_DIR to a folder that this user may write to.`,
      { cause },
    );
  }
}

/** Adds the setting that a failure to connect belongs to. */
function explained(error: unknown, env: Env): unknown {
  if (!(error instanceof Error) || env.databaseUrl === undefined) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!/^(E[A-Z]+|28\w{3}|3D000)$/.test(code) && !/timeout/i.test(error.message)) return error;
  const { host, pathname } = new URL(env.databaseUrl);
  return new Error(
    `PostgreSQL at ${host}${pathname} cannot be reached or refuses the login (${error.message}). Check DATABASE_URL and DATABASE_APP_URL.`,
    {
      cause: error,
    },
  );
}

/** Outside production the secret is made once and stored, so that logins outlive a restart. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'jwt-secret');
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 });
  // A link appears complete or not at all: two processes that start together both read the first
  // one's secret.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  return readFile(file, 'utf8');
}
