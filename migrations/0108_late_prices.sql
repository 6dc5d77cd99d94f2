-- Older code may run: it neither reads nor writes the new column, and leaves documents that have it.

-- Goods that came before their invoice get its price: by item, what stock became worth more or
-- less, and the part of the difference that belonged to goods that were gone. Null: nothing.
-- Undoing a posting needs them, so a program that does not know the column cannot reverse one.
alter table supplier_invoices add column revaluations jsonb;
alter table supplier_invoices add constraint supplier_invoices_revaluations_check
  check (revaluations is null or status = 'posted') not valid;
alter table supplier_invoices validate constraint supplier_invoices_revaluations_check;
