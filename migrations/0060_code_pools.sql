-- Older code may run: it does not know these tables.
-- Code pools. Codes are made ahead and stored in sealed batches under ordinals of their pool. An
-- instance leases a range of ordinals: no row of a code is locked, updated or scanned for that. A
-- claim is an inserted row.

create table code_pools (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('pickup', 'voucher', 'table', 'imported')),
  alphabet text not null,
  -- Letters before the check character.
  length integer not null check (length between 1 and 32),
  -- Codes that a refill makes available.
  target integer not null check (target >= 0),
  -- A refill starts below it.
  low_water integer not null check (low_water >= 0),
  -- Codes in one stored batch and in one lease.
  batch integer not null check (batch between 1 and 10000),
  when_empty text not null check (when_empty in ('refuse', 'generate')),
  -- Minor units that each code is worth; null: given with the claim, or nothing.
  value bigint check (value > 0),
  tax_kind text check (tax_kind in ('single_purpose', 'multi_purpose')),
  expires_after_days integer check (expires_after_days > 0),
  uses_per_code integer check (uses_per_code > 0),
  -- Table tokens: time between two uses of one token.
  cool_down_seconds integer check (cool_down_seconds >= 0),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('code_pools', 'select, insert, update');
create unique index code_pools_name_key on code_pools (restaurant_id, lower(name)) where deleted_at is null;

-- One row per pool. available = generated - next_n + returned;
-- leased = next_n - returned - claimed - abandoned.
create table code_pool_counters (
  restaurant_id uuid not null,
  pool_id uuid not null,
  -- Ordinals 1 to generated exist.
  generated bigint not null default 0,
  -- A refill works until `generated` reaches it.
  goal bigint not null default 0,
  -- Ordinals up to next_n were leased.
  next_n bigint not null default 0,
  last_leased integer not null default 0,
  returned bigint not null default 0,
  claimed bigint not null default 0,
  redeemed bigint not null default 0,
  -- Lost with a dead instance; only codes without value are.
  abandoned bigint not null default 0,
  -- Leased codes per 1,000 seconds, measured since window_at, when next_n was window_n.
  pace bigint not null default 0,
  window_n bigint not null default 0,
  window_at timestamptz(3) not null,
  primary key (restaurant_id, pool_id),
  foreign key (restaurant_id, pool_id) references code_pools (restaurant_id, id),
  constraint code_pool_counters_check check (
    next_n <= generated and returned >= 0 and claimed >= 0 and abandoned >= 0 and redeemed >= 0
    and next_n >= returned + claimed + abandoned)
) with (fillfactor = 50);
select protect_tenant_table('code_pool_counters', 'select, insert, update');

-- Codes with the ordinals first_n to last_n, encrypted under the server's key. Deleted when all of
-- them are claimed.
create table code_batches (
  restaurant_id uuid not null,
  pool_id uuid not null,
  first_n bigint not null,
  last_n bigint not null,
  sealed bytea not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, pool_id, first_n),
  foreign key (restaurant_id, pool_id) references code_pools (restaurant_id, id),
  constraint code_batches_range_check check (last_n >= first_n and first_n > 0)
);
-- Encrypted bytes cannot be compressed.
alter table code_batches alter column sealed set storage external;
select protect_tenant_table('code_batches', 'select, insert, delete');

-- Imported codes, so that none is imported twice. Keyed digests.
create table code_imports (
  restaurant_id uuid not null,
  hash text not null,
  pool_id uuid not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, hash),
  foreign key (restaurant_id, pool_id) references code_pools (restaurant_id, id)
);
select protect_tenant_table('code_imports', 'select, insert');

-- A range of ordinals that one instance hands out. Without an owner it was given back.
create table code_leases (
  restaurant_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  first_n bigint not null,
  last_n bigint not null,
  owner uuid,
  -- Raised with each new owner: claims of an older owner are refused.
  epoch integer not null default 1,
  claimed integer not null default 0,
  beats_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, pool_id) references code_pools (restaurant_id, id),
  constraint code_leases_range_check check (claimed between 0 and last_n - first_n + 1)
) with (fillfactor = 50);
select protect_tenant_table('code_leases', 'select, insert, update, delete');
create index code_leases_pool_idx on code_leases (restaurant_id, pool_id, first_n);

-- Codes that were handed out. Codes without value have a row only when they were claimed with an
-- Idempotency-Key.
create table codes (
  restaurant_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  n bigint not null,
  -- Keyed digest of the code. The code itself was shown once.
  hash text not null,
  -- The last characters, so that people can tell codes apart.
  hint text not null,
  status text not null default 'active' check (status in ('active', 'void', 'released', 'transferred')),
  value bigint not null default 0 check (value >= 0),
  balance bigint not null default 0,
  uses_left integer,
  tax_kind text check (tax_kind in ('single_purpose', 'multi_purpose')),
  expires_at timestamptz(3),
  holder text,
  -- Set on a code that replaces another one, and on the one that it replaces.
  from_code_id uuid,
  to_code_id uuid,
  -- The code of an imported pool, encrypted, so that it can return to its pool.
  sealed bytea,
  business_date date not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, pool_id) references code_pools (restaurant_id, id),
  constraint codes_n_key unique (restaurant_id, pool_id, n),
  constraint codes_hash_key unique (restaurant_id, hash),
  constraint codes_balance_check check (balance between 0 and value),
  constraint codes_uses_check check (uses_left >= 0)
);
select protect_tenant_table('codes', 'select, insert, update, delete');
create index codes_pool_idx on codes (restaurant_id, pool_id, id);
create index codes_issued_idx on codes (restaurant_id, business_date) where value > 0;
create index codes_expiry_idx on codes (restaurant_id, expires_at) where balance > 0 and status = 'active';

-- Every movement of a balance and every use. Append-only.
create table code_movements (
  restaurant_id uuid not null,
  id uuid not null,
  code_id uuid not null,
  kind text not null check (kind in ('redeem', 'refund', 'void', 'expire', 'release', 'transfer')),
  amount bigint not null check (amount >= 0),
  balance_after bigint not null check (balance_after >= 0),
  tax_kind text,
  order_id uuid,
  payment_id uuid,
  refund_id uuid,
  reason text,
  business_date date not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, code_id) references codes (restaurant_id, id)
);
select protect_tenant_table('code_movements', 'select, insert');
create index code_movements_code_idx on code_movements (restaurant_id, code_id, id);
create index code_movements_payment_idx on code_movements (restaurant_id, payment_id) where payment_id is not null;
create index code_movements_date_idx on code_movements (restaurant_id, business_date);
create trigger code_movements_append_only before update or delete or truncate on code_movements
  for each statement execute function refuse_change();

-- Signed tokens of tables. A new version revokes the tokens of older ones.
create table code_table_tokens (
  restaurant_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  table_name text not null,
  -- The public part of the token; without its signature it opens nothing.
  token_id text not null,
  token_version integer not null default 1 check (token_version between 1 and 1023),
  is_revoked boolean not null default false,
  uses bigint not null default 0,
  last_used_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, pool_id) references code_pools (restaurant_id, id),
  constraint code_table_tokens_name_key unique (restaurant_id, pool_id, table_name),
  constraint code_table_tokens_token_key unique (restaurant_id, token_id)
);
select protect_tenant_table('code_table_tokens', 'select, insert, update');

-- Batches of valued codes that were exported. The codes stay readable for minutes, so that a broken
-- download can be repeated.
create table code_exports (
  restaurant_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  count integer not null check (count > 0),
  sealed bytea,
  readable_until timestamptz(3) not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, pool_id) references code_pools (restaurant_id, id)
);
select protect_tenant_table('code_exports', 'select, insert, update, delete');
create index code_exports_age_idx on code_exports (restaurant_id, created_at);

-- Work that pools of up to `most_restaurants` restaurants after the id `behind` need: pools to
-- refill, and (with no pool) restaurants whose codes have expired or are to be forgotten. The last
-- row names the last restaurant that was looked at. Runs with its owner's rights, because the
-- application sees one restaurant at a time; it tells ids and nothing else.
create function code_pools_to_tend(as_of timestamptz, behind uuid, most_restaurants integer)
returns table (seen_restaurant_id uuid, seen_pool_id uuid, task text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  restaurant uuid;
begin
  for restaurant in
    select id from restaurants where id > coalesce(behind, nobody) order by id limit most_restaurants
  loop
    perform set_config('app.restaurant_id', restaurant::text, true);
    seen_restaurant_id := restaurant;
    task := 'refill';
    for seen_pool_id in
      select c.pool_id
      from code_pool_counters c join code_pools p on p.restaurant_id = c.restaurant_id and p.id = c.pool_id
      where c.restaurant_id = restaurant and p.deleted_at is null and p.kind in ('pickup', 'voucher')
        and (c.goal > c.generated or c.generated - c.next_n + c.returned < p.low_water)
    loop
      return next;
    end loop;
    seen_pool_id := null;
    task := 'expire';
    if exists (
      select from codes
      where restaurant_id = restaurant and balance > 0 and status = 'active' and expires_at <= as_of
    ) then
      return next;
    end if;
    task := 'forget';
    if exists (select from code_exports where restaurant_id = restaurant and created_at < as_of - interval '1 hour') then
      return next;
    end if;
    task := 'seen';
  end loop;
  if task = 'seen' then
    return next;
  end if;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
end $$;
revoke all on function code_pools_to_tend(timestamptz, uuid, integer) from public;
grant execute on function code_pools_to_tend(timestamptz, uuid, integer) to servio_app;
