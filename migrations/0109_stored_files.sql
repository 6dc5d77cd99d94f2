-- Older code may run: triggers note its files, and a new column has no value until a file is gone.

-- Files in the file store, and when to look whether anybody still needs one. It outlives its
-- restaurant, so it is in a schema of its own: nobody but the functions below reads or writes it.
-- A key names the restaurant and the digest: supplier-invoices/<restaurant>/.../<sha256>.
create schema storage;
create table storage.files (
  file_key text primary key,
  -- Null: a document needs it, and a trigger says when none does.
  check_at timestamptz(3)
);
create index files_check_idx on storage.files (check_at) where check_at is not null;

alter table supplier_invoices add column file_removed_at timestamptz(3);

insert into storage.files (file_key, check_at)
select file_key, case when bool_and(status = 'rejected') then now() + interval '30 days' end
from supplier_invoices
group by file_key;

-- Before a file is stored. If no document names it within an hour, its upload has failed.
create function note_stored_files(keys text[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into storage.files (file_key, check_at)
  select key, now() + interval '1 hour' from unnest(keys) key
  on conflict (file_key) do nothing
$$;
revoke all on function note_stored_files(text[]) from public;
grant execute on function note_stored_files(text[]) to servio_app;

create function keep_files_of_documents() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into storage.files (file_key)
  select distinct file_key from kept
  on conflict (file_key) do update set check_at = null;
  return null;
end $$;
create trigger supplier_invoices_keep_files after insert on supplier_invoices
  referencing new table as kept
  for each statement execute function keep_files_of_documents();

create function release_files_of_documents() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into storage.files (file_key, check_at)
  select distinct file_key, now() from gone
  on conflict (file_key) do update set check_at = excluded.check_at;
  return null;
end $$;
create trigger supplier_invoices_release_files after delete on supplier_invoices
  referencing old table as gone
  for each statement execute function release_files_of_documents();

-- A rejected document may be read again for thirty days. A file that was sent again has a new key.
create function follow_file_of_document() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into storage.files (file_key, check_at)
  values (new.file_key, case when new.status = 'rejected' then now() + interval '30 days' end)
  on conflict (file_key) do update set check_at = excluded.check_at;
  return null;
end $$;
create trigger supplier_invoices_follow_file after update of status, file_key on supplier_invoices
  for each row when ((new.status = 'rejected' and old.status <> 'rejected') or new.file_key <> old.file_key)
  execute function follow_file_of_document();

-- Takes up to `most` files that nobody needs, for ten minutes: the caller removes them from the
-- store. Their documents say from now on that the file is gone. A document that is being changed
-- keeps its file until the next look. Runs with its owner's rights, because files outlive their
-- restaurants.
create function claim_removable_files(most integer) returns setof text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  candidate text;
  named text[];
  documents integer;
  locked integer;
  rejected integer;
begin
  for candidate in
    select file_key from storage.files where check_at <= now() order by check_at limit most for update skip locked
  loop
    named := regexp_match(candidate, '^supplier-invoices/([0-9a-f-]{36})/(?:.*/)?([0-9a-f]{64})$');
    if named is null then
      update storage.files set check_at = null where file_key = candidate;
      continue;
    end if;
    perform set_config('app.restaurant_id', named[1], true);
    perform from supplier_invoices
    where restaurant_id = named[1]::uuid and sha256 = named[2] and file_key = candidate
    for update skip locked;
    get diagnostics locked = row_count;
    select count(*), count(*) filter (where status = 'rejected') into documents, rejected
    from supplier_invoices
    where restaurant_id = named[1]::uuid and sha256 = named[2] and file_key = candidate;
    if rejected < documents then
      update storage.files set check_at = null where file_key = candidate;
    elsif locked = documents then
      update supplier_invoices set file_removed_at = now()
      where restaurant_id = named[1]::uuid and sha256 = named[2] and file_key = candidate and file_removed_at is null;
      update storage.files set check_at = now() + interval '10 minutes' where file_key = candidate;
      return next candidate;
    end if;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
end $$;
revoke all on function claim_removable_files(integer) from public;
grant execute on function claim_removable_files(integer) to servio_app;

-- A file that is gone from the store.
create function forget_stored_file(key text) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from storage.files where file_key = key and check_at is not null
$$;
revoke all on function forget_stored_file(text) from public;
grant execute on function forget_stored_file(text) to servio_app;
