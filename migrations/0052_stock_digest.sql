-- Older code may run: it does not know the function.

-- Ids of restaurants in whose time zone it is this hour, up to `most` after the id `behind`. Demos
-- are left out. Returns nothing else of them.
create function restaurants_at_hour(wanted integer, as_of timestamptz, behind uuid, most integer)
returns table (restaurant_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select r.id
  from restaurants r
  where (behind is null or r.id > behind) and r.demo_expires_at is null
    and extract(hour from as_of at time zone r.timezone) = wanted
  order by r.id
  limit most
$$;
revoke all on function restaurants_at_hour(integer, timestamptz, uuid, integer) from public;
grant execute on function restaurants_at_hour(integer, timestamptz, uuid, integer) to servio_app;
