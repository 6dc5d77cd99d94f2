-- Older code may run: it neither reads nor writes the new columns, which may be null.
-- Pick-up codes on orders: the setting of a restaurant, and the code of an order.

-- {"poolId", "orderTypes"}: which orders get a code, and from which pool. Null: none.
alter table restaurants add column pickup_codes jsonb;
alter table orders add column pickup_code text;
