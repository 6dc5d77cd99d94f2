/**
 * Removal of expired demos: which rows it deletes, several removals at once, and a removal stopped
 * halfway.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type SetupClient, withClient } from '../../src/config/database.js';
import { migrate } from '../../src/config/migrate.js';
import { repeat } from '../../src/jobs/repeat.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { adminUrl, databaseUrl } from '../support/database.js';
import { digestRows } from '../support/rows.js';

const HOUR_MS = 3_600_000;
/** More than one transaction takes. */
const MANY_ROWS = 5_000;
const START = Date.now() - 100 * HOUR_MS;
const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * One sentence for each table whose rows could not be removed: the order of deletion is wrong, or a
 * trigger keeps the rows for ever.
 */
const FAULTS = `
  with places as (
    select name::oid as oid, ordinality as place from tables_of_restaurants() with ordinality
  )
  select format('%s refers to %s in a circle', k.conrelid::regclass, k.confrelid::regclass) as fault
  from pg_constraint k
  join places child on child.oid = k.conrelid
  join places parent on parent.oid = k.confrelid
  where k.contype = 'f' and k.conrelid <> k.confrelid and child.place > parent.place
  union all
  select format('%s keeps its rows by %s, which does not ask is_demo_removal()', t.tgrelid::regclass, p.proname)
  from pg_trigger t
  join places on places.oid = t.tgrelid
  join pg_proc p on p.oid = t.tgfoid
  where not t.tgisinternal and t.tgtype & 8 > 0 and p.prosrc ~* 'raise exception'
    and p.prosrc || pg_get_triggerdef(t.oid) !~ 'is_demo_removal'`;

const TABLE = `create table planted (restaurant_id uuid not null references restaurants (id), id uuid not null,
    order_id uuid, twin_id uuid, primary key (restaurant_id, id),
    foreign key (restaurant_id, order_id) references orders (restaurant_id, id),
    foreign key (restaurant_id, twin_id) references planted (restaurant_id, id));
  select protect_tenant_table('planted', 'select, insert');`;

let api: TestApi;
let second: TestApi;
let restaurant: TestRestaurant;
let now = START;

before(async () => {
  const clock = () => new Date(now);
  api = await startApi({ clock });
  second = await startApi({ clock, database: api.database });
  restaurant = await api.restaurant();
  const item = await api.item(restaurant.token);
  await api.order(restaurant.token, [{ menuItemId: item.id, quantity: 1 }]);
});
after(async () => {
  await second.close();
  await api.close();
});
afterEach(async () => {
  expire();
  await api.context.demo.removeExpired();
  now = START;
});

const expire = (): void => void (now = START + 24 * HOUR_MS);
const asOwner = <T>(work: (owner: SetupClient) => Promise<T>) => withClient(api.database.ownerUrl, work);
const asApp = <T>(work: (app: SetupClient) => Promise<T>) => withClient(api.database.appUrl, work);
const faultsOf = async (owner: SetupClient): Promise<string[]> =>
  (await owner.query<{ fault: string }>(FAULTS)).rows.map(({ fault }) => fault);

async function openDemo(): Promise<string> {
  return expectStatus(201, await api.post('/v1/demo-sessions', {})).restaurant.id;
}

async function rowsOf(restaurantId: string): Promise<number> {
  const digests = await digestRows(api.database.ownerUrl, restaurantId);
  return Object.values(digests).reduce((sum, { rows }) => sum + rows, 0);
}

async function fatten(demoId: string): Promise<void> {
  await asOwner((owner) =>
    owner.query(
      `insert into audit_log (restaurant_id, id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at)
       select $1, gen_random_uuid(), 'system', 'x', 'x', 'x', gen_random_uuid(), '{}', 'x', now() from generate_series(1, $2::int)`,
      [demoId, MANY_ROWS],
    ),
  );
}

describe('the removal of demos', () => {
  test('is in nobody’s way when several are at it: each demo goes once, and wholly', async () => {
    const demos = [await openDemo(), await openDemo(), await openDemo()];
    for (const demo of demos) await fatten(demo);
    const stored = await digestRows(api.database.ownerUrl, restaurant.id);
    expire();
    const removers = [api, second, api, second];
    let reports: Json[] = await Promise.all(removers.map(({ context }) => context.demo.removeExpired()));
    // One who found every demo taken has left; the others have gone on.
    assert.equal(
      reports.reduce((sum, { restaurants }) => sum + restaurants, 0),
      demos.length,
    );
    assert.ok(reports.reduce((sum, { rows }) => sum + rows, 0) > demos.length * MANY_ROWS);
    for (const demo of demos) assert.equal(await rowsOf(demo), 0);
    assert.deepEqual(await digestRows(api.database.ownerUrl, restaurant.id), stored);
    reports = await Promise.all(removers.map(({ context }) => context.demo.removeExpired()));
    assert.deepEqual(reports[0], { restaurants: 0, rows: 0 });
  });

  test('goes in small transactions, and where one process stops another one goes on', async () => {
    const demo = await openDemo();
    await fatten(demo);
    const all = await rowsOf(demo);
    expire();
    let looks = 0;
    const stopped = await api.context.demo.removeExpired(() => (looks += 1) > 1);
    assert.equal(stopped.restaurants, 0);
    assert.ok(stopped.rows > 0 && stopped.rows <= 2_000, `${stopped.rows} at once`);
    assert.equal(await rowsOf(demo), all - stopped.rows);
    const rest = await second.context.demo.removeExpired();
    assert.equal(rest.restaurants, 1);
    assert.equal(await rowsOf(demo), 0);
  });

  test('takes the lines of a closed day before the day is gone', async () => {
    const demo = expectStatus(201, await api.post('/v1/demo-sessions', {}));
    const token: string = demo.accessToken;
    const [{ businessDate }] = expectStatus(200, await api.get('/v1/orders?status=completed', { token })).data;
    const close = { acceptOpenOrders: true, acceptEarly: true };
    expectStatus(201, await api.post(`/v1/business-days/${businessDate}/close`, close, { token }));
    expire();
    await asApp(async (app) => {
      for (let isGone = false; !isGone; ) {
        const { rows } = await app.query('select * from remove_expired_demo($1, 3)', [new Date(now)]);
        isGone = rows[0]?.is_gone;
      }
    });
    assert.equal(await rowsOf(demo.restaurant.id), 0);
  });

  test('that is killed in the middle of a transaction has done nothing in it, and the next one finishes', async () => {
    const demo = await openDemo();
    await fatten(demo);
    expire();
    await asOwner(async (owner) => {
      await owner.query('begin; lock table orders in share mode');
      const killed = assert.rejects(api.context.demo.removeExpired(), { code: 'database_unavailable' });
      const waiting = `select pid from pg_locks where not granted and relation = 'orders'::regclass and pid <> pg_backend_pid()`;
      let pid: number | undefined;
      while (pid === undefined) pid = (await owner.query<{ pid: number }>(waiting)).rows[0]?.pid;
      await owner.query('select pg_terminate_backend($1)', [pid]);
      await killed;
      const left = await owner.query('select 1 from restaurants where id = $1', [demo]);
      assert.equal(left.rowCount, 1);
      await owner.query('rollback');
    });
    assert.equal((await second.context.demo.removeExpired()).restaurants, 1);
    assert.equal(await rowsOf(demo), 0);
  });

  test('that fails on one table is tried again, and then leaves nothing', async () => {
    const demo = await openDemo();
    await asOwner((owner) =>
      owner.query(`create function planted() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$;
        create trigger planted before delete on categories for each row execute function planted()`),
    );
    expire();
    await assert.rejects(api.context.demo.removeExpired());
    assert.ok((await rowsOf(demo)) > 0);
    await asOwner((owner) => owner.query('drop function planted cascade'));
    assert.equal((await api.context.demo.removeExpired()).restaurants, 1);
    assert.equal(await rowsOf(demo), 0);
  });

  test('passes over a demo that a late write holds on to, and comes back to it', async () => {
    const demo = await openDemo();
    expire();
    await asOwner(async (owner) => {
      await owner.query('begin');
      await owner.query('select 1 from restaurants where id = $1 for key share', [demo]);
      assert.deepEqual(await api.context.demo.removeExpired(), { restaurants: 0, rows: 0 });
      await owner.query('commit');
    });
    assert.equal((await api.context.demo.removeExpired()).restaurants, 1);
  });

  test('takes tables along that were added later, and rows that refer to their own table', async () => {
    const demo = await openDemo();
    await asOwner(async (owner) => {
      await owner.query(TABLE);
      const twins = [randomUUID(), randomUUID()];
      await owner.query(
        `insert into planted select $1, twin, (select id from orders where restaurant_id = $1 limit 1), other
         from unnest($2::uuid[], $3::uuid[]) t (twin, other)`,
        [demo, twins, twins.toReversed()],
      );
    });
    assert.ok((await digestRows(api.database.ownerUrl, demo))['planted']?.rows === 2);
    expire();
    assert.equal((await api.context.demo.removeExpired()).restaurants, 1);
    assert.equal(await rowsOf(demo), 0);
    await asOwner((owner) => owner.query('drop table planted'));
  });
});

describe('the database', () => {
  test('removes no restaurant that is no demo, and no demo before its end, whatever it is told the time is', async () => {
    now = Date.now();
    const demo = await openDemo();
    const ids = [demo, restaurant.id];
    const stored = await Promise.all(ids.map((id) => digestRows(api.database.ownerUrl, id)));
    for (const asOf of ['infinity', '2999-01-01Z', '-infinity'])
      await asApp(async (app) => {
        const { rows } = await app.query('select * from remove_expired_demo($1, 100000)', [asOf]);
        assert.deepEqual(rows, []);
      });
    assert.deepEqual(await Promise.all(ids.map((id) => digestRows(api.database.ownerUrl, id))), stored);
    // Not to be found by the other tests, whose clock never gets there.
    await asOwner((owner) => owner.query('alter table restaurants disable trigger restaurants_keep_demo_expiry'));
    await asOwner((owner) =>
      owner.query('update restaurants set demo_expires_at = $2 where id = $1', [demo, new Date(START)]),
    );
    await asOwner((owner) => owner.query('alter table restaurants enable trigger restaurants_keep_demo_expiry'));
  });

  test('never makes a demo of a restaurant, nor changes when one ends', async () => {
    const demo = await openDemo();
    for (const id of [restaurant.id, demo])
      for (const value of [`'2000-01-01Z'`, id === demo ? 'null' : `'2999-01-01Z'`])
        for (const login of [asApp, asOwner])
          await login(async (client) => {
            await client.query(`select set_config('app.restaurant_id', $1, false)`, [id]);
            const update = client.query(`update restaurants set demo_expires_at = ${value} where id = $1`, [id]);
            await assert.rejects(update, { code: '23001' });
          });
  });

  test('lets nobody delete from the ledgers by claiming to remove a demo', () =>
    asApp(async (app) => {
      await app.query(
        `select set_config('app.demo_removal', 'on', false), set_config('app.restaurant_id', $1, false)`,
        [restaurant.id],
      );
      assert.deepEqual((await app.query('select is_demo_removal() as it')).rows, [{ it: false }]);
      await assert.rejects(app.query('delete from audit_log'), { code: '42501' });
    }));

  test('finds an order in which every table of a restaurant can be removed from, and nothing that refuses', async () => {
    assert.deepEqual(await asOwner(faultsOf), []);
    const tables = await asOwner((owner) =>
      owner.query(`select name::text from tables_of_restaurants() where name <> 'members'::regclass`),
    );
    const known = Object.keys(await digestRows(api.database.ownerUrl, restaurant.id));
    const walked = new Set([...tables.rows.map(({ name }) => name), 'members', 'restaurants']);
    assert.deepEqual(walked, new Set(known));
  });

  for (const [planted, fault] of [
    [
      `${TABLE} alter table orders add planted_id uuid, add foreign key (restaurant_id, planted_id) references planted (restaurant_id, id)`,
      /refers to \w+ in a circle$/,
    ],
    [
      `create function planted() returns trigger language plpgsql as $$ begin raise exception 'kept'; end $$;
       create trigger planted before delete on orders for each row execute function planted()`,
      /^orders keeps its rows by planted, which does not ask is_demo_removal\(\)$/,
    ],
  ] as const) {
    test(`is found at fault after ${planted.replaceAll(/\s+/g, ' ').slice(-70)}`, () =>
      asOwner(async (owner) => {
        await owner.query(`begin; ${planted}`);
        const faults = await faultsOf(owner);
        await owner.query('rollback');
        assert.ok(
          faults.some((one) => fault.test(one)),
          faults.join('; '),
        );
      }));
  }

  test('removes a demo for an owner whom row-level security binds as well', async () => {
    const name = `servio_test_${randomUUID().slice(0, 8)}`;
    await withClient(adminUrl(), async (admin) => {
      await admin.query(`create role ${name} login password 'bound'`);
      await admin.query(`create database ${name} owner ${name} template template0 encoding 'UTF8'`);
    });
    try {
      const owner = new URL(databaseUrl(name));
      [owner.username, owner.password] = [name, 'bound'];
      await migrate(owner.toString(), MIGRATIONS);
      const app = new URL(api.database.appUrl);
      app.pathname = `/${name}`;
      const [demo, other] = [randomUUID(), randomUUID()];
      await withClient(app.toString(), async (client) => {
        for (const [id, end] of [
          [demo, '2020-01-01Z'],
          [other, null],
        ]) {
          await client.query(`select set_config('app.restaurant_id', $1, false)`, [id]);
          await client.query(
            `insert into restaurants (id, name, currency, timezone, business_day_cutoff_hour, demo_expires_at, created_at, updated_at)
             values ($1, 'x', 'EUR', 'UTC', 4, $2, now(), now())`,
            [id, end],
          );
          const user = await client.query(
            `insert into users (id, email, name, created_at) values (gen_random_uuid(), $1, 'x', now()) returning id`,
            [`${id}@example.com`],
          );
          await client.query(
            `insert into members (restaurant_id, id, user_id, role, status, created_at, updated_at)
             values ($1, $1, $2, 'owner', 'active', now(), now())`,
            [id, user.rows[0].id],
          );
          await client.query(`insert into audit_log values ($1, $1, 'system', 'x', 'x', 'x', $1, '{}', 'x', now())`, [
            id,
          ]);
        }
        await client.query(`select set_config('app.restaurant_id', '', false)`);
        assert.deepEqual((await client.query('select demos from count_demos(now())')).rows, [{ demos: 1 }]);
        const { rows } = await client.query('select * from remove_expired_demo(now(), 1000)');
        assert.deepEqual(rows, [{ removed_restaurant_id: demo, removed_rows: 3, is_gone: true }]);
        assert.deepEqual((await client.query('select * from remove_expired_demo(now(), 1000)')).rows, []);
      });
      const left = await digestRows(databaseUrl(name), other);
      assert.deepEqual([left['restaurants']?.rows, left['members']?.rows, left['audit_log']?.rows], [1, 1, 1]);
    } finally {
      await withClient(adminUrl(), async (admin) => {
        await admin.query(`drop database ${name} with (force)`);
        await admin.query(`drop role ${name}`);
      });
    }
  });
});

describe('work that repeats in the background', () => {
  const timing = { everyMs: 1, random: () => 0.5 };

  test('comes again and again, and stops after the work that is under way', async () => {
    let calls = 0;
    let finish = (): void => undefined;
    const third = new Promise<void>((resolve) => (finish = resolve));
    let reached = (): void => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const stop = repeat(async () => {
      calls += 1;
      if (calls < 3) return;
      reached();
      await third;
    }, timing);
    await isReached;
    let isStopped = false;
    const stopped = stop().then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isStopped, false);
    finish();
    await stopped;
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(calls, 3);
  });
});
