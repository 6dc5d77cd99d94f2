-- Older code may run: it calls the same functions, and knows nothing of the new column.

-- Receivers that answer slowly, or fail, must not take the places of all others.

-- Set while attempts last so long that their leases are renewed. A receiver that always answers
-- just in time never fails: without this, 64 of them would have all leases of a dispatcher.
alter table webhook_queues add column slow_until timestamptz(3);

-- A restaurant may have deleted very many endpoints within 30 days. The relay passes them by.
create index webhook_endpoints_live_idx on webhook_endpoints (restaurant_id, id) where deleted_at is null;
comment on index webhook_endpoints_live_idx is
  'why: leads the relay to the few endpoints of a restaurant that has deleted many';

-- As before, but locks no queues of deleted endpoints.
create or replace function lock_webhook_queues(restaurant uuid) returns boolean
language plpgsql as $$
declare
  patience constant text := current_setting('lock_timeout');
begin
  if not exists (
    select from webhook_endpoints w where w.restaurant_id = restaurant and w.state = 'enabled' and w.deleted_at is null
  ) then
    return false;
  end if;
  perform set_config('lock_timeout', '200ms', true);
  perform from webhook_queues q
  where q.restaurant_id = restaurant and q.endpoint_id in (
    select w.id from webhook_endpoints w where w.restaurant_id = restaurant and w.deleted_at is null)
  order by q.endpoint_id
  for no key update;
  perform set_config('lock_timeout', patience, true);
  return true;
exception when lock_not_available then
  return null;
end $$;

-- As before, and slow endpoints count as failing ones: of these, one worker has two leases each,
-- and
-- `most_failing` of all.
create or replace function lease_webhooks(worker uuid, most integer, most_failing integer)
returns table (leased_restaurant_id uuid, leased_endpoint_id uuid, leased_delivery_id uuid, leased_from_failing boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  candidate record;
  queue webhook_queues;
  is_strained boolean;
  own integer;
  others integer;
  share integer;
  places integer;
  taken integer;
  next_look timestamptz;
begin
  -- A lease that a crash loses is taken again.
  perform set_config('synchronous_commit', 'off', true);
  -- The strained ones are counted apart: else many of them would leave no place among the
  -- candidates.
  for candidate in
    select c.restaurant_id, c.endpoint_id
    from (
      (select q.* from webhook_queues q
       where q.look_at <= now() and not (q.failures > 0 or coalesce(q.slow_until > now(), false))
       order by q.look_at limit most)
      union all
      (select q.* from webhook_queues q
       where q.look_at <= now() and (q.failures > 0 or coalesce(q.slow_until > now(), false))
       order by q.look_at limit least(most, most_failing))
    ) c
    order by c.look_at
  loop
    exit when most <= 0;
    perform set_config('app.restaurant_id', candidate.restaurant_id::text, true);
    select q.* into queue from webhook_queues q
    where q.restaurant_id = candidate.restaurant_id and q.endpoint_id = candidate.endpoint_id and q.look_at <= now()
    for no key update skip locked;
    continue when not found;
    is_strained := queue.failures > 0 or coalesce(queue.slow_until > now(), false);
    continue when is_strained and most_failing <= 0;
    if queue.paused_until > now() then
      update webhook_queues q set look_at = queue.paused_until
      where q.restaurant_id = queue.restaurant_id and q.endpoint_id = queue.endpoint_id;
      continue;
    end if;
    select count(*) filter (where d.worker_id = worker), count(*) filter (where d.worker_id <> worker) into own, others
    from webhook_deliveries d
    where d.restaurant_id = queue.restaurant_id and d.endpoint_id = queue.endpoint_id and d.leased_until > now();
    share := case when is_strained then 2 else 8 end;
    -- Leased by the handful: a look for each delivery would cost more than its sending.
    places := case when others = 0 and own * 2 <= share then share - own else 0 end;
    places := least(places, most, case when is_strained then most_failing else most end);
    taken := 0;
    for leased_delivery_id in
      update webhook_deliveries d set worker_id = worker, leased_until = now() + interval '10 seconds'
      where d.restaurant_id = queue.restaurant_id and d.id = any (array(
        select o.id from webhook_deliveries o
        where o.restaurant_id = queue.restaurant_id and o.endpoint_id = queue.endpoint_id and o.status = 'waiting'
          and o.due_at <= now() and (o.leased_until is null or o.leased_until <= now())
        order by o.due_at, o.position
        limit greatest(places, 0)))
      returning d.id
    loop
      taken := taken + 1;
      leased_restaurant_id := queue.restaurant_id;
      leased_endpoint_id := queue.endpoint_id;
      leased_from_failing := is_strained;
      return next;
    end loop;
    most := most - taken;
    if is_strained then
      most_failing := most_failing - taken;
    end if;
    -- The next look: when a lease may have ended, and when something is due that has a place.
    select min(d.leased_until) into next_look from webhook_deliveries d
    where d.restaurant_id = queue.restaurant_id and d.endpoint_id = queue.endpoint_id and d.leased_until > now();
    if taken < places then
      next_look := least(next_look, (
        select d.due_at from webhook_deliveries d
        where d.restaurant_id = queue.restaurant_id and d.endpoint_id = queue.endpoint_id and d.status = 'waiting'
          and d.due_at is not null and (d.leased_until is null or d.leased_until <= now())
        order by d.due_at
        limit 1));
    end if;
    update webhook_queues q set look_at = next_look
    where q.restaurant_id = queue.restaurant_id and q.endpoint_id = queue.endpoint_id;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
end $$;

-- As before, and notes which endpoints are slow.
create or replace function renew_webhooks(worker uuid, restaurants uuid[], deliveries uuid[]) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  restaurant uuid;
  renewed integer;
  total integer := 0;
begin
  for restaurant in select distinct r from unnest(restaurants) r order by r loop
    perform set_config('app.restaurant_id', restaurant::text, true);
    -- Left out while others have it: nobody waits here for the queues of several restaurants.
    update webhook_queues q set slow_until = now() + interval '2 minutes'
    where q.restaurant_id = restaurant and q.endpoint_id in (
      select l.endpoint_id from webhook_queues l
      where l.restaurant_id = restaurant and l.endpoint_id in (
        select d.endpoint_id from webhook_deliveries d
        where d.restaurant_id = restaurant and d.id = any (deliveries) and d.worker_id = worker)
      for no key update skip locked);
    update webhook_deliveries d set leased_until = now() + interval '10 seconds'
    where d.restaurant_id = restaurant and d.id = any (deliveries) and d.worker_id = worker and d.leased_until > now();
    get diagnostics renewed = row_count;
    total := total + renewed;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
  return total;
end $$;
