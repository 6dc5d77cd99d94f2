-- What the services keep to, kept also against whoever writes past them: a day is closed by its own close, which is never void.

create or replace function keep_issued_documents() returns trigger
language plpgsql as $$
declare
  voiding constant text[] := '{status,void_reason,voided_at,voided_by,version,updated_at}';
begin
  if old.status = 'draft' then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  -- A demo is removed with all that it has; the function stands in 0022_demo_sessions.sql.
  if tg_op = 'DELETE' and is_demo_removal() then
    return old;
  end if;
  if tg_op = 'UPDATE' and old.status = 'issued' and new.status = 'voided' and old.type <> 'day_close'
    and to_jsonb(new) - voiding = to_jsonb(old) - voiding then
    return new;
  end if;
  raise exception 'an issued document is never changed' using errcode = 'restrict_violation';
end $$;

-- At the commit, when the close has its number.
create function assert_day_close() returns trigger
language plpgsql as $$
begin
  if not exists (
    select from documents
    where restaurant_id = new.restaurant_id and id = new.document_id and type = 'day_close' and status = 'issued'
      and details #>> '{dayClose,date}' = new.business_date::text)
  then
    raise exception 'a business day is closed by its own close' using errcode = 'check_violation', constraint = 'business_days_close';
  end if;
  return null;
end $$;
create constraint trigger business_days_have_their_close after insert on business_days
  deferrable initially deferred
  for each row execute function assert_day_close();
