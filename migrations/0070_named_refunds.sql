-- Older code may run: it writes none of the new columns, and their defaults mean what it writes.
-- Refunds name their lines and their own method of payment.

alter table refunds
  -- Null: as the payment.
  add column method text check (method in ('cash', 'card', 'voucher', 'other')),
  add column lines jsonb not null default '[]',
  add column goodwill boolean not null default false;
