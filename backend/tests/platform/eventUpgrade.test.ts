/**
 * A database of the release before the feed, with events of a year, whose owner is no superuser.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { createLogger } from '../../src/config/logger.js';
import { migrate } from '../../src/config/migrate.js';
import { createContext } from '../../src/context.js';
import { createBoundDatabase, MIGRATIONS, type TestDatabase, TEST_SECRET } from '../support/database.js';

const FIRST_OF_FEED = '0046_event_feed.sql';
const RESTAURANT = '01940000-0000-7000-8000-000000000001';
const REMOVED = '01940000-0000-7000-8000-000000000002';
const EVENTS = 4_000;

describe('events from before the feed', () => {
  let folder: string;
  let database: TestDatabase;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'servio-before-feed-'));
    for (const name of await readdir(MIGRATIONS))
      if (name.endsWith('.sql') && name < FIRST_OF_FEED)
        await copyFile(path.join(MIGRATIONS, name), path.join(folder, name));
    database = await createBoundDatabase(folder);
  });
  after(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  /** One event a minute up to now, of ten subjects in turn; `ages` in minutes. */
  const write = (client: pg.Client, restaurantId: string, from: number, to: number, minutesAgo: string) =>
    client.query(
      `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
       select $1::uuid, ('01940000-0000-7000-8000-' || lpad((case when $1::uuid = $4::uuid then 900000 else 0 end + n)::text, 12, '0'))::uuid,
         'order.changed', 'order', ('01940000-0000-7000-9000-' || lpad((n % 10)::text, 12, '0'))::uuid,
         jsonb_build_object('change', n), now() - (${minutesAgo}) * interval '1 minute'
       from generate_series($2::int, $3::int) n`,
      [restaurantId, from, to, REMOVED],
    );

  test('are in the feed in the order of time, and those of the last 30 days only', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    for (const id of [RESTAURANT, REMOVED]) {
      await owner.query("select set_config('app.restaurant_id', $1, false)", [id]);
      await owner.query(
        `insert into restaurants (id, name, currency, timezone, business_day_cutoff_hour, created_at, updated_at)
         values ($1, 'before', 'EUR', 'UTC', 4, now(), now())`,
        [id],
      );
      if (id === REMOVED) await write(owner, id, 1, 1_000, '1');
    }
    await owner.query("select set_config('app.restaurant_id', $1, false)", [RESTAURANT]);
    // Half are over 30 days old. The others begin behind the removed ones and end in their place.
    await write(owner, RESTAURANT, 1, EVENTS / 2, '50000 - n');
    await write(owner, RESTAURANT, EVENTS / 2 + 1, EVENTS - 500, `${EVENTS} - n`);
    await owner.query("select set_config('app.restaurant_id', $1, false)", [REMOVED]);
    await owner.query('delete from events where restaurant_id = $1', [REMOVED]);
    await owner.query('vacuum events');
    await owner.query("select set_config('app.restaurant_id', $1, false)", [RESTAURANT]);
    await write(owner, RESTAURANT, EVENTS - 499, EVENTS, `${EVENTS} - n`);
    const { rows: places } = await owner.query<{ isTurned: boolean }>(
      `select bool_or(before > ctid) as "isTurned" from (select ctid, lag(ctid) over (order by id) as before from events) e`,
    );
    assert.equal(places[0]?.isTurned, true, 'the order of the table is not that of time');
    await migrate(database.ownerUrl, MIGRATIONS);

    const context = createContext({ appUrl: database.appUrl, secret: TEST_SECRET, log: createLogger('silent') });
    while ((await context.events.relay()) > 0);
    await context.close();
    const { rows } = await owner.query<{ position: number; change: number }>(
      `select position::int as position, (data ->> 'change')::int as change from event_feed where restaurant_id = $1 order by position`,
      [RESTAURANT],
    );
    await owner.end();
    assert.deepEqual(
      rows,
      Array.from({ length: EVENTS / 2 }, (_, index) => ({ position: index + 1, change: EVENTS / 2 + 1 + index })),
    );
  });
});
