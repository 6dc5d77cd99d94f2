-- A series that goes on where another system stopped begins in the middle of its first period.

alter table document_series add column start_number integer not null default 1
  check (start_number between 1 and 1000000000);
-- Where the period began: below it there is no gap.
alter table document_counters add column first_number integer not null default 1
  check (first_number between 1 and last_number);
