-- Purchasing: suppliers with what they sell, purchase orders, and the goods receipts that put what came into stock.
-- Prices are minor units of the currency for one of the unit beside them; quantities are as in 0016.

create table suppliers (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  contact_name text,
  email text,
  phone text,
  address text,
  -- What the supplier calls the restaurant.
  customer_number text,
  notes text,
  lead_time_days integer check (lead_time_days >= 0),
  -- The least that an order must come to, if any.
  minimum_order bigint check (minimum_order >= 0),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('suppliers', 'select, insert, update');
create unique index suppliers_name_key on suppliers (restaurant_id, lower(name)) where deleted_at is null;

-- What a supplier sells: an inventory item in a pack of his.
create table supplier_items (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  supplier_id uuid not null,
  inventory_item_id uuid not null,
  article_number text,
  -- A unit that the item has.
  pack_unit text not null,
  -- He sells whole multiples of so many packs.
  order_multiple integer not null default 1 check (order_multiple > 0),
  -- Of one pack; null until it is known.
  last_price bigint check (last_price >= 0),
  last_price_at timestamptz(3),
  -- Where proposals order the item.
  is_preferred boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, supplier_id) references suppliers (restaurant_id, id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id)
);
select protect_tenant_table('supplier_items', 'select, insert, update');
create unique index supplier_items_pack_key on supplier_items (restaurant_id, supplier_id, inventory_item_id, pack_unit)
  where deleted_at is null;
create unique index supplier_items_preferred_key on supplier_items (restaurant_id, inventory_item_id)
  where is_preferred and deleted_at is null;
create index supplier_items_supplier_idx on supplier_items (restaurant_id, supplier_id, id);
create index supplier_items_item_idx on supplier_items (restaurant_id, inventory_item_id, id);

create table purchase_orders (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  -- Drawn when it is sent: PO-2026-11-0001.
  number text,
  status text not null check (status in ('draft', 'sent', 'partly_received', 'received', 'cancelled')),
  supplier_id uuid not null,
  expected_at timestamptz(3),
  notes text,
  -- The rest will not come any more.
  is_closed_short boolean not null default false,
  -- Why it was cancelled or closed short.
  close_reason text,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  sent_at timestamptz(3),
  closed_at timestamptz(3),
  primary key (restaurant_id, id),
  constraint purchase_orders_number_key unique (restaurant_id, number),
  foreign key (restaurant_id, supplier_id) references suppliers (restaurant_id, id),
  constraint purchase_orders_number_check check ((number is null) = (sent_at is null)),
  constraint purchase_orders_short_check check (not is_closed_short or status = 'received')
);
select protect_tenant_table('purchase_orders', 'select, insert, update');
create index purchase_orders_supplier_idx on purchase_orders (restaurant_id, supplier_id, id);
create index purchase_orders_open_idx on purchase_orders (restaurant_id, status, id) where status in ('draft', 'sent', 'partly_received');

create table purchase_order_lines (
  restaurant_id uuid not null,
  id uuid not null,
  purchase_order_id uuid not null,
  position integer not null,
  inventory_item_id uuid not null,
  article_number text,
  quantity numeric(18, 6) not null check (quantity > 0),
  unit text not null,
  -- Null until it is known: at the latest when the goods come.
  unit_price bigint check (unit_price >= 0),
  received_quantity numeric(18, 6) not null default 0 check (received_quantity >= 0),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, purchase_order_id) references purchase_orders (restaurant_id, id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id)
);
-- Lines of a draft are written anew with each edit.
select protect_tenant_table('purchase_order_lines', 'select, insert, update, delete');
create index purchase_order_lines_order_idx on purchase_order_lines (restaurant_id, purchase_order_id, position);
create index purchase_order_lines_item_idx on purchase_order_lines (restaurant_id, inventory_item_id);

-- What came in at the door, with an order or without. It posts to the ledger once and is taken back at most once.
create table goods_receipts (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  supplier_id uuid not null,
  purchase_order_id uuid,
  -- The delivery note's number.
  reference text,
  received_at timestamptz(3) not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  reversed_at timestamptz(3),
  reversed_by text,
  reverse_reason text,
  primary key (restaurant_id, id),
  foreign key (restaurant_id, supplier_id) references suppliers (restaurant_id, id),
  foreign key (restaurant_id, purchase_order_id) references purchase_orders (restaurant_id, id),
  check ((reversed_at is null) = (reversed_by is null) and (reversed_at is null) = (reverse_reason is null))
);
select protect_tenant_table('goods_receipts', 'select, insert');
grant update (reversed_at, reversed_by, reverse_reason) on goods_receipts to servio_app;
create index goods_receipts_supplier_idx on goods_receipts (restaurant_id, supplier_id, id);
create index goods_receipts_order_idx on goods_receipts (restaurant_id, purchase_order_id, id);

create table goods_receipt_lines (
  restaurant_id uuid not null,
  goods_receipt_id uuid not null,
  position integer not null,
  purchase_order_line_id uuid,
  inventory_item_id uuid not null,
  quantity numeric(18, 6) not null check (quantity > 0),
  unit text not null,
  -- The same in the item's stock unit, as it was posted, and what one of those cost.
  stock_quantity numeric(18, 6) not null check (stock_quantity > 0),
  unit_cost numeric(18, 6) not null check (unit_cost >= 0),
  unit_price bigint not null check (unit_price >= 0),
  -- The order's price, or the supplier's last one where nothing was ordered; null when neither was known.
  expected_unit_price bigint,
  -- How much of it is more than was ordered, in all deliveries together.
  excess_quantity numeric(18, 6) not null default 0 check (excess_quantity between 0 and quantity),
  location_id uuid,
  primary key (restaurant_id, goods_receipt_id, position),
  foreign key (restaurant_id, goods_receipt_id) references goods_receipts (restaurant_id, id),
  foreign key (restaurant_id, purchase_order_line_id) references purchase_order_lines (restaurant_id, id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id),
  foreign key (restaurant_id, location_id) references stock_locations (restaurant_id, id)
);
select protect_tenant_table('goods_receipt_lines', 'select, insert');
create index goods_receipt_lines_order_line_idx on goods_receipt_lines (restaurant_id, purchase_order_line_id);
create index goods_receipt_lines_item_idx on goods_receipt_lines (restaurant_id, inventory_item_id);
