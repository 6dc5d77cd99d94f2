/**
 * Brings a database to the newest schema, and refuses a database that is newer than the program.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type SetupClient, withClient } from './database.js';
import { OWNER_CONNECT_TIMEOUT_MS, waitForSetupLock } from './setupLock.js';

/** First line of a migration that older programs can run with; the reason follows. */
const OLDER_CODE_MARKER = /^-- Older code may run: \S/;
/**
 * SQLSTATE of a missing table and of a missing column: the table of notes must be made or extended.
 */
const NO_NOTES = new Set(['42P01', '42703']);

interface Migration {
  name: string;
  text: string;
  sha256: string;
}

/** The database's record of an applied migration. */
interface Note {
  name: string;
  sha256: string;
  olderCodeMayRun: boolean;
}

/**
 * Applies the files of `folder` that the database has not seen, in name order, one transaction
 * each, under an advisory lock, so that two instances that start together apply them once. An
 * up-to-date database costs one statement.
 * @returns names of the files applied now.
 * @throws Error when an applied file was edited since, because migrations only go forward. Error
 *   when the database has a migration that `folder` does not have, unless that one says that older
 *   code may run.
 */
export async function migrate(ownerUrl: string, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  return withClient(
    ownerUrl,
    async (client) => {
      const known = await readNotes(client);
      if (known && missing(migrations, known).length === 0) return [];
      await waitForSetupLock(client);
      await makeNotes(client);
      // Read again: another instance may have applied some while this one waited.
      const open = missing(migrations, (await readNotes(client)) ?? []);
      for (const migration of open) await applyOne(client, migration);
      return open.map(({ name }) => name);
    },
    OWNER_CONNECT_TIMEOUT_MS,
  );
}

/**
 * Stores the guesses of 0039_guessed_statistics.sql for tables without them, such as after the
 * restore of a dump.
 */
export async function restoreGuessedStatistics(ownerUrl: string): Promise<void> {
  await withClient(
    ownerUrl,
    async (client) => {
      const lost = await client.query('select name from tables_without_guess() name limit 1');
      if (lost.rowCount === 0) return;
      await waitForSetupLock(client);
      await client.query('select guess_statistics(name) from tables_without_guess() name');
    },
    OWNER_CONNECT_TIMEOUT_MS,
  );
}

/** @returns whether a migration's first line says that older code may run. */
export function letsOlderCodeRun(text: string): boolean {
  return OLDER_CODE_MARKER.test(text);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** @returns the migrations still to apply. @throws Error when files and database do not match. */
function missing(migrations: readonly Migration[], notes: readonly Note[]): Migration[] {
  const files = new Map(migrations.map((one) => [one.name, one]));
  for (const { name, sha256, olderCodeMayRun } of notes) {
    const file = files.get(name);
    if (!file && !olderCodeMayRun)
      throw new Error(
        `The database is newer than this program, which does not know its migration ${name}. Start the version that made it, or a newer one. To go back, restore the backup from before the upgrade.`,
      );
    if (file && file.sha256 !== sha256)
      throw new Error(
        `Migration ${name} was edited after it had been applied. Restore the file and put the change into a new one.`,
      );
  }
  const applied = new Set(notes.map(({ name }) => name));
  return migrations.filter(({ name }) => !applied.has(name));
}

/** @returns undefined when there are no notes yet, or only notes of an older version. */
async function readNotes(client: SetupClient): Promise<Note[] | undefined> {
  try {
    const text = `select name, sha256, older_code_may_run as "olderCodeMayRun"
      from schema_migrations
      order by name`;
    return (await client.query<Note>(text)).rows;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_NOTES.has(String(error.code))) return undefined;
    throw error;
  }
}

async function makeNotes(client: SetupClient): Promise<void> {
  await client.query(`create table if not exists schema_migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
  )`);
  // Earlier migrations get `false`: nobody has checked that older code may run with them.
  await client.query(
    'alter table schema_migrations add column if not exists older_code_may_run boolean not null default false',
  );
}

async function applyOne(client: SetupClient, { name, text, sha256 }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(text);
    await client.query('insert into schema_migrations (name, sha256, older_code_may_run) values ($1, $2, $3)', [
      name,
      sha256,
      letsOlderCodeRun(text),
    ]);
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
 * Refuses a server that may lose acknowledged writes.
 * @throws Error that names the settings.
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
