-- An e-mail address is what a person says of himself until somebody has proven it. So an address that is not proven may be that of
-- several accounts, told apart by their passwords, and none of them keeps another one from being made. A proven address has one owner.

alter table users
  add column email_proven_at timestamptz(3),
  -- Digest of the one-time token that lets its holder set a new password, and when that ends.
  add column reset_hash text,
  add column reset_expires_at timestamptz(3);

drop index users_email_key;
-- All accounts of one address are hashed under one salt: the same password is the same hash, and two of them are refused here.
create unique index users_login_key on users (lower(email), password_hash);
create unique index users_proven_email_key on users (lower(email)) where email_proven_at is not null;
create unique index users_reset_key on users (reset_hash) where reset_hash is not null;

-- An invitation is for an address. It belongs to no account until somebody accepts it, and then to the account of that one.
alter table members
  alter column user_id drop not null,
  add column invited_email text,
  add constraint members_active_person check (status <> 'active' or user_id is not null),
  add constraint members_address check (user_id is not null or invited_email is not null);
-- The condition on the address keeps statements that look for an invitation by its token from going through this index.
create unique index members_invited_email_key on members (restaurant_id, lower(invited_email))
  where status = 'invited' and invited_email is not null;
-- Finds the place of an address, also of an invitation that was taken back.
create index members_invited_address_idx on members (restaurant_id, lower(invited_email)) where invited_email is not null;
