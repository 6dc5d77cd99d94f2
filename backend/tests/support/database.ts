/** A database of its own for each test file, cloned from the migrated template. */
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withClient } from '../../src/config/database.js';
import { ensureAppRole } from '../../src/config/appRole.js';
import { installJobs } from '../../src/config/jobSchema.js';
import { migrate } from '../../src/config/migrate.js';

export const TEMPLATE = 'servio_template';
export const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url));
/** Secret of the servers under test. */
export const TEST_SECRET = 'a secret that only the tests of this project use';

export interface TestDatabase {
  /** As the powerless application role. */
  appUrl: string;
  /**
   * As the owner, to set up tests and to read past the API. Row-level security does not bind it,
   * except in `createBoundDatabase`.
   */
  ownerUrl: string;
  drop(): Promise<void>;
}

/** @param template a database to clone that nobody is connected to. */
export async function createTestDatabase(template = TEMPLATE): Promise<TestDatabase> {
  const name = `servio_test_${randomBytes(6).toString('hex')}`;
  await withClient(
    adminUrl(),
    (client) => client.query(`create database ${name} template ${template} strategy file_copy`),
    10_000,
  );
  const ownerUrl = databaseUrl(name);
  return {
    appUrl: await ensureAppRole(ownerUrl, TEST_SECRET),
    ownerUrl,
    drop: async () => {
      await withClient(adminUrl(), (client) => client.query(`drop database if exists ${name} with (force)`), 10_000);
    },
  };
}

/**
 * A database as a hosting provider sets it up. Its owner is no superuser, so row-level security
 * binds it too. That owner also migrates it.
 * @param migrations a folder with those of an older program.
 */
export async function createBoundDatabase(migrations = MIGRATIONS): Promise<TestDatabase> {
  const name = `servio_test_${randomBytes(6).toString('hex')}`;
  const ownerUrl = new URL(databaseUrl(name));
  [ownerUrl.username, ownerUrl.password] = [`${name}_owner`, 'only of a test'];
  await withClient(adminUrl(), async (client) => {
    await client.query(`create role ${ownerUrl.username} login password '${decodeURIComponent(ownerUrl.password)}'`);
    await client.query(
      `create database ${name} owner ${ownerUrl.username} template template0 encoding 'UTF8' locale 'C.UTF-8'`,
    );
  });
  await migrate(ownerUrl.toString(), migrations);
  await installJobs(ownerUrl.toString());
  return {
    // Roles belong to the server: the application's has the password that it has for all tests.
    appUrl: await ensureAppRole(databaseUrl(name), TEST_SECRET),
    ownerUrl: ownerUrl.toString(),
    drop: () =>
      withClient(adminUrl(), async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
        await client.query(`drop role ${ownerUrl.username}`);
      }),
  };
}

/** An empty database on the schema of before a migration. */
export async function createOldDatabase(firstNew: string): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'servio-old-migrations-'));
  for (const name of await readdir(MIGRATIONS))
    if (name.endsWith('.sql') && name < firstNew) await copyFile(path.join(MIGRATIONS, name), path.join(folder, name));
  const name = `servio_test_${randomBytes(6).toString('hex')}`;
  await withClient(adminUrl(), (client) =>
    client.query(`create database ${name} template template0 encoding 'UTF8' locale 'C.UTF-8'`),
  );
  await migrate(databaseUrl(name), folder);
  await rm(folder, { recursive: true });
  return {
    ownerUrl: databaseUrl(name),
    appUrl: await ensureAppRole(databaseUrl(name), TEST_SECRET),
    drop: () =>
      withClient(adminUrl(), async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/** Superuser of the test cluster. */
export function adminUrl(): string {
  const url = process.env['SERVIO_TEST_ADMIN_URL'];
  if (!url) throw new Error('SERVIO_TEST_ADMIN_URL is missing: run the tests with `npm test`.');
  return url;
}

export function databaseUrl(name: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  return url.toString();
}
