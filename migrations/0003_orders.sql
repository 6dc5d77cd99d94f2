-- Orders with their lines, payments and refunds. Names, prices and taxes are copied when a line is taken: a later
-- change of the menu changes no order.

create table orders (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  number text not null,
  status text not null check (status in ('placed', 'accepted', 'preparing', 'ready', 'completed', 'cancelled')),
  type text not null check (type in ('dine_in', 'takeaway', 'delivery', 'catering')),
  business_date date not null,
  currency text not null,
  table_name text,
  guests integer,
  customer jsonb,
  notes text,
  scheduled_for timestamptz(3),
  discounts jsonb not null default '[]',
  service_charge jsonb,
  taxes jsonb not null default '[]',
  subtotal bigint not null,
  discount_total bigint not null,
  service_charge_total bigint not null,
  tax_total bigint not null,
  tax_included_total bigint not null,
  -- The tip asked for with the order; tips given with payments come on top of it in tip_total.
  order_tip bigint not null,
  tip_total bigint not null,
  total bigint not null,
  paid_total bigint not null default 0,
  refunded_total bigint not null default 0,
  -- The part of refunded_total that returned goods; the rest reversed a payment.
  refunded_sale_total bigint not null default 0,
  cancel_reason text,
  -- Set on orders taken over from another till.
  external_source text,
  external_id text,
  faulty_rows integer not null default 0,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  completed_at timestamptz(3),
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  constraint orders_number_key unique (restaurant_id, number),
  constraint orders_external_key unique (restaurant_id, external_source, external_id),
  constraint orders_total_check check (
    total = subtotal - discount_total + service_charge_total + tax_total - tax_included_total + tip_total),
  constraint orders_refund_check check (refunded_total between 0 and paid_total and refunded_sale_total between 0 and refunded_total)
);
select protect_tenant_table('orders', 'select, insert, update');
create index orders_business_date_idx on orders (restaurant_id, business_date, id) where deleted_at is null;

create table order_lines (
  restaurant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  position integer not null,
  menu_item_id uuid not null,
  variant_id uuid,
  category_id uuid not null,
  category_name text not null,
  name text not null,
  variant_name text,
  quantity integer not null check (quantity > 0),
  unit_price bigint not null check (unit_price >= 0),
  modifiers jsonb not null default '[]',
  discounts jsonb not null default '[]',
  taxes jsonb not null default '[]',
  gross_amount bigint not null,
  discount_amount bigint not null,
  amount bigint not null,
  tax_amount bigint not null,
  notes text,
  course integer,
  seat integer,
  voided_at timestamptz(3),
  void_reason text,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  -- Deferred: lines are written before their order, because the order takes the number, and the number comes last.
  foreign key (restaurant_id, order_id) references orders (restaurant_id, id) deferrable initially deferred,
  foreign key (restaurant_id, menu_item_id) references menu_items (restaurant_id, id),
  constraint order_lines_amount_check check (amount = gross_amount - discount_amount and amount >= 0)
);
select protect_tenant_table('order_lines', 'select, insert, update, delete');
create index order_lines_order_idx on order_lines (restaurant_id, order_id, position);

create table payments (
  restaurant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  method text not null check (method in ('cash', 'card', 'voucher', 'other')),
  amount bigint not null check (amount >= 0),
  tip bigint not null check (tip >= 0),
  tendered bigint not null,
  change bigint not null check (change >= 0),
  refunded bigint not null default 0,
  reference text,
  business_date date not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, order_id) references orders (restaurant_id, id) deferrable initially deferred,
  constraint payments_tender_check check (tendered = amount + tip + change),
  constraint payments_refund_check check (refunded between 0 and amount + tip)
);
select protect_tenant_table('payments', 'select, insert, update');
create index payments_order_idx on payments (restaurant_id, order_id);

create table refunds (
  restaurant_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  order_id uuid not null,
  amount bigint not null check (amount > 0),
  -- What the amount returns: overpayment (or a reversed payment), goods, service charge, tax, tip.
  parts jsonb not null,
  reason text not null,
  business_date date not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, payment_id) references payments (restaurant_id, id),
  foreign key (restaurant_id, order_id) references orders (restaurant_id, id)
);
select protect_tenant_table('refunds', 'select, insert');
create index refunds_order_idx on refunds (restaurant_id, order_id);
create index refunds_business_date_idx on refunds (restaurant_id, business_date);
create trigger refunds_append_only before update or delete or truncate on refunds
  for each statement execute function refuse_change();
