-- Older code may run: it writes events as before and reads none.

-- Events of a database from before the feed. 0046 numbered them in the order of the table, which is
-- not that of time once removed rows have left room; and it kept all of them, though the feed keeps
-- 30 days. Newer events would have waited behind those of years. The audit log has the older ones.

-- Row-level security binds an owner that is no superuser.
alter table events no force row level security;

do $$
begin
  -- Events that a relay has begun to move stay as they are.
  if exists (select from event_cursors) or not exists (select from events) then
    return;
  end if;
  create temporary table events_of_before on commit drop as
    select restaurant_id, id, type, subject, subject_id, data, created_at from events
    where created_at > now() - interval '30 days';
  truncate events;
  -- Draws new numbers. Ids are UUIDv7.
  insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
  select * from events_of_before order by id;
end $$;

alter table events force row level security;
