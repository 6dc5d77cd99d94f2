-- Older code may run: it writes neither the new tables nor the new columns, which may be null.
-- Drawers, the shifts in which they are in use, and cash that moves without a sale.

create table drawers (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('drawers', 'select, insert, update');
create unique index drawers_name_key on drawers (restaurant_id, lower(name)) where deleted_at is null;

create table drawer_shifts (
  restaurant_id uuid not null,
  id uuid not null,
  drawer_id uuid not null,
  status text not null default 'open' check (status in ('open', 'closed')),
  -- The day on which it was opened.
  business_date date not null,
  opening_float bigint not null check (opening_float >= 0),
  opened_by text not null,
  opened_at timestamptz(3) not null,
  notes text,
  -- Its takings, movements and cash as they were at its close.
  figures jsonb,
  closed_by text,
  closed_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, drawer_id) references drawers (restaurant_id, id),
  constraint drawer_shifts_close_check check (
    num_nulls(figures, closed_by, closed_at) = case status when 'open' then 3 else 0 end)
);
select protect_tenant_table('drawer_shifts', 'select, insert, update');
-- A drawer is in one shift at a time.
create unique index drawer_shifts_open_key on drawer_shifts (restaurant_id, drawer_id) where status = 'open';
create index drawer_shifts_drawer_idx on drawer_shifts (restaurant_id, drawer_id, id);
create index drawer_shifts_business_date_idx on drawer_shifts (restaurant_id, business_date);

create function keep_closed_shifts() returns trigger
language plpgsql as $$
begin
  raise exception 'a closed shift is never changed' using errcode = 'restrict_violation';
end $$;
create trigger keep_closed_shifts before update on drawer_shifts
  for each row when (old.status = 'closed')
  execute function keep_closed_shifts();
create constraint trigger drawer_shifts_opened_on_open_day after insert on drawer_shifts
  deferrable initially deferred
  for each row execute function refuse_closed_business_day();

create table drawer_movements (
  restaurant_id uuid not null,
  id uuid not null,
  shift_id uuid not null,
  -- drop: to the safe or the bank.
  kind text not null check (kind in ('pay_in', 'pay_out', 'drop')),
  amount bigint not null check (amount > 0),
  reason text not null,
  business_date date not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, shift_id) references drawer_shifts (restaurant_id, id)
);
select protect_tenant_table('drawer_movements', 'select, insert');
create index drawer_movements_shift_idx on drawer_movements (restaurant_id, shift_id, id);
create index drawer_movements_business_date_idx on drawer_movements (restaurant_id, business_date);
create trigger drawer_movements_append_only before update or delete or truncate on drawer_movements
  for each statement execute function refuse_change();
create constraint trigger drawer_movements_made_on_open_day after insert on drawer_movements
  deferrable initially deferred
  for each row execute function refuse_closed_business_day();

-- The shift in which the money moved.
alter table payments add column shift_id uuid,
  add constraint payments_shift_fkey foreign key (restaurant_id, shift_id) references drawer_shifts (restaurant_id, id);
alter table refunds add column shift_id uuid,
  add constraint refunds_shift_fkey foreign key (restaurant_id, shift_id) references drawer_shifts (restaurant_id, id),
  -- Tip in the amount, also that of a reversed payment. Null: that in its parts.
  add column tip bigint check (tip >= 0);
create index payments_shift_idx on payments (restaurant_id, shift_id) where shift_id is not null;
create index refunds_shift_idx on refunds (restaurant_id, shift_id) where shift_id is not null;

-- As in 0090_assistant.sql, and drawers with their shifts.
create or replace function domains_of_event(type text) returns text[]
language sql immutable as $$
  select case
    when split_part(type, '.', 1) in ('member', 'session', 'account', 'api_key', 'consent', 'message_template', 'message_settings', 'job',
      'webhook_endpoint', 'code', 'code_pool') then '{}'::text[]
    when split_part(type, '.', 1) in ('menu_item', 'category', 'modifier_group', 'tax') then '{menu}'
    -- Orders take stock.
    when split_part(type, '.', 1) = 'order' then '{orders,stock}'
    when split_part(type, '.', 1) in ('payment', 'drawer', 'shift') then '{orders}'
    when split_part(type, '.', 1) in ('stock', 'stock_location', 'stock_count', 'inventory_item', 'recipe') then '{stock}'
    when split_part(type, '.', 1) in ('supplier', 'supplier_item', 'purchase_order', 'supplier_invoice') then '{purchasing}'
    when split_part(type, '.', 1) = 'goods_receipt' then '{purchasing,stock}'
    when split_part(type, '.', 1) in ('document', 'document_series') then '{documents}'
    else '{menu,orders,past,stock,documents,purchasing}'
  end
$$;
