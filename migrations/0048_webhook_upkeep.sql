-- Older code may run: it calls none of the new functions.

-- Sending again, forgetting and counting deliveries of webhooks.

-- The first position of the feed whose event was relayed at that time or later; one above the
-- newest when there is none. Positions are dense, so twenty look-ups find it among a million.
create function feed_position_since(restaurant uuid, since timestamptz) returns bigint
language plpgsql stable as $$
declare
  low bigint := (select min(f.position) from event_feed f where f.restaurant_id = restaurant);
  high bigint := (select c.position + 1 from event_cursors c where c.restaurant_id = restaurant);
  middle bigint;
  relayed timestamptz;
begin
  if low is null then
    return coalesce(high, 1);
  end if;
  while low < high loop
    middle := (low + high) / 2;
    relayed := (select f.relayed_at from event_feed f where f.restaurant_id = restaurant and f.position = middle);
    if relayed is null or relayed < since then
      low := middle + 1;
    else
      high := middle;
    end if;
  end loop;
  return low;
end $$;
revoke all on function feed_position_since(uuid, timestamptz) from public;
grant execute on function feed_position_since(uuid, timestamptz) to servio_app;

-- Deletes deliveries with their attempts whose events are over 30 days old, and endpoints that were
-- deleted then. Of restaurants after `behind`, in id order, until about `most_rows` were deleted.
-- Returns the last restaurant that was looked at; no row when there are no more.
--
-- Runs with its owner's rights, because the application may not delete deliveries.
create function forget_webhooks(behind uuid, most_rows integer) returns table (last_restaurant_id uuid, forgotten integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  cutoff constant timestamptz := now() - interval '30 days';
  last uuid := coalesce(behind, '00000000-0000-0000-0000-000000000000');
  deleted integer;
begin
  forgotten := 0;
  while forgotten < most_rows loop
    select q.restaurant_id into last from webhook_queues q where q.restaurant_id > last order by q.restaurant_id limit 1;
    exit when not found;
    last_restaurant_id := last;
    perform set_config('app.restaurant_id', last::text, true);
    delete from webhook_deliveries d
    where d.restaurant_id = last and d.id = any (array(
      select o.id from webhook_deliveries o
      where o.restaurant_id = last and o.position < feed_position_since(last, cutoff)
      order by o.position
      limit most_rows - forgotten));
    get diagnostics deleted = row_count;
    forgotten := forgotten + deleted;
    delete from webhook_endpoints w
    where w.restaurant_id = last and w.deleted_at < cutoff and not exists (
      select from webhook_deliveries d where d.restaurant_id = last and d.endpoint_id = w.id);
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
  if last_restaurant_id is not null then
    return next;
  end if;
end $$;
revoke all on function forget_webhooks(uuid, integer) from public;
grant execute on function forget_webhooks(uuid, integer) to servio_app;

-- Deliveries that wait, counted up to ten thousand; by how many seconds the oldest due one is late,
-- of receivers whose last attempt did not fail; endpoints that Servio has disabled.
create function webhook_backlog(out waiting integer, out oldest_seconds integer, out disabled integer)
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::integer,
    coalesce(extract(epoch from now() - min(d.due_at) filter (where d.is_due)), 0)::integer,
    (select count(*)::integer from webhook_endpoints w
     where w.state = 'disabled' and w.disabled_reason <> 'switched_off' and w.deleted_at is null)
  from (
    select d.due_at, d.due_at <= now() and d.leased_until is null and q.failures = 0 as is_due
    from webhook_deliveries d
    join webhook_queues q on q.restaurant_id = d.restaurant_id and q.endpoint_id = d.endpoint_id
    where d.status = 'waiting'
    limit 10000
  ) d
$$;
revoke all on function webhook_backlog() from public;
grant execute on function webhook_backlog() to servio_app;
