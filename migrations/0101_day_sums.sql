-- Older code may run: it reads none of the new tables, and the triggers write them for it.
-- Sums of each business day, so that reports of years read days instead of lines.

-- One row for each business day with trade. Sums are stored for days that are over, and are valid
-- until the day changes: every change of a day's figures sets `version` to 0, in its own
-- transaction. Without valid sums, a report reads the rows of the day.
create table day_sums (
  restaurant_id uuid not null,
  business_date date not null,
  -- 0: there are no valid sums. -1: they are being made. Else the version of their figures.
  version integer not null default 0,
  -- Raised with each attempt to make sums. An attempt that was overtaken stores nothing.
  attempt integer not null default 0,
  -- The figures of an open day's report, without its cash.
  figures jsonb,
  primary key (restaurant_id, business_date),
  constraint day_sums_figures_check check ((figures is null) = (version <= 0))
);
select protect_tenant_table('day_sums', 'select, insert, update');
create index day_sums_version_idx on day_sums (restaurant_id, version, business_date);

-- Sales of one day by one thing. Valid while the day's row in day_sums is.
create table day_sales (
  restaurant_id uuid not null,
  business_date date not null,
  kind text not null check (kind in ('day', 'hour', 'item', 'category', 'type')),
  -- hour: a quarter of an hour since 1970, because the hours of every time zone consist of them.
  key text collate "C" not null,
  -- Id and label of the newest order of the group: the newest of several days names them all.
  newest text collate "C" not null,
  orders bigint not null,
  units bigint not null,
  gross_sales numeric not null,
  discount_total numeric not null,
  revenue numeric not null,
  tax_total numeric not null,
  primary key (restaurant_id, kind, business_date, key)
);
select protect_tenant_table('day_sales', 'select, insert, delete');

-- Notes that the figures of a day change. The caller holds the shared lock of the restaurant's days
-- until its commit: sums that are made after the lock was free contain the change, and sums that
-- were begun before are not stored. On a day without sums, this is one look-up and locks nothing.
create function note_changed_day(restaurant uuid, changed_date date) returns void
language plpgsql as $$
begin
  if changed_date is null
    or exists (select from day_sums where restaurant_id = restaurant and business_date = changed_date and version = 0) then
    return;
  end if;
  insert into day_sums as d (restaurant_id, business_date)
    values (restaurant, changed_date)
    on conflict (restaurant_id, business_date) do update set version = 0, figures = null
      where d.version <> 0;
end $$;

-- As in 0028_closed_days.sql; and a day that is not closed is noted.
create or replace function refuse_closed_business_day() returns trigger
language plpgsql as $$
declare
  closed_date date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  -- Of an insert, old is null.
  select business_date into closed_date
    from business_days
    where restaurant_id = new.restaurant_id and business_date in (new.business_date, old.business_date);
  if found then
    raise exception 'a closed business day takes nothing more'
      using errcode = 'check_violation', constraint = 'business_day_closed', detail = closed_date::text;
  end if;
  perform note_changed_day(new.restaurant_id, new.business_date);
  if old.business_date <> new.business_date then
    perform note_changed_day(old.restaurant_id, old.business_date);
  end if;
  return null;
end $$;

create or replace function refuse_lines_of_closed_day() returns trigger
language plpgsql as $$
declare
  restaurant constant uuid := coalesce(new.restaurant_id, old.restaurant_id);
  day record;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || restaurant, 0));
  for day in
    select o.business_date, b.business_date is not null as is_closed, s.version
      from orders o
      left join business_days b on b.restaurant_id = o.restaurant_id and b.business_date = o.business_date
      left join day_sums s on s.restaurant_id = o.restaurant_id and s.business_date = o.business_date
      where o.restaurant_id = restaurant and o.id in (new.order_id, old.order_id)
  loop
    if day.is_closed then
      raise exception 'a closed business day takes nothing more'
        using errcode = 'check_violation', constraint = 'business_day_closed', detail = day.business_date::text;
    end if;
    if day.version is distinct from 0 then
      perform note_changed_day(restaurant, day.business_date);
    end if;
  end loop;
  return null;
end $$;

-- Changes that a closed day lets through, such as the completion of an order, change its sums too.
create function note_changed_order() returns trigger
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  perform note_changed_day(new.restaurant_id, new.business_date);
  if old.business_date <> new.business_date then
    perform note_changed_day(old.restaurant_id, old.business_date);
  end if;
  return null;
end $$;
create constraint trigger orders_note_change after update on orders
  deferrable initially deferred
  for each row execute function note_changed_order();

create function note_renamed_line() returns trigger
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  perform note_changed_day(o.restaurant_id, o.business_date)
    from orders o
    where o.restaurant_id = new.restaurant_id and o.id = new.order_id;
  return null;
end $$;
create constraint trigger order_lines_note_names after update on order_lines
  deferrable initially deferred
  for each row when (
    (old.name, old.menu_item_id, old.category_id, old.category_name)
    is distinct from (new.name, new.menu_item_id, new.category_id, new.category_name)
  )
  execute function note_renamed_line();

-- The days of a restaurant that has been entered. Steps from day to day at the ends of indexes.
create function note_days_of(restaurant uuid) returns void
language sql as $$
  with recursive days as (
    select '-infinity'::date as date
    union all
    select least(
      (select min(business_date) from orders where restaurant_id = restaurant and deleted_at is null and business_date > days.date),
      (select min(business_date) from payments where restaurant_id = restaurant and business_date > days.date),
      (select min(business_date) from refunds where restaurant_id = restaurant and business_date > days.date),
      (select min(business_date) from sale_corrections where restaurant_id = restaurant and business_date > days.date))
    from days
    where days.date is not null
  )
  insert into day_sums (restaurant_id, business_date)
  select restaurant, date from days where date > '-infinity'
  on conflict do nothing
$$;
revoke all on function note_days_of(uuid) from public;

-- Their sums are made in the background.
do $$
declare
  restaurant uuid;
begin
  for restaurant in select id from restaurants loop
    perform set_config('app.restaurant_id', restaurant::text, true);
    perform note_days_of(restaurant);
  end loop;
  perform set_config('app.restaurant_id', '', true);
end $$;

-- The business date of a restaurant at a time.
create function business_date_at(house restaurants, at timestamptz) returns date
language sql stable as $$
  select ((at at time zone house.timezone) - house.business_day_cutoff_hour * interval '1 hour')::date
$$;

-- Which of up to `most_restaurants` restaurants after the id `behind`, in id order, have days from
-- `first_date` on that are over and have no sums of a version; and the last one of all of them. No
-- row if there are none. With its owner's rights, because the application sees only one restaurant
-- at a time.
create function restaurants_without_sums(
  at timestamptz, known_version integer, first_date date, behind uuid, most_restaurants integer
)
returns table (last_restaurant_id uuid, due uuid[])
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  house restaurants;
begin
  due := '{}';
  for house in select * from restaurants r where r.id > coalesce(behind, nobody) order by r.id limit most_restaurants loop
    perform set_config('app.restaurant_id', house.id::text, true);
    if exists (
      select from day_sums d
      where d.restaurant_id = house.id and d.version < known_version and d.business_date >= first_date
        and d.business_date < business_date_at(house, at)
    ) then
      due := due || house.id;
    end if;
    last_restaurant_id := house.id;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
  if last_restaurant_id is not null then
    return next;
  end if;
end $$;
revoke all on function restaurants_without_sums(timestamptz, integer, date, uuid, integer) from public;
grant execute on function restaurants_without_sums(timestamptz, integer, date, uuid, integer) to servio_app;
