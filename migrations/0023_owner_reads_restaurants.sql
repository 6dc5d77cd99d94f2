-- Row-level security is forced, so an owner that is no superuser sees no restaurant until it has entered one: and cannot, not
-- knowing any. The command line and the warm-up look for restaurants as the owner. It may read their rows and nothing else of
-- them; the application's role has no part in it.

create policy owner_reads on restaurants for select to current_user using (true);

-- The newest order of every restaurant that has one, for who may read them all; each restaurant is entered for its own orders. Ids
-- are UUIDv7: the last one is the newest.
create function newest_orders() returns table (restaurant_id uuid, order_id uuid)
language plpgsql as $$
begin
  for restaurant_id in select r.id from restaurants r loop
    perform set_config('app.restaurant_id', restaurant_id::text, true);
    select o.id into order_id
      from orders o
      where o.restaurant_id = newest_orders.restaurant_id
      order by o.id desc
      limit 1;
    if found then
      return next;
    end if;
  end loop;
  perform set_config('app.restaurant_id', '', true);
end $$;
revoke execute on function newest_orders() from public;
