-- What is refused on closed days, also to whoever writes past the services: every column that a figure is made of, lines by themselves,
-- and moving a row out of a closed day as well as into one.

create or replace function refuse_closed_business_day() returns trigger
language plpgsql as $$
declare
  closed_date date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  -- Of an insert, old is null.
  select business_date into closed_date
    from business_days
    where restaurant_id = new.restaurant_id and business_date in (new.business_date, old.business_date);
  if found then
    raise exception 'a closed business day takes nothing more'
      using errcode = 'check_violation', constraint = 'business_day_closed', detail = closed_date::text;
  end if;
  return null;
end $$;

drop trigger orders_changed_on_open_day on orders;
create constraint trigger orders_changed_on_open_day
  after update of status, subtotal, discount_total, service_charge_total, tax_total, tax_included_total, tip_total, total, taxes,
    business_date, deleted_at on orders
  deferrable initially deferred
  for each row when (
    (old.subtotal, old.discount_total, old.service_charge_total, old.tax_total, old.tax_included_total, old.tip_total, old.total, old.taxes,
      old.business_date, old.deleted_at, old.status = 'cancelled')
    is distinct from
    (new.subtotal, new.discount_total, new.service_charge_total, new.tax_total, new.tax_included_total, new.tip_total, new.total, new.taxes,
      new.business_date, new.deleted_at, new.status = 'cancelled')
    or (old.status = 'completed' and new.status <> 'completed')
    or (old.paid_total = new.paid_total and old.refunded_total = new.refunded_total and old.status = new.status)
  )
  execute function refuse_closed_business_day();

-- Lines have no date of their own. New orders store theirs first, so the order is looked for at the commit.
create function refuse_lines_of_closed_day() returns trigger
language plpgsql as $$
declare
  restaurant constant uuid := coalesce(new.restaurant_id, old.restaurant_id);
  closed_date date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || restaurant, 0));
  select b.business_date into closed_date
    from orders o
    join business_days b on b.restaurant_id = o.restaurant_id and b.business_date = o.business_date
    where o.restaurant_id = restaurant and o.id in (new.order_id, old.order_id);
  if found then
    raise exception 'a closed business day takes nothing more'
      using errcode = 'check_violation', constraint = 'business_day_closed', detail = closed_date::text;
  end if;
  return null;
end $$;

create constraint trigger order_lines_added_on_open_day after insert on order_lines
  deferrable initially deferred
  for each row execute function refuse_lines_of_closed_day();
create constraint trigger order_lines_changed_on_open_day after update on order_lines
  deferrable initially deferred
  for each row when (
    (old.order_id, old.quantity, old.unit_price, old.modifiers, old.gross_amount, old.discount_amount, old.amount, old.taxes, old.tax_amount,
      old.voided_at)
    is distinct from
    (new.order_id, new.quantity, new.unit_price, new.modifiers, new.gross_amount, new.discount_amount, new.amount, new.taxes, new.tax_amount,
      new.voided_at)
  )
  execute function refuse_lines_of_closed_day();
-- The condition is looked at with the row, and not at the commit: there nobody is removing a demo any more.
create constraint trigger order_lines_removed_on_open_day after delete on order_lines
  deferrable initially deferred
  for each row when (not is_demo_removal())
  execute function refuse_lines_of_closed_day();
