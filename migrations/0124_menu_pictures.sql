-- Older code may run: it does not name the new table and column, and keys of pictures are cleared
-- away by the function.

-- Pictures of dishes. Each is three files in the file store, named by its id: a random one, because
-- everybody who knows it may see the picture. The same bytes are stored once in a restaurant.
create table menu_pictures (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  -- Digest of the file as it was sent.
  sha256 text not null,
  -- When it was sent last.
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  constraint menu_pictures_sha256_key unique (restaurant_id, sha256)
);
select protect_tenant_table('menu_pictures', 'select, insert, update, delete');

alter table menu_items
  add column picture_id uuid,
  add foreign key (restaurant_id, picture_id) references menu_pictures (restaurant_id, id) on delete set null (picture_id);
create index menu_items_picture_idx on menu_items (restaurant_id, picture_id) where picture_id is not null;
comment on index menu_items_picture_idx is
  'why: the foreign key and the trigger look for the dishes of a picture that is removed';

create function keys_of_picture(restaurant uuid, picture uuid) returns setof text
language sql immutable as $$
  select format('menu-pictures/%s/%s/%s', restaurant, picture, size) from unnest(array['small', 'medium', 'large']) size
$$;

-- A picture that no dish has a day after it was sent, or sent again, is removed.
create function keep_files_of_pictures() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into storage.files (file_key, check_at)
  select key, now() + interval '1 day' from keys_of_picture(new.restaurant_id, new.id) key
  on conflict (file_key) do update set check_at = excluded.check_at;
  return null;
end $$;
create trigger menu_pictures_keep_files after insert or update of created_at on menu_pictures
  for each row execute function keep_files_of_pictures();

create function release_files_of_pictures() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into storage.files (file_key, check_at)
  select key, now() from keys_of_picture(old.restaurant_id, old.id) key
  on conflict (file_key) do update set check_at = excluded.check_at;
  return null;
end $$;
create trigger menu_pictures_release_files after delete on menu_pictures
  for each row execute function release_files_of_pictures();

-- The last dish with a picture takes another one, or is deleted. The lock comes first: a dish that
-- takes the picture meanwhile is seen by the statement behind it.
create function remove_unused_picture() returns trigger
language plpgsql as $$
begin
  perform from menu_pictures p where p.restaurant_id = old.restaurant_id and p.id = old.picture_id for update;
  delete from menu_pictures p
  where p.restaurant_id = old.restaurant_id and p.id = old.picture_id and not exists (
    select from menu_items i where i.restaurant_id = p.restaurant_id and i.picture_id = p.id and i.deleted_at is null);
  return null;
end $$;
create trigger menu_items_unused_picture after update of picture_id, deleted_at on menu_items
  for each row
  when (old.picture_id is not null and (new.picture_id is distinct from old.picture_id or new.deleted_at is not null))
  execute function remove_unused_picture();

-- As in 0109, and pictures that no dish has.
create or replace function claim_removable_files(most integer) returns setof text
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
    named := regexp_match(candidate, '^menu-pictures/([0-9a-f-]{36})/([0-9a-f-]{36})/[a-z]+$');
    if named is not null then
      perform set_config('app.restaurant_id', named[1], true);
      perform from menu_pictures where restaurant_id = named[1]::uuid and id = named[2]::uuid for update skip locked;
      if not found and exists (select from menu_pictures where restaurant_id = named[1]::uuid and id = named[2]::uuid) then
        -- A dish is taking it: a later look will tell.
        update storage.files set check_at = now() + interval '1 hour' where file_key = candidate;
      elsif exists (
        select from menu_items
        where restaurant_id = named[1]::uuid and picture_id = named[2]::uuid and deleted_at is null) then
        update storage.files set check_at = null where file_key = candidate;
      else
        delete from menu_pictures where restaurant_id = named[1]::uuid and id = named[2]::uuid;
        update storage.files set check_at = now() + interval '10 minutes' where file_key = candidate;
        return next candidate;
      end if;
      continue;
    end if;
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
