-- Older code may run: it does not use the new tables, and the trigger needs nothing from it.

-- Conversations with the assistant belong to the person or key that began them.
create table assistant_conversations (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  -- `user:<id>` or `api_key:<id>`.
  actor text not null,
  created_at timestamptz(3) not null,
  used_at timestamptz(3) not null,
  primary key (restaurant_id, id)
);
select protect_tenant_table('assistant_conversations', 'select, insert, update, delete');
create index assistant_conversations_actor_idx on assistant_conversations (restaurant_id, actor, used_at, id);

create table assistant_turns (
  restaurant_id uuid not null,
  conversation_id uuid not null,
  position integer not null check (position > 0),
  question text not null,
  answer text not null,
  -- The same without names and numbers of guests: what the model sees again.
  masked_question text not null,
  masked_answer text not null,
  -- What the answer was computed from: tool, arguments, figures, address.
  sources jsonb not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, conversation_id, position),
  foreign key (restaurant_id, conversation_id) references assistant_conversations (restaurant_id, id) on delete cascade
);
select protect_tenant_table('assistant_turns', 'select, insert, update, delete');

-- Tokens used in a day (UTC): a row of each actor, and one of the whole restaurant with the actor
-- ''.
create table assistant_usage (
  restaurant_id uuid not null references restaurants (id),
  day date not null,
  actor text not null,
  tokens bigint not null check (tokens >= 0),
  primary key (restaurant_id, day, actor)
);
select protect_tenant_table('assistant_usage', 'select, insert, update, delete');

-- A write that the assistant proposes. Only the person whom it was proposed to may confirm it, once
-- and within minutes.
create table assistant_proposals (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  actor text not null,
  action text not null,
  arguments jsonb not null,
  diff jsonb not null,
  -- Version of the changed thing; null when nothing existing is changed.
  version integer,
  -- Digest of action, arguments, diff and version.
  hash text not null,
  status text not null check (status in ('open', 'confirmed', 'dismissed')),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  primary key (restaurant_id, id)
);
select protect_tenant_table('assistant_proposals', 'select, insert, update, delete');
create index assistant_proposals_expiry_idx on assistant_proposals (restaurant_id, expires_at);

-- Position of the newest event that changed each kind of data. Cached answers know the versions of
-- what they read. A restaurant gets its row with its first question; others cost nothing.
create table assistant_versions (
  restaurant_id uuid primary key references restaurants (id),
  menu bigint not null default 0,
  -- Orders and payments of the running business day.
  orders bigint not null default 0,
  -- Orders and payments of earlier business days.
  past bigint not null default 0,
  stock bigint not null default 0,
  documents bigint not null default 0,
  purchasing bigint not null default 0
) with (fillfactor = 50);
select protect_tenant_table('assistant_versions', 'select, insert');

-- Kinds of data that an event changes. `past` is added where the event is about an earlier day. An
-- event that nobody thought of here changes everything.
create function domains_of_event(type text) returns text[]
language sql immutable as $$
  select case
    when split_part(type, '.', 1) in ('member', 'session', 'account', 'api_key', 'consent', 'message_template', 'message_settings', 'job',
      'webhook_endpoint', 'code', 'code_pool') then '{}'::text[]
    when split_part(type, '.', 1) in ('menu_item', 'category', 'modifier_group', 'tax') then '{menu}'
    -- Orders take stock.
    when split_part(type, '.', 1) = 'order' then '{orders,stock}'
    when split_part(type, '.', 1) = 'payment' then '{orders}'
    when split_part(type, '.', 1) in ('stock', 'stock_location', 'stock_count', 'inventory_item', 'recipe') then '{stock}'
    when split_part(type, '.', 1) in ('supplier', 'supplier_item', 'purchase_order', 'supplier_invoice') then '{purchasing}'
    when split_part(type, '.', 1) = 'goods_receipt' then '{purchasing,stock}'
    when split_part(type, '.', 1) in ('document', 'document_series') then '{documents}'
    else '{menu,orders,past,stock,documents,purchasing}'
  end
$$;

-- Follows the relay: called once for each batch of events of one restaurant.
create function note_relayed_events() returns trigger
language plpgsql as $$
declare
  restaurant uuid;
  today date;
  raised text[];
  newest bigint;
begin
  select e.restaurant_id, max(e.position) into restaurant, newest from relayed e group by 1 limit 1;
  if not exists (select from assistant_versions v where v.restaurant_id = restaurant) then
    return null;
  end if;
  select array_agg(distinct d.domain) into raised from relayed e, unnest(domains_of_event(e.type)) d(domain);
  if raised is null then
    return null;
  end if;
  if 'orders' = any (raised) and not 'past' = any (raised) then
    select (now() at time zone r.timezone - make_interval(hours => r.business_day_cutoff_hour))::date into today
    from restaurants r where r.id = restaurant;
    if exists (
      select from relayed e
      left join orders o on o.restaurant_id = restaurant and o.id = e.subject_id
      where split_part(e.type, '.', 1) in ('order', 'payment') and coalesce(o.business_date < today, true)
    ) then
      raised := raised || 'past'::text;
    end if;
  end if;
  update assistant_versions v set
    menu = case when 'menu' = any (raised) then newest else v.menu end,
    orders = case when 'orders' = any (raised) then newest else v.orders end,
    past = case when 'past' = any (raised) then newest else v.past end,
    stock = case when 'stock' = any (raised) then newest else v.stock end,
    documents = case when 'documents' = any (raised) then newest else v.documents end,
    purchasing = case when 'purchasing' = any (raised) then newest else v.purchasing end
  where v.restaurant_id = restaurant;
  return null;
end $$;

create trigger note_relayed_events after insert on event_feed
  referencing new table as relayed
  for each statement execute function note_relayed_events();
