-- Older code may run: it needs no index that is gone.

-- Orders of one type, newest first: without it, a list of a type that has few or no orders reads
-- all orders of the restaurant.
create index orders_type_idx on orders (restaurant_id, type, id) where deleted_at is null;

-- Voided lines of the orders of a day. They are few, and lines are written into the index only when
-- they are voided.
create index order_lines_voided_idx on order_lines (restaurant_id, order_id) where voided_at is not null;
