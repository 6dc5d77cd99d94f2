-- Older code may run: it reads the columns of relay_events that it knows.

-- A fault in the rows of one restaurant must not stop the events of all others.

drop function relay_events(uuid, integer);

-- As before, but a restaurant whose events cannot be moved is passed by: its row has no events
-- moved, and `relayed_fault` says why. Its events stay, and the next call tries again.
create function relay_events(behind uuid, most_events integer)
returns table (relayed_restaurant_id uuid, relayed_position bigint, relayed_events integer, relayed_fault text)
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
    relayed_fault := null;
    begin
      select r.at, r.moved into relayed_position, relayed_events from relay_events_of(last, share) r;
    exception when others then
      relayed_fault := sqlstate || ' ' || sqlerrm;
      select coalesce(max(c.position), 0), 0 into relayed_position, relayed_events
      from event_cursors c where c.restaurant_id = last;
      -- Trying costs about as much as a few events.
      left_over := left_over - 10;
    end;
    continue when relayed_events is null;
    left_over := left_over - relayed_events - 1;
    relayed_restaurant_id := last;
    return next;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
end $$;
revoke all on function relay_events(uuid, integer) from public;
grant execute on function relay_events(uuid, integer) to servio_app;
