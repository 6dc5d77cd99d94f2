-- Days that are closed: their figures stand in a document, and nothing that would change them is let in any more.

create table business_days (
  restaurant_id uuid not null,
  business_date date not null,
  -- The day close: number, figures and hash are there and nowhere else.
  document_id uuid not null,
  primary key (restaurant_id, business_date),
  constraint business_days_document_key unique (restaurant_id, document_id),
  foreign key (restaurant_id, document_id) references documents (restaurant_id, id)
);
comment on index business_days_document_key is
  'why: a document closes one day, and the foreign key looks for the day when a demo''s documents are removed';
select protect_tenant_table('business_days', 'select, insert');
create trigger business_days_append_only before update or delete or truncate on business_days
  for each statement execute function refuse_change();

-- What was taken on a day, for its report.
create index payments_business_date_idx on payments (restaurant_id, business_date);

-- Runs with the commit. Who closes a day holds this lock alone and until its own commit: so a write is either committed before the
-- figures are read, or waits here and then finds the day closed. A statement of its own takes it, because the look at the closed
-- days must begin after that. An advisory lock, because those who wait for it are served in turn: on the restaurant's row, which
-- every write shares, one who wants it alone may wait for as long as there is trade.
create function refuse_closed_business_day() returns trigger
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  if exists (select from business_days where restaurant_id = new.restaurant_id and business_date = new.business_date) then
    raise exception 'a closed business day takes nothing more'
      using errcode = 'check_violation', constraint = 'business_day_closed', detail = new.business_date::text;
  end if;
  return null;
end $$;

create constraint trigger orders_placed_on_open_day after insert on orders
  deferrable initially deferred
  for each row execute function refuse_closed_business_day();

-- Of an order, what the figures are made of, its completion, and every edit. Lines are written together with their order, and an edit
-- is a save that moves neither money nor status. Let through: payments without a tip, refunds, and the way to completion, whose
-- money is counted on the day on which it moves; and stock, which is not among the figures.
create constraint trigger orders_changed_on_open_day after update of subtotal, business_date, deleted_at on orders
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

create constraint trigger payments_taken_on_open_day after insert on payments
  deferrable initially deferred
  for each row execute function refuse_closed_business_day();
create constraint trigger payments_changed_on_open_day after update on payments
  deferrable initially deferred
  for each row when (
    (old.method, old.amount, old.tip, old.change, old.business_date)
    is distinct from (new.method, new.amount, new.tip, new.change, new.business_date)
  )
  execute function refuse_closed_business_day();

create constraint trigger refunds_made_on_open_day after insert on refunds
  deferrable initially deferred
  for each row execute function refuse_closed_business_day();
