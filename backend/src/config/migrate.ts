/** Brings a database to the newest schema. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type SetupClient, withClient } from './database.js';
import { OWNER_CONNECT_TIMEOUT_MS, waitForSetupLock } from './setupLock.js';

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
      await waitForSetupLock(client);
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
