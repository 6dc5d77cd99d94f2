-- Older code may run: it writes events as before and reads none.

-- Events in an order that can be trusted. A write puts its events into `events`. The relay moves
-- them from there into `event_feed` and gives each one the next position of its restaurant: dense,
-- and in order for each subject. Everything that follows from events reads positions only.
--
-- Ids and times cannot be that order: a transaction that commits late appears behind a reader that
-- has already passed its ids. `seq` is drawn while the changed thing's row is locked. So for one
-- subject, seq is the order of the commits, and an event is visible only if the earlier ones are.

alter table events add column seq bigint generated always as identity (cache 1);
-- The relay reads the oldest events of a restaurant first. Ids are unique by themselves (UUIDv7).
alter table events drop constraint events_pkey;
alter table events add primary key (restaurant_id, seq);
comment on table events is 'facts that the relay has not moved into event_feed yet';
-- Rows live for a second. By default, the dead ones would be removed only after a fifth of the
-- table.
alter table events set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Row-level security binds an owner that is no superuser. The relay must learn which restaurants
-- have events; it then enters each one.
create policy owner_reads on events for select to current_user using (true);

create table event_cursors (
  restaurant_id uuid primary key references restaurants (id),
  -- Position of the newest event in the feed.
  position bigint not null default 0 check (position >= 0)
);
select protect_tenant_table('event_cursors', 'select');
create policy owner_reads on event_cursors for select to current_user using (true);

-- No foreign key to restaurants: the relay has locked the cursor, which has one.
create table event_feed (
  restaurant_id uuid not null,
  position bigint not null,
  event_id uuid not null,
  type text not null,
  subject text not null,
  subject_id uuid not null,
  data jsonb not null,
  created_at timestamptz(3) not null,
  relayed_at timestamptz(3) not null,
  primary key (restaurant_id, position, relayed_at)
) partition by range (relayed_at);
select protect_tenant_table('event_feed', 'select');
create index event_feed_subject_idx on event_feed (restaurant_id, subject_id, position);

-- A partitioned table is one table of restaurants; its partitions are not counted again.
create or replace function tables_of_restaurants() returns table (name regclass, refers_to_itself boolean)
language sql stable set search_path = pg_catalog, public as $$
  with recursive tenant_tables as (
    select c.oid
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'restaurant_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  ), links as (
    select distinct conrelid as child, confrelid as parent
    from pg_constraint
    where contype = 'f'
  ), levels (oid, level) as (
    select oid, 0 from tenant_tables
    union
    select l.parent, v.level + 1
    from levels v
    join links l on l.child = v.oid and l.parent <> l.child
    -- Ends a circle.
    where v.level < 100
  )
  select t.oid::regclass, exists (select 1 from links l where l.child = t.oid and l.parent = t.oid)
  from tenant_tables t
  join levels v on v.oid = t.oid
  group by t.oid
  order by max(v.level), t.oid
$$;

-- Partitions use the same ctids: the restaurant keeps the delete to its own rows.
create or replace function delete_rows_of(restaurant uuid, most_rows integer) returns integer
language plpgsql as $$
declare
  rows_left integer := most_rows;
  deleted integer;
  target record;
begin
  for target in select * from tables_of_restaurants() where name <> 'members'::regclass loop
    exit when rows_left <= 0;
    -- Rows that refer to rows of their own table go together, in whatever order.
    execute format(
      'delete from %s where restaurant_id = $1 and ctid = any (array(select ctid from %1$s where restaurant_id = $1 limit $2))',
      target.name)
      using restaurant, case when not target.refers_to_itself then rows_left end;
    get diagnostics deleted = row_count;
    rows_left := rows_left - deleted;
  end loop;
  return most_rows - rows_left;
end $$;

-- Makes a partition for one month, in UTC, if there is none.
create function make_event_partition(month date) returns boolean
language plpgsql as $$
declare
  name constant text := 'event_feed_' || to_char(month, 'YYYY_MM');
begin
  if to_regclass('public.' || name) is not null then
    return false;
  end if;
  execute format('create table %I (like event_feed including defaults including constraints)', name);
  perform protect_tenant_table(name::regclass, 'select');
  -- Attached afterwards: this locks out nobody who reads or writes the feed.
  execute format('alter table event_feed attach partition %I for values from (%L) to (%L)', name,
    month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
  return true;
end $$;
revoke all on function make_event_partition(date) from public;

-- Makes the partitions of this month and the next two, and drops those whose last event is older
-- than 30 days by the database's clock. Returns the number made and dropped.
--
-- Runs with its owner's rights, because only the owner may change tables. Two callers at once: the
-- second one finds nothing to do.
create function keep_event_partitions(out made integer, out dropped integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  month constant date := date_trunc('month', now() at time zone 'UTC')::date;
  oldest_kept constant date := date_trunc('month', (now() - interval '30 days') at time zone 'UTC')::date;
  old name;
begin
  perform pg_advisory_xact_lock(728301957);
  made := 0;
  dropped := 0;
  for ahead in 0..2 loop
    if make_event_partition((month + make_interval(months => ahead))::date) then
      made := made + 1;
    end if;
  end loop;
  -- A long read of the feed must not make everybody behind this wait: the next call tries again.
  perform set_config('lock_timeout', '1s', true);
  for old in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'event_feed'::regclass and to_date(right(c.relname, 7), 'YYYY_MM') < oldest_kept
  loop
    begin
      execute format('drop table %I', old);
      dropped := dropped + 1;
    exception when lock_not_available then
      null;
    end;
  end loop;
end $$;
revoke all on function keep_event_partitions() from public;
grant execute on function keep_event_partitions() to servio_app;
select keep_event_partitions();

-- Moves up to `most_events` events of the restaurant that has been entered. Returns its position
-- now, or null when another relay has this restaurant.
create function relay_events_of(restaurant uuid, most_events integer, out at bigint, out moved integer)
language plpgsql as $$
begin
  if not exists (select from event_cursors where restaurant_id = restaurant) then
    insert into event_cursors (restaurant_id) values (restaurant) on conflict do nothing;
  end if;
  select c.position into at from event_cursors c where c.restaurant_id = restaurant for update skip locked;
  if not found then
    return;
  end if;
  -- One statement sees one snapshot: if an event is in it, the earlier ones of its subject are too.
  with taken as (
    delete from events
    where restaurant_id = restaurant
      and seq = any (array(select e.seq from events e where e.restaurant_id = restaurant order by e.seq limit most_events))
    returning *
  ), fed as (
    insert into event_feed (restaurant_id, position, event_id, type, subject, subject_id, data, created_at, relayed_at)
    select restaurant, relay_events_of.at + row_number() over (order by t.seq), t.id, t.type, t.subject, t.subject_id, t.data,
      t.created_at, now()
    from taken t
    returning 1
  )
  select count(*) into moved from fed;
  at := at + moved;
  update event_cursors c set position = relay_events_of.at where c.restaurant_id = restaurant;
end $$;
revoke all on function relay_events_of(uuid, integer) from public;

-- Moves events of restaurants after the id `behind`, in id order, until about `most_events` were
-- moved. Returns each restaurant with its newest position and the number of events moved; no row
-- when there are none. One call is one short transaction.
--
-- Runs with its owner's rights, because the application sees only one restaurant at a time.
create function relay_events(behind uuid, most_events integer)
returns table (relayed_restaurant_id uuid, relayed_position bigint, relayed_events integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  share constant integer := greatest(1, most_events / 4);
  left_over integer := most_events;
  last uuid := coalesce(behind, '00000000-0000-0000-0000-000000000000');
begin
  if to_regclass('public.event_feed_' || to_char(now() at time zone 'UTC', 'YYYY_MM')) is null then
    perform keep_event_partitions();
  end if;
  while left_over > 0 loop
    select e.restaurant_id into last from events e where e.restaurant_id > last order by e.restaurant_id limit 1;
    exit when not found;
    perform set_config('app.restaurant_id', last::text, true);
    select r.at, r.moved into relayed_position, relayed_events from relay_events_of(last, share) r;
    continue when relayed_events is null;
    left_over := left_over - relayed_events - 1;
    relayed_restaurant_id := last;
    return next;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
end $$;
revoke all on function relay_events(uuid, integer) from public;
grant execute on function relay_events(uuid, integer) to servio_app;

-- The newest positions of restaurants, for a process that has live readers of many of them.
create function event_positions(restaurants uuid[])
returns table (restaurant_id uuid, newest_position bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.restaurant_id, c.position from event_cursors c where c.restaurant_id = any (restaurants)
$$;
revoke all on function event_positions(uuid[]) from public;
grant execute on function event_positions(uuid[]) to servio_app;

-- Events that wait for the relay, counted up to ten thousand, and the age of the oldest in seconds.
create function event_backlog(out waiting integer, out oldest_seconds integer)
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::integer, coalesce(extract(epoch from now() - min(created_at)), 0)::integer
  from (select e.created_at from events e limit 10000) e
$$;
revoke all on function event_backlog() from public;
grant execute on function event_backlog() to servio_app;
