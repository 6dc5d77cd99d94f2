-- Restaurants, people, credentials, and what every write leaves behind: idempotency keys, events, audit log.
-- Keys are (restaurant_id, id), so that tables can later be distributed by restaurant.

grant usage on schema public to servio_app;

-- Row-level security for one tenant table: the application sees and writes rows of its own restaurant only, and the
-- owner is held to it as well. `grants` is what the application may do; append-only tables leave out update and delete.
create function protect_tenant_table(target regclass, grants text) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  -- The subselect is evaluated once a query instead of once a row; after a commit the setting is '' and not null.
  execute format(
    'create policy tenant_isolation on %s using (restaurant_id = (select nullif(current_setting(''app.restaurant_id'', true), '''')::uuid))',
    target);
  execute format('grant %s on %s to servio_app', grants, target);
end $$;

create function refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create table users (
  id uuid primary key,
  email text not null,
  name text not null,
  password_hash text,
  created_at timestamptz(3) not null
);
create unique index users_email_key on users (lower(email));
grant select, insert, update on users to servio_app;

create table restaurants (
  id uuid primary key,
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  timezone text not null,
  business_day_cutoff_hour smallint not null check (business_day_cutoff_hour between 0 and 23),
  opening_hours jsonb not null default '[]',
  service_charge jsonb,
  address text,
  receipt_footer text,
  -- What the plan multiplies rate limits by.
  limit_factor integer not null default 1 check (limit_factor between 1 and 1000),
  version integer not null default 1,
  -- Raised by every change of the menu but the count of portions: a cached menu of this version is the menu.
  menu_version bigint not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
alter table restaurants enable row level security;
alter table restaurants force row level security;
create policy tenant_isolation on restaurants using (id = (select nullif(current_setting('app.restaurant_id', true), '')::uuid));
grant select, insert, update on restaurants to servio_app;

create table members (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  user_id uuid not null references users (id),
  role text not null check (role in ('owner', 'manager', 'staff', 'kitchen')),
  status text not null check (status in ('invited', 'active', 'removed')),
  -- What the inviter calls the person, shown until he has joined under his own name.
  invited_name text,
  invitation_hash text,
  invitation_expires_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  constraint members_user_key unique (restaurant_id, user_id)
);
select protect_tenant_table('members', 'select, insert, update');
-- A login must find the restaurants of one person before it has a tenant.
create policy own_memberships on members for select
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create index members_user_idx on members (user_id);

-- A session is one login; its refresh tokens are a chain in which each may be used once.
create table sessions (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  user_id uuid not null references users (id),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_reason text,
  primary key (restaurant_id, id)
);
select protect_tenant_table('sessions', 'select, insert, update');
create index sessions_user_idx on sessions (restaurant_id, user_id) where revoked_at is null;

create table refresh_tokens (
  restaurant_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  token_hash text not null,
  created_at timestamptz(3) not null,
  used_at timestamptz(3),
  primary key (restaurant_id, id),
  constraint refresh_tokens_hash_key unique (restaurant_id, token_hash),
  foreign key (restaurant_id, session_id) references sessions (restaurant_id, id)
);
select protect_tenant_table('refresh_tokens', 'select, insert, update');

create table api_keys (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('integration', 'till', 'kitchen_screen')),
  key_hash text not null,
  hint text not null,
  scopes text[] not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  primary key (restaurant_id, id),
  constraint api_keys_hash_key unique (restaurant_id, key_hash)
);
select protect_tenant_table('api_keys', 'select, insert, update');

-- No reference to restaurants: registration answers before its restaurant exists, under the nil tenant.
create table idempotency_keys (
  restaurant_id uuid not null,
  caller text not null,
  route text not null,
  key text not null,
  request_hash text not null,
  status smallint not null,
  body bytea not null,
  created_at timestamptz(3) not null,
  constraint idempotency_keys_pkey primary key (restaurant_id, caller, route, key)
);
-- Update is needed by the sweep's row locks only; no statement changes an answer.
select protect_tenant_table('idempotency_keys', 'select, insert, update, delete');
create index idempotency_keys_age_idx on idempotency_keys (restaurant_id, created_at);

create table events (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  type text not null,
  subject text not null,
  subject_id uuid not null,
  data jsonb not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id)
);
select protect_tenant_table('events', 'select, insert');

create table audit_log (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  actor_kind text not null,
  actor_id text not null,
  action text not null,
  subject text not null,
  subject_id uuid not null,
  changes jsonb not null,
  request_id text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id)
);
select protect_tenant_table('audit_log', 'select, insert');
create index audit_log_subject_idx on audit_log (restaurant_id, subject_id, id);
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();

-- One row per series and period; raised in the transaction of the thing it numbers, as its last lock.
create table number_counters (
  restaurant_id uuid not null references restaurants (id),
  series text not null,
  period text not null,
  last_number integer not null check (last_number > 0),
  primary key (restaurant_id, series, period)
);
select protect_tenant_table('number_counters', 'select, insert, update');
