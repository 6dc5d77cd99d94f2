-- Older code may run: it does not look at the new column, which has a default.

-- A restaurant may forbid that its data are sent to the language model of the server.
alter table restaurants add column is_assistant_on boolean not null default true;
