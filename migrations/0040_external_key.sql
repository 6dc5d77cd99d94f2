-- Only imported orders have an id of another till. All other orders also had an entry in this
-- index, which cost one more write each.
alter table orders drop constraint orders_external_key;
create unique index orders_external_key on orders (restaurant_id, external_source, external_id) where external_id is not null;
