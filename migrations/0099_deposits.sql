-- Deposits: payments before the meal. They are taxed on the day on which they come, and their taxes
-- are deducted on the day of the meal. No older program may run: its reports would deduct nothing.

alter table payments
  -- Kind, amount and charges (net and taxes) that the payment prepays. Null: it prepays nothing.
  add column prepaid jsonb;
alter table refunds
  -- The part of its payment's `prepaid` that it gives back before the meal.
  add column prepaid jsonb;
alter table sale_corrections
  -- The deposits that are kept of a cancelled order.
  add column prepaid jsonb;
create index payments_prepaid_idx on payments (restaurant_id, order_id) where prepaid is not null;
comment on index payments_prepaid_idx is
  'why: figures of a day read the deposits of its orders, and few payments are deposits';
create index refunds_prepaid_idx on refunds (restaurant_id, order_id) where prepaid is not null;
comment on index refunds_prepaid_idx is
  'why: figures of a day read the deposits given back of its orders, and few refunds are of deposits';

alter table sale_corrections drop constraint sale_corrections_kind_check;
alter table sale_corrections add constraint sale_corrections_kind_check
  check (kind in ('credit_note', 'write_off', 'reinstated', 'deposit_kept'));
alter table sale_corrections drop constraint sale_corrections_amount_check;
alter table sale_corrections add constraint sale_corrections_amount_check
  check (case when kind in ('reinstated', 'deposit_kept') then amount < 0 else amount > 0 end);

-- A cancelled order sold nothing; a deposit kept of it is a sale all the same.
alter table orders drop constraint orders_refund_check;
alter table orders add constraint orders_refund_check
  check (refunded_total between 0 and paid_total and (refunded_sale_total >= 0 or status = 'cancelled'));
alter table orders drop constraint orders_refunded_sale_check;
alter table orders add constraint orders_refunded_sale_check
  check (refunded_bill is null or status = 'cancelled' or refunded_sale_total between 0 and total);

-- The deposits of an order are among the figures of its day.
create function refuse_deposit_of_closed_day() returns trigger
language plpgsql as $$
declare
  day date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('servio business day ' || new.restaurant_id, 0));
  select b.business_date into day
  from orders o
  join business_days b on b.restaurant_id = new.restaurant_id and b.business_date = o.business_date
  where o.restaurant_id = new.restaurant_id and o.id = new.order_id;
  if found then
    raise exception 'a closed business day takes nothing more'
      using errcode = 'check_violation', constraint = 'business_day_closed', detail = day::text;
  end if;
  return null;
end $$;
create constraint trigger deposits_taken_of_open_day after insert on payments
  deferrable initially deferred
  for each row when (new.prepaid ->> 'kind' = 'deposit')
  execute function refuse_deposit_of_closed_day();
create constraint trigger deposits_returned_of_open_day after insert on refunds
  deferrable initially deferred
  for each row when (new.prepaid ->> 'kind' = 'deposit')
  execute function refuse_deposit_of_closed_day();

alter table document_series drop constraint document_series_type_check;
alter table document_series add constraint document_series_type_check check (type in (
  'quotation', 'boq', 'invoice', 'receipt', 'credit_note', 'deposit', 'purchase_order', 'goods_receipt', 'stock_count', 'day_close'));

-- Of a deposit: its payment. An order may have several deposits, each with a document.
alter table documents
  add column payment_id uuid,
  add foreign key (restaurant_id, payment_id) references payments (restaurant_id, id);
drop index documents_order_key;
create unique index documents_order_key on documents (restaurant_id, order_id, type, replaces_id) nulls not distinct
  where order_id is not null and type <> 'deposit' and status <> 'voided' and deleted_at is null;
create unique index documents_payment_key on documents (restaurant_id, payment_id, replaces_id) nulls not distinct
  where payment_id is not null and status <> 'voided' and deleted_at is null;
