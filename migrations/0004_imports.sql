-- Orders taken over from another till: the imports themselves, and where their rows stand while one runs.

create table imports (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  kind text not null check (kind in ('orders')),
  -- One that stopped without a word is told by its heartbeat.
  status text not null check (status in ('processing', 'completed', 'failed')),
  dry_run boolean not null,
  file_name text not null,
  source text not null,
  currency text not null,
  row_count integer not null default 0,
  faulty_rows integer not null default 0,
  orders_created integer not null default 0,
  orders_completed integer not null default 0,
  orders_skipped integer not null default 0,
  lines_created integer not null default 0,
  units bigint not null default 0,
  revenue bigint not null default 0,
  menu_items_created integer not null default 0,
  modifiers_created integer not null default 0,
  -- The first 1,000 faulty rows: file, line, reason.
  errors jsonb not null default '[]',
  failure text,
  -- Caller and Idempotency-Key, so that the same request is not begun twice at once.
  request_key text,
  created_by text not null,
  created_at timestamptz(3) not null,
  heartbeat_at timestamptz(3) not null,
  finished_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('imports', 'select, insert, update');
create index imports_heartbeat_idx on imports (restaurant_id, heartbeat_at);

-- Rows of a running import, so that lines of one order may stand anywhere in a file of any size. Unlogged: a crash that
-- empties the table has ended the import as well.
create unlogged table import_rows (
  restaurant_id uuid not null,
  import_id uuid not null,
  -- Physical line of the file.
  line integer not null,
  -- Empty: the row did not say which order it belongs to.
  order_key text not null,
  is_faulty boolean not null,
  ordered_at timestamptz(3),
  order_type text,
  -- Numbers that the import gave to names.
  item_no integer,
  variant_no integer,
  -- Sorted; a choice taken twice stands there twice.
  choices integer[],
  quantity integer,
  unit_price bigint,
  discount_amount bigint,
  amount bigint,
  -- The only index, in this order: there is no statistic yet when the rows are read, so the planner must not have a choice.
  primary key (restaurant_id, import_id, order_key, line)
);
select protect_tenant_table('import_rows', 'select, insert, update, delete');

create unlogged table import_orders (
  restaurant_id uuid not null,
  import_id uuid not null,
  -- In the order of time, then of the file.
  order_no integer not null,
  order_key text not null,
  ordered_at timestamptz(3) not null,
  order_type text not null,
  line_count integer not null,
  faulty_rows integer not null,
  units bigint not null,
  amount bigint not null,
  action text not null check (action in ('create', 'complete', 'skip')),
  primary key (restaurant_id, import_id, order_no)
);
select protect_tenant_table('import_orders', 'select, insert, update, delete');

-- The version an import left behind: an order that still has it was touched by nobody since.
alter table orders add column imported_version integer;

-- An import fills tables faster than autovacuum looks at them, and a plan made for an empty table reads the whole of a
-- full one: measured, 100,000 lines took 130 s without these statistics and a tenth of that with them. Only the owner may
-- analyze, hence the definer's rights; a table is analyzed when it has doubled.
create function refresh_import_statistics() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  target regclass;
begin
  for target in
    select s.relid
    from pg_stat_user_tables s
    join pg_class c on c.oid = s.relid
    where s.relid = any (array['import_rows', 'import_orders', 'orders', 'order_lines', 'payments']::regclass[])
      and s.n_mod_since_analyze > 500 + greatest(c.reltuples, 0)
  loop
    execute format('analyze (skip_locked) %s', target);
  end loop;
end $$;
revoke all on function refresh_import_statistics() from public;
grant execute on function refresh_import_statistics() to servio_app;
