-- Only orders taken over from another till have an id there. All others had an entry in this index, one more write for each of them.
alter table orders drop constraint orders_external_key;
create unique index orders_external_key on orders (restaurant_id, external_source, external_id) where external_id is not null;
