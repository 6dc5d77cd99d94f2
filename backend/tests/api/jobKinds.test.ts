/**
 * What the kinds of jobs do: large imports, the digest of low stock, and the commands of operators.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { operateQueues } from '../../src/commands/operateQueues.js';
import { withClient } from '../../src/config/database.js';
import { JOB_KINDS } from '../../src/domain/job/jobKinds.js';
import { watchBackground } from '../../src/jobs/background.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { csv, ImportClient, PLAIN } from '../support/importClient.js';
import { JobRoom, until } from '../support/jobRoom.js';
import { expectProblem } from '../support/problem.js';

/** At six in the morning in UTC, of the day of the test. */
const MORNING = new Date(`${new Date().toISOString().slice(0, 10)}T06:30:00Z`);

let api: TestApi;
let room: JobRoom;
let home: TestRestaurant;

before(async () => {
  api = await startApi({ clock: () => MORNING });
  room = await JobRoom.open(api, {});
  home = await api.restaurant({ timezone: 'UTC' });
});
afterEach(() => room.close());
after(() => api.close());

const read = async (id: string): Promise<Json> =>
  expectStatus(200, await api.get(`/v1/jobs/${id}`, { token: home.token }));
const rowsOf = (text: string, values: unknown[] = []): Promise<Json[]> =>
  withClient(api.database.ownerUrl, async (client) => (await client.query(text, values)).rows);

/** A bit more than a megabyte. */
const large = (count = 12_000): string =>
  csv(
    ...Array.from(
      { length: count },
      (_, order) => `${order},2025-03-01T12:00:00,${'Dish '.repeat(13)}${order % 9},1,10.00`,
    ),
  );

describe('an import of more than a megabyte', () => {
  test('is a job; its file is kept until it has run, and then removed', async () => {
    const imports = new ImportClient(api);
    const headers = { 'Idempotency-Key': 'one-import' };
    const sent = await imports.send(home.token, large(), PLAIN, { headers });
    assert.equal(sent.status, 202, sent.text);
    assert.equal(sent.body.state, 'queued');
    const again = await imports.send(home.token, large(), PLAIN, { headers });
    assert.deepEqual([again.status, again.body.id], [202, sent.body.id], 'a repeated request makes no second job');
    const bytes = await rowsOf(
      'select sum(length(bytes))::int as bytes from import_upload_parts where restaurant_id = $1',
      [home.id],
    );
    assert.equal(bytes[0].bytes, Buffer.byteLength(large()));
    await room.work({});
    await until(async () => (await read(sent.body.id)).state === 'done');
    const { importId } = (await read(sent.body.id)).result;
    const done = expectStatus(200, await api.get(`/v1/imports/${importId}`, { token: home.token }));
    assert.deepEqual([done.status, done.ordersCreated], ['completed', 12_000]);
    assert.deepEqual(await rowsOf('select 1 from import_uploads'), []);
    const [event] = await rowsOf(`select actor_kind as kind, actor_id as id from audit_log where subject_id = $1`, [
      importId,
    ]);
    assert.deepEqual(event, { kind: 'user', id: home.userId }, 'the person who sent the file has imported it');
  });

  test('that no mapping fits fails for good, says why, and runs again when it is retried', async () => {
    const sent = await new ImportClient(api).send(home.token, large(), { ...PLAIN, item: 'missing' });
    await room.work({});
    await until(async () => (await read(sent.body.id)).state === 'failed');
    const { error, attempts } = await read(sent.body.id);
    assert.equal(error.code, 'invalid_request');
    assert.match(error.message, /missing/);
    assert.equal(attempts, 1);
    assert.equal((await rowsOf('select 1 from import_uploads')).length, 1, 'a retry needs the file');
    expectStatus(200, await api.post(`/v1/jobs/${sent.body.id}/cancel`, undefined, { token: home.token }));
    await api.context.deferredImports.forget(() => false);
    assert.deepEqual(await rowsOf('select 1 from import_uploads'), []);
  });

  test('waits with at most four others of its restaurant', async () => {
    const imports = new ImportClient(api);
    const other = await api.restaurant();
    for (let count = 0; count < 5; count += 1)
      assert.equal((await imports.send(other.token, large(), PLAIN)).status, 202);
    const { detail } = expectProblem(503, await imports.send(other.token, large(), PLAIN));
    assert.match(detail, /Send this one when a job has ended, or end one with/);
  });

  test('that is sent several times at once under one key is stored once', async () => {
    const imports = new ImportClient(api);
    const other = await api.restaurant();
    const headers = { 'Idempotency-Key': 'at-once' };
    const sent = await Promise.all(
      Array.from({ length: 4 }, () => imports.send(other.token, large(), PLAIN, { headers })),
    );
    const ids = new Set(sent.filter(({ status }) => status === 202).map(({ body }) => body.id));
    assert.equal(ids.size, 1);
    const kept = await rowsOf('select job_id as id from import_uploads where restaurant_id = $1', [other.id]);
    assert.deepEqual(kept, [{ id: [...ids][0] }]);
  });

  test('takes the place of a file that only a retry would need', async () => {
    const imports = new ImportClient(api);
    const other = await api.restaurant();
    const send = async (item: string): Promise<string> => {
      const sent = await imports.send(other.token, large(), { ...PLAIN, item });
      assert.equal(sent.status, 202, sent.text);
      return sent.body.id;
    };
    const stateOf = async (id: string): Promise<Json> =>
      expectStatus(200, await api.get(`/v1/jobs/${id}`, { token: other.token }));
    const stop = await room.work({});
    const failed: string[] = [];
    for (let count = 0; count < 5; count += 1) failed.push(await send('missing'));
    for (const id of failed) await until(async () => (await stateOf(id)).state === 'failed');
    await stop();
    const together = await Promise.all(Array.from({ length: 6 }, () => imports.send(other.token, large(), PLAIN)));
    assert.deepEqual(
      together.map(({ status }) => status).sort((a, b) => a - b),
      [202, 202, 202, 202, 202, 503],
    );
    const kept = await rowsOf('select 1 from import_uploads where restaurant_id = $1', [other.id]);
    assert.equal(kept.length, 5);
    expectStatus(200, await api.post(`/v1/jobs/${failed[0]}/retry`, undefined, { token: other.token }));
    await room.work({});
    await until(async () => (await stateOf(failed[0]!)).state === 'failed');
    assert.match((await stateOf(failed[0]!)).error.message, /no longer kept. Send it again/);
    for (const id of failed)
      expectStatus(200, await api.post(`/v1/jobs/${id}/cancel`, undefined, { token: other.token }));
  });
});

describe('a server that does no background work', () => {
  test('tells as metrics that jobs and events wait, and that no worker looks', async () => {
    await api.restaurant();
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query(`update jobs.queue set monitor_on = now() - interval '1 hour' where name = 'demos.remove'`),
    );
    const stop = watchBackground(api.context, 20);
    const figure = async (name: string): Promise<number> =>
      Number(
        (await api.get('/health/metrics')).text
          .split('\n')
          .find((line) => line.startsWith(name))
          ?.split(' ')[1],
      );
    await until(async () => (await figure('servio_queue_depth{queue="events"}')) > 0);
    await until(async () => (await figure('servio_queue_figures_age_seconds')) >= 3_600);
    await stop();
  });
});

const FLOUR = { name: 'Flour', unit: 'kg', reorderPoint: '5', openingQuantity: '2', unitCost: '100' };

describe('the digest of low stock', () => {
  test('is one event of each restaurant whose morning it is, and once a day', async () => {
    // A new one: the calls of the tests before count towards the limit of the first.
    const low = await api.restaurant({ timezone: 'UTC' });
    const far = await api.restaurant({ timezone: 'Asia/Tokyo' });
    const full = await api.restaurant({ timezone: 'UTC' });
    for (const { token } of [low, far]) expectStatus(201, await api.post('/v1/inventory-items', FLOUR, { token }));
    await room.work({});
    const { stockDigest } = api.context;
    await stockDigest.sendDue(() => false);
    await stockDigest.sendDue(() => false);
    const ended = `select 1 from jobs.job
      where name = 'stock.digest' and state = 'completed' and data ->> 'restaurantId' = any ($1)`;
    await until(async () => (await rowsOf(ended, [[low.id, full.id]])).length >= 2);
    // The worker relays events too.
    const events = await rowsOf(`
      select restaurant_id as id, data from events where type = 'stock.low_digest'
      union all
      select restaurant_id, data from event_feed where type = 'stock.low_digest'`);
    assert.deepEqual(
      events.map(({ id }) => id),
      [low.id],
      `${far.id} sleeps and ${full.id} has enough`,
    );
    const [{ name, currentQuantity, reorderPoint }] = events[0].data.items;
    assert.deepEqual([name, Number(currentQuantity), Number(reorderPoint)], ['Flour', 2, 5]);
  });
});

describe('servio jobs', () => {
  const operate = async (...args: string[]): Promise<{ code: number; text: string }> => {
    let text = '';
    const stream = { write: (piece: string) => (text += piece) };
    return { code: await operateQueues(args, api.context, { out: stream, err: stream }), text };
  };

  test('lists every queue, pauses one and resumes it', async () => {
    for (const kind of Object.keys(JOB_KINDS))
      assert.match((await operate()).text, new RegExp(`^${kind} .*queued`, 'm'));
    assert.deepEqual(await operate('pause', 'import.run'), {
      code: 0,
      text: 'import.run is paused: running jobs end, and no other one begins.\n',
    });
    const sent = await new ImportClient(api).send(home.token, large(), PLAIN);
    await room.work({});
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal((await read(sent.body.id)).state, 'queued');
    assert.match((await operate()).text, /^import\.run .*paused$/m);
    await operate('resume', 'import.run');
    await until(async () => (await read(sent.body.id)).state === 'done');
  });

  test('refuses an unknown queue and a wrong word', async () => {
    for (const action of ['pause', 'retry']) {
      const { code, text } = await operate(action, 'nothing');
      assert.equal(code, 1);
      assert.match(text, /^There is no queue nothing. Queues: import.run, /);
    }
    assert.equal((await operate('delete', 'import.run')).code, 2);
    assert.deepEqual(await operate('retry', 'import.run'), {
      code: 0,
      text: '0 failed jobs of import.run run again.\n',
    });
  });
});
