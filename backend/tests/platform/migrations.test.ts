/**
 * Which program version may run on which schema: the same files, older files on a newer database,
 * edited files.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { letsOlderCodeRun, migrate } from '../../src/config/migrate.js';
import { createTestDatabase, MIGRATIONS, type TestDatabase } from '../support/database.js';

const SILENT = { name: '9001_silent.sql', text: '-- A table.\ncreate table newer_silent (id int);\n' };
const OPEN = {
  name: '9002_open.sql',
  text: '-- Older code may run: it does not know the table.\ncreate table newer_open (id int);\n',
};

describe('a database', () => {
  let database: TestDatabase;
  /** Files of the older and of the newer program. */
  let [older, newer] = ['', ''];

  beforeEach(async () => {
    database = await createTestDatabase();
    [older, newer] = [await copyOfMigrations(), await copyOfMigrations()];
  });
  afterEach(async () => {
    await database.drop();
    for (const folder of [older, newer]) await rm(folder, { recursive: true });
  });

  const upgrade = async (...files: { name: string; text: string }[]) => {
    for (const { name, text } of files) await writeFile(path.join(newer, name), text);
    return migrate(database.ownerUrl, newer);
  };
  const tables = async () =>
    withClient(database.ownerUrl, async (owner) => {
      const text = `select tablename from pg_tables where tablename ^@ 'newer_' or tablename = 'added' order by 1`;
      return (await owner.query<{ tablename: string }>(text)).rows.map(({ tablename }) => tablename);
    });

  test('that lacks nothing is left as it is', async () => {
    assert.deepEqual(await migrate(database.ownerUrl, older), []);
  });

  test('is refused to a program that does not know its newest migration, with the name of that', async () => {
    assert.deepEqual(await upgrade(OPEN, SILENT), [SILENT.name, OPEN.name]);
    await writeFile(path.join(older, '0999_own.sql'), 'create table added (id int);');
    await assert.rejects(migrate(database.ownerUrl, older), /newer than this program.*9001_silent\.sql.*backup/);
    assert.deepEqual(await tables(), ['newer_open', 'newer_silent'], 'nothing of the older program was applied');
    assert.deepEqual(await migrate(database.ownerUrl, newer), []);
  });

  test('is open to an older program when every newer migration says so in its first line', async () => {
    await upgrade(OPEN, { name: '9003_open.sql', text: OPEN.text.replace('newer_open', 'newer_too') });
    assert.deepEqual(await migrate(database.ownerUrl, older), []);
    await writeFile(path.join(older, '0999_own.sql'), 'create table added (id int);');
    assert.deepEqual(await migrate(database.ownerUrl, older), ['0999_own.sql']);
    assert.deepEqual(await tables(), ['added', 'newer_open', 'newer_too']);
  });

  test('is refused when the words stand elsewhere than in the first line, or are others', async () => {
    for (const text of [
      `\n${OPEN.text}`,
      `-- A table.\n${OPEN.text}`,
      OPEN.text.replace('Older', 'older'),
      OPEN.text.replace(': it does not know the table.', ''),
      OPEN.text.replace('may run', 'may not run'),
      OPEN.text.replace('-- ', '/* ').replace('\n', ' */\n'),
    ])
      assert.equal(letsOlderCodeRun(text), false, text);
    await upgrade({ ...OPEN, text: `-- A table.\n${OPEN.text}` });
    await assert.rejects(migrate(database.ownerUrl, older), /newer than this program.*9002_open\.sql/);
  });

  test('that was migrated before it noted who may run is taken over, and knows from then on', async () => {
    await withClient(database.ownerUrl, (owner) =>
      owner.query(`alter table schema_migrations drop column older_code_may_run;
        insert into schema_migrations (name, sha256) values ('0998_unknown.sql', 'x')`),
    );
    await assert.rejects(migrate(database.ownerUrl, older), /newer than this program.*0998_unknown\.sql/);
    await withClient(database.ownerUrl, (owner) =>
      owner.query(`delete from schema_migrations where name = '0998_unknown.sql'`),
    );
    assert.deepEqual(await upgrade(OPEN), [OPEN.name]);
    assert.deepEqual(await migrate(database.ownerUrl, older), []);
  });

  test('is refused when a migration was edited after it had been applied', async () => {
    const [first = ''] = (await readdir(older)).filter((name) => name.endsWith('.sql')).sort();
    await writeFile(path.join(older, first), `${await readFile(path.join(older, first), 'utf8')}-- edited\n`);
    await assert.rejects(migrate(database.ownerUrl, older), new RegExp(`Migration ${first} was edited`));
  });

  test('gets a set of migrations once from programs that come together', async () => {
    await writeFile(path.join(newer, OPEN.name), OPEN.text);
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database.ownerUrl, newer)));
    assert.deepEqual(applied.flat(), [OPEN.name]);
  });
});

test('a migration that speaks of older code in its first line does it in the form that is read', async () => {
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'));
  assert.ok(names.length > 10);
  for (const name of names) {
    const text = await readFile(path.join(MIGRATIONS, name), 'utf8');
    const [firstLine = ''] = text.split('\n');
    if (/older code|older program|older version/i.test(firstLine)) assert.ok(letsOlderCodeRun(text), name);
  }
});

async function copyOfMigrations(): Promise<string> {
  const folder = await mkdtemp(path.join(process.env['SERVIO_TEST_DIR'] ?? os.tmpdir(), 'migrations-'));
  for (const name of await readdir(MIGRATIONS)) await copyFile(path.join(MIGRATIONS, name), path.join(folder, name));
  return folder;
}
