-- Statistics that are valid for every restaurant, including one created after the last analyze.
--
-- PostgreSQL keeps a list of the most common values of a column. If that list contains all
-- restaurants of a table, the planner expects one row for any restaurant that is not in it, and
-- reports then join each order with each line. So analyze keeps no statistics of restaurant_id. A
-- guess replaces them: each restaurant has five hundred rows of each table, or all rows of a
-- smaller table. A key that names one row then always costs less than an index that names only the
-- restaurant, even in cached plans that were made while a table was empty. The guess is a share of
-- the rows, so it stays true while the database grows.
--
-- Without statistics, PostgreSQL expects `is null` to be true in one row of two hundred. Every
-- partial index on rows that are not deleted then looks tiny and is preferred to every key. So
-- deleted_at also starts with a guess, which the first analyze replaces.

-- Replaces the statistics of one column. PostgreSQL 18 has functions for this, which the owner may
-- call. Before version 18, only a superuser can do it. Returns whether it was done.
create function store_guess(target regclass, column_name name, null_share real, distinct_values real) returns boolean
language plpgsql as $$
declare
  -- The name, as pg_restore_attribute_stats takes it.
  table_name constant name := (select relname from pg_class where oid = target);
begin
  if current_setting('server_version_num')::integer >= 180000 then
    perform pg_clear_attribute_stats('public', table_name, column_name, false);
    return pg_restore_attribute_stats('schemaname', 'public', 'relname', table_name::text, 'attname', column_name::text,
      'inherited', false, 'null_frac', null_share, 'avg_width', 16, 'n_distinct', distinct_values);
  end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    return false;
  end if;
  delete from pg_statistic s
    using pg_attribute a
    where a.attrelid = target and a.attname = column_name and s.starelid = target and s.staattnum = a.attnum;
  insert into pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct, stakind1, stakind2, stakind3, stakind4,
      stakind5, staop1, staop2, staop3, staop4, staop5, stacoll1, stacoll2, stacoll3, stacoll4, stacoll5)
    select target, a.attnum, false, null_share, 16, distinct_values, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from pg_attribute a
    where a.attrelid = target and a.attname = column_name;
  return true;
end $$;
revoke all on function store_guess(regclass, name, real, real) from public;

-- Stores the guesses for a tenant table. `is_new`: the table was never analyzed with rows in it.
create function guess_statistics(target regclass) returns void
language plpgsql as $$
declare
  is_new constant boolean := (select reltuples <= 0 from pg_class where oid = target);
begin
  -- If the statistics cannot be replaced, analyze keeps them up to date.
  if store_guess(target, 'restaurant_id', 0, -0.002) or is_new then
    execute format('alter table %s alter column restaurant_id set statistics 0', target);
  end if;
  if is_new and exists (select from pg_attribute where attrelid = target and attname = 'deleted_at' and not attisdropped) then
    perform store_guess(target, 'deleted_at', 0.97, -0.03);
  end if;
end $$;
revoke all on function guess_statistics(regclass) from public;

-- Tables without guesses, for example after a restore: a dump does not contain them. If row-level
-- security binds the owner, the guesses are hidden and are assumed to exist.
create function tables_without_guess() returns setof regclass
language sql stable as $$
  select c.oid::regclass
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'restaurant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    and (a.attstattarget is distinct from 0
      or not row_security_active(c.oid) and not exists (
        select from pg_stats s
        where s.schemaname = 'public' and s.tablename = c.relname and s.attname = a.attname
          and s.n_distinct = -0.002::real and s.most_common_vals is null))
$$;
revoke all on function tables_without_guess() from public;

-- As in 0001_tenancy.sql, with the guesses.
create or replace function protect_tenant_table(target regclass, grants text) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  -- The subselect is evaluated once a query instead of once a row; after a commit the setting is ''
  -- and not null.
  execute format(
    'create policy tenant_isolation on %s using (restaurant_id = (select nullif(current_setting(''app.restaurant_id'', true), '''')::uuid))',
    target);
  execute format('grant %s on %s to servio_app', grants, target);
  perform guess_statistics(target);
end $$;

select count(guess_statistics(name)) from tables_without_guess() name;

comment on index stock_counts_open_idx is
  'why: leads to the few open counts of a restaurant that has closed many; in a small table other ways cost as little';
