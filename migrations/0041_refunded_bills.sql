-- Goods that were refunded and then left the bill of their order (a line voided after reopening, a
-- cancelled order) were subtracted from the sales twice: by the refund and by the order. An order
-- now stores the bill to which its refunds belong, and the refunded part that it has lost since.

alter table orders
  -- State at the last refund of the sale: total without tips of payments, quantities by line, and
  -- refunded amounts.
  add column refunded_bill jsonb,
  -- Parts and taxes that were refunded and that the order lost later by itself. Reports subtract
  -- them from the refunds of the order's day.
  add column settled_refund jsonb;

-- Orders that were refunded before this migration and have inconsistent figures keep them.
alter table orders add constraint orders_refunded_sale_check
  check (refunded_bill is null or refunded_sale_total between 0 and total);

-- Only a few orders. Reports read them together with the refunds of their days.
create index orders_settled_refund_idx on orders (restaurant_id, business_date)
  where settled_refund is not null and deleted_at is null;

-- Orders refunded so far: their bill is the current one. The update bypasses row-level security,
-- which also binds the owner, and changes no figure of a closed day. Refunds from before taxes were
-- stored have no taxes, here as in the reports.
alter table orders no force row level security;
alter table order_lines no force row level security;
alter table refunds no force row level security;

update orders o
set refunded_bill = jsonb_build_object(
  'total', o.total - (o.tip_total - o.order_tip),
  'quantities', coalesce((
    select jsonb_object_agg(l.id, l.quantity)
    from order_lines l
    where l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is null), '{}'),
  'refunded', jsonb_build_object(
    'parts', (
      select jsonb_build_object(
        'goods', sum((r.parts ->> 'goods')::bigint), 'serviceCharge', sum((r.parts ->> 'serviceCharge')::bigint),
        'tax', sum((r.parts ->> 'tax')::bigint), 'tip', sum((r.parts ->> 'tip')::bigint))
      from refunds r
      where r.restaurant_id = o.restaurant_id and r.order_id = o.id),
    'taxes', coalesce((
      select jsonb_agg(to_jsonb(s))
      from (
        select t."taxId", min(t.name) as name, t.rate, t.inclusive, sum(t.base)::bigint as base, sum(t.amount)::bigint as amount
        from refunds r
        cross join lateral jsonb_to_recordset(coalesce(r.parts -> 'taxes', '[]'))
          as t("taxId" text, name text, rate text, inclusive boolean, base bigint, amount bigint)
        where r.restaurant_id = o.restaurant_id and r.order_id = o.id
        group by t."taxId", t.rate, t.inclusive
      ) s), '[]')),
  'settled', '{"parts": {"goods": 0, "serviceCharge": 0, "tax": 0, "tip": 0}, "taxes": []}'::jsonb)
where o.refunded_sale_total > 0 and o.refunded_sale_total <= o.total;

alter table orders force row level security;
alter table order_lines force row level security;
alter table refunds force row level security;

-- The settled part is one of the figures of the order's day.
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
    or (old.paid_total = new.paid_total and old.refunded_total = new.refunded_total and old.status = new.status)
  )
  execute function refuse_closed_business_day();
