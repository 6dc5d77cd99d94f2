-- Older code may run: it knows no corrections, and the constraint that changes is a looser one.
-- Credit notes and write-offs lower the sale of an order on the day on which they are made. No
-- money moves with them.

create table sale_corrections (
  restaurant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  -- reinstated: takes back what credit notes took, because one was voided, or the invoice was made
  -- again. Its amounts are negative.
  kind text not null check (kind in ('credit_note', 'write_off', 'reinstated')),
  -- The credit note, or the document that replaces the credited one. Null for a write-off.
  document_id uuid,
  amount bigint not null,
  -- Parts and taxes, as in refunds.
  parts jsonb not null,
  reason text not null,
  business_date date not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, order_id) references orders (restaurant_id, id),
  foreign key (restaurant_id, document_id) references documents (restaurant_id, id),
  constraint sale_corrections_amount_check check (case when kind = 'reinstated' then amount < 0 else amount > 0 end)
);
select protect_tenant_table('sale_corrections', 'select, insert');
create index sale_corrections_order_idx on sale_corrections (restaurant_id, order_id);
create index sale_corrections_business_date_idx on sale_corrections (restaurant_id, business_date);
create index sale_corrections_document_idx on sale_corrections (restaurant_id, document_id) where document_id is not null;
comment on index sale_corrections_document_idx is
  'why: the foreign key looks for corrections when a demo''s documents are removed';
create trigger sale_corrections_append_only before update or delete or truncate on sale_corrections
  for each statement execute function refuse_change();
create constraint trigger sale_corrections_made_on_open_day after insert on sale_corrections
  deferrable initially deferred
  for each row execute function refuse_closed_business_day();

-- The part that was taken off a sale is no longer money given back alone.
alter table orders drop constraint orders_refund_check;
alter table orders add constraint orders_refund_check check (refunded_total between 0 and paid_total and refunded_sale_total >= 0);

-- Money owed to guests: few orders, listed by themselves.
create index orders_unsettled_idx on orders (restaurant_id, id)
  where status = 'completed' and greatest(0, total - refunded_sale_total) < paid_total - refunded_total and deleted_at is null;

-- A correction is no edit: it lowers the sale on its own day, and leaves the figures of the order's
-- day alone.
drop trigger orders_changed_on_open_day on orders;
create constraint trigger orders_changed_on_open_day
  after update of status, subtotal, discount_total, service_charge_total, tax_total, tax_included_total, tip_total, total, taxes,
    settled_refund, business_date, deleted_at on orders
  deferrable initially deferred
  for each row when (
    (old.subtotal, old.discount_total, old.service_charge_total, old.tax_total, old.tax_included_total, old.tip_total, old.total, old.taxes,
      old.settled_refund, old.business_date, old.deleted_at, old.status = 'cancelled')
    is distinct from
    (new.subtotal, new.discount_total, new.service_charge_total, new.tax_total, new.tax_included_total, new.tip_total, new.total, new.taxes,
      new.settled_refund, new.business_date, new.deleted_at, new.status = 'cancelled')
    or (old.status = 'completed' and new.status <> 'completed')
    or (old.paid_total = new.paid_total and old.refunded_total = new.refunded_total
      and old.refunded_sale_total = new.refunded_sale_total and old.status = new.status)
  )
  execute function refuse_closed_business_day();
