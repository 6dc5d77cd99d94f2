-- Older code may run: it does not name the new index.
--
-- Orders by their last change. A screen asks every few seconds for those that changed since its last
-- question; without the index each question reads ten thousand orders.
create index orders_updated_idx on orders (restaurant_id, updated_at, id) where deleted_at is null;
