-- Older code may run: the index has its name, its columns and their order.

-- Orders of some days, sorted by their totals. Without the total, every order of a month is read to
-- find the fifty largest.
create index orders_day_totals_idx on orders (restaurant_id, business_date, id) include (total) where deleted_at is null;
drop index orders_business_date_idx;
alter index orders_day_totals_idx rename to orders_business_date_idx;
