/** The schema of the jobs: who may do what in it, how it is upgraded, and what payloads contain. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { getMigrationPlans, getRollbackPlans } from 'pg-boss';
import { type SetupClient, withClient } from '../../src/config/database.js';
import { installJobs } from '../../src/config/jobSchema.js';
import { assertPayload, JOB_KINDS, type JobKind } from '../../src/domain/job/jobKinds.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { JobLost } from '../../src/services/job/claims.js';
import { startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { createBoundDatabase, type TestDatabase } from '../support/database.js';
import { JobRoom, TEST_KIND, until } from '../support/jobRoom.js';

const KINDS = { 'test.plain': TEST_KIND, 'test.ordered': { ...TEST_KIND, ordered: true } };
/** pg-boss 12.35.0. */
const OLD_VERSION = 43;

let database: TestDatabase;
let api: TestApi;
let room: JobRoom;
let home: TestRestaurant;

before(async () => {
  database = await createBoundDatabase();
  api = await startApi({ database });
  room = await JobRoom.open(api, KINDS);
  home = await api.restaurant();
});
afterEach(() => room.close());
after(async () => {
  await api.close();
  await database.drop();
});

const asOwner = <T>(work: (client: SetupClient) => Promise<T>): Promise<T> => withClient(database.ownerUrl, work);
const send = (kind = 'test.plain', key?: string) =>
  room.send(kind, { restaurantId: home.id, thingId: randomUUID() }, key === undefined ? {} : { key });
const isDone = (id: string) => async (): Promise<boolean> =>
  (await api.get(`/v1/jobs/${id}`, { token: home.token })).body.state === 'done';

describe('the schema of the jobs, with an owner that is no superuser', () => {
  test('belongs to the owner alone; a second start changes nothing', async () => {
    assert.equal(await installJobs(database.ownerUrl, { ...JOB_KINDS, ...KINDS }), 'nothing');
    await asOwner(async (client) => {
      const owners = await client.query(
        `select distinct pg_get_userbyid(relowner) as owner from pg_class
         where relnamespace = 'jobs'::regnamespace and relkind in ('r', 'p')`,
      );
      assert.deepEqual(owners.rows, [{ owner: new URL(database.ownerUrl).username }]);
    });
  });

  test('lets the application work, and refuses to change its tables', async () => {
    const stop = await room.work({ 'test.plain': () => Promise.resolve(undefined) });
    const id = await send();
    await until(isDone(id));
    await stop();
    await withClient(database.appUrl, async (client) => {
      for (const text of ['create table jobs.mine (id int)', 'drop table jobs.job', 'alter table jobs.queue add x int'])
        await assert.rejects(client.query(text), /permission denied|must be owner/);
    });
  });

  test('is upgraded with jobs in it, and the jobs then run in their order', async () => {
    await asOwner(async (client) => {
      for (let version = 46; version > OLD_VERSION; version -= 1) await client.query(getRollbackPlans('jobs', version));
      await client.query('comment on schema jobs is null');
      assert.deepEqual((await client.query('select version from jobs.version')).rows, [{ version: OLD_VERSION }]);
      for (const order of [1, 2, 3])
        await client.query(
          `insert into jobs.job (id, name, data, policy, singleton_key, created_on)
           values ($1, 'test.ordered', $2, 'key_strict_fifo', 'one key', now() + $3 * interval '1 ms')`,
          [`01941f29-7c00-7000-8000-00000000000${order}`, { restaurantId: home.id, thingId: randomUUID() }, order],
        );
    });
    assert.equal(await installJobs(database.ownerUrl, { ...JOB_KINDS, ...KINDS }), 'upgraded');
    const ran: string[] = [];
    const stop = await room.work({
      'test.ordered': ({ attempt }) => {
        ran.push(attempt.id.slice(-1));
        return Promise.resolve(undefined);
      },
    });
    await until(() => ran.length === 3);
    assert.deepEqual(ran, ['1', '2', '3']);
    await stop();
    await asOwner(async (client) => {
      const invalid = `select 1 from pg_index where not indisvalid and indrelid = 'jobs.job_common'::regclass`;
      assert.equal((await client.query(invalid)).rowCount, 0);
      const wanted = [...getMigrationPlans('jobs', OLD_VERSION).matchAll(/INDEX CONCURRENTLY IF NOT EXISTS (\w+)/g)];
      assert.ok(wanted.length > 0);
      for (const [, name] of wanted)
        assert.equal((await client.query('select 1 from pg_class where relname = $1', [name])).rowCount, 1, name);
    });
  });

  test('is refused when it is newer than the program', async () => {
    await asOwner((client) => client.query('update jobs.version set version = 999; comment on schema jobs is null'));
    await assert.rejects(installJobs(database.ownerUrl), /version 999.*newer one/);
    await asOwner((client) => client.query('update jobs.version set version = 46'));
    assert.equal(await installJobs(database.ownerUrl, { ...JOB_KINDS, ...KINDS }), 'adjusted');
  });
});

describe('payloads', () => {
  test('contain only the listed keys, and only ids', async () => {
    const kinds = Object.entries<JobKind>(JOB_KINDS);
    for (const [name, { keys }] of kinds) {
      assert.deepEqual(
        keys.filter((key) => !/^[a-z]\w*Id$/.test(key)),
        [],
        name,
      );
      assert.ok(keys.length === 0 || keys[0] === 'restaurantId', `${name}: the restaurant comes first`);
    }
    const { rows } = await asOwner((client) =>
      client.query<{ name: string; data: object | null }>('select name, data from jobs.job'),
    );
    assert.ok(rows.length > 0);
    for (const { name, data } of rows) {
      if (name.startsWith('__pgboss__')) continue;
      assertPayload(name, { ...JOB_KINDS, ...KINDS }[name as 'import.run'], { ...data });
    }
  });

  test('with another key, a name or no restaurant are refused', () => {
    const good = { restaurantId: randomUUID(), uploadId: randomUUID() };
    assertPayload('import.run', JOB_KINDS['import.run'], good);
    for (const bad of [{ ...good, name: 'Mia' }, { ...good, uploadId: 'Mia' }, { uploadId: good.uploadId }, {}])
      assert.throws(() => assertPayload('import.run', JOB_KINDS['import.run'], bad), /payload of import\.run/);
  });
});

describe('one restaurant with 10,000 jobs', () => {
  test('delays the job of another one by no more than a second or two', async () => {
    const kinds = { 'test.fair': { ...TEST_KIND, atOnce: 4, perRestaurant: 2 } };
    const fair = await JobRoom.open(api, kinds);
    const other = await api.restaurant();
    const things = Array.from({ length: 10_000 }, () => ({ restaurantId: home.id, thingId: randomUUID() }));
    await api.context.unitOfWork.run({ restaurantId: home.id } as never, (tx) =>
      fair.jobs.sendAll(tx, 'test.fair' as never, things as never),
    );
    let [most, running, ran] = [0, 0, 0];
    let otherAt: number | undefined;
    const stop = await fair.work({
      'test.fair': async ({ payload }) => {
        if (payload['restaurantId'] === other.id) {
          otherAt = performance.now();
          return undefined;
        }
        running += 1;
        ran += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        return undefined;
      },
    });
    await until(() => ran > 20);
    const sentAt = performance.now();
    await fair.send('test.fair', { restaurantId: other.id, thingId: randomUUID() });
    await until(() => otherAt !== undefined, 5_000);
    const waitedMs = (otherAt ?? Infinity) - sentAt;
    console.log(`behind 10,000 jobs: ${Math.round(waitedMs)} ms; most at once of the busy restaurant: ${most}`);
    assert.ok(waitedMs < 2_000, `${waitedMs} ms`);
    assert.ok(most <= 2, `${most} at once`);
    await stop();
    await fair.close();
  });
});

describe('the removal of a demo', () => {
  test('reaches its jobs; one that runs meanwhile stores nothing', async () => {
    const demo = randomUUID();
    await asOwner(async (client) => {
      await client.query(`select set_config('app.restaurant_id', $1, false)`, [demo]);
      await client.query(
        `insert into restaurants
         select (jsonb_populate_record(r, jsonb_build_object('id', $1::uuid, 'demo_expires_at', now() - interval '1 minute'))).*
         from restaurants r
         where r.id = $2`,
        [demo, home.id],
      );
    });
    let goOn = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (goOn = resolve));
    const ends: string[] = [];
    const stop = await room.work({
      'test.plain': async ({ attempt, payload }) => {
        if (payload['restaurantId'] !== demo) return undefined;
        await isHeld;
        await assert.rejects(
          api.context.unitOfWork.run(systemCall(demo, 'test'), (tx) => room.jobs.finish(tx, attempt, null)),
          JobLost,
        );
        ends.push('lost');
        return undefined;
      },
    });
    const running = await room.send('test.plain', { restaurantId: demo, thingId: randomUUID() });
    const isRunning = `select 1 from jobs.job where id = $1 and state = 'active'`;
    await until(async () => (await asOwner((client) => client.query(isRunning, [running]))).rowCount === 1);
    const tomorrow = new Date(Date.now() + 86_400_000);
    const waiting = await room.send(
      'test.plain',
      { restaurantId: demo, thingId: randomUUID() },
      { startAfter: tomorrow },
    );
    const mine = await room.send(
      'test.plain',
      { restaurantId: home.id, thingId: randomUUID() },
      { startAfter: tomorrow },
    );
    await api.context.demo.removeExpired();
    goOn();
    await until(() => ends.length === 1);
    await stop();
    await asOwner(async (client) => {
      const { rows } = await client.query('select id from jobs.job where id = any ($1)', [[running, waiting, mine]]);
      assert.deepEqual(rows, [{ id: mine }]);
    });
  });
});
