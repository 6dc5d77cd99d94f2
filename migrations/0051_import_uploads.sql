-- Older code may run: it does not look at the new tables.

-- Large files wait here for the job that imports them: its worker may be another process, on
-- another machine. Removed in the transaction that completes the job.
create table import_uploads (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  -- Null until all parts are stored.
  job_id uuid,
  kind text not null,
  file_name text not null,
  mapping jsonb not null,
  dry_run boolean not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id)
);
select protect_tenant_table('import_uploads', 'select, insert, update, delete');

create table import_upload_parts (
  restaurant_id uuid not null,
  upload_id uuid not null,
  ordinal integer not null,
  bytes bytea not null,
  primary key (restaurant_id, upload_id, ordinal),
  constraint import_upload_parts_upload_fkey
    foreign key (restaurant_id, upload_id) references import_uploads (restaurant_id, id) on delete cascade
);
select protect_tenant_table('import_upload_parts', 'select, insert, delete');

-- Deletes uploads that no job will read: incomplete ones from before `older_than`, and those whose
-- job has ended or is gone. A failed job keeps its upload, because it may be retried. Works through
-- up to `most_restaurants` restaurants after the id `behind`, as forget_answers does.
create function forget_uploads(older_than timestamptz, behind uuid, most_restaurants integer)
returns table (last_restaurant_id uuid, forgotten integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  cutoff constant timestamptz := least(older_than, now() - interval '1 hour');
  restaurant uuid;
  deleted integer;
begin
  forgotten := 0;
  for restaurant in
    select id from restaurants where behind is null or id > behind order by id limit most_restaurants
  loop
    perform set_config('app.restaurant_id', restaurant::text, true);
    delete from import_uploads u
    where u.restaurant_id = restaurant and case
      when u.job_id is null then u.created_at < cutoff
      else not exists (
        select from jobs.job j
        where j.name = 'import.run' and j.id = u.job_id and j.state not in ('completed', 'cancelled'))
    end;
    get diagnostics deleted = row_count;
    forgotten := forgotten + deleted;
    last_restaurant_id := restaurant;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
  if last_restaurant_id is not null then
    return next;
  end if;
end $$;
revoke all on function forget_uploads(timestamptz, uuid, integer) from public;
grant execute on function forget_uploads(timestamptz, uuid, integer) to servio_app;
