-- Older code may run: it keeps no preferences, and triggers delete those of who leaves.

-- Settings of one person or device in a restaurant: saved views, zoom, theme. At most fifty each.
create table preferences (
  restaurant_id uuid not null references restaurants (id),
  -- `user:<id>` or `api_key:<id>`.
  owner text not null,
  key text not null,
  value jsonb not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, owner, key)
);
select protect_tenant_table('preferences', 'select, insert, update, delete');

-- Run with the rights of the caller, so row-level security holds.
create function forget_preferences_of_member() returns trigger
language plpgsql as $$
begin
  delete from preferences where restaurant_id = new.restaurant_id and owner = 'user:' || new.user_id;
  return null;
end $$;
create trigger members_forget_preferences after update of status on members
  for each row when (new.status = 'removed' and new.user_id is not null)
  execute function forget_preferences_of_member();

create function forget_preferences_of_key() returns trigger
language plpgsql as $$
begin
  delete from preferences where restaurant_id = new.restaurant_id and owner = 'api_key:' || new.id;
  return null;
end $$;
create trigger api_keys_forget_preferences after update of revoked_at on api_keys
  for each row when (new.revoked_at is not null)
  execute function forget_preferences_of_key();

-- Nothing happens when a key expires. So its preferences go when the next key is made: there are at
-- most those of twice fifty keys.
create function forget_preferences_of_expired_keys() returns trigger
language plpgsql as $$
begin
  delete from preferences p using api_keys k
  where k.restaurant_id = new.restaurant_id and k.expires_at < new.created_at and k.revoked_at is null
    and p.restaurant_id = k.restaurant_id and p.owner = 'api_key:' || k.id;
  return null;
end $$;
create trigger api_keys_forget_expired after insert on api_keys
  for each row execute function forget_preferences_of_expired_keys();
