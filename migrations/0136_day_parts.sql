-- Older code may run: it reads none of the new tables and columns, and the triggers write them for
-- it. Sums of parts of an open day: its report reads the sums of most of its orders, and the rows
-- of the others.

-- A part is the orders of a business day whose ids are above `above_id`, up to `until_id`, with
-- their lines, and the payments of the day for orders with such ids. Parts of a day follow each
-- other. They count while the day's `version` is 0 and it has a `parts_until`; else they are rests.
create table day_parts (
  restaurant_id uuid not null,
  business_date date not null,
  above_id uuid not null,
  until_id uuid not null check (until_id > above_id),
  -- As in day_sums: 0: changed since. -1: being made. Else the version of the figures.
  version integer not null default -1,
  attempt integer not null default 1,
  figures jsonb,
  primary key (restaurant_id, business_date, above_id),
  constraint day_parts_figures_check check ((figures is null) = (version <= 0))
);
select protect_tenant_table('day_parts', 'select, insert, update, delete');

-- Sales of one part by one thing, as in day_sales. Valid while the part is.
create table part_sales (
  restaurant_id uuid not null,
  business_date date not null,
  above_id uuid not null,
  kind text not null check (kind in ('day', 'hour', 'item', 'category', 'type')),
  key text collate "C" not null,
  newest text collate "C" not null,
  orders bigint not null,
  units bigint not null,
  gross_sales numeric not null,
  discount_total numeric not null,
  revenue numeric not null,
  tax_total numeric not null,
  vouchers_sold numeric not null,
  vouchers_redeemed numeric not null default 0,
  primary key (restaurant_id, kind, business_date, above_id, key)
);
select protect_tenant_table('part_sales', 'select, insert, delete');

-- The end of the last part of the day; null: the day has none.
alter table day_sums add column parts_until uuid;

-- Payments of a part are found by their orders.
create index payments_business_date_order_idx on payments (restaurant_id, business_date, order_id);
drop index payments_business_date_idx;

-- Notes that the figures of a day change, by a change of an order, its lines or payments.
-- `changed_order` is null for changes that concern no order. The caller holds the shared lock of
-- the restaurant's days until its commit. A new order of an open day is behind all parts: then this
-- is one look-up and locks nothing.
create function note_changed_order_of_day(restaurant uuid, changed_date date, changed_order uuid) returns void
language plpgsql as $$
declare
  known integer;
  parts_end uuid;
begin
  if changed_date is null then
    return;
  end if;
  select version, parts_until into known, parts_end
    from day_sums
    where restaurant_id = restaurant and business_date = changed_date;
  if known = 0 then
    if changed_order <= parts_end then
      update day_parts
        set version = 0, figures = null
        where restaurant_id = restaurant and business_date = changed_date and version <> 0 and until_id >= changed_order
          and above_id = (
            select max_part.above_id
            from day_parts max_part
            where max_part.restaurant_id = restaurant and max_part.business_date = changed_date and max_part.above_id < changed_order
            order by max_part.above_id desc
            limit 1);
    end if;
    return;
  end if;
  -- Parts of before are not true any more: the changes since then were not noted for them.
  insert into day_sums as d (restaurant_id, business_date)
    values (restaurant, changed_date)
    on conflict (restaurant_id, business_date) do update set version = 0, figures = null, parts_until = null
      where d.version <> 0;
end $$;

-- For changes of which the order is not known: no part of the day is true any more.
create or replace function note_changed_day(restaurant uuid, changed_date date) returns void
language plpgsql as $$
begin
  if changed_date is null
    or exists (
      select from day_sums
      where restaurant_id = restaurant and business_date = changed_date and version = 0 and parts_until is null) then
    return;
  end if;
  insert into day_sums as d (restaurant_id, business_date)
    values (restaurant, changed_date)
    on conflict (restaurant_id, business_date) do update set version = 0, figures = null, parts_until = null
      where d.version <> 0 or d.parts_until is not null;
end $$;

-- As in 0101_day_sums.sql, and parts are noted. Drawers are in no part.
create or replace function refuse_closed_business_day() returns trigger
language plpgsql as $$
declare
  closed_date date;
  changed_order uuid;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  -- In an insert, old is null.
  select business_date into closed_date
    from business_days
    where restaurant_id = new.restaurant_id and business_date in (new.business_date, old.business_date);
  if found then
    raise exception 'a closed business day takes nothing more'
      using errcode = 'check_violation', constraint = 'business_day_closed', detail = closed_date::text;
  end if;
  if tg_table_name = 'orders' then
    changed_order := new.id;
  elsif tg_table_name in ('payments', 'refunds', 'sale_corrections') then
    changed_order := new.order_id;
  end if;
  perform note_changed_order_of_day(new.restaurant_id, new.business_date, changed_order);
  if old.business_date <> new.business_date then
    perform note_changed_order_of_day(old.restaurant_id, old.business_date, changed_order);
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
    select o.id, o.business_date, b.business_date is not null as is_closed, s.version, s.parts_until
      from orders o
      left join business_days b on b.restaurant_id = o.restaurant_id and b.business_date = o.business_date
      left join day_sums s on s.restaurant_id = o.restaurant_id and s.business_date = o.business_date
      where o.restaurant_id = restaurant and o.id in (new.order_id, old.order_id)
  loop
    if day.is_closed then
      raise exception 'a closed business day takes nothing more'
        using errcode = 'check_violation', constraint = 'business_day_closed', detail = day.business_date::text;
    end if;
    if day.version is distinct from 0 or day.id <= day.parts_until then
      perform note_changed_order_of_day(restaurant, day.business_date, day.id);
    end if;
  end loop;
  return null;
end $$;

create or replace function note_changed_order() returns trigger
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  perform note_changed_order_of_day(new.restaurant_id, new.business_date, new.id);
  if old.business_date <> new.business_date then
    perform note_changed_order_of_day(old.restaurant_id, old.business_date, new.id);
  end if;
  return null;
end $$;

create or replace function note_renamed_line() returns trigger
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  perform note_changed_order_of_day(o.restaurant_id, o.business_date, o.id)
    from orders o
    where o.restaurant_id = new.restaurant_id and o.id = new.order_id;
  return null;
end $$;

-- The end of the next part of a day: the last of up to `most` orders above an id, without the
-- newest `rest` of the day, which still change. Null if there are fewer than `fewest`.
create function next_part(restaurant uuid, day date, above uuid, fewest integer, most integer, rest integer) returns uuid
language sql stable as $$
  select case when count(*) >= fewest + rest then (array_agg(next.id order by next.id))[count(*) - rest] end
  from (
    select o.id
    from orders o
    where o.restaurant_id = restaurant and o.business_date = day and o.deleted_at is null and o.id > above
    order by o.id
    limit most + rest
  ) next
$$;

-- As restaurants_without_sums, of a known version; and those whose open day has parts to be made.
-- Reads three columns of each restaurant.
create function restaurants_to_sum(
  at timestamptz, known_version integer, first_date date, orders_of_part integer, behind uuid, most_restaurants integer
)
returns table (last_restaurant_id uuid, due uuid[])
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  house record;
begin
  due := '{}';
  for house in
    select r.id, ((at at time zone r.timezone) - r.business_day_cutoff_hour * interval '1 hour')::date as today
      from restaurants r
      where r.id > coalesce(behind, nobody)
      order by r.id
      limit most_restaurants
  loop
    perform set_config('app.restaurant_id', house.id::text, true);
    if exists (
      select from day_sums d
      where d.restaurant_id = house.id and d.version < known_version and d.business_date >= first_date
        and d.business_date < house.today
    ) or exists (
      select from day_parts p
      where p.restaurant_id = house.id and p.business_date = house.today and p.version < known_version
    ) or exists (
      select from day_sums d
      where d.restaurant_id = house.id and d.business_date = house.today and d.version = 0
        and next_part(house.id, house.today, coalesce(d.parts_until, nobody), orders_of_part, orders_of_part, 0) is not null
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
revoke all on function restaurants_to_sum(timestamptz, integer, date, integer, uuid, integer) from public;
grant execute on function restaurants_to_sum(timestamptz, integer, date, integer, uuid, integer) to servio_app;
