-- Older code may run: it relays events by the same functions, and neither reads nor writes the new tables.

-- Webhooks. The relay makes a delivery of each event for each enabled endpoint that wants it, in
-- the transaction that gives the event its position. Dispatchers lease due deliveries, send them
-- and write down the outcome.

create table webhook_endpoints (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  version integer not null check (version > 0),
  url text not null,
  -- Null: all types of the nouns, also those of later releases.
  types text[] check (cardinality(types) > 0),
  -- First words of the types that the endpoint's maker may see.
  nouns text[] not null check (cardinality(nouns) > 0),
  ordered boolean not null,
  description text,
  -- Names of the headers of one's own. Their values are sealed.
  header_names text[] not null,
  -- Key that verifies the v1a signatures; null without them.
  public_key text,
  state text not null check (state in ('enabled', 'disabled')),
  disabled_reason text check (disabled_reason in ('switched_off', 'gone', 'failures')),
  disabled_at timestamptz(3),
  -- Secrets, header values and the private key, encrypted by the server.
  sealed bytea,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  constraint webhook_endpoints_disabled_check
    check ((state = 'disabled') = (disabled_reason is not null) and (state = 'disabled') = (disabled_at is not null))
);
select protect_tenant_table('webhook_endpoints', 'select, insert, update');
-- For the counts of webhook_backlog.
create policy owner_reads on webhook_endpoints for select to current_user using (true);

-- The state of sending, one row for each endpoint. Whoever adds or ends deliveries of the endpoint
-- locks it first: so a delivery that waits for another one always sees it end.
create table webhook_queues (
  restaurant_id uuid not null,
  endpoint_id uuid not null,
  -- When a dispatcher must look at the endpoint next; null: nothing to do.
  look_at timestamptz(3),
  -- Failed attempts since the last success, and the time of the first of them.
  failures integer not null default 0 check (failures >= 0),
  failing_since timestamptz(3),
  paused_until timestamptz(3),
  -- Of a disabled endpoint: events since then may not have been delivered.
  missed_since timestamptz(3),
  primary key (restaurant_id, endpoint_id),
  foreign key (restaurant_id, endpoint_id) references webhook_endpoints (restaurant_id, id) on delete cascade
);
select protect_tenant_table('webhook_queues', 'select, insert, update');
create policy owner_reads on webhook_queues for select to current_user using (true);
create index webhook_queues_look_at_idx on webhook_queues (look_at) where look_at is not null;
comment on index webhook_queues_look_at_idx is
  'why: leads lease_webhooks to the few endpoints of all restaurants that have something to do';

create table webhook_deliveries (
  restaurant_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  -- Of the event in the feed.
  position bigint not null,
  event_id uuid not null,
  type text not null,
  subject_id uuid not null,
  status text not null check (status in ('waiting', 'delivered', 'given_up')),
  -- Null while it waits for an earlier delivery of the same subject, and after its end.
  due_at timestamptz(3),
  -- Attempts since it was last made due from outside, and in all.
  attempts smallint not null default 0,
  attempts_total integer not null default 0,
  worker_id uuid,
  leased_until timestamptz(3),
  created_at timestamptz(3) not null,
  finished_at timestamptz(3),
  primary key (restaurant_id, id),
  constraint webhook_deliveries_position_key unique (restaurant_id, endpoint_id, position),
  foreign key (restaurant_id, endpoint_id) references webhook_endpoints (restaurant_id, id)
);
select protect_tenant_table('webhook_deliveries', 'select, insert, update');
create policy owner_reads on webhook_deliveries for select to current_user using (true);
create index webhook_deliveries_list_idx on webhook_deliveries (restaurant_id, position, id);
create index webhook_deliveries_event_idx on webhook_deliveries (restaurant_id, event_id);
create index webhook_deliveries_status_idx on webhook_deliveries (restaurant_id, status, position, id);
create index webhook_deliveries_due_idx on webhook_deliveries (restaurant_id, endpoint_id, due_at, position)
  where status = 'waiting' and due_at is not null;
comment on index webhook_deliveries_due_idx is 'why: lease_webhooks finds the due deliveries of an endpoint by it';
create index webhook_deliveries_leased_idx on webhook_deliveries (restaurant_id, endpoint_id, leased_until)
  where leased_until is not null;
comment on index webhook_deliveries_leased_idx is 'why: lease_webhooks counts the few deliveries of an endpoint that are being sent';
create index webhook_deliveries_subject_idx on webhook_deliveries (restaurant_id, endpoint_id, subject_id, position)
  where status = 'waiting';
comment on index webhook_deliveries_subject_idx is
  'why: the relay and finish_webhook_attempt find the first waiting delivery of a subject by it';

create table webhook_attempts (
  restaurant_id uuid not null,
  delivery_id uuid not null,
  number integer not null,
  -- The answer's status; null without an answer.
  status smallint,
  fault text,
  answer text,
  duration_ms integer not null,
  at timestamptz(3) not null,
  primary key (restaurant_id, delivery_id, number),
  foreign key (restaurant_id, delivery_id) references webhook_deliveries (restaurant_id, id) on delete cascade
);
select protect_tenant_table('webhook_attempts', 'select, insert, delete');

-- Makes deliveries of events that have just got the positions after `behind`. Called by the relay,
-- in the restaurant that has been entered, with the endpoints' queues locked.
create function make_webhook_deliveries(restaurant uuid, behind bigint) returns void
language plpgsql as $$
begin
  with wanted as (
    select w.id as endpoint_id, w.ordered, f.position, f.event_id, f.type, f.subject_id,
      row_number() over (partition by w.id, f.subject_id order by f.position) as place
    from event_feed f
    join webhook_endpoints w on w.restaurant_id = f.restaurant_id and w.state = 'enabled' and w.deleted_at is null
      and case
        when f.type = 'webhook_endpoint.tested' then f.subject_id = w.id
        else split_part(f.type, '.', 1) = any (w.nouns) and (w.types is null or f.type = any (w.types))
      end
    -- The partition of the transaction's own time is the only one that it has written to.
    where f.restaurant_id = restaurant and f.position > behind and f.relayed_at = now()::timestamptz(3)
  ), made as (
    insert into webhook_deliveries (restaurant_id, id, endpoint_id, position, event_id, type, subject_id, status, due_at, created_at)
    select restaurant, gen_random_uuid(), t.endpoint_id, t.position, t.event_id, t.type, t.subject_id, 'waiting',
      case
        when not t.ordered then now()
        when t.place = 1 and not exists (
          select from webhook_deliveries d
          where d.restaurant_id = restaurant and d.endpoint_id = t.endpoint_id and d.subject_id = t.subject_id
            and d.status = 'waiting') then now()
      end,
      now()
    from wanted t
    returning endpoint_id
  )
  update webhook_queues q
  set look_at = least(q.look_at, now())
  where q.restaurant_id = restaurant and q.endpoint_id in (select m.endpoint_id from made m);
end $$;
revoke all on function make_webhook_deliveries(uuid, bigint) from public;

-- Locks the queues of the restaurant's enabled endpoints, in the order of their ids. Returns
-- whether there are some; null when they stay locked by others for too long.
create function lock_webhook_queues(restaurant uuid) returns boolean
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
  perform from webhook_queues q where q.restaurant_id = restaurant order by q.endpoint_id for no key update;
  perform set_config('lock_timeout', patience, true);
  return true;
exception when lock_not_available then
  return null;
end $$;
revoke all on function lock_webhook_queues(uuid) from public;

-- As before, and makes the deliveries of webhooks.
create or replace function relay_events_of(restaurant uuid, most_events integer, out at bigint, out moved integer)
language plpgsql as $$
declare
  behind bigint;
  has_webhooks boolean;
begin
  if not exists (select from event_cursors where restaurant_id = restaurant) then
    insert into event_cursors (restaurant_id) values (restaurant) on conflict do nothing;
  end if;
  select c.position into behind from event_cursors c where c.restaurant_id = restaurant for update skip locked;
  if not found then
    return;
  end if;
  has_webhooks := lock_webhook_queues(restaurant);
  if has_webhooks is null then
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
    select restaurant, behind + row_number() over (order by t.seq), t.id, t.type, t.subject, t.subject_id, t.data,
      t.created_at, now()
    from taken t
    returning 1
  )
  select count(*) into moved from fed;
  at := behind + moved;
  if has_webhooks and moved > 0 then
    perform make_webhook_deliveries(restaurant, behind);
  end if;
  update event_cursors c set position = relay_events_of.at where c.restaurant_id = restaurant;
end $$;

-- Leases up to `most` due deliveries of all restaurants to a worker for ten seconds; of endpoints
-- whose last attempt failed at most `most_failing`. One worker has leases of an endpoint at a time:
-- up to eight, two while it fails. It sends two at once. Returns ids only: the application then
-- enters each restaurant.
--
-- Runs with its owner's rights, because the application sees only one restaurant at a time.
create function lease_webhooks(worker uuid, most integer, most_failing integer)
returns table (leased_restaurant_id uuid, leased_endpoint_id uuid, leased_delivery_id uuid, leased_from_failing boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  candidate record;
  queue webhook_queues;
  own integer;
  others integer;
  share integer;
  places integer;
  taken integer;
  next_look timestamptz;
begin
  -- A lease that a crash loses is taken again.
  perform set_config('synchronous_commit', 'off', true);
  for candidate in
    select q.restaurant_id, q.endpoint_id from webhook_queues q
    where q.look_at <= now() and (q.failures = 0 or most_failing > 0)
    order by q.look_at
    limit most
  loop
    exit when most <= 0;
    perform set_config('app.restaurant_id', candidate.restaurant_id::text, true);
    select q.* into queue from webhook_queues q
    where q.restaurant_id = candidate.restaurant_id and q.endpoint_id = candidate.endpoint_id and q.look_at <= now()
    for no key update skip locked;
    continue when not found or (queue.failures > 0 and most_failing <= 0);
    if queue.paused_until > now() then
      update webhook_queues q set look_at = queue.paused_until
      where q.restaurant_id = queue.restaurant_id and q.endpoint_id = queue.endpoint_id;
      continue;
    end if;
    select count(*) filter (where d.worker_id = worker), count(*) filter (where d.worker_id <> worker) into own, others
    from webhook_deliveries d
    where d.restaurant_id = queue.restaurant_id and d.endpoint_id = queue.endpoint_id and d.leased_until > now();
    share := case when queue.failures > 0 then 2 else 8 end;
    -- Leased by the handful: a look for each delivery would cost more than its sending.
    places := case when others = 0 and own * 2 <= share then share - own else 0 end;
    places := least(places, most, case when queue.failures > 0 then most_failing else most end);
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
      leased_from_failing := queue.failures > 0;
      return next;
    end loop;
    most := most - taken;
    if queue.failures > 0 then
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
revoke all on function lease_webhooks(uuid, integer, integer) from public;
grant execute on function lease_webhooks(uuid, integer, integer) to servio_app;

-- Keeps the leases of a worker that still sends these deliveries, for another ten seconds.
create function renew_webhooks(worker uuid, restaurants uuid[], deliveries uuid[]) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  restaurant uuid;
  renewed integer;
  total integer := 0;
begin
  for restaurant in select distinct r from unnest(restaurants) r loop
    perform set_config('app.restaurant_id', restaurant::text, true);
    update webhook_deliveries d set leased_until = now() + interval '10 seconds'
    where d.restaurant_id = restaurant and d.id = any (deliveries) and d.worker_id = worker and d.leased_until > now();
    get diagnostics renewed = row_count;
    total := total + renewed;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
  return total;
end $$;
revoke all on function renew_webhooks(uuid, uuid[], uuid[]) from public;
grant execute on function renew_webhooks(uuid, uuid[], uuid[]) to servio_app;

-- Ends the sending of an endpoint: what waits is given up, and can be recovered.
create function stop_webhook_endpoint(restaurant uuid, endpoint uuid) returns void
language sql as $$
  with stopped as (
    update webhook_deliveries d set status = 'given_up', due_at = null, finished_at = now()
    where d.restaurant_id = restaurant and d.endpoint_id = endpoint and d.status = 'waiting'
    returning d.created_at
  )
  update webhook_queues q
  set look_at = null, missed_since = least(q.failing_since, (select min(t.created_at) from stopped t), now())
  where q.restaurant_id = restaurant and q.endpoint_id = endpoint;
$$;
revoke all on function stop_webhook_endpoint(uuid, uuid) from public;
grant execute on function stop_webhook_endpoint(uuid, uuid) to servio_app;

-- Makes the first waiting delivery of each subject due and lets the later ones wait for it; all are
-- due without an order. For changes from outside; sending keeps the order by itself.
create function settle_webhook_order(restaurant uuid, endpoint uuid) returns void
language sql as $$
  with waiting as (
    select d.id, d.due_at, d.leased_until, not w.ordered
      or row_number() over (partition by d.subject_id order by d.position) = 1 as is_due
    from webhook_deliveries d
    join webhook_endpoints w on w.restaurant_id = d.restaurant_id and w.id = d.endpoint_id
    where d.restaurant_id = restaurant and d.endpoint_id = endpoint and d.status = 'waiting'
  )
  update webhook_deliveries d set due_at = case when t.is_due then now() end
  from waiting t
  where d.restaurant_id = restaurant and d.id = t.id and (t.due_at is not null) <> t.is_due
    and (t.is_due or t.leased_until is null or t.leased_until <= now());
  update webhook_queues q set look_at = now(), paused_until = null
  where q.restaurant_id = restaurant and q.endpoint_id = endpoint;
$$;
revoke all on function settle_webhook_order(uuid, uuid) from public;
grant execute on function settle_webhook_order(uuid, uuid) to servio_app;

-- Writes down an attempt and decides what follows from it.
--   again_ms  time until the next attempt, null when this was the last one
--   pause_ms  how long the whole endpoint rests
--   is_gone   the receiver wants no more
--   event_id, audit_id  for the fact that the endpoint was disabled
-- Returns whether the attempt counted: no, when another worker has taken the delivery over. And the
-- reason for which the endpoint was disabled by it, if it was.
create function finish_webhook_attempt(
  restaurant uuid, delivery uuid, worker uuid, is_delivered boolean, answer_status smallint, took_ms integer, why text,
  answer_text text, again_ms bigint, pause_ms bigint, is_gone boolean, event_id uuid, audit_id uuid,
  out is_counted boolean, out disabled_for text)
language plpgsql as $$
declare
  done webhook_deliveries;
  queue webhook_queues;
  disabled jsonb;
begin
  is_counted := false;
  -- The locks of the endpoint wait for no disk. An outcome that a crash loses is sent once more.
  perform set_config('synchronous_commit', 'off', true);
  select q.* into queue from webhook_deliveries d
  join webhook_queues q on q.restaurant_id = d.restaurant_id and q.endpoint_id = d.endpoint_id
  where d.restaurant_id = restaurant and d.id = delivery
  for no key update of q;
  update webhook_deliveries d set
    status = case when is_delivered then 'delivered' when d.status = 'given_up' or again_ms is null then 'given_up' else 'waiting' end,
    due_at = case when not is_delivered and d.status = 'waiting' then now() + again_ms * interval '1 millisecond' end,
    attempts = d.attempts + 1,
    attempts_total = d.attempts_total + 1,
    worker_id = null,
    leased_until = null,
    finished_at = case when is_delivered or again_ms is null then now() else d.finished_at end
  where d.restaurant_id = restaurant and d.id = delivery and d.worker_id = worker
  returning d.* into done;
  if not found then
    return;
  end if;
  is_counted := true;
  insert into webhook_attempts (restaurant_id, delivery_id, number, status, fault, answer, duration_ms, at)
  values (restaurant, delivery, done.attempts_total, answer_status, why, answer_text, took_ms, now());
  delete from webhook_attempts a
  where a.restaurant_id = restaurant and a.delivery_id = delivery and a.number <= done.attempts_total - 30;
  if done.status <> 'waiting' then
    update webhook_deliveries d set due_at = now()
    where d.restaurant_id = restaurant and d.due_at is null and d.id = (
      select n.id from webhook_deliveries n
      where n.restaurant_id = restaurant and n.endpoint_id = done.endpoint_id and n.subject_id = done.subject_id
        and n.status = 'waiting'
      order by n.position
      limit 1);
  end if;
  update webhook_queues q set
    look_at = least(q.look_at, now()),
    failures = case when is_delivered then 0 else q.failures + 1 end,
    failing_since = case when not is_delivered then coalesce(q.failing_since, now()) end,
    paused_until = case when not is_delivered and pause_ms > 0
      then greatest(q.paused_until, now() + pause_ms * interval '1 millisecond') end
  where q.restaurant_id = restaurant and q.endpoint_id = done.endpoint_id;
  if is_gone then
    disabled_for := 'gone';
  elsif not is_delivered and queue.failing_since <= now() - interval '5 days' then
    disabled_for := 'failures';
  end if;
  if disabled_for is null then
    return;
  end if;
  update webhook_endpoints w set
    state = 'disabled', disabled_reason = disabled_for, disabled_at = now(), updated_at = now(), version = w.version + 1
  where w.restaurant_id = restaurant and w.id = done.endpoint_id and w.state = 'enabled' and w.deleted_at is null
  returning jsonb_build_object('id', w.id, 'url', w.url, 'state', w.state, 'disabledReason', w.disabled_reason) into disabled;
  if not found then
    disabled_for := null;
    return;
  end if;
  perform set_config('synchronous_commit', 'on', true);
  perform stop_webhook_endpoint(restaurant, done.endpoint_id);
  insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
  values (restaurant, event_id, 'webhook_endpoint.disabled', 'webhook_endpoint', done.endpoint_id, disabled, now());
  insert into audit_log (restaurant_id, id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at)
  values (restaurant, audit_id, 'system', 'webhooks', 'webhook_endpoint.disabled', 'webhook_endpoint', done.endpoint_id,
    '{"state": {"from": "enabled", "to": "disabled"}}', 'webhooks', now());
end $$;
revoke all on function finish_webhook_attempt(uuid, uuid, uuid, boolean, smallint, integer, text, text, bigint, bigint, boolean, uuid, uuid)
  from public;
grant execute on function finish_webhook_attempt(uuid, uuid, uuid, boolean, smallint, integer, text, text, bigint, bigint, boolean, uuid, uuid)
  to servio_app;
