-- Vouchers are sold with orders, on lines of a kind of their own.
-- No older program may run: it would count their sale as revenue.

alter table menu_items
  -- Selling the item hands out vouchers of this pool.
  add column voucher_pool_id uuid,
  add constraint menu_items_voucher_pool_fkey
    foreign key (restaurant_id, voucher_pool_id) references code_pools (restaurant_id, id),
  add constraint menu_items_voucher_check
    check (voucher_pool_id is null or (unit is null and not is_deposit and deposit_item_id is null and parts = '[]'));
create index menu_items_voucher_pool_idx on menu_items (restaurant_id, voucher_pool_id) where voucher_pool_id is not null;
comment on index menu_items_voucher_pool_idx is
  'why: a pool is not deleted while items sell its vouchers, and few items do';

alter table order_lines drop constraint order_lines_kind_check;
alter table order_lines add constraint order_lines_kind_check
  check (kind in ('item', 'deposit', 'set', 'part', 'modifier', 'voucher'));

alter table codes
  -- The line of an order that the voucher, or the one that it replaces, was sold with.
  add column order_line_id uuid;
create index codes_order_line_idx on codes (restaurant_id, order_line_id) where order_line_id is not null;
comment on index codes_order_line_idx is
  'why: changes of an order that sold vouchers read what they are still worth';

-- Sums of days that were made before have another version, and are made again.
alter table day_sales add column vouchers_sold numeric not null default 0;
