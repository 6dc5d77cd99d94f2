/** Brings a database to the newest schema and makes the powerless role that the application logs in as. */
import { createHash, createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type SetupClient, withClient } from './database.js';

/** Any number will do, as long as every Servio uses the same one. */
const MIGRATION_LOCK = 728_301_955;
const OWNER_CONNECT_TIMEOUT_MS = 10_000;
const APP_ROLE = 'servio_app';

/**
 * Applies the files of `folder` that the database has not seen, in name order, one transaction each, under an
 * advisory lock, so that two instances starting together do it once.
 * @returns names of the files applied now.
 * @throws Error when an applied file was edited since: migrations only go forward.
 */
export async function migrate(ownerUrl: string, folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return withClient(
    ownerUrl,
    async (client) => {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await client.query(`create table if not exists schema_migrations (
        name text primary key,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`);
      const seen = await client.query<{ name: string; sha256: string }>('select name, sha256 from schema_migrations');
      const known = new Map(seen.rows.map((row) => [row.name, row.sha256]));
      const applied: string[] = [];
      for (const name of files) {
        const text = await readFile(path.join(folder, name), 'utf8');
        const sha256 = createHash('sha256').update(text).digest('hex');
        const before = known.get(name);
        if (before === sha256) continue;
        if (before !== undefined)
          throw new Error(
            `Migration ${name} was edited after it had been applied. Restore it and put the change into a new file.`,
          );
        await applyOne(client, name, text, sha256);
        applied.push(name);
      }
      return applied;
    },
    OWNER_CONNECT_TIMEOUT_MS,
  );
}

async function applyOne(client: SetupClient, name: string, text: string, sha256: string): Promise<void> {
  try {
    await client.query('begin');
    await client.query(text);
    await client.query('insert into schema_migrations (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(
      `Migration ${name} failed and was rolled back: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/**
 * Makes sure that the role `servio_app` exists and can log in, and returns the URL to log in with. Its password is
 * derived from the owner's URL and the server's secret, so every instance with the same settings computes the same one
 * and none has to keep it.
 */
export async function ensureAppRole(ownerUrl: string, secret: string): Promise<string> {
  const appUrl = appRoleUrl(ownerUrl, secret);
  if (await canConnect(appUrl)) return appUrl;
  await withClient(
    ownerUrl,
    async (client) => {
      const password = new URL(appUrl).password;
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const found = await client.query('select 1 from pg_roles where rolname = $1', [APP_ROLE]);
      const verb = found.rowCount === 0 ? 'create' : 'alter';
      // The password is hexadecimal: nothing in it needs quoting.
      await client.query(`${verb} role ${APP_ROLE} login password '${password}'`);
    },
    OWNER_CONNECT_TIMEOUT_MS,
  );
  return appUrl;
}

/** Makes the role that migrations grant to, for installations whose application logs in under a name of its own. */
export async function ensureRoleToGrantTo(ownerUrl: string): Promise<void> {
  await withClient(
    ownerUrl,
    async (client) => {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const found = await client.query('select 1 from pg_roles where rolname = $1', [APP_ROLE]);
      if (found.rowCount === 0) await client.query(`create role ${APP_ROLE} nologin`);
    },
    OWNER_CONNECT_TIMEOUT_MS,
  );
}

/**
 * Refuses a login that could walk around row-level security.
 * @throws Error saying which power it has and what to do.
 */
export async function assertPowerless(appUrl: string): Promise<void> {
  await withClient(appUrl, async (client) => {
    const { rows } = await client.query<{ power: string }>(`
      select 'is a superuser' as power from pg_roles where rolname = current_user and rolsuper
      union all select 'may bypass row-level security' from pg_roles where rolname = current_user and rolbypassrls
      union all select 'owns table ' || c.relname from pg_class c join pg_roles r on r.oid = c.relowner
        where r.rolname = current_user and c.relkind in ('r', 'p') and c.relname in ('restaurants', 'orders')`);
    const member = await client.query<{ member: boolean }>(
      `select pg_has_role(current_user, '${APP_ROLE}', 'usage') as member`,
    );
    if (!member.rows[0]?.member)
      throw new Error(`The role of DATABASE_APP_URL may do nothing yet. Run: grant ${APP_ROLE} to "<that role>";`);
    const power = rows[0]?.power;
    if (power)
      throw new Error(
        `The application's database role ${power}. Give DATABASE_APP_URL a role without such rights, or leave it out and Servio makes one.`,
      );
  });
}

/**
 * Refuses a server that may lose what it has acknowledged.
 * @throws Error naming the settings.
 */
export async function assertDurable(appUrl: string): Promise<void> {
  await withClient(appUrl, async (client) => {
    const { rows } = await client.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'",
    );
    if (rows.length === 0) return;
    const settings = rows.map((row) => `${row.name} = ${row.setting}`).join(', ');
    throw new Error(
      `This PostgreSQL may lose acknowledged writes in a crash (${settings}). Turn the settings on, or set ALLOW_UNSAFE_DATABASE=true if the data does not matter.`,
    );
  });
}

function appRoleUrl(ownerUrl: string, secret: string): string {
  const url = new URL(ownerUrl);
  const password = createHmac('sha256', secret).update(`${url.username}:${url.password}`).digest('hex');
  url.username = APP_ROLE;
  url.password = password;
  return url.toString();
}

async function canConnect(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('select 1'));
    return true;
  } catch {
    // Missing role, other password or no server: the owner's connection, tried next, tells which.
    return false;
  }
}
