-- Older code may run: it reads and writes the same column.

-- The answer of an order has 2,500 bytes. By default PostgreSQL tries to compress such a row and
-- then moves the answer into two rows of another table. Encrypted bytes cannot be compressed.
-- Storing an answer takes 0.6 of the processor time when the row stays whole (258 against 155 us).
alter table idempotency_keys set (toast_tuple_target = 8160);
alter table idempotency_keys alter column body set storage external;
