-- Stored answers of every restaurant are forgotten in time, also where nobody writes any more.

-- Forgets the answers of up to so many restaurants behind one id, in the order of their ids, and answers the last of them; no row when
-- there is none. The nil id comes first: under it lie the answers of registrations and logins, which belong to no restaurant.
--
-- With its owner's rights, because the application sees one restaurant at a time. What it deletes it decides itself: nothing that
-- is younger than 48 hours by the database's own clock, whatever it is told. What a write under way holds is left to the next time.
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
