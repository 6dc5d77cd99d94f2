-- An e-mail address is only a claim until its owner proves it. So several accounts, which differ by
-- their passwords, may have the same unproven address, and none of them blocks another one. A
-- proven address belongs to exactly one account.

alter table users
  add column email_proven_at timestamptz(3),
  -- Digest of the one-time token that allows a new password, and its expiry.
  add column reset_hash text,
  add column reset_expires_at timestamptz(3);

drop index users_email_key;
-- All accounts of one address share a salt, so the same password gives the same hash. This index
-- refuses two such accounts.
create unique index users_login_key on users (lower(email), password_hash);
create unique index users_proven_email_key on users (lower(email)) where email_proven_at is not null;
create unique index users_reset_key on users (reset_hash) where reset_hash is not null;

-- An invitation is for an address. It belongs to no account until a person accepts it, and then to
-- that person's account.
alter table members
  alter column user_id drop not null,
  add column invited_email text,
  add constraint members_active_person check (status <> 'active' or user_id is not null),
  add constraint members_address check (user_id is not null or invited_email is not null);
-- The condition on the address keeps this index out of plans that look up an invitation by its
-- token.
create unique index members_invited_email_key on members (restaurant_id, lower(invited_email))
  where status = 'invited' and invited_email is not null;
-- Finds the place of an address, including the place of a withdrawn invitation.
create index members_invited_address_idx on members (restaurant_id, lower(invited_email)) where invited_email is not null;
