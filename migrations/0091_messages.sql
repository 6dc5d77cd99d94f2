-- Older code may run: it does not use the new tables, and the triggers need nothing from it.

-- One row of a restaurant that sends messages of its own accord.
create table message_settings (
  restaurant_id uuid primary key references restaurants (id),
  -- Whether guests are told that their order is ready.
  order_ready boolean not null default false,
  -- Addresses or numbers that get the digest of low stock, and the close of each day.
  digest_to text[] not null default '{}',
  day_close_to text[] not null default '{}',
  -- Local times, HH:MM; equal: no quiet hours.
  quiet_from text not null default '21:00',
  quiet_to text not null default '08:00',
  -- Calls to the number are answered for this restaurant, and for no other.
  answers_calls boolean not null default false,
  -- Number that a caller is connected to when the machine does not understand.
  transfer_to text,
  -- Set when a carrier filters the texts: nothing is sent until a person looks at it.
  paused_at timestamptz(3),
  pause_code integer,
  version integer not null default 1,
  updated_at timestamptz(3) not null
);
select protect_tenant_table('message_settings', 'select, insert, update');

-- Whether a number may be texted. No row: it may not.
create table consents (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  phone text not null,
  status text not null check (status in ('granted', 'withdrawn')),
  -- Only the guest may grant it again, by START.
  is_final boolean not null default false,
  -- How it was given or withdrawn: `guest`, `staff`, `stop`, `carrier`.
  source text not null,
  language text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, id)
);
select protect_tenant_table('consents', 'select, insert, update, delete');
create unique index consents_phone_key on consents (restaurant_id, phone);

-- A restaurant's own words in place of Servio's.
create table message_templates (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  kind text not null,
  language text not null,
  body text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('message_templates', 'select, insert, update');
create unique index message_templates_kind_key on message_templates (restaurant_id, kind, language) where deleted_at is null;

create table messages (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  kind text not null,
  channel text not null check (channel in ('sms', 'email')),
  recipient text not null,
  language text not null,
  -- Subject and text, encrypted; null once it is not needed any more.
  sealed bytea,
  -- At the end of each text: what finds it in the provider's list.
  reference text not null,
  subject_id uuid,
  -- What it is about; the same cause makes one message for a recipient.
  cause text not null,
  status text not null check (status in
    ('queued', 'sending', 'unknown', 'sent', 'delivered', 'failed', 'suppressed', 'expired')),
  provider_id text,
  error_code integer,
  reason text,
  segments integer,
  attempts integer not null default 0,
  -- When the provider may have got it first.
  handed_at timestamptz(3),
  -- When it is to be looked at again; for one being sent, the end of its lease.
  next_attempt_at timestamptz(3) not null,
  -- After this nobody wants it.
  expires_at timestamptz(3) not null,
  retry_of uuid,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  sent_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('messages', 'select, insert, update, delete');
create unique index messages_cause_key on messages (restaurant_id, kind, cause, recipient);
create index messages_due_idx on messages (restaurant_id, next_attempt_at, id)
  where status in ('queued', 'sending', 'unknown');
comment on index messages_due_idx is
  'why: leads restaurants_with_messages, a function, to the few restaurants that have something due';
create index messages_recipient_idx on messages (restaurant_id, recipient, id)
  where status in ('queued', 'sending', 'unknown');
create index messages_age_idx on messages (restaurant_id, created_at);
comment on index messages_age_idx is 'why: leads forget_talk, a function, to messages of more than 90 days';
-- The worker must learn which restaurants have messages; it then enters each one.
create policy owner_reads on messages for select to current_user using (true);
create policy owner_reads on message_settings for select to current_user using (true);
create policy owner_reads on consents for select to current_user using (true);

-- Texts that came in, so that a repeated webhook has no effect.
create table message_inbox (
  restaurant_id uuid not null references restaurants (id),
  provider_id text not null,
  sender text not null,
  meaning text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, provider_id)
);
select protect_tenant_table('message_inbox', 'select, insert, delete');

-- Facts that a message may follow from: noted by the relay, worked off by the job.
create table message_causes (
  restaurant_id uuid not null references restaurants (id),
  position bigint not null,
  type text not null,
  subject_id uuid not null,
  data jsonb not null,
  primary key (restaurant_id, position)
);
select protect_tenant_table('message_causes', 'select, insert, update, delete');
create policy owner_reads on message_causes for select to current_user using (true);

create function note_message_causes() returns trigger
language plpgsql as $$
begin
  insert into message_causes (restaurant_id, position, type, subject_id, data)
  select e.restaurant_id, e.position, e.type, e.subject_id, e.data
  from relayed e
  join message_settings s on s.restaurant_id = e.restaurant_id
  where (e.type = 'order.status_changed' and e.data ->> 'to' = 'ready' and s.order_ready)
    or (e.type = 'stock.low' and cardinality(s.digest_to) > 0)
    or (e.type = 'business_day.closed' and cardinality(s.day_close_to) > 0)
  on conflict do nothing;
  return null;
end $$;

create trigger note_message_causes after insert on event_feed
  referencing new table as relayed
  for each statement execute function note_message_causes();

-- Restaurants with messages to send or causes to work off, in id order after `behind`.
create function restaurants_with_messages(at timestamptz, behind uuid, most integer) returns table (due_restaurant_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select r.restaurant_id from (
    select m.restaurant_id from messages m
    where m.status in ('queued', 'sending', 'unknown') and m.next_attempt_at <= at and m.restaurant_id > behind
    union
    select c.restaurant_id from message_causes c where c.restaurant_id > behind
  ) r
  order by r.restaurant_id
  limit most
$$;
revoke all on function restaurants_with_messages(timestamptz, uuid, integer) from public;
grant execute on function restaurants_with_messages(timestamptz, uuid, integer) to servio_app;

-- Restaurants that have texted a number, for a STOP to the number that they share.
create function restaurants_of_phone(number text) returns table (found_restaurant_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.restaurant_id from consents c where c.phone = number order by 1 limit 1000
$$;
revoke all on function restaurants_of_phone(text) from public;
grant execute on function restaurants_of_phone(text) to servio_app;

-- The restaurant that answers calls; null when there is none.
create function restaurant_of_calls() returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select s.restaurant_id from message_settings s where s.answers_calls order by s.updated_at limit 1
$$;
revoke all on function restaurant_of_calls() from public;
grant execute on function restaurant_of_calls() to servio_app;

-- State of a telephone call. A repeated webhook gets the answer that was given.
create table voice_calls (
  restaurant_id uuid not null references restaurants (id),
  call_id text not null,
  -- State of the dialogue, encrypted.
  sealed bytea not null,
  step integer not null,
  answer text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, call_id)
);
select protect_tenant_table('voice_calls', 'select, insert, update, delete');

-- Removes what is older than promised, of up to `most` restaurants after `behind`: conversations 30
-- days after their last use, messages and what came in after 90 days, calls after one day. Returns
-- the last of these restaurants, or null.
--
-- Runs with its owner's rights, because the application sees only one restaurant at a time.
create function forget_talk(at timestamptz, behind uuid, most integer) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  -- Never younger than promised by the database's clock, whatever the argument.
  moment constant timestamptz := least(at, now());
  restaurant uuid;
  last uuid;
begin
  for restaurant in select id from restaurants where id > behind order by id limit most loop
    perform set_config('app.restaurant_id', restaurant::text, true);
    delete from assistant_conversations where restaurant_id = restaurant and used_at < moment - interval '30 days';
    delete from assistant_proposals where restaurant_id = restaurant and expires_at < moment - interval '1 day';
    delete from messages where restaurant_id = restaurant and created_at < moment - interval '90 days';
    delete from message_inbox where restaurant_id = restaurant and created_at < moment - interval '90 days';
    delete from voice_calls where restaurant_id = restaurant and created_at < moment - interval '1 day';
    last := restaurant;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
  return last;
end $$;
revoke all on function forget_talk(timestamptz, uuid, integer) from public;
grant execute on function forget_talk(timestamptz, uuid, integer) to servio_app;
