-- Older code may run: new columns may be null, and a password that it sets ends an open change.

-- A change of a person's e-mail address, until the holder of the new one confirms it.
alter table users
  add column new_email text,
  -- Digest of the token that confirms it, and its expiry.
  add column new_email_hash text,
  add column new_email_expires_at timestamptz(3),
  -- The hash of the password with which it was asked for. Another password ends the change.
  add column new_email_asked_with text,
  -- The same password with the salt of the new address.
  add column new_password_hash text,
  add constraint users_new_email_whole check (
    num_nulls(new_email, new_email_hash, new_email_expires_at, new_email_asked_with, new_password_hash) in (0, 5));
create unique index users_new_email_key on users (new_email_hash) where new_email_hash is not null;
