-- Older code may run: it does not round, and the defaults of the new columns mean that.
-- Cash is rounded to the smallest coin. The amounts of orders, payments and refunds stay exact; the
-- difference is a column of its own.

-- Smallest amount in cash, in minor units; 0: none. Null: by currency and country.
alter table restaurants add column cash_rounding integer check (cash_rounding between 0 and 1000000);

alter table payments
  -- Cash taken beyond amount and tip; negative: waived.
  add column rounding bigint not null default 0 check (rounding = 0 or method = 'cash'),
  drop constraint payments_tender_check,
  add constraint payments_tender_check check (tendered = amount + tip + rounding + change);

-- Cash handed out beyond the amount; negative: less.
alter table refunds add column rounding bigint not null default 0 check (amount + rounding >= 0);

-- Reports add up the differences: few rows, and none without small amounts of cash.
create index payments_rounding_idx on payments (restaurant_id, business_date) include (rounding) where rounding <> 0;
create index refunds_rounding_idx on refunds (restaurant_id, business_date) include (rounding) where rounding <> 0;

-- The difference is one of the figures of a day.
drop trigger payments_changed_on_open_day on payments;
create constraint trigger payments_changed_on_open_day after update on payments
  deferrable initially deferred
  for each row when (
    (old.method, old.amount, old.tip, old.rounding, old.change, old.business_date)
    is distinct from (new.method, new.amount, new.tip, new.rounding, new.change, new.business_date)
  )
  execute function refuse_closed_business_day();
