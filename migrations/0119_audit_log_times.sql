-- Older code may run: it does not name the new index.
--
-- The audit log of some days. Without the index, a question about last year reads all entries
-- since.
create index audit_log_time_idx on audit_log (restaurant_id, created_at, id);
