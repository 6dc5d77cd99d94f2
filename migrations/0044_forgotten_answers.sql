-- Old stored answers of every restaurant are deleted, even if the restaurant writes no more.

-- Deletes old answers of up to `most_restaurants` restaurants after the id `behind`, in id order.
-- Returns the last of these restaurants, or no row if there are none. The nil id comes first: it
-- has the answers of registrations and logins, which belong to no restaurant.
--
-- Runs with its owner's rights, because the application sees only one restaurant at a time. It
-- never deletes answers younger than 48 hours by the database's clock, whatever the arguments.
-- Answers locked by a running write are left for the next call.
create function forget_answers(older_than timestamptz, behind uuid, most_restaurants integer)
returns table (last_restaurant_id uuid, forgotten integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  cutoff constant timestamptz := least(older_than, now() - interval '48 hours');
  restaurant uuid;
  deleted integer;
begin
  forgotten := 0;
  for restaurant in
    select nobody where behind is null
    union all
    (select id from restaurants where id > coalesce(behind, nobody) order by id limit most_restaurants)
  loop
    perform set_config('app.restaurant_id', restaurant::text, true);
    delete from idempotency_keys k
    where k.restaurant_id = restaurant and (k.caller, k.route, k.key) in (
      select o.caller, o.route, o.key from idempotency_keys o
      where o.restaurant_id = restaurant and o.created_at < cutoff
      for update skip locked);
    get diagnostics deleted = row_count;
    forgotten := forgotten + deleted;
    last_restaurant_id := restaurant;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
  if last_restaurant_id is not null then
    return next;
  end if;
end $$;
revoke all on function forget_answers(timestamptz, uuid, integer) from public;
grant execute on function forget_answers(timestamptz, uuid, integer) to servio_app;
