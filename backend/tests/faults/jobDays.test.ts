/** Background work of real servers: through several days, and once per machine. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PgBoss } from 'pg-boss';
import { type SetupClient, withClient } from '../../src/config/database.js';
import { embeddedAdminUrl } from '../support/embeddedServer.js';
import { until } from '../support/jobRoom.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';

/** Longer than every interval of the supervision and of the schedule's first pass. */
const DAY_MS = 12_000;

let dataDir: string;
before(async () => {
  dataDir = await makeDataDir();
});
after(() => removeDataDir(dataDir));

/** Moves the clock of the jobs: every statement of pg-boss reads it through this function. */
async function setDay(client: SetupClient, day: number): Promise<void> {
  await client.query(
    `create or replace function jobs.job_now() returns timestamptz language sql stable as
     $$ select pg_catalog.now() + interval '${day} days' $$`,
  );
}

const asAdmin = async <T>(work: (client: SetupClient) => Promise<T>): Promise<T> =>
  withClient(await embeddedAdminUrl(dataDir), work);
const logOf = (): Promise<string> => readFile(path.join(dataDir, 'postgres.log'), 'utf8');

describe('a server with the rights of servio_app', () => {
  test('works through two more days without one refusal in the log of PostgreSQL', async () => {
    const server = await ServerProcess.start(dataDir);
    try {
      // The partition of the statistics of the second day is missing, as in an installation whose
      // owner looks in only at upgrades.
      for (const day of [0, 1, 2]) {
        await asAdmin((client) => setDay(client, day));
        const end = performance.now() + DAY_MS;
        await asAdmin((client) =>
          client.query(
            `insert into jobs.job (name, data, policy, start_after, created_on)
             values ('demos.remove', '{}', 'standard', jobs.job_now(), jobs.job_now())`,
          ),
        );
        const done = `select count(*)::int as count from jobs.job
          where name = 'demos.remove' and state = 'completed' and completed_on > now() + ($1 - 0.5) * interval '1 day'`;
        await until(async () => (await asAdmin((client) => client.query(done, [day]))).rows[0].count > 0);
        await sleep(Math.max(0, end - performance.now()));
      }
      const figures = await asAdmin((client) =>
        client.query(
          `select min(monitor_on) > now() + interval '1.9 days' as "areFresh" from jobs.queue where name not like '\\_\\_%'`,
        ),
      );
      assert.deepEqual(figures.rows, [{ areFresh: true }], 'the supervision went on in every day');
    } finally {
      await server.stop();
    }
    assert.doesNotMatch(await logOf(), /permission denied|must be owner/);
  });

  test('would be refused with the settings that pg-boss has by default', async () => {
    const server = await ServerProcess.start(dataDir, { BACKGROUND: 'off' });
    const errors: string[] = [];
    const boss = new PgBoss({
      connectionString: await embeddedAdminUrl(dataDir),
      options: '-c role=servio_app',
      schema: 'jobs',
      migrate: false,
      persistQueueStats: true,
      superviseIntervalSeconds: 1,
      monitorIntervalSeconds: 1,
      maintenanceIntervalSeconds: 1,
    });
    boss.on('error', (error) => errors.push(error.message));
    try {
      await asAdmin((client) => setDay(client, 5));
      await boss.start();
      await until(() => errors.some((message) => /permission denied|must be owner/.test(message)), 30_000);
    } finally {
      await boss.stop({ graceful: false });
      await server.stop();
    }
  });
});

describe('two web workers of one machine', () => {
  test('have one dispatcher; when its process dies, the successor has it', async () => {
    const server = await ServerProcess.start(dataDir, { WEB_CONCURRENCY: '2' });
    try {
      await asAdmin((client) => setDay(client, 0));
      const dispatchers = async (): Promise<number[]> =>
        (
          await asAdmin((client) =>
            client.query(
              `select distinct client_port, pid from pg_stat_activity where application_name = 'servio-jobs'`,
            ),
          )
        ).rows.map(({ pid }) => pid);
      const webWorkers = async (background: boolean): Promise<number[]> => {
        const { stdout } = await promisify(execFile)('pgrep', ['-P', String(server.child.pid), 'node']);
        const pids = stdout.trim().split('\n').map(Number);
        const environments = await Promise.all(
          pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
        );
        return pids.filter((_, index) => environments[index]?.split('\0').includes(`BACKGROUND=${background}`));
      };
      await until(async () => (await dispatchers()).length > 0);
      const [working = 0, ...others] = await webWorkers(true);
      assert.deepEqual(others, [], 'one worker of the machine has the dispatcher');
      const before = await dispatchers();
      // The web worker that has no dispatcher changes nothing when it dies.
      const [idle = 0] = await webWorkers(false);
      process.kill(idle, 'SIGKILL');
      await until(async () => (await webWorkers(false)).some((pid) => pid !== idle), 60_000);
      assert.deepEqual(await webWorkers(true), [working]);
      process.kill(working, 'SIGKILL');
      await until(async () => !(await dispatchers()).some((pid) => before.includes(pid)), 30_000);
      await until(async () => (await dispatchers()).length > 0, 60_000);
      assert.equal((await webWorkers(true)).length, 1);
      assert.ok((await dispatchers()).length <= 4, 'the connections of one dispatcher');
    } finally {
      await server.stop();
    }
  });

  test('run no jobs with BACKGROUND=off', async () => {
    const server = await ServerProcess.start(dataDir, { BACKGROUND: 'off' });
    try {
      await sleep(1_500);
      const found = `select 1 from pg_stat_activity where application_name = 'servio-jobs'`;
      assert.equal((await asAdmin((client) => client.query(found))).rowCount, 0);
    } finally {
      await server.stop();
    }
  });
});
