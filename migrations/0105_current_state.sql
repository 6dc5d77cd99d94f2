-- Older code may run: it does not call the new function.

-- Ends the transaction of an order that was decided in memory, from settings, a menu or recipes
-- that have changed since, or under an Idempotency-Key that is no longer new. The order is then
-- decided again inside its transaction. An error, because everything is sent at once: the
-- statements that follow must not run.
create function refuse_old_state() returns boolean
language plpgsql as $$
begin
  raise exception 'decided from a state that is no longer current'
    using errcode = 'check_violation', constraint = 'state_is_current';
end $$;
