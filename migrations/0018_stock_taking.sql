-- Counting what is there. What waste, transfers and preparations do stands in the ledger alone.

create table stock_counts (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  -- The area that is counted; null: everything, wherever it stands.
  location_id uuid,
  is_blind boolean not null,
  status text not null default 'open' check (status in ('open', 'committed', 'cancelled')),
  notes text,
  -- Of all variances at average cost, once committed; minor units of the currency.
  gain bigint check (gain >= 0),
  loss bigint check (loss >= 0),
  created_by text not null,
  created_at timestamptz(3) not null,
  closed_by text,
  closed_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, location_id) references stock_locations (restaurant_id, id),
  constraint stock_counts_closed_check check ((status = 'open') = (closed_at is null)),
  constraint stock_counts_value_check check ((status = 'committed') = (gain is not null and loss is not null))
);
select protect_tenant_table('stock_counts', 'select, insert, update');
create index stock_counts_open_idx on stock_counts (restaurant_id) where status = 'open';
create index stock_counts_location_idx on stock_counts (restaurant_id, location_id);

create table stock_count_lines (
  restaurant_id uuid not null,
  count_id uuid not null,
  inventory_item_id uuid not null,
  -- All null until somebody has counted: what there was, what the books said at that instant, and who.
  counted_quantity numeric(18, 6) check (counted_quantity >= 0),
  expected_quantity numeric(18, 6),
  counted_at timestamptz(3),
  counted_by text,
  -- Average cost at the commit.
  unit_cost numeric(18, 6) check (unit_cost >= 0),
  primary key (restaurant_id, count_id, inventory_item_id),
  foreign key (restaurant_id, count_id) references stock_counts (restaurant_id, id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id),
  constraint stock_count_lines_counted_check check (
    num_nulls(counted_quantity, expected_quantity, counted_at, counted_by) in (0, 4))
);
select protect_tenant_table('stock_count_lines', 'select, insert, update');
create index stock_count_lines_item_idx on stock_count_lines (restaurant_id, inventory_item_id);
