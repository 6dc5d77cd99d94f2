-- Counts know of what was booked late: after a line was written down, of before it was counted.

-- When the line was written down: what the books knew by then is in `expected_quantity`. Null for lines older than this column.
alter table stock_count_lines add column recorded_at timestamptz(3);

-- Deliveries typed in late and sales taken over later. Sales of every day are booked when they happen and are not in it.
create index stock_movements_late_idx on stock_movements (restaurant_id, inventory_item_id, created_at) where occurred_at < created_at;
