/**
 * Installs and upgrades the schema `jobs`, which pg-boss owns, as the owner of the database. The
 * server itself owns nothing in it: it only reads and writes rows.
 */
import { createHash } from 'node:crypto';
import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import { JOB_KINDS, type JobKind } from '../domain/job/jobKinds.js';
import { type SetupClient, withClient } from './database.js';
import { OWNER_CONNECT_TIMEOUT_MS, waitForSetupLock } from './setupLock.js';

export const JOB_SCHEMA = 'jobs';
/** A job whose worker is silent for longer is given to another one. pg-boss allows no less. */
const HEARTBEAT_SECONDS = 10;
/** How long finished and failed jobs are listed. */
const KEEP_SECONDS = 14 * 86_400;
/** A worker that runs during an upgrade may hold a lock that the upgrade needs, and the reverse. */
const UPGRADE_ATTEMPTS = 5;
const DEADLOCK = '40P01';

/**
 * The queues that an operator has paused, rights of the application's role, and indexes for the
 * list of one restaurant: pg-boss knows no tenants. The second index is small: it has no finished
 * jobs.
 */
const ADDITIONS = `
  create table if not exists ${JOB_SCHEMA}.servio_paused_queues (
    name text primary key,
    paused_at timestamptz not null
  );
  grant usage on schema ${JOB_SCHEMA} to servio_app;
  grant select, insert, update, delete on all tables in schema ${JOB_SCHEMA} to servio_app;
  grant usage, select on all sequences in schema ${JOB_SCHEMA} to servio_app;
  grant execute on all functions in schema ${JOB_SCHEMA} to servio_app;
  create index if not exists servio_jobs_of_restaurant
    on ${JOB_SCHEMA}.job_common ((data ->> 'restaurantId'), id);
  create index if not exists servio_unfinished_jobs_of_restaurant
    on ${JOB_SCHEMA}.job_common ((data ->> 'restaurantId'), id) where state not in ('completed', 'cancelled');`;

/** Tables that an upgrade changes. All are locked first, in one order. */
const LOCKED = ['version', 'queue', 'schedule', 'job', 'job_common'].map((name) => `${JOB_SCHEMA}.${name}`).join(', ');

/**
 * Brings the schema and the queues of the kinds up to date, under the lock of the setup. A database
 * that is up to date costs one statement.
 * @returns what was done.
 * @throws Error when the schema is newer than this program's pg-boss.
 */
export async function installJobs(
  ownerUrl: string,
  kinds: Readonly<Record<string, JobKind>> = JOB_KINDS,
): Promise<'nothing' | 'installed' | 'upgraded' | 'adjusted'> {
  const fingerprint = fingerprintOf(kinds);
  return withClient(
    ownerUrl,
    async (client) => {
      if ((await notedFingerprint(client)) === fingerprint) return 'nothing';
      await waitForSetupLock(client);
      if ((await notedFingerprint(client)) === fingerprint) return 'nothing';
      const done = await bringUpToDate(client);
      await client.query(`begin; ${ADDITIONS} commit`);
      for (const [name, kind] of Object.entries(kinds)) await declareQueue(client, name, kind);
      await client.query(`comment on schema ${JOB_SCHEMA} is '${fingerprint}'`);
      return done;
    },
    OWNER_CONNECT_TIMEOUT_MS,
  );
}

async function bringUpToDate(client: SetupClient): Promise<'installed' | 'upgraded' | 'adjusted'> {
  const installed = await installedVersion(client);
  if (installed === undefined) {
    await client.query(getConstructionPlans(JOB_SCHEMA));
    return 'installed';
  }
  const newest = newestVersion();
  if (installed > newest)
    throw new Error(
      `The schema of the jobs has version ${installed}, but this program knows only ${newest}. Start the version that made it, or a newer one.`,
    );
  if (installed === newest) return 'adjusted';
  await upgrade(client, installed);
  return 'upgraded';
}

/**
 * pg-boss's own upgrade deadlocks with workers that run meanwhile (12.20 to 12.22 did). So every
 * table is locked before the first change, and a deadlock at that point is tried again.
 */
async function upgrade(client: SetupClient, from: number): Promise<void> {
  const plans = inOneTransaction(getMigrationPlans(JOB_SCHEMA, from));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`begin; set local lock_timeout = '30s'; lock table ${LOCKED} in access exclusive mode`);
      await client.query(plans);
      return;
    } catch (error) {
      await client.query('rollback');
      if (attempt >= UPGRADE_ATTEMPTS || sqlStateOf(error) !== DEADLOCK) throw error;
    }
  }
}

/**
 * pg-boss commits and then builds indexes concurrently. An interruption in between would leave a
 * schema of the new version without them. Here all of it is one transaction; the tables are small,
 * and the workers are stopped.
 */
function inOneTransaction(plans: string): string {
  // The transaction is open already, so the `begin` of the plans is only a notice.
  return `${plans.replace('COMMIT;', '').replaceAll('CONCURRENTLY', '')}; commit`;
}

async function declareQueue(client: SetupClient, name: string, kind: JobKind): Promise<void> {
  const { limitSeconds, retries, ordered = false } = kind;
  // A queue keeps its policy for life, because its waiting jobs depend on it.
  await client.query(`select ${JOB_SCHEMA}.create_queue($1, $2)`, [
    name,
    JSON.stringify({ policy: ordered ? 'key_strict_fifo' : 'standard' }),
  ]);
  // Without a delay: a job of a worker that died begins at once. A worker that reports a failure
  // sets the delay itself.
  await client.query(
    `update ${JOB_SCHEMA}.queue
     set retry_limit = $2, retry_delay = 0, retry_backoff = false, expire_seconds = $3, heartbeat_seconds = $4,
       retention_seconds = $5, deletion_seconds = $5, updated_on = now()
     where name = $1`,
    [name, retries, limitSeconds, HEARTBEAT_SECONDS, KEEP_SECONDS],
  );
}

/** @returns undefined when there is no schema or nobody has noted a fingerprint. */
async function notedFingerprint(client: SetupClient): Promise<string | undefined> {
  const text = `select obj_description(to_regnamespace($1)::oid, 'pg_namespace') as noted`;
  return (await client.query<{ noted: string | null }>(text, [JOB_SCHEMA])).rows[0]?.noted ?? undefined;
}

async function installedVersion(client: SetupClient): Promise<number | undefined> {
  const { rows } = await client.query<{ found: boolean }>(`select to_regclass($1) is not null as found`, [
    `${JOB_SCHEMA}.version`,
  ]);
  if (!rows[0]?.found) return undefined;
  const noted = await client.query<{ version: number }>(`select version from ${JOB_SCHEMA}.version`);
  return noted.rows[0]?.version;
}

/** The version that pg-boss's plan for an empty database notes at its end. */
function newestVersion(): number {
  const [, version] =
    /insert into jobs\.version\s*\(version\)\s*values\s*\('?(\d+)/i.exec(getConstructionPlans(JOB_SCHEMA)) ?? [];
  if (version === undefined) throw new Error('pg-boss no longer notes the version of its schema as expected.');
  return Number(version);
}

function fingerprintOf(kinds: Readonly<Record<string, JobKind>>): string {
  const source = JSON.stringify([newestVersion(), ADDITIONS, HEARTBEAT_SECONDS, KEEP_SECONDS, kinds]);
  return `servio ${createHash('sha256').update(source).digest('hex').slice(0, 16)}`;
}

function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
