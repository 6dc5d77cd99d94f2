-- Single-purpose vouchers are sold with orders and taxed at once. When one pays, it says which sale
-- and which taxes it brings along, so that nothing is sold or taxed twice.
-- No older program may run: it would redeem such a voucher without them.

alter table order_lines drop constraint order_lines_kind_check;
alter table order_lines add constraint order_lines_kind_check
  check (kind in ('item', 'deposit', 'set', 'part', 'modifier', 'voucher', 'taxed_voucher'));

alter table codes
  -- The rest of the sale of a single-purpose voucher: kind, amount, charges (net and taxes) and
  -- the item that sold it. Null: multi-purpose, sold outside of orders, or nothing is left.
  add column prepaid jsonb,
  add constraint codes_prepaid_check check (prepaid is null or (prepaid ->> 'amount')::bigint = balance);

-- Sums of days that were made before have another version, and are made again.
alter table day_sales add column vouchers_redeemed numeric not null default 0;
