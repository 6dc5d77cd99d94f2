-- Older code may run: the new columns may be null or have a default, and it pairs no devices.

alter table api_keys
  -- Written at most once a minute. Null: not used since this column is there.
  add column last_seen_at timestamptz(3),
  add column version integer not null default 1,
  -- The secret before the last rotation. It works until then, because an answer may get lost.
  add column previous_hash text,
  add column previous_until timestamptz(3);
create unique index api_keys_previous_key on api_keys (restaurant_id, previous_hash)
  where previous_hash is not null;

-- Codes that devices show at this moment. A device belongs to no restaurant yet, so all rows have
-- the nil restaurant, as those of idempotency_keys before a login. No more than some thousand rows:
-- each new one deletes the expired ones first.
create table device_pairings (
  restaurant_id uuid not null,
  -- Digest of the device's secret, which is random.
  device_hash text not null,
  -- Keyed digest of the code that people type in: it is short enough to be guessed.
  code_hash text not null,
  expires_at timestamptz(3) not null,
  -- Set when a member has entered the code.
  home_id uuid,
  name text,
  kind text,
  confirmed_by uuid,
  primary key (restaurant_id, device_hash),
  constraint device_pairings_code_key unique (restaurant_id, code_hash)
);
select protect_tenant_table('device_pairings', 'select, insert, update, delete');
