/**
 * The supervisor with real servers: however the last process ended, the next one starts and loses
 * no data.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/process/embeddedPostgres.js';
import { readPostmasterFile } from '../../src/process/embeddedPostgres/postmasterFile.js';
import { isAlive, waitForExit } from '../../src/process/embeddedPostgres/processes.js';

/** The promised time of a start after kill -9. */
const RESTART_LIMIT_MS = 5_000;
const SUPERVISOR = new URL('../../src/process/embeddedPostgres.js', import.meta.url).href;

describe('embedded PostgreSQL', () => {
  let root: string;
  /** A shared cluster for tests that need no empty folder: to set one up takes most of a second. */
  let dataDir: string;

  before(async () => {
    root = await mkdtemp(path.join(process.env['SERVIO_TEST_DIR'] ?? os.tmpdir(), 'supervisor-'));
    await chmod(root, 0o711);
    dataDir = path.join(root, 'shared');
  });

  after(async () => {
    // A failed test may have left a server running on either folder.
    for (const folder of [dataDir, path.join(root, 'race')]) await (await start(folder)).stop();
    await rm(root, { recursive: true, force: true });
  });

  test('sets up a UTF-8 cluster on an empty folder and lets nobody in without the password', async () => {
    const postgres = await start(dataDir);
    assert.equal(postgres.adopted, false);
    const [settings] = await rows<{ user: string; encoding: string; timezone: string; fsync: string }>(
      postgres.adminUrl,
      `select current_user as user,
              current_setting('server_encoding') as encoding,
              current_setting('timezone') as timezone,
              current_setting('fsync') as fsync`,
    );
    assert.deepEqual(settings, { user: 'servio_owner', encoding: 'UTF8', timezone: 'UTC', fsync: 'on' });

    const withoutPassword = new URL(postgres.adminUrl);
    assert.equal(withoutPassword.hostname, '127.0.0.1');
    withoutPassword.password = 'guess';
    await assert.rejects(rows(withoutPassword.href, 'select 1'), { code: '28P01' });
    const { mode } = await stat(path.join(dataDir, 'postgres.password'));
    assert.equal(mode & 0o777, 0o600);

    await postgres.stop();
    await postgres.stop();
    await assert.rejects(rows(postgres.adminUrl, 'select 1'), { code: 'ECONNREFUSED' });
  });

  test('gives up durability only when told to', async () => {
    const postgres = await start(dataDir, true);
    const [settings] = await rows(
      postgres.adminUrl,
      `select current_setting('fsync') as fsync, current_setting('max_connections') as connections`,
    );
    assert.deepEqual(settings, { fsync: 'off', connections: '300' });
    await postgres.stop();
  });

  test('adopts the server that a killed process left behind', async () => {
    const owner = await startInChild(dataDir);
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');

    const postgres = await startInTime(dataDir);
    assert.equal(postgres.adopted, true);
    assert.equal(postgres.adminUrl, owner.adminUrl);
    await postgres.stop();
    assert.equal(await serverPid(dataDir), undefined);
  });

  test('keeps committed rows when the server itself is killed, even under a busy backend', async () => {
    const first = await start(dataDir);
    await rows(first.adminUrl, 'create table kept (id int primary key)');
    await rows(first.adminUrl, 'insert into kept values (42)');
    const busy = assert.rejects(rows(first.adminUrl, 'select count(*) from generate_series(1, 10000000000)'));
    await until(async () => {
      const active = await rows(
        first.adminUrl,
        `select pid from pg_stat_activity where query like '%generate_series(1,%' and pid <> pg_backend_pid()`,
      );
      return active.length === 1;
    });
    process.kill((await serverPid(dataDir)) ?? 0, 'SIGKILL');

    const second = await startInTime(dataDir);
    assert.equal(second.adopted, false);
    assert.deepEqual(await rows(second.adminUrl, 'select id from kept'), [{ id: 42 }]);
    await busy;
    await first.stop();
    await second.stop();
  });

  test('brings a server that was killed back on its port', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    try {
      const killed = (await serverPid(dataDir)) ?? 0;
      process.kill(killed, 'SIGKILL');
      await waitForExit(killed, 2_000);
      await until(() =>
        rows(postgres.adminUrl, 'select 1').then(
          () => true,
          () => false,
        ),
      );
      assert.notEqual(await serverPid(dataDir), killed);
    } finally {
      await postgres.stop();
    }
    assert.equal(await serverPid(dataDir), undefined);
  });

  test('starts past a stale pid file: of a dead process, empty, or of another program', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    const pidFile = path.join(dataDir, 'postgres', 'postmaster.pid');
    try {
      for (const content of [pidFileOf(dead.pid, dataDir), '', pidFileOf(stranger.pid, dataDir)]) {
        await writeFile(pidFile, content);
        const postgres = await startInTime(dataDir);
        assert.equal(postgres.adopted, false);
        await postgres.stop();
      }
      assert.equal(await isAlive(stranger.pid ?? 0), true, 'the stranger was left alone');
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  test('starts past the lock of a process that died while starting', async () => {
    await writeFile(path.join(dataDir, 'postgres.lock'), '999999999 1');
    const postgres = await startInTime(dataDir);
    await postgres.stop();
  });

  test('replaces a server that lives but does not answer', async () => {
    const first = await start(dataDir);
    const mute = (await serverPid(dataDir)) ?? 0;
    process.kill(mute, 'SIGSTOP');
    const second = await startInTime(dataDir);
    assert.equal(second.adopted, false);
    assert.equal(await waitForExit(mute, 0), true);
    await first.stop();
    await second.stop();
  });

  test('sets up one cluster and one server when three processes start at once', async () => {
    const folder = path.join(root, 'race');
    const [child, one, two] = await Promise.all([startInChild(folder), start(folder), start(folder)]);
    assert.equal(new Set([child.adminUrl, one.adminUrl, two.adminUrl]).size, 1);
    assert.equal([child.adopted, one.adopted, two.adopted].filter(Boolean).length, 2);

    await Promise.all([one.stop(), two.stop()]);
    assert.deepEqual(await rows(child.adminUrl, 'select 1 as still'), [{ still: 1 }]);
    child.child.kill('SIGKILL');
    await once(child.child, 'exit');
  });

  test('keeps running at stop while another client is connected, and the last to leave stops it', async () => {
    const first = await start(dataDir);
    const second = await start(dataDir);
    assert.equal(second.adopted, true);
    await withClient(first.adminUrl, async (client) => {
      await first.stop();
      await second.stop();
      assert.equal((await client.query('select 1')).rowCount, 1);
    });
    const third = await start(dataDir);
    assert.equal(third.adopted, true);
    await third.stop();
    assert.equal(await serverPid(dataDir), undefined);
  });
});

function start(dataDir: string, ephemeral = false): Promise<EmbeddedPostgres> {
  // Several owners in one process: none may bring back what a test has killed for another.
  return startEmbeddedPostgres({ dataDir, ephemeral, revive: false, log: () => undefined });
}

async function startInTime(dataDir: string): Promise<EmbeddedPostgres> {
  const startedAt = performance.now();
  const postgres = await start(dataDir);
  await rows(postgres.adminUrl, 'select 1');
  const elapsedMs = performance.now() - startedAt;
  assert.ok(elapsedMs < RESTART_LIMIT_MS, `took ${Math.round(elapsedMs)} ms`);
  return postgres;
}

interface OtherProcess {
  child: ChildProcess;
  adminUrl: string;
  adopted: boolean;
}

/** Starts the server from a process that keeps it until it is killed. */
async function startInChild(dataDir: string): Promise<OtherProcess> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(SUPERVISOR)};
    const { adminUrl, adopted } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined });
    console.log(JSON.stringify({ adminUrl, adopted }));
    setTimeout(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line: unknown = JSON.parse(String((await once(child.stdout, 'data'))[0]));
  assert.ok(typeof line === 'object' && line !== null && 'adminUrl' in line && 'adopted' in line);
  return { child, adminUrl: String(line.adminUrl), adopted: line.adopted === true };
}

/** The type parameter is the test's own statement about its query. */
async function rows<Row extends object>(url: string, text: string): Promise<Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(text)).rows);
}

async function serverPid(dataDir: string): Promise<number | undefined> {
  return (await readPostmasterFile(path.join(dataDir, 'postgres')))?.pid;
}

/** The file as PostgreSQL writes it, with a status that claims readiness. */
function pidFileOf(pid: number | undefined, dataDir: string): string {
  return `${pid}\n${path.join(dataDir, 'postgres')}\n1700000000\n1\n\n127.0.0.1\n0 0\nready   \n`;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) assert.ok(Date.now() < deadline, 'the condition never came true');
}
