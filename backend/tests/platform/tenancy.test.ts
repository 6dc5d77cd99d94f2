/**
 * The isolation of restaurants by the database itself. New tables are checked without being named
 * here.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type SetupClient, withClient } from '../../src/config/database.js';
import { startApi, type TestApi, type TestRestaurant } from '../support/api.js';

/** Belong to no restaurant: people, who may work in several, and the migrations. */
const SHARED = ['schema_migrations', 'users'];
const APPEND_ONLY = ['audit_log', 'code_movements', 'events', 'refunds', 'stock_movements'];
const DENIED = '42501';

/**
 * Returns one sentence for each fault of the schema. `tenant` is the column that names the
 * restaurant. Constraints that refer to users include no restaurant, because users have none.
 */
const FAULTS = `
  with tables as (
    select c.oid, c.relname as name, c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.relpersistence,
      case when c.relname = 'restaurants' then 'id' else 'restaurant_id' end as tenant
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1::text[])
  ), tenants as (
    select t.*, a.attnum
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attname = t.tenant and not a.attisdropped and a.attnotnull
  )
  select format('%s has no restaurant_id that is not null', name) as fault from tables where oid not in (select oid from tenants)
  union all
  select format('%s lacks row-level security', name) from tables where not relrowsecurity
  union all
  select format('%s does not force row-level security on its owner', name) from tables where not relforcerowsecurity
  union all
  select format('%s has no policy that compares the restaurant on reading and writing', t.name) from tables t
    where not exists (
      select 1 from pg_policy p
      where p.polrelid = t.oid and p.polcmd = '*' and 0 = any (p.polroles)
        and pg_get_expr(p.polqual, p.polrelid)
          = format('(%s = (NULLIF(current_setting(''app.restaurant_id''::text, true), ''''::text))::uuid)', t.tenant)
        and (p.polwithcheck is null or p.polwithcheck::text = p.polqual::text))
  union all
  select format('%s has the policy %s with a subselect, so it cannot be distributed', t.name, p.polname)
    from tables t join pg_policy p on p.polrelid = t.oid
    where concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ~* '\\mselect\\M'
  union all
  select format('%s.%s has a default that each node would draw by itself', t.name, a.attname)
    from tables t join pg_attribute a on a.attrelid = t.oid and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    -- Nodes share out the numbers of a bigint, and of no smaller type.
    where a.atttypid <> 'bigint'::regtype
      and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) ~ '\\mnextval\\M')
  union all
  select format('%s has the exclusion %s without the restaurant', t.name, k.conname)
    from tenants t join pg_constraint k on k.conrelid = t.oid and k.contype = 'x'
    where t.attnum <> all (k.conkey)
  union all
  select format('%s has a second policy %s that lets rows be written', t.name, p.polname)
    from tables t join pg_policy p on p.polrelid = t.oid
    where p.polname <> 'tenant_isolation' and (p.polcmd <> 'r' or not p.polpermissive)
  union all
  select format('%s has a second policy %s that lets the application read more', t.name, p.polname)
    from tables t join pg_policy p on p.polrelid = t.oid
    -- The second one leads a login to the memberships of one person.
    where p.polname <> 'tenant_isolation' and (t.name, p.polname) <> ('members', 'own_memberships')
      and exists (select 1 from unnest(p.polroles) role where role = 0 or pg_has_role('servio_app', role, 'member'))
  union all
  select format('%s opens itself to %s, who is not its owner', t.name, role::regrole)
    from tables t join pg_policy p on p.polrelid = t.oid, unnest(p.polroles) role
    where role not in (0, t.relowner)
  union all
  select format('%s has a primary key that does not begin with the restaurant', t.name) from tenants t
    where not exists (select 1 from pg_index i where i.indrelid = t.oid and i.indisprimary and i.indkey[0] = t.attnum)
  union all
  select format('%s has the unique index %s without the restaurant', t.name, i.indexrelid::regclass)
    from tenants t join pg_index i on i.indrelid = t.oid and i.indisunique
    where t.attnum <> all (i.indkey)
  union all
  select format('%s has the foreign key %s without the restaurant', t.name, k.conname)
    from tenants t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
    join pg_class target on target.oid = k.confrelid
    where target.relname <> all ($1::text[]) and not exists (
      select 1 from unnest(k.conkey, k.confkey) as pair(own, their)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = pair.their
      where pair.own = t.attnum and a.attname in ('restaurant_id', case when target.relname = 'restaurants' then 'id' end))
  union all
  select format('%s.%s is of the inexact type %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
      and a.atttypid = any (array['real', 'double precision', 'money', 'real[]', 'double precision[]', 'money[]']::regtype[])
  union all
  select format('%s.%s is a time without its zone', c.relname, a.attname)
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and a.atttypid = 'timestamp'::regtype
  union all
  select format('%s is owned by the application', c.relname)
    from pg_class c where pg_get_userbyid(c.relowner) = 'servio_app'
  union all
  select format('the view %s reads past row-level security', c.relname)
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
      and not coalesce('security_invoker=true' = any (c.reloptions) or 'security_invoker=on' = any (c.reloptions), false)
  union all
  select format('the function %s runs with its owner''s rights', p.proname)
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
      -- The first analyzes five named tables; the second adds posted movements to the items they name. Both answer nothing.
      -- The third deletes rows of restaurants that were made as demos and have expired, and no others; the fourth counts demos.
      -- Those of webhooks mark due deliveries as leased, delete those over 30 days old, and tell
      -- ids and counts. Those of events move what was written into the feed unchanged, keep its
      -- partitions, and
      -- tell positions and counts. That of codes names pools that need work; it reads no code.
      -- Those of files note keys of the file store, and name keys that no document needs.
      and p.proname not in ('refresh_import_statistics', 'post_stock_movements', 'remove_expired_demo', 'count_demos',
        'forget_answers', 'relay_events', 'keep_event_partitions', 'event_positions', 'event_backlog', 'forget_uploads',
        'restaurants_at_hour', 'restaurants_without_sums', 'restaurants_to_sum', 'lease_webhooks', 'renew_webhooks', 'forget_webhooks', 'webhook_backlog',
        'forget_talk', 'restaurant_of_calls', 'restaurants_of_phone', 'restaurants_with_messages', 'code_pools_to_tend',
        'claim_supplier_invoices', 'supplier_invoice_backlog', 'note_stored_files', 'keep_files_of_documents',
        'keep_files_of_pictures', 'release_files_of_pictures', 'release_files_of_documents', 'follow_file_of_document', 'claim_removable_files', 'forget_stored_file')
  union all
  select format('the application may %s %s', lower(g.privilege_type), c.relname)
    from pg_class c, aclexplode(c.relacl) g
    where c.relnamespace = 'public'::regnamespace and g.grantee in (0, 'servio_app'::regrole)
      and (g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') or g.is_grantable
        or (c.relname = any ($2::text[]) and g.privilege_type in ('UPDATE', 'DELETE')))
  order by 1`;

/** Broken walls, each with the fault that must be found. */
const PLANTED: [sql: string, fault: RegExp][] = [
  ['create table planted (id uuid primary key)', /^planted has no restaurant_id that is not null$/],
  ['create table planted (restaurant_id uuid, id uuid)', /^planted has no restaurant_id that is not null$/],
  ['create table planted (restaurant_id uuid not null)', /^planted lacks row-level security$/],
  [
    `create table planted (restaurant_id uuid not null, primary key (restaurant_id));
     alter table planted enable row level security`,
    /^planted does not force row-level security on its owner$/,
  ],
  [
    `create table planted (restaurant_id uuid not null, primary key (restaurant_id));
     alter table planted enable row level security; alter table planted force row level security;
     create policy tenant_isolation on planted using (true)`,
    /^planted has no policy that compares the restaurant/,
  ],
  [
    `create table planted (restaurant_id uuid not null, primary key (restaurant_id));
     select protect_tenant_table('planted', 'select');
     create policy open_door on planted for insert with check (true)`,
    /^planted has a second policy open_door that lets rows be written$/,
  ],
  [
    `create policy own_rows on orders for select using (restaurant_id = (select nullif('', '')::uuid))`,
    /^orders has the policy own_rows with a subselect, so it cannot be distributed$/,
  ],
  ['alter table orders add planted serial', /^orders.planted has a default that each node would draw by itself$/],
  [
    'alter table orders add planted int generated always as identity',
    /^orders.planted has a default that each node would draw by itself$/,
  ],
  [
    'alter table orders add planted int, add constraint planted exclude using btree (planted with =)',
    /^orders has the (unique index|exclusion) planted without the restaurant$/,
  ],
  [
    'create policy open_door on orders for select using (true)',
    /^orders has a second policy open_door that lets the application read more$/,
  ],
  [
    'create policy open_door on orders for select to servio_app using (true)',
    /^orders has a second policy open_door that lets the application read more$/,
  ],
  [
    `create role planted; create policy open_door on orders for select to planted using (true)`,
    /^orders opens itself to planted, who is not its owner$/,
  ],
  [
    `create table planted (restaurant_id uuid not null, id uuid, primary key (id, restaurant_id));
     select protect_tenant_table('planted', 'select')`,
    /^planted has a primary key that does not begin with the restaurant$/,
  ],
  [
    `create table planted (restaurant_id uuid not null, id uuid, code text unique, primary key (restaurant_id, id));
     select protect_tenant_table('planted', 'select')`,
    /^planted has the unique index planted_code_key without the restaurant$/,
  ],
  [
    `create table planted_target (restaurant_id uuid not null, id uuid unique, primary key (restaurant_id, id));
     create table planted (
       restaurant_id uuid not null, id uuid references planted_target (id), primary key (restaurant_id, id))`,
    /^planted has the foreign key planted_id_fkey without the restaurant$/,
  ],
  ['alter table orders add planted double precision', /^orders.planted is of the inexact type double precision$/],
  ['alter table orders add planted money[]', /^orders.planted is of the inexact type money\[\]$/],
  ['alter table orders add planted timestamp', /^orders.planted is a time without its zone$/],
  ['create view planted as select * from orders', /^the view planted reads past row-level security$/],
  [
    `create function planted() returns int language sql security definer as 'select 1'`,
    /^the function planted runs with its owner's rights$/,
  ],
  ['grant update on audit_log to servio_app', /^the application may update audit_log$/],
  ['grant delete on refunds to public', /^the application may delete refunds$/],
  ['grant truncate on orders to servio_app', /^the application may truncate orders$/],
  ['alter table orders no force row level security', /^orders does not force row-level security on its owner$/],
  ['alter table orders disable row level security', /^orders lacks row-level security$/],
  ['drop policy tenant_isolation on payments', /^payments has no policy that compares the restaurant/],
];

describe('the walls between restaurants', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let other: TestRestaurant;
  let tables: string[];

  before(async () => {
    api = await startApi();
    [mine, other] = [await api.restaurant(), await api.restaurant()];
    for (const { token } of [mine, other]) {
      const item = await api.item(token, { variants: [] });
      const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
      const paid = await api.post(`/v1/orders/${order.id}/payments`, { method: 'cash', amount: 100 }, { token });
      await api.post(`/v1/payments/${paid.body.id}/refunds`, { amount: 50, reason: 'cold' }, { token });
      const vouchers = { name: 'Gifts', kind: 'voucher', target: 0, whenEmpty: 'generate', value: 500 };
      const pool = await api.post('/v1/code-pools', vouchers, { token });
      const claims = await api.post(`/v1/code-pools/${pool.body.id}/claims`, {}, { token });
      await api.post('/v1/codes/redeem', { code: claims.body.data[0].code }, { token });
      await api.post('/v1/inventory-items', { name: 'Salt', unit: 'g', openingQuantity: '500' }, { token });
      const lines = [{ description: 'Dinner', quantity: '1', unitPrice: 900 }];
      await api.post('/v1/documents?issue=true', { type: 'invoice', lines }, { token });
    }
    tables = await withClient(api.database.ownerUrl, async (owner) => {
      const text = `select distinct table_name as name from information_schema.columns
        where table_schema = 'public' and column_name = 'restaurant_id' order by 1`;
      return (await owner.query<{ name: string }>(text)).rows.map((row) => row.name);
    });
  });
  after(() => api.close());

  const asApp = <T>(work: (client: SetupClient) => Promise<T>) => withClient(api.database.appUrl, work);

  async function faults(owner: SetupClient): Promise<string[]> {
    return (await owner.query<{ fault: string }>(FAULTS, [SHARED, APPEND_ONLY])).rows.map((row) => row.fault);
  }

  /** Enters a restaurant for the connection, or none with ''. */
  async function enter(client: SetupClient, restaurantId: string): Promise<void> {
    await client.query(`select set_config('app.restaurant_id', $1, false)`, [restaurantId]);
  }

  async function stateOf(work: Promise<unknown>): Promise<string> {
    try {
      await work;
      return 'done';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  }

  test('stand around every table', async () => {
    assert.ok(tables.length > 10, 'the catalogue must have been read');
    assert.deepEqual(await withClient(api.database.ownerUrl, faults), []);
  });

  for (const [sql, fault] of PLANTED) {
    test(`are missed where they are missing: ${sql.replaceAll(/\s+/g, ' ')}`, () =>
      withClient(api.database.ownerUrl, async (owner) => {
        await owner.query('begin');
        await owner.query(sql);
        const found = await faults(owner);
        await owner.query('rollback');
        assert.ok(
          found.some((one) => fault.test(one)),
          `found only: ${found.join('; ')}`,
        );
      }));
  }

  test('hold for a role without any power of its own', async () => {
    const [role] = await asApp(async (client) => {
      const text = `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
          (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships
        from pg_roles r where rolname = current_user`;
      return (await client.query(text)).rows;
    });
    assert.deepEqual(role, {
      rolname: 'servio_app',
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      memberships: 0,
    });
  });

  test('hide every row from a connection that has entered no restaurant', () =>
    asApp(async (client) => {
      for (const setting of [undefined, '']) {
        if (setting !== undefined) await enter(client, setting);
        for (const table of [...tables, 'restaurants']) {
          const { rows } = await client.query(`select count(*)::int as count from ${table}`);
          assert.deepEqual(rows, [{ count: 0 }], table);
        }
      }
    }));

  test('show a restaurant its own rows and nobody else’s', () =>
    asApp(async (client) => {
      for (const [own, foreign] of [
        [mine, other],
        [other, mine],
      ] as const) {
        await enter(client, own.id);
        for (const table of tables) {
          const text = `select count(*) filter (where restaurant_id = $1)::int as own, count(*)::int as all from ${table}`;
          const [found] = (await client.query<{ own: number; all: number }>(text, [own.id])).rows;
          assert.equal(found?.own, found?.all, table);
          if (['orders', 'refunds', 'events', 'members'].includes(table)) assert.ok((found?.own ?? 0) > 0, table);
        }
        const seen = await client.query('select id from restaurants');
        assert.deepEqual(seen.rows, [{ id: own.id }]);
        const reached = await client.query('select 1 from orders where restaurant_id = $1', [foreign.id]);
        assert.equal(reached.rowCount, 0);
      }
    }));

  test('refuse rows written for another restaurant, and moved to one', () =>
    asApp(async (client) => {
      await enter(client, mine.id);
      const insert = `insert into categories (restaurant_id, id, name, created_at, updated_at)
        values ($1, gen_random_uuid(), 'x', now(), now())`;
      assert.equal(await stateOf(client.query(insert, [other.id])), DENIED);
      assert.equal(await stateOf(client.query(insert, [mine.id])), 'done');
      const move = 'update categories set restaurant_id = $1 where restaurant_id = $2';
      assert.equal(await stateOf(client.query(move, [other.id, mine.id])), DENIED);
      const steal = await client.query('update categories set name = $2 where restaurant_id = $1', [
        other.id,
        'stolen',
      ]);
      assert.equal(steal.rowCount, 0);
      const rename = await client.query('update restaurants set name = $2 where id = $1', [other.id, 'stolen']);
      assert.equal(rename.rowCount, 0);
    }));

  test('keep what must not change from being changed or deleted', () =>
    asApp(async (client) => {
      await enter(client, mine.id);
      for (const table of APPEND_ONLY) {
        assert.equal(await stateOf(client.query(`update ${table} set created_at = now()`)), DENIED, table);
        assert.equal(await stateOf(client.query(`delete from ${table}`)), DENIED, table);
        assert.equal(await stateOf(client.query(`truncate ${table}`)), DENIED, table);
        const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`);
        assert.ok((rows[0]?.count ?? 0) > 0, `${table} must hold something that could have been lost`);
      }
      for (const table of ['orders', 'payments', 'number_counters', 'restaurants', 'menu_items', 'inventory_items'])
        assert.equal(await stateOf(client.query(`delete from ${table}`)), DENIED, table);
    }));

  test('hold against their own owner for the audit log, refunds and the stock ledger', () =>
    withClient(api.database.ownerUrl, async (owner) => {
      for (const table of ['audit_log', 'refunds', 'stock_movements'])
        for (const sql of [
          `update ${table} set created_at = now()`,
          `delete from ${table}`,
          `truncate ${table} cascade`,
        ])
          assert.equal(await stateOf(owner.query(sql)), '23001', sql);
    }));

  test('cannot be taken down by the application', () =>
    asApp(async (client) => {
      await enter(client, mine.id);
      for (const sql of [
        'alter table orders disable row level security',
        'alter table orders no force row level security',
        'alter table orders owner to servio_app',
        'drop policy tenant_isolation on orders',
        'create policy open_door on orders using (true)',
        'alter table audit_log disable trigger all',
        'drop trigger audit_log_append_only on audit_log',
        'drop table refunds',
        'create table planted (id int)',
        'create function planted() returns int language sql as $$ select 1 $$',
        `create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$`,
        `select protect_tenant_table('orders', 'delete')`,
        'set session_replication_role = replica',
        'set role postgres',
        'set session authorization postgres',
        'alter role servio_app bypassrls',
        'alter role servio_app superuser',
        `copy orders to program 'cat'`,
        'select * from schema_migrations',
        'select * from newest_orders()',
      ])
        assert.match(await stateOf(client.query(sql)), /^(42501|22023|42704)$/, sql);
      // PostgreSQL only warns a role that may not grant.
      await client.query('grant delete on orders to servio_app');
      assert.equal(await stateOf(client.query('delete from orders')), DENIED, 'a grant to itself');
      await client.query('set row_security = off');
      assert.equal(await stateOf(client.query('select * from orders')), DENIED, 'row_security off');
    }));
});
