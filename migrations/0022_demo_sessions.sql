-- Demo restaurants: made for one visitor, with an end from the start, and then removed to the last row.

-- Set when the restaurant is made, or never.
alter table restaurants add column demo_expires_at timestamptz(3);
create index restaurants_demo_idx on restaurants (id, demo_expires_at) where demo_expires_at is not null;
comment on index restaurants_demo_idx is
  'why: the functions below look for the few demos among all restaurants, every minute';

-- What may be removed is settled at birth: no update makes a demo of a restaurant, or lets one live longer or shorter.
create function keep_demo_expiry() returns trigger
language plpgsql as $$
begin
  raise exception 'when a demo ends is never changed' using errcode = 'restrict_violation';
end $$;
create trigger restaurants_keep_demo_expiry before update of demo_expires_at on restaurants
  for each row when (old.demo_expires_at is distinct from new.demo_expires_at) execute function keep_demo_expiry();

-- A session's person is a member of its restaurant, and not just anybody. So people are referred to by members alone, and whether
-- somebody may go is one look into the index of members instead of a scan of all sessions.
alter table sessions drop constraint sessions_user_id_fkey;
alter table sessions add constraint sessions_member_fkey
  foreign key (restaurant_id, user_id) references members (restaurant_id, user_id);

-- Whether what is being deleted is a demo that has expired. The application may set the setting, but has not the owner's name:
-- that comes with the function that removes. A trigger that keeps rows from being deleted lets go of them when this is true.
create function is_demo_removal() returns boolean
language sql stable as $$
  select coalesce(current_setting('app.demo_removal', true), '') = 'on'
    and (select pg_get_userbyid(relowner) from pg_class where oid = 'public.restaurants'::regclass) = current_user
$$;

create or replace function refuse_change() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' and is_demo_removal() then
    return null;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Every table of restaurants, those that refer to others before those they refer to: read from the catalogue, so that a table added
-- later is removed from without being named. References that go in a circle would have no order; a test refuses them.
create function tables_of_restaurants() returns table (name regclass, refers_to_itself boolean)
language sql stable set search_path = pg_catalog, public as $$
  with recursive tenant_tables as (
    select c.oid
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'restaurant_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
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

-- Takes one expired demo for this transaction and enters it: nobody else gets it. None: there is none, or all are taken, or held on
-- to by late writes. Expired means by the caller's clock and by the database's own.
create function claim_expired_demo(as_of timestamptz) returns uuid
language plpgsql as $$
declare
  expired_before constant timestamptz := least(as_of, now());
  candidate uuid;
begin
  foreach candidate in array array(
    select id from restaurants where demo_expires_at <= expired_before order by demo_expires_at limit 100
  ) loop
    perform set_config('app.restaurant_id', candidate::text, true);
    perform from restaurants where id = candidate and demo_expires_at <= expired_before for update skip locked;
    if found then
      return candidate;
    end if;
  end loop;
  return null;
end $$;

-- Deletes up to so many rows of a restaurant that has been entered, all but its members and itself. Answers how many.
create function delete_rows_of(restaurant uuid, most_rows integer) returns integer
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
      'delete from %s where ctid = any (array(select ctid from %1$s where restaurant_id = $1 limit $2))', target.name)
      using restaurant, case when not target.refers_to_itself then rows_left end;
    get diagnostics deleted = row_count;
    rows_left := rows_left - deleted;
  end loop;
  return most_rows - rows_left;
end $$;

-- Deletes a restaurant that has no rows left but its members, and people who belong nowhere else. Answers how many rows.
create function delete_restaurant(restaurant uuid) returns integer
language plpgsql as $$
declare
  people uuid[];
  person uuid;
begin
  with gone as (
    delete from members where restaurant_id = restaurant returning user_id
  )
  select coalesce(array_agg(user_id), '{}') into people from gone;
  delete from restaurants where id = restaurant;
  foreach person in array people loop
    begin
      delete from users where id = person;
    exception when foreign_key_violation then
      -- A member of another restaurant as well.
      null;
    end;
  end loop;
  return cardinality(people) + 1;
end $$;

-- Removes rows of one expired demo, or the demo itself when no more are left, and answers which and how many; answers no row when
-- there is nothing to do. One call is one short transaction: whoever calls goes on until there is no answer.
--
-- With its owner's rights, because the application may delete nearly nothing. Whose rows it deletes it decides itself: those of a
-- restaurant that was made as a demo and has expired. An owner who is no superuser may give a function no settings of the
-- application's, hence the setting and resetting.
create function remove_expired_demo(as_of timestamptz, most_rows integer)
returns table (removed_restaurant_id uuid, removed_rows integer, is_gone boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
begin
  removed_restaurant_id := claim_expired_demo(as_of);
  if removed_restaurant_id is not null then
    perform set_config('app.demo_removal', 'on', true);
    removed_rows := delete_rows_of(removed_restaurant_id, most_rows);
    is_gone := removed_rows < most_rows;
    if is_gone then
      removed_rows := removed_rows + delete_restaurant(removed_restaurant_id);
    end if;
    perform set_config('app.demo_removal', '', true);
    return next;
  end if;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
end $$;
revoke all on function remove_expired_demo(timestamptz, integer) from public;
grant execute on function remove_expired_demo(timestamptz, integer) to servio_app;

-- How many demos there are, removed ones not counted, and when the next one expires. Answers no more than that.
create function count_demos(as_of timestamptz) returns table (demos integer, next_expiry timestamptz)
language sql security definer set search_path = public, pg_temp as $$
  select count(*)::int, min(demo_expires_at) filter (where demo_expires_at > as_of)
  from restaurants
  where demo_expires_at is not null
$$;
revoke all on function count_demos(timestamptz) from public;
grant execute on function count_demos(timestamptz) to servio_app;
