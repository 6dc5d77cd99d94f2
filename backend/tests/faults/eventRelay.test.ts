/**
 * The relay under writers that roll back and commit late, with the database's owner bound by
 * row-level security: what was committed is in the feed once, dense, and in order for each subject.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { withClient } from '../../src/config/database.js';
import { createLogger } from '../../src/config/logger.js';
import { type Context, createContext } from '../../src/context.js';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { startApi, type TestApi } from '../support/api.js';
import { createBoundDatabase, type TestDatabase, TEST_SECRET } from '../support/database.js';

const WRITERS = 12;
const SUBJECTS = 30;
const DURATION_MS = Number(process.env['RELAY_SECONDS'] ?? 4) * 1_000;

interface Written {
  id: string;
  subjectId: string;
  /** Drawn under the subject's lock: the true order of its changes. */
  change: number;
}

describe('the relay of events', () => {
  let database: TestDatabase;
  let api: TestApi;
  let restaurants: string[];
  const contexts: Context[] = [];

  before(async () => {
    database = await createBoundDatabase();
    api = await startApi({ database });
    api.madeUpEvents = ['order.changed', 'menu_item.changed'];
    restaurants = [(await api.restaurant()).id, (await api.restaurant()).id];
    await withClient(database.ownerUrl, (owner) =>
      owner.query(`create table subjects (restaurant_id uuid not null, id uuid not null, changes int not null default 0);
        grant select, insert, update on subjects to servio_app`),
    );
    const log = createLogger('silent');
    for (let count = 0; count < 2; count += 1)
      contexts.push(createContext({ appUrl: database.appUrl, secret: TEST_SECRET, log }));
  });
  after(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await api.close();
    await database.drop();
  });

  /** Changes subjects in transactions that last, and of which a third is rolled back. */
  async function write(restaurantId: string, subjects: readonly string[], until: number): Promise<Written[]> {
    const committed: Written[] = [];
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    while (performance.now() < until) {
      const facts: Written[] = [];
      await client.query('begin');
      await client.query("select set_config('app.restaurant_id', $1, true)", [restaurantId]);
      for (let count = Math.random() < 0.3 ? 2 : 1; count > 0; count -= 1) {
        const subjectId = subjects[Math.floor(Math.random() * subjects.length)]!;
        // Subjects are locked in one order, so that writers do not deadlock.
        if (facts.some((fact) => fact.subjectId >= subjectId)) continue;
        const { rows } = await client.query<{ changes: number }>(
          'update subjects set changes = changes + 1 where restaurant_id = $1 and id = $2 returning changes',
          [restaurantId, subjectId],
        );
        const fact = { id: randomUUID(), subjectId, change: rows[0]!.changes };
        facts.push(fact);
        await client.query(
          `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
           values ($1, $2, 'order.changed', 'order', $3, $4, now() - random() * interval '1 minute')`,
          [restaurantId, fact.id, subjectId, { change: fact.change }],
        );
      }
      if (Math.random() < 0.2) await sleep(Math.random() * 60);
      const isKept = Math.random() < 0.67;
      await client.query(isKept ? 'commit' : 'rollback');
      if (isKept) committed.push(...facts);
    }
    await client.end();
    return committed;
  }

  test('passes by a restaurant whose rows are at fault, says so, and goes on with the others', async () => {
    const [faulty, sound] = restaurants.toSorted() as [string, string];
    await contexts[0]!.events.relay();
    const write = (app: pg.Client, restaurantId: string) =>
      app.query(
        `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
         values ($1, gen_random_uuid(), 'menu_item.changed', 'menu_item', $1, '{}', now())`,
        [restaurantId],
      );
    await withClient(database.ownerUrl, (owner) =>
      owner.query(`alter table event_feed add constraint fault check (restaurant_id <> '${faulty}') not valid`),
    );
    await withClient(database.appUrl, async (app) => {
      for (const restaurantId of [faulty, sound]) {
        await app.query("select set_config('app.restaurant_id', $1, false)", [restaurantId]);
        await write(app, restaurantId);
      }
    });
    const said: { fields: object; message: string }[] = [];
    const log = { warn: (fields: object, message: string) => said.push({ fields, message }) };
    const before = (await feedOf(sound)).length;
    const stop = keepRelayingEvents({ ...contexts[0]!, log });
    while ((await feedOf(sound)).length === before) await sleep(10);
    await sleep(600);
    await stop();
    assert.equal(said.length, 1, 'it is said once a minute');
    assert.match(said[0]!.message, /^events not relayed/);
    assert.match(JSON.stringify(said[0]!.fields), new RegExp(`${faulty}.*23514.*violates check constraint`));
    await withClient(database.ownerUrl, (owner) => owner.query('alter table event_feed drop constraint fault'));
    assert.equal(await contexts[0]!.events.relay(), 1, 'nothing was lost');
  });

  test('loses, doubles and turns round nothing, with two relays and late commits', async () => {
    const subjects = new Map(restaurants.map((id) => [id, Array.from({ length: SUBJECTS }, () => randomUUID())]));
    await withClient(database.appUrl, async (app) => {
      for (const [restaurantId, ids] of subjects)
        await app.query('insert into subjects (restaurant_id, id) select $1, unnest($2::uuid[])', [restaurantId, ids]);
    });
    const stops = contexts.map((context) => keepRelayingEvents(context));
    const until = performance.now() + DURATION_MS;
    const writes = Array.from({ length: WRITERS }, async (_, index) => {
      const restaurantId = restaurants[index % restaurants.length]!;
      return { restaurantId, written: await write(restaurantId, subjects.get(restaurantId)!, until) };
    });
    const writers = await Promise.all(writes);
    await Promise.all(stops.map((stop) => stop()));
    await contexts[0]!.events.relay();

    for (const restaurantId of restaurants) {
      const committed = writers.filter((one) => one.restaurantId === restaurantId).flatMap(({ written }) => written);
      const feed = await feedOf(restaurantId);
      const own = feed.filter(({ type }) => type === 'order.changed');
      assert.deepEqual(
        feed.map(({ position }) => position),
        feed.map((_, index) => index + 1),
        'positions are dense',
      );
      assert.ok(committed.length > 100, `only ${committed.length} events were committed`);
      assert.deepEqual(own.map(({ id }) => id).sort(), committed.map(({ id }) => id).sort());
      for (const subjectId of subjects.get(restaurantId)!) {
        const changes = own.filter((event) => event.subjectId === subjectId).map(({ change }) => change);
        assert.deepEqual(
          changes,
          changes.toSorted((a, b) => a - b),
          `changes of ${subjectId} are in order`,
        );
      }
    }
    assert.deepEqual(await contexts[0]!.events.backlog(), { waiting: 0, oldestSeconds: 0 });
  });

  async function feedOf(restaurantId: string) {
    return withClient(database.appUrl, async (app) => {
      await app.query("select set_config('app.restaurant_id', $1, false)", [restaurantId]);
      const { rows } = await app.query<{
        position: number;
        id: string;
        type: string;
        subjectId: string;
        change: number;
      }>(
        `select position, event_id as id, type, subject_id as "subjectId", (data ->> 'change')::int as change
         from event_feed order by position`,
      );
      return rows;
    });
  }

  test('lets the application read the feed, and write neither it nor the cursors', async () => {
    for (const statement of [
      'insert into event_cursors (restaurant_id) values (gen_random_uuid())',
      'update event_cursors set position = 0',
      'delete from event_feed',
      'select relay_events_of(gen_random_uuid(), 1)',
      "select make_event_partition('2030-01-01')",
      'delete from events',
    ])
      await assert.rejects(
        withClient(database.appUrl, (app) => app.query(statement)),
        { code: '42501' },
        statement,
      );
  });

  test('keeps three months ahead and drops the ones that are over', async () => {
    const partitions = (): Promise<string[]> =>
      withClient(database.ownerUrl, async (owner) => {
        const { rows } = await owner.query<{ name: string }>(
          `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = 'event_feed'::regclass order by 1`,
        );
        return rows.map(({ name }) => name);
      });
    const usual = await partitions();
    assert.equal(usual.length, 3);
    await withClient(database.ownerUrl, (owner) => owner.query("select make_event_partition('2020-01-01')"));
    await withClient(database.ownerUrl, (owner) => owner.query(`drop table ${usual[2]}`));
    await contexts[0]!.events.keepPartitions();
    assert.deepEqual(await partitions(), usual);
  });
});
